"""Drafts from files and standard input. What cannot be reviewed is refused with a sentence, before anything is done."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rules import MAX_TEXT, is_blank

STANDARD_INPUT = "-"


class UnusableError(Exception):
    """An input that cannot be used. ``str(error)`` is Japanese, names file and line, and holds nothing of a draft."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One text to review. ``today`` is None where the input does not say on which day it is read."""

    text: str
    id: Any = None
    """Whatever JSON value the input names it by."""
    today: date | None = None


def read_draft(file: str) -> Draft:
    """Read one draft from a text file in UTF-8, or from standard input for ``-``. Raises ``UnusableError``."""
    text = _read(file)
    if complaint := _complaint(text):
        raise UnusableError(f"{_name(file)}：{complaint}")
    return Draft(text)


def read_jsonl(file: str) -> tuple[Draft, ...]:
    """Read ``{"id", "text", "today"?}`` a line, all of them before the first is used. Raises ``UnusableError``."""
    return tuple(_lines(file))


def parse_day(text: str) -> date | None:
    """Read ``2026-11-21``; None if it is no day in that form."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if text == day.isoformat() else None  # 20261121 and 2026-W47-6 are ISO as well, and surprise people


def _lines(file: str) -> Iterator[Draft]:
    # Only "\n" ends a line: JSON may hold other line separators as they are.
    for number, line in enumerate(_read(file).split("\n"), 1):
        if not line.strip():
            continue
        draft = _entry(line)
        if isinstance(draft, str):
            raise UnusableError(f"{_name(file)} {number}行目：{draft}")
        yield draft


def _entry(line: str) -> Draft | str:
    """Make a draft of one line, or the sentence that says why it is none."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return 'JSONとして読めません。1行に1件、{"id": …, "text": …} の形で書いてください。'
    if not isinstance(entry, dict) or "id" not in entry or not isinstance(entry.get("text"), str):
        return '{"id": …, "text": "…"} の形になっていません。'
    if complaint := _complaint(entry["text"]):
        return complaint
    if (written := entry.get("today")) is None:
        return Draft(entry["text"], entry["id"])
    day = parse_day(written) if isinstance(written, str) else None
    return (
        Draft(entry["text"], entry["id"], day) if day else "today は 2026-11-21 のような実在する日付で書いてください。"
    )


def _read(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        sentence = "文字コードがUTF-8ではありません。UTF-8のテキストで保存し直してください。"
        raise UnusableError(f"{_name(file)} {line}行目：{sentence}") from None  # the cause holds the draft
    except FileNotFoundError:
        raise UnusableError(f"{file}：ファイルが見つかりません。") from None
    except IsADirectoryError:
        raise UnusableError(f"{file}：フォルダーです。ファイルを指定してください。") from None
    except PermissionError:
        raise UnusableError(f"{file}：ファイルを読む権限がありません。") from None
    except (OSError, ValueError):  # ValueError: a NUL in the name
        raise UnusableError(f"{_name(file)}：読めません。") from None


def _complaint(text: str) -> str | None:
    """Say why a text cannot be reviewed, if so."""
    if "\0" in text:
        return "NUL文字が含まれています。テキストファイルかどうかを確かめてください。"
    if any(unicodedata.category(character) == "Cs" for character in text):
        return "壊れた文字（サロゲートの片割れ）が含まれています。元の文章から写し直してください。"
    if is_blank(text):
        return "確認する文章がありません。"
    if len(text) > MAX_TEXT:
        return f"文章が長すぎます（{len(text):,}文字）。一度に確認できるのは{MAX_TEXT:,}文字までです。"
    return None


def _name(file: str) -> str:
    return "標準入力" if file == STANDARD_INPUT else file
