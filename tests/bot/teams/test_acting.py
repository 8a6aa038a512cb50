"""What people press in a draft's thread in Teams: who may, what everybody sees then, and what a forged button does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.desk import DecisionKind, DraftState, Refusal
from bot.teams import acting, words
from bot.teams.cards import DECIDE, DISPUTE, RECHECK, REVISE, RULE, TURN
from rules.model import Verdict
from tests.bot.teams.conftest import REVIEW, Hall
from tests.doubles.teams import Message, Person, Pressed, TeamsDouble, read_card

BAD = "<p>禁a と 注b です。</p>"


@pytest.fixture(autouse=True)
def boss(teams: TeamsDouble, monkeypatch: pytest.MonkeyPatch) -> Person:
    """The supervisors are named in the environment, in whatever case."""
    boss, deputy = teams.person("鈴木"), teams.person("高橋")
    monkeypatch.setenv("SNS_CHECK_SUPERVISORS", f"{boss.object_id.upper()},{deputy.object_id}")
    return boss


async def posted(hall: Hall, html: str = BAD) -> tuple[Message, Message]:
    """A draft, and the answer to it."""
    draft = hall.room.post(hall.staff, html)
    answer = await draft.answer()
    await hall.settled()
    return draft, answer


def button(verb: str, **data: Any) -> dict[str, Any]:
    """A button as somebody could make it up."""
    return {"type": "Action.Execute", "title": verb, "verb": verb, "data": {"verb": verb, **data}}


def seen(pressed: Pressed) -> str:
    """What the presser reads at once."""
    assert pressed.status == 200
    return pressed.words or pressed.reading.text


async def revision(hall: Hall, draft: Message) -> str:
    record = await hall.record(draft)
    assert record is not None
    assert record.latest is not None
    return record.latest.revision


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_decision_changes_the_card_and_tells_the_author(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall)
    pressed = await answer.press(boss, "差し戻し", comment="言い方を直してください")
    assert "🔁 差し戻し　鈴木　" in seen(pressed)
    reading = await answer.shows("🔁 差し戻し　鈴木　")
    assert "言い方を直してください" in reading.visible
    told = await draft.answer(2)
    assert told.reading.mentions == ("<at>佐藤</at>",)
    assert "差し戻し" in told.reading.visible
    await hall.settled()
    record = await hall.record(draft)
    assert record is not None
    assert [(each.kind, each.actor, each.comment) for each in record.decisions] == [
        (DecisionKind.RETURN, boss.object_id, "言い方を直してください")
    ]


async def test_pressed_twice_and_by_two_it_is_one_decision(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall, "<p>よい知らせです。</p>")
    deputy = hall.teams.person("高橋")
    outcomes = await asyncio.gather(
        *(answer.press(person, "承認", comment="よい") for person in (boss, boss, deputy, boss))
    )
    assert all("承認" in seen(outcome) for outcome in outcomes)
    await draft.answer(2)
    await hall.settled()
    record = await hall.record(draft)
    assert record is not None
    assert len(record.decisions) == 1
    assert len(draft.answers) == 2
    assert "もう一度確認" not in answer.reading.actions


@pytest.mark.parametrize("title", ["承認", "差し戻し", "保留"])
async def test_only_supervisors_decide(hall: Hall, title: str) -> None:
    draft, answer = await posted(hall)
    pressed = await answer.press(hall.teams.person("田中"), title, comment="よい")
    assert words.REFUSED[Refusal.NOT_SUPERVISOR] in seen(pressed)
    await hall.settled()
    assert words.REFUSED[Refusal.NOT_SUPERVISOR] not in answer.reading.text
    record = await hall.record(draft)
    assert record is not None
    assert record.decisions == ()


async def test_nobody_decides_on_their_own_draft(hall: Hall, boss: Person) -> None:
    draft = hall.room.post(boss, "<p>よい知らせです。</p>")
    answer = await draft.answer()
    assert words.REFUSED[Refusal.OWN_DRAFT] in seen(await answer.press(boss, "承認"))
    await hall.settled()
    record = await hall.record(draft)
    assert record is not None
    assert record.state is DraftState.WAITING


async def test_some_decisions_ask_for_a_word(hall: Hall, boss: Person) -> None:
    _draft, answer = await posted(hall)
    for title in ("承認", "差し戻し"):
        assert words.REFUSED[Refusal.COMMENT_REQUIRED] in seen(await answer.press(boss, title))
    assert "⏸️ 保留" in seen(await answer.press(boss, "保留"))


async def test_a_card_of_an_earlier_version_decides_nothing(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall)
    old = answer.card
    draft.edit("<p>よい知らせです。</p>")
    await draft.answer(2)
    await hall.settled()
    approve = next(each for each in _executes(old) if each["title"] == "承認")
    assert words.REFUSED[Refusal.OUTDATED] in seen(await answer.execute(boss, approve))


def _executes(card: Any) -> list[dict[str, Any]]:
    if isinstance(card, list):
        return [found for each in card for found in _executes(each)]
    if not isinstance(card, dict):
        return []
    own = [card] if card.get("type") == "Action.Execute" else []
    return own + [found for each in card.values() for found in _executes(each)]


async def test_a_decision_that_cannot_be_shown_is_recorded_and_that_is_said(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall, "<p>よい知らせです。</p>")
    hall.teams.mischief.break_down("post", times=1, status=400)
    await answer.press(boss, "承認")
    assert words.DECIDED_UNSEEN in (await draft.answer(2)).reading.visible
    assert "✅ 承認　" in answer.reading.visible


async def test_names_are_an_ornament_that_nobody_waits_for(hall: Hall, boss: Person) -> None:
    _draft, answer = await posted(hall, "<p>よい知らせです。</p>")
    hall.teams.mischief.break_down("member", times=1_000)
    assert "⏸️ 保留" in seen(await answer.press(boss, "保留"))


async def test_after_a_crash_between_record_and_inbox_pressing_again_shows_it(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall, "<p>よい知らせです。</p>")
    place = hall.place(draft)
    version = await revision(hall, draft)
    await hall.desk.decide(place, version, DecisionKind.APPROVE, boss.object_id, "よい", is_supervisor=True)
    await answer.press(boss, "承認", comment="よい")
    await answer.shows("✅ 承認　鈴木")
    await draft.answer(2)


# ── what somebody makes up ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "made_up",
    [
        button(DECIDE, kind="approve", revision="999"),
        button(DECIDE, kind="delete", revision="999"),
        button(DECIDE, kind=["approve"], revision={"a": 1}),
        button(DECIDE),
        button(DISPUTE, revision="999"),
        button(RULE, kind="for_town", dispute=1),
        button(RULE, kind="for_town", dispute="１"),
        button(RULE, kind="for_town", dispute=10**40),
        button(RULE, kind="for_town", dispute=None),
        button(TURN, revision="999", page=-4),
        button(REVISE, revision="999"),
        button(RECHECK, revision="999"),
        button("drop_table"),
    ],
)
async def test_a_made_up_button_is_refused_in_a_kind_sentence(
    hall: Hall, boss: Person, made_up: dict[str, Any]
) -> None:
    draft, answer = await posted(hall)
    pressed = await answer.execute(boss, made_up)
    known = {*words.REFUSED.values(), words.NOT_SERVED}
    assert any(sentence in seen(pressed) for sentence in known)
    record = await hall.record(draft)
    assert record is not None
    assert (record.decisions, record.disputes) == ((), ())


async def test_a_made_up_page_is_the_nearest_there_is(hall: Hall) -> None:
    draft, answer = await posted(hall, f"<p>{'禁a、' * 12}</p>")
    for page in (-1, 10**9, "2", None, True):
        turned = await answer.execute(hall.staff, button(TURN, revision=await revision(hall, draft), page=page))
        assert "指摘 12 件のうち" in seen(turned)


async def test_what_a_button_says_of_places_is_not_believed(hall: Hall, boss: Person) -> None:
    """A draft elsewhere cannot be decided on from here, whatever the data says."""
    draft, answer = await posted(hall, "<p>よい知らせです。</p>")
    other, _ = await posted(hall, "<p>ほかの知らせです。</p>")
    forged = button(DECIDE, kind="approve", revision=await revision(hall, other), thread=other.id, draft=other.id)
    assert words.REFUSED[Refusal.UNKNOWN] in seen(await answer.execute(boss, forged))
    for each in (draft, other):
        record = await hall.record(each)
        assert record is not None
        assert record.decisions == ()


async def test_buttons_do_nothing_in_channels_that_are_not_for_reviews(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall, "<p>よい知らせです。</p>")
    approve = button(DECIDE, kind="approve", revision=await revision(hall, draft))
    room = hall.teams.channel("19:other@thread.tacv2")
    chat = hall.teams.chat(boss)
    for conversation in (f"{room.id};messageid={draft.id}", chat.conversation.id, REVIEW):
        activity = hall.teams.activity("invoke", hall.room, boss, name="adaptiveCard/action", replyToId=answer.id)
        activity["conversation"] = {**activity["conversation"], "id": conversation}
        activity["value"] = {"action": approve, "trigger": "manual"}
        answered = await hall.teams.send(activity)
        assert answered.status == 200
        assert answered.body == {
            "statusCode": 200,
            "type": "application/vnd.microsoft.activity.message",
            "value": words.NOT_SERVED,
        }
    record = await hall.record(draft)
    assert record is not None
    assert record.decisions == ()


async def test_people_of_other_tenants_are_not_heard(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall, "<p>よい知らせです。</p>")
    activity = hall.teams.activity("invoke", hall.room, boss, name="adaptiveCard/action", replyToId=answer.id)
    activity["conversation"] = {
        **activity["conversation"],
        "id": f"{REVIEW};messageid={draft.id}",
        "tenantId": "t-evil",
    }
    activity["channelData"] = {**activity["channelData"], "tenant": {"id": "t-evil"}}
    approve = button(DECIDE, kind="approve", revision=await revision(hall, draft))
    activity["value"] = {"action": approve, "trigger": "manual"}
    await hall.teams.send(activity)
    record = await hall.record(draft)
    assert record is not None
    assert record.decisions == ()


async def test_a_button_of_an_old_client_does_the_same_and_is_explained_in_the_thread(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall, "<p>よい知らせです。</p>")
    data = {"verb": DECIDE, "kind": "approve", "revision": await revision(hall, draft), "comment": "よい"}
    for person in (hall.staff, boss):
        activity = hall.teams.activity("message", hall.room, person, replyToId=answer.id, value=data)
        activity["conversation"] = {**activity["conversation"], "id": f"{REVIEW};messageid={draft.id}"}
        answered = await hall.teams.send(activity)
        assert answered.status == 200
        await hall.settled()
    shown = [each.reading.visible for each in draft.answers]
    assert words.REFUSED[Refusal.NOT_SUPERVISOR] in shown[1]
    assert "承認" in shown[2]
    assert "✅ 承認　" in answer.reading.visible


# ── disputes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_dispute_is_raised_and_ruled_on(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall)
    colleague = hall.teams.person("田中")
    raised = await answer.press(colleague, "送る", finding="0", reason="例規の言葉です")
    assert words.DISPUTE_TAKEN in seen(raised)
    assert words.DISPUTE_OPEN in seen(raised)
    call = await draft.answer(2)
    assert "例規の言葉です" in call.reading.visible
    assert "<at>鈴木</at>" in call.reading.mentions
    await answer.shows(words.DISPUTE_OPEN)
    assert words.REFUSED[Refusal.NOT_SUPERVISOR] in seen(await call.press(colleague, "指摘のまま"))
    ruled = await call.press(boss, "この下書きでは問題なし", note="そのとおりです")
    assert "この下書きでは問題なし　鈴木" in seen(ruled)
    await call.shows("この下書きでは問題なし　鈴木")
    told = await draft.answer(3)
    assert told.reading.mentions == ("<at>田中</at>",)
    reading = await answer.shows("監督者が問題なしとした指摘 1 件")
    assert "要確認 1" in reading.visible
    assert "発信禁止 1" not in reading.visible


async def test_disputes_ask_which_finding_and_why(hall: Hall) -> None:
    draft, answer = await posted(hall)
    assert words.WHICH_BLANK in seen(await answer.press(hall.staff, "送る", reason="違います"))
    assert words.DISPUTE_WHY_BLANK in seen(await answer.press(hall.staff, "送る", finding="0"))
    assert words.REFUSED[Refusal.UNKNOWN] in seen(
        await answer.press(hall.staff, "送る", finding="99", reason="違います")
    )
    record = await hall.record(draft)
    assert record is not None
    assert record.disputes == ()


async def test_the_first_ruling_counts_and_others_are_told(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall)
    await answer.press(hall.staff, "送る", finding="0", reason="違います")
    call = await draft.answer(2)
    await call.press(boss, "指摘のまま")
    decline = button(RULE, kind="for_town", dispute=1)
    assert words.ALREADY_RULED in seen(await call.execute(hall.teams.person("高橋"), decline))
    await answer.shows(words.DISPUTE_DECLINED)


async def test_words_allowed_for_the_town_leave_other_open_drafts_too(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall)
    _other, elsewhere = await posted(hall, "<p>こちらも 禁a です。</p>")
    await answer.press(hall.staff, "送る", finding="0", reason="例規の言葉です")
    call = await draft.answer(2)
    await call.press(boss, "今後も問題なし")
    await elsewhere.shows("監督者が問題なしとした指摘 1 件")


async def test_a_dispute_is_ruled_on_in_its_own_thread_only(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall)
    _other, elsewhere = await posted(hall, "<p>ほかの知らせです。</p>")
    await answer.press(hall.staff, "送る", finding="0", reason="違います")
    await draft.answer(2)
    forged = button(RULE, kind="declined", dispute=1)
    assert words.REFUSED[Refusal.UNKNOWN] in seen(await elsewhere.execute(boss, forged))


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_pages_are_turned_for_who_turns_them(hall: Hall) -> None:
    _draft, answer = await posted(hall, f"<p>{'禁a、' * 12}</p>")
    turned = await answer.press(hall.staff, "次へ")
    assert "6〜10 件目" in seen(turned)
    assert "1〜5 件目" in answer.reading.visible
    assert "1〜5 件目" in seen(await answer.press(hall.staff, "前へ"))


async def test_a_version_written_in_the_card_is_shown_and_reviewed(hall: Hall) -> None:
    draft, answer = await posted(hall)
    colleague = hall.teams.person("田中")
    assert words.REVISION_BLANK in seen(await answer.press(colleague, "出す"))
    assert words.REVISION_UNCHANGED in seen(await answer.press(colleague, "出す", text="禁a と 注b です。"))
    outcomes = await asyncio.gather(*(answer.press(colleague, "出す", text="よい知らせです。") for _ in range(2)))
    assert all(words.REVISION_TAKEN in seen(outcome) for outcome in outcomes)
    shown = await draft.answer(2)
    assert "田中 さんの修正版：\nよい知らせです。" in shown.reading.visible
    second = await draft.answer(3)
    assert "下書き第2版" in second.reading.visible
    await answer.shows("下書き第1版の確認結果（新しい版の結果が下にあります）")
    await hall.settled()
    record = await hall.record(draft)
    assert record is not None
    assert [version.author for version in record.versions] == [hall.staff.object_id, colleague.object_id]


async def test_the_post_is_read_again_where_edits_are_not_told(hall: Hall) -> None:
    hall.teams.edits_told = False
    draft, answer = await posted(hall)
    assert words.RECHECKED_SAME in seen(await answer.press(hall.staff, "もう一度確認"))
    draft.edit("<p>よい知らせです。</p>")
    pressed = [await answer.press(hall.staff, "もう一度確認") for _ in range(2)]
    assert words.RECHECKING in seen(pressed[0])
    second = await draft.answer(2)
    assert words.VERDICT_MARK[Verdict.PASS] in second.reading.visible


async def test_a_version_in_a_reply_is_read_again_too(hall: Hall) -> None:
    hall.teams.edits_told = False
    draft, _first = await posted(hall)
    reply = draft.reply(hall.staff, "<p>修正版：禁b です。</p>")
    answer = await draft.answer(2)
    await hall.settled()
    assert words.RECHECKED_SAME in seen(await answer.press(hall.staff, "もう一度確認"))
    reply.edit("<p>修正版：よい知らせです。</p>")
    assert words.RECHECKING in seen(await answer.press(hall.staff, "もう一度確認"))
    third = await draft.answer(3)
    assert words.VERDICT_MARK[Verdict.PASS] in third.reading.visible
    await hall.settled()
    assert words.RECHECKED_SAME in seen(await third.press(hall.staff, "もう一度確認"))
    record = await hall.record(draft)
    assert record is not None
    assert len(record.versions) == 3


async def test_nobody_waits_for_graph_longer_than_teams_does(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "READING_SECONDS", 0.2)
    _draft, answer = await posted(hall)
    hall.teams.mischief.hang("message")
    assert words.RECHECK_LATER in seen(await answer.press(hall.staff, "もう一度確認"))


async def test_a_post_that_mentions_the_bot_reads_the_same_again(hall: Hall) -> None:
    answer = await hall.room.mention(hall.staff, "禁a です。").answer()
    assert words.RECHECKED_SAME in seen(await answer.press(hall.staff, "もう一度確認"))


async def test_without_the_permission_it_is_said_how_to_have_it_checked_again(hall: Hall) -> None:
    hall.teams.graph.permitted = False
    draft = hall.room.mention(hall.staff, "禁a です。")
    answer = await draft.answer()
    assert words.RECHECK_NOT_ALLOWED in seen(await answer.press(hall.staff, "もう一度確認"))


async def test_a_withdrawn_draft_takes_nothing_any_more(hall: Hall, boss: Person) -> None:
    draft, answer = await posted(hall)
    card = answer.card
    draft.delete()
    await answer.shows(words.WITHDRAWN_LINE)
    for each in _executes(card):
        pressed = await answer.execute(boss, each)
        assert words.REFUSED[Refusal.WITHDRAWN] in seen(pressed), read_card(card).actions
