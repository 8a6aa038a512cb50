"""The Home tab: how drafts stand, for supervisors with what the town's rules did, for staff their own drafts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final, Self

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.desk import JAPAN, ClauseFigures, Desk, Dispute, DraftState, Page, Query, RuleFigures
from bot.desk.filters import PAGE, Filter, Leaf
from bot.desk.periods import month_of
from bot.desk.presenting import shortened
from bot.desk.remit import Remit
from bot.faults import describe
from bot.history import Item
from bot.slack.blocks import (
    Block,
    View,
    actions,
    as_json,
    link,
    literal,
    plain,
    plain_context,
    plain_section,
    quotation,
    quoted,
    rich_text,
    section,
    text,
    user,
)
from bot.slack.client import Slack, SlackError
from bot.slack.commands import Chosen
from bot.slack.events import SURFACE
from bot.slack.lists import Link, page_blocks
from bot.slack.paging import listen_to_turning, turning
from bot.slack.reference import rule_titles
from bot.slack.supervisors import CannotTell, Supervisors
from bot.slack.words import commands as words
from bot.slack.words import thread
from bot.worker import RetryLater
from rules.rulebook import Rulebook

log: Final = structlog.get_logger(__name__)

HOME: Final = "home"
"""Kind of item: somebody opened the Home tab."""
FILTER: Final = "sns_check_home_filter"
TURN: Final = "sns_check_home"
"""Beginning of the action ids of the buttons that turn the pages."""
TURN_MONTH: Final = "sns_check_home_month"
"""The same of the buttons that turn the months."""
EVERY_STATE: Final = "all"
DISPUTES: Final = 5
CLAUSES: Final = 20
RULES: Final = 10
QUOTE_LENGTH: Final = 40
REASON_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody looks at in the tab: a page of drafts, and the figures of a month.

    ``month`` is its first day, ``None``: the current one, also when the tab is opened again in the next.
    """

    leaf: Leaf
    month: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the view and its buttons carry."""
        return {**self.leaf.as_json(), "month": self.month and self.month.isoformat()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read back what ``as_json`` returned."""
        month = value.get("month")
        return cls(Leaf.from_json(value), date.fromisoformat(month) if month else None)


@dataclass(frozen=True, slots=True)
class Month:
    """The clauses that were cited in the drafts of a month, and the months before and after that have figures."""

    first: date
    clauses: Sequence[ClauseFigures]
    previous: date | None
    following: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What supervisors see beside the drafts. ``month`` and ``rules`` are the whole town's."""

    counts: Mapping[DraftState, int]
    disputes: Sequence[Dispute]
    month: Month
    rules: Sequence[RuleFigures]
    titles: Mapping[str, str]
    """Of rules, by id."""


# ── what is seen ─────────────────────────────────────────────────────────────────────────────────────────────────────


def home_view(shown: Shown, page: Page, address: Link, overview: Overview | None, note: str = "") -> View:
    """Return the Home tab; ``overview`` makes it a supervisor's."""
    head = {"type": "header", "text": plain(words.HOME_SUPERVISOR if overview else words.HOME_STAFF)}
    counts = [plain_section(_counts(overview.counts))] if overview else []
    notes = [plain_context(note)] if note else []
    listed = page_blocks(shown.leaf, page, address, TURN, partial(_with_month, shown.month))
    drafts = [*notes, *counts, _filter(shown), *listed]
    figures = _figures(shown, overview, address) if overview else []
    return {
        "type": "home",
        "private_metadata": as_json(shown.as_json()),
        "blocks": [head, *drafts, *figures, plain_context(words.HOME_HINT)],
    }


def _counts(counts: Mapping[DraftState, int]) -> str:
    return "　".join(f"{words.STATE_MARK[state]} {words.STATE[state]} {count}" for state, count in counts.items())


def _with_month(month: date | None, leaf: Leaf) -> Mapping[str, Any]:
    return Shown(leaf, month).as_json()


def _filter(shown: Shown) -> Block:
    states = shown.leaf.filter.states
    options = {EVERY_STATE: words.EVERY_STATE, **{state.value: name for state, name in words.STATE.items()}}
    chosen = next(iter(states)).value if states else EVERY_STATE
    menu = {
        "type": "static_select",
        "action_id": FILTER,
        "placeholder": plain(words.HOME_SHOW),
        "options": [_option(value, name) for value, name in options.items()],
        "initial_option": _option(chosen, options[chosen]),
    }
    return actions("filter", menu)


def _option(value: str, name: str) -> Block:
    return {"text": plain(name), "value": as_json({"state": value})}


def _figures(shown: Shown, overview: Overview, address: Link) -> list[Block]:
    return [
        *([_title(words.OPEN_DISPUTES), *_disputes(overview.disputes, address)] if overview.disputes else ()),
        *_clauses(shown, overview.month),
        *([_title(words.RULES_DISPUTED), plain_section(_rules(overview))] if overview.rules else ()),
    ]


def _title(words_of_ours: str) -> Block:
    return rich_text(section(text(words_of_ours, bold=True)))


def _disputes(disputes: Sequence[Dispute], address: Link) -> list[Block]:
    shown = [
        rich_text(
            section(
                *quoted(dispute.finding.quote, QUOTE_LENGTH),
                text("　"),
                user(dispute.actor),
                text("　"),
                link(address(dispute.place), words.OPEN_THREAD),
            ),
            quotation(*literal(shortened(dispute.reason, REASON_LENGTH))),
        )
        for dispute in disputes[:DISPUTES]
    ]
    more = len(disputes) - len(shown)
    return [*shown, *([plain_context(thread.more(more))] if more else ())]


def _clauses(shown: Shown, month: Month) -> list[Block]:
    most = sorted(month.clauses, key=lambda clause: (-clause.block, -clause.warn, clause.clause))[:CLAUSES]
    lines = "\n".join(words.clause_line(clause) for clause in most) or words.NO_FINDINGS
    previous, following = (
        Shown(shown.leaf, first).as_json() if first else None for first in (month.previous, month.following)
    )
    turns = turning(TURN_MONTH, previous, following, (words.PREVIOUS_MONTH, words.NEXT_MONTH))
    return [_title(words.clauses_of_month(month.first)), plain_section(lines), *turns]


def _rules(overview: Overview) -> str:
    most = sorted(overview.rules, key=lambda rule: (not rule.often_disputed, -rule.disputed, rule.rule))[:RULES]
    lines = []
    for rule in most:
        lines.append(words.rule_line(overview.titles.get(rule.rule, ""), rule))
        if rule.often_disputed:
            lines.append(f"　{words.OFTEN_DISPUTED}")
    return "\n".join(lines)


# ── when it is shown ─────────────────────────────────────────────────────────────────────────────────────────────────


async def home_opened(body: Mapping[str, Any], received_at: datetime) -> Item | None:
    """Read ``app_home_opened``: what to store, so that the tab is brought up to date."""
    event = body["event"]
    user_id, team = str(event.get("user") or ""), str(body.get("team_id") or "")
    if event.get("tab") != "home" or not user_id:
        return None
    shown = (event.get("view") or {}).get("private_metadata") or ""
    return Item(
        key=f"{SURFACE}/{team}/home/{user_id}/{body.get('event_id')}",
        surface=SURFACE,
        kind=HOME,
        place=f"{SURFACE}/{team}/home/{user_id}",
        order=received_at.timestamp(),
        received_at=received_at,
        payload={"user": user_id, "team": team, "shown": shown},
    )


class Home:
    """Shows the Home tab when it is opened, filtered and turned. Handles ``HOME``."""

    def __init__(
        self,
        desk: Desk,
        slack: Slack,
        supervisors: Supervisors,
        clock: Callable[[], datetime],
        load: Callable[[], Rulebook] = Rulebook.load,
    ) -> None:
        self._desk = desk
        self._slack = slack
        self._supervisors = supervisors
        self._clock = clock
        self._load = load

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.action(FILTER)(self.filtered)
        listen_to_turning(app, TURN, self.turned)
        listen_to_turning(app, TURN_MONTH, self.turned)

    async def handle(self, item: Item) -> None:
        """Show the tab to who opened it, with the filter that it had."""
        before = item.payload["shown"]
        shown = Shown(Leaf(Filter.from_json(json.loads(before)["filter"]))) if before else None
        await self._show(item.payload["user"], item.payload["team"], shown)

    async def give_up(self, item: Item) -> None:
        """Say nothing: whoever opens the tab again tries again."""
        log.warning("home_not_shown", item=item.key)

    async def filtered(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Show the drafts of one state, or of all; the month stays."""
        await ack()
        chosen = Chosen.of(body)
        state = chosen.value["state"]
        states = frozenset() if state == EVERY_STATE else frozenset({DraftState(state)})
        month = Shown.from_json(json.loads(body["view"]["private_metadata"])).month
        await self._try_to_show(chosen, Shown(Leaf(Filter(states=states)), month))

    async def turned(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Show another page, or another month."""
        await ack()
        chosen = Chosen.of(body)
        await self._try_to_show(chosen, Shown.from_json(chosen.value))

    async def _try_to_show(self, chosen: Chosen, shown: Shown) -> None:
        try:
            await self._show(chosen.user, chosen.team, shown)
        except (SlackError, RetryLater) as error:
            log.warning("home_not_shown", **describe(error))

    async def _show(self, user_id: str, team: str, shown: Shown | None) -> None:
        await self._slack.publish_home(user_id, await self._view(user_id, team, shown))

    async def _view(self, user_id: str, team: str, shown: Shown | None) -> View:
        remit, note = await self._remit(user_id, team)
        waiting = Filter(states=frozenset({DraftState.WAITING}))
        shown = shown or Shown(Leaf(waiting if remit else Filter()))
        leaf = shown.leaf
        page = await self._desk.search(leaf.filter.query(SURFACE, team, user_id, remit), limit=PAGE, cursor=leaf.cursor)
        overview = await self._overview(user_id, team, remit, shown.month) if remit else None
        identity = await self._slack.identity()
        return home_view(shown, page, identity.link, overview, note)

    async def _remit(self, user_id: str, team: str) -> tuple[Remit, str]:
        try:
            return await self._supervisors.remit(user_id, team), ""
        except CannotTell:
            return Remit(everything=False, channels=frozenset()), words.HOME_UNKNOWN

    async def _overview(self, user_id: str, team: str, remit: Remit, month: date | None) -> Overview:
        counts = {}
        for state in DraftState:
            query = Filter(states=frozenset({state})).query(SURFACE, team, user_id, remit)
            counts[state] = (await self._desk.search(query, limit=1)).total
        disputes = await self._desk.disputes_open(SURFACE, team)
        return Overview(
            counts=counts,
            disputes=[dispute for dispute in disputes if remit.covers(dispute.place.channel)],
            month=await self._month(team, month),
            rules=[figures for figures in await self._desk.rule_figures(SURFACE, team) if figures.disputed],
            titles=await rule_titles(self._load),
        )

    async def _month(self, team: str, wanted: date | None) -> Month:
        """Return the figures of a month, by default of the current one."""
        this_month = month_of(self._clock().astimezone(JAPAN).date())[0]
        first, last = month_of(min(wanted or this_month, this_month))
        earlier = Query(SURFACE, team, until=datetime.combine(first, time(), JAPAN))
        has_earlier = (await self._desk.search(earlier, limit=1)).total
        return Month(
            first=first,
            clauses=await self._desk.clause_figures(SURFACE, team, first),
            previous=month_of(first - timedelta(days=1))[0] if has_earlier else None,
            following=last + timedelta(days=1) if first < this_month else None,
        )
