"""Print the scores of labelled files: ``make judge LABELED="a.jsonl b.jsonl" WORST=20``."""

from __future__ import annotations

import argparse
from pathlib import Path

from rules import Reviewer
from tests.judgement.judging import FILES, Score, judge, read


def main() -> None:
    """Judge each file and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=FILES)
    parser.add_argument("--worst", type=int, default=0, help="print this many misses and alarms, too")
    arguments = parser.parse_args()
    reviewer = Reviewer.load("chiba")
    for path in arguments.files:
        show(path.name, judge(read(path), reviewer), arguments.worst)


def show(name: str, score: Score, worst: int) -> None:
    """Print one file's score."""
    for key, counts in sorted(score.by.items()):
        print(f"{key:40} {counts[True]:4}/{counts.total():<4}")
    for case, group in score.misses[:worst]:
        print(f"MISS  {case.id} {case.kind} {'/'.join(sorted(group))}\t{case.text!r}")
    for case, finding in score.alarms[:worst]:
        print(f"ALARM {case.id} {case.kind} {finding.rule} 「{finding.quote}」\t{case.text!r}")
    print(
        f"{name}: recall {score.recall:.1%} ({score.met}/{score.groups})  precision {score.precision:.1%}"
        f"  clean drafts alarmed {score.clean_alarmed:.1%} ({score.alarmed}/{score.clean})"
    )


if __name__ == "__main__":
    main()
