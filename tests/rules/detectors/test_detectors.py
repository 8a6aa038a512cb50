"""What holds for every detector: facts as promised, linear time, nothing to do on ordinary posts."""

from __future__ import annotations

import time

import pytest

from rules.detectors import DETECTORS, Detector
from tests.rules.detectors.reading import find

LENGTH = 40_000
HARD = {
    "digits": "1",
    "spaced digits": "1 ",
    "days": "1日",
    "dates": "12月5日(日)",
    "dates in one sentence": "12月13日(土)、",
    "open brackets": "12月5日(",
    "slashes": "12/5/",
    "dots": "a.",
    "hosts": "a.jp ",
    "links": "http://a.jp/",
    "schemes": "http:",
    "letters": "a",
    "Cyrillic": "а",
    "at signs": "a@",
    "hyphens": "0-",
    "telephones": "090-1234-5678 ",
    "passwords": "パスワード",
    "passwords and values": "password:",
    "spaced passwords": "パ ス ",
    "names and lots": "1-1の山",
    "kanji": "山",
    "kanji digits": "一",
    "years": "令和",
    "times": "10:00~",
    "leap days": "2月29日来年のその日",
    "My Number": "1234 5678 9018 マイナ",
    "PIN": "暗証番号",
    "brackets": "(",
}


def test_names_are_unique_and_every_check_bears_its_detectors_name() -> None:
    checks = [check for detector in DETECTORS for check in detector.checks]
    assert len(set(checks)) == len(checks)
    assert all(check.startswith(f"{detector.name}.") for detector in DETECTORS for check in detector.checks)


def seconds(detector: Detector, text: str) -> float:
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        find(detector, text)
        best = min(best, time.process_time() - begin)
    return best


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
@pytest.mark.parametrize("name", HARD)
def test_time_is_linear_on_hard_texts(detector: Detector, name: str) -> None:
    """Four times the text may take four times the time and some noise, not sixteen times."""
    piece = HARD[name]
    whole = (piece * LENGTH)[:LENGTH]
    quarter, full = seconds(detector, whole[: LENGTH // 4]), seconds(detector, whole)
    assert full < 8 * quarter + 0.05


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_a_post_without_figures_or_addresses_stops_at_the_gate(detector: Detector) -> None:
    text = "本日は風が強くなっています。落ち葉やごみは側溝に掃き込まず、袋に入れて集積所へお出しください。"
    assert detector.gate.search(text) is None
