"""Alembic's entry: runs the migrations on the connection that ``bot.history.database`` hands in, in its transaction."""

from alembic import context

from bot.history.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
