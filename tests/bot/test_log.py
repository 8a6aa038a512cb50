"""Logging: what happened can be read, what was written in a draft cannot."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import log as logs
from bot.history.database import connect

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


@pytest.fixture(autouse=True)
def hooks() -> Iterator[None]:
    """Put back what is called when nobody catches an error."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


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


def test_what_ends_the_process_is_told_by_kind_and_place_only(stream: io.StringIO) -> None:
    try:
        int(SECRET)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    (line,) = lines(stream)
    assert (line["event"], line["level"], line["error"]) == ("crashed", "critical", "ValueError")
    assert "test_log.py" in line["where"]
    assert SECRET not in stream.getvalue()


def test_an_interruption_is_no_crash(stream: io.StringIO) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert stream.getvalue() == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_breaks_is_told_by_kind_and_place_only(stream: io.StringIO) -> None:
    def broken() -> None:
        raise LookupError(SECRET)

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    assert lines(stream)[0]["event"] == "thread_crashed"
    assert SECRET not in stream.getvalue()


def test_what_breaks_where_nobody_can_catch_it_is_told_by_kind_only(stream: io.StringIO) -> None:
    class Broken:
        def __repr__(self) -> str:
            return SECRET

        def __del__(self) -> None:
            raise LookupError(SECRET)

    Broken()
    gc.collect()
    assert (lines(stream)[0]["event"], lines(stream)[0]["error"]) == ("unraisable", "LookupError")
    assert SECRET not in stream.getvalue()


async def test_a_task_that_nobody_waits_for_is_told_without_its_words(stream: io.StringIO) -> None:
    async def broken() -> None:
        raise LookupError(SECRET)

    task = asyncio.create_task(broken())
    await asyncio.wait([task])
    del task
    gc.collect()
    assert lines(stream)[0]["logger"] == "asyncio"
    assert SECRET not in stream.getvalue()


async def test_a_statement_that_fails_hides_what_it_was_given(stream: io.StringIO, url: str) -> None:
    async with connect(url) as database, database.reading() as connection:
        try:
            await connection.execute(text("SELECT nothing FROM nowhere WHERE words = :words"), {"words": SECRET})
        except SQLAlchemyError:
            structlog.get_logger("bot.history").exception("statement_failed")
    assert SECRET not in stream.getvalue()


def test_lines_carry_what_they_are_about(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(item="slack/T1/C1/1.2"):
        structlog.get_logger("bot.desk").info("reviewed")
        logging.getLogger("slack_bolt").warning("something")
    structlog.get_logger("bot.desk").info("idle")
    assert [line.get("item") for line in lines(stream)] == ["slack/T1/C1/1.2", "slack/T1/C1/1.2", None]


@pytest.mark.parametrize(("form", "begins"), [("json", "{"), ("auto", "{"), ("console", "2")])
def test_the_format_is_as_asked_for(form: Literal["auto", "json", "console"], begins: str) -> None:
    written = io.StringIO()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logs.configure("info", form, written)
        structlog.get_logger("bot.serve").info("started")
    finally:
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
        logging.getLogger().handlers = handlers
        logging.getLogger().setLevel(level)
    assert written.getvalue().startswith(begins)
    assert "\x1b" not in written.getvalue()


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
