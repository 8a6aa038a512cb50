"""``sns-check`` with its clock set forward: by the seconds in the file that ``CLOCK_AHEAD`` names, read at every look.

Nothing else is different: ``python -m tests.e2e.clocked serve``.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import serve
from bot.cli import main


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(Path(os.environ["CLOCK_AHEAD"]).read_text(encoding="ascii")))


if __name__ == "__main__":
    serve._now = now
    main()
