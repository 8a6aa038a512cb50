"""Logging: what happened can be read, what was written in a draft cannot."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import log as logs

SECRET = "まだ内緒の文章"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is logged during the test; the process's own logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    written = io.StringIO()
    logs.configure("debug", "auto", written)
    yield written
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_our_own_events_are_written_with_their_values(stream: io.StringIO) -> None:
    structlog.get_logger("bot.worker").info("item_done", item="slack/T1")
    (line,) = lines(stream)
    assert (line["event"], line["item"], line["level"], line["logger"]) == (
        "item_done", "slack/T1", "info", "bot.worker",
    )  # fmt: skip
    assert line["timestamp"].endswith("Z")


def test_an_exception_is_told_by_kind_and_place_only(stream: io.StringIO) -> None:
    try:
        int(SECRET)
    except ValueError:
        structlog.get_logger("bot.desk").exception("review_failed")
    (line,) = lines(stream)
    assert line["error"] == "ValueError"
    assert "test_log.py" in line["where"]
    assert SECRET not in stream.getvalue()


def test_a_library_is_told_by_its_place_only(stream: io.StringIO) -> None:
    logging.getLogger("slack_bolt.AsyncApp").warning("Unhandled request (%s)", {"text": SECRET})
    (line,) = lines(stream)
    assert (line["event"], line["logger"]) == ("library_message", "slack_bolt.AsyncApp")
    assert line["said_at"].startswith("test_log:")
    assert SECRET not in stream.getvalue()


def test_libraries_are_not_heard_below_warning(stream: io.StringIO) -> None:
    logging.getLogger("aiosqlite").debug("executing %s", SECRET)
    logging.getLogger("httpx").info("GET %s", SECRET)
    assert stream.getvalue() == ""


def test_a_library_that_speaks_of_itself_keeps_its_words(stream: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    assert lines(stream)[0]["event"] == "Invalid HTTP request received."


def test_the_words_of_a_warning_are_withheld(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(SECRET, stacklevel=1)
    assert lines(stream)[0]["logger"] == "py.warnings"
    assert SECRET not in stream.getvalue()


def test_a_terminal_gets_lines_for_people() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logs.configure("info", "auto", terminal)
        structlog.get_logger("bot.serve").info("started", address="http://127.0.0.1:8080")
    finally:
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
        logging.getLogger().handlers = handlers
        logging.getLogger().setLevel(level)
    assert "started" in terminal.getvalue()
    assert not terminal.getvalue().startswith("{")
