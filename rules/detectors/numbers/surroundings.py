"""What is said around a number decides what it is: samples are nobody's, and a word says which kind it is of."""

from __future__ import annotations

import re

_REACH = 30
"""Code points on each side that are taken for what is said of a number."""
_SAMPLE = re.compile(r"見本|サンプル|図柄|ご当地|架空|(?:記入|記載|入力)例|動作確認|試験用|テスト|ダミー")


def says(words: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Tell whether one of ``words`` stands near."""
    return words.search(text, max(0, start - _REACH), min(len(text), end + _REACH)) is not None


def is_sample(text: str, start: int, end: int) -> bool:
    """Tell whether the number is said to be a sample (見本, 記入例)."""
    return says(_SAMPLE, text, start, end)
