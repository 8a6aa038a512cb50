"""Decisions: who may, on what, once; on both databases."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.desk import Decision, DecisionKind, DraftState, Place, Refusal, Refused, ReviewFailed, Unreadable
from bot.history import EventKind, History
from tests.bot.office import AUTHOR, NOW, OTHER_SUPERVISOR, PLACE, SUPERVISOR, Office

APPROVE, RETURN, HOLD = DecisionKind.APPROVE, DecisionKind.RETURN, DecisionKind.HOLD
NO_SUCH_DRAFT = Place("slack", "T1", "C1", "no such draft")


@pytest.mark.parametrize(
    ("kind", "comment", "state"),
    [
        (APPROVE, "", DraftState.APPROVED),
        (RETURN, "日付を直してください。", DraftState.RETURNED),
        (HOLD, "", DraftState.HELD),
    ],
)
async def test_a_decision_stands_with_who_what_and_when(
    office: Office, kind: DecisionKind, comment: str, state: DraftState
) -> None:
    await office.post(1, "注意書きです。")
    answer = await office.decide(1, kind, f" {comment}\n")
    decision = Decision(kind, "r1", SUPERVISOR, NOW, comment)
    assert (answer.state, answer.decision, answer.receipt) == (state, decision, "answer to 1")
    assert await office.desk.standing(PLACE) == answer
    thread = await office.thread()
    assert (thread.state, thread.decisions) == (state, (decision,))
    last = thread.events[-1]
    assert (last.kind, last.actor, last.at, last.revision) == (EventKind.DECIDED, SUPERVISOR, NOW, "r1")
    assert last.data["decision"] == kind.value
    (summary,) = await office.desk.recent(1)
    assert (summary.state, summary.decision, summary.author) == (state, decision, AUTHOR)


async def refusal(office: Office, order: float, kind: DecisionKind, comment: str = "", **who: str) -> Refused:
    before = await office.desk.thread(PLACE)
    with pytest.raises(Refused) as refused:
        await office.decide(order, kind, comment, **who)  # type: ignore[arg-type]
    assert await office.desk.thread(PLACE) == before, "a refusal changes nothing"
    return refused.value


async def test_only_supervisors_decide(office: Office) -> None:
    await office.post(1, "良い文です。")
    with pytest.raises(Refused) as refused:
        await office.desk.decide(PLACE, "r1", APPROVE, "U2", "", is_supervisor=False)
    assert refused.value.reason is Refusal.NOT_SUPERVISOR


async def test_nobody_decides_on_a_draft_that_they_had_a_hand_in(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.post(2, "もっと良い文です。", author=SUPERVISOR)
    await office.post(3, "最後の文です。")
    for actor in (AUTHOR, SUPERVISOR):
        assert (await refusal(office, 3, APPROVE, actor=actor)).reason is Refusal.OWN_DRAFT
    assert (await office.decide(3, APPROVE, actor=OTHER_SUPERVISOR)).state is DraftState.APPROVED


async def test_only_the_words_that_stand_are_decided(office: Office) -> None:
    await office.post(1, "注意書きです。")
    await office.post(2, "良い文です。")
    refused = await refusal(office, 1, APPROVE)
    assert (refused.reason, refused.decision) == (Refusal.OUTDATED, None)
    decided = await office.decide(2, APPROVE)
    refused = await refusal(office, 1, APPROVE, actor=OTHER_SUPERVISOR)
    assert (refused.reason, refused.decision) == (Refusal.OUTDATED, decided.decision)


async def test_new_words_wait_again_and_an_edit_that_changes_nothing_does_not(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.decide(1, APPROVE)
    unchanged = await office.post(2, "良い文です。")
    assert (unchanged.due, unchanged.outdated, unchanged.state) == (False, False, DraftState.APPROVED)
    assert unchanged.decision is not None
    standing = await office.desk.standing(PLACE)
    assert standing is not None
    assert (standing.revision, standing.receipt, standing.superseded) == ("r1", "answer to 1", ())
    changed = await office.post(3, "別の文です。")
    assert (changed.state, changed.decision) == (DraftState.WAITING, None)
    assert len((await office.thread()).decisions) == 1


async def test_an_answered_card_is_decided_although_an_edit_came_that_changes_nothing(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.post(2, "良い文です。")
    answer = await office.decide(1, APPROVE)
    assert (answer.revision, answer.state) == ("r1", DraftState.APPROVED)
    assert (await refusal(office, 2, RETURN, "やはり。")).reason is Refusal.ALREADY_DECIDED


async def test_an_old_version_that_arrives_late_does_not_undo_a_decision(office: Office) -> None:
    await office.post(2, "良い文です。")
    await office.decide(2, APPROVE)
    await office.post(1, "注意書きです。")
    assert (await office.thread()).state is DraftState.APPROVED


async def test_words_that_nobody_met_do_not_part_the_same_words(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.post(3, "良い文です。")
    late = await office.post(2, "別の文です。")
    assert not late.due
    assert (await office.decide(1, APPROVE)).state is DraftState.APPROVED


async def test_the_same_words_after_others_that_were_answered_are_decided_anew(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.decide(1, APPROVE)
    await office.post(2, "別の文です。")
    back = await office.post(3, "良い文です。")
    assert (back.due, back.state) == (True, DraftState.WAITING)


async def test_a_hold_may_be_followed_by_a_decision_and_that_by_none(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.decide(1, HOLD, "課長に聞きます。")
    await office.decide(1, HOLD, "明日まで。", actor=OTHER_SUPERVISOR)
    approved = await office.decide(1, APPROVE, actor=OTHER_SUPERVISOR)
    for kind in DecisionKind:
        refused = await refusal(office, 1, kind, "理由です。")
        assert (refused.reason, refused.decision) == (Refusal.ALREADY_DECIDED, approved.decision)
    assert [decision.kind for decision in (await office.thread()).decisions] == [HOLD, HOLD, APPROVE]


async def test_the_same_decision_again_is_one_decision(office: Office) -> None:
    await office.post(1, "良い文です。")
    once = await office.decide(1, APPROVE, "結構です。")
    assert await office.decide(1, APPROVE, " 結構です。") == once
    assert len((await office.thread()).decisions) == 1


@pytest.mark.parametrize(("text", "kind"), [("良い文です。", RETURN), ("禁句です。", RETURN), ("禁句です。", APPROVE)])
async def test_sending_back_and_approving_a_block_ask_for_a_comment(
    office: Office, text: str, kind: DecisionKind
) -> None:
    await office.post(1, text)
    assert (await refusal(office, 1, kind, " 　\n")).reason is Refusal.COMMENT_REQUIRED
    assert (await office.decide(1, kind, "引用のためです。")).decision is not None


@pytest.mark.parametrize("text", ["注意書きです。", "参考です。", "良い文です。"])
async def test_without_a_block_no_comment_is_needed_to_approve(office: Office, text: str) -> None:
    await office.post(1, text)
    assert (await office.decide(1, APPROVE)).state is DraftState.APPROVED


async def test_what_was_not_read_is_not_approved(office: Office) -> None:
    unread = await office.post(1, " ")
    assert unread.unreadable is Unreadable.EMPTY
    assert (await refusal(office, 1, APPROVE, "よし。")).reason is Refusal.NOT_REVIEWED
    assert (await office.decide(1, RETURN, "本文を書いてください。")).state is DraftState.RETURNED


async def test_what_waits_for_its_review_is_not_decided(office: Office) -> None:
    await office.post(1, "良い文です。")
    with pytest.raises(ReviewFailed):
        await office.submit(2, "壊れる")
    for kind in DecisionKind:
        assert (await refusal(office, 2, kind, "理由です。")).reason is Refusal.NOT_REVIEWED


async def test_a_withdrawn_draft_stays_withdrawn(office: Office) -> None:
    await office.post(1, "良い文です。")
    await office.decide(1, HOLD)
    await office.desk.withdraw(PLACE, AUTHOR, NOW)
    assert (await refusal(office, 1, APPROVE)).reason is Refusal.WITHDRAWN
    assert (await office.post(2, "別の文です。")).state is DraftState.WITHDRAWN


async def test_what_is_unknown_is_refused(office: Office) -> None:
    await office.post(1, "良い文です。")
    assert (await refusal(office, 9, APPROVE)).reason is Refusal.UNKNOWN
    with pytest.raises(Refused) as refused:
        await office.decide(1, APPROVE, place=NO_SUCH_DRAFT)
    assert refused.value.reason is Refusal.UNKNOWN
    assert await office.desk.standing(NO_SUCH_DRAFT) is None


async def test_two_supervisors_at_once_make_one_decision(office: Office, url: str) -> None:
    async with History.open(url) as elsewhere:
        other = Office(elsewhere)
        await other.desk.guideline("chiba")
        for number in range(5):
            place = Place("slack", "T1", "C1", str(number))
            await office.post(1, "良い文です。", place=place)
            outcomes = await asyncio.gather(
                office.decide(1, APPROVE, actor=SUPERVISOR, place=place),
                other.decide(1, RETURN, "直してください。", actor=OTHER_SUPERVISOR, place=place),
                return_exceptions=True,
            )
            (decision,) = (await office.thread(place)).decisions
            (refused,) = (outcome for outcome in outcomes if isinstance(outcome, Refused))
            assert (refused.reason, refused.decision) == (Refusal.ALREADY_DECIDED, decision)
            (answer,) = (outcome for outcome in outcomes if not isinstance(outcome, BaseException))
            assert (answer.decision, answer.state) == (decision, decision.kind.state)


async def test_answers_to_former_words_are_folded_once(office: Office) -> None:
    await office.post(1, "注意書きです。")
    await office.post(2, "別の注意書きです。")
    third = await office.post(3, "良い文です。")
    assert [(old.revision, old.receipt, old.number) for old in third.superseded] == [
        ("r1", "answer to 1", 1),
        ("r2", "answer to 2", 2),
    ]
    await office.desk.folded(PLACE, "r1")
    await office.desk.folded(PLACE, "r1")
    standing = await office.desk.standing(PLACE)
    assert standing is not None
    assert [old.revision for old in standing.superseded] == ["r2"]


async def test_findings_are_told_apart_from_those_the_author_met(office: Office) -> None:
    await office.post(1, "禁a 注b です。")
    await office.submit(2, "禁c です。")  # never answered: the next one arrives first
    third = await office.post(3, "参d 注ｂ です。")
    assert third.comparison is not None
    told = third.comparison
    quotes = [[finding.quote for finding in part] for part in (told.solved, told.remaining, told.new)]
    assert quotes == [["禁a"], ["注ｂ"], ["参d"]]


async def test_comments_are_kept_out_of_events_and_logs(office: Office) -> None:
    await office.post(1, "禁句です。")
    with capture_logs() as logs:
        await office.decide(1, APPROVE, "秘密の事情です。")
    assert "秘密" not in repr((logs, (await office.thread()).events))
