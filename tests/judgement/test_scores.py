"""The rule set may get better on our own labelled drafts, and not worse; ``docs/judgement.md`` tells what they are."""

from pathlib import Path

import pytest

from rules import Reviewer
from tests.judgement.judging import judge, read

HERE = Path(__file__).parent
SLACK = 0.04
"""How far a score may rise above its floor before the floor has to follow."""

FLOORS = {  # file: recall, precision, share of clean drafts without an alarm
    "a.jsonl": (0.8, 0.97, 0.97),
    "b.jsonl": (0.78, 0.98, 0.98),
    "c.jsonl": (0.0, 0.0, 0.98),
    "d.jsonl": (0.83, 0.98, 0.98),
    "e.jsonl": (0.84, 0.96, 0.97),
    "f.jsonl": (0.83, 0.95, 0.96),
    "g.jsonl": (0.82, 0.97, 0.97),
    "h.jsonl": (0.88, 0.96, 0.98),
    "harmless.jsonl": (0.0, 0.0, 0.95),
    "i.jsonl": (0.34, 0.74, 0.94),
    "j.jsonl": (0.89, 0.98, 0.98),
    "k.jsonl": (0.53, 0.88, 0.94),
}


@pytest.mark.parametrize("name", FLOORS)
def test_scores_only_ratchet_up(name: str) -> None:
    score = judge(read(HERE / name), Reviewer.load("chiba"))
    for reached, floor in zip((score.recall, score.precision, 1 - score.clean_alarmed), FLOORS[name], strict=True):
        assert reached >= floor
        assert reached < floor + SLACK, "raise the floor"


def test_every_labelled_file_has_a_floor() -> None:
    assert {path.name for path in HERE.glob("*.jsonl")} == set(FLOORS)
