"""The first schema: access, catalog, numbering, components, BOMs, the outbox and the job queue."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "change_counters",
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("library_id", name=op.f("pk_change_counters")),
    )
    op.create_table(
        "jobs",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("unique_key", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("run_at", TEXT, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("lease_token", TEXT, nullable=True),
        sa.Column("lease_until", TEXT, nullable=True),
        sa.Column("last_error", TEXT, nullable=True),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("finished_at", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_state_run_at", "jobs", ["state", "run_at"], unique=False)
    op.create_index("uq_jobs_unique_key", "jobs", ["unique_key"], unique=True)
    op.create_table(
        "organizations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("slug", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_index("uq_organizations_slug", "organizations", ["slug"], unique=True)
    op.create_table(
        "users",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("password_hash", TEXT, nullable=True),
        sa.Column("created_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email", "users", ["email"], unique=True)
    op.create_table(
        "change_sets",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("surface", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("origin", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["library_id"], ["change_counters.library_id"], name=op.f("fk_change_sets_library_id_change_counters")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_change_sets")),
    )
    op.create_index("ix_change_sets_library_id_changed_at", "change_sets", ["library_id", "changed_at"], unique=False)
    op.create_index("uq_change_sets_library_id_number", "change_sets", ["library_id", "number"], unique=True)
    op.create_table(
        "libraries",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("organization_id", TEXT, nullable=False),
        sa.Column("slug", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["change_counters.library_id"], name=op.f("fk_libraries_id_change_counters")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_libraries_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_libraries")),
    )
    op.create_index("uq_libraries_organization_id_slug", "libraries", ["organization_id", "slug"], unique=True)
    op.create_table(
        "outbox",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("change_number", sa.BigInteger(), nullable=False),
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("occurred_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"], ["change_counters.library_id"], name=op.f("fk_outbox_library_id_change_counters")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_library_id_change_number", "outbox", ["library_id", "change_number"], unique=False)
    op.create_index("uq_outbox_event_id", "outbox", ["event_id"], unique=True)
    op.create_table(
        "api_keys",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("surface", TEXT, nullable=False),
        sa.Column("prefix", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("expires_at", TEXT, nullable=True),
        sa.Column("last_used_at", TEXT, nullable=True),
        sa.Column("revoked_at", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_api_keys_library_id_libraries")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index("ix_api_keys_library_id_user_id", "api_keys", ["library_id", "user_id"], unique=False)
    op.create_index("uq_api_keys_digest", "api_keys", ["digest"], unique=True)
    op.create_table(
        "attributes",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=True),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("source_key", TEXT, nullable=True),
        sa.Column("choices", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_attributes_library_id_libraries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attributes")),
    )
    op.create_index("uq_attributes_library_id_name", "attributes", ["library_id", "name"], unique=True)
    op.create_table(
        "categories",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("short_name", TEXT, nullable=True),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("unit_of_measure", TEXT, nullable=False),
        sa.Column("parent_id", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_categories_library_id_libraries")),
        sa.ForeignKeyConstraint(["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id_categories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
    )
    op.create_index("ix_categories_library_id_name", "categories", ["library_id", "name"], unique=False)
    op.create_index("uq_categories_library_id_code", "categories", ["library_id", "code"], unique=True)
    op.create_table(
        "components",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("cpn", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_components_library_id_libraries")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_components")),
    )
    op.create_index(
        "ix_components_library_id_created_at_key", "components", ["library_id", "created_at", "key"], unique=False
    )
    op.create_index("uq_components_id", "components", ["id"], unique=True)
    op.create_index("uq_components_library_id_cpn", "components", ["library_id", "cpn"], unique=True)
    op.create_table(
        "issued_numbers",
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_issued_numbers_library_id_libraries")),
        sa.PrimaryKeyConstraint("library_id", "number", name=op.f("pk_issued_numbers")),
    )
    op.create_table(
        "members",
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_members_library_id_libraries")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_members_user_id_users")),
        sa.PrimaryKeyConstraint("library_id", "user_id", name=op.f("pk_members")),
    )
    op.create_index("ix_members_user_id", "members", ["user_id"], unique=False)
    op.create_table(
        "number_counters",
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("last_value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_number_counters_library_id_libraries")),
        sa.PrimaryKeyConstraint("library_id", "scope", name=op.f("pk_number_counters")),
    )
    op.create_table(
        "numbering_documents",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("schema_type", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_numbering_documents_library_id_libraries")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_numbering_documents")),
    )
    op.create_index(
        "uq_numbering_documents_library_id_schema_type_version",
        "numbering_documents",
        ["library_id", "schema_type", "version"],
        unique=True,
    )
    op.create_table(
        "statuses",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("maps_to", TEXT, nullable=False),
        sa.Column("color", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_statuses_library_id_libraries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statuses")),
    )
    op.create_index("uq_statuses_library_id_name", "statuses", ["library_id", "name"], unique=True)
    op.create_table(
        "attribute_values",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("component_key", KEY, nullable=False),
        sa.Column("attribute_id", TEXT, nullable=False),
        sa.Column("from_version", sa.BigInteger(), nullable=False),
        sa.Column("to_version", sa.BigInteger(), nullable=False),
        sa.Column("from_change", sa.BigInteger(), nullable=False),
        sa.Column("to_change", sa.BigInteger(), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("number", sa.Float(precision=53), nullable=True),
        sa.Column("value", TEXT, nullable=True),
        sa.Column("unit", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["attribute_id"], ["attributes.id"], name=op.f("fk_attribute_values_attribute_id_attributes")
        ),
        sa.ForeignKeyConstraint(
            ["component_key"], ["components.key"], name=op.f("fk_attribute_values_component_key_components")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_attribute_values_library_id_libraries")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attribute_values")),
    )
    op.create_index(
        "ix_attribute_values_attribute_id_to_change_number",
        "attribute_values",
        ["attribute_id", "to_change", "number"],
        unique=False,
    )
    op.create_index(
        "ix_attribute_values_component_key_to_change", "attribute_values", ["component_key", "to_change"], unique=False
    )
    op.create_table(
        "bom_lines",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("line_id", TEXT, nullable=False),
        sa.Column("parent_key", KEY, nullable=False),
        sa.Column("child_key", KEY, nullable=False),
        sa.Column("from_version", sa.BigInteger(), nullable=False),
        sa.Column("to_version", sa.BigInteger(), nullable=False),
        sa.Column("from_change", sa.BigInteger(), nullable=False),
        sa.Column("to_change", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("quantity", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("item_number", sa.BigInteger(), nullable=True),
        sa.Column("reference_designators", TEXT, nullable=False),
        sa.Column("notes", TEXT, nullable=False),
        sa.Column("is_do_not_place", sa.Boolean(), nullable=False),
        sa.Column("substitutes", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["child_key"], ["components.key"], name=op.f("fk_bom_lines_child_key_components")),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_bom_lines_library_id_libraries")),
        sa.ForeignKeyConstraint(["parent_key"], ["components.key"], name=op.f("fk_bom_lines_parent_key_components")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_bom_lines")),
    )
    op.create_index("ix_bom_lines_child_key_to_change", "bom_lines", ["child_key", "to_change"], unique=False)
    op.create_index(
        "ix_bom_lines_graph",
        "bom_lines",
        ["library_id", "to_change", "parent_key", "position", "key", "child_key", "quantity", "is_do_not_place"],
        unique=False,
    )
    op.create_index("ix_bom_lines_library_id_from_change", "bom_lines", ["library_id", "from_change"], unique=False)
    op.create_index("ix_bom_lines_line_id_to_change", "bom_lines", ["line_id", "to_change"], unique=False)
    op.create_index("ix_bom_lines_parent_key_to_change", "bom_lines", ["parent_key", "to_change"], unique=False)
    op.create_table(
        "category_attributes",
        sa.Column("category_id", TEXT, nullable=False),
        sa.Column("attribute_id", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("required_from", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["attribute_id"], ["attributes.id"], name=op.f("fk_category_attributes_attribute_id_attributes")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_category_attributes_category_id_categories")
        ),
        sa.PrimaryKeyConstraint("category_id", "attribute_id", name=op.f("pk_category_attributes")),
    )
    op.create_table(
        "component_aliases",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("component_key", KEY, nullable=False),
        sa.Column("from_version", sa.BigInteger(), nullable=False),
        sa.Column("to_version", sa.BigInteger(), nullable=False),
        sa.Column("from_change", sa.BigInteger(), nullable=False),
        sa.Column("to_change", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["component_key"], ["components.key"], name=op.f("fk_component_aliases_component_key_components")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_component_aliases_library_id_libraries")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_component_aliases")),
    )
    op.create_index(
        "ix_component_aliases_component_key_to_change",
        "component_aliases",
        ["component_key", "to_change"],
        unique=False,
    )
    op.create_index(
        "uq_component_aliases_library_id_value",
        "component_aliases",
        ["library_id", "value"],
        unique=True,
        sqlite_where=sa.text("to_change = 9007199254740991"),
        postgresql_where=sa.text("to_change = 9007199254740991"),
    )
    op.create_table(
        "component_marks",
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("component_key", KEY, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["component_key"], ["components.key"], name=op.f("fk_component_marks_component_key_components")
        ),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_component_marks_library_id_libraries")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_component_marks_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "component_key", "kind", name=op.f("pk_component_marks")),
    )
    op.create_index("ix_component_marks_component_key", "component_marks", ["component_key"], unique=False)
    op.create_table(
        "component_versions",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("component_key", KEY, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("from_change", sa.BigInteger(), nullable=False),
        sa.Column("to_change", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", TEXT, nullable=False),
        sa.Column("saved_by", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("category_id", TEXT, nullable=False),
        sa.Column("status_id", TEXT, nullable=False),
        sa.Column("revision", TEXT, nullable=True),
        sa.Column("revision_sort", TEXT, nullable=False),
        sa.Column("eid", TEXT, nullable=True),
        sa.Column("procurement", TEXT, nullable=False),
        sa.Column("unit_of_measure", TEXT, nullable=False),
        sa.Column("labels", TEXT, nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_component_versions_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["component_key"], ["components.key"], name=op.f("fk_component_versions_component_key_components")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_component_versions_library_id_libraries")
        ),
        sa.ForeignKeyConstraint(["status_id"], ["statuses.id"], name=op.f("fk_component_versions_status_id_statuses")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_component_versions")),
    )
    op.create_index(
        "ix_component_versions_component_key_to_change",
        "component_versions",
        ["component_key", "to_change"],
        unique=False,
    )
    op.create_index(
        "ix_component_versions_library_id_to_change_category_id",
        "component_versions",
        ["library_id", "to_change", "category_id"],
        unique=False,
    )
    op.create_index(
        "ix_component_versions_library_id_to_change_is_archived",
        "component_versions",
        ["library_id", "to_change", "is_archived"],
        unique=False,
    )
    op.create_index(
        "ix_component_versions_name",
        "component_versions",
        ["library_id", "to_change", "name", "component_key"],
        unique=False,
    )
    op.create_index(
        "ix_component_versions_saved",
        "component_versions",
        ["library_id", "to_change", "saved_at", "component_key"],
        unique=False,
    )
    op.create_index(
        "uq_component_versions_component_key_number", "component_versions", ["component_key", "number"], unique=True
    )
    op.create_table(
        "releases",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("component_key", KEY, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("revision", TEXT, nullable=False),
        sa.Column("revision_sort", TEXT, nullable=False),
        sa.Column("status_id", TEXT, nullable=False),
        sa.Column("from_change", sa.BigInteger(), nullable=False),
        sa.Column("to_change", sa.BigInteger(), nullable=False),
        sa.Column("released_at", TEXT, nullable=False),
        sa.Column("released_by", TEXT, nullable=False),
        sa.Column("change_order_id", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["component_key"], ["components.key"], name=op.f("fk_releases_component_key_components")
        ),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_releases_library_id_libraries")),
        sa.ForeignKeyConstraint(["status_id"], ["statuses.id"], name=op.f("fk_releases_status_id_statuses")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_releases")),
    )
    op.create_index("ix_releases_component_key_to_change", "releases", ["component_key", "to_change"], unique=False)
    op.create_index("ix_releases_library_id_to_change", "releases", ["library_id", "to_change"], unique=False)
    op.create_table(
        "sources",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("component_key", KEY, nullable=False),
        sa.Column("from_version", sa.BigInteger(), nullable=False),
        sa.Column("to_version", sa.BigInteger(), nullable=False),
        sa.Column("from_change", sa.BigInteger(), nullable=False),
        sa.Column("to_change", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("manufacturer", TEXT, nullable=False),
        sa.Column("mpn", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("datasheet", TEXT, nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("offers", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["component_key"], ["components.key"], name=op.f("fk_sources_component_key_components")
        ),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_sources_library_id_libraries")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sources")),
    )
    op.create_index("ix_sources_component_key_to_change", "sources", ["component_key", "to_change"], unique=False)
    op.create_index(
        "ix_sources_library_id_to_change_manufacturer",
        "sources",
        ["library_id", "to_change", "manufacturer"],
        unique=False,
    )
    op.create_index("ix_sources_library_id_to_change_mpn", "sources", ["library_id", "to_change", "mpn"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_sources_library_id_to_change_mpn", table_name="sources")
    op.drop_index("ix_sources_library_id_to_change_manufacturer", table_name="sources")
    op.drop_index("ix_sources_component_key_to_change", table_name="sources")
    op.drop_table("sources")
    op.drop_index("ix_releases_library_id_to_change", table_name="releases")
    op.drop_index("ix_releases_component_key_to_change", table_name="releases")
    op.drop_table("releases")
    op.drop_index("uq_component_versions_component_key_number", table_name="component_versions")
    op.drop_index("ix_component_versions_saved", table_name="component_versions")
    op.drop_index("ix_component_versions_name", table_name="component_versions")
    op.drop_index("ix_component_versions_library_id_to_change_is_archived", table_name="component_versions")
    op.drop_index("ix_component_versions_library_id_to_change_category_id", table_name="component_versions")
    op.drop_index("ix_component_versions_component_key_to_change", table_name="component_versions")
    op.drop_table("component_versions")
    op.drop_index("ix_component_marks_component_key", table_name="component_marks")
    op.drop_table("component_marks")
    op.drop_index(
        "uq_component_aliases_library_id_value",
        table_name="component_aliases",
        sqlite_where=sa.text("to_change = 9007199254740991"),
        postgresql_where=sa.text("to_change = 9007199254740991"),
    )
    op.drop_index("ix_component_aliases_component_key_to_change", table_name="component_aliases")
    op.drop_table("component_aliases")
    op.drop_table("category_attributes")
    op.drop_index("ix_bom_lines_parent_key_to_change", table_name="bom_lines")
    op.drop_index("ix_bom_lines_line_id_to_change", table_name="bom_lines")
    op.drop_index("ix_bom_lines_library_id_from_change", table_name="bom_lines")
    op.drop_index("ix_bom_lines_graph", table_name="bom_lines")
    op.drop_index("ix_bom_lines_child_key_to_change", table_name="bom_lines")
    op.drop_table("bom_lines")
    op.drop_index("ix_attribute_values_component_key_to_change", table_name="attribute_values")
    op.drop_index("ix_attribute_values_attribute_id_to_change_number", table_name="attribute_values")
    op.drop_table("attribute_values")
    op.drop_index("uq_statuses_library_id_name", table_name="statuses")
    op.drop_table("statuses")
    op.drop_index("uq_numbering_documents_library_id_schema_type_version", table_name="numbering_documents")
    op.drop_table("numbering_documents")
    op.drop_table("number_counters")
    op.drop_index("ix_members_user_id", table_name="members")
    op.drop_table("members")
    op.drop_table("issued_numbers")
    op.drop_index("uq_components_library_id_cpn", table_name="components")
    op.drop_index("uq_components_id", table_name="components")
    op.drop_index("ix_components_library_id_created_at_key", table_name="components")
    op.drop_table("components")
    op.drop_index("uq_categories_library_id_code", table_name="categories")
    op.drop_index("ix_categories_library_id_name", table_name="categories")
    op.drop_table("categories")
    op.drop_index("uq_attributes_library_id_name", table_name="attributes")
    op.drop_table("attributes")
    op.drop_index("uq_api_keys_digest", table_name="api_keys")
    op.drop_index("ix_api_keys_library_id_user_id", table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_index("uq_outbox_event_id", table_name="outbox")
    op.drop_index("ix_outbox_library_id_change_number", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("uq_libraries_organization_id_slug", table_name="libraries")
    op.drop_table("libraries")
    op.drop_index("uq_change_sets_library_id_number", table_name="change_sets")
    op.drop_index("ix_change_sets_library_id_changed_at", table_name="change_sets")
    op.drop_table("change_sets")
    op.drop_index("uq_users_email", table_name="users")
    op.drop_table("users")
    op.drop_index("uq_organizations_slug", table_name="organizations")
    op.drop_table("organizations")
    op.drop_index("uq_jobs_unique_key", table_name="jobs")
    op.drop_index("ix_jobs_state_run_at", table_name="jobs")
    op.drop_table("jobs")
    op.drop_table("change_counters")
