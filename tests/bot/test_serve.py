"""``sns-check serve`` as a process: what it announces, how it ends, and what it says when it cannot start."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.bot.process import DEADLINE, serving, start

DRAFT = "うちの課長は無能だ。"
FORM = {"text": DRAFT, "guideline": "chiba", "token": "00000000000000aa"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_configured_serves_the_console_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path) as served:
        assert served.address.startswith("http://127.0.0.1:")
        assert "SNSチェック" in httpx.get(served.address).text
        assert served.stop(number) == 0


def test_what_was_pasted_is_there_after_a_restart_and_in_no_log(tmp_path: Path) -> None:
    with serving(tmp_path, SNS_CHECK_LOG_LEVEL="debug") as served:
        page = httpx.post(f"{served.address}/threads/00000000000000aa", data=FORM, follow_redirects=True)
        assert "4(6)①" in page.text
        served.stop()
        assert served.process.stdout
        printed = served.process.stdout.read() + (tmp_path / "stderr").read_text(encoding="utf-8")
    assert '"event": "stopped"' in printed
    assert "無能" not in printed
    with serving(tmp_path) as again:
        assert "無能" in httpx.get(page.url.copy_with(port=httpx.URL(again.address).port)).text


def test_a_kept_connection_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with serving(tmp_path) as served, httpx.Client() as client:
        client.get(served.address)
        assert served.stop() == 0


def test_health_tells_whether_the_database_answers(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        assert httpx.get(f"{served.address}/healthz").status_code == 200


def refusal(data: Path, **environment: str) -> str:
    """Start, wait for exit code 2, and return the last line said on stderr."""
    with start(data, **environment) as process:
        assert process.wait(DEADLINE) == 2
        assert process.stdout
        assert process.stdout.read() == ""
    said = (data / "stderr").read_text(encoding="utf-8")
    assert "Traceback" not in said
    return said.splitlines()[-1]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])  # noqa: S104 - refused
def test_deliveries_of_anybody_are_taken_on_this_machine_only(tmp_path: Path, host: str) -> None:
    said = refusal(tmp_path, SNS_CHECK_TEAMS_ANONYMOUS="true", SNS_CHECK_HOST=host)
    assert "SNS_CHECK_TEAMS_ANONYMOUS" in said
    assert host in said


def test_a_file_for_dotenv_beside_it_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Microsoft's SDK reads such a file where it is imported, whoever put it there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SNS_CHECK_LOG_LEVEL=nonsense\nCLIENT_ID=stranger\n", encoding="utf-8")
    with serving(tmp_path, SNS_CHECK_TEAMS_ANONYMOUS="true") as served:
        assert httpx.post(f"{served.address}/api/messages", content=b"{").status_code == 400
        assert served.stop() == 0
    assert "ExperimentalWarning" not in (tmp_path / "stderr").read_text(encoding="utf-8")


def test_a_setting_that_nothing_reads_is_logged(tmp_path: Path) -> None:
    with serving(tmp_path, SNS_CHECK_RETENSION_DAYS="365") as served:
        assert served.stop() == 0
    (told,) = [line for line in (tmp_path / "stderr").read_text("utf-8").splitlines() if "setting_unknown" in line]
    assert json.loads(told)["variable"] == "SNS_CHECK_RETENSION_DAYS"
    assert json.loads(told)["meant"] == "SNS_CHECK_RETENTION_DAYS"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "town.example"])  # noqa: S104 - refused
def test_the_console_binds_to_nothing_but_loopback(tmp_path: Path, host: str) -> None:
    said = refusal(tmp_path, SNS_CHECK_HOST=host)
    assert host in said
    assert "127.0.0.1" in said


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = refusal(tmp_path, SNS_CHECK_PORT=port)
    assert port in said
    assert "SNS_CHECK_PORT" in said


def test_an_unknown_guideline_is_said(tmp_path: Path) -> None:
    assert "nowhere" in refusal(tmp_path, SNS_CHECK_GUIDELINE="nowhere")


def test_a_wrong_setting_is_said(tmp_path: Path) -> None:
    assert "SNS_CHECK_PORT" in refusal(tmp_path, SNS_CHECK_PORT="八千")


@pytest.mark.parametrize("url", ["postgresql://sns:secret@127.0.0.1:1/sns", "sqlite:////proc/nowhere/history.sqlite3"])
def test_a_database_that_cannot_be_used_is_said_without_its_password(tmp_path: Path, url: str) -> None:
    said = refusal(tmp_path, SNS_CHECK_DATABASE_URL=url)
    assert "データベース" in said
    assert "secret" not in (tmp_path / "stderr").read_text(encoding="utf-8")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("これはデータベースではありません。" * 100, encoding="utf-8")
    assert "データベース" in refusal(tmp_path, SNS_CHECK_DATABASE_URL=f"sqlite:///{file}")


def test_two_processes_may_share_one_database(tmp_path: Path) -> None:
    with serving(tmp_path) as first, serving(tmp_path) as second:
        httpx.post(f"{first.address}/threads/00000000000000aa", data=FORM)
        assert "無能" in httpx.get(f"{second.address}/threads/00000000000000aa").text
