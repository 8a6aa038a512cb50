"""Which activities concern a draft, and what is kept of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.events import (
    TAKEN,
    VERSION,
    PostedVersion,
    TakenAway,
    as_it_stands,
    item_of,
    written_in,
    written_in_message,
)
from bot.teams.spot import Spot

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ROOT, REPLY = "1795200000000", "1795200060000"
CHANNEL = "19:review@thread.tacv2"
EDITED_AT, EDITED_STAMP = "2026-11-21T08:59:00.1234567Z", 1795251540123
BOT = {"id": "28:bot", "name": "SNSチェック"}

Json = dict[str, Any]


def activity(kind: str = "message", text: str = "", *, message: str = ROOT, **fields: Any) -> Json:
    return {
        "type": kind,
        "id": message,
        "timestamp": EDITED_AT,
        "serviceUrl": "https://smba.example/jp/",
        "channelId": "msteams",
        "from": {"id": "29:1", "aadObjectId": "person", "name": "佐藤"},
        "recipient": BOT,
        "conversation": {"id": f"{CHANNEL};messageid={ROOT}", "tenantId": "tenant"},
        "channelData": {"tenant": {"id": "tenant"}, "team": {"id": "19:team", "aadGroupId": "group"}},
        **({"text": text, "textFormat": "plain"} if text else {}),
        **fields,
    }


def version(given: Json) -> PostedVersion:
    item = item_of(given, NOW)
    assert item is not None
    assert item.kind == VERSION
    json.dumps(item.payload)
    return PostedVersion.of(item)


def taken(given: Json) -> TakenAway:
    item = item_of(given, NOW)
    assert item is not None
    assert item.kind == TAKEN
    json.dumps(item.payload)
    return TakenAway.of(item)


def test_a_post_is_a_draft() -> None:
    posted = version(activity(text="明日は休館です"))
    assert (posted.revision, posted.order, posted.author) == (ROOT, 1795200000.0, "person")
    assert (posted.written.text, posted.is_reply) == ("明日は休館です", False)
    spot = posted.spot
    assert (spot.service_url, spot.group, spot.team) == ("https://smba.example/jp", "group", "19:team")
    assert spot.conversation == f"{CHANNEL};messageid={ROOT}"
    assert spot.place.key == f"teams/tenant/{CHANNEL}/{ROOT}"


def test_an_edit_is_the_next_version_and_comes_once() -> None:
    first = item_of(activity("messageUpdate", "直しました"), NOW)
    again = item_of(activity("messageUpdate", "直しました"), datetime(2026, 11, 22, tzinfo=UTC))
    assert first is not None
    assert again is not None
    assert first.key == again.key
    assert first.order == pytest.approx(EDITED_STAMP / 1000, abs=0.001)
    assert version(activity("messageUpdate", "直しました")).revision == str(EDITED_STAMP)


def test_a_reply_with_the_marker_is_a_version_and_any_other_is_talk() -> None:
    reply = version(activity(text="修正版：直しました", message=REPLY))
    assert (reply.revision, reply.is_reply, reply.spot.place.thread) == (REPLY, True, ROOT)
    assert item_of(activity(text="ありがとうございます", message=REPLY), NOW) is None
    edited = version(activity("messageUpdate", "修正版：また直しました", message=REPLY))
    assert edited.revision == f"{REPLY}/{EDITED_STAMP}"


@pytest.mark.parametrize("text", ["連絡：明日は会議です", "【連絡】会議", "// メモ"])
def test_a_notice_is_no_draft_and_takes_back_what_it_was(text: str) -> None:
    assert item_of(activity(text=text), NOW) is None
    changed = taken(activity("messageUpdate", text))
    assert (changed.is_draft, changed.deleted) == (True, False)


def test_a_reply_that_is_talk_now_takes_back_the_version_it_may_have_held() -> None:
    changed = taken(activity("messageUpdate", "やっぱりやめます", message=REPLY))
    assert (changed.is_draft, changed.retraction.revision) == (False, REPLY)
    assert changed.retraction.covers(f"{REPLY}/{EDITED_STAMP - 1}", EDITED_STAMP / 1000 - 1)


def test_a_deletion_takes_back_and_a_return_is_written_later() -> None:
    deleted = taken(activity("messageDelete"))
    assert (deleted.is_draft, deleted.deleted, deleted.message) == (True, True, ROOT)
    data = {"tenant": {"id": "tenant"}, "eventType": "undeleteMessage"}
    back = version(activity("messageUpdate", "明日は休館です", channelData=data, timestamp="2026-11-21T08:59:01Z"))
    assert back.order > deleted.before


def test_without_numbers_as_ids_the_marker_tells_a_reply() -> None:
    posted = version(activity(text="明日は休館です", message="0b5e-uuid"))
    assert (posted.is_reply, posted.revision) == (False, "0b5e-uuid")
    assert version(activity(text="修正版：直しました", message="77aa-uuid")).is_reply


@pytest.mark.parametrize(
    "fields",
    [
        {"from": {"id": "28:other", "aadObjectId": "x"}},
        {"from": {"id": "29:1", "role": "bot"}},
        {"from": {}},
        {"conversation": {"id": "a:1chat", "tenantId": "tenant"}},
        {"conversation": {"id": f"{CHANNEL}/x;messageid=1"}},
        {"serviceUrl": ""},
        {"type": "messageReaction"},
        {"value": {"verb": "decide"}, "text": ""},
    ],
)
def test_what_no_person_wrote_in_a_thread_is_nothing(fields: Json) -> None:
    assert item_of(activity(**{"text": "明日は休館です", **fields}), NOW) is None


def test_html_goes_before_plain_text_and_our_name_is_left_out() -> None:
    content = "<p><at>SNSチェック</at>&nbsp;明日は<b>休館</b>です</p>"
    mention = {"type": "mention", "mentioned": BOT, "text": "<at>SNSチェック</at>"}
    read = written_in(activity(attachments=[{"contentType": "text/html", "content": content}], entities=[mention]))
    assert read.text == "明日は休館です"


def test_files_pictures_and_forwarded_messages_are_told_apart() -> None:
    download = {"downloadUrl": "https://files.example/x", "uniqueId": "u", "fileType": "txt", "secret": "no"}
    attachments = [
        {"contentType": "text/html", "content": '<p>本文</p><attachment id="f1"></attachment>'},
        {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "案.txt", "content": download},
        {"contentType": "image/png", "contentUrl": "https://files.example/p"},
        {"contentType": "application/vnd.microsoft.card.adaptive", "content": {}},
        {"contentType": "forwardedMessageReference", "content": json.dumps({"originalMessageContent": "<p>転送</p>"})},
    ]
    read = written_in(activity(attachments=attachments))
    assert (read.text, read.pictures, len(read.files)) == ("本文\n\n転送", 1, 1)
    assert "secret" not in read.files[0]["content"]


def test_a_file_that_is_only_named_counts() -> None:
    content = '<p>添付します</p><attachment id="f1"></attachment>'
    assert len(written_in(activity(attachments=[{"contentType": "text/html", "content": content}])).files) == 1


def test_the_post_as_graph_shows_it_is_the_version_that_its_edit_would_have_been() -> None:
    spot = version(activity(text="前")).spot
    message = {
        "id": spot.place.thread,
        "from": {"user": {"id": "person"}},
        "lastEditedDateTime": EDITED_AT,
        "body": {"contentType": "html", "content": "<p>直しました</p>"},
    }
    item = as_it_stands(spot, message, NOW)
    edited = item_of(activity("messageUpdate", "直しました"), NOW)
    assert item is not None
    assert edited is not None
    assert (item.key, item.order, PostedVersion.of(item).written.text) == (edited.key, edited.order, "直しました")
    assert as_it_stands(spot, {**message, "deletedDateTime": EDITED_AT}, NOW) is None
    assert as_it_stands(spot, {**message, "from": {"application": {"id": "bot"}}}, NOW) is None


def test_a_mention_of_the_bot_is_no_part_of_the_post_as_graph_shows_it() -> None:
    named = {"id": 0, "mentionText": "SNSチェック", "mentioned": {"application": {"id": "bot"}}}
    body = {"contentType": "html", "content": '<p><at id="0">SNSチェック</at>&nbsp;明日は休館です</p>'}
    assert written_in_message({"body": body, "mentions": [named]}).text == "明日は休館です"
    assert written_in_message({"body": body}, "SNSチェック").text == "明日は休館です"
    person = {**named, "mentioned": {"user": {"id": "person"}}}
    assert written_in_message({"body": body, "mentions": [person]}).text == "@SNSチェック 明日は休館です"


def test_a_picture_in_the_text_counts_once() -> None:
    content = {"contentType": "text/html", "content": '<p>案内<img src="https://smba.example/1"></p>'}
    picture = {"contentType": "image/*", "contentUrl": "https://smba.example/1"}
    assert written_in(activity(attachments=[picture, content])).pictures == 1
    assert written_in(activity(text="案内", attachments=[picture, picture])).pictures == 2


def test_a_spot_survives_the_inbox() -> None:
    spot = version(activity(text="前")).spot
    assert Spot.of(json.loads(json.dumps(spot.payload()))) == spot


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(sorted(activity(text="x"))), JSON, st.sampled_from(["message", "messageUpdate", "messageDelete"])
)
def test_any_field_may_be_anything(field: str, value: Any, kind: str) -> None:
    given = {**activity(kind, "修正版：明日は休館です"), field: value}
    item = item_of(given, NOW)
    if item is not None:
        json.dumps(item.payload, ensure_ascii=False).encode()
