"""deploy/systemd: the service of one machine."""

from __future__ import annotations

import re
import subprocess

from bot.settings import Settings
from tests.deploy.tools import DEPLOY, SECONDS, find, run

UNIT = DEPLOY / "systemd" / "sns-check.service"
TEXT = UNIT.read_text(encoding="utf-8")
EXPOSURE = 15
"""Tenths; systemd calls everything up to 40 "OK"."""


def values(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", TEXT, re.MULTILINE)


def test_systemd_understands_it() -> None:
    done = subprocess.run(  # noqa: S603 - our own arguments
        [find("systemd-analyze"), "verify", UNIT], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "sns-check is not executable" not in line]
    assert [line for line in complaints if "sns-check.service" in line] == []


def test_it_is_as_closed_as_systemd_can_make_it() -> None:
    said = run("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", UNIT)
    assert "Overall exposure level" in said


def test_it_hands_over_what_the_bot_reads() -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    credentials = {value.partition(":")[0] for value in values("LoadCredential")}
    assert credentials == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"} <= known
    assert values("Environment")[0].startswith("SNS_CHECK_DATA_DIR=%S/")


def test_the_bot_is_let_finish_and_is_not_started_again_with_settings_that_are_wrong() -> None:
    assert int(values("TimeoutStopSec")[0]) > Settings.model_fields["drain_seconds"].default
    assert values("RestartPreventExitStatus") == ["2"]
