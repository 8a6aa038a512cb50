"""The ways in which people write digits, and numbers in groups of digits."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def grouped_writings(*groups: str) -> Iterator[str]:
    """A number's groups put together in every way, and in every kind of figures."""
    hyphened = "-".join(groups)
    for written in ("".join(groups), hyphened, " ".join(groups), "ー".join(groups), "・".join(groups)):
        yield written
        yield written.translate(FULL_WIDTH)
    yield hyphened.translate(CIRCLED)
    yield hyphened.translate(KANJI)
    yield "".join(groups).translate(KANJI)
    yield " ".join("".join(groups))
