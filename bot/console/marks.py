"""Marks the findings' words in a draft. Pure: text and findings in, pieces out, every character once and in order.

Findings may nest and overlap, so the text is cut wherever one starts or ends. Characters that no reader sees, or that
change how their neighbours are shown, become pieces of their own with a name: what disguises a draft must not disguise
it here as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rules import Finding, Level

_WEIGHT = {Level.BLOCK: 3, Level.WARN: 2, Level.NOTE: 1}
_JOINER = "\N{ZERO WIDTH JOINER}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the draft that is shown in one way.

    ``numbers`` are the findings that cover it, from 1, the weightiest and then the shortest first; ``level`` is that of
    the first. ``starts`` and ``ends`` are those of them whose words start and end with it. ``hidden`` names what cannot
    be seen (``U+200B``, or ``U+200B ×12`` for a run); it is ``None`` for ordinary text.
    """

    text: str
    numbers: tuple[int, ...] = ()
    level: Level | None = None
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    hidden: str | None = None


def pieces(text: str, findings: Sequence[Finding]) -> tuple[Piece, ...]:
    """Cut ``text`` into pieces that tell which of ``findings``, which belong to this very text, cover them."""
    cuts = {0, len(text)}.union(_edges_of_hidden_runs(text), *((finding.start, finding.end) for finding in findings))
    return tuple(
        Piece(
            text=text[start:end],
            numbers=numbers,
            level=findings[numbers[0] - 1].level if numbers else None,
            starts=tuple(sorted(number for number in numbers if findings[number - 1].start == start)),
            ends=tuple(sorted(number for number in numbers if findings[number - 1].end == end)),
            hidden=_name(text[start:end]) if _is_hidden(text, start) else None,
        )
        for start, end, numbers in _coverage(sorted(cuts), findings)
    )


def without_hidden(text: str) -> str:
    """Return the text with nothing in it that a reader cannot see, for places too small to name such characters."""
    return "".join(character for index, character in enumerate(text) if not _is_hidden(text, index))


def _coverage(cuts: Iterable[int], findings: Sequence[Finding]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Every span between two cuts with the numbers of the findings over it, in one sweep from left to right."""
    with_words = [entry for entry in enumerate(findings, start=1) if entry[1].start < entry[1].end]
    waiting = sorted(with_words, key=lambda entry: entry[1].start, reverse=True)
    current: dict[int, Finding] = {}
    for start, end in pairwise(cuts):
        current = {number: finding for number, finding in current.items() if finding.end > start}
        while waiting and waiting[-1][1].start <= start:
            number, finding = waiting.pop()
            current[number] = finding
        yield start, end, tuple(sorted(current, key=lambda number: _precedence(current[number])))


def _precedence(finding: Finding) -> tuple[int, int, int]:
    return -_WEIGHT[finding.level], finding.end - finding.start, finding.start


def _edges_of_hidden_runs(text: str) -> Iterator[int]:
    """Where a run of one hidden character starts or ends: a thousand of them in a row are one thing to show."""
    previous = None
    for index, character in enumerate(text):
        hidden = character if _is_hidden(text, index) else None
        if hidden != previous:
            yield index
        previous = hidden


def _is_hidden(text: str, index: int) -> bool:
    character = text[index]
    if character == _JOINER:  # joins the parts of one emoji, and is a disguise anywhere else
        return index == 0 or unicodedata.category(text[index - 1]) not in {"So", "Sk", "Mn"}
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}


def _name(run: str) -> str:
    code = f"U+{ord(run[0]):04X}"
    return code if len(run) == 1 else f"{code} ×{len(run)}"
