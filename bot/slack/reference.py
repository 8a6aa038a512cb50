"""What is checked and why: ``/sns-check rules`` and ``/sns-check clause``. Views are pure functions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.desk import Desk
from bot.desk.channels import ReviewChannels
from bot.desk.clauses import find_clause
from bot.desk.presenting import shortened
from bot.slack.blocks import Block, Card, literal, plain_context, plain_section, quotation, rich_text, section, text
from bot.slack.commands import Asked, Chosen, privately, show
from bot.slack.paging import listen_to_turning, turning
from bot.slack.words import commands as words
from bot.slack.words import thread
from rules.guideline import Clause, Guideline
from rules.model import Topic
from rules.rulebook import Rule, Rulebook

RULES: Final = "sns_check_rules"
"""Beginning of the action ids of the buttons that turn the pages of rules."""
PAGE: Final = 40
EXAMPLES: Final = 2
EXAMPLE_LENGTH: Final = 200
WORDING_LENGTH: Final = 4_000
"""Longer than any clause of a guideline that comes with the program."""


class Reference:
    """Answers what is checked; ``load`` returns all rules."""

    def __init__(self, desk: Desk, channels: ReviewChannels, load: Callable[[], Rulebook] = Rulebook.load) -> None:
        self._desk = desk
        self._channels = channels
        self._load = load

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners."""
        listen_to_turning(app, RULES, self.turned)

    async def rules(self, _asked: Asked) -> Card:
        """List the rules: the first page."""
        return await self._page(0)

    async def turned(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Show another page in the place of the one that is turned."""
        await ack()
        card = await privately(self._page(int(Chosen.of(body).value["page"])))
        if card:
            await show(respond, card, instead=True)

    async def clause(self, asked: Asked) -> Card:
        """Quote a clause of the guideline that holds where it is asked."""
        guideline = await self._desk.guideline(await self._channels.guideline(asked.team, asked.channel))
        clause = find_clause(guideline, asked.text)
        if clause is None:
            return clauses_card(guideline, asked.text)
        return clause_card(guideline, clause, (await self._rulebook()).rules)

    async def _page(self, number: int) -> Card:
        return rules_card(await self._rulebook(), number)

    async def _rulebook(self) -> Rulebook:
        return await asyncio.to_thread(self._load)


async def rule_titles(load: Callable[[], Rulebook]) -> Mapping[str, str]:
    """Return the titles of all rules, by id."""
    return {rule.id: rule.title for rule in (await asyncio.to_thread(load)).rules}


def rules_card(rulebook: Rulebook, page: int) -> Card:
    """List rules by topic, with level and title."""
    ordered = [rule for topic in Topic for rule in rulebook.rules if rule.topic is topic]
    start = page * PAGE
    shown = ordered[start : start + PAGE]
    head = rich_text(section(text(words.RULES, bold=True)))
    topics = [rich_text(*_topic(topic, shown)) for topic in Topic if any(rule.topic is topic for rule in shown)]
    counted = words.shown_of(start + 1, start + len(shown), len(ordered))
    turns = turning(
        RULES, {"page": page - 1} if page else None, {"page": page + 1} if start + PAGE < len(ordered) else None
    )
    return Card(
        words.RULES, (head, *topics, plain_context(f"{counted}　{words.rules_version(rulebook.version)}"), *turns)
    )


def _topic(topic: Topic, rules: Sequence[Rule]) -> list[Block]:
    lines = [f"{thread.MARK[rule.level]} {rule.title}" for rule in rules if rule.topic is topic]
    return [section(text(words.TOPIC[topic], bold=True)), section(text("\n".join(lines)))]


# ── clauses ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def clause_card(guideline: Guideline, clause: Clause, rules: Sequence[Rule]) -> Card:
    """Quote a clause word for word, and say what is checked by it, with examples."""
    heading = f"　{clause.heading}" if clause.heading else ""
    wording = quotation(*literal(clause.text[:WORDING_LENGTH])) if clause.text else quotation(text(words.HEADING_ONLY))
    head = rich_text(section(text(guideline.name), text(f"\n{clause.label}{heading}", bold=True)), wording)
    if clause.unchecked:
        return Card(guideline.name, (head, plain_section(f"{words.UNCHECKED}{clause.unchecked}")))
    topics = "・".join(words.TOPIC[topic] for topic in guideline.topics_of(clause.label))
    checked = [plain_section(f"{words.CHECKED}{topics}")] if topics else []
    examples = list(_examples(guideline, clause, rules))
    shown = [rich_text(section(text(words.EXAMPLES)), *examples)] if examples else []
    return Card(guideline.name, (head, *checked, *shown))


def _examples(guideline: Guideline, clause: Clause, rules: Sequence[Rule]) -> Iterator[Block]:
    citing = [rule for rule in rules if clause.label in guideline.cite(rule.topic, rule.id, rule.level)]
    own = [rule for rule in citing if rule.topic in guideline.topics_of(clause.label)]
    for rule in (own or citing)[:EXAMPLES]:
        yield quotation(*literal(shortened(rule.hits[0].text, EXAMPLE_LENGTH)))
        yield section(text(f"　{thread.MARK[rule.level]} {thread.LEVEL[rule.level]}：{rule.title}"))


def clauses_card(guideline: Guideline, written: str) -> Card:
    """Say which clauses there are, to somebody who named none of them."""
    labels = "、".join(clause.label for clause in guideline.clauses)
    head = [plain_section(words.no_such_clause(guideline.name))] if written else []
    listed = plain_section(f"{guideline.name}\n{words.CLAUSES}{labels}")
    return Card(guideline.name, (*head, listed, plain_context(words.CLAUSE_EXAMPLE)))
