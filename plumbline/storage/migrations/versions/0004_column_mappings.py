"""What a library remembers of the columns of imported tables."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "column_mappings",
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("header", TEXT, nullable=False),
        sa.Column("titles", TEXT, nullable=False),
        sa.Column("columns", TEXT, nullable=False),
        sa.Column("saved_at", TEXT, nullable=False),
        sa.Column("saved_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_column_mappings_library_id_libraries")),
        sa.PrimaryKeyConstraint("library_id", "header", name=op.f("pk_column_mappings")),
    )


def downgrade() -> None:
    op.drop_table("column_mappings")
