"""What the container image promises, as far as it can be told without a container engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from tests.bot.process import DEADLINE, serving
from tests.deploy.tools import run

ROOT = Path(__file__).parent.parent
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
"""One instruction a line."""

CLOSED = "9"
"""The port of the discard service, where nothing listens."""


def instructions(name: str) -> list[str]:
    return re.findall(rf"^\s*{name}\s+(.+)$", DOCKERFILE, re.MULTILINE)


def probe(port: str, **environment: str) -> int:
    """Run the image's health check as the engine would, and return its exit code."""
    (check,) = instructions("HEALTHCHECK")
    _python, *arguments = json.loads(check.partition("CMD")[2])
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *arguments],
        env=os.environ | environment | {"SNS_CHECK_PORT": port},
        stderr=subprocess.DEVNULL,
        timeout=DEADLINE,
        check=False,
    ).returncode


@pytest.mark.parametrize("proxy", ["", f"http://127.0.0.1:{CLOSED}"])
def test_a_serving_bot_is_healthy_whatever_the_proxy(tmp_path: Path, proxy: str) -> None:
    with serving(tmp_path) as served:
        port = str(httpx.URL(served.address).port)
        assert probe(port, HTTP_PROXY=proxy, http_proxy=proxy, NO_PROXY="", no_proxy="") == 0


def test_nobody_listening_is_unhealthy() -> None:
    assert probe(CLOSED) == 1


def test_what_is_copied_is_let_through_by_dockerignore_and_is_what_the_wheel_needs() -> None:
    copied = {source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]}
    let_through = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"], *packages} <= copied


def test_whatever_is_fetched_is_checked_against_a_lock() -> None:
    installs = [command for line in instructions("RUN") for command in line.split("&&") if "install --" in command]
    fetching = [command for command in installs if "/pip" in command and "--no-index" not in command]
    assert len(fetching) == 2
    assert all("--require-hashes" in command and ".lock" in command for command in fetching)


def test_hadolint_is_content() -> None:
    run("hadolint", "Dockerfile")


def test_it_says_what_it_is_and_make_fills_it_in() -> None:
    label = " ".join(instructions("LABEL"))
    for name in ("title", "description", "licenses", "version", "revision"):
        assert f"org.opencontainers.image.{name}=" in label
    arguments = re.findall(r'="\$\{(\w+)\}"', label)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert arguments == ["VERSION", "REVISION"]
    assert all(f"--build-arg {argument}=" in makefile for argument in arguments)


def test_the_bot_runs_as_the_owner_of_its_data() -> None:
    (user,) = instructions("USER")
    uid, gid = user.split(":")
    (account,) = (line for line in instructions("RUN") if "useradd" in line)
    assert int(uid) >= 10000
    assert f"--uid {uid} --gid {gid}" in account
    assert f"groupadd --gid {gid} " in account
    (data,) = instructions("VOLUME")
    assert account.endswith(data)
    assert f"SNS_CHECK_DATA_DIR={data}" in DOCKERFILE
