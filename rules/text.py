"""The text that a reader would see: width unified, invisible characters dropped, disguises undone; spans mapped back.

A ``View`` is what everything else reads. Nothing is lost: ``View.origin`` says where a stretch of the view stands in
the author's text.

Two steps, each free when there is nothing to do:

1. ``_visible``: full width becomes half width, half-width kana full width, ㈰ becomes (日) (Unicode NFKC, character by
character), and characters
   that nobody sees are dropped. Circled digits, superscripts and fractions stay: ①10時 must not become 110時.
2. ``Disguises.undo``: words that were spelled to get past a filter (バ/カ, キ チ ガ イ, ガ◯ジ, バーーカ) are put back
together,
and only if what
   comes out is a word of the lexicon, so that 日 時 and 土・日 stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick, MatchKind


@dataclass(frozen=True, slots=True)
class View:
    """A text as its reader sees it.

    ``starts`` and ``ends`` give, for each code point of ``text``, the stretch of the author's text it comes from;
    ``None`` means that both
    texts correspond code point by code point.
    """

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Map a non-empty stretch of the view to the stretch of the author's text it stands for."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``text[start:end]`` of a view by ``replacement``."""

    start: int
    end: int
    replacement: str


def see(text: str) -> View:
    """Give the visible text in one width.

    Lone surrogates and NUL become U+FFFD, so that what follows can rely on valid text.
    """
    if _NEEDS_CARE.search(text):
        return _see_carefully(text)
    seen = text.translate(_VISIBLE)
    if len(seen) == len(text):  # nothing was dropped here, so equal length means that nothing was expanded
        return View(seen)
    return _see_carefully(text)


def is_blank(text: str) -> bool:
    """Tell whether a reader would see nothing: only white space, control and format characters, or no text at all."""
    return all(character.isspace() or unicodedata.category(character) in {"Cc", "Cf"} for character in text)


def apply(view: View, edits: Iterable[Edit]) -> View:
    """Carry out edits that are in order and do not overlap.

    Every character put in stands for the whole stretch it replaces.
    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    old_starts = view.starts if view.starts is not None else range(len(view.text))
    old_ends = view.ends if view.ends is not None else range(1, len(view.text) + 1)
    done = 0
    for edit in edits:
        parts.append(view.text[done : edit.start])
        starts.extend(old_starts[done : edit.start])
        ends.extend(old_ends[done : edit.start])
        parts.append(edit.replacement)
        starts.extend([old_starts[edit.start]] * len(edit.replacement))
        ends.extend([old_ends[edit.end - 1]] * len(edit.replacement))
        done = edit.end
    if not parts:
        return view
    parts.append(view.text[done:])
    starts.extend(old_starts[done:])
    ends.extend(old_ends[done:])
    return View("".join(parts), starts, ends)


_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
"""Characters without a glyph (soft hyphen, joiners, direction marks, fillers, selectors, tags), and keycaps."""
_COMBINING = "\u0300-\u036f\u3099\u309a\uff9e\uff9f"
"""Marks that join the character before them: accents, (half-width) dakuten and handakuten."""
_NEEDS_CARE = re.compile(f"[{_INVISIBLE}{_COMBINING}]")
_INVISIBLES = re.compile(f"[{_INVISIBLE}]+")
_CLUSTER = re.compile(f"(?P<drop>[{_INVISIBLE}]+)|[^{_INVISIBLE}](?:[{_INVISIBLE}]*[{_COMBINING}])*", re.DOTALL)
_KEPT = frozenset("…‥™℠℡℻㍿㊙")
"""Characters whose expansion would only get in the way of reading."""
_UNIFIED = {
    "〜": "~",
    "∼": "~",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "−": "-",
    "\0": "\ufffd",
    "\u3000": " ",
    "\r": "\n",
}


class _VisibleCharacters(dict[int, str]):
    """What each code point looks like in one width; filled as characters are met."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        seen = self[code_point] = _unify(character)
        return seen


def _unify(character: str) -> str:
    if character in _UNIFIED:
        return _UNIFIED[character]
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category == "No" or character in _KEPT:
        return character
    return unicodedata.normalize("NFKC", character)


_VISIBLE = _VisibleCharacters()


def _see_carefully(text: str) -> View:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        if cluster["drop"] is not None:
            continue
        written = cluster[0]
        seen = _INVISIBLES.sub("", written).translate(_VISIBLE)
        if len(written) > 1:
            seen = unicodedata.normalize("NFC", seen)
        parts.append(seen)
        starts.extend([cluster.start()] * len(seen))
        ends.extend([cluster.end()] * len(seen))
    return View("".join(parts), starts, ends)


# --- disguises -------------------------------------------------------------------------------------------------------

_SEPARATOR = r"[ .・･/\\|,、_\-*+~'’`↑↓\n]"
_LETTER = r"[ぁ-ゖァ-ヺ一-鿿々A-Za-z0-9]"
_SPACED = re.compile(rf"{_LETTER}ー*(?:{_SEPARATOR}{{1,2}}(?:{_LETTER}ー*|ー+))+")
"""Letters with something between each and the next: ば か, バ/カ, ク.レ.ー.マ.ー."""
_MASK = re.compile(r"[○〇◯●◎×✕╳✖*＊■□▲△※]+")
_STRETCH = re.compile(r"[ぁ-ゖァ-ヺ](?:[ー~]+[ぁ-ゖァ-ヺ])+[ー~]*")
"""A drawn-out syllable inside a word: バーーカ, あーほ."""
_SQUEEZED_OUT = " .・･/\\|,、_-*+~'’`↑↓\nー"
_SPELLED_OUT = re.compile(r"(?:[ぁ-ゖァ-ヺ一-鿿々]ー*[ ./\\|_\-*+~'’`↑↓]{1,2}){4,}[ぁ-ゖァ-ヺ一-鿿々]ー*")
"""Five letters or more, each apart from the next: こ の よ う に. No list of words looks like that."""
_APART = re.compile(r"[^ぁ-ゖァ-ヺ一-鿿々ー]+")
_SMALL_TO_LARGE: dict[int, str] = {
    ord(small): large
    for small, large in zip("ぁぃぅぇぉゃゅょゎァィゥェォャュョヮ", "あいうえおやゆよわあいうえおやゆよわ", strict=True)
}
_TO_HIRAGANA: dict[int, str] = {code: chr(code - 0x60) for code in range(ord("ァ"), ord("ヶ") + 1)}
_LOOK_ALIKES: dict[int, str] = {
    ord(sign): kana for sign, kana in zip("口□力夕卜二八工千", "ろろかたとにはえち", strict=True)
}
"""Kanji and signs that pass for katakana: エ口, 工ロ."""
_FOLD: dict[int, str] = {**_TO_HIRAGANA, **_SMALL_TO_LARGE}
_IMITATED = re.compile(
    r"[ァ-ヺ][ー口□力夕卜二八工千ァ-ヺ]{0,8}[口□力夕卜二八工千]|[口□力夕卜二八工千]ー{0,3}[ァ-ヺ][ーァ-ヺ]{0,8}"
)
"""Katakana with a look-alike among them; bounded, so that a long run costs no more than a short one."""
_SQUEEZE: dict[int, str | None] = {**_FOLD, **_LOOK_ALIKES, **{ord(character): None for character in _SQUEEZED_OUT}}
_MASK_SIGN = "○"
_MIN_MASKED = 3
"""Shortest word that is recognised with one character masked: ク○ could be anything, ガ○ジ could not."""


def fold(word: str) -> str:
    """Give the spelling by which disguised words are compared: hiragana, large kana, no long vowel marks."""
    return word.translate(_FOLD).replace("ー", "").lower()


class Disguises:
    """Undoes disguised spellings of the words it knows.

    ``words`` are the canonical spellings; what is put into the view is the canonical word, so that word classes need
    not list disguises.
    """

    def __init__(self, words: Iterable[str]) -> None:
        canonical: dict[str, str] = {}
        for word in words:
            if len(fold(word)) > 1:
                canonical.setdefault(fold(word), word)
        self._words = tuple(canonical.values())
        self._folded = tuple(canonical)
        self._automaton = AhoCorasick(self._folded or ("\0",), matchkind=MatchKind.LeftmostLongest)
        self._masked = dict(_masked_spellings(canonical))

    @cached_property
    def _masked_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(spelling) for spelling in self._masked}, reverse=True))

    def undo(self, view: View) -> View:
        """Put disguised words back together; the view itself when there is none."""
        edits = sorted(
            (*_spelled_out(view.text), *self._rejoined(view.text), *self._unmasked(view.text)),
            key=lambda edit: (edit.start, -edit.end),
        )
        return apply(view, _without_overlaps(edits)) if edits else view

    def _rejoined(self, text: str) -> Iterator[Edit]:
        stretches = [*_SPACED.finditer(text), *_STRETCH.finditer(text), *_IMITATED.finditer(text)]
        squeezed = "\0".join([stretch[0] for stretch in stretches]).translate(_SQUEEZE).lower()
        # One pass says for all of them that there is nothing to undo.
        if self._automaton.find_matches_as_indexes(squeezed):
            for stretch in stretches:
                yield from self._words_in(text, stretch.start(), stretch.end())

    def _words_in(self, text: str, start: int, end: int) -> Iterator[Edit]:
        """Find known words among the letters of a stretch, once what stands between them is taken away."""
        positions = [at for at in range(start, end) if _is_letter(text[at])]
        letters = "".join(text[at] for at in positions).translate(_SQUEEZE).lower()
        for index, first, last in self._automaton.find_matches_as_indexes(letters):
            begin, finish = positions[first], positions[last - 1] + 1
            if last == len(positions):
                finish = end
            is_spread = finish - begin > last - first
            if (is_spread or _imitates(text[begin:finish])) and not _is_inside_a_word(text, begin, finish):
                yield Edit(begin, finish, self._words[index])

    def _unmasked(self, text: str) -> Iterator[Edit]:
        if not self._masked:
            return
        for mask in _MASK.finditer(text):
            if mask.end() - mask.start() == 1 and not _is_bullet(text, mask.start()):
                edit = self._unmask(text, mask.start())
                if edit is not None:
                    yield edit

    def _unmask(self, text: str, at: int) -> Edit | None:
        for length in self._masked_lengths:
            for begin in range(max(0, at - length + 1), min(at, len(text) - length) + 1):
                spelling = fold(text[begin:at]) + _MASK_SIGN + fold(text[at + 1 : begin + length])
                word = self._masked.get(spelling)
                if word is not None:
                    return Edit(begin, begin + length, word)
        return None


def _spelled_out(text: str) -> Iterator[Edit]:
    """Close the gaps of what is written letter by letter, whatever it says."""
    for stretch in _SPELLED_OUT.finditer(text):
        for gap in _APART.finditer(text, stretch.start(), stretch.end()):
            yield Edit(gap.start(), gap.end(), "")


def _masked_spellings(canonical: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for folded, word in canonical.items():
        if len(folded) >= _MIN_MASKED:
            for at in range(len(folded)):
                yield folded[:at] + _MASK_SIGN + folded[at + 1 :], word


def _without_overlaps(edits: Iterable[Edit]) -> Iterator[Edit]:
    done = 0
    for edit in edits:
        if edit.start >= done:
            yield edit
            done = edit.end


def _is_bullet(text: str, at: int) -> bool:
    """Tell whether a sign begins a line: ■クリスマス会 is an item of a list."""
    return at == 0 or text[at - 1] == "\n" or (text[at - 1] == " " and text[: at - 1].rstrip(" ")[-1:] in ("", "\n"))


def _is_letter(character: str) -> bool:
    return (character.isalnum() and character != "ー") or ord(character) in _LOOK_ALIKES


def _imitates(written: str) -> bool:
    return any(ord(character) in _LOOK_ALIKES for character in written)


def _script(character: str) -> str:
    if "ぁ" <= character <= "ゖ":
        return "hiragana"
    if "ァ" <= character <= "ヺ" or character == "ー":
        return "katakana"
    return "other"


def _is_inside_a_word(text: str, start: int, end: int) -> bool:
    """Tell whether letters of the same kana go on around, as in そば/かき: then it is a list of words and no disguise.

    Hiragana behind is no sign of that, since particles and endings follow any word.
    """
    before = start > 0 and _script(text[start - 1]) == _script(text[start]) != "other"
    behind = end < len(text) and _script(text[end]) == _script(text[end - 1]) == "katakana"
    return before or behind
