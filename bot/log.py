"""Logging: one line an event on stderr, for people at a terminal and in JSON anywhere else.

No draft text and no secret reaches a log. Our own modules see to that line by line. Libraries do not know what is
confidential: some print whole payloads, and an exception's message may quote what it choked on. So of a library's line
only its origin is kept, unless it is one of those known to speak about nothing but themselves, and of an exception its
kind and place.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.faults import describe

log: Final = structlog.get_logger(__name__)

_SPEAK_OF_THEMSELVES: Final = frozenset({"uvicorn.error", "alembic.runtime.migration"})
_OURS: Final = frozenset({"bot", "rules"})


def configure(level: str, form: Literal["auto", "json", "console"] = "auto", stream: TextIO | None = None) -> None:
    """Send all logging of this process to ``stream`` (stderr) from ``level`` (``"debug"``, …) upwards.

    ``form`` ``auto`` is ``console`` at a terminal, else ``json``. Libraries are heard from WARNING upwards, whatever
    the level. What nobody caught is logged like any other error from here on, instead of with its traceback.
    """
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _withhold_exception,
    ]
    for_people = form == "console" or (form == "auto" and stream.isatty())
    renderer = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty())
        if for_people
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(stream)
    handler.addFilter(_worth_hearing)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _withhold_foreign_words],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    logging.captureWarnings(capture=True)
    heard = logging.getLevelNamesMapping()[level.upper()]
    # At the source, since a line costs as much when nobody hears it: the driver of SQLite says five a query.
    logging.basicConfig(handlers=[handler], level=max(heard, logging.WARNING), force=True)
    for ours in _OURS:
        logging.getLogger(ours).setLevel(heard)
    sys.excepthook = _log_crash
    threading.excepthook = _log_thread_crash
    sys.unraisablehook = _log_unraisable


def _log_crash(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """Log what ends the process. A traceback would print the error's text and the lines of code around."""
    if not isinstance(error, KeyboardInterrupt):
        log.critical("crashed", **describe(error))


def _log_thread_crash(hooked: threading.ExceptHookArgs) -> None:
    if hooked.exc_value is not None:
        log.critical("thread_crashed", **describe(hooked.exc_value))


def _log_unraisable(hooked: sys.UnraisableHookArgs) -> None:
    """Log an error from where none can be raised (a finalizer). What it arose in may print as anything."""
    if hooked.exc_value is not None:
        log.error("unraisable", **describe(hooked.exc_value))


def _worth_hearing(record: logging.LogRecord) -> bool:
    return _is_ours(record.name) or record.levelno >= logging.WARNING


def _is_ours(logger: str) -> bool:
    return logger.partition(".")[0] in _OURS


def _withhold_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by what may be said of it."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event.update(describe(error))
    return event


def _withhold_foreign_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace a library's words, which may quote a payload, by where in its code they were said."""
    record = event["_record"]
    if record.name in _SPEAK_OF_THEMSELVES:
        return event
    event["event"] = "library_message"
    event["said_at"] = f"{record.module}:{record.lineno}"
    return event
