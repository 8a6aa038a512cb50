"""Who is meant: private persons that a few facts single out.

A name alone singles out nobody. A pupil's name with school and class does, a name with somebody's home does, a
half-hidden name (伏せ字: 田◯さん) does for all who know the neighbourhood, and enough circumstances do without any
name. What is told of them is for the rules' word classes to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Detector, any_of
from rules.detectors.persons import bare_names, circumstances, masked, pupils, relatives, residents
from rules.detectors.persons.names import TITLED
from rules.draft import Detection, Draft

__all__ = ["DETECTOR"]

_NAMING = (pupils.SIGN, residents.SIGN, relatives.SIGN)
_GATE = any_of(*_NAMING, masked.SIGN, *circumstances.SIGNS, *bare_names.SIGNS)
_NAMES_A_PERSON = any_of(*_NAMING)
_TELLS_OF_A_PLIGHT = any_of(*bare_names.SIGNS)
_TELLS_OF_A_PERSON = any_of(*circumstances.SIGNS)


def _find(draft: Draft) -> Iterator[Detection]:
    if _NAMES_A_PERSON.search(draft.text):
        for title in TITLED.finditer(draft.text):
            yield from _named(draft, title)
    yield from masked.find_masked(draft)
    if _TELLS_OF_A_PLIGHT.search(draft.text):
        yield from bare_names.find_bare_names(draft)
    if _TELLS_OF_A_PERSON.search(draft.text):
        yield from circumstances.find_stand_ins(draft)
        yield from circumstances.find_named(draft)
        yield from circumstances.find_singled_out(draft)


def _named(draft: Draft, title: re.Match[str]) -> Iterator[Detection]:
    pupil = next(pupils.find_pupil(draft, title), None)
    if pupil is not None:
        yield pupil
        return
    yield from residents.find_resident(draft, title)
    yield from relatives.find_relative(draft, title)


_KNOWN = frozenset({"known"})

DETECTOR = Detector(
    name="persons",
    checks={
        "persons.pupil": _KNOWN,
        "persons.resident": frozenset(),
        "persons.worker": frozenset(),
        "persons.relative": frozenset({"relation"}),
        "persons.masked": frozenset(),
        "persons.bare_name": frozenset({"plight"}),
        "persons.stand_in": _KNOWN,
        "persons.stand_in_hint": _KNOWN,
        "persons.named_facts": _KNOWN,
        "persons.singled_out": _KNOWN,
    },
    gate=_GATE,
    find=_find,
)
