"""Who is served: the workspace of the bot's token and its people, whatever else Slack may deliver."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.history import Item
from bot.slack.cards import DISPUTE
from bot.slack.client import Identity
from bot.slack.commands import COMMAND
from bot.slack.workspace import OfOurs, is_ours, is_strangers
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, Town
from tests.doubles.slack import Delivery, Kind, Post

OWN = Identity("B1", "U1", "T1", "https://machi.slack.com/")
IN_GRID = Identity("B1", "U1", "T1", "https://machi.slack.com/", "E1")
OTHER = "T0OTHER"


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        ({"type": "event_callback", "team_id": "T1"}, True),
        ({"type": "event_callback", "team_id": "T2"}, False),
        ({"type": "event_callback"}, False),
        ({"type": "event_callback", "team_id": "T2", "context_team_id": "T1"}, True),
        ({"type": "event_callback", "team_id": "T2", "authorizations": [{"team_id": "T1"}]}, True),
        ({"type": "event_callback", "team_id": "T2", "authorizations": [{"team_id": "T3"}, "T1"]}, False),
        ({"command": COMMAND, "team_id": "T1"}, True),
        ({"command": COMMAND, "team_id": "T2"}, False),
        ({"command": COMMAND}, False),
        ({"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U2"}}, True),
        ({"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U2", "team_id": "T1"}}, True),
        ({"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U2", "team_id": "T2"}}, False),
        ({"type": "block_actions", "team": {"id": "T2"}, "user": {"id": "U2", "team_id": "T1"}}, False),
        ({"type": "block_actions", "team": None, "enterprise": {"id": "E1"}, "user": {"id": "U2"}}, False),
    ],
)
def test_whose_a_payload_is(body: dict[str, Any], ours: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_ours(body, OWN) is ours


def test_colleagues_of_the_same_organisation_are_served_and_others_not() -> None:
    body = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U2", "team_id": "T2"}}
    assert is_ours({**body, "enterprise": {"id": "E1"}}, IN_GRID)
    assert not is_ours({**body, "enterprise": {"id": "E2"}}, IN_GRID)
    assert not is_ours({**body, "enterprise": {"id": ""}}, OWN)


@pytest.mark.parametrize(
    ("shared", "event", "strange"),
    [
        (True, {"user_team": "T2", "team": "T2"}, True),
        (True, {"user_team": "T1", "team": "T2"}, False),
        (True, {"message": {"user_team": "T2"}, "previous_message": {}}, True),
        (True, {"previous_message": {"source_team": "T2"}}, True),
        (True, {"message": {"team": "T1"}}, False),
        (True, {}, False),
        (False, {"user_team": "T2"}, False),
    ],
)
def test_who_wrote_in_a_shared_channel(
    shared: bool,  # noqa: FBT001 - what Slack says
    event: dict[str, Any],
    strange: bool,  # noqa: FBT001 - what is expected
) -> None:
    assert is_strangers({"is_ext_shared_channel": shared, "event": event}, "T1") is strange


async def known(town: Town) -> Post:
    """A draft that was answered: from now on the service knows its own workspace."""
    post = town.room.post("U1", BAD)
    await post.answer()
    return post


def told(post: Post, ts: str, changes: dict[str, Any], **event: Any) -> dict[str, Any]:
    """The event of a further message, as another workspace or another person would have it."""
    payload = copy.deepcopy(post.deliveries[0].payload)
    payload.update(event_id=f"Ev{ts}", **changes)
    payload["event"].update(ts=ts, event_ts=ts, **event)
    return payload


async def test_events_of_other_workspaces_and_messages_of_strangers_are_no_drafts(town: Town) -> None:
    post = await known(town)
    foreign = {"team_id": OTHER, "context_team_id": OTHER, "authorizations": []}
    shared = {"is_ext_shared_channel": True}
    for payload in (
        told(post, "1795000001.000100", foreign),
        told(post, "1795000002.000100", shared, user="U0STRANGER", user_team=OTHER, team=OTHER),
    ):
        await town.slack.courier.dispatch(Kind.EVENT, payload).acked()
    await town.room.post("U1", BAD).answer()  # it came after them: they were not just slow
    assert len(await town.desk.recent(10)) == 2


async def test_a_colleagues_message_in_a_shared_channel_is_a_draft_of_ours(town: Town) -> None:
    post = await known(town)
    own = town.slack.identity.team
    changes = {"is_ext_shared_channel": True, "team_id": OTHER, "authorizations": [{"team_id": own, "is_bot": True}]}
    payload = told(post, "1795000003.000100", changes, user_team=own, team=own)
    await town.slack.courier.dispatch(Kind.EVENT, payload).acked()

    async def recorded() -> bool:
        return len(await town.desk.recent(10)) == 2

    await until(recorded)
    assert {summary.place.team for summary in await town.desk.recent(10)} == {own}


def refused(delivery: Delivery) -> bool:
    return delivery.finished and not delivery.acknowledged


async def test_commands_buttons_and_forms_from_elsewhere_are_refused(town: Town) -> None:
    post = await known(town)
    answer = post.answers[0]
    answer.click("U3", DISPUTE)
    form = await town.slack.modal("U3")
    await form.submit({"reason": "事実です"})
    await town.room.command("U1", COMMAND, "help").response()
    originals = {each.payload.get("type", "command"): each for each in town.slack.courier.deliveries}
    calls = len(town.slack.calls())
    for kind, original in originals.items():
        if kind == "event_callback":
            continue
        payload = copy.deepcopy(original.payload)
        payload.update({"team_id": OTHER} if kind == "command" else {"team": {"id": OTHER, "domain": "other"}})
        delivery = town.slack.courier.dispatch(original.kind, payload)
        await town.slack.until(lambda delivery=delivery: refused(delivery), 10, kind)  # type: ignore[misc]
    assert sorted(originals) == ["block_actions", "command", "event_callback", "view_submission"]
    assert [call.method for call in town.slack.calls()[calls:] if call.method.startswith("views.")] == []


class Handled:
    """A handler that remembers what it was given."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    async def handle(self, item: Item) -> str | None:
        self.items.append(item)
        return "posted"

    async def give_up(self, item: Item) -> None:
        self.items.append(item)


async def test_what_was_taken_in_before_anybody_knew_whose_it_was_is_sorted_out_later() -> None:
    async def identity() -> Identity:
        return OWN

    def item(payload: dict[str, Any]) -> Item:
        return Item("k", "slack", "version", "p", 1.0, datetime(2026, 11, 21, tzinfo=UTC), payload)

    handled = Handled()
    handler = OfOurs(handled, identity)
    assert await handler.handle(item({"team": "T2"})) is None
    assert await handler.handle(item({"team": "T1"})) == "posted"
    assert await handler.handle(item({})) == "posted"
    assert [each.payload.get("team") for each in handled.items] == ["T1", None]
