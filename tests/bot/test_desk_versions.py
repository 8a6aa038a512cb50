"""Versions that are taken back, drafts that come back, and what is attached to them; on both databases."""

from __future__ import annotations

import pytest

from bot.desk import (
    Answer,
    Attached,
    DecisionKind,
    DraftState,
    Query,
    Refusal,
    Refused,
    Retraction,
    Submission,
    Unreadable,
)
from bot.history import EventKind
from rules import Verdict
from tests.bot.office import AUTHOR, NOW, OTHER_SUPERVISOR, PLACE, SUPERVISOR, Office

APPROVE, RETURN = DecisionKind.APPROVE, DecisionKind.RETURN
POSTER = Attached(pictures=frozenset({"F1"}))


async def retract(office: Office, order: float, before: float | None = None) -> Answer | None:
    """Take back what was written as one message, and show what stands then."""
    retraction = Retraction(f"r{order}", order + 0.5 if before is None else before)
    answer = await office.desk.retract(PLACE, retraction, AUTHOR, NOW)
    for earlier in answer.superseded if answer else ():
        await office.desk.folded(PLACE, earlier.revision)
    return answer


async def attach(office: Office, order: float, text: str, attached: Attached) -> Answer:
    answer = await office.desk.submit(
        Submission(PLACE, f"r{order}", order, AUTHOR, text, office.now, attached=attached), "chiba"
    )
    if answer.due:
        await office.desk.answered(answer, f"answer to {order}")
    return answer


# ── versions that are taken back ─────────────────────────────────────────────────────────────────────────────────────


async def test_the_version_before_stands_again_with_its_decision(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.decide(1, APPROVE)
    await office.post(2, "禁a です。")
    await office.desk.folded(PLACE, "r1")
    restored = await retract(office, 2)
    assert restored is not None
    assert (restored.number, restored.text, restored.receipt, restored.state) == (
        1,
        "良い文です。",
        "answer to 1",
        DraftState.APPROVED,
    )
    assert [earlier.revision for earlier in restored.superseded] == ["r2"]
    thread = await office.thread()
    assert [(version.number, version.retracted, version.folded) for version in thread.versions] == [
        (1, False, False),
        (2, True, True),
    ]
    assert (thread.events[-1].kind, thread.events[-1].actor) == (EventKind.RETRACTED, AUTHOR)
    with pytest.raises(Refused) as refused:
        await office.decide(2, RETURN, "理由です。")
    assert refused.value.reason is Refusal.OUTDATED
    (summary,) = (await office.desk.search(Query("slack", "T1"), limit=9)).summaries
    assert summary.latest is not None
    assert (summary.latest.number, summary.versions, summary.state) == (1, 2, DraftState.APPROVED)


async def test_the_next_version_is_numbered_and_compared_as_if_it_were_not_there(office: Office) -> None:
    await office.post(1, "禁a です。")
    await office.post(2, "良い文です。")
    await retract(office, 2)
    third = await office.post(3, "禁a と 禁b です。")
    assert third.comparison is not None
    assert (third.number, third.due, len(third.comparison.remaining), len(third.comparison.new)) == (3, True, 1, 1)
    assert [earlier.number for earlier in third.superseded] == [1]


async def test_taken_back_twice_or_before_it_arrives_is_the_same(office: Office) -> None:
    await office.post(1, "良い文です。")
    for _ in range(2):
        assert await retract(office, 2) is not None
    late = await office.post(2, "禁a です。")
    assert (late.due, late.outdated) == (False, True)
    thread = await office.thread()
    assert [version.retracted for version in thread.versions] == [False, True]
    assert [event.kind for event in thread.events].count(EventKind.RETRACTED) == 1
    again = await retract(office, 2)
    assert again is not None
    assert again.number == 1


async def test_all_edits_of_a_message_go_with_it_and_later_ones_count_again(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.post(2, "禁a です。")
    edit = Submission(PLACE, "r2/3", 3, AUTHOR, "禁b です。", NOW)
    await office.desk.submit(edit, "chiba")
    restored = await retract(office, 2, before=4)
    assert restored is not None
    assert restored.number == 1
    back = await office.desk.submit(Submission(PLACE, "r2/5", 5, AUTHOR, "禁c です。", NOW), "chiba")
    assert (back.number, back.due) == (4, True)
    assert [version.retracted for version in (await office.thread()).versions] == [False, True, True, False]


async def test_what_no_more_stood_when_it_was_taken_back_changes_nothing(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.post(2, "禁a です。")
    await office.post(3, "別の文です。")
    answer = await retract(office, 2)
    assert answer is not None
    assert (answer.number, answer.state) == (3, DraftState.WAITING)


async def test_what_nobody_met_is_due_when_it_stands_again(office: Office) -> None:
    await office.submit(1, "禁a です。")
    await office.post(2, "良い文です。")
    restored = await retract(office, 2)
    assert restored is not None
    assert restored.review is not None
    assert (restored.due, restored.number, restored.review.verdict) == (True, 1, Verdict.BLOCK)


async def test_where_there_is_no_draft_nothing_is_taken_back(office: Office) -> None:
    assert await retract(office, 1) is None
    assert await office.desk.thread(PLACE) is None
    await office.post(1, "良い文です。")
    assert await retract(office, 1) is None
    assert await office.desk.standing(PLACE) is None


async def test_who_wrote_what_was_taken_back_still_does_not_decide(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.post(2, "別の文です。", author=SUPERVISOR)
    await retract(office, 2)
    with pytest.raises(Refused) as refused:
        await office.decide(1, APPROVE)
    assert refused.value.reason is Refusal.OWN_DRAFT
    assert (await office.decide(1, APPROVE, actor=OTHER_SUPERVISOR)).state is DraftState.APPROVED


# ── drafts that come back ────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_written_after_a_withdrawal_brings_the_draft_back_undecided(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.decide(1, APPROVE)
    for _ in range(2):
        await office.desk.withdraw(PLACE, AUTHOR, NOW, before=2)
    assert (await office.thread()).state is DraftState.WITHDRAWN
    with pytest.raises(Refused) as refused:
        await office.decide(1, RETURN, "理由です。", actor=OTHER_SUPERVISOR)
    assert refused.value.reason is Refusal.WITHDRAWN
    back = await office.post(3, "良い文です。")
    assert (back.due, back.number, back.state, back.decision) == (True, 2, DraftState.WAITING, None)
    assert [earlier.revision for earlier in back.superseded] == ["r1"]
    thread = await office.thread()
    assert [event.kind for event in thread.events].count(EventKind.WITHDRAWN) == 1
    with pytest.raises(Refused) as refused:
        await office.decide(1, RETURN, "理由です。")
    assert refused.value.reason is Refusal.OUTDATED


async def test_a_withdrawal_that_arrives_after_what_followed_it_is_only_recorded(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.post(3, "別の文です。")
    await office.desk.withdraw(PLACE, AUTHOR, NOW, before=2)
    thread = await office.thread()
    assert (thread.state, thread.events[-1].kind) == (DraftState.WAITING, EventKind.WITHDRAWN)


async def test_what_was_deleted_does_not_come_back(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.desk.withdraw(PLACE, AUTHOR, NOW, before=2)
    await office.desk.withdraw(PLACE, AUTHOR, NOW)
    late = await office.post(3, "別の文です。")
    assert (late.withdrawn, late.due) == (True, False)


# ── what is attached ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("before", "after"), [(Attached(), POSTER), (POSTER, Attached())])
async def test_a_picture_added_or_taken_away_asks_for_a_new_decision(
    office: Office, before: Attached, after: Attached
) -> None:
    await attach(office, 1, "禁a です。", before)
    await office.decide(1, APPROVE, "引用です。")
    second = await attach(office, 2, "禁a です。", after)
    assert (second.due, second.state, second.decision) == (True, DraftState.WAITING, None)
    assert (second.attached, second.reattached) == (after, True)
    assert second.comparison is not None
    assert (second.comparison.solved, second.comparison.new) == ((), ())
    third = await attach(office, 3, "良い文です。", after)
    assert not third.reattached


async def test_the_same_files_in_another_order_change_nothing(office: Office) -> None:
    both = Attached(frozenset({"F1", "F2"}), frozenset({"F3"}))
    await attach(office, 1, "良い文です。", both)
    again = await attach(office, 2, "良い文です。", Attached(frozenset({"F2", "F1"}), frozenset({"F3"})))
    assert (again.unchanged, again.attached) == (True, both)


async def test_another_picture_alone_is_another_version(office: Office) -> None:
    for order, name in ((1, "F1"), (2, "F2")):
        pictures = Attached(pictures=frozenset({name}))
        submission = Submission(PLACE, f"r{order}", order, AUTHOR, "", NOW, Unreadable.IMAGE_ONLY, pictures)
        answer = await office.desk.submit(submission, "chiba")
        assert answer.due
