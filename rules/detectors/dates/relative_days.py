"""明日22日 and 来週土曜 12/5 against today.

Drafts are often written some days before they are published. A day that is off by a little is a slip; one that is off
by more may be right on the day of publication, and is a note.
"""

from __future__ import annotations

from datetime import date, timedelta

from rules.detectors.dates.calendar_words import weekday_name, written_out
from rules.detectors.dates.relative_words import RelativeWord
from rules.detectors.dates.resolved import Resolved
from rules.draft import Detection

_FURTHEST_SLIP = timedelta(days=3)
_FURTHEST_SLIP_OF_WEEKS = timedelta(days=7)


def disagreement(current: Resolved, today: date) -> Detection | None:
    """Report a date that is not the day that the word before it means."""
    word = current.written.relative
    if word is None:
        return None
    meant = word.meant(today)
    if not set(meant).isdisjoint(current.days):
        return None
    off = min(abs(day - expected) for day in current.days for expected in meant)
    furthest = _FURTHEST_SLIP if word.weeks is None else _FURTHEST_SLIP_OF_WEEKS
    check = "dates.relative_day" if off <= furthest else "dates.relative_day_far"
    return Detection(check, current.written.start, current.written.end, _facts(word, meant[0], today))


def _facts(word: RelativeWord, meant: date, today: date) -> dict[str, str]:
    return {
        "word": word.word,
        "today": written_out(today),
        "meant": f"{meant.month}月{meant.day}日（{weekday_name(meant)}）",
    }
