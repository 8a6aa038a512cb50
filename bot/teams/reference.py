"""What is checked and why, in the chat with the bot: rules and clauses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Desk
from bot.desk.channels import ReviewChannels
from bot.desk.clauses import find_clause
from bot.teams.elements import Card
from bot.teams.lists import clause_card, clauses_card, rules_card
from bot.teams.spot import Spot
from rules.rulebook import Rulebook


class Reference:
    """Answers what is checked; ``load`` returns all rules."""

    def __init__(self, desk: Desk, channels: ReviewChannels, load: Callable[[], Rulebook] = Rulebook.load) -> None:
        self._desk = desk
        self._channels = channels
        self._load = load

    async def rules(self) -> Card:
        """List the rules: the first page."""
        return rules_card(await self._rulebook(), 0)

    async def turned(self, _spot: Spot, _user: str, data: Mapping[str, Any]) -> Card:
        """Show another page."""
        return rules_card(await self._rulebook(), int(data["page"]))

    async def clause(self, spot: Spot, written: str) -> Card:
        """Quote a clause of the guideline that holds where it is asked."""
        guideline = await self._desk.guideline(await self._channels.guideline(spot.place.team, spot.place.channel))
        clause = find_clause(guideline, written)
        if clause is None:
            return clauses_card(guideline, written)
        return clause_card(guideline, clause, (await self._rulebook()).rules)

    async def _rulebook(self) -> Rulebook:
        return await asyncio.to_thread(self._load)
