"""What people are called: as the activity names them that they sent, else as the connector says."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

import structlog

from bot.desk import Place
from bot.faults import describe
from bot.teams.connector import Connector
from bot.teams.spot import Json, Spot, actor_of, part, string
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

REMEMBERED: Final = 5_000
"""People whose names are kept in memory; nowhere else."""
ASKING_SECONDS: Final = 2.0
"""How long a card may wait for names: it is right without them."""


class People:
    """Remembers names. A name is an ornament: whoever cannot be named is called by what they are."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    def met(self, spot: Spot, activity: Json) -> None:
        """Note what somebody is called who has just sent this activity."""
        self._note(spot, actor_of(activity), string(part(activity, "from").get("name")))

    async def names(self, spot: Spot, people: Collection[str]) -> Mapping[str, str]:
        """Return the names of those who can be named, by id."""
        unknown = [person for person in sorted(people) if (spot.place.team, person) not in self._known]
        if unknown:
            await self._ask(spot, unknown)
        known = {person: self._known.get((spot.place.team, person), "") for person in people}
        return {person: name for person, name in known.items() if name}

    async def names_by_draft(self, spot: Spot, people: Mapping[Place, Collection[str]]) -> Mapping[str, str]:
        """Return the names of people of several drafts, each asked for in the channel of theirs; soon, if not all.

        ``spot`` is anywhere in the town.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(ASKING_SECONDS):
                for place, concerned in people.items():
                    await self.names(replace(spot, place=place), concerned)
        everybody = {person for concerned in people.values() for person in concerned}
        known = {person: self._known.get((spot.place.team, person), "") for person in everybody}
        return {person: name for person, name in known.items() if name}

    async def _ask(self, spot: Spot, people: Collection[str]) -> None:
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                for person in people:
                    self._note(spot, person, await self._connector.name(spot, person))
        except (RetryLater, TimeoutError) as error:
            log.info("not_named", place=spot.place.key, **describe(error))

    def _note(self, spot: Spot, person: str, name: str) -> None:
        if not (person and name):
            return
        self._known[spot.place.team, person] = name
        self._known.move_to_end((spot.place.team, person))
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
