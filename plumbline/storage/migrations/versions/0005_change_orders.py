"""Change orders, their reviews and validations; locks on what is under review."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _change_orders()
    _review_delegations()
    _change_order_comments()
    _change_order_items()
    _change_order_stages()
    _component_locks()
    _validation_runs()
    _change_order_decisions()
    _change_order_reviewers()
    _validation_results()


def _change_orders() -> None:
    op.create_table(
        "change_orders",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("resolution", TEXT, nullable=False),
        sa.Column("template_id", TEXT, nullable=False),
        sa.Column("template_name", TEXT, nullable=False),
        sa.Column("template", TEXT, nullable=False),
        sa.Column("contents", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("updated_by", TEXT, nullable=False),
        sa.Column("updated_at", TEXT, nullable=False),
        sa.Column("submitted_at", TEXT, nullable=True),
        sa.Column("resolved_at", TEXT, nullable=True),
        sa.Column("closed_at", TEXT, nullable=True),
        sa.Column("release_change", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_change_orders_library_id_libraries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_orders")),
    )
    op.create_index("ix_change_orders_library_id_status", "change_orders", ["library_id", "status"])
    op.create_index("uq_change_orders_library_id_sequence", "change_orders", ["library_id", "sequence"], unique=True)


def _review_delegations() -> None:
    op.create_table(
        "review_delegations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("delegate_id", TEXT, nullable=False),
        sa.Column("starts_at", TEXT, nullable=False),
        sa.Column("ends_at", TEXT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("ended_at", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["delegate_id"], ["users.id"], name=op.f("fk_review_delegations_delegate_id_users")),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_review_delegations_library_id_libraries")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_review_delegations_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_delegations")),
    )
    op.create_index("ix_review_delegations_delegate_id", "review_delegations", ["library_id", "delegate_id"])


def _change_order_comments() -> None:
    op.create_table(
        "change_order_comments",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("change_order_id", TEXT, nullable=False),
        sa.Column("parent_id", TEXT, nullable=True),
        sa.Column("item_id", TEXT, nullable=True),
        sa.Column("field", TEXT, nullable=True),
        sa.Column("line_id", TEXT, nullable=True),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("edited_at", TEXT, nullable=True),
        sa.Column("resolved_by", TEXT, nullable=True),
        sa.Column("resolved_at", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["change_order_id"],
            ["change_orders.id"],
            name=op.f("fk_change_order_comments_change_order_id_change_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_change_order_comments_library_id_libraries")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["change_order_comments.id"],
            name=op.f("fk_change_order_comments_parent_id_change_order_comments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_order_comments")),
    )
    op.create_index(
        "ix_change_order_comments_change_order_id", "change_order_comments", ["change_order_id", "created_at"]
    )


def _change_order_items() -> None:
    op.create_table(
        "change_order_items",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("change_order_id", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("component_key", KEY, nullable=False),
        sa.Column("component_version", sa.BigInteger(), nullable=False),
        sa.Column("proposed_status_id", TEXT, nullable=False),
        sa.Column("proposed_revision", TEXT, nullable=True),
        sa.Column("is_revision_chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_order_id"], ["change_orders.id"], name=op.f("fk_change_order_items_change_order_id_change_orders")
        ),
        sa.ForeignKeyConstraint(
            ["component_key"], ["components.key"], name=op.f("fk_change_order_items_component_key_components")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_change_order_items_library_id_libraries")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_status_id"], ["statuses.id"], name=op.f("fk_change_order_items_proposed_status_id_statuses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_order_items")),
    )
    op.create_index("ix_change_order_items_component_key", "change_order_items", ["component_key"])
    op.create_index(
        "uq_change_order_items_component", "change_order_items", ["change_order_id", "component_key"], unique=True
    )


def _change_order_stages() -> None:
    op.create_table(
        "change_order_stages",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("change_order_id", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("types", TEXT, nullable=False),
        sa.Column("approval_type", TEXT, nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("notify", TEXT, nullable=False),
        sa.Column("opened_at", TEXT, nullable=True),
        sa.Column("decided_at", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["change_order_id"], ["change_orders.id"], name=op.f("fk_change_order_stages_change_order_id_change_orders")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_change_order_stages_library_id_libraries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_order_stages")),
    )
    op.create_index(
        "uq_change_order_stages_position", "change_order_stages", ["change_order_id", "position"], unique=True
    )


def _component_locks() -> None:
    op.create_table(
        "component_locks",
        sa.Column("component_key", KEY, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("holder_id", TEXT, nullable=False),
        sa.Column("holder_label", TEXT, nullable=False),
        sa.Column("refuses_edits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_key"], ["components.key"], name=op.f("fk_component_locks_component_key_components")
        ),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_component_locks_library_id_libraries")),
        sa.PrimaryKeyConstraint("component_key", name=op.f("pk_component_locks")),
    )
    op.create_index("ix_component_locks_holder_id", "component_locks", ["holder_id"])


def _validation_runs() -> None:
    op.create_table(
        "validation_runs",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("change_order_id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("facts_digest", TEXT, nullable=False),
        sa.Column("configuration_change", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("pass_count", sa.BigInteger(), nullable=False),
        sa.Column("fail_count", sa.BigInteger(), nullable=False),
        sa.Column("warning_count", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_order_id"], ["change_orders.id"], name=op.f("fk_validation_runs_change_order_id_change_orders")
        ),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_validation_runs_library_id_libraries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_runs")),
    )
    op.create_index("uq_validation_runs_sequence", "validation_runs", ["change_order_id", "sequence"], unique=True)


def _change_order_decisions() -> None:
    op.create_table(
        "change_order_decisions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("change_order_id", TEXT, nullable=False),
        sa.Column("stage_id", TEXT, nullable=False),
        sa.Column("reviewer_id", TEXT, nullable=False),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("decided_at", TEXT, nullable=False),
        sa.Column("ended_at", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["change_order_id"],
            ["change_orders.id"],
            name=op.f("fk_change_order_decisions_change_order_id_change_orders"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_change_order_decisions_decided_by_users")),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_change_order_decisions_library_id_libraries")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["users.id"], name=op.f("fk_change_order_decisions_reviewer_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"],
            ["change_order_stages.id"],
            name=op.f("fk_change_order_decisions_stage_id_change_order_stages"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_order_decisions")),
    )
    op.create_index("ix_change_order_decisions_change_order_id", "change_order_decisions", ["change_order_id"])
    op.create_index(
        "uq_change_order_decisions_reviewer",
        "change_order_decisions",
        ["stage_id", "reviewer_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _change_order_reviewers() -> None:
    op.create_table(
        "change_order_reviewers",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("change_order_id", TEXT, nullable=False),
        sa.Column("stage_id", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("user_id", TEXT, nullable=True),
        sa.Column("named", TEXT, nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_required_to_approve", sa.Boolean(), nullable=False),
        sa.Column("is_of_template", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_order_id"],
            ["change_orders.id"],
            name=op.f("fk_change_order_reviewers_change_order_id_change_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_change_order_reviewers_library_id_libraries")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"],
            ["change_order_stages.id"],
            name=op.f("fk_change_order_reviewers_stage_id_change_order_stages"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_change_order_reviewers_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_order_reviewers")),
    )
    op.create_index("ix_change_order_reviewers_change_order_id", "change_order_reviewers", ["change_order_id"])
    op.create_index("ix_change_order_reviewers_user_id", "change_order_reviewers", ["library_id", "user_id"])


def _validation_results() -> None:
    op.create_table(
        "validation_results",
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("on_failure", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("rule_id", TEXT, nullable=True),
        sa.Column("logs", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_validation_results_library_id_libraries")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["validation_runs.id"], name=op.f("fk_validation_results_run_id_validation_runs")
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_validation_results")),
    )


def downgrade() -> None:
    op.drop_table("validation_results")
    op.drop_index("ix_change_order_reviewers_user_id", table_name="change_order_reviewers")
    op.drop_index("ix_change_order_reviewers_change_order_id", table_name="change_order_reviewers")
    op.drop_table("change_order_reviewers")
    op.drop_index("uq_change_order_decisions_reviewer", table_name="change_order_decisions")
    op.drop_index("ix_change_order_decisions_change_order_id", table_name="change_order_decisions")
    op.drop_table("change_order_decisions")
    op.drop_index("uq_validation_runs_sequence", table_name="validation_runs")
    op.drop_table("validation_runs")
    op.drop_index("ix_component_locks_holder_id", table_name="component_locks")
    op.drop_table("component_locks")
    op.drop_index("uq_change_order_stages_position", table_name="change_order_stages")
    op.drop_table("change_order_stages")
    op.drop_index("uq_change_order_items_component", table_name="change_order_items")
    op.drop_index("ix_change_order_items_component_key", table_name="change_order_items")
    op.drop_table("change_order_items")
    op.drop_index("ix_change_order_comments_change_order_id", table_name="change_order_comments")
    op.drop_table("change_order_comments")
    op.drop_index("ix_review_delegations_delegate_id", table_name="review_delegations")
    op.drop_table("review_delegations")
    op.drop_index("uq_change_orders_library_id_sequence", table_name="change_orders")
    op.drop_index("ix_change_orders_library_id_status", table_name="change_orders")
    op.drop_table("change_orders")
