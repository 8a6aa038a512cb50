"""What staff and supervisors do in Slack beside the threads, with the real process, in both modes."""

from __future__ import annotations

import csv
import io

import pytest

from tests.doubles.slack import Post, Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOSS = "U8BOSS"
CHIEFS = "S8CHIEFS"
COMMAND = "/sns-check"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SNS_CHECK_SUPERVISORS": f"{BOSS},{CHIEFS}"}


@pytest.fixture(autouse=True)
def people(slack: SlackDouble) -> None:
    slack.user(BOSS, "監督 太郎")
    slack.user_group(CHIEFS, "U7CHIEF")


def link_to(post: Post) -> str:
    return f"https://machi.slack.com/archives/{post.message.channel}/p{post.ts.replace('.', '')}"


@pytest.mark.usefixtures("service")
async def test_the_history_is_paged_and_everybody_sees_what_they_may(slack: SlackDouble, review: Room) -> None:
    posts = [review.post("U21", f"第{number}回の花の会です。") for number in range(1, 12)]
    for post in posts:
        await post.answer(within=30)
    other = review.post("U22", "鳥の会です。")
    await other.answer()
    shown = await review.command("U21", COMMAND, "history 今月 待ち").response()
    assert "鳥の会" not in shown.reading.text
    first = shown.reading.links
    shown.click("sns_check_history_next")
    second = (await shown.shows("11〜11 件目")).links
    assert sorted((*first, *second)) == sorted(map(link_to, posts))
    assert link_to(other) in (await review.command("U7CHIEF", COMMAND, "history").response()).reading.links
    refused = await review.command("U21", COMMAND, "history むかし").response()
    assert "むかし" in refused.reading.text
    assert len(slack.whispers("U21")) == 2


async def test_the_history_survives_a_restart(service: Service, review: Room) -> None:
    post = review.post("U23", drafts.INSULT)
    await post.answer()
    shown = await review.command("U23", COMMAND, "history").response()
    assert await service.stop() == 0
    await service.start()
    again = await review.command("U23", COMMAND, "history").response()
    assert again.reading == shown.reading


@pytest.mark.usefixtures("service")
async def test_the_home_tab_shows_what_waits_and_follows_its_filter(slack: SlackDouble, review: Room) -> None:
    post = review.post("U24", drafts.INSULT)
    answer = await post.answer()
    slack.open_home(BOSS)
    reading = await slack.home_shows(BOSS, "下書きの状況")
    assert link_to(post) in reading.links
    assert "4(6)①：発信禁止" in reading.text
    answer.click(BOSS, "sns_check_decide_return")
    await (await slack.modal(BOSS)).submit({"comment": "直してください。"})
    await slack.until(lambda: post.reactions == {"repeat"}, within=30)
    slack.click_home(BOSS, "sns_check_home_filter", '{"state":"returned"}')
    await slack.home_shows(BOSS, "判断：差し戻し　@U8BOSS")
    slack.open_home("U24")
    assert "🔁 差し戻し" in (await slack.home_shows("U24", "あなたの下書き")).text


@pytest.mark.usefixtures("service")
async def test_supervisors_get_the_record_as_a_file_and_others_a_kind_word(slack: SlackDouble, review: Room) -> None:
    slack.user("U25", "=鈴木")
    post = review.post("U25", f"=SUM(A1)　{drafts.INSULT}")
    await post.answer()
    assert "監督者" in (await review.command("U25", COMMAND, "export").response()).reading.text
    await review.command(BOSS, COMMAND, "export 今月").response()
    room = slack.direct(BOSS)
    await slack.until(lambda: room.messages, within=30)
    (file,) = room.messages[0].body["files"]
    content = slack.workspace.files[file["id"]].content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(content, newline="")) if link_to(post) in row[0]]
    assert [(row[3], row[-1]) for row in rows] == [("'=鈴木（U25）", f"'=SUM(A1)　{drafts.INSULT}")]


async def test_an_export_asked_for_just_before_the_power_went_still_comes(slack: SlackDouble, service: Service) -> None:
    slack.user("U7CHIEF")
    room = slack.direct("U7CHIEF")
    slack.mischief.hang("files.completeUploadExternal", after_effect=True)
    await slack.channel("C0CHAT").command("U7CHIEF", COMMAND, "export").response()
    await slack.called("files.completeUploadExternal", within=30)
    await slack.until(lambda: room.messages, within=30)
    await service.kill()
    service.let_leases_run_out()
    await service.start()
    await service.settled()
    assert len(room.messages) == 1


@pytest.mark.usefixtures("service")
async def test_words_allowed_for_the_town_are_listed_and_taken_back(slack: SlackDouble, review: Room) -> None:
    answer = await review.post("U26", drafts.INSULT).answer()
    answer.click("U26", "sns_check_dispute")
    await (await slack.modal("U26")).submit({"reason": "小説の題名です。"})
    raised = await answer_in(slack, answer, 2)
    raised.click(BOSS, "sns_check_rule_for_town")
    form = await slack.modal(BOSS)
    await form.submit({})
    await slack.until(lambda: "🆗 今後も問題なし" in raised.reading.text, within=30)
    assert drafts.INSULT_LABEL not in (await review.command("U26", COMMAND, drafts.INSULT).response()).reading.text
    shown = await review.command(BOSS, COMMAND, "words").response()
    assert "小説の題名です。" in shown.reading.text
    assert "取り消す" not in (await review.command("U26", COMMAND, "words").response()).reading.text
    shown.click("sns_check_revoke")
    await shown.shows("取り消しました")
    assert drafts.INSULT_LABEL in (await review.command("U26", COMMAND, drafts.INSULT).response()).reading.text


async def answer_in(slack: SlackDouble, answer: Post, number: int) -> Post:
    """Wait for an answer in the thread in which this one stands."""
    return await slack.post(answer.message.channel, str(answer.message.thread_ts)).answer(number)


@pytest.mark.usefixtures("service")
async def test_a_channel_is_set_up_and_reviewed_at_once(slack: SlackDouble) -> None:
    room = slack.channel("C0SETUP")
    room.join(slack.identity.bot_user)
    await slack.until(lambda: room.bot_messages, within=30)
    assert "/sns-check setup" in room.bot_messages[0].reading.text
    assert "監督者" in (await room.command("U27", COMMAND, "setup").response()).reading.text
    room.command(BOSS, COMMAND, "setup")
    form = await slack.modal(BOSS)
    await form.submit({"guideline": "oizumi", "supervisors": ["U28"]})
    assert form.modal.trouble == ""
    await form.shows("設定を保存しました")
    post = room.post("U27", drafts.INSULT)
    answer = await post.answer()
    assert drafts.INSULT_CLAUSE_OIZUMI in answer.reading.text
    answer.click(BOSS, "sns_check_decide_hold")
    await slack.until(
        lambda: any("監督者だけができます" in told.reading.text for told in slack.whispers(BOSS)), within=30
    )
    answer.click("U28", "sns_check_decide_hold")
    await (await slack.modal("U28")).submit({})
    await slack.until(lambda: "⏸️ 保留" in answer.reading.text, within=30)
    assert "大泉町" in (await room.command("U27", COMMAND, "clause 4-6-1").response()).reading.text


@pytest.mark.usefixtures("service")
async def test_clauses_rules_and_help_are_shown_and_mistakes_understood(review: Room) -> None:
    clause = (await review.command("U1", COMMAND, "clause ４（６）①").response()).reading
    assert "千葉市" in clause.text
    assert drafts.INSULT_CLAUSE in clause.text
    assert "こう書くと指摘します" in clause.text
    rules = await review.command("U1", COMMAND, "rules").response()
    assert "侮辱" in rules.reading.text
    rules.click("sns_check_rules_next")
    await rules.shows("41〜80 件目")
    assert "/sns-check history" in (await review.command("U1", COMMAND, "help").response()).reading.text
    assert "/sns-check history" in (await review.command("U1", COMMAND, "histroy").response()).reading.text
    assert drafts.MUST_FIX in (await review.command("U1", COMMAND, f"helpdesk {drafts.INSULT}").response()).reading.text


async def test_the_bot_welcomes_itself_once(slack: SlackDouble, service: Service, review: Room) -> None:
    delivery = review.join(slack.identity.bot_user)
    assert delivery is not None
    await slack.until(lambda: review.bot_messages, within=30)
    slack.courier.repeat(delivery)
    await service.settled()
    (welcome,) = review.bot_messages
    assert len(welcome.reading.text.splitlines()) == 5
