"""Disputes of findings, rulings on them, and the town's words; on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.desk import DecisionKind, DraftState, Place, Refusal, Refused, Ruling, RulingKind
from bot.history import EventKind, History
from rules import Verdict
from tests.bot.office import AUTHOR, NOW, OTHER_SUPERVISOR, PLACE, SUPERVISOR, Office

FOR_DRAFT, FOR_TOWN, DECLINED = RulingKind.FOR_DRAFT, RulingKind.FOR_TOWN, RulingKind.DECLINED
ELSEWHERE = Place("slack", "T1", "C2", "1763.000900")
OTHER_TOWN = Place("slack", "T2", "C1", "1763.000100")


async def test_a_dispute_is_recorded_and_shown(office: Office) -> None:
    await office.post(1, "禁a と 注b です。")
    dispute, answer = await office.desk.dispute(PLACE, "r1", 1, AUTHOR, " 書名です。\n")
    assert (dispute.place, dispute.revision, dispute.position, dispute.finding.quote) == (PLACE, "r1", 1, "注b")
    assert (dispute.actor, dispute.at, dispute.reason, dispute.ruling) == (AUTHOR, NOW, "書名です。", None)
    assert (answer.disputes, answer.state, answer.receipt) == ((dispute,), DraftState.WAITING, "answer to 1")
    assert await office.desk.disputes_open("slack", "T1") == (dispute,)
    assert await office.desk.disputes_open("slack", "T2") == ()
    last = (await office.thread()).events[-1]
    assert (last.kind, last.actor, last.revision) == (EventKind.DISPUTED, AUTHOR, "r1")
    assert (last.data["dispute"], last.data["rule"]) == (dispute.id, "t.warn")


async def test_a_position_names_a_finding_whatever_is_allowed_meanwhile(office: Office) -> None:
    answer = await office.post(1, "禁a と 注b です。")
    assert answer.review is not None
    assert [answer.position(finding) for finding in answer.review.findings] == [0, 1]
    answer = await office.ruled(await office.disputed(1, 0), FOR_DRAFT)
    assert answer.review is not None
    assert [answer.position(finding) for finding in answer.review.findings] == [1]


async def test_the_same_person_disputes_a_finding_once(office: Office) -> None:
    await office.post(1, "禁a です。")
    first = await office.disputed(1)
    again, answer = await office.desk.dispute(PLACE, "r1", 0, AUTHOR, "別の理由です。")
    assert (again.id, again.reason) == (first, "言葉の取り違えです。")
    assert len(answer.disputes) == 1
    assert await office.disputed(1, actor="U2") != first


async def test_what_was_allowed_and_taken_back_can_be_disputed_again(office: Office) -> None:
    await office.post(1, "禁a です。")
    first = await office.disputed(1)
    await office.ruled(first, FOR_TOWN)
    assert await office.disputed(1) == first, "it is no problem at present"
    (allowance,) = await office.desk.allowances("slack", "T1")
    await office.desk.revoke(allowance.id, SUPERVISOR, is_supervisor=True)
    second = await office.disputed(1)
    assert second != first
    answer = await office.ruled(second, DECLINED)
    assert [each.stands for each in answer.disputes] == [False, True]
    assert await office.disputed(1) == second, "one that was declined stands"
    (figures,) = await office.desk.rule_figures("slack", "T1")
    assert (figures.disputed, figures.accepted, figures.declined) == (1, 0, 1), "the last ruling on it counts"


@pytest.mark.parametrize(
    ("revision", "position", "reason", "refusal"),
    [
        ("r2", 0, " 　", Refusal.COMMENT_REQUIRED),
        ("r2", 1, "理由です。", Refusal.UNKNOWN),
        ("r2", -1, "理由です。", Refusal.UNKNOWN),
        ("r9", 0, "理由です。", Refusal.UNKNOWN),
        ("r1", 0, "理由です。", Refusal.OUTDATED),
    ],
)
async def test_what_cannot_be_disputed(
    office: Office, revision: str, position: int, reason: str, refusal: Refusal
) -> None:
    await office.post(1, "禁a です。")
    await office.post(2, "禁b です。")
    with pytest.raises(Refused) as refused:
        await office.desk.dispute(PLACE, revision, position, AUTHOR, reason)
    assert refused.value.reason is refusal
    assert (await office.thread()).disputes == ()


async def test_nothing_is_disputed_in_a_withdrawn_or_unknown_draft(office: Office) -> None:
    await office.post(1, "禁a です。")
    await office.desk.withdraw(PLACE, AUTHOR, NOW)
    for place, refusal in ((PLACE, Refusal.WITHDRAWN), (ELSEWHERE, Refusal.UNKNOWN)):
        with pytest.raises(Refused) as refused:
            await office.disputed(1, place=place)
        assert refused.value.reason is refusal


async def test_a_dispute_goes_along_with_its_words_to_the_next_version(office: Office) -> None:
    await office.post(1, "禁a です。")
    dispute = await office.disputed(1)
    kept = await office.post(2, "はじめに。禁ａ です。")
    assert [each.id for each in kept.disputes] == [dispute]
    assert (await office.post(3, "禁b です。")).disputes == ()


async def test_accepted_for_the_draft_the_finding_goes_from_this_draft_only(office: Office) -> None:
    await office.post(1, "禁a と 注b です。")
    await office.post(1, "禁a です。", place=ELSEWHERE)
    answer = await office.ruled(await office.disputed(1), FOR_DRAFT)
    assert answer.review is not None
    assert (answer.review.verdict, [finding.quote for finding in answer.allowed]) == (Verdict.WARN, ["禁a"])
    assert answer.whole is not None
    assert answer.whole.verdict is Verdict.BLOCK
    assert (await office.decide(1, DecisionKind.APPROVE)).state is DraftState.APPROVED, "no block is open any more"
    later = await office.post(2, "禁ａ と 注c です。")
    assert later.review is not None
    assert [finding.quote for finding in later.review.findings] == ["注c"]
    elsewhere = await office.desk.standing(ELSEWHERE)
    assert elsewhere is not None
    assert elsewhere.allowed == ()
    assert await office.desk.allowances("slack", "T1") == ()


async def test_accepted_for_the_town_the_words_are_allowed_under_the_rule_everywhere_in_it(office: Office) -> None:
    await office.post(1, "禁a です。")
    await office.post(1, "禁a と 禁b です。", place=ELSEWHERE)
    await office.post(1, "禁a です。", place=OTHER_TOWN)
    await office.ruled(await office.disputed(1), FOR_TOWN, "条例の題名です。")
    verdicts = []
    for place in (PLACE, ELSEWHERE, OTHER_TOWN):
        answer = await office.desk.standing(place)
        assert answer is not None
        assert answer.review is not None
        verdicts.append([finding.quote for finding in answer.review.findings])
    assert verdicts == [[], ["禁b"], ["禁a"]]
    assert (await office.desk.try_out("禁a です。", "chiba", surface="slack", team="T1")).verdict is Verdict.PASS
    assert (await office.desk.try_out("禁a です。", "chiba")).verdict is Verdict.BLOCK
    (allowance,) = await office.desk.allowances("slack", "T1")
    assert (allowance.rule, allowance.phrase, allowance.reason) == ("t.block", "禁a", "条例の題名です。")
    assert (allowance.actor, allowance.at, allowance.place, allowance.origin) == (SUPERVISOR, NOW, None, PLACE)


async def test_what_is_allowed_is_neither_solved_nor_new(office: Office) -> None:
    await office.post(1, "禁a と 注b です。")
    await office.ruled(await office.disputed(1), FOR_TOWN)
    answer = await office.post(2, "注b です。")
    assert answer.comparison is not None
    assert (answer.comparison.solved, answer.comparison.new) == ((), ())


async def test_declined_the_finding_stays(office: Office) -> None:
    await office.post(1, "禁a です。")
    answer = await office.ruled(await office.disputed(1), DECLINED, " そのままで。 ")
    assert answer.review is not None
    assert answer.review.verdict is Verdict.BLOCK
    assert [dispute.ruling for dispute in answer.disputes] == [Ruling(DECLINED, SUPERVISOR, NOW, "そのままで。")]
    assert await office.desk.disputes_open("slack", "T1") == ()


async def test_the_first_ruling_counts(office: Office) -> None:
    await office.post(1, "禁a です。")
    dispute = await office.disputed(1)
    await office.ruled(dispute, DECLINED)
    again, answer = await office.desk.rule(dispute, FOR_TOWN, OTHER_SUPERVISOR, "", is_supervisor=True)
    assert again.ruling is not None
    assert (again.ruling.kind, again.ruling.actor, answer.allowed) == (DECLINED, SUPERVISOR, ())
    kinds = [event.kind for event in (await office.thread()).events]
    assert kinds.count(EventKind.RULED) == 1


async def test_one_ruling_answers_everybody_who_disputed_the_finding(office: Office) -> None:
    await office.post(1, "禁a と 禁ａ と 禁b です。")
    asked = [await office.disputed(1, 0), await office.disputed(1, 0, actor="U2"), await office.disputed(1, 1)]
    other = await office.disputed(1, 2)
    answer = await office.ruled(asked[1], FOR_DRAFT)
    assert [bool(dispute.ruling) for dispute in answer.disputes] == [True, True, True, False]
    assert [dispute.id for dispute in await office.desk.disputes_open("slack", "T1")] == [other]


async def test_two_rulings_at_once_are_one(office: Office, url: str) -> None:
    await office.post(1, "禁a です。")
    dispute = await office.disputed(1)
    async with History.open(url) as elsewhere:
        other = Office(elsewhere)
        outcomes = await asyncio.gather(
            office.desk.rule(dispute, FOR_TOWN, SUPERVISOR, "", is_supervisor=True),
            other.desk.rule(dispute, FOR_TOWN, OTHER_SUPERVISOR, "", is_supervisor=True),
        )
    one, another = (ruled.ruling for ruled, _ in outcomes)
    assert one == another
    assert len(await office.desk.allowances("slack", "T1")) == 1


async def test_the_same_words_are_on_the_list_once(office: Office) -> None:
    await office.post(1, "禁a です。")
    await office.post(1, "禁ａ です。", place=ELSEWHERE)
    disputes = [await office.disputed(1), await office.disputed(1, place=ELSEWHERE)]
    for dispute in disputes:
        await office.ruled(dispute, FOR_TOWN)
    assert len(await office.desk.allowances("slack", "T1")) == 1


async def test_who_may_not_rule(office: Office) -> None:
    await office.post(1, "禁a です。")
    dispute = await office.disputed(1, actor="U2")
    for number, actor, is_supervisor, refusal in (
        (dispute, "U3", False, Refusal.NOT_SUPERVISOR),
        (dispute, AUTHOR, True, Refusal.OWN_DRAFT),
        (dispute + 1, SUPERVISOR, True, Refusal.UNKNOWN),
    ):
        with pytest.raises(Refused) as refused:
            await office.desk.rule(number, FOR_TOWN, actor, "", is_supervisor=is_supervisor)
        assert refused.value.reason is refusal
    assert len(await office.desk.disputes_open("slack", "T1")) == 1


async def test_an_allowance_is_taken_back_once_and_the_finding_is_there_again(office: Office) -> None:
    await office.post(1, "禁a です。")
    await office.ruled(await office.disputed(1), FOR_TOWN)
    (allowance,) = await office.desk.allowances("slack", "T1")
    with pytest.raises(Refused) as refused:
        await office.desk.revoke(allowance.id, "U2", is_supervisor=False)
    assert refused.value.reason is Refusal.NOT_SUPERVISOR
    office.now += timedelta(hours=1)
    revoked = await office.desk.revoke(allowance.id, OTHER_SUPERVISOR, is_supervisor=True)
    assert (revoked.revoked_by, revoked.revoked_at) == (OTHER_SUPERVISOR, office.now)
    assert await office.desk.revoke(allowance.id, SUPERVISOR, is_supervisor=True) == revoked
    assert await office.desk.allowances("slack", "T1") == ()
    answer = await office.desk.standing(PLACE)
    assert answer is not None
    assert answer.review is not None
    assert answer.review.verdict is Verdict.BLOCK
    last = (await office.thread()).events[-1]
    assert (last.kind, last.actor) == (EventKind.REVOKED, OTHER_SUPERVISOR)
    assert dict(last.data) == {"allowance": allowance.id, "rule": "t.block"}
    with pytest.raises(Refused) as refused:
        await office.desk.revoke(allowance.id + 1, SUPERVISOR, is_supervisor=True)
    assert refused.value.reason is Refusal.UNKNOWN


async def test_reasons_and_quotes_are_kept_out_of_events_and_logs(office: Office) -> None:
    await office.post(1, "禁secret です。")
    with capture_logs() as logs:
        dispute, _ = await office.desk.dispute(PLACE, "r1", 0, AUTHOR, "理由は内緒です。")
        await office.ruled(dispute.id, FOR_TOWN, "事情も内緒です。")
        (allowance,) = await office.desk.allowances("slack", "T1")
        await office.desk.revoke(allowance.id, SUPERVISOR, is_supervisor=True)
    told = repr((logs, (await office.thread()).events))
    assert "内緒" not in told
    assert "secret" not in told


async def test_words_may_hold_what_no_text_column_takes(office: Office) -> None:
    odd = "\x00 \ud83c 👍"
    await office.post(1, f"禁a {odd}")
    dispute, _ = await office.desk.dispute(PLACE, "r1", 0, AUTHOR, f"理由{odd}")
    ruled, _ = await office.desk.rule(dispute.id, FOR_TOWN, SUPERVISOR, f"注記{odd}", is_supervisor=True)
    assert ruled.ruling is not None
    assert (ruled.reason, ruled.ruling.note) == (f"理由{odd}", f"注記{odd}")
    decided = await office.decide(1, DecisionKind.RETURN, f"意見{odd}")
    assert decided.decision is not None
    assert decided.decision.comment == f"意見{odd}"
