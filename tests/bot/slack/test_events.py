"""Which events concern a draft. Most scenarios use what the Slack double really delivers; here are the rarer ones."""

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.markers import without_marker
from bot.history import Retraction
from bot.slack.events import (
    DELETION,
    RETRACTION,
    VERSION,
    PostedVersion,
    TakenBack,
    Withdrawal,
    item_of,
)

Json = dict[str, Any]
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BOTS = frozenset[str]()


def body(**event: Any) -> Json:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A01SNSCHECK",
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
        {"thread_ts": "1790000000.000100"},
    ],
)
def test_what_a_person_shows_to_the_channel_is_a_draft(fields: Json) -> None:
    item = item_of(body(user="U1", **{"text": "下書き", **fields}), BOTS, NOW)
    assert item is not None
    assert (item.kind, item.surface, item.received_at) == (VERSION, "slack", NOW)
    version = PostedVersion.of(item)
    assert version.author == "U1"
    assert version.revision == version.place.thread == "1790000000.000100"
    assert version.place.key == item.place == "slack/T1/C01REV/1790000000.000100"
    assert item.order == 1790000000.0001


@pytest.mark.parametrize(
    "fields",
    [
        {"user": "U1", "channel": None},
        {"user": "U1", "thread_ts": "1780000000.000100"},
        {"user": "U1", "thread_ts": "1780000000.000100", "subtype": "thread_broadcast"},
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
    assert item_of(body(**{"text": "x", **fields}), BOTS, NOW) is None


@pytest.mark.parametrize("event", [None, "message", [], {}])
def test_an_event_that_is_none_is_not_a_draft(event: object) -> None:
    assert item_of({"type": "event_callback", "event": event}, BOTS, NOW) is None


def test_an_edit_is_a_later_version_at_the_same_place() -> None:
    item = item_of(changed(message(text="直しました", **EDITED), message()), BOTS, NOW)
    assert item is not None
    version = PostedVersion.of(item)
    assert (item.kind, version.revision, item.order) == (VERSION, "1790000050.000000", 1790000050.0)
    assert version.place.thread == "1790000000.000100"
    assert version.message["text"] == "直しました"


@pytest.mark.parametrize(
    ("told", "order"),
    [
        ("1790000050.700000", 1790000050.7),  # after a reply written in that second, at .2
        ("1790000051.000100", 1790000050.0),
        ("1790000049.900000", 1790000050.0),
        ("nan", 1790000050.0),
        ("", 1790000050.0),
    ],
)
def test_an_edit_stamped_in_whole_seconds_takes_its_moment_from_the_event(told: str, order: float) -> None:
    edit = changed(message(text="直しました", **EDITED), message())
    edit["event"]["event_ts"] = told
    item = item_of(edit, BOTS, NOW)
    assert item is not None
    assert item.order == order
    assert PostedVersion.of(item).revision == "1790000050.000000"


def test_an_added_or_removed_file_is_an_edit() -> None:
    with_file = message(files=[{"id": "F1", "mode": "snippet"}])
    removed = message(files=[{"id": "F1", "mode": "tombstone"}])
    for now, before in [(with_file, message()), (removed, with_file)]:
        item = item_of(changed(now, before), BOTS, NOW)
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
    assert item_of(changed(now, message()), BOTS, NOW) is None


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
    item = item_of(event, BOTS, NOW)
    assert item is not None
    withdrawal = Withdrawal.of(item)
    assert (item.kind, withdrawal.author, withdrawal.before) == (DELETION, "U1", None)
    assert withdrawal.place.thread == "1790000000.000100"
    assert item.order > 1790000000.0001


def test_deleting_talk_or_a_bots_message_is_not() -> None:
    for gone in (message(thread_ts="1780000000.000100"), message(bot_id="B1")):
        event = body(subtype="message_deleted", deleted_ts="1790000000.000100", previous_message=gone)
        assert item_of(event, BOTS, NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "連絡：明日は休みます",
        "連絡: 明日",
        "【連絡】明日",
        "　連絡：明日",
        "// メモ",
        "／／メモ",
        "*連絡：* 明日",
        "連絡 ：明日",
    ],
)
def test_a_post_marked_as_no_draft_is_none(text: str) -> None:
    assert item_of(body(user="U1", text=text), BOTS, NOW) is None


@pytest.mark.parametrize("text", ["連絡先は市役所です", "本日の連絡：中止です", "https://city.example.jp/", "/ 1"])
def test_a_post_that_only_looks_like_a_notice_is_a_draft(text: str) -> None:
    assert item_of(body(user="U1", text=text), BOTS, NOW) is not None


def test_a_draft_edited_into_a_notice_is_taken_back() -> None:
    item = item_of(changed(message(text="連絡：やめました", **EDITED), message()), BOTS, NOW)
    assert item is not None
    assert (item.kind, Withdrawal.of(item).before) == (DELETION, 1790000050.0)
    assert item_of(changed(message(text="連絡：二", **EDITED), message(text="連絡：一")), BOTS, NOW) is None
    again = item_of(changed(message(text="下書きにします", **EDITED), message(text="連絡：一")), BOTS, NOW)
    assert again is not None
    assert again.kind == VERSION


THREAD = "1780000000.000100"


@pytest.mark.parametrize(
    "text",
    [
        "修正版：直しました",
        "修正版\n直しました",
        "【修正版】直しました",
        "修正版です。\n直しました",
        "修正版 直しました",
    ],
)
def test_a_reply_that_begins_with_the_marker_is_the_next_version(text: str) -> None:
    item = item_of(body(user="U2", text=text, thread_ts=THREAD), BOTS, NOW)
    assert item is not None
    version = PostedVersion.of(item)
    assert (item.kind, version.author, version.is_reply) == (VERSION, "U2", True)
    assert (version.place.thread, version.revision) == (THREAD, "1790000000.000100")
    assert item.order == 1790000000.0001
    assert without_marker(text) == "直しました"


@pytest.mark.parametrize(
    "text",
    [
        "修正版をお願いします",
        "修正版はまだですか",
        "修正版ありがとうございます",
        "修正版で進めます",
        "これが修正版です",
        "修正版見ました。よさそうです",
        "修正版、いつ出せますか",
    ],
)
def test_talk_about_a_next_version_is_none(text: str) -> None:
    assert item_of(body(user="U2", text=text, thread_ts=THREAD), BOTS, NOW) is None
    assert without_marker(text) == text


def test_the_edit_of_a_next_version_is_one_more() -> None:
    before = message(text="修正版：一", thread_ts=THREAD)
    item = item_of(changed(message(text="修正版：二", thread_ts=THREAD, **EDITED), before), BOTS, NOW)
    assert item is not None
    version = PostedVersion.of(item)
    assert version.place.thread == THREAD
    assert version.revision == "1790000000.000100/1790000050.000000"
    assert item.order == 1790000050.0


def reply(text: str, **fields: Any) -> Json:
    return message(text=text, thread_ts=THREAD, **fields)


def deleted_reply(event_ts: str) -> Json:
    gone = reply("修正版：一")
    return body(subtype="message_deleted", deleted_ts=gone["ts"], event_ts=event_ts, previous_message=gone)


@pytest.mark.parametrize(
    ("event", "before"),
    [
        (deleted_reply("1790000070.000300"), math.inf),
        (changed(reply("やめました", **EDITED), reply("修正版：一")), 1790000050.0),
    ],
    ids=["deleted", "turned into talk"],
)
def test_a_next_version_can_be_taken_back(event: Json, before: float) -> None:
    item = item_of(event, BOTS, NOW)
    assert item is not None
    taken = TakenBack.of(item)
    assert (item.kind, taken.place.thread, taken.author) == (RETRACTION, THREAD, "U1")
    assert taken.retraction == Retraction("1790000000.000100", before)


def test_a_deletion_that_is_noticed_again_later_is_the_same() -> None:
    first, second = (item_of(deleted_reply(at), BOTS, NOW) for at in ("1790000070.000300", "1790009000.000000"))
    assert first is not None
    assert second is not None
    assert first.key == second.key
    assert TakenBack.of(first) == TakenBack.of(second)


def test_talk_turned_into_a_next_version_is_one() -> None:
    item = item_of(changed(reply("修正版：二", **EDITED), reply("やめました")), BOTS, NOW)
    assert item is not None
    assert (item.kind, PostedVersion.of(item).revision) == (VERSION, "1790000000.000100/1790000050.000000")


def test_each_time_a_draft_is_made_a_notice_counts() -> None:
    again = {"edited": {"user": "U1", "ts": "1790000090.000000"}}
    times = [item_of(changed(message(text="連絡：一", **edited), message()), BOTS, NOW) for edited in (EDITED, again)]
    assert len({item.key for item in times if item}) == 2


def test_a_next_version_shown_to_the_channel_is_still_that_of_its_thread() -> None:
    reply = {"user": "U1", "text": "修正版：案", "subtype": "thread_broadcast", "thread_ts": THREAD}
    item = item_of(body(**reply), BOTS, NOW)
    assert item is not None
    assert PostedVersion.of(item).place.thread == THREAD


OTHER_BOT = {"bot_id": "B1", "app_id": "A1"}


@pytest.mark.parametrize(
    ("listed", "fields", "author"),
    [
        ("B1", {"user": "U0BOT", **OTHER_BOT}, "U0BOT"),
        ("A1", {"user": "U0BOT", **OTHER_BOT}, "U0BOT"),
        ("U0BOT", {"user": "U0BOT", **OTHER_BOT}, "U0BOT"),
        ("A1", {"user": "U0BOT", "bot_id": "B1", "bot_profile": {"app_id": "A1"}}, "U0BOT"),
        ("B1", {"subtype": "bot_message", **OTHER_BOT}, "B1"),
    ],
)
def test_the_bots_that_the_town_lists_write_drafts(listed: str, fields: Json, author: str) -> None:
    event = body(**{"text": "予約した投稿です", **fields})
    item = item_of(event, {listed}, NOW)
    assert item is not None
    assert PostedVersion.of(item).author == author
    assert item_of(event, {"B2"}, NOW) is None


def test_our_own_posts_are_no_drafts_even_if_somebody_lists_us() -> None:
    own = {"user": "U0SNS", "bot_id": "B0SNS", "app_id": "A01SNSCHECK", "text": "確認しました"}
    assert item_of(body(**own), {"A01SNSCHECK", "B0SNS", "U0SNS"}, NOW) is None


def test_forwarded_messages_are_kept_and_previews_are_not() -> None:
    forwarded = {"is_share": True, "text": "回ってきた案", "author_name": "田中"}
    preview = {"from_url": "https://a.example", "text": "見出し"}
    item = item_of(body(user="U1", text="", attachments=[forwarded, preview]), BOTS, NOW)
    assert item is not None
    assert PostedVersion.of(item).message["attachments"] == [{"is_share": True, "text": "回ってきた案"}]


def test_a_repeated_delivery_is_the_same_item() -> None:
    first = item_of(changed(message(text="直した", **EDITED), message()), BOTS, NOW)
    again = changed(message(text="直した", **EDITED), message())
    again["event_id"] = "Ev2"
    again["event"]["event_ts"] = "1790000061.000000"
    second = item_of(again, BOTS, NOW)
    assert first is not None
    assert second is not None
    assert first.key == second.key


@pytest.mark.parametrize("odd", ["nan", "inf", "1e400", "-5.1", "17/95.1", "1790000000.0001\n", "１７９５.1"])
def test_what_is_no_time_stamp_names_no_draft_and_gives_no_order(odd: str) -> None:
    events = [
        body(user="U1", text="下書きです", ts=odd),
        body(user="U1", text="修正版：花火", ts="1790000009.000100", thread_ts=odd),
        changed(message(edited={"user": "U1", "ts": odd}, text="直しました"), message()),
        body(subtype="message_deleted", deleted_ts="1790000000.000100", event_ts=odd, previous_message=message()),
        body(subtype="message_deleted", deleted_ts=odd, previous_message=message()),
    ]
    assert [item_of(event, BOTS, NOW) for event in events[:4]] == [None] * 4
    item = item_of(events[4], BOTS, NOW)
    assert item is None or item.place == "slack/T1/C01REV/1790000000.000100"


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "修正版：", "連絡：", "U1", "1790000000.000100"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
NAMES = (
    "user",
    "bot_id",
    "app_id",
    "bot_profile",
    "subtype",
    "ts",
    "thread_ts",
    "edited",
    "text",
    "files",
    "attachments",
)
ODD_MESSAGES = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, ODD))


@given(ODD_MESSAGES, ODD_MESSAGES | ODD, st.sampled_from(["message_changed", "message_deleted", None]))
def test_no_event_is_too_odd(now: Json, before: Any, subtype: str | None) -> None:
    """What raised here would never be acknowledged, and Slack would deliver it again and again."""
    for event in (body(**now), body(subtype=subtype, message=now, previous_message=before, deleted_ts=before)):
        item = item_of(event, {"B1"}, NOW)
        assert item is None or json.dumps(item.payload)


def test_only_what_is_needed_of_a_message_is_kept() -> None:
    file = {"id": "F1", "name": "田中さんの下書き.txt", "mimetype": "text/plain", "preview": "秘密", "user": "U1"}
    item = item_of(body(user="U1", text="a\0b\ud800", files=[file], client_msg_id="x"), BOTS, NOW)
    assert item is not None
    assert item.payload["message"] == {"text": "a\ufffdb\ufffd", "files": [{"id": "F1", "mimetype": "text/plain"}]}
