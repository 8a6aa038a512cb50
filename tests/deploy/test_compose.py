"""deploy/compose.yaml: the bot with its own PostgreSQL on one machine."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from tests.deploy.tools import DEPLOY, ROOT, run

COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
BOT: dict[str, Any] = COMPOSE["services"]["bot"]
DATABASE: dict[str, Any] = COMPOSE["services"]["database"]


def test_it_is_what_compose_reads() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


@pytest.mark.parametrize("service", [BOT, DATABASE], ids=["bot", "database"])
def test_nothing_may_do_more_than_it_has_to(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert "ports" not in service


def test_every_secret_is_a_file_and_every_file_is_used() -> None:
    variables = {**BOT["environment"], **DATABASE["environment"]}
    named = {path.rpartition("/")[2] for name, path in variables.items() if name.endswith("_FILE")}
    assert named == set(BOT["secrets"]) | set(DATABASE["secrets"]) == COMPOSE["secrets"].keys()
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"deploy/secrets/", "deploy/sns-check.env"} <= set(ignored)
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())


def test_it_sets_what_the_bot_reads() -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert {name.removesuffix("_FILE") for name in BOT["environment"]} <= known
    example = (DEPLOY / "sns-check.env.example").read_text(encoding="utf-8")
    told = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert told - {"HTTPS_PROXY", "NO_PROXY"} <= known


def test_the_bot_waits_for_its_database_and_is_let_finish() -> None:
    assert BOT["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert DATABASE["healthcheck"]["test"][1] == "pg_isready"
    grace = re.fullmatch(r"(\d+)s", BOT["stop_grace_period"])
    assert grace
    assert int(grace[1]) > Settings.model_fields["drain_seconds"].default


def test_the_database_is_reached_by_the_bot_alone() -> None:
    assert DATABASE["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
