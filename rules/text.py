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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.tokens import is_known


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
    seen = _UNUSUAL.sub(_in_one_width, text)
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
_COMBINING = "\u0300-\u036f\u3099-\u309c\uff9e\uff9f"
"""Marks that join the character before them: accents, dakuten and handakuten of any width."""
_LEFT_OVER = re.compile("[\u0300-\u036f\u3099\u309a]")
"""Marks that no letter took: struck-out and scrawled-over writing (死\u0336ね)."""
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
    "゛": "\u3099",
    "゜": "\u309a",
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
USUAL = "\n -~ぁ-ゖァ-ヺー、。「」・【】…■□○●◆◇▽※〒一-鿿"
"""Ranges of characters that are in one width already. Most of any post is made of them, and need not be looked up."""
_UNUSUAL = re.compile(f"[^{USUAL}]+")


def _in_one_width(written: re.Match[str]) -> str:
    return written[0].translate(_VISIBLE)


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
            seen = _LEFT_OVER.sub("", unicodedata.normalize("NFC", seen)) or seen
        parts.append(seen)
        starts.extend([cluster.start()] * len(seen))
        ends.extend([cluster.end()] * len(seen))
    return View("".join(parts), starts, ends)


# --- disguises -------------------------------------------------------------------------------------------------------

_SIGNS = " .・･/\\\\|,、_\\-*+~'’`↑↓\n…‥―•‧∙\u2600-\u27bf\U0001f300-\U0001faff"
_SEPARATOR = rf"(?:[{_SIGNS}]|(?<=[一-鿿々])\([ぁ-ゖァ-ヺー]{{1,6}}\))"
"""What stands between the letters of a disguised word: a space, a sign, an emoji, or the reading of a kanji (ルビ)."""
_LETTER = r"[ぁ-ゖァ-ヺ一-鿿々A-Za-z0-9]"
_SPACED = re.compile(rf"{_LETTER}ー*+(?:{_SEPARATOR}{{1,2}}+(?:{_LETTER}ー*+|ー++))++")
"""Letters with something between each and the next: ば か, バ/カ, ク.レ.ー.マ.ー."""
_MASK = re.compile(r"[○〇◯●◎×✕╳✖*＊■□▲△※]+")
_KANA = "[ぁ-ゖァ-ヺ]"
_STRETCH = re.compile(rf"{_KANA}(?<!{_KANA}{_KANA}){_KANA}*+(?:[ー~]++{_KANA}++)+[ー~]*")
"""A drawn-out syllable inside a word: バーーカ, あーほ."""
_KANJI = re.compile("[一-鿿々]")
_PARTICLES = frozenset("はがをもの")
_NO_LIST = re.compile("[~ーぁぃぅぇぉゃゅょゎァィゥェォャュョヮ\u2600-\u27bf\U0001f300-\U0001faff]")
_RUBY = re.compile(r"(?<=[一-鿿々])\([ぁ-ゖァ-ヺー]{1,6}\)")
_SQUEEZED_OUT = (
    *" .・･/\\|,、_-*+~'’`↑↓\nー…‥―•‧∙",
    *map(chr, range(0x2600, 0x27C0)),
    *map(chr, range(0x1F300, 0x1FB00)),
)
_VERTICAL = re.compile(r"^(?:[ぁ-ゖァ-ヺ一-鿿々]ー?\n){3,}[ぁ-ゖァ-ヺ一-鿿々]ー?$", re.MULTILINE)
"""Four lines or more of one letter each: written from top to bottom (縦書き)."""
_SPELLED_OUT = re.compile(r"(?:[ぁ-ゖァ-ヺ一-鿿々]ー*+[ ./\\|_\-*+~'’`↑↓]{1,2}+){4,}[ぁ-ゖァ-ヺ一-鿿々]ー*")
"""Five letters or more, each apart from the next: こ の よ う に. No list of words looks like that."""
_SHORTEST_SPELLED_OUT = 7
"""Code points of four letters and the three gaps between them."""
_APART = re.compile(r"[^ぁ-ゖァ-ヺ一-鿿々ー]+")
_SMALL_TO_LARGE: dict[int, str] = {
    ord(small): large
    for small, large in zip("ぁぃぅぇぉゃゅょゎァィゥェォャュョヮ", "あいうえおやゆよわあいうえおやゆよわ", strict=True)
}
_TO_HIRAGANA: dict[int, str] = {code: chr(code - 0x60) for code in range(ord("ァ"), ord("ヶ") + 1)}
_TO_KATAKANA: dict[int, str] = {ord(hiragana): chr(katakana) for katakana, hiragana in _TO_HIRAGANA.items()}
_LARGE_TO_SMALL = dict(zip("あいうえおわアイウエオワカケ", "ぁぃぅぇぉゎァィゥェォヮヵヶ", strict=True))
"""Kana that a disguise makes small; small や, ゆ and よ are in too many ordinary words."""
_TAKES_SMALL = frozenset("フヴウテデトドツクグシチジスズイ")
"""Katakana behind which a small vowel is ordinary: ファン, ウィルス."""
_LOOK_ALIKES: dict[int, str] = {
    ord(sign): kana for sign, kana in zip("口□力夕卜二八工千", "ろろかたとにはえち", strict=True)
}
"""Kanji and signs that pass for katakana: エ口, 工ロ."""
_FOLD: dict[int, str] = {**_TO_HIRAGANA, **_SMALL_TO_LARGE}
_IMITATED = re.compile(
    r"[ァ-ヺ][ー口□力夕卜二八工千ァ-ヺ]{0,8}[口□力夕卜二八工千]|[口□力夕卜二八工千]ー{0,3}[ァ-ヺ][ーァ-ヺ]{0,8}"
)
"""Katakana with a look-alike among them; bounded, so that a long run costs no more than a short one."""
_MIGHT_BE_IMITATED = re.compile(r"[口□力夕卜二八工千](?:(?<=[ァ-ヺー].)|ー{0,3}[ァ-ヺ])")
"""A look-alike next to katakana. It begins with the rarer of the two."""
_SQUEEZE: dict[int, str | None] = {**_FOLD, **_LOOK_ALIKES, **{ord(character): None for character in _SQUEEZED_OUT}}
_LATIN_LOOK_ALIKES: dict[int, str] = {
    ord(sign): letter
    for sign, letter in zip(
        "аеорсухіјѕАВЕКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "aeopcyxijsABEKMHOPCTYXABEZHIKMNOPTYXo", strict=True
    )
}
"""Cyrillic and Greek letters that pass for Latin ones."""
_FOREIGN = "".join(map(chr, _LATIN_LOOK_ALIKES))
_LETTERS = re.compile(f"[A-Za-z{_FOREIGN}]+")
_LATIN = re.compile("[A-Za-z]")
_NUMERAL_LOOK_ALIKES: dict[int, str] = {ord("O"): "0", ord("o"): "0", ord("I"): "1", ord("l"): "1"}
_NUMERAL_LIKE = re.compile(r"(?<![A-Za-z0-9])(?=[-0-9]{0,8}[OoIl])[0-9OoIl][-0-9OoIl]{8,14}[0-9OoIl](?![A-Za-z0-9])")
"""Digits with letters among them, as long as a telephone number: O9O-l234-5678."""
_IMITATION = re.compile(
    f"[一―—OoIl{_FOREIGN}](?:(?<=[{_FOREIGN}])|(?<=[ァ-ヺ][一―—])[ァ-ヺ]|(?<=[0-9][OoIl])|(?<=[OoIl])[0-9])"
)
"""Cheap to look for, and in every imitation. One class of the rarer signs begins it: the engine skips fast to these."""
_ASCII = re.compile(r"[!-~]*")
_MIN_DIGITS = 5
"""Digits that there have to be among them."""
_BAR_IN_KATAKANA = re.compile("(?<=[ァ-ヺ])[一―—](?![カヵヶ])(?=[ァ-ヺ])")
"""A kanji one or a dash for a long vowel: クレ一マー, but not スマホ一カ月."""
_HIDES_A_NAME = re.compile("さん|くん|ちゃん|君|氏|様|さま|先生")
"""What stands behind the mask of a name (伏せ字): 田○さん hides no よさん."""
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

    def __init__(self, words: Collection[str]) -> None:
        self._spellings = frozenset(words)
        canonical: dict[str, str] = {}
        for word in words:
            if len(fold(word)) > 1:
                canonical.setdefault(fold(word), word)
        self._words = tuple(canonical.values())
        self._folded = tuple(canonical)
        self._automaton = AhoCorasick(self._folded or ("\0",), matchkind=MatchKind.LeftmostLongest)
        self._masked = dict(_masked_spellings(canonical))
        self._respellings = tuple(
            (spelling, word)
            for word in canonical.values()
            for spelling in _respellings(word)
            if spelling not in self._spellings
        )
        self._respelled_automaton = AhoCorasick(
            tuple(spelling for spelling, _ in self._respellings) or ("\0",), matchkind=MatchKind.LeftmostLongest
        )

    @cached_property
    def _masked_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(spelling) for spelling in self._masked}, reverse=True))

    def undo(self, view: View) -> View:
        """Put disguised words back together; the view itself when there is none."""
        view = apply(view, _imitated(view.text))
        text = view.text
        spaced = _SPACED.findall(text)
        found = (
            *_spelled_out(text, spaced),
            *self._rejoined(text, spaced),
            *self._respelled(text),
            *self._unmasked(text),
        )
        edits = sorted(found, key=lambda edit: (edit.start, -edit.end))
        return apply(view, _without_overlaps(edits)) if edits else view

    def _rejoined(self, text: str, spaced: Sequence[str]) -> Iterator[Edit]:
        ways = [(_SPACED, spaced)]
        if _MIGHT_BE_IMITATED.search(text):
            ways.append((_IMITATED, _IMITATED.findall(text)))
        if "ー" in text or "~" in text:
            ways.append((_STRETCH, _STRETCH.findall(text)))
        # One pass says for all of them that there is nothing to undo, or else in which stretches there may be.
        letters = _squeezed("\0".join(chain.from_iterable(stretches for _, stretches in ways)))
        if self._automaton.find_matches_as_indexes(letters):
            stretches = (stretch for pattern, _ in ways for stretch in pattern.finditer(text))
            for stretch, its_letters in zip(stretches, letters.split("\0"), strict=True):
                if self._automaton.find_matches_as_indexes(its_letters):
                    yield from self._words_in(text, *stretch.span())

    def _words_in(self, text: str, start: int, end: int) -> Iterator[Edit]:
        """Find known words among the letters of a stretch, once what stands between them is taken away."""
        readings = [reading.span() for reading in _RUBY.finditer(text, start, end)]
        positions = [
            at
            for at in range(start, end)
            if _is_letter(text[at]) and not any(begin < at < finish for begin, finish in readings)
        ]
        letters = "".join(text[at] for at in positions).translate(_SQUEEZE).lower()
        for index, first, last in self._automaton.find_matches_as_indexes(letters):
            begin, finish = positions[first], positions[last - 1] + 1
            if last == len(positions):
                finish = end
            written = text[begin:finish]
            is_spread = finish - begin > last - first
            is_disguised = (is_spread or _imitates(written)) and written not in self._spellings
            if is_disguised and not _is_inside_a_word(text, begin, finish) and not _is_a_word_itself(written):
                yield Edit(begin, finish, self._words[index])

    def _respelled(self, text: str) -> Iterator[Edit]:
        """Words in two kinds of letters at once or in small kana: シね, ァホ. A word all in one kana is another."""
        for index, start, end in self._respelled_automaton.find_matches_as_indexes(text):
            if not _is_inside_a_word(text, start, end):
                yield Edit(start, end, self._respellings[index][1])

    def _unmasked(self, text: str) -> Iterator[Edit]:
        if not self._masked:
            return
        for mask in _MASK.finditer(text):
            if mask.end() - mask.start() == 1 and not (
                _is_bullet(text, mask.start()) or _HIDES_A_NAME.match(text, mask.end())
            ):
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


def _imitated(text: str) -> Iterator[Edit]:
    """Put letters, digits and long vowel marks for what only looks like them."""
    if not _IMITATION.search(text):
        return
    for bar in _BAR_IN_KATAKANA.finditer(text):
        yield Edit(bar.start(), bar.end(), "ー")
    for word in _LETTERS.finditer(text):
        is_mixed = not word[0].isascii() and _LATIN.search(word[0])
        if is_mixed and not _is_in_an_address(
            text, *word.span()
        ):  # there, that letters only look alike is what matters
            yield from _letter_by_letter(word, _LATIN_LOOK_ALIKES)
    for number in _NUMERAL_LIKE.finditer(text):
        if sum(map(str.isdigit, number[0])) >= _MIN_DIGITS:
            yield from _letter_by_letter(number, _NUMERAL_LOOK_ALIKES)


def _is_in_an_address(text: str, start: int, end: int) -> bool:
    """Tell whether a dot, slash or at sign touches the letters or the ASCII around them."""
    while start and "!" <= text[start - 1] <= "~":
        start -= 1
    behind = _ASCII.match(text, end)
    around = text[start : behind.end() if behind else end]
    return any(sign in around for sign in "./@")


def _letter_by_letter(found: re.Match[str], letters: Mapping[int, str]) -> Iterator[Edit]:
    for at, letter in enumerate(found[0], found.start()):
        if ord(letter) in letters:
            yield Edit(at, at + 1, letters[ord(letter)])


def _squeezed(stretch: str) -> str:
    """Give the letters of a stretch, without what stands between them."""
    return (_RUBY.sub("", stretch) if "(" in stretch else stretch).translate(_SQUEEZE).lower()


def _spelled_out(text: str, spaced: Iterable[str]) -> Iterator[Edit]:
    """Close the gaps of what is written letter by letter or line by line, whatever it says.

    All of it lies in stretches of ``spaced`` letters, and most texts have only short ones.
    """
    if max(map(len, spaced), default=0) < _SHORTEST_SPELLED_OUT:
        return
    for stretch in (*_SPELLED_OUT.finditer(text), *_VERTICAL.finditer(text)):
        for gap in _APART.finditer(text, stretch.start(), stretch.end()):
            yield Edit(gap.start(), gap.end(), "")


def _masked_spellings(canonical: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for folded, word in canonical.items():
        if len(folded) >= _MIN_MASKED:
            for at in range(len(folded)):
                yield folded[:at] + _MASK_SIGN + folded[at + 1 :], word


def _respellings(word: str) -> Iterator[str]:
    """Spell a word in two kinds of kana, or with one kana made small: シね, バか, ァホ.

    The letters up to some place are in one kind and the rest in the other; with more turns than that few words would
    still be read.
    """
    plain = word.translate(_TO_HIRAGANA)
    katakana = word.translate(_TO_KATAKANA)
    for at in range(1, len(word)):
        yield plain[:at] + katakana[at:]
        yield katakana[:at] + plain[at:]
    for spelled in dict.fromkeys((plain, katakana, word)):
        for at, kana in enumerate(spelled):
            if kana in _LARGE_TO_SMALL and spelled[at - 1 : at] not in _TAKES_SMALL:
                yield spelled[:at] + _LARGE_TO_SMALL[kana] + spelled[at + 1 :]


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


def _is_a_word_itself(written: str) -> bool:
    """Tell whether a vowel is long because the word has it so: ブース, ビール. More than one mark is too many."""
    return "ーー" not in written and all(_is_letter(sign) or sign == "ー" for sign in written) and is_known(written)


_LATIN_PAIR = re.compile(r"[A-Za-z]{2}")
"""Letters of one word in Latin script: nothing is hidden in 「Mizuno, date」."""


def _is_inside_a_word(text: str, start: int, end: int) -> bool:
    """Tell whether the word that begins or ends here goes on around, as in そば/かき and 見学(line break)費用.

    Then these are words in a row and no disguise. Hiragana behind is no sign of that, since particles and endings
    follow any word; nor is a particle before what no list of words looks like.
    """
    before = text[start - 1] if start else ""
    behind = text[end : end + 1]
    if _KANJI.match(text, start) and _KANJI.match(text, end - 1):
        around = (_KANJI.match(before) is not None, _KANJI.match(behind) is not None)
        return all(around) or ("\n" in text[start:end] and any(around))
    if _LATIN_PAIR.fullmatch(before + text[start]) or _LATIN_PAIR.fullmatch(text[end - 1] + behind):
        return True
    if before and _script(before) == _script(text[start]) != "other":
        return before not in _PARTICLES or not _is_no_list(text[start:end])
    return bool(behind) and _script(behind) == _script(text[end - 1]) == "katakana"


def _is_no_list(written: str) -> bool:
    """Tell whether small kana, drawn-out vowels, emoji or two kinds of kana show that letters belong together."""
    kinds = {_script(character) for character in written if _is_letter(character)}
    return len(kinds) > 1 or _NO_LIST.search(written) is not None
