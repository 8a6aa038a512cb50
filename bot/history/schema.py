"""The schema: which revision a database has, and the ways from one to another. All inside the caller's transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Run the migrations that the database lacks. Alembic's ``CommandError`` if it is a later program's."""
    command.upgrade(migrations(connection), "head")


def downgrade(connection: Connection, revision: str) -> None:
    """Take migrations back, down to a revision that the database has passed, and lose what they brought."""
    command.downgrade(migrations(connection), revision)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database, ``None`` for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> tuple[str, ...]:
    """Return all revisions that this program knows, the newest first."""
    return tuple(script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions())


def is_current(connection: Connection) -> bool:
    """Tell whether the schema is the one that this program was made for."""
    return revision_of(connection) == revisions()[0]


def migrations(connection: Connection) -> Config:
    """Return what Alembic's commands take to work inside the transaction of ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


_MIGRATIONS = Path(__file__).parent / "migrations"
