"""``sns-check`` with its clock set forward (``clocked``), on a disk of which SQLite may use no more.

While the file that ``DISK_FULL`` names is there, a database may not grow by a page: SQLite itself refuses it. Nothing
else is different: ``python -m tests.e2e.cramped serve``.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from bot import serve
from bot.cli import main
from tests.e2e.clocked import now

PLENTY = 1_000_000


def limit(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        pages = 1 if Path(os.environ["DISK_FULL"]).exists() else PLENTY  # less than there are means: no more than now
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


if __name__ == "__main__":
    serve._now = now
    event.listen(Engine, "begin", limit)
    main()
