"""The use cases, over a real history."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.desk import (
    MAX_TEXT,
    CannotRead,
    Comparison,
    Desk,
    DraftState,
    Reader,
    Reviewers,
    ReviewFailed,
    Submission,
    Unreadable,
)
from bot.history import History
from rules import Guideline, Review, Reviewer, RulesError, Verdict
from tests.bot.office import NOW, PLACE, Office
from tests.bot.readers import BAD, Marked


async def test_answers_a_draft(office: Office) -> None:
    answer = await office.submit(1, "これは駄目です。")
    assert answer.due
    assert (answer.place, answer.revision, answer.number, answer.text) == (PLACE, "r1", 1, "これは駄目です。")
    assert answer.review is not None
    assert (answer.review.verdict, answer.review.findings[0].quote) == (Verdict.WARN, BAD)
    assert (answer.unreadable, answer.comparison, answer.receipt) == (None, None, None)
    assert answer.guideline.clause("5(1)").text


async def test_what_is_added_to_a_review_is_stored_with_it(history: History) -> None:
    class Adds:
        async def annotate(self, text: str, review: Review, reader: Reader) -> Review:
            message = f"{text}{reader.guideline.id}"
            return replace(review, findings=tuple(replace(found, message=message) for found in review.findings))

    desk = Desk(history, Reviewers(Marked), lambda: NOW, Adds())
    submission = Submission(PLACE, "r1", 1.0, "U1", "これは駄目です。", NOW)
    answer = await desk.submit(submission, "chiba")
    assert answer.review is not None
    assert [found.message for found in answer.review.findings] == ["これは駄目です。chiba"]
    assert (await desk.submit(submission, "chiba")).review == answer.review
    assert (await desk.try_out("これは駄目です。", "chiba")).findings[0].message == "これは駄目です。chiba"


async def test_the_same_again_is_what_is_stored(office: Office) -> None:
    first = await office.submit(1, "これは駄目です。")
    assert await office.submit(1, "これは駄目です。") == first
    assert office.times_read == 1
    await office.desk.answered(first, "posted")
    again = await office.submit(1, "これは駄目です。")
    assert (again.receipt, again.due, again.review) == ("posted", False, first.review)


async def test_an_edit_is_the_next_version_and_knows_the_one_before(office: Office) -> None:
    first = await office.post(1, "これは駄目です。")
    second = await office.post(2, "これは良いです。")
    assert second.due
    assert first.review is not None
    assert (second.number, second.comparison) == (2, Comparison(first.review.findings, (), ()))
    assert second.review is not None
    assert second.review.verdict is Verdict.PASS


async def test_an_edit_that_changes_nothing_is_not_answered_twice(office: Office) -> None:
    await office.post(1, "これは駄目です。")
    second = await office.post(2, "これは駄目です。")
    third = await office.post(3, "これは駄目です。")
    assert [(answer.unchanged, answer.due) for answer in (second, third)] == [(True, False)] * 2
    assert (await office.post(4, "別の文です。")).due
    back = await office.post(5, "これは駄目です。")
    assert (back.unchanged, back.due) == (False, True)


async def test_an_unchanged_edit_is_answered_when_the_first_never_was(office: Office) -> None:
    await office.submit(1, "これは駄目です。")
    assert (await office.submit(2, "これは駄目です。")).due


async def test_the_same_text_under_another_guideline_is_answered(office: Office) -> None:
    await office.post(1, "これは駄目です。")
    other = await office.post(2, "これは駄目です。", "oizumi")
    assert other.due
    assert other.guideline == Guideline.load("oizumi")


async def test_a_version_keeps_its_guideline(office: Office) -> None:
    await office.submit(1, "これは駄目です。")
    again = await office.submit(1, "これは駄目です。", "oizumi")
    assert again.guideline == Guideline.load("chiba")


async def test_an_older_version_that_arrives_late_is_kept_and_not_answered(office: Office) -> None:
    newer = await office.post(2, "これは良いです。")
    older = await office.post(1, "これは駄目です。")
    assert (newer.due, newer.number, older.due, older.outdated, older.number) == (True, 1, False, True, 1)
    versions = (await office.thread()).versions
    assert [(version.number, version.verdict, version.receipt) for version in versions] == [
        (1, Verdict.WARN, None),
        (2, Verdict.PASS, "answer to 2"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Unreadable.EMPTY),
        (" \n\t　", Unreadable.EMPTY),
        ("\u200b\ufeff\x00\u202e", Unreadable.EMPTY),
        ("あ" * (MAX_TEXT + 1), Unreadable.TOO_LONG),
        ("読めない", Unreadable.BROKEN_TEXT),
    ],
)
async def test_a_text_that_cannot_be_reviewed_is_answered_with_the_reason(
    office: Office, text: str, reason: Unreadable
) -> None:
    answer = await office.post(1, text)
    assert (answer.due, answer.review, answer.unreadable) == (True, None, reason)
    assert (await office.thread()).versions[0].unreadable is reason
    assert not (await office.post(1, text)).due
    with pytest.raises(CannotRead) as refused:
        await office.desk.try_out(text, "chiba")
    assert refused.value.reason is reason


async def test_what_the_surface_could_not_read_is_answered_with_its_reason(office: Office) -> None:
    picture = Submission(PLACE, "r1", 1, "U1", "", NOW, Unreadable.IMAGE_ONLY)
    assert (await office.desk.submit(picture, "chiba")).unreadable is Unreadable.IMAGE_ONLY
    assert office.times_read == 0


@pytest.mark.parametrize("text", ["あ" * MAX_TEXT, "https://example.jp/", "🎉", "\ud83c", "。"])
async def test_a_text_with_anything_to_see_is_reviewed(office: Office, text: str) -> None:
    assert (await office.submit(1, text)).review is not None


async def test_a_deletion_that_was_known_first_wins(office: Office) -> None:
    await office.desk.withdraw(PLACE, "U1", NOW)
    late = await office.post(1, "これは駄目です。")
    assert (late.withdrawn, late.due) == (True, False)
    thread = await office.thread()
    assert (thread.state, thread.versions[0].receipt) == (DraftState.WITHDRAWN, None)


async def test_a_failure_is_recorded_and_can_be_tried_again(office: Office) -> None:
    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(ReviewFailed) as failed:
                await office.submit(1, "壊れる秘密")
    assert "秘密" not in repr(logs)
    assert logs[0]["event"] == "review_failed"
    assert (str(failed.value), failed.value.__cause__, failed.value.__context__) == ("ValueError", None, None)
    thread = await office.thread()
    assert [(event.kind.value, dict(event.data)) for event in thread.events[1:]] == [
        ("failed", {"error": "ValueError"})
    ]
    assert thread.versions[0].review is None


async def test_a_failure_on_what_needs_no_answer_is_only_recorded(office: Office) -> None:
    await office.post(2, "これは良いです。")
    assert not (await office.submit(1, "壊れる")).due


async def test_an_unknown_guideline_leaves_the_version_stored(office: Office) -> None:
    with pytest.raises(RulesError):
        await office.submit(1, "これは駄目です。", "atlantis")
    assert (await office.thread()).versions[0].text == "これは駄目です。"


async def test_a_private_check_leaves_nothing(office: Office) -> None:
    review = await office.desk.try_out("これは駄目です。", "chiba")
    assert review.verdict is Verdict.WARN
    assert await office.desk.recent(10) == ()
    with pytest.raises(ReviewFailed):
        await office.desk.try_out("壊れる", "chiba")


async def test_today_is_the_date_in_japan(office: Office) -> None:
    office.now = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    await office.submit(1, "本文")
    office.now -= timedelta(seconds=1)
    await office.submit(2, "本文二")
    assert [today for _text, today in office.readers["chiba"].read] == [date(2026, 11, 22), date(2026, 11, 21)]


async def test_a_guideline_is_loaded_once_for_all(office: Office) -> None:
    one, other = await asyncio.gather(office.desk.guideline("chiba"), office.desk.guideline("chiba"))
    assert one is other


async def test_reading_does_not_hold_up_the_loop(history: History) -> None:
    allowed = threading.Event()

    class Slow(Marked):
        def review(self, text: str, *, today: date) -> Review:
            assert allowed.wait(10)
            return super().review(text, today=today)

    desk = Desk(history, Reviewers(Slow), lambda: NOW)
    reading = asyncio.create_task(desk.try_out("本文", "chiba"))
    asyncio.get_running_loop().call_soon(allowed.set)
    assert (await reading).verdict is Verdict.PASS


async def test_the_real_reviewer_fits(tmp_path: Path) -> None:
    async with History.open(f"sqlite+aiosqlite:///{tmp_path / 'history.sqlite3'}") as history:
        desk = Desk(history, Reviewers(), lambda: NOW)
        text = "落ち葉清掃は12月5日（日）に行います。"
        answer = await desk.submit(Submission(PLACE, "r1", 1, "U1", text, NOW), "chiba")
        assert answer.review == Reviewer.load("chiba").review(text, today=date(2026, 11, 20))
        assert answer.review.verdict is Verdict.WARN
        assert await desk.submit(Submission(PLACE, "r1", 1, "U1", text, NOW), "chiba") == answer
