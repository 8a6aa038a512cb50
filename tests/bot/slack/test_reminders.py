"""Reminders: when, to whom, of what, and that each supervisor gets one a day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk import JAPAN, DecisionKind, DraftState, Place
from bot.slack import reminders
from bot.slack.client import Mark
from bot.slack.lists import reminder_card
from bot.slack.reminders import day_to_remind
from bot.workhours import working_time
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, BOSS, CHIEFS, Opening, Town
from tests.bot.slack.test_records import address, summary
from tests.conftest import Golden
from tests.doubles.slack import Post
from tests.doubles.slack.blocks import check_message

SOCKET = pytest.mark.parametrize("mode", ["socket"])
CHIEF = "U7CHIEF"
WAIT = timedelta(hours=4)
"""How long drafts may wait unless the environment says otherwise."""


def japan(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (japan(20, 8, 59), None),
        (japan(20, 9), date(2026, 11, 20)),
        (japan(20, 17, 14), date(2026, 11, 20)),
        (japan(20, 17, 15), None),
        (japan(21, 10), None),  # a Saturday
        (japan(23, 10), None),  # a holiday, 勤労感謝の日
        (japan(24, 9).astimezone(UTC), date(2026, 11, 24)),
        (datetime(2026, 12, 29, 10, tzinfo=JAPAN), None),
    ],
)
def test_supervisors_are_reminded_from_nine_on_working_days(now: datetime, day: date | None) -> None:
    assert day_to_remind(now) == day


def test_a_reminder_looks_as_it_did(golden: Golden) -> None:
    card = reminder_card([summary(), summary(DraftState.HELD, text="", number=2)], 4, address)
    check_message(list(card.blocks))
    golden("reminder", {"text": card.text, "blocks": list(card.blocks)})


# ── in a running town ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(autouse=True)
def quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the clock looked at often: tests let days pass in a moment."""
    monkeypatch.setattr(reminders, "TICK_SECONDS", 0.02)


def name_supervisors(town: Town) -> None:
    for user in (BOSS, CHIEF):
        town.slack.user(user)
    town.slack.user_group(CHIEFS, CHIEF)


def time_to_remind(since: datetime) -> datetime:
    """The first time after ``since`` at which reminders are sent and what was posted then has waited too long."""
    moment = since
    while day_to_remind(moment) is None or working_time(since, moment) <= WAIT + timedelta(hours=1):
        moment += timedelta(minutes=30)
    return moment


def let_the_day_come(town: Town, since: datetime) -> datetime:
    """Set the clocks of the town and of Slack to the time to remind of what was posted ``since``."""
    name_supervisors(town)
    moment = time_to_remind(since)
    seconds = (moment - since).total_seconds()
    town.slack.clock.advance(seconds)
    town.pass_time(seconds)
    return moment


async def settled(town: Town) -> None:
    async def nothing_open() -> bool:
        town.pass_time(30)
        return await town.inbox.open_items() == 0

    await until(nothing_open)


def reminders_of(town: Town, user: str) -> list[Post]:
    return [post for post in town.slack.direct(user).bot_messages if "判断を待っている下書き" in post.reading.text]


async def reminded(town: Town, user: str, number: int = 1) -> Post:
    await town.slack.until(lambda: len(reminders_of(town, user)) >= number, expected=f"reminder {number} to {user}")
    return reminders_of(town, user)[number - 1]


def link_to(post: Post) -> str:
    return f"https://machi.slack.com/archives/C01REV/p{post.ts.replace('.', '')}"


async def test_what_has_waited_too_long_is_listed_to_every_supervisor_once(town: Town) -> None:
    now = datetime.now(UTC)
    post = town.room.post("U1", "花の会のお知らせ")
    await post.answer()
    let_the_day_come(town, now)
    for user in (BOSS, CHIEF):
        reading = (await reminded(town, user)).reading
        assert "4時間（勤務時間）を超えて判断を待っている下書きが 1 件" in reading.text
        assert "花の会" in reading.text
        assert reading.links == (link_to(post),)
    await settled(town)
    assert [len(reminders_of(town, user)) for user in (BOSS, CHIEF, "U1")] == [1, 1, 0]


@SOCKET
async def test_the_next_working_day_reminds_again_of_what_still_waits(town: Town) -> None:
    now = datetime.now(UTC)
    posts = [town.room.post("U1", f"{name}の会") for name in "花鳥"]
    for post in posts:
        await post.answer()
    moment = let_the_day_come(town, now)
    await reminded(town, BOSS)
    place = Place("slack", town.slack.identity.team, "C01REV", posts[0].ts)
    await town.desk.decide(place, posts[0].ts, DecisionKind.APPROVE, BOSS, "", is_supervisor=True)
    let_the_day_come(town, moment)
    text = (await reminded(town, BOSS, 2)).reading.text
    assert "鳥の会" in text
    assert "花の会" not in text


@SOCKET
async def test_where_nothing_waits_nothing_is_sent(town: Town) -> None:
    now = datetime.now(UTC)
    post = town.room.post("U1", "花の会のお知らせ")
    await post.answer()
    place = Place("slack", town.slack.identity.team, "C01REV", post.ts)
    await town.desk.decide(place, post.ts, DecisionKind.APPROVE, BOSS, "", is_supervisor=True)
    let_the_day_come(town, now)
    await day_is_over(town)
    assert reminders_of(town, BOSS) == []


@SOCKET
async def test_a_draft_on_hold_is_not_forgotten(town: Town) -> None:
    now = datetime.now(UTC)
    post = town.room.post("U1", "花の会のお知らせ")
    await post.answer()
    place = Place("slack", town.slack.identity.team, "C01REV", post.ts)
    await town.desk.decide(place, post.ts, DecisionKind.HOLD, BOSS, "あとで", is_supervisor=True)
    let_the_day_come(town, now)
    text = (await reminded(town, CHIEF)).reading.text
    assert "1 件あります（うち保留 1 件）" in text
    assert f"判断：保留　@{BOSS}" in text


async def day_is_over(town: Town) -> None:
    """Wait until the day's reminders were begun and nothing of them is left to do."""
    moment = town.desk._now()
    key = f"slack/reminders/{town.slack.identity.team}/{moment.astimezone(JAPAN).date()}"

    async def begun() -> bool:
        town.inbox.arrived.set()
        async with town.inbox._database.reading() as connection:
            found = await connection.exec_driver_sql("SELECT state FROM inbox WHERE key = ?", (key,))
            return found.scalar_one_or_none() == "done"

    await until(begun)
    await settled(town)


@SOCKET
async def test_nobody_is_reminded_of_their_own_draft(town: Town) -> None:
    now = datetime.now(UTC)
    post = town.room.post("U1", "花の会のお知らせ")
    await post.answer()
    post.reply(BOSS, "修正版：花と鳥の会のお知らせ")  # neither the first author nor the last
    await post.answer(2)
    post.edit("花と鳥と風の会のお知らせ")
    await post.answer(3)
    let_the_day_come(town, now)
    await reminded(town, CHIEF)
    await settled(town)
    assert reminders_of(town, BOSS) == []


@SOCKET
async def test_two_replicas_send_one_reminder(town: Town, open_town: Opening) -> None:
    now = datetime.now(UTC)
    await town.room.post("U1", "花の会のお知らせ").answer()
    async with open_town() as other:
        let_the_day_come(town, now)
        other.pass_time(0)  # for both it is the same time
        await reminded(town, BOSS)
        await settled(town)
        await settled(other)
        assert [len(reminders_of(town, user)) for user in (BOSS, CHIEF)] == [1, 1]


@SOCKET
async def test_a_reminder_whose_posting_was_cut_off_is_not_sent_twice(town: Town) -> None:
    now = datetime.now(UTC)
    await town.room.post("U1", f"{BAD}な会").answer()
    town.slack.mischief.cut("chat.postMessage", after_effect=True, channel=town.slack.direct(BOSS).id)
    let_the_day_come(town, now)
    post = await reminded(town, BOSS)
    await settled(town)
    assert len(reminders_of(town, BOSS)) == 1
    mark = Mark.of(post.body["metadata"])
    assert mark is not None
    assert BAD not in json.dumps(post.body["metadata"], ensure_ascii=False)


@SOCKET
async def test_one_who_cannot_be_reached_keeps_up_nobody_else(town: Town) -> None:
    now = datetime.now(UTC)
    await town.room.post("U1", "花の会のお知らせ").answer()
    town.slack.mischief.refuse("conversations.open", "user_not_found", users=BOSS)
    let_the_day_come(town, now)
    await reminded(town, CHIEF)
    await settled(town)
    assert reminders_of(town, BOSS) == []
