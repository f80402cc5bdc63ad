"""How Alembic runs: inside the transaction it is handed."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["target_metadata"],
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
