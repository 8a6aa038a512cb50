"""The findings of a review, laid on pages. Pure functions.

Slack counts the blocks of a message and their characters (``msg_blocks_too_long`` from about 13,000, counted over the
JSON rather than the visible text), so findings are laid on pages, one message each: in full on the first ones, and what
has no room there in one line each on the last. The heaviest findings get the room; all are shown in the order of the
text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk.presenting import QUOTE_LENGTH, WORDS_LENGTH, Numbered, clause_wording, numbered, short_line, shortened
from bot.slack.blocks import (
    Block,
    literal,
    plain_context,
    plain_section,
    quotation,
    quoted,
    rich_text,
    section,
    size,
    text,
)
from bot.slack.words import thread as words
from rules.guideline import Guideline
from rules.model import Level, Review


@dataclass(frozen=True, slots=True)
class Room:
    """How much is shown in full: ``pages`` of ``size`` characters of JSON and ``findings`` findings each."""

    pages: int
    size: int
    findings: int


THREAD: Final = Room(pages=2, size=7_500, findings=17)
"""Slack takes 50 blocks a message. A finding takes two, with its button, and head and foot need the rest. A message
takes a second to post, and nobody mends thirty findings in one go."""
MODAL: Final = Room(pages=1, size=5_000, findings=40)
"""Findings in full and in short share one view, or one answer to a command."""


Below = Callable[[Numbered], Block | None]
"""What stands below a finding shown in full."""


def nothing_below(_each: Numbered) -> None:
    """Put nothing there."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages, and the findings that are on them in short or not at all: nothing can stand below those."""

    blocks: tuple[tuple[Block, ...], ...]
    in_short: tuple[Numbered, ...]


def lay_out(review: Review, guideline: Guideline, room: Room, below: Below = nothing_below) -> Pages:
    """Lay all findings on pages: none for a review without findings."""
    findings = numbered(review.findings)
    blocks = _Blocks(guideline, below)
    full = _heaviest(findings, blocks, room)
    pages = [tuple(page) for page in _full_pages([each for each in findings if each in full], blocks, room)]
    short = tuple(each for each in findings if each not in full)
    if short:
        pages.append(tuple(_in_short(short, room)))
    return Pages(tuple(pages), short)


_WEIGHT: Final = {level: weight for weight, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Makes the blocks of a finding in full."""

    guideline: Guideline
    below: Below

    def of(self, each: Numbered) -> list[Block]:
        finding = each.finding
        head = [
            text(f"{each.number}. {words.MARK[finding.level]} "),
            *quoted(finding.quote, QUOTE_LENGTH),
            text(f"　{words.LEVEL[finding.level]}"),
        ]
        reason = [*literal(shortened(finding.message, WORDS_LENGTH))]
        if finding.suggestion:
            reason += [text("\n→ "), *literal(shortened(finding.suggestion, WORDS_LENGTH))]
        in_full = rich_text(section(*head), *self._clauses(finding.clauses), *([section(*reason)] if reason else []))
        extra = self.below(each)
        return [in_full, extra] if extra else [in_full]

    def _clauses(self, labels: Sequence[str]) -> Iterator[Block]:
        """Quote the clauses in their official wording."""
        for label in labels:
            wording = clause_wording(label, self.guideline)
            yield quotation(text(label, bold=True), *([text(f"「{wording}」")] if wording else []))


def _heaviest(findings: Sequence[Numbered], blocks: _Blocks, room: Room) -> set[Numbered]:
    """Choose the findings to show in full, by weight and then by place, as long as there is room."""
    chosen: set[Numbered] = set()
    left = room.pages * room.size
    for each in sorted(findings, key=lambda each: _WEIGHT[each.finding.level]):
        left -= size(blocks.of(each))
        if left < 0 or len(chosen) == room.pages * room.findings:
            break
        chosen.add(each)
    return chosen


def _full_pages(findings: Sequence[Numbered], blocks: _Blocks, room: Room) -> Iterator[list[Block]]:
    """Fill one page after the other; what does not fill the last allowed page exactly may open one more."""
    first_advice = next((each for each in findings if each.finding.level is Level.NOTE), None)
    page: list[Block] = []
    shown = filled = 0
    for each in findings:
        in_full = blocks.of(each)
        if page and (filled + size(in_full) > room.size or shown == room.findings):
            yield page
            page, shown, filled = [], 0, 0
        if each is first_advice:
            page += [{"type": "divider"}, plain_context(words.ADVICE)]
        page += in_full
        shown += 1
        filled += size(in_full)
    if page:
        yield page


def _in_short(findings: Sequence[Numbered], room: Room) -> Iterator[Block]:
    """Give one line each to findings without room, and an honest count of those for which even that is too much."""
    lines = [short_line(each) for each in findings]
    while (length := size(_lines(lines))) > room.size:
        lines = lines[: (len(lines) - 1) * room.size // length]
    yield {"type": "divider"}
    yield plain_section(words.in_short(len(findings)))
    yield _lines(lines)
    if left_out := len(findings) - len(lines):
        yield plain_section(words.left_out(left_out))


def _lines(lines: Sequence[str]) -> Block:
    return rich_text(section(*literal("\n".join(lines))))
