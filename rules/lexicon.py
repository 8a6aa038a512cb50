"""Word classes (語群) and where their words stand in a draft.

Rules combine small classes of words; a class is data (``data/words/*.yaml``). All words of all classes are looked for
in one Aho-Corasick
pass over the letters, which costs the same whatever their number. Letters are not words, though: 海外人材 holds no
外人. So a
hit counts only if it begins and ends where a token does, and an inflecting word only if the token's dictionary form
is the one listed.
That check needs tokens, and is made only in sentences where a rule could fire at all.

How a word is listed:

- ``無能``: as it is. ``見下す``, ``汚い``, ``処分する``: in any inflection. ``頭がおかしい``: literal up to the last
word, which
inflects.
- ``~草生える``: without regard to token boundaries, for slang that the dictionary cuts oddly.
- ``<人名>``, ``<動詞:命令形>``: any token with this part of speech, and inflection form. Such a class cannot trigger
a rule
by itself.
- ``@other``: all words of another class.
"""

from __future__ import annotations

import re
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.draft import Draft
from rules.text import see
from rules.tokens import PartOfSpeech, Token, reading, tokenize

Raw = tuple[int, int, int]
"""What the automaton found: key, start, end."""
Spot = tuple[int, int, "_Word | None"]
"""Where letters stand: start, end, and the word to confirm there; None for an exception."""


@dataclass(frozen=True, slots=True)
class WordClass:
    """A class as its file has it."""

    name: str
    words: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    """Longer expressions in which a word of this class is harmless: バカ貝, 馬鹿正直."""
    disguised: bool = False
    """Whether disguised spellings of its words are undone."""


@dataclass(frozen=True, slots=True)
class TokenPattern:
    """A token by part of speech: all of ``columns`` have to occur, and the inflection form to begin with ``form``."""

    columns: tuple[str, ...]
    form: str = ""

    @classmethod
    def parse(cls, written: str) -> TokenPattern:
        """Read ``名詞-固有名詞:形`` (without the angle brackets)."""
        columns, _, form = written.partition(":")
        return cls(tuple(part for part in columns.split("-") if part), form)

    def matches(self, token: Token) -> bool:
        """Tell whether a token is of this kind."""
        return self.fits(token.pos)

    def fits(self, pos: PartOfSpeech) -> bool:
        """Tell whether a part of speech is of this kind."""
        return pos[5].startswith(self.form) and all(column in pos for column in self.columns)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A word of a class in a draft; ``last`` is its last token."""

    start: int
    end: int
    last: Token


@dataclass(frozen=True, slots=True)
class _Word:
    """How a listed word is found and confirmed."""

    key: str
    tail: int
    """Offset in ``key`` at which the inflecting token starts."""
    lemma: str = ""
    """Dictionary form of the inflecting token; empty for a word that does not inflect."""
    norm: str = ""
    loose: bool = False


class Lexicon:
    """All classes, compiled. Immutable, shared between threads.

    ``weights`` tells how common each class is, best known from a ``sample`` of ordinary texts.
    """

    def __init__(self, classes: Iterable[WordClass], sample: Iterable[str] = ()) -> None:
        by_name = {word_class.name: word_class for word_class in classes}
        self.names: tuple[str, ...] = tuple(by_name)
        self._number = {name: number for number, name in enumerate(by_name)}
        members = {name: _members(name, by_name) for name in by_name}
        self.token_patterns: dict[int, tuple[TokenPattern, ...]] = {
            self._number[name]: patterns
            for name, words in members.items()
            if (patterns := tuple(TokenPattern.parse(word[1:-1]) for word in words if word.startswith("<")))
        }
        self._by_pos: dict[PartOfSpeech, tuple[int, ...]] = {}  # grows to the some hundred parts of speech there are
        self._compile(members, by_name)
        self.weights: tuple[float, ...] = self._class_weights(sample)
        self.disguised_words: tuple[str, ...] = tuple(
            word.lstrip("~")
            for name, word_class in by_name.items()
            if word_class.disguised
            for word in members[name]
            if not word.startswith("<")
        )

    def _compile(self, members: Mapping[str, Sequence[str]], by_name: Mapping[str, WordClass]) -> None:
        uses: dict[str, list[tuple[int, _Word | None]]] = defaultdict(list)
        compiled: dict[str, tuple[_Word, ...]] = {}
        for name, words in members.items():
            number = self._number[name]
            for written in words:
                if not written.startswith("<"):
                    for word in compiled.get(written) or compiled.setdefault(written, _compile(written)):
                        uses[word.key].append((number, word))
                    if by_name[name].disguised and (spelled := _in_kana(written)):
                        uses[spelled.key].append((number, spelled))
            for exception in by_name[name].exceptions:
                uses[see(exception).text].append((number, None))
        self._keys: tuple[str, ...] = tuple(uses)
        masks = (_mask(number for number, word in use if word) for use in uses.values())
        shared: dict[int, int] = {}  # three words of four have the mask of another, and masks are long
        self.masks: tuple[int, ...] = tuple(shared.setdefault(mask, mask) for mask in masks)
        self._words: tuple[dict[int, list[_Word | None]], ...] = tuple({} for _ in members)
        for key, use in enumerate(uses.values()):
            for number, way in use:
                self._words[number].setdefault(key, []).append(way)
        self._automaton = AhoCorasick(self._keys or ("\0",), matchkind=MatchKind.Standard)

    def _class_weights(self, sample: Iterable[str]) -> tuple[float, ...]:
        """Estimate how common each class is: in how many texts of a sample its letters stand, then by their length."""
        weights = [0.0] * len(self.names)
        for number, words in enumerate(self._words):
            for key, ways in words.items():
                weights[number] += 8.0 ** -len(self._keys[key]) * sum(way is not None for way in ways)
        for text in sample:
            present = 0
            for found, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
                present |= self.masks[found]
            for number in bits(present):
                weights[number] += 1
        return tuple(weights)

    def number(self, name: str) -> int:
        """Index of a class. Raises KeyError if there is none of this name."""
        return self._number[name]

    def is_open(self, number: int) -> bool:
        """Tell whether a class holds parts of speech, and so may be present without any of its words."""
        return number in self.token_patterns

    def open_classes(self, pos: PartOfSpeech) -> Sequence[int]:
        """Classes to which every token of a part of speech belongs."""
        numbers = self._by_pos.get(pos)
        if numbers is None:
            numbers = self._by_pos[pos] = tuple(
                number
                for number, patterns in self.token_patterns.items()
                if any(pattern.fits(pos) for pattern in patterns)
            )
        return numbers

    def read(self, draft: Draft) -> Reading:
        """Look for all words in a draft."""
        return Reading(self, draft, self._automaton.find_matches_as_indexes(draft.text, overlapping=True))

    def words(self, number: int) -> Mapping[int, Sequence[_Word | None]]:
        """Keys of a class, each with the words to confirm; None for an exception of the class."""
        return self._words[number]


class Reading:
    """Where words of the lexicon stand in one draft.

    ``masks`` gives, a sentence, the classes that may be present, as bits.
    """

    def __init__(self, lexicon: Lexicon, draft: Draft, found: Sequence[Raw]) -> None:
        self.draft = draft
        self._lexicon = lexicon
        self._raw: dict[int, list[Raw]] = {}
        self._spots: dict[tuple[int, int], Sequence[Spot]] = {}
        self._confirmed: dict[tuple[int, int], Sequence[Occurrence]] = {}
        self._by_place: dict[int, tuple[Mapping[int, Token], Mapping[int, Token]]] = {}
        self.masks: dict[int, int] = {}
        self._distribute(found)
        self.mask = 0
        for mask in self.masks.values():
            self.mask |= mask

    def _distribute(self, found: Sequence[Raw]) -> None:
        """Give every hit to its sentence; hits come ordered by their end, and sentences cover the text in order."""
        sentences = self.draft.sentences
        mask_of = self._lexicon.masks
        index = 0
        begin, limit = sentences[0]
        raw: list[Raw] = []
        mask = 0
        for hit in found:
            key, start, end = hit
            while end > limit:
                if raw:
                    self._raw[index], self.masks[index] = raw, mask
                    raw, mask = [], 0
                index += 1
                begin, limit = sentences[index]
            if start >= begin:
                raw.append(hit)
                mask |= mask_of[key]
        if raw:
            self._raw[index], self.masks[index] = raw, mask

    def spots(self, sentence: int, number: int) -> Sequence[Spot]:
        """Where the letters of a class's words (None: of its exceptions) stand in a sentence, words there or not."""
        spots = self._spots.get((sentence, number))
        if spots is None:
            words = self._lexicon.words(number)
            spots = self._spots[sentence, number] = [
                (start, end, word)
                for key, start, end in self._raw.get(sentence, ())
                if key in words
                for word in words[key]
            ]
        return spots

    def occurrences(self, sentence: int, number: int) -> Sequence[Occurrence]:
        """Give the confirmed words of a class in a sentence, ordered by start."""
        confirmed = self._confirmed.get((sentence, number))
        if confirmed is None:
            confirmed = self._confirmed[sentence, number] = self._confirm(sentence, number)
        return confirmed

    def _confirm(self, sentence: int, number: int) -> Sequence[Occurrence]:
        spots = self.spots(sentence, number)
        is_open = self._lexicon.is_open(number)
        if not (spots or is_open):
            return ()
        by_start, by_end = self._tokens(sentence)
        excepted = [(start, end) for start, end, word in spots if word is None]
        confirmed: list[Occurrence] = []
        for start, end, word in sorted(spots, key=itemgetter(0)):
            if word is None or any(begin <= start and end <= finish for begin, finish in excepted):
                continue
            occurrence = _confirm(word, start, end, by_start, by_end)
            if occurrence is not None:
                confirmed.append(occurrence)
        if is_open:
            for token in self.draft.sentence_tokens(sentence):
                if number in self._lexicon.open_classes(token.pos):
                    insort(confirmed, Occurrence(token.start, token.end, token), key=_by_start)
        return tuple(confirmed)

    def _tokens(self, sentence: int) -> tuple[Mapping[int, Token], Mapping[int, Token]]:
        """Tokens of a sentence by where they start, and by where they end."""
        found = self._by_place.get(sentence)
        if found is None:
            tokens = self.draft.sentence_tokens(sentence)
            found = self._by_place[sentence] = (
                {token.start: token for token in tokens},
                {token.end: token for token in tokens},
            )
        return found


def _by_start(occurrence: Occurrence) -> int:
    return occurrence.start


def _confirm(
    word: _Word, start: int, end: int, by_start: Mapping[int, Token], by_end: Mapping[int, Token]
) -> Occurrence | None:
    if word.loose:
        last = by_end.get(end)
        return Occurrence(start, end, last or Token(start, end, word.key, word.key, word.key, _NO_POS))
    if start not in by_start:
        return None
    if not word.lemma:
        last = by_end.get(end) or _cut(start, end, by_start)
        return Occurrence(start, max(end, last.end), last) if last is not None else None
    last = by_start.get(start + word.tail)
    if last is None or (last.lemma != word.lemma and last.norm != word.norm):
        return None
    return Occurrence(start, last.end, last)


def _cut(start: int, end: int, by_start: Mapping[int, Token]) -> Token | None:
    """Give the last token of a listed word that ends in the stem of an inflected one: 「夜中に泣」き, 「教えちゃ」う.

    A single kana is no stem, but of ない and たい: 「会議で」 is not in 「会議できる」.
    """
    for at in range(end - 1, start, -1):
        token = by_start.get(at)
        if token is not None:
            is_stem = end - at > 1 or not _KANA.match(token.surface) or token.lemma in _STEMS_OF_ONE_KANA
            return token if token.form != "*" and token.end > end and is_stem else None
    return None


_KANA = re.compile("[ぁ-ゖァ-ヺー]")
_STEMS_OF_ONE_KANA = frozenset(("ない", "たい"))
_INFLECTING_AUXILIARIES = frozenset(("助動詞-ナイ", "助動詞-レル", "助動詞-タイ"))
"""Auxiliaries whose inflections begin alike; ます and た are listed in the form that is meant."""
_ENDINGS = {
    "う": "わいうえおっやぅ",
    "く": "かきくけこいっ",
    "ぐ": "がぎぐげごい",
    "す": "さしすせそ",
    "つ": "たちつてとっ",
    "ぬ": "なにぬねのん",
    "ぶ": "ばびぶべぼん",
    "む": "まみむめもん",
    "る": "らりるれろっんい",
}
"""What the inflections of a verb of five rows (五段動詞) go on with, by the end of its dictionary form."""
_ENDS_OF_LEMMAS = tuple("いうえぇくぐしすずつづぬふぶむゆるイルー")
"""What the dictionary forms of inflecting words end in; most words of the lists do not, and need not be looked up."""
_ADJECTIVE_ENDINGS = "いうかがきくけげさしすそっゅん"
"""What the inflections of ない, たい, よい go on with, also in なさすぎる, たがる, よげに."""
_MIN_KANA = 3
"""Shortest reading by which a word is recognised."""
_SHORT_KEY = 2
"""Code points up to which a stem is too common to look for alone."""
_NO_POS = ("*", "*", "*", "*", "*", "*")


def _members(name: str, by_name: Mapping[str, WordClass]) -> tuple[str, ...]:
    """Words of a class with those of the classes it includes; each once, in order.

    Raises KeyError for an unknown class, ValueError for a circle.
    """
    return tuple(dict.fromkeys(_expand(name, by_name, ())))


def _expand(name: str, by_name: Mapping[str, WordClass], above: tuple[str, ...]) -> Iterator[str]:
    if name in above:
        raise ValueError(name)
    for word in by_name[name].words:
        if word.startswith("@"):
            yield from _expand(word[1:], by_name, (*above, name))
        else:
            yield word


def _compile(listed: str) -> tuple[_Word, ...]:
    """Give the ways to find a word; several for a short verb, whose stem alone (の of のむ) is in every sentence."""
    written = see(listed).text  # as the draft is read: ＭＤＭＡ is MDMA there
    if written.startswith("~"):
        return (_Word(written[1:], len(written) - 1, loose=True),)
    if not written.endswith(_ENDS_OF_LEMMAS):
        return (_Word(written, len(written)),)
    last = tokenize(written)[-1]
    stem = _stem(last)
    if stem is None or last.start + len(stem) == 0:
        return (_Word(written, len(written)),)
    key = written[: last.start] + stem
    return tuple(_Word(key + ending, last.start, last.lemma, last.norm) for ending in _endings(key, last) or ("",))


def _endings(key: str, last: Token) -> str:
    """Give what may stand behind a stem that is too common to look for alone."""
    if len(key) <= _SHORT_KEY and last.pos[4].startswith("五段"):
        return _ENDINGS.get(last.surface[-1], "")
    if len(key) == 1 and (last.pos[0] == "形容詞" or last.pos[4] in ("助動詞-ナイ", "助動詞-タイ")):
        return _ADJECTIVE_ENDINGS
    return ""


def _in_kana(listed: str) -> _Word | None:
    """Give the way to find a word of kanji that is written in kana, if the dictionary knows it so: むのう is 無能."""
    kana = reading(listed)
    if len(kana) < _MIN_KANA or kana == listed:
        return None
    tokens = tokenize(kana)
    if len(tokens) != 1 or tokens[0].norm != tokenize(listed)[0].norm:
        return None
    return _Word(_stem(tokens[0]) or kana, 0, tokens[0].lemma, tokens[0].norm)


def _stem(token: Token) -> str | None:
    """Give what all inflections of a word begin with; None if it does not inflect or is listed inflected."""
    kind, inflection = token.pos[0], token.pos[4]
    if token.surface != token.lemma or kind not in ("動詞", "形容詞", "助動詞"):
        return None
    if kind == "形容詞" or "段" in inflection or inflection in _INFLECTING_AUXILIARIES:
        return token.surface[:-1]
    if inflection == "カ行変格":
        return token.surface.removesuffix("る").removesuffix("く")
    if inflection.startswith("サ行変格"):
        return token.surface.removesuffix("する")
    return None


def bits(mask: int) -> Iterator[int]:
    """Give the numbers of the bits that are set, highest first: what is left is soon a short number."""
    while mask:
        number = mask.bit_length() - 1
        mask ^= 1 << number
        yield number


def _mask(numbers: Iterable[int]) -> int:
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask
