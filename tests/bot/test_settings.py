"""Settings: what the environment says, and what is said when it is wrong."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsError

BOT = {"SLACK_BOT_TOKEN": "xoxb-1-secret"}
SOCKET = {**BOT, "SLACK_APP_TOKEN": "xapp-1-secret"}
HTTP = {**BOT, "SLACK_SIGNING_SECRET": "signing-secret"}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("SNS_CHECK_", "SLACK_", "TEAMS_")):
            monkeypatch.delenv(name)


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings.load()


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    with pytest.raises(SettingsError) as raised:
        load(monkeypatch, **environment)
    assert raised.value.__context__ is None, "the values must not travel with the error"
    return str(raised.value)


def test_nothing_set_is_a_console_with_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert settings.slack is None
    assert (settings.guideline, settings.host, settings.port) == ("chiba", "127.0.0.1", 8080)
    assert (settings.review_channels, settings.supervisors) == ({}, frozenset())
    assert (settings.review_bots, settings.remind_after) == (frozenset(), timedelta(hours=4))
    assert not settings.follow_links
    assert (settings.retention_days, settings.drain_seconds, settings.log_level) == (None, 20, "info")
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.data_dir.name == "sns-check"
    expected = f"sqlite+aiosqlite:///{settings.data_dir}/sns-check.sqlite3"
    assert settings.database_url.get_secret_value() == expected


def test_everything_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load(
        monkeypatch,
        **SOCKET,
        SNS_CHECK_SLACK_API_URL="http://127.0.0.1:9000/api",
        SNS_CHECK_GUIDELINE="oizumi",
        SNS_CHECK_REVIEW_CHANNELS="C01REV, C02REV=chiba ,G03REV,",
        SNS_CHECK_SUPERVISORS="U01ABC,S02ABC",
        SNS_CHECK_REVIEW_BOTS="B01FEED, A01FEED,U01FEED",
        SNS_CHECK_REMIND_AFTER="8",
        SNS_CHECK_FOLLOW_LINKS="True",
        SNS_CHECK_DATA_DIR=str(tmp_path),
        SNS_CHECK_HOST="0.0.0.0",  # noqa: S104 - a container listens everywhere
        SNS_CHECK_PORT="0",
        SNS_CHECK_RETENTION_DAYS="365",
        SNS_CHECK_DRAIN_SECONDS="5",
        SNS_CHECK_LOG_LEVEL="DEBUG",
    )
    assert settings.slack == "socket"
    assert settings.slack_api_url == "http://127.0.0.1:9000/api/"
    assert settings.review_channels == {"C01REV": "oizumi", "C02REV": "chiba", "G03REV": "oizumi"}
    assert settings.supervisors == {"U01ABC", "S02ABC"}
    assert settings.review_bots == {"B01FEED", "A01FEED", "U01FEED"}
    assert settings.remind_after == timedelta(hours=8)
    assert settings.follow_links
    assert (settings.data_dir, settings.port, settings.retention_days) == (tmp_path, 0, 365)
    assert (settings.drain_seconds, settings.log_level) == (5, "debug")


def test_slack_without_app_token_is_http(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, **HTTP).slack == "http"


def test_the_app_token_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, **{**SOCKET, **HTTP}).slack == "socket"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgresql://sns:pw@db/sns?sslmode=require", "postgresql+psycopg://sns:pw@db/sns?sslmode=require"),
        ("postgres://db/sns", "postgresql+psycopg://db/sns"),
        ("sqlite:////var/lib/sns-check/x.sqlite3", "sqlite+aiosqlite:////var/lib/sns-check/x.sqlite3"),
    ],
)
def test_the_database_gets_its_driver(monkeypatch: pytest.MonkeyPatch, given: str, taken: str) -> None:
    assert load(monkeypatch, SNS_CHECK_DATABASE_URL=given).database_url.get_secret_value() == taken


def test_an_empty_variable_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, SLACK_BOT_TOKEN="", SNS_CHECK_PORT="").slack is None


def test_settings_are_frozen_and_keep_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, **HTTP, SNS_CHECK_DATABASE_URL="postgresql://sns:secret@db/sns")
    assert "secret" not in re.sub("(?:slack_signing|teams_client)_secret", "", repr(settings))
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-hidden"),
        ("SLACK_APP_TOKEN", "xoxb-1-hidden"),
        ("SNS_CHECK_SLACK_API_URL", "slack.com/hidden"),
        ("SNS_CHECK_SLACK_API_URL", "ftp://hidden/"),
        ("SNS_CHECK_REVIEW_CHANNELS", "#kouhou"),
        ("SNS_CHECK_REVIEW_CHANNELS", "C01REV="),
        ("SNS_CHECK_REVIEW_CHANNELS", "C01REV C02REV"),
        ("SNS_CHECK_REVIEW_CHANNELS", "C01REV,C01REV=oizumi"),
        ("SNS_CHECK_SUPERVISORS", "@suzuki"),
        ("SNS_CHECK_REVIEW_BOTS", "feed"),
        ("SNS_CHECK_REVIEW_BOTS", "C01REV"),
        ("SNS_CHECK_REMIND_AFTER", "0"),
        ("SNS_CHECK_REMIND_AFTER", "半日"),
        ("SNS_CHECK_FOLLOW_LINKS", "ときどき"),
        ("SNS_CHECK_CA_FILE", "/nonexistent"),
        ("SNS_CHECK_CA_FILE", "/dev/null"),
        ("SNS_CHECK_DATABASE_URL", "mysql://hidden@db/sns"),
        ("SNS_CHECK_DATABASE_URL", "hidden"),
        ("SNS_CHECK_PORT", "65536"),
        ("SNS_CHECK_PORT", "http"),
        ("SNS_CHECK_RETENTION_DAYS", "0"),
        ("SNS_CHECK_RETENTION_DAYS", "-1"),
        ("SNS_CHECK_DRAIN_SECONDS", "1.5"),
        ("SNS_CHECK_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    sentence = refusal(monkeypatch, **{variable: value})
    assert sentence.startswith(f"{variable} ")
    assert sentence.endswith("。")
    assert "\n" not in sentence
    assert "hidden" not in sentence


def test_every_wrong_value_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = refusal(monkeypatch, SNS_CHECK_PORT="x", SNS_CHECK_LOG_LEVEL="y").splitlines()
    assert sorted(line.split()[0] for line in lines) == ["SNS_CHECK_LOG_LEVEL", "SNS_CHECK_PORT"]


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        (BOT, "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1-secret"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "signing-secret"}, "SLACK_BOT_TOKEN"),
    ],
)
def test_half_of_slack_names_the_other_half(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], missing: str
) -> None:
    sentence = refusal(monkeypatch, **environment)
    assert missing in sentence
    assert "secret" not in sentence


KEY, OTHER_KEY = "A" * 43 + "=", "b-_9" + "B" * 39 + "="


def test_encryption_keys_are_several_and_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SNS_CHECK_ENCRYPTION_KEY=f"{KEY}, {OTHER_KEY}")
    assert [key.get_secret_value() for key in settings.encryption_keys] == [KEY, OTHER_KEY]
    assert KEY not in repr(settings)
    assert load(monkeypatch, SNS_CHECK_ENCRYPTION_KEY="").encryption_keys == ()


@pytest.mark.parametrize("wrong", ["himitsu-no-kagi", KEY[:-1], KEY + KEY, f"{KEY},himitsu-no-kagi", "鍵"])
def test_a_key_that_is_none_is_not_shown(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    sentence = refusal(monkeypatch, SNS_CHECK_ENCRYPTION_KEY=wrong)
    assert sentence.startswith("SNS_CHECK_ENCRYPTION_KEY ")
    assert "himitsu" not in sentence


def test_migrations_may_be_left_to_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch).auto_migrate
    assert not load(monkeypatch, SNS_CHECK_AUTO_MIGRATE="false").auto_migrate


def test_what_is_kept_of_texts_is_one_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch).store_text == "full"
    assert load(monkeypatch, SNS_CHECK_STORE_TEXT="None").store_text == "none"
    assert "full、redacted、none" in refusal(monkeypatch, SNS_CHECK_STORE_TEXT="all")


@pytest.mark.parametrize(("hours", "days"), [("25", "1"), ("744", "30")])
def test_what_was_erased_for_its_age_is_not_to_be_caught_up_with(
    monkeypatch: pytest.MonkeyPatch, hours: str, days: str
) -> None:
    said = refusal(monkeypatch, SNS_CHECK_CATCH_UP=hours, SNS_CHECK_RETENTION_DAYS=days)
    assert f"SNS_CHECK_CATCH_UP を {24 * int(days)} 以下に" in said


def test_catching_up_may_reach_as_far_as_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SNS_CHECK_RETENTION_DAYS="1")
    assert settings.catch_up == timedelta(days=1)


# ── Teams ────────────────────────────────────────────────────────────────────────────────────────────────────────────

CLIENT, TENANT = "0f4a3c1e-5b7d-4a92-8c63-1d2e3f405162", "7C9E6679-7425-40DE-944B-E07FC1F90AE7"
TEAMS = {"TEAMS_CLIENT_ID": CLIENT, "TEAMS_CLIENT_SECRET": "client~secret", "TEAMS_TENANT_ID": TENANT}
LINK = (
    "https://teams.microsoft.com/l/channel/19%3Aabc_-1%40thread.tacv2/%E5%BA%83%E5%A0%B1"
    f"?groupId={CLIENT}&tenantId={TENANT}"
)


def test_teams_is_configured_by_its_three_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch).teams is None
    settings = load(monkeypatch, **TEAMS)
    assert settings.teams == "signed"
    assert (settings.teams_tenant_id, settings.slack) == (TENANT.lower(), None)
    assert "client~secret" not in repr(settings)


@pytest.mark.parametrize("missing", TEAMS)
def test_teams_with_a_part_missing_says_which(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    given = {name: value for name, value in TEAMS.items() if name != missing}
    assert f"{missing} も指定してください" in refusal(monkeypatch, **given)


def test_teams_believes_anybody_only_where_nothing_says_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, SNS_CHECK_TEAMS_ANONYMOUS="true").teams == "anonymous"
    assert "TEAMS_CLIENT_ID" in refusal(monkeypatch, SNS_CHECK_TEAMS_ANONYMOUS="true", **TEAMS)


@pytest.mark.parametrize(
    ("written", "channels"),
    [
        ("19:abc@thread.tacv2", {"19:abc@thread.tacv2": "chiba"}),
        ("19:a@thread.tacv2, 19:b@thread.skype=oizumi", {"19:a@thread.tacv2": "chiba", "19:b@thread.skype": "oizumi"}),
        (LINK, {"19:abc_-1@thread.tacv2": "chiba"}),
        (f"{LINK}=oizumi,team-id", {"19:abc_-1@thread.tacv2": "oizumi", "team-id": "chiba"}),
        ("https://teams.cloud.microsoft/l/channel/19%3Aa%40thread.tacv2=oizumi", {"19:a@thread.tacv2": "oizumi"}),
    ],
)
def test_teams_channels_are_read_by_id_and_by_link(
    monkeypatch: pytest.MonkeyPatch, written: str, channels: dict[str, str]
) -> None:
    assert load(monkeypatch, **TEAMS, SNS_CHECK_TEAMS_CHANNELS=written).teams_channels == channels


def test_a_channels_link_tells_its_teams_group(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, **TEAMS, SNS_CHECK_TEAMS_CHANNELS=f"{LINK}=oizumi,team-id")
    assert settings.teams_groups == {"19:abc_-1@thread.tacv2": CLIENT.lower()}


@pytest.mark.parametrize(
    "written", ["19:a b@thread.tacv2", "19:a@thread.tacv2=", f"{LINK}=", "https://example.jp/l/channel/19%3Aa/x", "a/b"]
)
def test_teams_channels_that_are_none_are_shown(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    assert f"「{written}」を読み取れません" in refusal(monkeypatch, **TEAMS, SNS_CHECK_TEAMS_CHANNELS=written)


def test_teams_channels_without_teams_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "TEAMS_CLIENT_ID" in refusal(monkeypatch, SNS_CHECK_TEAMS_CHANNELS="19:a@thread.tacv2")


def test_supervisors_are_ids_of_slack_and_of_entra(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SNS_CHECK_SUPERVISORS=f"U012AB3CD,S012AB3CD,{TENANT.upper()}")
    assert settings.slack_supervisors == {"U012AB3CD", "S012AB3CD"}
    assert settings.teams_supervisors == {TENANT.lower()}
