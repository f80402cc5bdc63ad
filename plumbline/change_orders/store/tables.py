"""The tables of change orders. Unlike versions of components, their rows are brought up to date; decisions are ended, never changed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table

from plumbline.storage.schema import metadata, number_column, reference_column, text_column, unique_where

change_orders = Table(
    "change_orders",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    number_column("sequence"),
    text_column("type"),
    text_column("name"),
    text_column("description"),
    text_column("status"),
    text_column("resolution"),
    text_column("template_id"),
    text_column("template_name"),
    text_column("template"),
    text_column("contents"),
    number_column("version"),
    text_column("created_by"),
    text_column("created_at"),
    text_column("updated_by"),
    text_column("updated_at"),
    text_column("submitted_at", nullable=True),
    text_column("resolved_at", nullable=True),
    text_column("closed_at", nullable=True),
    number_column("release_change", nullable=True),
    text_column("deleted_at", nullable=True),
    Index("uq_change_orders_library_id_sequence", "library_id", "sequence", unique=True),
    Index("ix_change_orders_library_id_status", "library_id", "status"),
)

items = Table(
    "change_order_items",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("change_order_id", ForeignKey("change_orders.id")),
    number_column("position"),
    reference_column("component_key", ForeignKey("components.key")),
    number_column("component_version"),
    text_column("proposed_status_id", ForeignKey("statuses.id")),
    text_column("proposed_revision", nullable=True),
    Column("is_revision_chosen", Boolean, nullable=False),
    Index("uq_change_order_items_component", "change_order_id", "component_key", unique=True),
    Index("ix_change_order_items_component_key", "component_key"),
)

stages = Table(
    "change_order_stages",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("change_order_id", ForeignKey("change_orders.id")),
    number_column("position"),
    text_column("name"),
    text_column("types"),
    text_column("approval_type"),
    number_column("minimum"),
    text_column("state"),
    text_column("notify"),
    text_column("opened_at", nullable=True),
    text_column("decided_at", nullable=True),
    Index("uq_change_order_stages_position", "change_order_id", "position", unique=True),
)

reviewers = Table(
    "change_order_reviewers",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("change_order_id", ForeignKey("change_orders.id")),
    text_column("stage_id", ForeignKey("change_order_stages.id")),
    number_column("position"),
    text_column("user_id", ForeignKey("users.id"), nullable=True),
    text_column("named"),
    Column("is_required", Boolean, nullable=False),
    Column("is_required_to_approve", Boolean, nullable=False),
    Column("is_of_template", Boolean, nullable=False),
    Index("ix_change_order_reviewers_change_order_id", "change_order_id"),
    Index("ix_change_order_reviewers_user_id", "library_id", "user_id"),
)

decisions = Table(
    "change_order_decisions",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("change_order_id", ForeignKey("change_orders.id")),
    text_column("stage_id", ForeignKey("change_order_stages.id")),
    text_column("reviewer_id", ForeignKey("users.id")),
    text_column("decided_by", ForeignKey("users.id")),
    text_column("verdict"),
    text_column("note"),
    text_column("digest"),
    text_column("decided_at"),
    text_column("ended_at", nullable=True),
    Index("ix_change_order_decisions_change_order_id", "change_order_id"),
)
unique_where(
    "uq_change_order_decisions_reviewer",
    decisions.c.stage_id,
    decisions.c.reviewer_id,
    where=decisions.c.ended_at.is_(None),
)

comments = Table(
    "change_order_comments",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("change_order_id", ForeignKey("change_orders.id")),
    text_column("parent_id", ForeignKey("change_order_comments.id"), nullable=True),
    text_column("item_id", nullable=True),
    text_column("field", nullable=True),
    text_column("line_id", nullable=True),
    text_column("text"),
    text_column("created_by"),
    text_column("created_at"),
    text_column("edited_at", nullable=True),
    text_column("resolved_by", nullable=True),
    text_column("resolved_at", nullable=True),
    Index("ix_change_order_comments_change_order_id", "change_order_id", "created_at"),
)

delegations = Table(
    "review_delegations",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("user_id", ForeignKey("users.id")),
    text_column("delegate_id", ForeignKey("users.id")),
    text_column("starts_at"),
    text_column("ends_at"),
    text_column("created_by"),
    text_column("created_at"),
    text_column("ended_at", nullable=True),
    Index("ix_review_delegations_delegate_id", "library_id", "delegate_id"),
)

validation_runs = Table(
    "validation_runs",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("change_order_id", ForeignKey("change_orders.id")),
    number_column("sequence"),
    text_column("digest"),
    text_column("facts_digest"),
    number_column("configuration_change"),
    text_column("state"),
    number_column("pass_count"),
    number_column("fail_count"),
    number_column("warning_count"),
    text_column("created_by"),
    text_column("created_at"),
    Index("uq_validation_runs_sequence", "change_order_id", "sequence", unique=True),
)

validation_results = Table(
    "validation_results",
    metadata,
    text_column("run_id", ForeignKey("validation_runs.id"), primary_key=True),
    number_column("position", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("name"),
    text_column("type"),
    text_column("state"),
    text_column("on_failure"),
    text_column("message"),
    text_column("rule_id", nullable=True),
    text_column("logs"),
)
