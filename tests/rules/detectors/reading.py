"""How the detectors' tests read a draft: as the reviewer does, with spans mapped back to the author's text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from rules.detectors import Detector
from rules.draft import Draft
from rules.text import see

TODAY = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class Found:
    """A detection as its reader meets it: the check, the author's own words, and the facts."""

    check: str
    quote: str
    facts: Mapping[str, str]


def find(detector: Detector, text: str, today: date = TODAY, own_hosts: Collection[str] = ()) -> list[Found]:
    view = see(text)
    draft = Draft(view.text, today, own_hosts)
    if not detector.gate.search(draft.text):
        return []
    found = []
    for detection in detector.find(draft):
        start, end = view.origin(detection.start, detection.end)
        found.append(Found(detection.check, text[start:end], detection.facts))
        assert detection.facts.keys() == detector.checks[detection.check]
    return found


def quotes(detector: Detector, check: str, text: str, today: date = TODAY) -> list[str]:
    return [found.quote for found in find(detector, text, today) if found.check == check]
