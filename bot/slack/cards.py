"""An answer → what Slack shows: Block Kit blocks and the line of text for notifications. Pure functions.

Words of a draft are put into ``rich_text`` elements only. Slack takes these literally: they cannot mention anybody,
link, format or unfurl. What a Slack client might still make clickable by itself is set as code. The notification line
has no words of a draft.

Slack counts the blocks of a message and their characters (``msg_blocks_too_long`` from about 13,000, counted over the
JSON rather than the visible text), so an answer is laid on pages, one message each: findings in full on the first ones,
and what has no room there in one line each on the last. The heaviest findings get the room; all are shown in the order
of the text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.compare import solved
from bot.desk import Answer, Unreadable
from bot.slack.words import commands
from bot.slack.words import thread as words
from rules.guideline import Guideline
from rules.model import Finding, Level, Review, Verdict

Block = dict[str, Any]
"""One block of Block Kit, or an element of one."""

PAGE_BLOCKS: Final = 40
"""Findings of a page in full, one block each: Slack takes 50 blocks a message, and head and foot need some."""

QUOTE_LENGTH: Final = 100
SHORT_QUOTE_LENGTH: Final = 20
WORDS_LENGTH: Final = 600
"""Longest reason, suggestion and clause wording shown, in characters: a bound on a page, beyond what rules say."""
SOLVED_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Card:
    """One message: ``text`` is for notifications and screen readers, ``blocks`` is what is seen."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Room:
    """How much is shown in full: ``pages`` of ``size`` characters of JSON each."""

    pages: int
    size: int


_THREAD: Final = _Room(pages=2, size=10_000)
"""Well below what Slack takes. A message takes a second to post, and nobody mends thirty findings in one go."""
_MODAL: Final = _Room(pages=1, size=5_000)
"""Findings in full and in short share one view, or one answer to a command."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A finding with the number under which the reader meets it."""

    number: int
    finding: Finding


def answer_cards(answer: Answer, unseen: Sequence[str] = ()) -> tuple[Card, ...]:
    """Return the messages that answer one version of a draft, at least one. The answer must be ``due``.

    ``unseen`` are the sentences of ``words.unseen`` about what came with the text and was not read.
    """
    review = answer.review
    if review is None:
        return (unreadable_card(answer.unreadable or Unreadable.BROKEN_TEXT),)
    pages = list(_pages(review, answer.guideline, _THREAD)) or [[]]
    next_step = words.NEXT_STEP_CLEAN if review.verdict is Verdict.PASS else words.NEXT_STEP
    pages[0] = [_headline(review), *_solved(answer.previous, review), *pages[0]]
    pages[-1] += _closing((next_step, *unseen), words.footer(answer.guideline.name, answer.number, review.versions))
    return tuple(_card(review, page, number, len(pages)) for number, page in enumerate(pages, 1))


def private_card(review: Review, guideline: Guideline, unseen: Sequence[str] = ()) -> Card:
    """Return the result of a private check, on one page."""
    found = [block for page in _pages(review, guideline, _MODAL) for block in page]
    closing = _closing((*unseen, commands.PRIVATE), words.footer(guideline.name, None, review.versions))
    return _card(review, [_headline(review), *found, *closing], 1, 1)


def _card(review: Review, blocks: Sequence[Block], page: int, pages: int) -> Card:
    if page == 1:
        return Card(_summary(review), tuple(blocks))
    heading = words.continued(page, pages)
    return Card(heading, (_plain_context(heading), *blocks))


def unreadable_card(reason: Unreadable) -> Card:
    """Say in one sentence why a post could not be reviewed."""
    return notice_card(words.UNREADABLE[reason])


def notice_card(sentence: str) -> Card:
    """Return a message of our own words."""
    return Card(sentence, (_plain_section(sentence),))


# ── which findings go where ──────────────────────────────────────────────────────────────────────────────────────────


def _ordered(findings: Iterable[Finding]) -> list[_Numbered]:
    """Give numbers: to what has to be dealt with, then to advice, each in the order of the text."""
    told_apart = sorted(findings, key=lambda finding: (finding.level is Level.NOTE, finding.start, finding.end))
    return [_Numbered(number, finding) for number, finding in enumerate(told_apart, 1)]


_WEIGHT: Final = {level: weight for weight, level in enumerate(Level)}


def _pages(review: Review, guideline: Guideline, room: _Room) -> Iterator[list[Block]]:
    """Lay all findings on pages: none for a review without findings."""
    findings = _ordered(review.findings)
    full = _heaviest(findings, guideline, room)
    yield from _full_pages([each for each in findings if each in full], guideline, room)
    if short := [each for each in findings if each not in full]:
        yield list(_in_short(short, room))


def _heaviest(findings: Sequence[_Numbered], guideline: Guideline, room: _Room) -> set[_Numbered]:
    """Choose the findings to show in full, by weight and then by place, as long as there is room."""
    chosen: set[_Numbered] = set()
    left = room.pages * room.size
    for numbered in sorted(findings, key=lambda each: _WEIGHT[each.finding.level]):
        left -= _size(_finding_block(numbered, guideline))
        if left < 0 or len(chosen) == room.pages * PAGE_BLOCKS:
            break
        chosen.add(numbered)
    return chosen


def _full_pages(findings: Sequence[_Numbered], guideline: Guideline, room: _Room) -> Iterator[list[Block]]:
    """Fill one page after the other; what does not fill the last allowed page exactly may open one more."""
    first_advice = next((each for each in findings if each.finding.level is Level.NOTE), None)
    page: list[Block] = []
    shown = size = 0
    for numbered in findings:
        block = _finding_block(numbered, guideline)
        if page and (size + _size(block) > room.size or shown == PAGE_BLOCKS):
            yield page
            page, shown, size = [], 0, 0
        if numbered is first_advice:
            page += [{"type": "divider"}, _plain_context(words.ADVICE)]
        page.append(block)
        shown += 1
        size += _size(block)
    if page:
        yield page


def _in_short(findings: Sequence[_Numbered], room: _Room) -> Iterator[Block]:
    """Give one line each to findings without room, and an honest count of those for which even that is too much."""
    lines = [_short_line(numbered) for numbered in findings]
    while (size := _size(_lines(lines))) > room.size:
        lines = lines[: (len(lines) - 1) * room.size // size]
    yield {"type": "divider"}
    yield _plain_section(words.in_short(len(findings)))
    yield _lines(lines)
    if left_out := len(findings) - len(lines):
        yield _plain_section(words.left_out(left_out))


def _short_line(numbered: _Numbered) -> str:
    finding = numbered.finding
    quote = _shortened(finding.quote, SHORT_QUOTE_LENGTH)
    where = f"「{quote}」" if quote else words.WHOLE_DRAFT
    return f"{numbered.number}. {words.MARK[finding.level]} {where} {'・'.join(finding.clauses)}"


def _lines(lines: Sequence[str]) -> Block:
    return _rich_text({"type": "rich_text_section", "elements": list(_literal("\n".join(lines)))})


def _size(blocks: object) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


# ── parts of a card ──────────────────────────────────────────────────────────────────────────────────────────────────


def _summary(review: Review) -> str:
    headline = f"{words.VERDICT_MARK[review.verdict]} {words.VERDICT[review.verdict]}"
    counts = _counts(review)
    return f"{headline}（{counts}）" if counts else headline


def _headline(review: Review) -> Block:
    elements = [_text(f"{words.VERDICT_MARK[review.verdict]} "), _text(words.VERDICT[review.verdict], bold=True)]
    if counts := _counts(review):
        elements.append(_text(f"　{counts}"))
    return _rich_text({"type": "rich_text_section", "elements": elements})


def _counts(review: Review) -> str:
    return words.counts(Counter(finding.level for finding in review.findings))


def _finding_block(numbered: _Numbered, guideline: Guideline) -> Block:
    finding = numbered.finding
    head = [
        _text(f"{numbered.number}. {words.MARK[finding.level]} "),
        *_quoted(finding.quote, QUOTE_LENGTH),
        _text(f"　{words.LEVEL[finding.level]}"),
    ]
    reason = [*_literal(_shortened(finding.message, WORDS_LENGTH))]
    if finding.suggestion:
        reason += [_text("\n→ "), *_literal(_shortened(finding.suggestion, WORDS_LENGTH))]
    return _rich_text(
        {"type": "rich_text_section", "elements": head},
        *_clauses(finding.clauses, guideline),
        *([{"type": "rich_text_section", "elements": reason}] if reason else []),
    )


def _clauses(labels: Sequence[str], guideline: Guideline) -> Iterator[Block]:
    """Quote the clauses in their official wording."""
    for label in labels:
        wording = _wording(label, guideline)
        yield {
            "type": "rich_text_quote",
            "elements": [_text(label, bold=True), *([_text(f"「{wording}」")] if wording else [])],
        }


def _wording(label: str, guideline: Guideline) -> str:
    """Return the clause's words; none for a clause that only an older edition had, when a stored review is shown."""
    try:
        clause = guideline.clause(label)
    except KeyError:
        return ""
    return _shortened(clause.text or clause.heading or "", WORDS_LENGTH)


def _closing(notes: Iterable[str], footer: str) -> list[Block]:
    return [_plain_context(line) for line in (*notes, footer)]


def _solved(before: Review | None, now: Review) -> Iterator[Block]:
    """Tell which findings of the former version are gone."""
    gone = solved(before, now) if before else ()
    if gone:
        yield _rich_text({"type": "rich_text_section", "elements": _solved_line(gone)})


def _solved_line(gone: Sequence[Finding]) -> list[Block]:
    line = [_text(words.solved(len(gone)))]
    for finding in gone[:SOLVED_SHOWN]:
        line += _quoted(finding.quote, SHORT_QUOTE_LENGTH, strike=True)
    if len(gone) > SOLVED_SHOWN:
        line.append(_text(words.more(len(gone) - SOLVED_SHOWN)))
    return line


# ── text that can do no harm ─────────────────────────────────────────────────────────────────────────────────────────

_ASCII_RUN: Final = re.compile(r"[!-~]+")
_LOOKS_LIKE_ADDRESS: Final = re.compile(r"://|@|\.[^\W\d_]|\d\.\d+\.\d")
_INVISIBLE_ORDER: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _quoted(quote: str, length: int, *, strike: bool = False) -> list[Block]:
    shown = _shortened(quote, length)
    if not shown:
        return [_text(words.WHOLE_DRAFT)]
    style = {"strike": True} if strike else {"bold": True}
    return [_text("「"), *_literal(shown, **style), _text("」")]


def _literal(text: str, **style: bool) -> Iterator[Block]:
    """Show ``text`` as it stands. What a client could take for an address is set as code: that never becomes a link."""
    shown = 0
    for run in _ASCII_RUN.finditer(text):
        if _LOOKS_LIKE_ADDRESS.search(text, run.start(), run.end() + 1):
            if shown < run.start():
                yield _text(text[shown : run.start()], **style)
            yield _text(run.group(), code=True)
            shown = run.end()
    if shown < len(text):
        yield _text(text[shown:], **style)


def _shortened(text: str, length: int) -> str:
    """One line of at most ``length`` characters; marks that turn the direction of writing are shown, not obeyed."""
    line = " ".join(text[: length * 2].split())
    cut = line[:length] + words.ELLIPSIS if len(line) > length or len(text) > length * 2 else line
    return _INVISIBLE_ORDER.sub(lambda mark: f"[U+{ord(mark.group()):04X}]", cut)


def _text(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, **({"style": dict(style)} if style else {})}


def _rich_text(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _plain_section(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _plain_context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]}
