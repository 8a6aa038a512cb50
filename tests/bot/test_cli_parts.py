"""What the command is made of, where a process would be too coarse to tell."""

import io
import json
import sys
from datetime import date

import pytest

from bot.cli import main, report
from bot.cli.drafts import parse_day
from bot.cli.progress import PAUSE, announced
from bot.cli.terminal import harmless, harmless_json
from rules import Finding, Guideline, Level, Review, Reviewer, Topic, Versions

VERSIONS = Versions("chiba 1", "2026.11+0", "SudachiPy 0 / core 0")


def finding(quote: str, level: Level = Level.WARN) -> Finding:
    return Finding("rumor.x", Topic.RUMOR, level, ("4(6)④",), 0, len(quote), quote, "理由です。", "直し方です。")


def page(*findings: Finding) -> list[str]:
    lines = report.review_text(Review(findings, VERSIONS), Guideline.load("chiba"))
    return [line.text.plain for line in lines]


def test_a_short_run_is_silent_and_a_long_one_is_not() -> None:
    said: list[str] = []
    now = iter([0.0, 0.0, PAUSE / 2, PAUSE, PAUSE, PAUSE * 1.5, PAUSE * 2, PAUSE * 2])
    assert list(announced(range(5), said.append, clock=lambda: next(now))) == [0, 1, 2, 3, 4]
    assert said == ["5件のうち2件を確認しました（40％）。", "5件のうち4件を確認しました（80％）。"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("普通の文章 abc 😀", "普通の文章 abc 😀"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("a\rb\x9b\x7f", "a<U+000D>b<U+009B><U+007F>"),
        ("左\u202e右\u2066", "左<U+202E>右<U+2066>"),
        ("無\u200b能\u00ad", "無<U+200B>能<U+00AD>"),
        ("改\n行", "改\n行"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\ud800", "<U+D800>"),
    ],
)
def test_what_steers_a_terminal_is_shown_instead(raw: str, shown: str) -> None:
    assert harmless(raw) == shown


def test_json_is_harmless_and_means_the_same() -> None:
    data = {"id": "\ud800", "text": "\x1b\x9b\x7f\u202e\u2028\u200b日本語"}
    text = harmless_json(json.dumps(data, ensure_ascii=False))
    assert text.isprintable()
    assert text.encode("utf-8")
    assert "日本語" in text
    assert json.loads(text) == data


def test_days_only_in_the_one_form() -> None:
    assert parse_day("2026-11-21") == date(2026, 11, 21)
    assert [parse_day(text) for text in ("20261121", "2026-W47-6", "2026-11-31", "昨日", "")] == [None] * 5


def test_verdict_line_counts_each_level() -> None:
    top = page(finding("a", Level.BLOCK), finding("b"), finding("c"), finding("d", Level.NOTE))[0]
    assert top == "判定：発信禁止　発信する前に直してください。（発信禁止 1件・要確認 2件・参考 1件）"
    assert page(finding("a", Level.NOTE))[0].startswith("判定：問題なし")
    assert page()[0] == "判定：問題なし　ガイドラインに照らして、直すところは見つかりませんでした。"


def test_a_quote_over_two_lines_stays_on_one() -> None:
    assert "1. ［要確認］「一行目⏎二行目」" in page(finding("一行目\n二行目"))


def test_a_crash_names_its_place_and_no_word_of_the_draft(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(_: Reviewer, text: str, *, today: date) -> Review:
        raise ValueError(text, today)

    monkeypatch.setattr(Reviewer, "review", stumble)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("ないしょの下書き".encode())))
    with pytest.raises(SystemExit) as ended:
        main(["review"])
    said = capsys.readouterr().err
    assert ended.value.code == 3
    assert "（ValueError、" in said
    assert "bot/cli/commands.py" in said
    assert "ないしょ" not in said
