"""Lists and figures over all drafts, the same on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk import DecisionKind, DraftState, Place, Query, RuleFigures, RulingKind
from bot.history import ClauseFigures
from tests.bot.office import AUTHOR, NOW, Office


def place(thread: object, channel: str = "C1", team: str = "T1") -> Place:
    return Place("slack", team, channel, str(thread))


async def found(office: Office, query: Query) -> list[str]:
    page = await office.desk.search(query, limit=100)
    assert (page.total, page.cursor) == (len(page.summaries), None)
    return [summary.place.thread for summary in page.summaries]


async def test_a_search_is_narrowed_by_what_is_set(office: Office) -> None:
    await office.post(1, "良い文です。", place=place(1))
    office.now += timedelta(days=1)
    await office.post(1, "良い文です。", place=place(2, "C2"), author="U2")
    await office.decide(1, DecisionKind.APPROVE, place=place(2, "C2"))
    office.now += timedelta(days=1)
    await office.post(1, "良い文です。", place=place(3))
    await office.decide(1, DecisionKind.HOLD, place=place(3))
    await office.post(2, "別の文です。", place=place(3), author="U2")
    await office.post(1, "良い文です。", place=place(4, team="T2"))
    await office.desk.withdraw(place(5), AUTHOR, office.now)  # never seen
    day = timedelta(days=1)
    town = Query("slack", "T1")
    assert await found(office, town) == ["3", "2", "1"]
    assert await found(office, Query("slack", "T1", author=AUTHOR)) == ["3", "1"]
    assert await found(office, Query("slack", "T1", author="U2")) == ["3", "2"]
    waiting, approved = DraftState.WAITING, DraftState.APPROVED
    assert await found(office, Query("slack", "T1", states=frozenset({waiting}))) == ["3", "1"]
    assert await found(office, Query("slack", "T1", states=frozenset({waiting, approved}))) == ["3", "2", "1"]
    assert await found(office, Query("slack", "T1", since=NOW + day)) == ["3", "2"]
    assert await found(office, Query("slack", "T1", until=NOW + day)) == ["1"]
    assert await found(office, Query("slack", "T1", channels=frozenset({"C2"}))) == ["2"]
    assert await found(office, Query("slack", "T1", channels=frozenset())) == []
    assert (
        await found(office, Query("slack", "T1", author="U2", states=frozenset({waiting}), channels=frozenset({"C2"})))
        == []
    )
    assert await found(office, Query("console", "T1")) == []


async def test_a_line_tells_author_state_and_decision(office: Office) -> None:
    await office.post(1, "注意書きです。", place=place(1))
    await office.decide(1, DecisionKind.HOLD, "あとで。", place=place(1))
    await office.post(2, "注意書きです。", place=place(1), author="U2")  # the same words: the hold stands
    await office.post(1, "良い文です。", place=place(2))
    await office.decide(1, DecisionKind.APPROVE, place=place(2))
    await office.post(2, "別の文です。", place=place(2))
    waiting, held = (await office.desk.search(Query("slack", "T1"), limit=2)).summaries
    assert (held.state, held.author, held.authors, held.versions) == (DraftState.HELD, AUTHOR, (AUTHOR, "U2"), 2)
    assert held.decision is not None
    assert (held.decision.kind, held.decision.comment, held.decision.revision) == (DecisionKind.HOLD, "あとで。", "r1")
    assert (waiting.state, waiting.decision) == (DraftState.WAITING, None)
    assert waiting.latest is not None
    assert waiting.latest.text == "別の文です。"


async def test_pages_follow_each_other_while_drafts_arrive(office: Office) -> None:
    for number in range(5):
        await office.post(1, "良い文です。", place=place(number))
    seen: list[str] = []
    cursor: str | None = None
    totals = []
    for arriving in range(5, 8):
        page = await office.desk.search(Query("slack", "T1"), limit=2, cursor=cursor)
        seen += [summary.place.thread for summary in page.summaries]
        totals.append(page.total)
        cursor = page.cursor
        await office.post(1, "良い文です。", place=place(arriving))
    assert (seen, cursor) == (["4", "3", "2", "1", "0"], None)
    assert totals == [5, 6, 7]
    with pytest.raises(ValueError, match="invalid literal"):
        await office.desk.search(Query("slack", "T1"), limit=2, cursor="x")


async def test_clauses_are_counted_by_the_worst_version_of_each_draft(office: Office) -> None:
    office.now = datetime(2026, 10, 31, 15, 0, tzinfo=UTC)  # midnight in Japan: November
    await office.post(1, "禁a と 禁b と 注c です。", place=place(1))
    await office.post(2, "禁a です。", place=place(1))
    await office.post(1, "禁a と 参b です。", place=place(2))
    await office.post(1, "禁a です。", place=place(3, team="T2"))
    office.now -= timedelta(seconds=1)
    await office.post(1, "注a です。", place=place(4))
    assert await office.desk.clause_figures("slack", "T1", date(2026, 11, 30)) == (
        ClauseFigures("4(6)①", block=3, warn=0, note=0, drafts=2),
        ClauseFigures("5(1)", block=3, warn=1, note=0, drafts=2),
    )
    assert await office.desk.clause_figures("slack", "T1", date(2026, 10, 1)) == (
        ClauseFigures("5(1)", block=0, warn=1, note=0, drafts=1),
    )
    assert await office.desk.clause_figures("slack", "T1", date(2026, 12, 1)) == ()


async def test_the_year_turns_after_december(office: Office) -> None:
    office.now = datetime(2026, 12, 31, 14, 59, tzinfo=UTC)
    await office.post(1, "注a です。", place=place(1))
    office.now += timedelta(minutes=1)
    await office.post(1, "注a です。", place=place(2))
    for month in (date(2026, 12, 1), date(2027, 1, 31)):
        (figures,) = await office.desk.clause_figures("slack", "T1", month)
        assert figures.drafts == 1


async def test_rules_are_counted_with_what_became_of_disputes(office: Office) -> None:
    await office.post(1, "禁a と 禁b と 注c です。", place=place(1))
    await office.post(1, "禁a です。", place=place(2, team="T2"))
    accepted = await office.disputed(1, 0, place=place(1))
    await office.disputed(1, 0, actor="U9", place=place(1))
    await office.ruled(accepted, RulingKind.FOR_DRAFT)
    await office.ruled(await office.disputed(1, 1, place=place(1)), RulingKind.DECLINED)
    await office.disputed(1, 2, place=place(1))
    assert await office.desk.rule_figures("slack", "T1") == (
        RuleFigures("t.block", shown=2, disputed=2, accepted=1, declined=1),
        RuleFigures("t.warn", shown=1, disputed=1, accepted=0, declined=0),
    )


@pytest.mark.parametrize(
    ("accepted", "declined", "often"), [(5, 0, True), (4, 0, False), (3, 2, True), (3, 3, False), (0, 9, False)]
)
def test_a_rule_is_often_disputed_from_five_rulings_most_of_them_for_the_author(
    accepted: int, declined: int, *, often: bool
) -> None:
    assert RuleFigures("t.t", 99, accepted + declined, accepted, declined).often_disputed is often


async def test_drafts_are_overdue_by_working_time_since_their_last_version(office: Office) -> None:
    after = timedelta(hours=4)
    await office.post(1, "良い文です。", place=place("waits"))
    await office.post(1, "良い文です。", place=place("decided"))
    await office.decide(1, DecisionKind.APPROVE, place=place("decided"))
    await office.post(1, "良い文です。", place=place("withdrawn"))
    await office.desk.withdraw(place("withdrawn"), AUTHOR, NOW)
    for name in ("edited", "held"):
        await office.post(1, "良い文です。", place=place(name))
    office.now += timedelta(hours=4)
    await office.post(2, "別の文です。", place=place("edited"))
    await office.decide(1, DecisionKind.HOLD, place=place("held"))

    async def overdue(now: datetime) -> list[str]:
        return [summary.place.thread for summary in await office.desk.overdue("slack", "T1", now, after)]

    assert await overdue(NOW + after) == []
    assert await overdue(NOW + after + timedelta(minutes=1)) == ["waits"]
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert await overdue(monday) == ["waits"], "the weekend and Labour Thanksgiving Day do not count"
    assert await overdue(monday + timedelta(days=1)) == ["waits", "edited", "held"]
    assert await office.desk.overdue("slack", "T2", monday, after) == ()


async def test_an_export_has_all_versions_of_all_that_is_found(office: Office) -> None:
    await office.post(1, "禁a と 注b です。", place=place(1))
    await office.decide(1, DecisionKind.RETURN, "直してください。", place=place(1))
    await office.post(2, "注b です。", place=place(1), author="U2")
    await office.post(1, " ", place=place(2))
    await office.post(1, "良い文です。", place=place(3, "C2"))
    records = [record async for record in office.desk.export(Query("slack", "T1", channels=frozenset({"C1"})))]
    assert [(record.place.thread, record.number, record.author, record.text) for record in records] == [
        ("2", 1, AUTHOR, " "),
        ("1", 1, AUTHOR, "禁a と 注b です。"),
        ("1", 2, "U2", "注b です。"),
    ]
    unread, first, second = records
    assert (unread.verdict, unread.unreadable, unread.findings, unread.decision) == (None, "empty", (), None)
    assert (first.state, first.verdict, len(first.findings)) == (DraftState.WAITING, "block", 2)
    assert first.decision is not None
    assert first.decision.comment == "直してください。"
    assert (second.verdict, second.decision) == ("warn", None)


async def test_an_export_goes_on_beyond_a_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.desk.desk.EXPORT_PAGE", 2)
    for number in range(5):
        await office.submit(1, "良い文です。", place=place(number))
    records = [record async for record in office.desk.export(Query("slack", "T1"))]
    assert [record.place.thread for record in records] == ["4", "3", "2", "1", "0"]
