"""Words of a text, by Sudachi. The only file that knows Sudachi.

One dictionary serves the whole process; a tokenizer is made for each call (0.4 µs), because sharing one between
threads fails.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import NamedTuple

from sudachipy import Dictionary, MorphemeList, SplitMode, Tokenizer

MAX_CHUNK = 4_000
"""Code points handed to Sudachi at once; it refuses more than 49,149 bytes of UTF-8."""

PartOfSpeech = tuple[str, str, str, str, str, str]


class Token(NamedTuple):
    """A short unit (Sudachi's mode A).

    ``start`` and ``end`` are code points of the text handed in. ``lemma`` is the dictionary form, ``norm`` the
    normalised form
    (子供 and こども are both 子供), ``pos`` Sudachi's six columns of part of speech and inflection, ``*`` where there
    is none.
    """

    start: int
    end: int
    surface: str
    lemma: str
    norm: str
    pos: PartOfSpeech

    @property
    def kind(self) -> str:
        """The part of speech, e.g. ``動詞``."""
        return self.pos[0]

    @property
    def form(self) -> str:
        """The inflection form, e.g. ``命令形`` or ``連用形-一般``; ``*`` for words that do not inflect."""
        return self.pos[5]


def tokenize(text: str, offset: int = 0) -> tuple[Token, ...]:
    """Split ``text`` into short units; ``offset`` is added to every position."""
    tokenizer = _tokenizer()
    tokens: list[Token] = []
    for begin in range(0, len(text), MAX_CHUNK):
        shift = offset + begin
        morphemes: MorphemeList = tokenizer.tokenize(text[begin : begin + MAX_CHUNK])
        tokens += [
            Token(
                start := morpheme.begin() + shift,
                start + len(surface := morpheme.raw_surface()),
                surface,
                morpheme.dictionary_form(),
                morpheme.normalized_form(),
                _part_of_speech(morpheme.part_of_speech_id()),
            )
            for morpheme in morphemes
        ]
    return tuple(tokens)


def is_known(word: str) -> bool:
    """Tell whether the dictionary has exactly this as one word."""
    morphemes: MorphemeList = _tokenizer().tokenize(word)
    return len(morphemes) == 1 and not morphemes[0].is_oov()


def reading(word: str) -> str:
    """Give how a word is read, in hiragana; empty if it is more than one word or unknown."""
    morphemes: MorphemeList = _tokenizer().tokenize(word)
    if len(morphemes) != 1 or morphemes[0].is_oov():
        return ""
    return "".join(chr(ord(kana) - 0x60) if "ァ" <= kana <= "ヶ" else kana for kana in morphemes[0].reading_form())


def dictionary_version() -> str:
    """SudachiPy and its dictionary, for the record kept beside every review."""
    return f"SudachiPy {version('sudachipy')} / core {version('sudachidict-core')}"


def _tokenizer() -> Tokenizer:
    return _dictionary().tokenizer(mode=SplitMode.A)


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")


@cache
def _part_of_speech(identifier: int) -> PartOfSpeech:
    columns = _dictionary().pos_of(identifier)
    if columns is None or len(columns) != 6:
        message = f"part of speech {identifier} has no six columns"
        raise AssertionError(message)
    return tuple(columns)
