"""The tables of the part master. All but `components` and `component_marks` hold rows that are closed, never overwritten."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table

from plumbline.storage.intervals import OPEN, change_interval_columns, version_interval_columns
from plumbline.storage.schema import (
    key_column,
    metadata,
    number_column,
    number_type,
    reference_column,
    text_column,
    unique_where,
)

components = Table(
    "components",
    metadata,
    key_column(),
    text_column("id"),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("cpn"),
    text_column("created_at"),
    text_column("created_by"),
    Index("uq_components_id", "id", unique=True),
    Index("uq_components_library_id_cpn", "library_id", "cpn", unique=True),
    Index("ix_components_library_id_created_at_key", "library_id", "created_at", "key"),
)

versions = Table(
    "component_versions",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("libraries.id")),
    reference_column("component_key", ForeignKey("components.key")),
    number_column("number"),
    *change_interval_columns(),
    text_column("saved_at"),
    text_column("saved_by"),
    text_column("name"),
    text_column("description"),
    text_column("category_id", ForeignKey("categories.id")),
    text_column("status_id", ForeignKey("statuses.id")),
    text_column("revision", nullable=True),
    text_column("revision_sort"),
    text_column("eid", nullable=True),
    text_column("procurement"),
    text_column("unit_of_measure"),
    text_column("labels"),
    Column("is_archived", Boolean, nullable=False),
    Index("uq_component_versions_component_key_number", "component_key", "number", unique=True),
    Index("ix_component_versions_component_key_to_change", "component_key", "to_change"),
    Index("ix_component_versions_saved", "library_id", "to_change", "saved_at", "component_key"),
    Index("ix_component_versions_name", "library_id", "to_change", "name", "component_key"),
    Index("ix_component_versions_library_id_to_change_category_id", "library_id", "to_change", "category_id"),
    Index("ix_component_versions_library_id_to_change_is_archived", "library_id", "to_change", "is_archived"),
)

releases = Table(
    "releases",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("libraries.id")),
    reference_column("component_key", ForeignKey("components.key")),
    number_column("version"),
    text_column("revision"),
    text_column("revision_sort"),
    text_column("status_id", ForeignKey("statuses.id")),
    *change_interval_columns(),
    text_column("released_at"),
    text_column("released_by"),
    text_column("change_order_id", nullable=True),
    Index("ix_releases_component_key_to_change", "component_key", "to_change"),
    Index("ix_releases_library_id_to_change", "library_id", "to_change"),
)

attribute_values = Table(
    "attribute_values",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("libraries.id")),
    reference_column("component_key", ForeignKey("components.key")),
    text_column("attribute_id", ForeignKey("attributes.id")),
    *version_interval_columns(),
    *change_interval_columns(),
    text_column("text"),
    Column("number", number_type, nullable=True),
    text_column("value", nullable=True),
    text_column("unit", nullable=True),
    Index("ix_attribute_values_component_key_to_change", "component_key", "to_change"),
    Index("ix_attribute_values_attribute_id_to_change_number", "attribute_id", "to_change", "number"),
)

sources = Table(
    "sources",
    metadata,
    key_column(),
    text_column("id"),
    text_column("library_id", ForeignKey("libraries.id")),
    reference_column("component_key", ForeignKey("components.key")),
    *version_interval_columns(),
    *change_interval_columns(),
    number_column("rank"),
    text_column("manufacturer"),
    text_column("mpn"),
    text_column("description"),
    text_column("datasheet", nullable=True),
    text_column("status"),
    text_column("offers"),
    Index("ix_sources_component_key_to_change", "component_key", "to_change"),
    Index("ix_sources_library_id_to_change_mpn", "library_id", "to_change", "mpn"),
    Index("ix_sources_library_id_to_change_manufacturer", "library_id", "to_change", "manufacturer"),
)

aliases = Table(
    "component_aliases",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("libraries.id")),
    reference_column("component_key", ForeignKey("components.key")),
    *version_interval_columns(),
    *change_interval_columns(),
    text_column("kind"),
    text_column("value"),
    Index("ix_component_aliases_component_key_to_change", "component_key", "to_change"),
)
unique_where(
    "uq_component_aliases_library_id_value",
    aliases.c.library_id,
    aliases.c.value,
    where=aliases.c.to_change == OPEN,
)

marks = Table(
    "component_marks",
    metadata,
    text_column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("component_key", ForeignKey("components.key"), primary_key=True),
    text_column("kind", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    Index("ix_component_marks_component_key", "component_key"),
)

locks = Table(
    "component_locks",
    metadata,
    Column("component_key", ForeignKey("components.key"), primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    # Whoever reviews the component, and what people call that.
    text_column("holder_id"),
    text_column("holder_label"),
    Column("refuses_edits", Boolean, nullable=False),
    Index("ix_component_locks_holder_id", "holder_id"),
)
"""One row for each component under review: the primary key sees to it that no two reviews hold the same."""
