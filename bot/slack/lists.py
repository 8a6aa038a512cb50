"""Lists of drafts: in the history, in the Home tab, in a reminder. Pure functions.

They are shown to people who may see the drafts, one person at a time; words of drafts stand in rich text only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.desk import DraftState, Page, Place, Summary
from bot.desk.filters import PAGE, Filter, Leaf
from bot.desk.presenting import moment, shortened
from bot.desk.texts import storable
from bot.slack.blocks import (
    Block,
    Card,
    link,
    literal,
    plain_context,
    plain_section,
    quotation,
    rich_text,
    section,
    text,
    user,
)
from bot.slack.inbound import mrkdwn
from bot.slack.paging import turning
from bot.slack.words import commands as words
from bot.slack.words import thread

EXCERPT: Final = 40
"""Characters of a draft that tell it from others."""
REMINDED_OF: Final = 15
"""Drafts that a reminder names; the rest is counted."""

Link = Callable[[Place], str]
"""Gives the address of a draft's message."""


def history_card(leaf: Leaf, page: Page, address: Link, action: str, note: str = "") -> Card:
    """Return one page of the history; its buttons call ``action``."""
    head = rich_text(section(text(words.HISTORY, bold=True), text("　"), *filter_elements(leaf.filter)))
    notes = [plain_context(note)] if note else []
    return Card(words.HISTORY, (head, *notes, *page_blocks(leaf, page, address, action)))


def page_blocks(
    leaf: Leaf, page: Page, address: Link, action: str, carried: Callable[[Leaf], Mapping[str, Any]] = Leaf.as_json
) -> list[Block]:
    """Return the drafts of a page, which of them these are, and the buttons to turn it.

    ``carried`` says what a button carries that leads to another page.
    """
    if not page.summaries:
        return [plain_section(words.NOTHING_FOUND)]
    first = len(leaf.cursors) * PAGE + 1
    counted = plain_context(words.shown_of(first, first + len(page.summaries) - 1, page.total))
    lines = [rich_text(*draft_elements(summary, address)) for summary in page.summaries]
    previous = carried(leaf.previous()) if leaf.cursors else None
    following = carried(leaf.next(page.cursor)) if page.cursor else None
    return [*lines, counted, *turning(action, previous, following)]


def draft_elements(summary: Summary, address: Link) -> list[Block]:
    """Return two paragraphs on a draft: how it stands, whose it is and since when; and how it begins."""
    line = [text(f"{words.STATE_MARK[summary.state]} "), text(words.STATE[summary.state], bold=True), text("　")]
    if summary.author:
        line += [user(summary.author), text("　")]
    edition = words.edition(summary.latest.number if summary.latest else summary.versions)
    line.append(text(f"{moment(summary.created_at)}　{edition}　"))
    line.append(link(address(summary.place), words.OPEN_THREAD))
    if decision := summary.decision:
        decided = f"\n{words.DECIDED_AS}{thread.DECISION[decision.kind]}　"
        line += [text(decided), user(decision.actor), text(f"　{moment(decision.at)}")]
    written = shortened(summary.latest.text, EXCERPT) if summary.latest else ""
    return [section(*line), quotation(*(literal(written) or [text(words.NO_TEXT)]))]


def filter_elements(conditions: Filter) -> list[Block]:
    """Say what is listed."""
    who = user(conditions.author) if conditions.author else text(words.EVERYBODY)
    states = "・".join(name for state, name in words.STATE.items() if state in conditions.states)
    when = words.span(conditions.first, conditions.last)
    return [who, text(f"　{states or words.EVERY_STATE}　{when}")]


def not_understood_card(strange: Sequence[str]) -> Card:
    """Say which words mean nothing to us, and show by example what does."""
    quoted = "　".join(shortened(storable(mrkdwn(word)), EXCERPT) for word in strange[:5])
    head = words.not_understood(len(strange))
    return Card(head, (rich_text(section(text(head), *literal(quoted))), plain_section(words.FILTER_EXAMPLE)))


def reminder_card(summaries: Sequence[Summary], hours: int, address: Link) -> Card:
    """List the drafts that wait, the oldest first."""
    held = sum(summary.state is DraftState.HELD for summary in summaries)
    head = words.reminder(len(summaries), held, hours)
    lines = [rich_text(*draft_elements(summary, address)) for summary in summaries[:REMINDED_OF]]
    rest = [plain_context(f"{thread.more(len(summaries) - REMINDED_OF)}。{words.REMINDER_REST}")]
    return Card(head, (plain_section(head), *lines, *(rest if len(summaries) > REMINDED_OF else ())))
