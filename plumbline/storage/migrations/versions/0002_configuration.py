"""Configuration documents of every kind in one table, versions of the whole, and catalog entries that retire instead of vanishing."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = 9007199254740991
ACTIVE = sa.text("retired_change IS NULL")

UNIQUE_AMONG_ACTIVE = {
    "uq_statuses_library_id_name": ("statuses", ["library_id", "name"]),
    "uq_attributes_library_id_name": ("attributes", ["library_id", "name"]),
    "uq_categories_library_id_code": ("categories", ["library_id", "code"]),
}


def upgrade() -> None:
    op.add_column("change_counters", sa.Column("configuration_change", sa.BigInteger(), nullable=True))
    for name, (table, columns) in UNIQUE_AMONG_ACTIVE.items():
        op.add_column(table, sa.Column("retired_change", sa.BigInteger(), nullable=True))
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE)
    # Nothing could set it yet; what a registry demands is part of the rule.
    op.drop_column("category_attributes", "required_from")
    op.add_column("category_attributes", sa.Column("rule", TEXT, nullable=True))
    _create_definitions()
    op.create_table(
        "configuration_versions",
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("steps", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"], ["libraries.id"], name=op.f("fk_configuration_versions_library_id_libraries")
        ),
        sa.PrimaryKeyConstraint("library_id", "number", name=op.f("pk_configuration_versions")),
    )
    _move_numbering_documents()
    op.drop_index("uq_numbering_documents_library_id_schema_type_version", table_name="numbering_documents")
    op.drop_table("numbering_documents")


def downgrade() -> None:
    _create_numbering_documents()
    op.execute(
        "INSERT INTO numbering_documents (library_id, schema_type, version, text, created_at, created_by)"
        " SELECT library_id, kind, version, text, created_at, created_by FROM definitions"
        " WHERE kind IN ('id_generation_scheme', 'revision_scheme_config')"
    )
    op.drop_table("configuration_versions")
    op.drop_index("ix_definitions_library_id_to_change", table_name="definitions")
    op.drop_index("uq_definitions_library_id_kind_name_version", table_name="definitions")
    op.drop_table("definitions")
    op.drop_column("category_attributes", "rule")
    op.add_column("category_attributes", sa.Column("required_from", TEXT, nullable=True))
    for name, (table, columns) in UNIQUE_AMONG_ACTIVE.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, unique=True)
        op.drop_column(table, "retired_change")
    op.drop_column("change_counters", "configuration_change")


def _create_definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("from_change", sa.BigInteger(), nullable=False),
        sa.Column("to_change", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_definitions_library_id_libraries")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_definitions")),
    )
    columns = ["library_id", "kind", "name", "version"]
    op.create_index("uq_definitions_library_id_kind_name_version", "definitions", columns, unique=True)
    op.create_index("ix_definitions_library_id_to_change", "definitions", ["library_id", "to_change"])


def _create_numbering_documents() -> None:
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
    columns = ["library_id", "schema_type", "version"]
    name = "uq_numbering_documents_library_id_schema_type_version"
    op.create_index(name, "numbering_documents", columns, unique=True)


def _move_numbering_documents() -> None:
    """The newest version of each holds from the beginning; older ones are kept, but when they held is not known any more."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT library_id, schema_type, version, text, created_at, created_by FROM numbering_documents"
            " ORDER BY library_id, schema_type, version DESC"
        )
    ).all()
    insertion = sa.text(
        "INSERT INTO definitions (library_id, id, kind, name, version, text, from_change, to_change, created_at, created_by)"
        " VALUES (:library_id, :id, :kind, '', :version, :text, 0, :to_change, :created_at, :created_by)"
    )
    ids: dict[tuple[str, str], str] = {}
    for row in rows:
        document = (row.library_id, row.schema_type)
        values = {
            "library_id": row.library_id,
            "kind": row.schema_type,
            "to_change": 0 if document in ids else OPEN,
            "id": ids.setdefault(document, str(uuid4())),
            "version": row.version,
            "text": row.text,
            "created_at": row.created_at,
            "created_by": row.created_by,
        }
        connection.execute(insertion, values)
