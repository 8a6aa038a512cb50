"""What is not to be kept of texts goes once a draft is settled, and everything works as before. On both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.desk import Answer, DecisionKind, Query, Refusal, Refused, RulingKind, Submission
from bot.history import History, Keeping
from bot.history.database import connect
from bot.history.tables import metadata
from rules import Finding, Level, Review, Topic, Versions
from tests.bot.office import NOW, PLACE, Office

SOON = NOW + timedelta(minutes=11)
NEXT_DAY = NOW + timedelta(days=1, minutes=1)
NONE = Keeping.NONE


async def everything(url: str) -> str:
    found: list[str] = []
    async with connect(url) as database, database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in (await connection.execute(select(table))).mappings():
                found.extend(repr(value) for value in row.values())
    return "\n".join(found)


async def settled(office: Office) -> Answer:
    """Have a draft with two versions approved."""
    await office.post(1, "ひみつ 禁a 注b。")
    await office.post(2, "ひみつ 注b 参c。")
    return await office.decide(2, DecisionKind.APPROVE, "よいです。")


async def test_nothing_goes_where_everything_is_kept(history: History, office: Office) -> None:
    await settled(office)
    assert await history.withholding.sweep(Keeping.FULL, NEXT_DAY) == 0
    assert (await office.thread()).versions[0].text == "ひみつ 禁a 注b。"


async def test_no_text_and_no_quote_is_left(url: str, history: History, office: Office) -> None:
    await settled(office)
    before = await everything(url)
    assert all(word in before for word in ("ひみつ", "禁a", "注b", "参c"))
    assert await history.withholding.sweep(NONE, NOW) == 0, "its cards are still being changed"
    assert await history.withholding.sweep(NONE, SOON) == 1
    assert await history.withholding.sweep(NONE, NEXT_DAY) == 0, "once is enough"
    after = await everything(url)
    assert [word for word in ("ひみつ", "禁a", "注b", "参c") if word in after] == []
    assert (await history.ledger.verify()).fault is None


async def test_a_draft_that_waits_is_left_alone_for_a_day(history: History, office: Office) -> None:
    await office.post(1, "ひみつ 禁a。")
    assert await history.withholding.sweep(NONE, SOON) == 0
    assert await history.withholding.sweep(NONE, NEXT_DAY) == 1


async def test_the_answer_still_tells_what_is_solved_left_and_new(history: History, office: Office) -> None:
    before = (await settled(office)).comparison
    await history.withholding.sweep(NONE, SOON)
    answer = await office.desk.standing(PLACE)
    assert answer is not None
    after = answer.comparison
    assert before is not None
    assert after is not None
    assert [[each.rule for each in part] for part in (after.solved, after.remaining, after.new)] == [
        [each.rule for each in part] for part in (before.solved, before.remaining, before.new)
    ]
    assert (answer.text, answer.decision is not None) == ("■■■ ■■ ■■■", True)
    assert all(each.quote.startswith("■") and len(each.quote) == 9 for each in after.remaining)


async def test_a_new_version_is_compared_with_one_whose_words_are_gone(history: History, office: Office) -> None:
    await settled(office)
    await history.withholding.sweep(NONE, SOON)
    answer = await office.post(3, "ちがう 注b 禁d。")
    assert answer.comparison is not None
    assert [each.quote for each in answer.comparison.remaining] == ["注b"]
    assert [each.quote for each in answer.comparison.new] == ["禁d"]
    assert [each.rule for each in answer.comparison.solved] == ["t.note"]
    assert answer.decision is None


async def test_an_edit_that_changes_nothing_still_changes_nothing(history: History, office: Office) -> None:
    await settled(office)
    await history.withholding.sweep(NONE, SOON)
    again = await office.post(3, "ひみつ 注b 参c。")
    assert again.decision is not None
    assert again.unchanged
    other = await office.post(4, "ひみす 注b 参c。")
    assert (other.decision, other.due) == (None, True)


async def test_what_is_allowed_in_the_draft_stays_allowed(url: str, history: History, office: Office) -> None:
    await office.post(1, "ひみつ 禁a。")
    await office.ruled(await office.disputed(1), RulingKind.FOR_DRAFT)
    await office.decide(1, DecisionKind.APPROVE)
    await history.withholding.sweep(NONE, SOON)
    assert "禁a" not in await everything(url)
    answer = await office.desk.standing(PLACE)
    assert answer is not None
    assert (answer.review and answer.review.findings, len(answer.allowed)) == ((), 1)
    assert [each.rule for each in (await office.post(2, "ほかの 禁a。")).allowed] == ["t.block"]


async def test_figures_lists_and_exports_go_on(history: History, office: Office) -> None:
    await settled(office)
    figures = await office.desk.clause_figures("slack", "T1", date(2026, 11, 20))
    await history.withholding.sweep(NONE, SOON)
    assert await office.desk.clause_figures("slack", "T1", date(2026, 11, 20)) == figures
    records = [record async for record in office.desk.export(Query("slack", "T1"))]
    assert [(record.text, len(record.findings)) for record in records] == [("■■■ ■■ ■■■", 2), ("■■■ ■■ ■■■", 2)]
    assert records[1].decision is not None
    assert records[1].decision.comment == "よいです。"


def reviewed(text: str, *quotes: tuple[str, Topic]) -> Review:
    findings = [
        Finding("t.t", topic, Level.WARN, (), text.index(quote), text.index(quote) + len(quote), quote, "理由", "案")
        for quote, topic in quotes
    ]
    return Review(tuple(findings), Versions("chiba 1", "1", "1"))


async def test_only_sensitive_words_are_blackened_where_texts_are_redacted(url: str, history: History) -> None:
    text = "担当は山田です。山田の電話に、無駄な会議。"
    review = reviewed(text, ("山田です", Topic.PERSONAL_INFO), ("担当は山田", Topic.CONDUCT), ("無駄", Topic.INSULT))
    await history.drafts.receive(Submission(PLACE, "r1", 1.0, "U1", text, NOW), "chiba", None)
    await history.drafts.review(PLACE, "r1", review, NOW)
    await history.withholding.sweep(Keeping.REDACTED, NEXT_DAY)
    thread = await history.drafts.thread(PLACE)
    assert thread is not None
    (version,) = thread.versions
    assert version.text == "担当は■■■■。山田の電話に、無駄な会議。"
    assert version.review is not None
    black, shared, kept = version.review.findings
    assert (black.quote[0], shared.quote[0], black.message, shared.suggestion) == ("■", "■", "", "")
    assert (kept.quote, kept.message) == ("無駄", "理由")
    assert "山田です" not in await everything(url)
    assert (await history.ledger.verify()).fault is None


async def test_what_is_allowed_in_the_draft_is_redacted_like_the_words_themselves(
    url: str, history: History, office: Office
) -> None:
    text = "電話は山田へ。無駄な会議。"
    review = reviewed(text, ("山田", Topic.PERSONAL_INFO), ("無駄", Topic.INSULT))
    await history.drafts.receive(Submission(PLACE, "r1", 1.0, "U1", text, NOW), "chiba", None)
    await history.drafts.review(PLACE, "r1", review, NOW)
    for position in range(2):
        await office.ruled(await office.disputed(1, position), RulingKind.FOR_DRAFT, "公表済みです。")
    await history.withholding.sweep(Keeping.REDACTED, NEXT_DAY)
    kept = await everything(url)
    assert ("山田" in kept, "無駄" in kept) == (False, True)
    answer = await office.desk.standing(PLACE)
    assert answer is not None
    assert (answer.review and answer.review.findings, len(answer.allowed)) == ((), 2)


async def test_other_words_under_the_black_are_other_words(history: History) -> None:
    for order, name in enumerate(("山田", "佐藤", "山田"), 1):
        text = f"担当は{name}です。"
        await history.drafts.receive(Submission(PLACE, f"r{order}", order, "U1", text, NOW), "chiba", None)
        await history.drafts.review(PLACE, f"r{order}", reviewed(text, (name, Topic.PERSONAL_INFO)), NOW)
        if order < 3:
            await history.withholding.sweep(Keeping.REDACTED, NEXT_DAY)
    thread = await history.drafts.thread(PLACE)
    assert thread is not None
    first, second, third = thread.versions
    assert first.text == second.text == "担当は■■です。"
    assert first.substance != second.substance
    assert first.substance == third.substance
    quotes = [version.review.findings[0].quote for version in thread.versions if version.review]
    assert (quotes[0], quotes[2]) == ("山田", "山田"), "a version that is still there in clear says what they were"
    assert quotes[1].startswith("■")


async def test_words_that_begin_with_a_black_square_themselves_are_not_kept_either(url: str, history: History) -> None:
    text = "■山田さんの電話は公表済み。"
    await history.drafts.receive(Submission(PLACE, "r1", 1.0, "U1", text, NOW), "chiba", None)
    await history.drafts.review(PLACE, "r1", reviewed(text, ("■山田さん", Topic.PERSONAL_INFO)), NOW)
    await history.withholding.sweep(Keeping.REDACTED, NEXT_DAY)
    assert "山田" not in await everything(url)


async def test_words_kept_no_more_are_allowed_in_their_draft_alone(history: History, office: Office) -> None:
    await settled(office)
    dispute = await office.disputed(2)
    await history.withholding.sweep(NONE, SOON)
    answer = await office.desk.standing(PLACE)
    assert answer is not None
    assert answer.withheld
    with pytest.raises(Refused) as refused:
        await office.ruled(dispute, RulingKind.FOR_TOWN)
    assert refused.value.reason is Refusal.WITHHELD
    await office.ruled(dispute, RulingKind.FOR_DRAFT)
