"""Lists in the chat with the bot: drafts, the town's words, rules and clauses. Pure functions.

They are shown to people who may see what is in them, one person at a time; words of drafts stand in runs only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from bot.desk import Allowance, Page, Place, Summary
from bot.desk.filters import PAGE, Filter, Leaf
from bot.desk.presenting import WORDS_LENGTH, moment, shortened
from bot.desk.remit import Remit
from bot.teams import words
from bot.teams.elements import (
    MOST,
    Card,
    Element,
    actions,
    bold,
    card,
    choice,
    container,
    date_field,
    execute,
    heading,
    link,
    name,
    paragraph,
    person_field,
    quotation,
    quoted,
    run,
    sentence,
    size,
    small,
    toggle,
)
from rules.guideline import Clause, Guideline
from rules.model import Topic
from rules.rulebook import Rule, Rulebook

HISTORY: Final = "history"
"""Its data is a ``Leaf``."""
NARROW: Final = "narrow"
WORDS: Final = "words"
REVOKE: Final = "revoke"
"""Its data says ``allowance``, its id."""
RULES: Final = "rules"

STATES: Final = "states"
AUTHOR: Final = "author"
FIRST: Final = "first"
LAST: Final = "last"
"""Names of fields."""

WORDS_PAGE: Final = 10
RULES_PAGE: Final = 40
EXCERPT: Final = 40
"""Characters of a draft that tell it from others."""
REASON_LENGTH: Final = 200
STRANGE: Final = 5
"""Words not understood that are repeated."""
EXAMPLES: Final = 2
WORDING_LENGTH: Final = 4_000

Names = Mapping[str, str]

_NARROW_PART: Final = "narrow-part"


def _turning(verb: str, previous: Mapping[str, Any] | None, following: Mapping[str, Any] | None) -> list[Element]:
    """Return the row of buttons that turn a list, each with what it says of its page; nothing to turn: no row."""
    turns = ((words.PREVIOUS_PAGE, previous), (words.NEXT_PAGE, following))
    buttons = [execute(verb, label, data, fields=False, old_clients=False) for label, data in turns if data is not None]
    return [actions(*buttons)] if buttons else []


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def history_card(leaf: Leaf, page: Page, names: Names, note: str = "") -> Card:
    """Return one page of the history, with fields to narrow it."""
    return card(
        heading(words.HISTORY),
        sentence(_conditions(leaf.filter, names)),
        *([small(note)] if note else []),
        *_drafts(leaf, page, names),
        actions(toggle(words.FILTER, _NARROW_PART)),
        container(*_narrowing(), id=_NARROW_PART, isVisible=False),
    )


def named_in(page: Page) -> dict[Place, set[str]]:
    """Return whom a page names, by draft."""
    return {
        summary.place: {
            *((summary.author,) if summary.author else ()),
            *((summary.decision.actor,) if summary.decision else ()),
        }
        for summary in page.summaries
    }


def _conditions(conditions: Filter, names: Names) -> str:
    who = name(names, conditions.author) if conditions.author else words.EVERYBODY
    states = "・".join(named for state, named in words.STATE.items() if state in conditions.states)
    return f"{who}　{states or words.EVERY_STATE}　{words.span(conditions.first, conditions.last)}"


def _drafts(leaf: Leaf, page: Page, names: Names) -> Iterator[Element]:
    if not page.summaries:
        yield sentence(words.NOTHING_FOUND)
        return
    yield from (_draft(summary, names) for summary in page.summaries)
    first = len(leaf.cursors) * PAGE + 1
    yield small(words.shown_of(first, first + len(page.summaries) - 1, page.total))
    previous = leaf.previous().as_json() if leaf.cursors else None
    following = leaf.next(page.cursor).as_json() if page.cursor else None
    yield from _turning(HISTORY, previous, following)


def _draft(summary: Summary, names: Names) -> Element:
    """Say of a draft how it stands, whose it is and since when; and how it begins."""
    edition = words.edition(summary.latest.number if summary.latest else summary.versions)
    author = f"{name(names, summary.author)}　" if summary.author else ""
    line = paragraph(
        run(f"{words.STATE_MARK[summary.state]} "),
        bold(words.STATE[summary.state]),
        run(f"　{author}{moment(summary.created_at)}　{edition}　"),
        link(words.OPEN_THREAD, address(summary.place)),
    )
    decided = []
    if decision := summary.decision:
        who = name(names, decision.actor, words.SUPERVISOR)
        kind = words.DECISION[decision.kind]
        decided.append(small(f"{words.DECIDED_AS}{kind}　{who}　{moment(decision.at)}"))
    written = shortened(summary.latest.text, EXCERPT) if summary.latest else ""
    return container(line, *decided, quotation(sentence(written or words.NO_TEXT)), separator=True)


def address(place: Place) -> str:
    """Return the address of a draft's message, as Teams copies it."""
    asked = urlencode({"tenantId": place.team, "parentMessageId": place.thread})
    return (
        f"https://teams.microsoft.com/l/message/{quote(place.channel, safe='')}/{quote(place.thread, safe='')}?{asked}"
    )


def _narrowing() -> Iterator[Element]:
    states = [(named, state.value) for state, named in words.STATE.items()]
    yield choice(STATES, words.FILTER_STATES, states, isMultiSelect=True)
    yield person_field(AUTHOR, words.FILTER_AUTHOR)
    yield date_field(FIRST, words.FILTER_FIRST)
    yield date_field(LAST, words.FILTER_LAST)
    yield actions(execute(NARROW, words.FILTER, {}, old_clients=False))


def not_understood_card(strange: Sequence[str]) -> Card:
    """Say which words mean nothing to us, and show by example what does."""
    repeated = "　".join(shortened(word, EXCERPT) for word in strange[:STRANGE])
    return card(sentence(f"{words.not_understood(len(strange))}{repeated}"), small(words.FILTER_EXAMPLE))


def saved_card(file: str) -> Card:
    """Say that the record was saved, and open the ``file`` where its address is known."""
    return card(sentence(words.EXPORT_SAVED), *([paragraph(link(words.OPEN_FILE, file))] if file else []))


# ── the town's words ─────────────────────────────────────────────────────────────────────────────────────────────────


def words_card(  # noqa: PLR0913 - what the list is made of
    allowances: Collection[Allowance], page: int, remit: Remit, titles: Names, names: Names, *, note: str = ""
) -> Card:
    """List words that are allowed, the newest first; below those that this person may take back stands how.

    ``titles`` are those of rules, by id.
    """
    newest = sorted(allowances, key=lambda allowance: allowance.id, reverse=True)
    start = min(max(page, 0), max(0, len(newest) - 1) // WORDS_PAGE) * WORDS_PAGE
    shown = newest[start : start + WORDS_PAGE]
    notes = [container(sentence(note), style="accent")] if note else []
    if not newest:
        return card(heading(words.WORDS), *notes, sentence(words.NO_WORDS))
    current = start // WORDS_PAGE
    listed = [_allowance(each, remit, titles.get(each.rule, each.rule), names) for each in shown]
    if size(listed) > MOST * 3 // 4:  # reasons full of marks that have to be spelled out to be harmless
        listed = [_allowance(each, remit, titles.get(each.rule, each.rule), names, EXCERPT) for each in shown]
    return card(
        heading(words.WORDS),
        *notes,
        *listed,
        small(words.shown_of(start + 1, start + len(shown), len(newest))),
        *_turning(
            WORDS,
            {"page": current - 1} if current else None,
            {"page": current + 1} if start + WORDS_PAGE < len(newest) else None,
        ),
    )


def _allowance(allowance: Allowance, remit: Remit, rule: str, names: Names, longest: int = REASON_LENGTH) -> Element:
    what = paragraph(*quoted(allowance.phrase, EXCERPT), run(f"　{rule}"))
    who = name(names, allowance.actor, words.SUPERVISOR)
    reason = shortened(allowance.reason, longest) or words.NO_REASON
    why = sentence(f"{who}{words.ALLOWED_BY}{moment(allowance.at)}{words.ALLOWED_ON}{reason}")
    if not remit.covers(allowance.origin.channel):
        return container(what, why, separator=True)
    part = f"revoke-{allowance.id}"
    press = execute(REVOKE, words.REVOKE, {"allowance": allowance.id}, "destructive", fields=False, old_clients=False)
    asked = container(sentence(words.REVOKE_CONFIRM), actions(press), id=part, isVisible=False)
    return container(what, why, actions(toggle(words.REVOKE, part)), asked, separator=True)


# ── rules and clauses ────────────────────────────────────────────────────────────────────────────────────────────────


def rules_card(rulebook: Rulebook, page: int) -> Card:
    """List rules by topic, with level and title."""
    ordered = [rule for topic in Topic for rule in rulebook.rules if rule.topic is topic]
    start = min(max(page, 0), max(0, len(ordered) - 1) // RULES_PAGE) * RULES_PAGE
    shown = ordered[start : start + RULES_PAGE]
    current = start // RULES_PAGE
    return card(
        heading(words.RULES),
        *(element for topic in Topic for element in _topic(topic, shown)),
        small(words.shown_of(start + 1, start + len(shown), len(ordered))),
        small(words.rules_version(rulebook.version)),
        *_turning(
            RULES,
            {"page": current - 1} if current else None,
            {"page": current + 1} if start + RULES_PAGE < len(ordered) else None,
        ),
    )


def _topic(topic: Topic, rules: Sequence[Rule]) -> Iterator[Element]:
    own = [rule for rule in rules if rule.topic is topic]
    if own:
        yield paragraph(bold(words.TOPIC[topic]), spacing="Medium")
        yield from (sentence(f"{words.MARK[rule.level]} {rule.title}") for rule in own)


def clause_card(guideline: Guideline, clause: Clause, rules: Sequence[Rule]) -> Card:
    """Quote a clause word for word, and say what is checked by it, with examples."""
    title = f"{clause.label}　{clause.heading}" if clause.heading else clause.label
    head = (small(guideline.name), paragraph(bold(title)))
    wording = quotation(sentence(clause.text[:WORDING_LENGTH] or words.HEADING_ONLY))
    if clause.unchecked:
        return card(*head, wording, sentence(f"{words.UNCHECKED}{clause.unchecked}"))
    topics = "・".join(words.TOPIC[topic] for topic in guideline.topics_of(clause.label))
    checked = [sentence(f"{words.CHECKED}{topics}")] if topics else []
    return card(*head, wording, *checked, *_examples(guideline, clause, rules))


def _examples(guideline: Guideline, clause: Clause, rules: Sequence[Rule]) -> Iterator[Element]:
    citing = [rule for rule in rules if clause.label in guideline.cite(rule.topic, rule.id, rule.level)]
    own = [rule for rule in citing if rule.topic in guideline.topics_of(clause.label)]
    if citing:
        yield sentence(words.EXAMPLES)
    for rule in (own or citing)[:EXAMPLES]:
        told = small(f"{words.MARK[rule.level]} {words.LEVEL[rule.level]}：{rule.title}")
        yield quotation(sentence(shortened(rule.hits[0].text, WORDS_LENGTH)), told)


def clauses_card(guideline: Guideline, written: str) -> Card:
    """Say which clauses there are, to somebody who named none of them."""
    labels = "、".join(clause.label for clause in guideline.clauses)
    head = [sentence(words.no_such_clause(guideline.name))] if written else []
    listed = sentence(f"{words.CLAUSES}{labels}")
    return card(*head, paragraph(bold(guideline.name)), listed, small(words.CLAUSE_EXAMPLE))


# ── help ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def help_card() -> Card:
    """Explain what there is to use."""
    commands = (paragraph(bold(command), run(f"　{meaning}")) for command, meaning in words.COMMANDS.items())
    return card(
        heading(words.HELP_HEAD),
        *map(sentence, words.HELP),
        paragraph(bold(words.COMMANDS_HEAD), spacing="Medium"),
        *commands,
    )
