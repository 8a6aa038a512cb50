"""Settings that stand in files: named by NAME_FILE, or handed in by systemd."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.environment import MAX_BYTES
from bot.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("SNS_CHECK_", "SLACK_", "CREDENTIALS_DIRECTORY")):
            monkeypatch.delenv(name)


def written(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def refusal() -> str:
    with pytest.raises(SettingsError) as raised:
        Settings.load()
    assert raised.value.__context__ is None, "the values must not travel with the error"
    return str(raised.value)


@pytest.mark.parametrize("name", [str(field.validation_alias) for field in Settings.model_fields.values()])
def test_every_setting_may_name_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "missing"))
    assert refusal() == f"{name}_FILE のファイル「{tmp_path / 'missing'}」を読めません（ありません）。"


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_file_holds_the_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", written(tmp_path / "bot", f"xoxb-1-secret{ending}"))
    monkeypatch.setenv("SLACK_SIGNING_SECRET_FILE", written(tmp_path / "signing", f" of spaces {ending}"))
    monkeypatch.setenv("SNS_CHECK_DATABASE_URL_FILE", written(tmp_path / "database", f"postgresql://db/sns{ending}"))
    monkeypatch.setenv("SNS_CHECK_PORT_FILE", written(tmp_path / "port", f"9000{ending}"))
    settings = Settings.load()
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-secret"
    assert settings.slack_signing_secret is not None
    assert settings.slack_signing_secret.get_secret_value() == " of spaces "
    assert settings.database_url.get_secret_value() == "postgresql+psycopg://db/sns"
    assert settings.port == 9000


def test_systemd_hands_credentials_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written(tmp_path / "SLACK_BOT_TOKEN", "xoxb-1-secret\n")
    written(tmp_path / "SLACK_APP_TOKEN", "xapp-1-secret\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert Settings.load().slack == "socket"


def test_an_empty_variable_beside_its_file_counts_as_unset(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SNS_CHECK_PORT", "")
    monkeypatch.setenv("SNS_CHECK_PORT_FILE", written(tmp_path / "port", "9000"))
    monkeypatch.setenv("SNS_CHECK_GUIDELINE_FILE", "")
    assert Settings.load().port == 9000


def test_a_value_and_a_file_for_it_are_one_too_many(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SNS_CHECK_PORT", "8000")
    monkeypatch.setenv("SNS_CHECK_PORT_FILE", written(tmp_path / "SNS_CHECK_PORT", "9000"))
    assert refusal() == (
        "SNS_CHECK_PORT が二度指定されています（環境変数とSNS_CHECK_PORT_FILE）。どちらか一つにしてください。"
    )
    monkeypatch.delenv("SNS_CHECK_PORT")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert "SNS_CHECK_PORT_FILEとsystemdの資格情報（SNS_CHECK_PORT）" in refusal()


@pytest.mark.parametrize("content", [b"", b"\n", b" \n", b"\xff\xfe\x00", b"a\0b", b"x" * (MAX_BYTES + 1)])
def test_a_file_without_a_value_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET_FILE", written(tmp_path / "signing", content))
    sentence = refusal()
    assert sentence.startswith(f"SLACK_SIGNING_SECRET_FILE のファイル「{tmp_path / 'signing'}」")
    assert sentence.endswith("値だけを書いたファイルを指定してください。")


def test_a_folder_is_no_file_and_every_mistake_has_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET_FILE", str(tmp_path))
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "missing"))
    assert refusal().splitlines() == [
        f"SLACK_BOT_TOKEN_FILE のファイル「{tmp_path / 'missing'}」を読めません（ありません）。",
        f"SLACK_SIGNING_SECRET_FILE のファイル「{tmp_path}」を読めません（フォルダーです）。",
    ]


def test_a_wrong_value_from_a_file_is_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", written(tmp_path / "bot", "hidden"))
    sentence = refusal()
    assert sentence.startswith("SLACK_BOT_TOKEN ")
    assert "hidden" not in sentence
