"""Having texts read: one reader a guideline, and what may come of a text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import structlog

from bot.faults import describe
from bot.history import Unreadable
from rules import MAX_TEXT, Guideline, Review, Reviewer, RulesError, Versions, is_blank

log = structlog.get_logger(__name__)


class Reader(Protocol):
    """What the desk needs of ``rules.Reviewer``. Safe to use from several threads."""

    @property
    def guideline(self) -> Guideline:
        """The guideline that it reads against."""

    @property
    def versions(self) -> Versions:
        """What its reviews are made with."""

    def review(self, text: str, *, today: date) -> Review:
        """Read one text. ``RulesError`` if the text itself cannot be read."""


class Annotator(Protocol):
    """What may add notes to a review, such as ``bot.links.LinkCheck``. Keeps its own time and does not raise."""

    async def annotate(self, text: str, review: Review, reader: Reader) -> Review:
        """Return the review, which is the reader's, with what there is to add."""


class ReviewFailed(Exception):  # noqa: N818 - reads as what happened
    """The engine broke on a text. Holds the name of the error, never the text; it may be tried again."""


class CannotRead(Exception):  # noqa: N818 - reads as what happened
    """A private check was asked for a text that cannot be reviewed; ``reason`` says why."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Reviewers:
    """One reader for each guideline, loaded when first asked for and then shared.

    ``load`` makes a reader from a guideline's name or path; it raises ``RulesError`` for an unknown one.
    """

    def __init__(self, load: Callable[[str], Reader] = Reviewer.load) -> None:
        self._load = load
        self._readers: dict[str, Reader] = {}
        self._loading = asyncio.Lock()

    async def get(self, guideline: str) -> Reader:
        """Return the reader for a guideline. Raises ``RulesError``."""
        async with self._loading:
            if guideline not in self._readers:
                self._readers[guideline] = await asyncio.to_thread(self._load, guideline)
            return self._readers[guideline]


@dataclass(frozen=True, slots=True)
class Broken:
    """The engine broke, with this kind of error."""

    error: str


def obstacle(text: str) -> Unreadable | None:
    """Say why a text cannot be reviewed, as far as that shows without reading it."""
    if len(text) > MAX_TEXT:
        return Unreadable.TOO_LONG
    if is_blank(text):
        return Unreadable.EMPTY
    return None


async def read(
    reader: Reader, text: str, today: date, annotator: Annotator | None = None
) -> Review | Unreadable | Broken:
    """Have a text read beside the loop, and its review annotated.

    The error is turned into a value: raised from here, an error of the engine would carry draft text along.
    """
    try:
        review = await asyncio.to_thread(reader.review, text, today=today)
        return await annotator.annotate(text, review, reader) if annotator else review
    except RulesError:
        return Unreadable.BROKEN_TEXT
    except Exception as error:  # noqa: BLE001 - whatever the engine does, the thread has to be told
        log.error("review_failed", **describe(error))  # noqa: TRY400 - a traceback would show the text
        return Broken(type(error).__qualname__)
