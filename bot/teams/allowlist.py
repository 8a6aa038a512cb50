"""The town's words (今後も問題なしとした言葉) in the chat with the bot: listed for all, taken back by supervisors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot.compare import FindingKey
from bot.desk import Allowance, Desk, Place, Refused
from bot.teams import words
from bot.teams.elements import Card, notice_card
from bot.teams.lists import words_card
from bot.teams.people import People
from bot.teams.showing import Refreshing
from bot.teams.spot import SURFACE, Spot
from bot.teams.supervisors import Supervisors
from rules.rulebook import Rulebook


class AllowList:
    """Shows the allow-list to everybody, and takes words back for supervisors of the channel that they come from."""

    def __init__(
        self,
        *,
        desk: Desk,
        people: People,
        supervisors: Supervisors,
        refreshing: Refreshing,
        load: Callable[[], Rulebook] = Rulebook.load,
    ) -> None:
        self._desk = desk
        self._people = people
        self._supervisors = supervisors
        self._refreshing = refreshing
        self._load = load

    async def answer(self, spot: Spot, user: str) -> Card:
        """Show the first page."""
        return await self._page(spot, user, 0)

    async def turned(self, spot: Spot, user: str, data: Mapping[str, Any]) -> Card:
        """Show another page."""
        return await self._page(spot, user, int(data["page"]))

    async def revoked(self, spot: Spot, user: str, data: Mapping[str, Any]) -> Card:
        """Take words back, and have the cards of the drafts that hold them drawn anew."""
        wanted, town = int(data["allowance"]), spot.place.team
        allowance = _of_town(await self._desk.allowances(SURFACE, town), wanted)
        if allowance is None:
            return await self._page(spot, user, 0, words.REVOKED_BEFORE)
        remit = await self._supervisors.remit(user, town)
        try:
            await self._desk.revoke(wanted, user, is_supervisor=remit.covers(allowance.origin.channel))
        except Refused:
            return notice_card(words.SUPERVISORS_ONLY["revoke"])
        await self._refreshing.wherever(spot, FindingKey.quoting(allowance.rule, allowance.phrase), f"revoked/{wanted}")
        return await self._page(spot, user, 0, words.REVOKED)

    async def _page(self, spot: Spot, user: str, number: int, note: str = "") -> Card:
        allowances = await self._desk.allowances(SURFACE, spot.place.team)
        remit = await self._supervisors.remit(user, spot.place.team)
        rules = (await asyncio.to_thread(self._load)).rules
        titles = {rule.id: rule.title for rule in rules}
        deciders: dict[Place, set[str]] = {}
        for each in allowances:
            deciders.setdefault(each.origin, set()).add(each.actor)
        names = await self._people.names_by_draft(spot, deciders)
        return words_card(allowances, number, remit, titles, names, note=note)


def _of_town(allowances: tuple[Allowance, ...], wanted: int) -> Allowance | None:
    return next((each for each in allowances if each.id == wanted), None)
