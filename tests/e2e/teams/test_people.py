"""What people do with an answer in Teams, and what comes of it for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.teams import Message, Person, Pressed, Room, TeamsDouble
from tests.doubles.teams.cards import walk
from tests.e2e import drafts
from tests.e2e.teams.service import TeamsService, html

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def answered(review: Room, author: Person, text: str) -> tuple[Message, Message]:
    post = review.post(author, html(text))
    return post, await post.answer()


def actions_of(message: Message, title: str) -> list[dict[str, Any]]:
    """The buttons of this title on a card."""
    return [each for each in walk(message.card) if (each["type"], each.get("title")) == ("Action.Execute", title)]


async def test_a_draft_from_its_first_version_to_its_approval(
    service: TeamsService, review: Room, staff: Person
) -> None:
    post, first = await answered(review, staff, drafts.INSULT)
    returned = await first.press(service.boss, "差し戻し", comment="役職名は要りません。")
    assert returned.status == 200
    shown = await first.shows("役職名は要りません。")
    assert "差し戻し" in shown.visible
    assert service.boss.name in shown.visible
    await service.settled()
    post.edit(html(drafts.CLEAN))
    second = await until_newest_shows(post, drafts.CALM)
    await service.settled()
    await second.press(service.boss, "承認")
    approved = await second.shows("✅ 承認")
    assert service.boss.name in approved.visible
    await service.settled()
    assert service.keeps("役職名は要りません。")


async def until_newest_shows(post: Message, words: str) -> Message:
    """Wait until one of the answers shows these words, and return it."""
    return await post._stage.until(
        lambda: next((each for each in reversed(post.answers) if words in each.reading.text), None), 30, words
    )


async def test_only_supervisors_decide_and_never_on_their_own(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    _, answer = await answered(review, staff, drafts.CLEAN)
    refused = await answer.press(teams.person("鈴木"), "承認")
    assert "監督者だけ" in said(refused)
    _, own = await answered(review, service.boss, drafts.CLEAN)
    refused = await own.press(service.boss, "承認")
    assert "ご自分が書いた" in said(refused)
    await service.settled()
    assert all("✅ 承認" not in each.reading.visible for each in (answer, own))


def said(pressed: Pressed) -> str:
    """What a button told whoever pressed, as words or on a card."""
    assert pressed.status == 200
    return pressed.words or pressed.reading.text


async def test_buttons_that_somebody_made_up_are_not_believed(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    _, answer = await answered(review, staff, drafts.CLEAN)
    _, other = await answered(teams.channel("19:review98@thread.tacv2"), staff, drafts.CLEAN)
    (approve,) = actions_of(answer, "承認")
    data = approve["data"]
    for bent in (
        {**data, "revision": "1"},
        {**data, "kind": "everything"},
        {"revision": data["revision"]},
        {**data, "revision": "x" * 3_000},
        {**data, "revision": ["1"], "kind": {}},
    ):
        pressed = await answer.execute(service.boss, {**approve, "data": bent})
        assert pressed.status < 500, bent
    assert (await answer.execute(service.boss, {**approve, "verb": "drop"})).status < 500
    await other.execute(service.boss, approve)
    await service.settled()
    assert all("✅ 承認" not in each.reading.visible for each in (answer, other))


async def test_a_dispute_and_its_ruling(service: TeamsService, review: Room, staff: Person) -> None:
    post, answer = await answered(review, staff, drafts.INSULT)
    raised = await answer.press(staff, "送る", finding="0", reason="小説の題名です。")
    assert raised.status == 200
    asked = await until_newest_shows(post, "小説の題名です。")
    (title,) = [title for title in asked.reading.actions if "この下書き" in title]
    ruled = await asked.press(service.boss, title, note="題名でした。")
    assert ruled.status == 200
    await until_newest_shows(post, "題名でした。")
    await service.settled()
    assert drafts.MUST_FIX not in answer.reading.visible


async def test_checking_again_reads_what_stands_now(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    post, answer = await answered(review, staff, drafts.INSULT)
    teams.edits_told = False
    try:
        post.edit(html(drafts.CLEAN))
    finally:
        teams.edits_told = True
    assert said(await answer.press(staff, "もう一度確認"))
    await until_newest_shows(post, drafts.CALM)
    await service.settled()


async def test_checking_again_without_leave_to_read_says_what_to_do(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    post = review.mention(staff, drafts.INSULT)
    answer = await post.answer()
    teams.permitted = False
    try:
        assert "「修正版を出す」" in said(await answer.press(staff, "もう一度確認"))
    finally:
        teams.permitted = True
    await service.settled()


async def test_a_button_pressed_twice_decides_once(service: TeamsService, review: Room, staff: Person) -> None:
    post, answer = await answered(review, staff, drafts.CLEAN)
    for _ in range(2):
        assert (await answer.press(service.boss, "承認")).status == 200
        await answer.shows("✅ 承認")
        answer.stored.seen.clear()
        if not actions_of(answer, "承認"):
            break
    await service.settled()
    assert len([each for each in post.answers if "✅ 承認" in each.reading.visible]) <= 2


async def test_a_decision_survives_the_power_going_right_after_it(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    _, answer = await answered(review, staff, drafts.CLEAN)
    await service.settled()
    updates = len(teams.calls("update"))
    teams.mischief.hang("update", channel=review.id)
    assert (await answer.press(service.boss, "承認")).status == 200
    await teams.called("update", updates + 1)
    await service.crash_and_start()
    await answer.shows("✅ 承認")
    await service.caught_up()


async def test_harmful_words_harm_nobody_wherever_they_are_shown(
    teams: TeamsDouble, service: TeamsService, review: Room
) -> None:
    harm = "**太字** [ここ](https://evil.example) <at>課長</at> {{DATE(2026-11-21)}}"
    author = teams.person("[花子](https://evil.example)")
    post, answer = await answered(review, author, f"{drafts.INSULT}")
    await answer.press(author, "送る", finding="0", reason=harm)
    await until_newest_shows(post, "ここ")
    await answer.press(service.boss, "差し戻し", comment=harm)
    await service.settled()
    for each in post.answers:
        assert "evil.example" not in each.reading.formatted
        assert each.reading.links == ()
