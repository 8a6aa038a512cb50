"""What may be said of an error in a log: its kind and where it arose. Never its text, which may quote a draft."""

from __future__ import annotations

import traceback
from pathlib import Path

DEPTH = 6
"""How many frames, counted from where the error arose, are worth a log line."""


def describe(error: BaseException) -> dict[str, str]:
    """Return ``error`` and ``where`` for a log line."""
    frames = traceback.extract_tb(error.__traceback__)[-DEPTH:]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return {"error": type(error).__qualname__, "where": where}
