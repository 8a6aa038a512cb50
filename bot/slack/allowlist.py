"""The town's words (今後も問題なしとした言葉): ``/sns-check words`` lists them, supervisors take them back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.compare import FindingKey
from bot.desk import Allowance, Desk, Refused
from bot.desk.presenting import moment, shortened
from bot.desk.remit import Remit
from bot.slack.blocks import (
    Block,
    Card,
    actions,
    button,
    literal,
    notice_card,
    plain,
    plain_context,
    plain_section,
    quoted,
    rich_text,
    section,
    text,
    user,
)
from bot.slack.commands import Asked, Chosen, privately, show
from bot.slack.events import SURFACE
from bot.slack.paging import listen_to_turning, turning
from bot.slack.reference import rule_titles
from bot.slack.refreshing import Refreshing
from bot.slack.supervisors import Supervisors
from bot.slack.words import commands as words
from rules.rulebook import Rulebook

REVOKE: Final = "sns_check_revoke"
TURN: Final = "sns_check_words"
"""Beginning of the action ids of the buttons that turn the pages."""
PAGE: Final = 10
PHRASE_LENGTH: Final = 60
REASON_LENGTH: Final = 200


class AllowList:
    """Shows the allow-list to everybody, and takes words back for supervisors of the channel that they come from."""

    def __init__(
        self,
        desk: Desk,
        supervisors: Supervisors,
        refreshing: Refreshing,
        load: Callable[[], Rulebook] = Rulebook.load,
    ) -> None:
        self._desk = desk
        self._supervisors = supervisors
        self._refreshing = refreshing
        self._load = load

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.action(REVOKE)(self.revoked)
        listen_to_turning(app, TURN, self.turned)

    async def answer(self, asked: Asked) -> Card:
        """Show the first page."""
        return await self._page(asked.user, asked.team, 0)

    async def turned(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Show another page in the place of the one that is turned."""
        await ack()
        chosen = Chosen.of(body)
        card = await privately(self._page(chosen.user, chosen.team, int(chosen.value["page"])))
        if card:
            await show(respond, card, instead=True)

    async def revoked(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Take words back. Done before it is acknowledged, so that Slack sends it again if it was not."""
        chosen = Chosen.of(body)
        card = await privately(self._revoke(chosen))
        await ack()
        if card:
            await show(respond, card, instead=True)

    async def _revoke(self, chosen: Chosen) -> Card:
        wanted = int(chosen.value["allowance"])
        found = await self._desk.allowances(SURFACE, chosen.team)
        allowance = next((each for each in found if each.id == wanted), None)
        if allowance is None:
            return await self._page(chosen.user, chosen.team, 0, words.REVOKED_BEFORE)
        remit = await self._supervisors.remit(chosen.user, chosen.team)
        try:
            await self._desk.revoke(wanted, chosen.user, is_supervisor=remit.covers(allowance.origin.channel))
        except Refused:
            return notice_card(words.SUPERVISORS_ONLY["revoke"])
        key = FindingKey.quoting(allowance.rule, allowance.phrase)
        await self._refreshing.wherever(chosen.team, key, f"{REVOKE}/{wanted}")
        return await self._page(chosen.user, chosen.team, 0, words.REVOKED)

    async def _page(self, user: str, team: str, number: int, note: str = "") -> Card:
        allowances = await self._desk.allowances(SURFACE, team)
        remit = await self._supervisors.remit(user, team)
        return words_card(allowances, number, remit, await rule_titles(self._load), note)


def words_card(
    allowances: Collection[Allowance], page: int, remit: Remit, titles: Mapping[str, str], note: str = ""
) -> Card:
    """List words that are allowed, the newest first, with a button below those that this person may take back.

    ``titles`` are those of rules, by id.
    """
    newest = sorted(allowances, key=lambda allowance: allowance.id, reverse=True)
    start = page * PAGE
    shown = newest[start : start + PAGE]
    notes = [plain_section(note)] if note else []
    if not newest:
        return Card(words.WORDS, (*notes, plain_section(words.NO_WORDS)))
    head = rich_text(section(text(words.WORDS, bold=True)))
    entries = [block for each in shown for block in _entry(each, remit, titles.get(each.rule, each.rule))]
    counted = plain_context(words.shown_of(start + 1, start + len(shown), len(newest)))
    turns = turning(
        TURN, {"page": page - 1} if page else None, {"page": page + 1} if start + PAGE < len(newest) else None
    )
    return Card(words.WORDS, (*notes, head, *entries, counted, *turns))


def _entry(allowance: Allowance, remit: Remit, rule: str) -> list[Block]:
    what = section(*quoted(allowance.phrase, PHRASE_LENGTH), text(f"　{rule}"))
    reason = literal(shortened(allowance.reason, REASON_LENGTH)) or [text(words.NO_REASON)]
    why = section(user(allowance.actor), text(f"{words.ALLOWED_BY}{moment(allowance.at)}{words.ALLOWED_ON}"), *reason)
    entry = rich_text(what, why)
    if not remit.covers(allowance.origin.channel):
        return [entry]
    confirm = {
        "title": plain(words.REVOKE),
        "text": plain(words.REVOKE_CONFIRM),
        "confirm": plain(words.REVOKE),
        "deny": plain(words.CANCEL),
    }
    press = {**button(REVOKE, words.REVOKE, {"allowance": allowance.id}, "danger"), "confirm": confirm}
    return [entry, actions(f"allowance-{allowance.id}", press)]
