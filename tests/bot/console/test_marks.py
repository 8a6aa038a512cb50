"""Marks: nothing of the draft is lost or moved, whatever overlaps and whatever cannot be seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.console.marks import Piece, pieces, without_hidden
from rules import Finding, Level, Topic


def finding(text: str, start: int, end: int, level: Level = Level.WARN) -> Finding:
    return Finding("rule", Topic.CONDUCT, level, ("4(4)",), start, end, text[start:end], "理由", "直し方")


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    text = draw(st.text(alphabet="あいう亜x \n\t\u200b\u202e\u200d👩\0", max_size=20))
    spans = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=6))
    levels = st.sampled_from(list(Level))
    return text, [finding(text, min(span), max(span), draw(levels)) for span in spans]


@given(marked_texts())
def test_every_character_comes_out_once_and_tells_who_covers_it(marked: tuple[str, list[Finding]]) -> None:
    text, findings = marked
    cut = pieces(text, findings)
    assert "".join(piece.text for piece in cut) == text
    position = 0
    for piece in cut:
        for at in range(position, position + len(piece.text)):
            covering = {number for number, each in enumerate(findings, 1) if each.start <= at < each.end}
            assert set(piece.numbers) == covering
        position += len(piece.text)


@given(marked_texts())
def test_every_finding_with_words_starts_once_and_ends_once(marked: tuple[str, list[Finding]]) -> None:
    text, findings = marked
    cut = pieces(text, findings)
    with_words = [number for number, each in enumerate(findings, 1) if each.start < each.end]
    assert sorted(number for piece in cut for number in piece.starts) == with_words
    assert sorted(number for piece in cut for number in piece.ends) == with_words


def test_overlapping_words_show_the_weightier_finding() -> None:
    text = "一二三四"
    warn, block = finding(text, 0, 3), finding(text, 2, 4, Level.BLOCK)
    assert pieces(text, [warn, block]) == (
        Piece("一二", (1,), Level.WARN, starts=(1,)),
        Piece("三", (2, 1), Level.BLOCK, starts=(2,), ends=(1,)),
        Piece("四", (2,), Level.BLOCK, ends=(2,)),
    )


def test_of_nested_words_with_one_level_the_inner_ones_come_first() -> None:
    text = "一二三"
    assert pieces(text, [finding(text, 0, 3), finding(text, 1, 2)])[1].numbers == (2, 1)


def test_what_cannot_be_seen_is_named_and_a_run_of_it_once() -> None:
    cut = pieces("あ\u200b\u200b\u202eい\0", [])
    assert [piece.hidden for piece in cut] == [None, "U+200B ×2", "U+202E", None, "U+0000"]


def test_the_joints_of_an_emoji_are_no_disguise_but_those_in_a_word_are() -> None:
    assert [piece.hidden for piece in pieces("👩\u200d💻", [])] == [None]
    assert [piece.hidden for piece in pieces("無\u200d能", [])] == [None, "U+200D", None]


def test_line_ends_are_ordinary() -> None:
    assert pieces("一\n二\t三", []) == (Piece("一\n二\t三"),)


def test_hidden_characters_can_be_left_out() -> None:
    assert without_hidden("無\u200b能\u202e") == "無能"
