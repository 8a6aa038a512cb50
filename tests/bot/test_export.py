"""The CSV of the record: readable for spreadsheets, and harmless in them."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Decision, DecisionKind, DraftState, Place, Record, Unreadable
from bot.export import HEADS, MAX_CELL, cell, csv_of
from rules import Finding, Level, Topic, Verdict
from tests.bot.office import NOW

RECORD = Record(
    place=Place("slack", "T1", "C1", "1763.000100"),
    state=DraftState.RETURNED,
    number=2,
    author="U1",
    received_at=NOW,
    guideline="chiba",
    text="一行目\r\n\"二行目\",'三行目'",
    verdict=Verdict.BLOCK,
    unreadable=None,
    findings=(
        Finding("a.a", Topic.INSULT, Level.BLOCK, ("4(6)①", "5(1)"), 0, 2, "一行", "理由です。", "案です。"),
        Finding("b.b", Topic.CONDUCT, Level.NOTE, ("5(1)",), 0, 0, "", "全体に及びます。", "案です。"),
    ),
    decision=Decision(DecisionKind.RETURN, "r2", "S1", NOW, "直してください。"),
    retracted=False,
)


def rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), strict=True))


def test_a_version_that_was_taken_back_is_marked() -> None:
    assert rows(csv_of([replace(RECORD, retracted=True)]))[0]["版"] == "2（取り消し）"


def test_a_version_is_a_line_in_japanese() -> None:
    assert rows(
        csv_of([RECORD], link=lambda place: f"https://example.jp/{place.thread}", name=lambda user: f"@{user}")
    ) == [
        {
            "スレッド": "https://example.jp/1763.000100",
            "状態": "差し戻し",
            "版": "2",
            "書いた人": "'@U1",
            "受け付けた日時": "2026-11-20 10:00",
            "ガイドライン": "chiba",
            "判定": "発信禁止",
            "発信禁止": "1",
            "要確認": "0",
            "参考": "1",
            "条項": "4(6)①・5(1)",
            "指摘": "「一行」理由です。\n（下書き全体）全体に及びます。",
            "判断": "差し戻し",
            "判断した人": "'@S1",
            "判断した日時": "2026-11-20 10:00",
            "コメント": "直してください。",
            "本文": "一行目\r\n\"二行目\",'三行目'",
        }
    ]


def test_what_was_neither_read_nor_decided_says_so() -> None:
    unread = replace(RECORD, verdict=None, unreadable=Unreadable.IMAGE_ONLY, findings=(), decision=None, text="")
    (row,) = rows(csv_of([unread]))
    assert (row["判定"], row["指摘"], row["判断"], row["判断した日時"]) == ("確認できませんでした", "", "", "")


@pytest.mark.parametrize("state", DraftState)
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("kind", DecisionKind)
def test_every_state_verdict_and_decision_has_its_word(state: DraftState, verdict: Verdict, kind: DecisionKind) -> None:
    decision = Decision(kind, "r2", "S1", NOW, "")
    (row,) = rows(csv_of([replace(RECORD, state=state, verdict=verdict, decision=decision)]))
    assert not {row["状態"], row["判定"], row["判断"]} & {"", state.value, verdict.value, kind.value}


def test_excel_finds_the_encoding_and_the_lines() -> None:
    table = csv_of([])
    assert table.startswith(b'\xef\xbb\xbf"')
    assert table.endswith(b'"\r\n')
    assert table.decode("utf-8-sig") == ",".join(f'"{head}"' for head in HEADS) + "\r\n"


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+81 43",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u3000＝1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹦1",
        '=HYPERLINK("https://example.jp")',
    ],
)
def test_what_a_spreadsheet_would_compute_stands_behind_an_apostrophe(formula: str) -> None:
    (row,) = rows(csv_of([replace(RECORD, text=formula)]))
    assert row["本文"] == f"'{formula}"


dangerous = st.sampled_from([*"=+-@＝＋－＠\t\r\n \u3000\x00", "\ud83c"])
texts = st.lists(dangerous | st.text(max_size=3)).map("".join)


@given(texts)
def test_no_cell_starts_like_a_formula_and_nothing_else_is_changed(text: str) -> None:
    (row,) = rows(csv_of([replace(RECORD, text=text)]))
    written = row["本文"]
    assert unicodedata.normalize("NFKC", written.lstrip()[:1])[:1] not in {"=", "+", "-", "@"}
    assert written[:1] not in {"\t", "\r", "\n"}
    kept = written[-len(text) :] if text else ""
    assert written in {kept, f"'{kept}"}
    assert all(mark in (other, "\N{REPLACEMENT CHARACTER}") for mark, other in zip(kept, text, strict=True))


@given(st.integers(MAX_CELL - 3, MAX_CELL + 3), st.sampled_from(["あ", "="]))
def test_a_cell_is_never_longer_than_a_spreadsheet_takes(length: int, mark: str) -> None:
    written = cell(mark * length)
    assert len(written) <= MAX_CELL
    assert written.endswith("（以下省略）") == (length + (mark == "=") > MAX_CELL)
