"""The command as people and programs use it: a real process, its streams and its exit code."""

import io
import json
import os
import pty
import select
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.cli import main

COMMAND = [sys.executable, "-c", "from bot.cli import main; main()"]
CLEAN = "明日は図書館の休館日です。返却ポストをご利用ください。"
BAD = "お前は無能だ。"


def sns_check(
    *arguments: str, stdin: bytes | str = b"", env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a plain C locale, where nothing but its own care makes it speak UTF-8."""
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "VIRTUAL_ENV")}
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        env={**inherited, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", **(env or {})},
        cwd=cwd,
        capture_output=True,
        timeout=60,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """What is said on standard error when nothing was done."""
    assert done.returncode == 2, done.stderr.decode()
    assert done.stdout == b""
    said = done.stderr.decode()
    assert "Traceback" not in said
    return said


class Refusal(Protocol):
    def __call__(self, *arguments: str, stdin: bytes | str = b"") -> str: ...


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Refusal:
    """What a command in this process says when it refuses: a new process for each mistake would take half a minute."""

    def call(*arguments: str, stdin: bytes | str = b"") -> str:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        monkeypatch.delenv("SNS_CHECK_GUIDELINE", raising=False)
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        seen = capsysbinary.readouterr()
        return refused(subprocess.CompletedProcess(arguments, int(ended.value.code or 0), seen.out, seen.err))

    return call


# one draft


def test_a_clean_draft() -> None:
    done = sns_check("review", stdin=CLEAN)
    assert done.returncode == 0
    assert done.stdout.decode().startswith("判定：問題なし")
    assert done.stderr == b""


def test_a_bad_draft_is_told_what_why_and_how() -> None:
    done = sns_check("review", "-", stdin=BAD)
    lines = [line.strip() for line in done.stdout.decode().splitlines()]
    assert done.returncode == 1
    assert lines[0].startswith("判定：発信禁止　発信する前に直してください。（発信禁止 1件")
    assert "1. ［発信禁止］「お前は無能」" in lines
    assert "4(6)①「不敬な言い方を含む情報」" in lines
    assert any(line.startswith("理由：") for line in lines)
    assert any(line.startswith("直し方：") for line in lines)
    assert lines[-2] == "千葉市職員のソーシャルメディアの利用に関するガイドライン（第1版）"
    assert lines[-1].startswith("ガイドライン chiba 1・規則 2026.11+")


def test_json_says_all_of_it() -> None:
    done = sns_check("review", "--format", "json", stdin=f"😀{BAD}")
    review = json.loads(done.stdout)
    assert list(review) == ["verdict", "findings", "guideline", "versions"]
    assert review["verdict"] == "block"
    finding = review["findings"][0]
    assert list(finding) == [
        "rule", "topic", "level", "clauses", "start", "end", "quote", "message", "suggestion",
    ]  # fmt: skip
    assert (finding["quote"], finding["clauses"], finding["topic"]) == ("お前は無能", ["4(6)①"], "insult")
    assert f"😀{BAD}"[finding["start"] : finding["end"]] == "お前は無能"
    assert review["guideline"]["id"] == "chiba"
    assert set(review["versions"]) == {"guideline", "rules", "dictionary"}


def test_the_day_decides_about_dates() -> None:
    draft = "防災訓練は12月5日（日）です。"  # a Saturday in 2026, a Sunday in 2027
    assert sns_check("review", "--today", "2026-11-21", stdin=draft).returncode == 1
    assert sns_check("review", "--today", "2027-11-21", stdin=draft).returncode == 0


def test_guideline_by_option_environment_and_file(tmp_path: Path) -> None:
    def clauses(*arguments: str, env: dict[str, str] | None = None) -> list[str]:
        done = sns_check("review", "--format", "json", *arguments, stdin=BAD, env=env, cwd=tmp_path)
        cited = json.loads(done.stdout)["findings"][0]["clauses"]
        assert isinstance(cited, list)
        return cited

    assert clauses("--guideline", "oizumi") == ["4(6)①", "5"]
    assert clauses(env={"SNS_CHECK_GUIDELINE": "oizumi"}) == ["4(6)①", "5"]
    assert clauses("--guideline", "chiba", env={"SNS_CHECK_GUIDELINE": "oizumi"}) == ["4(6)①"]
    assert clauses(env={"SNS_CHECK_GUIDELINE": ""}) == ["4(6)①"]
    source = Path(__file__).parents[2] / "rules" / "data" / "guidelines" / "oizumi.yaml"
    (tmp_path / "町.yaml").write_bytes(source.read_bytes())
    assert clauses("--guideline", "町.yaml") == ["4(6)①", "5"]


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "下書き.txt").write_bytes(b"\xef\xbb\xbf" + BAD.encode())
    done = sns_check("review", str(tmp_path / "下書き.txt"), "--format", "json")
    assert json.loads(done.stdout)["findings"][0]["start"] == BAD.index("お前は無能")


@pytest.mark.parametrize("text", ["https://www.city.example.lg.jp/", "🎉🎉", "\u202eこんにちは\u200b"])
def test_odd_but_readable_drafts_get_a_normal_review(text: str) -> None:
    done = sns_check("review", "--format", "json", stdin=text)
    assert done.returncode in (0, 1)
    assert json.loads(done.stdout)["verdict"] in ("pass", "warn", "block")


# what cannot be read


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "確認する文章がありません。"),
        (" \n\t　\u200b".encode(), "確認する文章がありません。"),
        (b"\xef\xbb\xbf", "確認する文章がありません。"),
        ("あ".encode() * 40_001, "文章が長すぎます（40,001文字）。一度に確認できるのは40,000文字までです。"),
        ("よい\n".encode() + "天気".encode("cp932"), "標準入力 2行目：文字コードがUTF-8ではありません。"),
        ("天気".encode("utf-16"), "文字コードがUTF-8ではありません。"),
        ("天\0気".encode(), "NUL文字が含まれています。"),
        (b"\xed\xa0\x80", "文字コードがUTF-8ではありません。"),
    ],
)
def test_unreadable_drafts(refusal: Refusal, content: bytes, sentence: str) -> None:
    assert sentence in refusal("review", stdin=content)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    missing = tmp_path / "無い.txt"
    assert f"エラー：{missing}：ファイルが見つかりません。" in refused(sns_check("review", str(missing)))
    assert "フォルダーです。" in refused(sns_check("review", str(tmp_path)))
    assert "<U+001B>" in refused(sns_check("review", "\x1b[31m.txt"))


# usage


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--nope"], "エラー：オプション「--nope」はありません。"),
        (
            ["revew"],
            "エラー：コマンド「revew」はありません。使えるのは db、doctor、guideline、history、review、serve です。",
        ),
        (["guideline", "lst"], "使えるのは coverage、list です。"),
        (["review", "--format", "xml"], "エラー：オプション「--format」に使える値は text、json です。"),
        (["review", "--today"], "エラー：オプション「--today」の書き方が正しくありません。"),
        (["db", "downgrade"], "エラー：「形式」を指定してください。"),
        (["review", "--today", "2026-02-30"], "エラー：日付「2026-02-30」は読めません。"),
        (["review", "--today", "20261121"], "エラー：日付「20261121」は読めません。"),
        (["review", "a", "b"], "エラー：コマンドの書き方が正しくありません。"),
        (["review", "a", "--jsonl", "b"], "エラー：ファイルと --jsonl は、どちらか一方だけを指定してください。"),
        (["review", "--guideline", "kyoto"], "エラー：ガイドライン「kyoto」はありません。使えるのは chiba、oizumi"),
        (["review", "--guideline", "town.yaml"], "エラー：town.yaml：ファイルが見つかりません。"),
        ([], "使い方: sns-check"),
    ],
)
def test_usage_errors_are_japanese(refusal: Refusal, arguments: list[str], sentence: str) -> None:
    said = refusal(*arguments, stdin=CLEAN)
    assert sentence in said
    assert "Error" not in said
    assert "Usage" not in said


@pytest.mark.parametrize("command", [[], ["review"], ["serve"], ["doctor"], ["guideline"], ["guideline", "coverage"]])
def test_help_is_japanese(command: list[str]) -> None:
    done = sns_check(*command, "--help")
    page = done.stdout.decode()
    assert done.returncode == 0
    assert page.startswith("使い方: sns-check")
    assert "この説明を表示します。" in page
    assert not any(word in page for word in ("Usage", "Options", "Commands", "Show this"))


def test_version_names_program_rules_and_dictionary() -> None:
    done = sns_check("--version")
    program, made_with = done.stdout.decode().splitlines()
    assert program == "sns-check 0.1.0"
    assert "規則 2026.11+" in made_with
    assert "辞書 SudachiPy " in made_with


def test_settings_that_cannot_be_used_keep_serve_from_starting() -> None:
    said = refused(sns_check("serve", env={"SLACK_BOT_TOKEN": "mixed-up"}))
    assert "SLACK_BOT_TOKEN" in said
    assert "mixed-up" not in said


def test_the_doctor_prints_and_counts(tmp_path: Path) -> None:
    done = sns_check("doctor", env={"SNS_CHECK_DATA_DIR": str(tmp_path)})
    assert done.returncode == 0
    assert "［正常］データベース：接続でき、形式は最新です。" in done.stdout.decode()
    assert "直すところはありません。" in done.stdout.decode()
    done = sns_check("doctor", env={"SNS_CHECK_DATA_DIR": str(tmp_path), "SNS_CHECK_GUIDELINE": "kyoto"})
    assert done.returncode == 1
    assert "［異常］ガイドライン：ガイドライン「kyoto」はありません。" in done.stdout.decode()
    assert "直すところが1件あります。" in done.stdout.decode()


# guidelines


def test_guideline_list() -> None:
    assert sns_check("guideline", "list").stdout.decode().splitlines() == [
        "chiba　千葉市職員のソーシャルメディアの利用に関するガイドライン（第1版）",
        "oizumi　大泉町職員のソーシャルメディアの利用に関するガイドライン（第1版）",
    ]


def test_coverage_shows_every_clause_with_what_cites_it_or_the_reason() -> None:
    page = sns_check("guideline", "coverage", "--guideline", "oizumi").stdout.decode()
    assert "4(6)①　他者を侮蔑する情報\n      話題：insult\n      規則：insult." in page
    assert "4(7)①　アカウント運用ルールの策定等　業務としてアカウントを" in page
    assert "確かめない理由：アカウントの運用ポリシーについての定めで" in page
    assert "発信禁止の指摘すべてに添えて引用します。" in page


# many drafts


def test_links_are_followed_only_when_asked() -> None:
    """The program goes through the proxy that the environment names; this one says that every page is gone."""
    asked: list[str] = []

    class Gone(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_GET = do_HEAD  # noqa: N815 - the base class calls it so

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Gone) as proxy:
        threading.Thread(target=proxy.serve_forever).start()
        env = {"http_proxy": f"http://127.0.0.1:{proxy.server_port}"}
        draft = "詳しくは http://page.minasato.jp/a をご覧ください。"
        plain = sns_check("review", stdin=draft, env=env)
        assert not asked
        followed = sns_check("review", "--follow-links", stdin=draft, env=env)
        lines = sns_check("review", "--follow-links", "--jsonl", "-", stdin=jsonl({"id": 1, "text": draft}), env=env)
        proxy.shutdown()
    assert set(asked) == {"http://page.minasato.jp/a"}
    assert (plain.returncode, followed.returncode, lines.returncode) == (0, 0, 0)
    assert "ページは見つかりませんでした" not in plain.stdout.decode()
    assert "ページは見つかりませんでした" in followed.stdout.decode()
    assert json.loads(lines.stdout)["findings"][0]["rule"] == "harmful_link.dead"


def jsonl(*entries: Any) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)


def test_lines_in_lines_out_in_order() -> None:
    drafts = jsonl(
        {"id": "一", "text": CLEAN},
        {"id": 2, "text": BAD, "kind": "direct"},
        {"id": None, "text": "防災訓練は12月5日（日）です。", "today": "2027-11-21"},
    )
    done = sns_check("review", "--jsonl", "-", "--today", "2026-11-21", stdin=f"\n{drafts}")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [(answer["id"], answer["verdict"]) for answer in answers] == [("一", "pass"), (2, "block"), (None, "pass")]
    assert all(list(answer) == ["id", "verdict", "findings"] for answer in answers)
    assert answers[1]["findings"][0]["quote"] == "お前は無能"
    assert done.stderr == b""


def test_only_clean_lines_exit_0(tmp_path: Path) -> None:
    (tmp_path / "drafts.jsonl").write_text(jsonl({"id": 1, "text": CLEAN}), encoding="utf-8")
    assert sns_check("review", "--jsonl", str(tmp_path / "drafts.jsonl")).returncode == 0


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{broken", "JSONとして読めません。"),
        ("[" * 100_000, "JSONとして読めません。"),
        ("[]", "の形になっていません。"),
        ('{"text": "よい天気"}', "の形になっていません。"),
        ('{"id": 1, "text": 5}', "の形になっていません。"),
        ('{"id": 1, "text": ""}', "確認する文章がありません。"),
        ('{"id": 1, "text": "\\ud800"}', "壊れた文字（サロゲートの片割れ）が含まれています。"),
        ('{"id": 1, "text": "a\\u0000"}', "NUL文字が含まれています。"),
        ('{"id": 1, "text": "よい天気", "today": "2026-13-01"}', "today は 2026-11-21 のような"),
        ('{"id": 1, "text": "よい天気", "today": 20261121}', "today は 2026-11-21 のような"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_half_done(refusal: Refusal, line: str, sentence: str) -> None:
    said = refusal("review", "--jsonl", "-", stdin=jsonl({"id": 1, "text": CLEAN}) + line + "\n")
    assert "標準入力 2行目：" in said
    assert sentence in said


def test_an_answer_comes_before_the_last_line_is_reviewed() -> None:
    """The output of a long run can be read, and its reader can leave, while it runs."""
    drafts = jsonl(*({"id": n, "text": CLEAN} for n in range(20_000)))
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "review", "--jsonl", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(drafts.encode())
        process.stdin.close()
        first = json.loads(process.stdout.readline())
        assert process.poll() is None, "still at work"
        process.stdout.close()
        said = process.stderr.read().decode()
    assert first["id"] == 0
    assert process.returncode == 141
    assert "Traceback" not in said
    assert "Broken" not in said


# terminals


def in_terminal(*arguments: str, stdin: bytes, env: dict[str, str] | None = None) -> str:
    """What a person at a terminal sees, raw."""
    unwanted = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM")
    plain_environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    master, slave = pty.openpty()
    try:
        with subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, *arguments],
            stdin=subprocess.PIPE,
            stdout=slave,
            stderr=slave,
            env={**plain_environment, "TERM": "xterm-256color", "COLUMNS": "60", **(env or {})},
        ) as process:
            os.close(slave)
            assert process.stdin
            process.stdin.write(stdin)
            process.stdin.close()
            return _drain(master)
    finally:
        os.close(master)


def _drain(master: int) -> str:
    seen = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            piece = os.read(master, 65536)
        except OSError:  # Linux's way to say that the other side is closed
            break
        if not piece:
            break
        seen += piece
    return seen.decode()


def test_colours_for_a_terminal_unless_unwanted() -> None:
    assert "\x1b[1;31m判定：発信禁止\x1b[0m" in in_terminal("review", stdin=BAD.encode())
    plain = in_terminal("review", stdin=BAD.encode(), env={"NO_COLOR": "1"})
    assert "判定：発信禁止" in plain
    assert "\x1b[1;31m" not in plain
    assert "\x1b" not in sns_check("review", stdin=BAD).stdout.decode()


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_drafts_escapes_never_reach_the_terminal(style: str) -> None:
    """The bad word is spelled around what steers a terminal, so that the quotation holds it."""
    seen = in_terminal("review", "--format", style, stdin="お前は無\u200b能だ。\x1b]0;owned\x07\x9b31m\u202e".encode())
    assert "owned" not in seen.replace("\\u001b]0;owned", "").replace("<U+001B>]0;owned", "")
    assert not {"\x07", "\x9b", "\u202e", "\u200b"} & set(seen)
    assert "無<U+200B>能" in seen or "無\\u200b能" in seen
