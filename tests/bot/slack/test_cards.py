"""Answers as Slack shows them: layout, limits, and that words of a draft can do no harm."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import (
    MAX_TEXT,
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
from bot.desk.presenting import (
    attached_notes,
)
from bot.slack.blocks import Card, notice_card
from bot.slack.cards import (
    DECIDE,
    DISPUTE,
    DISPUTE_OTHER,
    REVISE,
    already_ruled_card,
    answer_cards,
    decision_card,
    dispute_card,
    folded_cards,
    private_card,
    refusal_card,
    revision_card,
    ruling_card,
    unreadable_card,
)
from bot.slack.thread import REACTIONS, reaction
from bot.slack.words import commands
from bot.slack.words import thread as words
from rules.model import Finding, Level, Review, Topic
from tests.bot.answers import ADVICE, DATE, GUIDELINE, VERSIONS, answered, finding, review
from tests.conftest import Golden
from tests.doubles.slack import blocks as block_kit
from tests.doubles.slack.reading import Reading, read_message


def answer(now: Review | None, before: Review | None = None, **fields: Any) -> Answer:
    where = {
        "place": Place("slack", "T1", "C01REV", "1790000000.000100"),
        "revision": "1790000000.000100",
        "author": "U1",
        "writer": "U1",
    }
    return answered(now, before, **where | fields)


def seen(card: Card) -> Reading:
    return read_message({"text": card.text, "blocks": list(card.blocks)})


def accepted(cards: Sequence[Card]) -> None:
    """Slack's limits, as the double knows them, and our own margin for what Slack does not tell."""
    for card in cards:
        block_kit.check_message(list(card.blocks))
        assert len(card.blocks) <= 50
        assert len(json.dumps(card.blocks, ensure_ascii=False)) <= 12_500
        assert len(card.text) <= 150


def test_an_answer_as_a_reader_sees_it() -> None:
    (card,) = answer_cards(answer(review(ADVICE, DATE, finding()), number=2))
    assert card.text == "⛔ 発信する前に直してください（発信禁止 1・要確認 1・参考 1）"
    assert seen(card).text.splitlines() == [
        "⛔ 発信する前に直してください　発信禁止 1・要確認 1・参考 1",
        "1. ⛔ 「無能」　発信禁止",
        "4(6)①「人をおとしめる言い方を含む情報」",
        "能力を否定する言い方です。",
        "→ 事実だけを書く：「説明が足りませんでした」",
        "誤りでは？",
        "2. ⚠️ 「12月5日（日）」　要確認",
        "4(4)「発信する内容は正しく書きます。」",
        "2026年12月5日は土曜日です。",
        "→ 「12月5日（土）」",
        "誤りでは？",
        "💡 参考（直さなくても発信できます）",
        "3. 💡 「ヤバい」　参考",
        "5「市政についての発信」",
        "くだけた言い方です。",
        "誤りでは？",
        words.NEXT_STEP,
        f"{GUIDELINE.name} ・ 下書き第2版 ・ 規則 {VERSIONS.rules} ・ 辞書 {VERSIONS.dictionary}",
        "承認",
        "差し戻し",
        "保留",
        "修正版を出す",
    ]
    accepted([card])


AT = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
"""10:30 in Japan."""
COMMENT = "<!channel> *ここ*を\n直してください https://evil.example"


def decided(kind: DecisionKind, comment: str = COMMENT) -> Decision:
    return Decision(kind, "1790000000.000100", "U2", AT, comment)


def dispute(found: Finding, ruling: Ruling | None = None, reason: str = "市の例規の <@U9> 言葉です。") -> Dispute:
    place = answer(None).place
    return Dispute(7, place, "1790000000.000100", 0, found, "U3", AT, reason, ruling)


PICTURE = Attached(pictures=frozenset({"F1"}))
PICTURE_AND_FILES = Attached(frozenset({"F1"}), frozenset({"F2", "F3"}))
RULING = Ruling(RulingKind.FOR_TOWN, "U2", AT, "例規にある言葉です。")

GOLDEN_CARDS: dict[str, Callable[[], Sequence[Card]]] = {
    "waiting": lambda: answer_cards(answer(review(ADVICE, DATE, finding()), attached=PICTURE_AND_FILES)),
    "reattached": lambda: answer_cards(answer(review(), number=2, attached=PICTURE, reattached=True)),
    "clean": lambda: answer_cards(answer(review())),
    "next version": lambda: answer_cards(answer(review(DATE, ADVICE), review(finding(), DATE), number=2)),
    "returned": lambda: answer_cards(
        answer(review(finding()), state=DraftState.RETURNED, decision=decided(DecisionKind.RETURN))
    ),
    "approved": lambda: answer_cards(
        answer(review(DATE), state=DraftState.APPROVED, decision=decided(DecisionKind.APPROVE, ""))
    ),
    "held": lambda: answer_cards(answer(review(DATE), state=DraftState.HELD, decision=decided(DecisionKind.HOLD))),
    "withdrawn": lambda: answer_cards(answer(review(finding()), state=DraftState.WITHDRAWN)),
    "disputed": lambda: answer_cards(answer(review(finding()), disputes=(dispute(finding()),))),
    "declined": lambda: answer_cards(
        answer(review(finding()), disputes=(dispute(finding(), replace(RULING, kind=RulingKind.DECLINED)),))
    ),
    "allowed": lambda: answer_cards(
        answer(
            review(DATE), whole=review(finding(), DATE), allowed=(finding(),), disputes=(dispute(finding(), RULING),)
        )
    ),
    "picture only": lambda: answer_cards(answer(None, unreadable=Unreadable.IMAGE_ONLY, attached=PICTURE)),
    "folded": lambda: folded_cards(version(review(finding())), decided(DecisionKind.RETURN), 2),
    "taken back": lambda: folded_cards(replace(version(review(finding()), 2), retracted=True), None, 2),
    "dispute": lambda: (dispute_card(dispute(finding()), {"U2", "S9KOHO"}),),
    "dispute ruled": lambda: (dispute_card(dispute(finding(), RULING), ()),),
    "revision": lambda: (revision_card("U3", "一行目\n<!here> 二行目 https://evil.example"),),
    "decision": lambda: (decision_card(answer(review(), number=3, writer="U3"), decided(DecisionKind.RETURN)),),
    "refused": lambda: (refusal_card(Refused(Refusal.ALREADY_DECIDED, decided(DecisionKind.APPROVE))),),
    "ruling": lambda: (ruling_card(RULING, finding(), {"U3", "U1"}),),
    "ruled before": lambda: (already_ruled_card(RULING),),
}


def version(now: Review | None, number: int = 1) -> Version:
    return Version(number, "1790000000.000100", 1790000000.0001, "U1", "midori", "下書き", AT, now)


@pytest.mark.parametrize("name", GOLDEN_CARDS)
def test_cards_look_as_they_did(name: str, golden: Golden) -> None:
    cards = GOLDEN_CARDS[name]()
    accepted(cards)
    golden(f"card {name}", [{"text": card.text, "blocks": list(card.blocks)} for card in cards])


@pytest.mark.parametrize("name", GOLDEN_CARDS)
def test_what_people_wrote_neither_calls_nor_links_anybody(name: str) -> None:
    """Only those who are named on purpose are mentioned: who wrote, who decided, and the supervisors."""
    for card in GOLDEN_CARDS[name]():
        assert seen(card).links == ()
        assert set(seen(card).mentions) <= {"@U1", "@U2", "@U3", "!subteam^S9KOHO"}


@pytest.mark.parametrize(
    ("state", "now", "expected"),
    [
        (DraftState.WAITING, review(finding()), "no_entry"),
        (DraftState.WAITING, review(DATE), "warning"),
        (DraftState.WAITING, review(ADVICE), None),
        (DraftState.WAITING, review(), None),
        (DraftState.WAITING, None, None),
        (DraftState.HELD, review(), "warning"),
        (DraftState.APPROVED, review(finding()), "white_check_mark"),
        (DraftState.RETURNED, review(), "repeat"),
        (DraftState.WITHDRAWN, review(finding()), None),
    ],
)
def test_the_reaction_says_how_a_draft_stands(state: DraftState, now: Review | None, expected: str | None) -> None:
    assert reaction(answer(now, state=state)) == expected
    assert expected is None or expected in REACTIONS


def test_a_clean_draft_gets_a_short_confirmation() -> None:
    (card,) = answer_cards(answer(review()))
    lines = seen(card).text.splitlines()
    assert lines[0] == "✅ ガイドラインに照らして、直すところは見つかりませんでした"
    assert lines[1] == words.NEXT_STEP_CLEAN
    assert lines[3:] == ["承認", "差し戻し", "保留", "修正版を出す"]
    accepted([card])


def test_a_clean_draft_that_was_returned_says_how_to_mend_it() -> None:
    (card,) = answer_cards(answer(review(), state=DraftState.RETURNED, decision=decided(DecisionKind.RETURN)))
    assert words.NEXT_STEP in seen(card).text
    assert words.NEXT_STEP_CLEAN not in seen(card).text


def test_what_came_of_the_former_versions_findings_is_told() -> None:
    before = review(finding(), finding(start=9), DATE)
    (card,) = answer_cards(answer(review(finding(start=3), ADVICE), before, number=2))
    lines = seen(card).text.splitlines()
    assert lines[1:4] == [
        "前の版から：解消 2・残り 1・新しい指摘 1",
        "✔ 解消：「無能」「12月5日（日）」",
        "🆕 新しい指摘：「ヤバい」",
    ]
    (same,) = answer_cards(answer(review(finding()), review(finding())))
    assert "前の版から：残り 1\n" in seen(same).text
    (clean,) = answer_cards(answer(review(), review()))
    assert "前の版から" not in seen(clean).text


def test_many_solved_findings_are_summed_up() -> None:
    before = review(*(finding(f"言い方{number}") for number in range(30)))
    (card,) = answer_cards(answer(review(), before))
    assert "解消 30" in seen(card).text
    assert seen(card).text.count("言い方") == 5
    assert "ほか 25 件" in seen(card).text
    accepted([card])


def test_what_came_with_the_text_and_was_not_read_is_said_with_the_clause_on_it() -> None:
    rights = replace(GUIDELINE, topics={Topic.RIGHTS: ("4(4)", "5")})
    (card,) = answer_cards(answer(review(), guideline=rights, attached=PICTURE_AND_FILES))
    assert "肖像権" in seen(card).text
    assert "（4(4)「発信する内容は正しく書きます。」）" in seen(card).text
    assert "添付ファイル 2 件" in seen(card).text
    assert list(attached_notes(NOTHING_ATTACHED, rights)) == []
    assert "（" not in next(attached_notes(PICTURE, GUIDELINE))


def test_each_finding_can_be_disputed_under_its_place_in_the_record() -> None:
    late, early = finding(start=9), finding(start=2, quote="無知")
    (card,) = answer_cards(answer(review(late, early)))
    pressed = [block["elements"][0] for block in card.blocks if block["type"] == "actions"]
    values = [json.loads(each["value"]) for each in pressed if each["action_id"] == DISPUTE]
    assert [value["position"] for value in values] == [1, 0]
    assert {value["draft"] for value in values} == {"1790000000.000100"}


def test_findings_without_room_are_disputed_through_one_button() -> None:
    cards = answer_cards(answer(review(*(finding(f"言い方{number:03}", start=number) for number in range(200)))))
    last = [element["action_id"] for block in cards[-1].blocks[-1:] for element in block["elements"]]
    assert last == [*DECIDE.values(), REVISE, DISPUTE_OTHER]


@pytest.mark.parametrize("state", [DraftState.WITHDRAWN, DraftState.APPROVED])
def test_where_nothing_can_be_done_nothing_can_be_pressed(state: DraftState) -> None:
    (card,) = answer_cards(answer(review(finding()), state=state))
    assert [block for block in card.blocks if block["type"] == "actions"] == []


@pytest.mark.parametrize("reason", list(Unreadable))
def test_every_unreadable_draft_gets_a_sentence(reason: Unreadable) -> None:
    (card,) = answer_cards(answer(None, unreadable=reason))
    assert seen(card).text.splitlines() == [words.UNREADABLE[reason], "差し戻し", "保留", "修正版を出す"]
    assert seen(unreadable_card(reason)).text == words.UNREADABLE[reason]
    accepted([card])


def test_a_private_result_says_that_nothing_is_stored() -> None:
    card = private_card(review(finding()), GUIDELINE)
    text = seen(card).text
    assert commands.PRIVATE in text
    assert "「無能」" in text
    assert "版" not in text
    accepted([card])


LONGEST: dict[str, Any] = {"message": "長い説明。" * 200, "suggestion": "長い言い換え。" * 200}


@pytest.mark.parametrize("fields", [{}, LONGEST], ids=["usual", "longest"])
def test_two_hundred_findings_are_told_honestly_within_the_limits(fields: Any) -> None:
    findings = [
        finding(
            f"言い方{number:03}",
            Level.BLOCK if number % 40 == 39 else Level.WARN,
            ["4(6)①", "4(4)"],
            start=number * 10,
            **fields,
        )
        for number in range(200)
    ]
    cards = answer_cards(answer(review(*findings)))
    accepted(cards)
    assert 2 <= len(cards) <= 4
    shown = "\n".join(seen(card).text for card in cards)
    assert [shown.count(f"「言い方{number:03}」") for number in range(200)] == [1] * 200
    for number in range(39, 200, 40):
        assert f"「言い方{number:03}」　発信禁止" in shown, "what is forbidden is shown in full"
    assert cards[0].text.endswith("（発信禁止 5・要確認 195）")
    assert "該当箇所と条項だけ" in seen(cards[-1]).text
    assert f"（つづき 2/{len(cards)}）" in seen(cards[1]).text
    assert GUIDELINE.name in seen(cards[-1]).text


ADDRESSES = "https://a.example/b " * 50
QUOTES = ["言い方", "https://a.example ", "<!channel> ", '"\\', "&lt;@U1&gt; "]


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize("state", [DraftState.WAITING, DraftState.HELD, DraftState.RETURNED, DraftState.WITHDRAWN])
def test_everything_at_once_keeps_within_the_limits(quote: str, state: DraftState) -> None:
    now = review(*(finding(f"{quote * 20}{number:03}", start=number, **LONGEST) for number in range(200)))
    before = review(*(finding(f"{quote * 20}前{number:03}", start=number) for number in range(200)))
    cards = answer_cards(
        answer(
            now,
            before,
            allowed=before.findings,
            disputes=tuple(dispute(each) for each in now.findings[::2]),
            state=state,
            decision=decided(DecisionKind.HOLD, ADDRESSES),
            guideline=replace(GUIDELINE, name="長い名前の手引き" * 10, topics={Topic.RIGHTS: ("4(4)",)}),
            attached=PICTURE_AND_FILES,
        )
    )
    accepted(cards)


@pytest.mark.parametrize("written", [ADDRESSES, "改行\n" * 333, '"\\' * 500, "あ" * 1_000])
def test_the_longest_words_of_people_keep_within_the_limits(written: str) -> None:
    long = decided(DecisionKind.RETURN, written[:1_000])
    disputed = dispute(finding("あ" * MAX_TEXT, **LONGEST), replace(RULING, note=written[:1_000]), written[:1_000])
    accepted([decision_card(answer(review()), long), *folded_cards(version(review(finding())), long, 3)])
    accepted([dispute_card(disputed, ()), dispute_card(replace(disputed, ruling=None), {f"U{n}" for n in range(99)})])
    accepted([revision_card("U1", (written * 3)[:3_000]), refusal_card(Refused(Refusal.ALREADY_DECIDED, long))])


def test_what_has_not_even_a_line_is_counted() -> None:
    findings = [finding(f"とても長い言い方その{number:05}", start=number) for number in range(3000)]
    cards = answer_cards(answer(review(*findings)))
    accepted(cards)
    shown = "\n".join(seen(card).text for card in cards)
    in_full_or_short = shown.count("とても長い言い方その")
    assert f"ほか {3000 - in_full_or_short} 件。" in shown
    accepted([private_card(review(*findings), GUIDELINE)])


def test_findings_in_full_stand_in_the_order_of_the_text_over_all_pages() -> None:
    findings = [finding(f"言い方{number:02}", start=number) for number in range(25)]
    cards = answer_cards(answer(review(*reversed(findings))))
    shown = "\n".join(seen(card).text for card in cards)
    positions = [shown.index(f"「言い方{number:02}」") for number in range(25)]
    assert positions == sorted(positions)


def test_a_finding_over_a_whole_long_draft_is_shortened() -> None:
    cards = answer_cards(answer(review(finding("あ" * MAX_TEXT))))
    accepted(cards)
    assert f"「{'あ' * 100}…」" in seen(cards[0]).text


def test_a_finding_about_the_draft_as_a_whole_and_an_unknown_clause() -> None:
    (card,) = answer_cards(answer(review(finding("", clauses=["9(9)"]))))
    assert "1. ⛔ 下書き全体　発信禁止\n9(9)\n" in seen(card).text
    accepted([card])


HARMFUL = [
    "<!channel>",
    "<@U1>",
    "<https://evil.example|市の公式サイト>",
    "https://evil.example/login",
    "evil.example",
    "例え.jp/x",
    "koho@evil.example",
    "*太字* _斜体_ ~取消~ `コード`",
    "> 引用\n```塊```",
    "&lt;!here&gt;",
    ":tada: @here @channel",
]


@pytest.mark.parametrize("quote", HARMFUL)
def test_quoted_words_do_nothing(quote: str) -> None:
    harmful = finding(quote, message=f"理由：{quote}", suggestion=f"案：{quote}")
    now = review(harmful, *(finding(quote, start=n) for n in range(60)))
    for card in (*answer_cards(answer(now, review(harmful, finding(f"{quote}！")))), private_card(now, GUIDELINE)):
        reading = seen(card)
        assert reading.mentions == ()
        assert reading.links == ()
        assert quote not in card.text
        for block in card.blocks:
            if block["type"] != "rich_text":
                assert quote not in json.dumps(block, ensure_ascii=False)


@pytest.mark.parametrize("address", ["https://evil.example/login", "evil.example", "koho@evil.example"])
def test_an_address_is_set_as_code_and_so_never_a_link(address: str) -> None:
    (card,) = answer_cards(answer(review(finding(f"詳細は{address}へ", message=f"{address} は安全と言えません。"))))
    elements = [part for container in card.blocks[1]["elements"] for part in container["elements"]]
    holders = [part for part in elements if address in part["text"]]
    assert len(holders) == 2
    assert all(part["style"] == {"code": True} for part in holders)


def test_marks_that_turn_the_writing_are_shown_not_obeyed() -> None:
    (card,) = answer_cards(answer(review(finding("a\u202egnp.exe\u2066"))))
    assert "「a[U+202E]gnp.exe[U+2066]」" in seen(card).text


@given(st.lists(st.tuples(st.text(max_size=300), st.sampled_from(Level)), max_size=12))
def test_any_words_make_blocks_that_slack_takes(drafts: list[tuple[str, Level]]) -> None:
    now = review(*(finding(quote, level, message=quote, suggestion=quote) for quote, level in drafts))
    cards = answer_cards(answer(now, review(*(finding(f"{quote}。") for quote, _level in drafts))))
    accepted(cards)
    assert all(not seen(card).mentions and not seen(card).links for card in cards)


def test_a_notice_is_a_sentence_of_ours() -> None:
    assert seen(notice_card(words.FAILED)).text == words.FAILED
    accepted([notice_card(words.FAILED)])
