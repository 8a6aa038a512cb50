"""Alembic migrations, run by ``bot.history.database`` on start."""
