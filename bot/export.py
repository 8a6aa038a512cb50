"""The record of drafts as a table for a spreadsheet: CSV that Excel opens as it is. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from bot.desk import JAPAN, Place, Record
from bot.desk.words import DECISION, STATE
from rules import Finding, Level, Verdict

MAX_CELL: Final = 32_767
"""Characters that Excel takes in a cell; more would spill into the next ones."""

CUT: Final = "…（以下省略）"

HEADS: Final = (
    "スレッド",
    "状態",
    "版",
    "書いた人",
    "受け付けた日時",
    "ガイドライン",
    "判定",
    "発信禁止",
    "要確認",
    "参考",
    "条項",
    "指摘",
    "判断",
    "判断した人",
    "判断した日時",
    "コメント",
    "本文",
)

_VERDICT: Final = {Verdict.BLOCK: "発信禁止", Verdict.WARN: "要確認", Verdict.PASS: "指摘なし"}
_NOT_READ: Final = "確認できませんでした"
_RETRACTED: Final = "{}（取り消し）"
_WHOLE_DRAFT: Final = "（下書き全体）"

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def csv_of(
    records: Iterable[Record],
    *,
    link: Callable[[Place], str] = lambda place: place.key,
    name: Callable[[str], str] = str,
) -> bytes:
    """Return the table: UTF-8 with BOM, CRLF, every cell quoted, none that a spreadsheet would take for a formula.

    ``link`` gives a draft's address, ``name`` what to call a user's id.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADS)
    for record in records:
        writer.writerow(cell(value) for value in _row(record, link, name))
    return table.getvalue().encode("utf-8-sig")


def jsonl_of(records: Iterable[Record], *, link: Callable[[Place], str] = lambda place: place.key) -> bytes:
    """Return the same table as JSON, one object a line, whose values are as they were written."""
    lines = (json.dumps(dict(zip(HEADS, _row(record, link, str), strict=True))) for record in records)
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def cell(value: str | int) -> str:
    """Return a value as it may stand in a cell: harmless, storable, and no longer than Excel takes.

    A text that starts like a formula, also in full width or behind white space, gets an apostrophe before it, which
    spreadsheets take for 「this is text」.
    """
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(value))
    if _starts_formula(text):
        text = "'" + text
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - len(CUT)] + CUT


def _starts_formula(text: str) -> bool:
    if text.startswith(("\t", "\r", "\n")):
        return True
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return first.startswith(("=", "+", "-", "@"))


def _row(record: Record, link: Callable[[Place], str], name: Callable[[str], str]) -> tuple[str | int, ...]:
    levels = Counter(finding.level for finding in record.findings)
    decision = record.decision
    return (
        link(record.place),
        STATE[record.state],
        _RETRACTED.format(record.number) if record.retracted else record.number,
        name(record.author),
        _time(record.received_at),
        record.guideline,
        _VERDICT[record.verdict] if record.verdict else _NOT_READ,
        levels[Level.BLOCK],
        levels[Level.WARN],
        levels[Level.NOTE],
        "・".join(dict.fromkeys(clause for finding in record.findings for clause in finding.clauses)),
        "\n".join(_finding(finding) for finding in record.findings),
        DECISION[decision.kind] if decision else "",
        name(decision.actor) if decision else "",
        _time(decision.at) if decision else "",
        decision.comment if decision else "",
        record.text,
    )


def _finding(finding: Finding) -> str:
    where = f"「{finding.quote}」" if finding.quote else _WHOLE_DRAFT
    return f"{where}{finding.message}"


def _time(moment: datetime) -> str:
    return moment.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")
