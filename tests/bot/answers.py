"""Findings and answers of a made-up town, from which tests of cards put together what a card has to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.compare import compare
from bot.desk import NOTHING_ATTACHED, Answer, DraftState
from rules.guideline import Clause, Guideline
from rules.model import Finding, Level, Review, Topic, Versions

VERSIONS = Versions(guideline="midori 1", rules="2026.11+3f9c2ab1", dictionary="SudachiPy 0.7.0 / core 20261015")
GUIDELINE = Guideline(
    id="midori",
    municipality="みどり市",
    name="みどり市ソーシャルメディア運用の手引き",
    edition="1",
    source="",
    clauses=(
        Clause("4(4)", "発信する内容は正しく書きます。"),
        Clause("4(6)①", "人をおとしめる言い方を含む情報"),
        Clause("5", "", heading="市政についての発信"),
    ),
    topics={},
)


def finding(
    quote: str = "無能", level: Level = Level.BLOCK, clauses: Sequence[str] = ("4(6)①",), start: int = 0, **fields: Any
) -> Finding:
    return Finding(
        **{
            "rule": "insult.ability",
            "topic": Topic.INSULT,
            "level": level,
            "clauses": tuple(clauses),
            "start": start,
            "end": start + len(quote),
            "quote": quote,
            "message": "能力を否定する言い方です。",
            "suggestion": "事実だけを書く：「説明が足りませんでした」",
            **fields,
        }
    )


def review(*findings: Finding) -> Review:
    return Review(findings, VERSIONS)


def answered(now: Review | None, before: Review | None = None, **fields: Any) -> Answer:
    """Return the answer to a version that was reviewed so; ``fields`` say at least where, and who wrote it."""
    return Answer(
        **{
            "number": 1,
            "text": "",
            "withheld": False,
            "guideline": GUIDELINE,
            "whole": now,
            "review": now,
            "allowed": (),
            "unreadable": None,
            "attached": NOTHING_ATTACHED,
            "reattached": False,
            "comparison": compare(before, now) if before and now else None,
            "receipt": None,
            "superseded": (),
            "state": DraftState.WAITING,
            "decision": None,
            "disputes": (),
            "outdated": False,
            "unchanged": False,
            **fields,
        }
    )


DATE = finding(
    "12月5日（日）",
    Level.WARN,
    ["4(4)"],
    start=20,
    rule="accuracy.weekday",
    topic=Topic.ACCURACY,
    message="2026年12月5日は土曜日です。",
    suggestion="「12月5日（土）」",
)
ADVICE = finding("ヤバい", Level.NOTE, ["5"], start=10, message="くだけた言い方です。", suggestion="")
