"""What was missed is found, and what cannot be mended is told to supervisors: once, and without a word of a draft."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.history import History
from bot.slack.gap import EVERYWHERE, stamp
from bot.slack.words import catch_up as words
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, BOSS, Opening, Town
from tests.doubles.slack import SlackDouble

pytestmark = pytest.mark.parametrize("mode", ["socket"])

HOUR = 3600.0


@pytest.fixture(autouse=True)
def _people(slack: SlackDouble) -> None:
    slack.user(BOSS, "監督")
    slack.channel("C01REV")
    slack.channel("C02REV")


@pytest.fixture
async def read_long_ago(slack: SlackDouble, tmp_path: Path) -> None:
    """The channels were read three days ago, and the clock of the doubled Slack stands where it was a day later."""
    past = datetime.now(UTC) - timedelta(days=3)
    async with History.open(f"sqlite+aiosqlite:///{tmp_path}/sns-check.sqlite3") as history:
        for channel in (EVERYWHERE, "C01REV"):
            await history.watermarks.advance("slack", slack.identity.team, channel, stamp(past), past)
    slack.clock.advance(-48 * HOUR)


async def nothing_open(town: Town) -> bool:
    return await town.inbox.open_items() == 0


def told(slack: SlackDouble) -> list[str]:
    return [post.reading.text for post in slack.direct(BOSS).bot_messages]


@pytest.mark.usefixtures("read_long_ago")
async def test_what_is_too_old_is_told_once_and_what_is_not_is_answered(open_town: Opening, slack: SlackDouble) -> None:
    old = [slack.channel("C01REV").post("U1", f"{BAD}な対応 {number}") for number in range(3)]
    slack.channel("C01REV").post("U1", f"連絡：{BAD}な対応")
    slack.clock.advance(47 * HOUR)
    new = slack.channel("C01REV").post("U1", f"{BAD}な対応")
    slack.clock.advance(HOUR)
    for _start in range(2):
        async with open_town() as town:
            await new.answer()
            await slack.called("conversations.history", 2)
            await until(lambda: nothing_open(town))
    assert [post.answers for post in old] == [[]] * 3
    assert len(new.answers) == 1
    (message,) = told(slack)
    assert words.missed(3) in message
    assert "#c01rev" in message.lower()
    assert BAD not in message


async def test_what_was_there_before_the_first_start_is_left_alone(open_town: Opening, slack: SlackDouble) -> None:
    before = slack.channel("C01REV").post("U1", f"{BAD}な対応")
    async with open_town() as town:
        after = town.room.post("U1", f"{BAD}な対応")
        await after.answer()
        await until(lambda: nothing_open(town))
    async with open_town() as town:
        await slack.called("conversations.history", 4)
        await until(lambda: nothing_open(town))
    assert before.answers == []
    assert len(after.answers) == 1
    assert told(slack) == []


async def test_a_channel_that_cannot_be_read_any_more_stops_no_other_and_is_told_once(
    open_town: Opening, slack: SlackDouble
) -> None:
    async with open_town() as town:
        await slack.called("conversations.history", 2)
        await until(lambda: nothing_open(town))
    slack.mischief.refuse("conversations.history", "not_in_channel", times=9, channel="C01REV")
    missed = slack.channel("C02REV").post("U1", f"{BAD}な対応")
    for _start in range(2):
        async with open_town() as town:
            await missed.answer()
            await until(lambda: nothing_open(town))
    (message,) = told(slack)
    assert words.UNREADABLE in message
    assert len(missed.answers) == 1


async def test_a_missing_scope_stops_no_other_channel_and_is_nobodys_message(
    open_town: Opening, slack: SlackDouble
) -> None:
    async with open_town() as town:
        await slack.called("conversations.history", 2)
        await until(lambda: nothing_open(town))
    slack.mischief.refuse("conversations.history", "missing_scope", times=9, channel="C01REV")
    lost, missed = (slack.channel(channel).post("U1", f"{BAD}な対応") for channel in ("C01REV", "C02REV"))
    async with open_town() as town:
        await missed.answer()
        await until(lambda: nothing_open(town))
    assert lost.answers == []
    assert told(slack) == []
    slack.mischief.relent()
    async with open_town() as town:
        await lost.answer()
        await until(lambda: nothing_open(town))
    assert [len(lost.answers), len(missed.answers)] == [1, 1]


async def test_a_reading_that_never_gets_far_begins_where_the_last_one_ended(
    open_town: Opening, slack: SlackDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.catch_up.SIDE_BY_SIDE", 1)
    lately = datetime.now(UTC) - timedelta(minutes=1)
    async with History.open(f"sqlite+aiosqlite:///{tmp_path}/sns-check.sqlite3") as history:
        for channel, at in (("C01REV", lately), ("C02REV", lately - timedelta(minutes=1)), (EVERYWHERE, lately)):
            await history.watermarks.advance("slack", slack.identity.team, channel, stamp(at), at)
    async with open_town() as town:
        await slack.called("conversations.history", 2)
        await until(lambda: nothing_open(town))
    assert [call.args["channel"] for call in slack.calls("conversations.history")] == ["C02REV", "C01REV"]


async def test_a_rate_limit_and_many_pages_only_take_longer(open_town: Opening, slack: SlackDouble) -> None:
    async with open_town() as town:
        await slack.called("conversations.history", 2)
        await until(lambda: nothing_open(town))
    missed = slack.channel("C01REV").post("U1", f"{BAD}な対応")
    for number in range(420):
        slack.channel("C01REV").post("U1", f"連絡：{number}")
    slack.mischief.rate_limit("conversations.history", retry_after=40, channel="C01REV", cursor="page:200")
    async with open_town() as town:
        await slack.until(lambda: any(call.status == 429 for call in slack.calls("conversations.history")))

        async def answered() -> bool:
            town.pass_time(5)
            return len(missed.answers) == 1

        await until(answered)
        await until(lambda: nothing_open(town))
    assert len(missed.answers) == 1


async def test_what_strangers_wrote_in_a_shared_channel_is_no_draft(open_town: Opening, slack: SlackDouble) -> None:
    async with open_town() as town:
        await slack.called("conversations.history", 2)
        await until(lambda: nothing_open(town))
    shared, own = slack.channel("C01REV"), slack.channel("C02REV")
    shared.channel.shared_outside = True
    theirs, ours = (shared.post("U1", f"{BAD}な対応", team=team) for team in ("T9OTHER", slack.identity.team))
    of_the_organisation = own.post("U1", f"{BAD}な対応", team="T9OTHER")
    async with open_town() as town:
        await ours.answer()
        await of_the_organisation.answer()
        await until(lambda: nothing_open(town))
    assert theirs.answers == []


async def test_a_version_that_was_taken_back_meanwhile_makes_room_for_the_one_before(
    open_town: Opening, slack: SlackDouble
) -> None:
    async with open_town() as town:
        draft = town.room.post("U1", f"{BAD}な対応")
        await draft.answer()
        reply = draft.reply("U1", "修正版：丁寧な対応")
        await draft.answer(2)
        await until(lambda: nothing_open(town))
    reply.delete()
    async with open_town() as town:

        async def restored() -> bool:
            record = await town.record(draft)
            return record is not None and record.latest is not None and BAD in record.latest.text

        await until(restored)
        await until(lambda: nothing_open(town))
        said = len(draft.answers)
    async with open_town() as town:
        await slack.called("conversations.history", 6)
        await until(lambda: nothing_open(town))
    assert len(draft.answers) == said


async def test_a_call_that_fails_does_not_have_the_whole_channel_read_again(
    open_town: Opening, slack: SlackDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.gap.PAUSE_SECONDS", 0)
    async with open_town() as town:
        draft = town.room.post("U1", f"{BAD}な対応")
        await draft.answer()
        await until(lambda: nothing_open(town))
    draft.reply("U1", "修正版：丁寧な対応")
    before = len(slack.calls("conversations.history"))
    slack.mischief.cut("conversations.replies", times=2, ts=draft.ts)
    async with open_town() as town:
        await draft.answer(2)
        await until(lambda: nothing_open(town))
    read = [call.args["channel"] for call in slack.calls("conversations.history")[before:]]
    assert sorted(read) == ["C01REV", "C02REV"]
    assert any(call.response is None for call in slack.calls("conversations.replies"))


async def test_it_can_be_switched_off(open_town: Opening, slack: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNS_CHECK_CATCH_UP", "0")
    async with open_town():
        pass
    missed = slack.channel("C01REV").post("U1", f"{BAD}な対応")
    async with open_town() as town:
        await town.room.post("U1", "お知らせ").answer()
    assert missed.answers == []
    assert slack.calls("conversations.history") == []
