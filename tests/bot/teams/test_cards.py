"""Answers as Teams shows them: layout, limits, and that words of a draft can do no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.desk import (
    NOTHING_ATTACHED,
    Answer,
    Attached,
    Decision,
    DecisionKind,
    Dispute,
    DraftState,
    Place,
    Refusal,
    Refused,
    Ruling,
    RulingKind,
    Unreadable,
    Version,
)
from bot.teams import words
from bot.teams.cards import (
    DECIDE,
    DISPUTE,
    FINDING,
    PAGE,
    RECHECK,
    REVISE,
    REVISION_LENGTH,
    TURN,
    answer_card,
    decision_card,
    dispute_card,
    folded_card,
    folded_summary,
    people,
    private_card,
    refusal,
    revision_card,
    ruling_card,
    summary,
    unreadable_card,
)
from bot.teams.elements import Card, notice_card
from rules.guideline import Clause
from rules.model import Finding, Level, Review
from tests.bot.answers import ADVICE, DATE, GUIDELINE, VERSIONS, answered, finding, review
from tests.conftest import Golden
from tests.doubles.teams.cards import faults, read_card, walk

AUTHOR, BOSS, COLLEAGUE = (f"{number}0000000-0000-4000-8000-000000000000" for number in (1, 2, 3))
NAMES = {AUTHOR: "佐藤 一郎", BOSS: "鈴木 [花子](https://evil.example)", COLLEAGUE: "田中 <at>二郎</at>"}
AT = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
"""10:30 in Japan."""
COMMENT = "<at>全員</at> **ここ**を\n[直して](https://evil.example) {{DATE(2026-11-21T00:00:00Z,SHORT)}}"
PLACE = Place("teams", "t1", "19:review@thread.tacv2", "1790000000000")


def answer(now: Review | None, before: Review | None = None, **fields: Any) -> Answer:
    where = {"place": PLACE, "revision": "1790000000000", "author": AUTHOR, "writer": AUTHOR}
    return answered(now, before, **where | fields)


PICTURE = Attached(pictures=frozenset({"F1"}))
PICTURE_AND_FILES = Attached(frozenset({"F1"}), frozenset({"F2", "F3"}))
RULING = Ruling(RulingKind.FOR_TOWN, BOSS, AT, "例規にある言葉です。")


def decided(kind: DecisionKind, comment: str = COMMENT) -> Decision:
    return Decision(kind, "1790000000000", BOSS, AT, comment)


def dispute(found: Finding, ruling: Ruling | None = None, reason: str = "市の例規の <at>言葉</at> です。") -> Dispute:
    return Dispute(7, PLACE, "1790000000000", 0, found, COLLEAGUE, AT, reason, ruling)


def version(now: Review | None, number: int = 1) -> Version:
    return Version(number, "1790000000000", 1790000000.0, AUTHOR, "midori", "下書き", AT, now)


def many(count: int, **fields: Any) -> Review:
    return review(*(finding(f"言い方{number}", start=number * 10, **fields) for number in range(count)))


GOLDEN_CARDS: dict[str, Callable[[], Card]] = {
    "waiting": lambda: answer_card(answer(review(ADVICE, DATE, finding()), attached=PICTURE_AND_FILES)),
    "reattached": lambda: answer_card(answer(review(), number=2, attached=PICTURE, reattached=True)),
    "clean": lambda: answer_card(answer(review())),
    "next version": lambda: answer_card(answer(review(DATE, ADVICE), review(finding(), DATE), number=2)),
    "second page": lambda: answer_card(answer(many(12)), page=1, notice=words.RECHECKED_SAME),
    "returned": lambda: answer_card(
        answer(review(finding()), state=DraftState.RETURNED, decision=decided(DecisionKind.RETURN)), NAMES
    ),
    "approved": lambda: answer_card(
        answer(review(DATE), state=DraftState.APPROVED, decision=decided(DecisionKind.APPROVE, "")), NAMES
    ),
    "held": lambda: answer_card(answer(review(DATE), state=DraftState.HELD, decision=decided(DecisionKind.HOLD))),
    "withdrawn": lambda: answer_card(answer(review(finding()), state=DraftState.WITHDRAWN)),
    "disputed": lambda: answer_card(answer(review(finding()), disputes=(dispute(finding()),))),
    "declined": lambda: answer_card(
        answer(review(finding()), disputes=(dispute(finding(), replace(RULING, kind=RulingKind.DECLINED)),))
    ),
    "allowed": lambda: answer_card(answer(review(DATE), whole=review(finding(), DATE), allowed=(finding(),))),
    "picture only": lambda: answer_card(answer(None, unreadable=Unreadable.IMAGE_ONLY, attached=PICTURE)),
    "folded": lambda: folded_card(version(review(finding())), decided(DecisionKind.RETURN), NAMES),
    "taken back": lambda: folded_card(replace(version(review(finding()), 2), retracted=True), None),
    "dispute": lambda: dispute_card(dispute(finding()), NAMES, {BOSS: NAMES[BOSS]}),
    "dispute ruled": lambda: dispute_card(dispute(finding(), RULING), NAMES),
    "revision": lambda: revision_card(COLLEAGUE, f"一行目\n{COMMENT}", NAMES),
    "decision": lambda: decision_card(version(review(), 3), decided(DecisionKind.RETURN), NAMES),
    "ruling": lambda: ruling_card(RULING, finding(), [AUTHOR, COLLEAGUE], NAMES),
    "private": lambda: private_card(review(ADVICE, DATE, finding()), GUIDELINE, PICTURE),
    "private many": lambda: private_card(many(60), GUIDELINE),
    "private unreadable": lambda: unreadable_card(Unreadable.UNREADABLE_FILE, ["添付を見てください。"]),
}


@pytest.mark.parametrize("name", GOLDEN_CARDS)
def test_cards_look_as_they_did(name: str, golden: Golden) -> None:
    card = GOLDEN_CARDS[name]()
    assert faults(card) == []
    golden(f"card {name}", card)


@pytest.mark.parametrize("name", GOLDEN_CARDS)
def test_what_people_wrote_neither_calls_nor_links_nor_formats(name: str) -> None:
    reading = read_card(GOLDEN_CARDS[name]())
    assert reading.links == ()
    assert set(reading.mentions) <= {
        "<at>佐藤 一郎</at>",
        "<at>鈴木 花子httpsevil.example</at>",
        "<at>田中 at二郎at</at>",
    }
    assert "{{" not in reading.text
    assert not [
        line for line in reading.text.splitlines() if "<at>" in line and not any(at in line for at in reading.mentions)
    ]


def test_an_answer_as_a_reader_sees_it() -> None:
    made = answer(review(ADVICE, DATE, finding()), number=2)
    assert summary(made) == "⛔ 発信する前に直してください（発信禁止 1・要確認 1・参考 1）"
    assert read_card(answer_card(made)).visible.splitlines() == [
        "⛔ 発信する前に直してください",
        "発信禁止 1・要確認 1・参考 1",
        "1. ⛔ 「無能」　発信禁止　4(6)①",
        "能力を否定する言い方です。",
        "→ 事実だけを書く：「説明が足りませんでした」",
        "条項の文言",
        "2. ⚠️ 「12月5日（日）」　要確認　4(4)",
        "2026年12月5日は土曜日です。",
        "→ 「12月5日（土）」",
        "条項の文言",
        "💡 参考（直さなくても発信できます）",
        "3. 💡 「ヤバい」　参考　5",
        "くだけた言い方です。",
        "条項の文言",
        words.NEXT_STEP,
        f"{GUIDELINE.name} ・ 下書き第2版 ・ 規則 {VERSIONS.rules} ・ 辞書 {VERSIONS.dictionary}",
        "判断する（監督者）",
        "誤りでは？",
        "修正版を出す",
        "もう一度確認",
    ]


def test_a_clean_draft_gets_a_short_confirmation() -> None:
    lines = read_card(answer_card(answer(review()))).visible.splitlines()
    assert lines[:2] == ["✅ ガイドラインに照らして、直すところは見つかりませんでした", words.NEXT_STEP_CLEAN]
    assert lines[3:] == ["判断する（監督者）", "修正版を出す", "もう一度確認"]


def test_a_clauses_wording_is_shown_when_it_is_asked_for() -> None:
    reading = read_card(answer_card(answer(review(finding()))))
    assert "人をおとしめる言い方を含む情報" in reading.text
    assert "人をおとしめる言い方を含む情報" not in reading.visible


def buttons(card: Card) -> Iterator[dict[str, Any]]:
    """What asks the bot, fallbacks for old clients too."""
    return (element for element in walk(card) if element["type"] in {"Action.Execute", "Action.Submit"})


def verbs(card: Card) -> set[str]:
    return {button["data"]["verb"] for button in buttons(card)}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (answer(review(finding())), {DECIDE, DISPUTE, REVISE, RECHECK}),
        (answer(review()), {DECIDE, REVISE, RECHECK}),
        (answer(many(6)), {DECIDE, DISPUTE, REVISE, RECHECK, TURN}),
        (answer(review(finding()), disputes=(dispute(finding()),)), {DECIDE, REVISE, RECHECK}),
        (answer(review(finding()), state=DraftState.RETURNED), {DISPUTE, REVISE, RECHECK}),
        (answer(review(finding()), state=DraftState.HELD), {DECIDE, DISPUTE, REVISE, RECHECK}),
        (answer(review(finding()), state=DraftState.APPROVED), set()),
        (answer(review(finding()), state=DraftState.WITHDRAWN), set()),
        (answer(review(finding()), outdated=True), set()),
    ],
)
def test_only_what_can_be_done_is_offered(made: Answer, expected: set[str]) -> None:
    assert verbs(answer_card(made)) == expected


def test_what_was_not_read_cannot_be_approved() -> None:
    unread = answer_card(answer(None, unreadable=Unreadable.EMPTY))
    kinds = {button["data"].get("kind") for button in buttons(unread)} - {None}
    assert kinds == {"return", "hold"}


def test_old_clients_submit_what_others_execute() -> None:
    for button in buttons(answer_card(answer(many(12)), page=1)):
        if button["type"] == "Action.Execute":
            assert button["fallback"]["data"] == button["data"]
            assert button["verb"] == button["data"]["verb"]


def test_findings_are_shown_five_at_a_time() -> None:
    made = answer(many(12))
    for page, (first, last) in enumerate([(1, 5), (6, 10), (11, 12)]):
        card = answer_card(made, page=page)
        visible = read_card(card).visible
        assert f"指摘 12 件のうち {first}〜{last} 件目" in visible
        assert visible.count("発信禁止　4(6)①") == last - first + 1
        turns = [button["data"]["page"] for button in buttons(card) if button["data"]["verb"] == TURN]
        assert set(turns) == {each for each in (page - 1, page + 1) if 0 <= each <= 2}
    beyond = read_card(answer_card(made, page=99)).visible
    assert "11〜12 件目" in beyond
    assert "件目" not in read_card(answer_card(answer(many(PAGE)))).visible


def test_each_finding_is_offered_for_dispute_under_its_place_in_the_record() -> None:
    late, early = finding(start=9), finding(start=2, quote="無知")
    card = answer_card(answer(review(late, early)))
    (menu,) = [element for element in walk(card) if element.get("id") == FINDING]
    assert [(each["title"], each["value"]) for each in menu["choices"]] == [
        ("1番の指摘（発信禁止・4(6)①）", "1"),
        ("2番の指摘（発信禁止・4(6)①）", "0"),
    ]


def test_who_decided_is_called_by_name_where_it_is_known() -> None:
    made = answer(review(), state=DraftState.HELD, decision=decided(DecisionKind.HOLD, "待ちます"))
    assert people(made) == {BOSS}
    assert "⏸️ 保留　佐藤　2026年11月21日 10:30" in read_card(answer_card(made, {BOSS: "佐藤"})).visible
    assert "⏸️ 保留　監督者　2026年11月21日 10:30" in read_card(answer_card(made)).visible


def test_those_whom_it_concerns_are_called_upon() -> None:
    told = decision_card(version(review(), 3), decided(DecisionKind.RETURN), NAMES)
    assert read_card(told).mentions == ("<at>佐藤 一郎</at>",)
    assert told["msteams"]["entities"][0]["mentioned"]["id"] == AUTHOR
    nameless = decision_card(version(review(), 3), decided(DecisionKind.RETURN))
    assert read_card(nameless).visible.startswith("利用者 さん、下書き第3版の判断が出ました：")


def test_a_refusal_says_who_was_first() -> None:
    refused = Refused(Refusal.ALREADY_DECIDED, decided(DecisionKind.APPROVE))
    assert refusal(refused, {BOSS: "鈴木"}) == (
        "この版には、すでに判断が出ています。（✅ 承認　鈴木　2026年11月21日 10:30）"
    )
    assert refusal(Refused(Refusal.OWN_DRAFT)) == words.REFUSED[Refusal.OWN_DRAFT]


HOSTILE = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    [
        "\u202e" * 900,
        '"\\' * 800,
        "\x00\x1b" * 700,
        "<at>x</at>{{DATE(2026-01-01T00:00:00Z)}}[a](b)" * 30,
        "\ud800" * 900,
    ]
)
FINDINGS = st.builds(
    finding,
    quote=HOSTILE,
    level=st.sampled_from(Level),
    clauses=st.lists(st.sampled_from(["4(4)", "4(6)①", "5", "9(9)"]), unique=True),
    start=st.integers(0, 10_000),
    message=HOSTILE,
    suggestion=HOSTILE,
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    found = draw(st.lists(FINDINGS, max_size=8))
    now = review(*(found * draw(st.sampled_from([1, 1, 2, 12]))))
    decision = draw(st.none() | st.builds(decided, st.sampled_from(DecisionKind), HOSTILE))
    return answer(
        now,
        draw(st.none() | st.builds(review, FINDINGS)),
        decision=decision,
        state=decision.kind.state if decision else DraftState.WAITING,
        allowed=tuple(draw(st.lists(FINDINGS, max_size=7))),
        attached=draw(st.sampled_from([NOTHING_ATTACHED, PICTURE_AND_FILES])),
        disputes=tuple(map(dispute, found[:2])),
    )


def harmless(card: Card) -> None:
    """Nothing that Teams refuses, computes, formats or cannot encode; and buttons that carry little."""
    assert faults(card) == []
    str(card).encode()
    reading = read_card(card)
    assert reading.links == ()
    assert "{{" not in reading.text
    for button in buttons(card):
        assert len(str(button["data"])) < 250


@settings(deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(answers(), st.integers(0, 100), HOSTILE)
def test_whatever_is_found_makes_a_card_that_teams_takes(made: Answer, page: int, name: str) -> None:
    names = {BOSS: name, AUTHOR: name, COLLEAGUE: name}
    harmless(answer_card(made, names, page=page, notice=words.RECHECKED_SAME))
    assert made.review is not None
    harmless(private_card(made.review, made.guideline, made.attached))
    if made.decision:
        harmless(folded_card(version(made.review), made.decision, names))
        harmless(decision_card(version(made.review), made.decision, names))


@settings(deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(FINDINGS, HOSTILE, HOSTILE, st.sampled_from(RulingKind))
def test_whatever_is_disputed_makes_a_card_that_teams_takes(
    found: Finding, reason: str, name: str, kind: RulingKind
) -> None:
    names, ruling = {BOSS: name, AUTHOR: name, COLLEAGUE: name}, replace(RULING, kind=kind, note=reason)
    for raised in (dispute(found, None, reason), dispute(found, ruling, reason)):
        harmless(dispute_card(raised, names, {BOSS: name}, notice=words.ALREADY_RULED))
    harmless(ruling_card(ruling, found, [AUTHOR], names))
    harmless(revision_card(AUTHOR, (reason * 5)[:REVISION_LENGTH], names))


def test_the_longest_of_everything_fits() -> None:
    long = "あ" * 10_000
    clauses = ["4(4)", "4(6)①", "5"]
    wide = replace(GUIDELINE, clauses=tuple(Clause(label, long) for label in clauses))
    found = many(500, clauses=clauses, message=long, suggestion=long)
    made = answer(found, guideline=wide, decision=decided(DecisionKind.HOLD, long), state=DraftState.HELD)
    harmless(answer_card(made))
    harmless(private_card(found, wide))
    harmless(revision_card(AUTHOR, "\\" * REVISION_LENGTH))


def test_a_private_check_of_many_findings_tells_of_all_of_them() -> None:
    text = read_card(private_card(many(60), GUIDELINE)).text
    assert "発信禁止 60" in text
    in_full = text.count("能力を否定する言い方です。")
    assert 5 <= in_full <= 20
    assert f"残りの {60 - in_full} 件" in text
    assert f"ほか {60 - in_full - 40} 件" in text
    assert words.PRIVATE in text


def test_a_notice_and_a_folded_line() -> None:
    assert read_card(notice_card("お知らせ")).visible == "お知らせ"
    assert folded_summary(version(None, 2)) == "下書き第2版の確認結果（新しい版の結果が下にあります）"
