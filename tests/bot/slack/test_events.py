"""Which events concern a draft. Most scenarios use what the Slack double really delivers; here are the rarer ones."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.slack.events import DELETION, VERSION, Deletion, PostedVersion, item_of

Json = dict[str, Any]
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
CHANNELS = {"C01REV"}


def body(**event: Any) -> Json:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event": {"type": "message", "channel": "C01REV", "ts": "1790000000.000100", **event},
    }


def message(**fields: Any) -> Json:
    return {"type": "message", "user": "U1", "ts": "1790000000.000100", "text": "下書きです", **fields}


def changed(now: Json, before: Json) -> Json:
    return body(
        subtype="message_changed",
        message=now,
        previous_message=before,
        ts="1790000060.000200",
        event_ts="1790000060.000200",
    )


EDITED = {"edited": {"user": "U1", "ts": "1790000050.000000"}}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"subtype": "file_share", "text": "", "files": [{"id": "F1"}]},
        {"subtype": "me_message"},
        {"subtype": "thread_broadcast", "thread_ts": "1780000000.000100"},
        {"thread_ts": "1790000000.000100"},
    ],
)
def test_what_a_person_shows_to_the_channel_is_a_draft(fields: Json) -> None:
    item = item_of(body(user="U1", **{"text": "下書き", **fields}), CHANNELS, NOW)
    assert item is not None
    assert (item.kind, item.surface, item.received_at) == (VERSION, "slack", NOW)
    version = PostedVersion.of(item)
    assert version.author == "U1"
    assert version.revision == version.place.thread == "1790000000.000100"
    assert version.place.key == item.place == "slack/T1/C01REV/1790000000.000100"
    assert item.order == 1790000000.0001


def test_the_answer_to_a_broadcast_reply_goes_into_its_thread() -> None:
    item = item_of(body(user="U1", text="案", subtype="thread_broadcast", thread_ts="1780000000.000100"), CHANNELS, NOW)
    assert item is not None
    assert PostedVersion.of(item).thread == "1780000000.000100"


@pytest.mark.parametrize(
    "fields",
    [
        {"user": "U1", "channel": "C99OTHER"},
        {"user": "U1", "thread_ts": "1780000000.000100"},
        {"user": "U1", "bot_id": "B1"},
        {"subtype": "bot_message", "bot_id": "B1"},
        {"user": "USLACKBOT"},
        {"user": "U1", "subtype": "channel_join"},
        {"user": "U1", "subtype": "channel_topic"},
        {"user": "U1", "subtype": "pinned_item"},
        {"user": "U1", "subtype": "message_replied"},
        {"user": "U1", "type": "reaction_added"},
        {"user": None},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"user": "U1", "ts": None},
    ],
)
def test_everything_else_is_not(fields: Json) -> None:
    assert item_of(body(**{"text": "x", **fields}), CHANNELS, NOW) is None


@pytest.mark.parametrize("event", [None, "message", [], {}])
def test_an_event_that_is_none_is_not_a_draft(event: object) -> None:
    assert item_of({"type": "event_callback", "event": event}, CHANNELS, NOW) is None


def test_an_edit_is_a_later_version_at_the_same_place() -> None:
    item = item_of(changed(message(text="直しました", **EDITED), message()), CHANNELS, NOW)
    assert item is not None
    version = PostedVersion.of(item)
    assert (item.kind, version.revision, item.order) == (VERSION, "1790000050.000000", 1790000050.0)
    assert version.place.thread == "1790000000.000100"
    assert version.message["text"] == "直しました"


def test_an_added_or_removed_file_is_an_edit() -> None:
    with_file = message(files=[{"id": "F1", "mode": "snippet"}])
    removed = message(files=[{"id": "F1", "mode": "tombstone"}])
    for now, before in [(with_file, message()), (removed, with_file)]:
        item = item_of(changed(now, before), CHANNELS, NOW)
        assert item is not None
        assert PostedVersion.of(item).revision == "1790000060.000200"


@pytest.mark.parametrize(
    "now",
    [
        message(attachments=[{"from_url": "https://a.example"}]),
        message(reply_count=1, thread_ts="1790000000.000100"),
        message(blocks=[], **EDITED),
        message(text="直した", bot_id="B1", **EDITED),
        message(text="直した", thread_ts="1780000000.000100", **EDITED),
    ],
)
def test_a_change_that_no_author_of_a_draft_made_is_ignored(now: Json) -> None:
    assert item_of(changed(now, message()), CHANNELS, NOW) is None


@pytest.mark.parametrize(
    "event",
    [
        body(
            subtype="message_deleted",
            ts="1790000070.000300",
            deleted_ts="1790000000.000100",
            event_ts="1790000070.000300",
            previous_message=message(),
        ),
        changed({"type": "message", "subtype": "tombstone", "ts": "1790000000.000100", "user": "USLACKBOT"}, message()),
    ],
    ids=["message_deleted", "tombstone"],
)
def test_a_deleted_draft_is_noted(event: Json) -> None:
    item = item_of(event, CHANNELS, NOW)
    assert item is not None
    deletion = Deletion.of(item)
    assert (item.kind, deletion.author) == (DELETION, "U1")
    assert deletion.place.thread == "1790000000.000100"
    assert item.order > 1790000000.0001


def test_deleting_a_reply_or_a_bots_message_is_not() -> None:
    for gone in (message(thread_ts="1780000000.000100"), message(bot_id="B1")):
        event = body(subtype="message_deleted", deleted_ts="1790000000.000100", previous_message=gone)
        assert item_of(event, CHANNELS, NOW) is None


def test_a_repeated_delivery_is_the_same_item() -> None:
    first = item_of(changed(message(text="直した", **EDITED), message()), CHANNELS, NOW)
    again = changed(message(text="直した", **EDITED), message())
    again["event_id"] = "Ev2"
    again["event"]["event_ts"] = "1790000061.000000"
    second = item_of(again, CHANNELS, NOW)
    assert first is not None
    assert second is not None
    assert first.key == second.key


def test_only_what_is_needed_of_a_message_is_kept() -> None:
    file = {"id": "F1", "name": "田中さんの下書き.txt", "mimetype": "text/plain", "preview": "秘密", "user": "U1"}
    item = item_of(body(user="U1", text="a\0b\ud800", files=[file], client_msg_id="x"), CHANNELS, NOW)
    assert item is not None
    assert item.payload["message"] == {"text": "a\ufffdb\ufffd", "files": [{"id": "F1", "mimetype": "text/plain"}]}
