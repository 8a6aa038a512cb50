"""What a review costs in CPU time, measured side by side in one run.

    python -m benchmarks [POSTS.jsonl]

1. a whole review against bare Sudachi tokenization, on posts (by default the near misses of the rule book);
2. the same posts with ten times as many rules: the index must keep the time level;
3. drafts of 40,000 characters made to be hard, against ordinary text of that length.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sudachipy import Dictionary, SplitMode

from benchmarks.worst_cases import PIECES, WORST, longest
from rules import MAX_TEXT, Guideline, Reviewer
from rules.patterns import literals
from rules.rulebook import Rulebook

TODAY = date(2026, 11, 21)
ROUNDS = 5
COPIES = 10


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", nargs="?", type=Path, help="JSON lines with a text each")
    posts = read_posts(parser.parse_args().posts)
    reviewer = Reviewer.load("chiba")
    tokenizer = Dictionary(dict="core").tokenizer(mode=SplitMode.A)

    def read() -> object:
        return [reviewer.review(post, today=TODAY) for post in posts]

    count = len(posts)
    bare, review = side_by_side(lambda: [tokenizer.tokenize(post) for post in posts], read)
    print(f"{count} posts of {sum(map(len, posts)) / count:.0f} characters on average, {len(reviewer.rules)} rules")
    print(f"  bare tokenization       {bare / count * 1e6:8.0f} µs a post")
    print(f"  review                  {review / count * 1e6:8.0f} µs a post   {review / bare:.2f} × tokenization")
    # Made only now: where both are in memory, each of them takes longer.
    crowded = Reviewer(Guideline.load("chiba"), multiplied(Rulebook.load(), COPIES))
    review, many = side_by_side(read, lambda: [crowded.review(post, today=TODAY) for post in posts])
    print(
        f"  with {len(crowded.rules):5} rules        {many / count * 1e6:8.0f} µs a post   {many / review:.2f} × review"
    )
    hard(reviewer, posts)


def hard(reviewer: Reviewer, posts: Sequence[str]) -> None:
    """Print what hostile texts of the greatest length cost."""
    texts = [longest("\n".join(posts)), *map(longest, PIECES.values())]
    seconds = side_by_side(*(lambda text=text: reviewer.review(text, today=TODAY) for text in texts), rounds=3)
    taken = dict(zip(PIECES, seconds[1:], strict=True))
    print(f"{MAX_TEXT:,} characters of ordinary posts {seconds[0] * 1e3:.0f} ms; the hardest for each part:")
    for part, pieces in WORST.items():
        name = max(pieces, key=taken.__getitem__)
        print(f"  {part:18} {name:22} {taken[name] * 1e3:8.0f} ms   {taken[name] / seconds[0]:.2f} ×")


def read_posts(path: Path | None) -> list[str]:
    """Texts of a file of JSON lines, or of the rule book's near misses."""
    if path is None:
        return [example.text for rule in Rulebook.load().rules for example in rule.misses]
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines() if line.strip()]


def multiplied(book: Rulebook, times: int) -> Rulebook:
    """Give a rule book with copies of every rule and class: other names, and words that no post has."""
    rules, classes = list(book.rules), list(book.classes)
    for copy in range(1, times):
        names = {word_class.name: f"{word_class.name}.c{'x' * copy}" for word_class in book.classes}

        def renamed(line: str, names: dict[str, str] = names) -> str:
            return re.sub(r"@([a-z_.]+)", lambda found: f"@{names.get(found[1], found[1])}", line)

        classes += [
            dataclasses.replace(
                word_class,
                name=names[word_class.name],
                words=tuple(
                    renamed(w) if w.startswith("@") else w if w.startswith("<") else f"ヺ{copy}{w}"
                    for w in word_class.words
                ),
                exceptions=(),
            )
            for word_class in book.classes
        ]
        rules += [
            dataclasses.replace(
                rule,
                id=f"{rule.id}.c{copy}",
                when=tuple(renamed(line) for line in rule.when if not any(literals(line))),
                unless=tuple(map(renamed, rule.unless)),
            )
            for rule in book.rules
            if rule.when
        ]
    return dataclasses.replace(book, rules=tuple(rules), classes=tuple(classes))


def side_by_side(*actions: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds of CPU time of each action, the best of several rounds in which they take turns."""
    best = [float("inf")] * len(actions)
    for _ in range(rounds):
        for at, action in enumerate(actions):
            start = time.process_time()
            action()
            best[at] = min(best[at], time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
