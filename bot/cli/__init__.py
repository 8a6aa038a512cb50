"""The command ``sns-check``: streams, exit codes and errors. What each command does is in ``commands``.

Exit codes: 0 pass, 1 warn or block (``doctor``: something is wrong), 2 usage or input error, 3 the program itself
failed, 130 interrupted, 141 the reader of the output went away.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

import bot
import rules
from bot.cli import japanese
from bot.cli.commands import sns_check
from bot.cli.drafts import UnusableError
from bot.cli.terminal import harmless
from bot.settings import SettingsError
from rules import RulesError

__all__ = ["main"]

_OURS = tuple(str(Path(package.__file__).parent) for package in (bot, rules) if package.__file__)
USAGE, FAILED, INTERRUPTED, PIPE_CLOSED = 2, 3, 130, 141


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit the process with its code."""
    _speak_utf8()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        code = PIPE_CLOSED
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        # Not sns_check.main(): that answers a closed pipe with 1, which says here that a draft has findings.
        words = sys.argv[1:] if arguments is None else arguments
        with sns_check.make_context("sns-check", list(words)) as context:
            return sns_check.invoke(context) or 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.UsageError as error:
        return _refuse(japanese.usage_error(error))
    except (UnusableError, RulesError, SettingsError) as error:
        return _refuse(f"エラー：{error}")
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - said by kind and place only: its message may hold words of a draft
        _refuse(_confession(error))
        return FAILED


def _refuse(sentences: str) -> int:
    # In a locale that is not UTF-8, names of files arrive with their bytes escaped.
    readable = sentences.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    print(harmless(readable), file=sys.stderr)  # noqa: T201 - this is a command
    return USAGE


def _confession(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    frame = next((frame for frame in reversed(frames) if frame.filename.startswith(_OURS)), frames[-1])
    where = f"{type(error).__qualname__}、{frame.filename} {frame.lineno}行目"
    return (
        f"エラー：プログラムの不具合で続けられませんでした（{where}）。"
        "開発者にこの行をそのままお知らせください。下書きの内容は含まれていません。"
    )


def _speak_utf8() -> None:
    """Whatever the locale says: drafts are Japanese. Nothing that cannot be encoded may stop an error message."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _forget_stdout() -> None:
    """Point standard output nowhere, so that the interpreter does not stumble over it again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
