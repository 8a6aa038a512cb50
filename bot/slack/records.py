"""The record in Slack: ``/sns-check history`` and ``/sns-check export``, and who may see what of it."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.desk import JAPAN, Desk, Record
from bot.desk.filters import PAGE, Filter, Leaf, NotUnderstood
from bot.export import csv_of
from bot.history import Inbox, Item
from bot.slack.blocks import Card, notice_card
from bot.slack.client import Slack, SlackError, retried_when_mended
from bot.slack.commands import Asked, Chosen, privately, show
from bot.slack.direct import CLOCKS_DIFFER, Direct
from bot.slack.events import SURFACE
from bot.slack.lists import history_card, not_understood_card
from bot.slack.paging import listen_to_turning
from bot.slack.supervisors import CannotTell, Supervisors
from bot.slack.words import commands as words
from bot.worker import RetryLater

HISTORY: Final = "sns_check_history"
"""Beginning of the action ids of the buttons that turn its pages."""
EXPORT: Final = "export"
"""Kind of item: a supervisor asked for the record as a file."""
MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
"""A person as Slack escapes them in a command."""


class DraftHistory:
    """``/sns-check history``: supervisors see all drafts that they look after, staff their own."""

    def __init__(self, desk: Desk, slack: Slack, supervisors: Supervisors, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._slack = slack
        self._supervisors = supervisors
        self._clock = clock

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners."""
        listen_to_turning(app, HISTORY, self.turned)

    async def answer(self, asked: Asked) -> Card:
        """Show the first page."""
        try:
            conditions = Filter.read(asked.written, self._clock().astimezone(JAPAN).date(), MENTION)
        except NotUnderstood as error:
            return not_understood_card(error.words)
        return await self._page(asked.user, asked.team, Leaf(conditions))

    async def turned(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Show another page in the place of the one that is turned."""
        await ack()
        chosen = Chosen.of(body)
        card = await privately(self._page(chosen.user, chosen.team, Leaf.from_json(chosen.value)))
        if card:
            await show(respond, card, instead=True)

    async def _page(self, user: str, team: str, leaf: Leaf) -> Card:
        remit = await self._supervisors.remit(user, team)
        seen = Leaf(leaf.filter.visible_to(user, remit), leaf.cursors)
        note = words.OWN_ONLY if leaf.filter.author not in {None, seen.filter.author} else ""
        page = await self._desk.search(leaf.filter.query(SURFACE, team, user, remit), limit=PAGE, cursor=leaf.cursor)
        identity = await self._slack.identity()
        return history_card(seen, page, identity.link, HISTORY, note)


class ExportRequests:
    """``/sns-check export``: takes the request in; the file comes as a direct message."""

    def __init__(self, inbox: Inbox, supervisors: Supervisors, clock: Callable[[], datetime]) -> None:
        self._inbox = inbox
        self._supervisors = supervisors
        self._clock = clock

    async def answer(self, asked: Asked) -> Card:
        """Take in a supervisor's request, and explain to others why not."""
        now = self._clock()
        if not await self._supervisors.remit(asked.user, asked.team):
            return notice_card(words.SUPERVISORS_ONLY[EXPORT])
        try:
            conditions = Filter.read(asked.written, now.astimezone(JAPAN).date(), MENTION)
        except NotUnderstood as error:
            return not_understood_card(error.words)
        key = f"{SURFACE}/export/{asked.user}/{asked.trigger}"
        payload = {"team": asked.team, "user": asked.user, "filter": conditions.as_json()}
        await self._inbox.put(Item(key, SURFACE, EXPORT, key, now.timestamp(), now, payload))
        return notice_card(words.EXPORT_BEGUN)


class Export:
    """Handles ``EXPORT``."""

    def __init__(self, desk: Desk, slack: Slack, supervisors: Supervisors, direct: Direct) -> None:
        self._desk = desk
        self._slack = slack
        self._supervisors = supervisors
        self._direct = direct
        self._names: dict[str, dict[str, str]] = {}
        """By item: what people are called, as far as attempts have found out. Slack lets us ask only so often."""

    async def handle(self, item: Item) -> str | None:
        """Send the file once: a second attempt finds it under its name, which no other request has."""
        team, user = item.payload["team"], item.payload["user"]
        try:
            remit = await self._supervisors.remit(user, team)
        except CannotTell:
            raise RetryLater from None
        if not remit:
            await self._direct.tell(user, item, notice_card(words.SUPERVISORS_ONLY[EXPORT]))
            return None
        query = Filter.from_json(item.payload["filter"]).query(SURFACE, team, user, remit)
        name = file_name(item)
        with retried_when_mended():
            channel = await self._slack.direct_channel(user)
            if name not in await self._slack.uploaded_since(channel, item.received_at - CLOCKS_DIFFER):
                records = [record async for record in self._desk.export(query)]
                table = await self._table(records, self._names.setdefault(item.key, {}))
                await self._slack.upload(channel, name, table, words.EXPORT_DONE)
        self._names.pop(item.key, None)
        return name

    async def give_up(self, item: Item) -> None:
        """Tell who asked that there is no file."""
        self._names.pop(item.key, None)
        await self._direct.tell(item.payload["user"], item, notice_card(words.EXPORT_FAILED))

    async def _table(self, records: list[Record], names: dict[str, str]) -> bytes:
        """Return the file. ``names`` is filled one by one, so that the next attempt goes on where this one ends."""
        identity = await self._slack.identity()
        for user in sorted(_people(records) - names.keys()):
            names[user] = await self._name(user)
        return await asyncio.to_thread(csv_of, records, link=identity.link, name=lambda user: names.get(user, user))

    async def _name(self, user: str) -> str:
        """Return a name with the id, which alone is certain."""
        try:
            name = await self._slack.display_name(user)
        except SlackError:
            name = ""
        return f"{name}（{user}）" if name else user


def file_name(item: Item) -> str:
    """Return the name of the file that a request asks for."""
    asked_at = item.received_at.astimezone(JAPAN)
    digest = hashlib.sha256(item.key.encode()).hexdigest()[:8]
    return f"sns-check_{asked_at:%Y%m%d_%H%M}_{digest}.csv"


def _people(records: list[Record]) -> set[str]:
    authors = {record.author for record in records}
    return authors | {record.decision.actor for record in records if record.decision}
