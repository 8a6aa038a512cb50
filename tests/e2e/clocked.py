"""``sns-check`` with its clock set forward: by the seconds in the file that ``CLOCK_AHEAD`` names, read at every look.

``python -m tests.e2e.clocked serve``. Leases are longer, since a clock that leaps would take those who live for dead.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import serve
from bot.cli import main
from bot.worker import Worker

LEASE = timedelta(days=30)
"""Longer than any leap of the clock in these tests."""


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(Path(os.environ["CLOCK_AHEAD"]).read_text(encoding="ascii")))


if __name__ == "__main__":
    serve._now = now
    defaults = Worker.__init__.__kwdefaults__
    assert defaults is not None
    assert "lease" in defaults
    defaults["lease"] = LEASE
    main()
