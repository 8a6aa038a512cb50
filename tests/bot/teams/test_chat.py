"""The chat with the bot in Teams, the message action, the history and the export."""

from __future__ import annotations

import csv
import io

import pytest

from bot.desk import Unreadable
from bot.teams import words
from tests.bot.running import until
from tests.bot.teams.conftest import Hall
from tests.doubles.teams import Message, Person, Pressed, TeamsDouble
from tests.doubles.teams.cards import faults, walk


@pytest.fixture(autouse=True)
def boss(teams: TeamsDouble, monkeypatch: pytest.MonkeyPatch) -> Person:
    """The supervisor."""
    boss = teams.person("鈴木")
    monkeypatch.setenv("SNS_CHECK_SUPERVISORS", boss.object_id)
    return boss


async def ask(hall: Hall, person: Person, written: str) -> Message:
    """What the bot answers to this message."""
    chat = hall.teams.chat(person)
    before = len(chat.answers)
    chat.say(written)
    answer = await chat.answer(before + 1)
    assert faults(answer.card) == []
    return answer


async def drafts(hall: Hall, count: int, author: Person | None = None) -> list[Message]:
    """Drafts that were answered."""
    posts = [hall.room.post(author or hall.staff, f"<p>お知らせ{number} 禁a</p>") for number in range(count)]
    for post in posts:
        await post.answer()
    await hall.settled()
    return posts


def seen(pressed: Pressed) -> str:
    assert pressed.status == 200
    return pressed.words or pressed.reading.visible


# ── private checks ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("written", ["禁a です。", "sns-check 禁a です。", "SNS-CHECK\n禁a です。"])
async def test_what_somebody_writes_is_checked_and_not_kept(hall: Hall, written: str) -> None:
    answer = await ask(hall, hall.staff, written)
    assert "「禁a」" in answer.reading.visible
    assert words.PRIVATE in answer.reading.visible
    assert await hall.desk.recent(10) == ()
    assert await hall.inbox.open_items() == 0


async def test_in_other_channels_who_calls_the_bot_hears_that_they_are_not_for_drafts(hall: Hall) -> None:
    lunch = hall.teams.channel("19:lunch@thread.tacv2")
    talk = lunch.post(hall.staff, "<p>お昼にしましょう</p>")
    called = lunch.mention(hall.staff, "禁a です。")
    assert words.NO_REVIEW_CHANNEL in (await called.answer()).reading.visible
    hall.teams.deliveries[-1].again()
    await hall.settled()
    assert (len(called.answers), talk.answers) == (1, [])
    assert await hall.record(called) is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("sns-check", words.NOTHING_TO_CHECK),
        ("sns-check help", words.HELP_HEAD),
        ("使い方", words.HELP_HEAD),
        ("/sns-check ヘルプ", words.HELP_HEAD),
        ("histroy", words.did_you_mean("history")),
        ("設定", words.SETUP_ELSEWHERE),
        ("規則", words.RULES),
        ("条項 4(6)①", "4(6)①"),
        ("条項 99", words.CLAUSES),
        ("言葉", words.NO_WORDS),
        ("履歴", words.NOTHING_FOUND),
        ("履歴 いつか どこか", "次の2語を読み取れませんでした：いつか　どこか"),
        ("書き出し", words.SUPERVISORS_ONLY["export"]),
    ],
)
async def test_commands_are_answered_with_and_without_their_name(hall: Hall, written: str, said: str) -> None:
    assert said in (await ask(hall, hall.staff, written)).reading.text


async def test_a_message_that_is_delivered_twice_is_answered_once(hall: Hall) -> None:
    await ask(hall, hall.staff, "禁a です。")
    await hall.teams.delivered()
    hall.teams.deliveries[-1].again()
    await hall.teams.delivered()
    assert len(hall.teams.chat(hall.staff).answers) == 1


async def test_the_answer_waits_while_teams_has_no_time_for_it(hall: Hall) -> None:
    chat = hall.teams.chat(hall.staff)
    hall.teams.mischief.rate_limit("post", retry_after=1, channel=chat.conversation.id)
    chat.say("禁a です。")
    assert "「禁a」" in (await chat.answer()).reading.visible
    assert len(chat.answers) == 1
    assert len(hall.teams.calls("post")) == 2


async def test_a_file_is_read(hall: Hall) -> None:
    chat = hall.teams.chat(hall.staff)
    chat.send_file("下書き.txt", "禁a です。".encode())
    assert "「禁a」" in (await chat.answer()).reading.visible
    chat.send_file("下書き.docx", b"no word file")
    assert words.UNREADABLE[Unreadable.UNREADABLE_FILE] in (await chat.answer(2)).reading.visible


async def test_the_message_action_checks_for_who_chose_it_alone(hall: Hall) -> None:
    await until(hall.surface.is_connected)  # messages are delivered again till then, but nobody presses twice
    talk = hall.teams.channel("19:talk@thread.tacv2").post(hall.staff, "<p>禁a です。<br>https://evil.example</p>")
    opened = await hall.teams.message_action(hall.teams.person("田中"), talk, "sns_check")
    assert "「禁a」" in seen(opened)
    assert words.PRIVATE in seen(opened)
    assert opened.reading.links == ()
    assert talk.answers == []
    assert await hall.desk.recent(10) == ()


async def test_the_engine_breaking_is_said(hall: Hall) -> None:
    assert words.FAILED_PRIVATELY in (await ask(hall, hall.staff, "壊れる文章です。")).reading.visible


# ── the history ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_history_is_paged_for_supervisors(hall: Hall, boss: Person) -> None:
    await drafts(hall, 12)
    answer = await ask(hall, boss, "履歴")
    assert "全 12 件のうち 1〜10 件目" in answer.reading.visible
    assert "判断待ち　佐藤" in answer.reading.visible
    following = await answer.press(boss, "次へ")
    assert "全 12 件のうち 11〜12 件目" in seen(following)
    assert "1〜10 件目" in seen(await answer.press(boss, "前へ"))


async def test_staff_see_their_own_drafts_whatever_they_ask(hall: Hall, boss: Person) -> None:
    await drafts(hall, 2)
    await drafts(hall, 1, hall.teams.person("田中"))
    answer = await ask(hall, hall.staff, "履歴")
    assert "全 2 件のうち 1〜2 件目" in answer.reading.visible
    narrowed = await answer.press(hall.staff, "絞り込む", author=boss.object_id)
    assert words.OWN_ONLY in seen(narrowed)
    assert "全 2 件" in seen(narrowed)


async def test_a_supervisors_page_turned_by_somebody_else_shows_what_they_may_see(hall: Hall, boss: Person) -> None:
    await drafts(hall, 12)
    answer = await ask(hall, boss, "履歴")
    (following,) = [each for each in walk(answer.card) if each.get("title") == "次へ"]
    chat = hall.teams.chat(hall.teams.person("田中"))
    own = await ask(hall, chat.person, "履歴")
    assert words.NOTHING_FOUND in seen(await own.execute(chat.person, following))


async def test_the_history_is_narrowed_by_words_and_by_fields(hall: Hall, boss: Person) -> None:
    (first, *_rest) = await drafts(hall, 3)
    await (await first.answer()).press(boss, "差し戻し", comment="直してください")
    await hall.settled()
    by_words = await ask(hall, boss, "履歴 差し戻し 今日")
    assert "全 1 件" in by_words.reading.visible
    assert "判断：差し戻し　鈴木" in by_words.reading.visible
    listed = await ask(hall, boss, "履歴")
    assert "全 2 件" in seen(await listed.press(boss, "絞り込む", states="waiting,held", first="2026-01-01"))
    nobody = await listed.press(boss, "絞り込む", author=boss.object_id, last="2020-12-31")
    assert words.NOTHING_FOUND in seen(nobody)


# ── the town's words ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_allowed_words_are_listed_and_taken_back_by_supervisors(hall: Hall, boss: Person) -> None:
    (draft,) = await drafts(hall, 1)
    answer = await draft.answer()
    await answer.press(hall.staff, "送る", finding="0", reason="例規の言葉です")
    await (await draft.answer(2)).press(boss, "今後も問題なし")
    await answer.shows("監督者が問題なしとした指摘 1 件")
    listed = await ask(hall, hall.staff, "言葉")
    assert "「禁a」" in listed.reading.visible
    assert "例規の言葉です" in listed.reading.visible
    assert words.REVOKE not in listed.reading.actions
    own = await ask(hall, boss, "言葉")
    revoke = next(each for each in walk(own.card) if each.get("verb") == "revoke")
    assert words.SUPERVISORS_ONLY["revoke"] in seen(await listed.execute(hall.staff, revoke))
    assert words.REVOKED in seen(await own.execute(boss, revoke))
    assert words.REVOKED_BEFORE in seen(await own.execute(boss, revoke))
    await answer.shows("発信禁止 1")


# ── the export ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_record_is_saved_when_its_reader_says_so(hall: Hall, boss: Person) -> None:
    await drafts(hall, 3)
    chat = hall.teams.chat(boss)
    chat.say("書き出し")
    offer = await chat.answer()
    _answered, key = await chat.consent(offer)
    await hall.settled()
    (told,) = chat.answers
    assert words.EXPORT_SAVED in told.reading.visible
    assert told.reading.links == (f"https://midori-my.sharepoint.com/personal/{key}.csv",)
    assert not offer.standing, "it would ask on"
    rows = list(csv.DictReader(io.StringIO(hall.teams.uploads[key].decode("utf-8-sig"))))
    assert sorted(row["本文"] for row in rows) == ["お知らせ0 禁a", "お知らせ1 禁a", "お知らせ2 禁a"]
    assert rows[0]["書いた人"] == f"佐藤（{hall.staff.object_id}）"
    assert rows[0]["スレッド"].startswith("https://teams.microsoft.com/l/message/")


async def test_the_record_is_not_saved_without_consent(hall: Hall, boss: Person) -> None:
    chat = hall.teams.chat(boss)
    chat.say("書き出し")
    offer = await chat.answer()
    await chat.consent(offer, accept=False)
    await hall.settled()
    (told,) = chat.answers
    assert words.EXPORT_REFUSED in told.reading.visible
    assert not offer.standing
    assert hall.teams.uploads == {}


async def test_somebody_elses_offer_is_no_way_to_the_record(hall: Hall, boss: Person) -> None:
    await drafts(hall, 1)
    chat, other = hall.teams.chat(boss), hall.teams.chat(hall.staff)
    chat.say("書き出し")
    offer = await chat.answer()
    _answered, key = await other.consent(offer)
    assert words.SUPERVISORS_ONLY["export"] in (await other.answer()).reading.visible
    assert key not in hall.teams.uploads
