"""Uploads, and imports over the network."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", TEXT, nullable=True),
        sa.Column("secret", TEXT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("expires_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_uploads_library_id_libraries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_library_id", "uploads", ["library_id"])
    op.create_index("ix_uploads_expires_at", "uploads", ["expires_at"])
    op.create_table(
        "imports",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("options", TEXT, nullable=False),
        sa.Column("format", TEXT, nullable=True),
        sa.Column("counts", TEXT, nullable=True),
        sa.Column("digest", TEXT, nullable=True),
        sa.Column("problems", TEXT, nullable=False),
        sa.Column("keeps_results", sa.Boolean(), nullable=False),
        sa.Column("change_number", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("updated_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_imports_library_id_libraries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_library_id_created_at", "imports", ["library_id", "created_at", "id"])
    op.create_table(
        "import_files",
        sa.Column("import_id", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("library_id", TEXT, nullable=False),
        sa.Column("upload_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_import_files_library_id_libraries")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_files_import_id_imports")),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_import_files")),
    )


def downgrade() -> None:
    op.drop_table("import_files")
    op.drop_index("ix_imports_library_id_created_at", table_name="imports")
    op.drop_table("imports")
    op.drop_index("ix_uploads_expires_at", table_name="uploads")
    op.drop_index("ix_uploads_library_id", table_name="uploads")
    op.drop_table("uploads")
