"""Fixtures that tests of several parts share."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.slack import SlackDouble


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    """A Slack workspace of one test."""
    async with SlackDouble() as double:
        yield double


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--regenerate``: what is shown has changed on purpose."""
    parser.addoption("--regenerate", action="store_true", help="write golden files anew instead of comparing with them")


Golden = Callable[[str, Any], None]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """``golden("name", value)`` compares JSON with ``golden/name.json`` beside the test, which reviewers read."""
    folder = Path(request.path).parent / "golden"

    def compare(name: str, value: Any) -> None:
        file = folder / f"{name}.json"
        shown = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        if request.config.getoption("--regenerate"):
            folder.mkdir(exist_ok=True)
            file.write_text(shown, encoding="utf-8")
        assert shown == file.read_text(encoding="utf-8"), "if this is meant, run with --regenerate"

    return compare
