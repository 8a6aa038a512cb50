"""The record in Slack: the history for who may see it, and the export as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.desk import ChannelSettings, Decision, DecisionKind, DraftState, Page, Place, Summary, Version
from bot.desk.filters import PAGE, Filter, Leaf
from bot.export import HEADS
from bot.slack.commands import COMMAND
from bot.slack.lists import history_card, not_understood_card, reminder_card
from bot.slack.words import commands as words
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, BOSS, CHIEFS, Town
from tests.conftest import Golden
from tests.doubles.slack import Part, Post, SlackDouble, Whisper, mention
from tests.doubles.slack.blocks import ALL_BLOCK_TEXT, block_text, check_message
from tests.doubles.slack.mischief import Mischief
from tests.doubles.slack.reading import read_message

SOCKET = pytest.mark.parametrize("mode", ["socket"])
AT = datetime(2026, 11, 20, 1, 5, tzinfo=UTC)
HARM = "<!channel> <@U9> *太字* &lt;!here&gt; https://evil.example ```塊``` > 引用"


def summary(
    state: DraftState = DraftState.WAITING, text: str = "駅前の花壇に花を植えました。", number: int = 1
) -> Summary:
    place = Place("slack", "T1", "C01REV", f"1790000000.{number:06}")
    latest = Version(2, "r2", 2.0, "U1", "chiba", text, AT)
    decisions = {kind.state: Decision(kind, "r2", "U8BOSS", AT, "ひとこと") for kind in DecisionKind}
    return Summary(place, state, AT, AT, 2, latest, ("U1",), decisions.get(state))


def address(place: Place) -> str:
    return f"https://machi.slack.com/archives/{place.channel}/p{place.thread.replace('.', '')}"


def test_the_history_looks_as_it_did(golden: Golden) -> None:
    page = Page(tuple(summary(state, number=n) for n, state in enumerate(DraftState)), "17", 27)
    leaf = Leaf(Filter("U1", frozenset({DraftState.HELD}), AT.date(), AT.date()), ("99",))
    card = history_card(leaf, page, address, "turn", words.OWN_ONLY)
    check_message(list(card.blocks))
    golden("history", {"text": card.text, "blocks": list(card.blocks)})


def test_a_page_full_of_long_and_harmful_drafts_harms_nobody_and_fits() -> None:
    page = Page(tuple(summary(DraftState.HELD, HARM * 1000, n) for n in range(PAGE)), "17", 10_000)
    leaf = Leaf(Filter(), tuple(str(10**9 + n) for n in range(100)))
    card = history_card(leaf, page, address, "turn", words.OWN_ONLY)
    check_message(list(card.blocks))
    assert block_text(list(card.blocks)) < ALL_BLOCK_TEXT / 2
    reading = read_message({"text": card.text, "blocks": list(card.blocks)})
    assert set(reading.mentions) <= {"@U1", "@U8BOSS"}
    assert all(link.startswith("https://machi.slack.com/") for link in reading.links)


def test_what_was_not_understood_harms_nobody() -> None:
    card = not_understood_card([HARM] * 200)
    check_message(list(card.blocks))
    reading = read_message({"text": card.text, "blocks": list(card.blocks)})
    assert (reading.mentions, reading.links) == ((), ())
    assert words.FILTER_EXAMPLE in reading.text


def test_pages_are_turned_there_and_back() -> None:
    leaf = Leaf(Filter("U1"))
    second = leaf.next("17")
    assert Leaf.from_json(second.as_json()) == second
    assert (leaf.cursor, second.cursor, second.previous()) == (None, "17", leaf)


def test_a_long_reminder_is_cut_and_says_so() -> None:
    card = reminder_card([summary(text=HARM * 100, number=n) for n in range(200)], 4, address)
    check_message(list(card.blocks))
    text = read_message({"text": card.text, "blocks": list(card.blocks)}).text
    assert "200 件" in text
    assert "ほか 185 件" in text


# ── in a running town ────────────────────────────────────────────────────────────────────────────────────────────────


async def history(town: Town, user: str, *conditions: str | Part) -> Whisper:
    return await town.room.command(user, COMMAND, "history ", *conditions).response()


async def posted(town: Town, *texts: str, user: str = "U1") -> list[Post]:
    posts = [town.room.post(user, text) for text in texts]
    for post in posts:
        await post.answer()
    return posts


async def in_state(town: Town, state: DraftState) -> None:
    async def reached() -> bool:
        return any(summary.state is state for summary in await town.desk.recent(10))

    await until(reached)


async def test_staff_see_their_own_drafts_and_supervisors_all(town: Town) -> None:
    town.slack.user_group(CHIEFS, "U7CHIEF")
    await posted(town, "花の会のお知らせ")
    await posted(town, "鳥の会のお知らせ", user="U2")
    for user, expected in (("U1", {"花"}), ("U2", {"鳥"}), (BOSS, {"花", "鳥"}), ("U7CHIEF", {"花", "鳥"})):
        text = (await history(town, user)).reading.text
        assert {name for name in ("花", "鳥") if f"{name}の会" in text} == expected
    others = (await history(town, "U1", mention("U2"))).reading.text
    assert words.OWN_ONLY in others
    assert "鳥の会" not in others


@SOCKET
async def test_a_channels_own_supervisor_sees_that_channel(town: Town) -> None:
    team = town.slack.identity.team
    settings = ChannelSettings("slack", team, "C01REV", "chiba", frozenset({"U5"}), BOSS, datetime.now(UTC))
    await town.desk.set_channel(settings)
    town.slack.user_group(CHIEFS, "U7CHIEF")
    await posted(town, "花の会のお知らせ")
    elsewhere = town.slack.channel("C02REV").post("U1", "鳥の会のお知らせ")
    await elsewhere.answer()
    text = (await history(town, "U5")).reading.text
    assert "花の会" in text
    assert "鳥の会" not in text


@SOCKET
async def test_conditions_narrow_it_and_links_lead_to_the_threads(town: Town) -> None:
    town.slack.user_group(CHIEFS)
    post, _other = await posted(town, "花の会のお知らせ", f"{BAD}の会")
    await town.desk.withdraw(Place("slack", town.slack.identity.team, "C01REV", post.ts), "U1", datetime.now(UTC))
    reading = (await history(town, "U1", "取り下げ 今週")).reading
    assert "花の会" in reading.text
    assert f"{BAD}の会" not in reading.text
    assert reading.links == (f"https://machi.slack.com/archives/C01REV/p{post.ts.replace('.', '')}",)
    assert words.NOTHING_FOUND in (await history(town, "U1", "承認")).reading.text
    assert "さっき" in (await history(town, "U1", "さっき 承認")).reading.text


async def test_pages_are_turned_in_place(town: Town) -> None:
    town.slack.user_group(CHIEFS)
    posts = await posted(town, *(f"{number}番目の下書き" for number in range(1, PAGE + 3)))
    shown = await history(town, "U1")
    first = shown.reading
    assert words.PREVIOUS_PAGE not in first.text
    shown.click("sns_check_history_next")
    second = await shown.shows("11〜12 件目")
    assert words.NEXT_PAGE not in second.text
    links = {f"https://machi.slack.com/archives/C01REV/p{post.ts.replace('.', '')}" for post in posts}
    assert {*first.links, *second.links} == links
    shown.click("sns_check_history_previous")
    assert await shown.shows("1〜10 件目") == first
    assert len(town.slack.whispers("U1")) == 1


async def test_the_export_comes_as_a_file_in_a_direct_message(town: Town) -> None:
    town.slack.user("U1", "山田 花子")
    town.slack.user(BOSS, "=監督")
    (post,) = await posted(town, f"=SUM(A1) {BAD}の会")
    asked = await town.room.command(BOSS, COMMAND, "export 今月").response()
    assert asked.reading.text == words.EXPORT_BEGUN
    room = town.slack.direct(BOSS)
    await town.slack.until(lambda: room.messages)
    (message,) = room.messages
    assert message.text == words.EXPORT_DONE
    rows = table(town.slack, message)
    assert rows[0] == list(HEADS)
    assert rows[1][0] == f"https://machi.slack.com/archives/C01REV/p{post.ts.replace('.', '')}"
    assert rows[1][3] == "山田 花子（U1）"
    assert rows[1][-1] == f"'=SUM(A1) {BAD}の会"


def table(slack: SlackDouble, message: Post) -> list[list[str]]:
    (file,) = message.body["files"]
    content = slack.workspace.files[file["id"]].content
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


TROUBLE: dict[str, Callable[[Mischief], None]] = {
    "the end of it is lost": lambda mischief: mischief.cut("files.completeUploadExternal", after_effect=True),
    "an outage": lambda mischief: mischief.break_down("files.getUploadURLExternal", times=4),
    "a missing scope": lambda mischief: mischief.refuse("conversations.open", "missing_scope"),
    "a rate limit": lambda mischief: mischief.rate_limit("conversations.history", retry_after=30),
}


@SOCKET
@pytest.mark.parametrize("trouble", TROUBLE)
async def test_an_export_comes_once_whatever_happens(town: Town, trouble: str) -> None:
    town.slack.user(BOSS)
    await posted(town, "お知らせ")
    TROUBLE[trouble](town.slack.mischief)
    await town.room.command(BOSS, COMMAND, "export").response()

    async def nothing_open() -> bool:
        town.pass_time(60)
        return await town.inbox.open_items() == 0

    await until(nothing_open)
    assert len(town.slack.direct(BOSS).messages) == 1


@SOCKET
async def test_an_export_held_up_by_rate_limits_goes_on_where_it_ended(town: Town) -> None:
    people = ["U1", "U2", "U3"]
    for user in (BOSS, *people):
        town.slack.user(user)
    for user in people:
        await posted(town, f"{user}のお知らせ", user=user)
        town.slack.mischief.rate_limit("users.info", retry_after=30, user=user)
    asked_before = len(town.slack.calls("users.info"))
    await town.room.command(BOSS, COMMAND, "export").response()

    async def nothing_open() -> bool:
        town.pass_time(60)
        return await town.inbox.open_items() == 0

    await until(nothing_open)
    assert len(town.slack.direct(BOSS).messages) == 1
    asked = [call.args["user"] for call in town.slack.calls("users.info")[asked_before:]]
    assert asked == ["U1", "U1", "U2", "U2", "U3", "U3"]


@SOCKET
async def test_an_export_that_cannot_be_made_is_said(town: Town) -> None:
    town.slack.user(BOSS)
    town.slack.mischief.refuse("files.getUploadURLExternal", "file_uploads_disabled")
    await town.room.command(BOSS, COMMAND, "export").response()
    room = town.slack.direct(BOSS)
    await town.slack.until(lambda: room.messages)
    assert room.messages[0].reading.text == words.EXPORT_FAILED
