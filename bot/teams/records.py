"""The record in Teams: the history in the chat with the bot, the export, and who may see what of it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import httpx
import structlog

from bot.desk import JAPAN, Desk, DraftState, Page, Place, Record
from bot.desk.documents import FileRefused
from bot.desk.filters import PAGE, Filter, Leaf, NotUnderstood
from bot.egress import retry_after
from bot.export import csv_of
from bot.history import Inbox, Item
from bot.teams import words
from bot.teams.connector import Connector, ConnectorError
from bot.teams.elements import Card, notice_card
from bot.teams.files import allowed
from bot.teams.lists import (
    AUTHOR,
    FIRST,
    LAST,
    STATES,
    address,
    history_card,
    named_in,
    not_understood_card,
    saved_card,
)
from bot.teams.people import People
from bot.teams.spot import SURFACE, Json, Spot, actor_of, part, spot_of, string
from bot.teams.supervisors import Supervisors
from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

EXPORT: Final = "export"
"""Kind of item: a supervisor asked for the record as a file."""
UPLOAD: Final = "upload"
"""Kind of item: a supervisor let the bot put the file into their OneDrive."""
DECLINED: Final = "declined"
"""Kind of item: a supervisor did not let it."""

CONSENT: Final = "application/vnd.microsoft.teams.card.file.consent"
LONG_AGO: Final = date(2000, 1, 1)
UPLOAD_SECONDS: Final = 120.0
_BUSY: Final = {408, 425, 429}


class DraftHistory:
    """The history: supervisors see all drafts that they look after, staff their own."""

    def __init__(self, desk: Desk, people: People, supervisors: Supervisors, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._people = people
        self._supervisors = supervisors
        self._clock = clock

    async def answer(self, spot: Spot, user: str, written: str) -> Card:
        """Show the first page of what is asked for."""
        try:
            conditions = Filter.read(written, self._today())
        except NotUnderstood as error:
            return not_understood_card(error.words)
        return await self._page(spot, user, Leaf(conditions))

    async def turned(self, spot: Spot, user: str, data: Mapping[str, Any]) -> Card:
        """Show another page; rights are asked anew."""
        return await self._page(spot, user, Leaf.from_json(data))

    async def narrowed(self, spot: Spot, user: str, data: Mapping[str, Any]) -> Card:
        """Show what the fields of the card ask for."""
        return await self._page(spot, user, Leaf(conditions_of(data, self._today())))

    async def _page(self, spot: Spot, user: str, leaf: Leaf) -> Card:
        team = spot.place.team
        remit = await self._supervisors.remit(user, team)
        seen = Leaf(leaf.filter.visible_to(user, remit), leaf.cursors)
        note = words.OWN_ONLY if leaf.filter.author not in {None, seen.filter.author} else ""
        query = leaf.filter.query(SURFACE, team, user, remit)
        page = await self._desk.search(query, limit=PAGE, cursor=leaf.cursor)
        return history_card(seen, page, await self._names(spot, page, seen.filter.author), note)

    async def _names(self, spot: Spot, page: Page, author: str | None) -> Mapping[str, str]:
        """Return the names of those on the page, each asked for in the channel of their draft."""
        named = await self._people.names_by_draft(spot, named_in(page))
        own = await self._people.names(spot, {author} if author else ())
        return {**named, **own}

    def _today(self) -> date:
        return self._clock().astimezone(JAPAN).date()


def conditions_of(data: Mapping[str, Any], today: date) -> Filter:
    """Return what the fields of the history's card ask for. ``ValueError`` for what no field gives back."""
    states = frozenset(map(DraftState, filter(None, string(data.get(STATES)).split(","))))
    first, last = (_day(string(data.get(field))) for field in (FIRST, LAST))
    if first or last:
        first, last = first or LONG_AGO, last or max(today, first or today)
    return Filter(string(data.get(AUTHOR)) or None, states, first, last)


def _day(written: str) -> date | None:
    return date.fromisoformat(written[:10]) if written else None


class ExportRequests:
    """Takes requests for the record in; the file is offered in the chat."""

    def __init__(self, inbox: Inbox, supervisors: Supervisors, clock: Callable[[], datetime]) -> None:
        self._inbox = inbox
        self._supervisors = supervisors
        self._clock = clock

    async def answer(self, spot: Spot, user: str, written: str, asked: str) -> Card | None:
        """Take in a supervisor's request, and explain to others why not. ``asked`` is the message's id."""
        now = self._clock()
        if not await self._supervisors.remit(user, spot.place.team):
            return notice_card(words.SUPERVISORS_ONLY[EXPORT])
        try:
            conditions = Filter.read(written, now.astimezone(JAPAN).date())
        except NotUnderstood as error:
            return not_understood_card(error.words)
        await self._put(EXPORT, spot, user, asked, {"filter": conditions.as_json()})
        return None

    async def consented(self, activity: Json) -> None:
        """Take in whether the file may be put into somebody's OneDrive: a ``fileConsent/invoke``."""
        spot, value = spot_of(activity), part(activity, "value")
        if spot is None:
            return
        context, info = part(value, "context"), part(value, "uploadInfo")
        details = {
            "filter": Filter.from_json(part(context, "filter")).as_json(),
            "url": string(info.get("uploadUrl")),
            "file": string(info.get("contentUrl")),
            "message": string(activity.get("replyToId")),
        }
        kind = UPLOAD if value.get("action") == "accept" else DECLINED
        await self._put(kind, spot, actor_of(activity), string(context.get("asked")), details)

    async def _put(self, kind: str, spot: Spot, user: str, asked: str, details: Mapping[str, Any]) -> None:
        now = self._clock()
        digest = hashlib.sha256(f"{user}/{asked}".encode()).hexdigest()[:16]
        key = f"{SURFACE}/{kind}/{digest}"
        payload = {"spot": spot.payload(), "user": user, "asked": asked, **details}
        await self._inbox.put(Item(key, SURFACE, kind, key, now.timestamp(), now, payload))


class _Tables:
    """Makes the files of those who may have them."""

    def __init__(self, desk: Desk, people: People, supervisors: Supervisors) -> None:
        self._desk = desk
        self._people = people
        self._supervisors = supervisors

    async def table(self, item: Item) -> bytes | None:
        """Return the file that an item asks for, ``None`` to somebody who is no supervisor (any more)."""
        spot, user = Spot.of(item.payload["spot"]), item.payload["user"]
        remit = await self._supervisors.remit(user, spot.place.team)
        if not remit:
            return None
        query = Filter.from_json(item.payload["filter"]).query(SURFACE, spot.place.team, user, remit)
        records = [record async for record in self._desk.export(query)]
        names = await self._names(spot, records)
        return await asyncio.to_thread(csv_of, records, link=address, name=lambda person: _named(names, person))

    async def _names(self, spot: Spot, records: Collection[Record]) -> Mapping[str, str]:
        by_place: dict[Place, set[str]] = {}
        for record in records:
            decided = {record.decision.actor} if record.decision else set()
            by_place.setdefault(record.place, set()).update({record.author}, decided)
        names: dict[str, str] = {}
        for place, people in by_place.items():
            names.update(await self._people.names(replace(spot, place=place), people - names.keys()))
        return names


def _named(names: Mapping[str, str], person: str) -> str:
    """Return a name with the id, which alone is certain."""
    return f"{names[person]}（{person}）" if person in names else person


class OfferExport:
    """Handles ``EXPORT``: asks in the chat whether the file may be put into the person's OneDrive."""

    def __init__(self, desk: Desk, connector: Connector, people: People, supervisors: Supervisors) -> None:
        self._tables = _Tables(desk, people, supervisors)
        self._connector = connector

    async def handle(self, item: Item) -> str | None:
        """Offer the file. Offered twice it is harmless: it is put there when somebody says yes."""
        spot = Spot.of(item.payload["spot"])
        table = await self._tables.table(item)
        if table is None:
            card = notice_card(words.SUPERVISORS_ONLY[EXPORT])
            return await self._connector.post(spot, card, words.SUPERVISORS_ONLY[EXPORT])
        return await self._connector.send(spot, _offer(item, len(table)))

    async def give_up(self, item: Item) -> None:
        """Tell who asked that there is no file."""
        spot = Spot.of(item.payload["spot"])
        await self._connector.post(spot, notice_card(words.EXPORT_FAILED), words.EXPORT_FAILED)


def _offer(item: Item, length: int) -> dict[str, Any]:
    context = {"filter": item.payload["filter"], "asked": item.payload["asked"]}
    content = {
        "description": words.EXPORT_OFFER,
        "sizeInBytes": length,
        "acceptContext": context,
        "declineContext": context,
    }
    consent = {"contentType": CONSENT, "name": file_name(item), "content": content}
    return {"type": "message", "summary": words.EXPORT_OFFER, "attachments": [consent]}


class SaveExport:
    """Handles ``UPLOAD``."""

    def __init__(
        self,
        desk: Desk,
        http: httpx.AsyncClient,
        connector: Connector,
        people: People,
        supervisors: Supervisors,
    ) -> None:
        self._tables = _Tables(desk, people, supervisors)
        self._http = http
        self._connector = connector

    async def handle(self, item: Item) -> str | None:
        """Put the file where Teams says, and tell who asked. Rights are asked anew."""
        spot = Spot.of(item.payload["spot"])
        table = await self._tables.table(item)
        said = words.SUPERVISORS_ONLY[EXPORT] if table is None else await self._saved(item, spot, table)
        await _take_offer_away(self._connector, item)
        shown = saved_card(_address(item, spot)) if said == words.EXPORT_SAVED else notice_card(said)
        return await self._connector.post(spot, shown, said)

    async def _saved(self, item: Item, spot: Spot, table: bytes) -> str:
        """Put the file there; returns what to say."""
        try:
            url = allowed(item.payload["url"], spot.service_url)
            response = await self._http.put(
                url, content=table, headers=_range(len(table)), follow_redirects=False, timeout=UPLOAD_SECONDS
            )
        except FileRefused:
            return words.EXPORT_FAILED
        except httpx.HTTPError as error:
            raise RetryLater from error
        if response.is_success:
            return words.EXPORT_SAVED
        if response.status_code in _BUSY or response.is_server_error:
            raise RetryLater(retry_after(response))
        log.warning("export_not_saved", status=response.status_code)
        return words.EXPORT_OUTDATED

    async def give_up(self, item: Item) -> None:
        """Tell who asked that there is no file."""
        spot = Spot.of(item.payload["spot"])
        await self._connector.post(spot, notice_card(words.EXPORT_FAILED), words.EXPORT_FAILED)


def _address(item: Item, spot: Spot) -> str:
    """Return where the file can be opened; empty where Teams does not say, or names a place that is not Microsoft's."""
    try:
        return str(allowed(item.payload["file"], spot.service_url))
    except FileRefused:
        return ""


class DropExport:
    """Handles ``DECLINED``."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def handle(self, item: Item) -> str | None:
        """Take the offer away, and say that nothing was saved."""
        await _take_offer_away(self._connector, item)
        card = notice_card(words.EXPORT_REFUSED)
        return await self._connector.post(Spot.of(item.payload["spot"]), card, words.EXPORT_REFUSED)

    async def give_up(self, item: Item) -> None:
        """Nobody waits for it: they have said no."""


async def _take_offer_away(connector: Connector, item: Item) -> None:
    """Take away the card that asked, which was answered and would ask on."""
    with suppress(ConnectorError):
        if message := item.payload["message"]:
            await connector.delete(Spot.of(item.payload["spot"]), message)


def _range(length: int) -> dict[str, str]:
    return {"Content-Type": "text/csv", "Content-Range": f"bytes 0-{length - 1}/{length}"}


def file_name(item: Item) -> str:
    """Return the name of the file that a request asks for."""
    asked_at = item.received_at.astimezone(JAPAN)
    digest = hashlib.sha256(item.key.encode()).hexdigest()[:8]
    return f"sns-check_{asked_at:%Y%m%d_%H%M}_{digest}.csv"
