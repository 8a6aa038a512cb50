"""The pattern language of rules, and the index that finds the few rules worth looking at.

A pattern is a line such as::

    @person ~ @contempt            a word of the class, at most 8 code points later one of the other
    @group … @exclusion            at most 40 code points later
    @group (は|って) @contempt      one directly behind the other
    @secrecy & @office             both, in any order, within the window
    @office & @hedge & !@published  … and none of these in the window
    draft: @bid & @price           the window for this line: clause, sentence (default), near (a sentence before and
    behind), draft

Items: ``@class``, ``@class:命令形`` (its last word in this inflection), a word (inflects as words of classes do),
``(a|b|c)``,
``<part of speech:form>``, ``~`` and ``…``. The first term is what the finding marks.

Every alternative is filed under the class that is expected to be rarest among those it needs, so an alternative costs
nothing in a draft
without that class: the time of a review does not grow with the number of rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from rules.draft import MAX_SENTENCE, Draft, Span
from rules.lexicon import Lexicon, Occurrence, Reading, TokenPattern, bits
from rules.scope import Scopes
from rules.tokens import Token

NEAR_GAP = 8
"""Code points that ``~`` lets stand between two items."""
FAR_GAP = 40
"""Code points that ``…`` lets stand between two items."""
WINDOWS = ("clause", "sentence", "near", "draft")
_BEYOND_A_SENTENCE = frozenset(("near", "draft"))
_MAX_INFLECTION = 8
"""Code points by which an inflected word may be longer than what all its inflections begin with."""
_MAX_TOKEN = 30
"""Code points that one token between two words may have."""
_MAX_PLACES = 8
"""Places of a term whose words are given: enough to weigh them."""
_MAX_MATCHES = 200
"""Matches of one term looked at in a sentence: enough for any text, and a bound for hostile ones."""


@dataclass(frozen=True, slots=True)
class ClassItem:
    """A word of a class, by the class's number; ``form`` is the beginning of its last token's inflection form."""

    number: int
    form: str = ""


@dataclass(frozen=True, slots=True)
class SurfaceItem:
    """One of several short strings, compared letter by letter at token boundaries: particles and endings."""

    strings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenItem:
    """A token by part of speech."""

    pattern: TokenPattern


Item = ClassItem | SurfaceItem | TokenItem


@dataclass(frozen=True, slots=True)
class Step:
    """An item, and how many code points may stand before it."""

    item: Item
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """Steps that follow each other; ``absent``: that must not be found.

    ``mask`` has the classes without which it cannot match; ``order`` has what can be seen of it before there are
    tokens, each with the code points behind the one before within which it has to begin.
    """

    steps: tuple[Step, ...]
    absent: bool
    mask: int
    order: tuple[tuple[ClassItem | SurfaceItem, int], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled line. ``mask`` has the classes that its window needs; ``anchor`` is the rarest of them."""

    window: str
    terms: tuple[Term, ...]
    mask: int
    anchor: int


class Match(NamedTuple):
    """Where a pattern matches: the span of its first term, and for each other term where it stands in the window."""

    start: int
    end: int
    others: tuple[tuple[Span, ...], ...]


class PatternError(ValueError):
    """A line that is no pattern; ``str(error)`` says in Japanese what is wrong."""


_Owner = TypeVar("_Owner")


class Index(Generic[_Owner]):
    """Patterns with whatever they belong to, filed by their anchors."""

    def __init__(self, patterns: Iterable[tuple[Pattern, _Owner]]) -> None:
        self._by_anchor: dict[int, list[tuple[int, bool, Pattern, _Owner]]] = defaultdict(list)
        for pattern, owner in patterns:
            others = pattern.mask & ~(1 << pattern.anchor)
            is_wide = pattern.window in _BEYOND_A_SENTENCE
            self._by_anchor[pattern.anchor].append((others, is_wide, pattern, owner))
        self._anchors = 0
        for anchor in self._by_anchor:
            self._anchors |= 1 << anchor

    def candidates(
        self, reading: Reading, sentences: Container[int] | None = None
    ) -> Iterator[tuple[Pattern, _Owner, int]]:
        """Patterns whose words may all be there, each with the sentence to look in (where the anchor stands).

        Only some ``sentences`` are looked at, if they are given.
        """
        whole_draft: set[int] = set()  # ids of patterns that have been given once for all sentences
        in_draft = reading.mask
        for sentence, mask in reading.masks.items():
            if sentences is not None and sentence not in sentences:
                continue
            for anchor in bits(mask & self._anchors):
                for others, is_wide, pattern, owner in self._by_anchor[anchor]:
                    if others & (in_draft if is_wide else mask) != others or id(pattern) in whole_draft:
                        continue
                    if _may_match(pattern, reading, sentence):
                        if pattern.window == "draft":
                            whole_draft.add(id(pattern))
                        yield pattern, owner, sentence


def _sentences_near(sentence: int) -> range:
    """From the anchor to the first term there may be one sentence, and from there one more to the others."""
    return range(sentence - 2, sentence + 3)


def _may_match(pattern: Pattern, reading: Reading, sentence: int) -> bool:
    """Tell whether the terms of a pattern may each be there, before any sentence is split into tokens."""
    if pattern.window not in _BEYOND_A_SENTENCE:
        return all(term.absent or _may_hold(term, reading, sentence) for term in pattern.terms)
    around: Collection[int] = _sentences_near(sentence) if pattern.window == "near" else reading.masks
    return all(any(_may_hold(term, reading, index) for index in around) for term in pattern.terms if not term.absent)


def _may_hold(term: Term, reading: Reading, sentence: int) -> bool:
    """Tell whether the letters of a term's words stand in a sentence, in its order and as close as it wants them."""
    if reading.masks.get(sentence, 0) & term.mask != term.mask:
        return False
    if len(term.order) < 2:
        return True
    ends: Sequence[int] = (reading.draft.sentences[sentence][0],)
    for item, reach in term.order:
        ends = sorted({end for start, end in _letters(item, reading, sentence) if _is_near(ends, start, reach)})
    return bool(ends)


def _letters(item: ClassItem | SurfaceItem, reading: Reading, sentence: int) -> Iterator[Span]:
    """Where the letters of an item stand in a sentence, words there or not."""
    if isinstance(item, ClassItem):
        for start, end, word in reading.spots(sentence, item.number):
            if word is not None:
                yield start, end
        return
    text = reading.draft.text
    begin, finish = reading.draft.sentences[sentence]
    for string in item.strings:
        limit = finish + len(string) - 1
        at = text.find(string, begin, limit)
        while at >= 0:
            yield at, at + len(string)
            at = text.find(string, at + 1, limit)


def _is_near(ends: Sequence[int], start: int, reach: int) -> bool:
    """Tell whether one of ``ends``, which are in order, lies at most ``reach`` before ``start``."""
    at = bisect_right(ends, start)
    return at > 0 and start - ends[at - 1] <= reach


class Matcher:
    """Matches patterns in one draft."""

    def __init__(self, reading: Reading, scopes: Scopes) -> None:
        self._reading = reading
        self._scopes = scopes
        self._draft: Draft = reading.draft
        self._anywhere: dict[int, bool] = {}

    def find(self, pattern: Pattern, sentence: int) -> Iterator[Match]:
        """Give the places of a pattern's first term where it matches, its anchor standing in ``sentence``."""
        lead, *others = pattern.terms
        for index in self._sentences(pattern.window, sentence):
            if self._reading.masks.get(index, 0) & lead.mask == lead.mask:
                for span in self._matches(lead, index):
                    if all(self._holds(term, pattern.window, span) for term in others):
                        yield Match(*span, tuple(self._present(others, pattern.window, span)))

    def words(self, pattern: Pattern, match: Match) -> Iterator[tuple[tuple[Span, ...], ...]]:
        """For each term that a match shows, its places, each as the words that make it; particles are none."""
        shown = (term for term in pattern.terms[1:] if not term.absent)
        yield (self._words(pattern.terms[0], match.start),)
        for term, places in zip(shown, match.others, strict=False):
            yield tuple(self._words(term, start) for start, _ in places[:_MAX_PLACES])

    @property
    def text(self) -> str:
        """Text of the draft."""
        return self._draft.text

    def near(self, pattern: Pattern, span: Span) -> bool:
        """Tell whether a pattern matches in its window around ``span``; for what excuses a finding."""
        return all(self._holds(term, pattern.window, span) for term in pattern.terms)

    def _present(self, terms: Iterable[Term], window: str, span: Span) -> Iterator[tuple[Span, ...]]:
        """Where the other words of a match stand; those of the whole draft are too far away to matter."""
        if window != "draft":
            for term in terms:
                if not term.absent:
                    yield tuple(self._around(term, window, span))

    def _sentences(self, window: str, sentence: int) -> range:
        count = len(self._draft.sentences)
        if window == "draft":
            return range(count)
        if window == "near":
            return range(max(0, sentence - 1), min(count, sentence + 2))
        return range(sentence, sentence + 1)

    def _holds(self, term: Term, window: str, span: Span) -> bool:
        if window == "draft":
            return self._is_anywhere(term) is not term.absent
        return any(True for _ in self._around(term, window, span)) is not term.absent

    def _around(self, term: Term, window: str, span: Span) -> Iterator[Span]:
        """Give the matches of a term in the window around ``span``."""
        sentence = self._draft.sentence_index(span[0])
        begin, finish = self._scopes.clause(span[0]) if window == "clause" else (0, len(self._draft.text))
        for index in self._sentences(window, sentence):
            if self._reading.masks.get(index, 0) & term.mask == term.mask:
                for start, end in self._matches(term, index):
                    if begin <= start and end <= finish:
                        yield start, end

    def _is_anywhere(self, term: Term) -> bool:
        found = self._anywhere.get(id(term))
        if found is None:
            sentences = [index for index, mask in self._reading.masks.items() if mask & term.mask == term.mask]
            found = self._anywhere[id(term)] = any(True for index in sentences for _ in self._matches(term, index))
        return found

    def _matches(self, term: Term, sentence: int) -> Iterator[Span]:
        """Give the shortest match from every place at which the term's first item stands."""
        first = term.steps[0].item
        for count, (start, end) in enumerate(self._candidates(first, sentence, *self._draft.sentences[sentence])):
            if count == _MAX_MATCHES:
                return
            finish = self._follow(term.steps, 1, end, sentence)
            if finish is not None:
                yield start, finish

    def _follow(self, steps: Sequence[Step], at: int, position: int, sentence: int) -> int | None:
        if at == len(steps):
            return position
        step = steps[at]
        limit = min(position + step.gap, self._draft.sentences[sentence][1])
        for _, end in self._candidates(step.item, sentence, position, limit + 1):
            finish = self._follow(steps, at + 1, end, sentence)
            if finish is not None:
                return finish
        return None

    def _words(self, term: Term, start: int) -> tuple[Span, ...]:
        """Give the words of the shortest match of a term that starts at ``start``."""
        sentence = self._draft.sentence_index(start)
        limit = self._draft.sentences[sentence][1]
        words: list[Span] = []
        position = start
        for at, step in enumerate(term.steps):
            reach = start + 1 if at == 0 else min(position + step.gap, limit) + 1
            for place in self._candidates(step.item, sentence, position, reach):
                if self._follow(term.steps, at + 1, place[1], sentence) is not None:
                    words += [place] if isinstance(step.item, ClassItem) else []
                    position = place[1]
                    break
        return tuple(words)

    def _candidates(self, item: Item, sentence: int, begin: int, limit: int) -> Iterator[Span]:
        """Places of an item that start in ``begin:limit``."""
        if isinstance(item, ClassItem):
            found = self._reading.occurrences(sentence, item.number)
            for occurrence in found[bisect_left(found, begin, key=_start) :]:
                if occurrence.start >= limit:
                    return
                if occurrence.last.form.startswith(item.form):
                    yield occurrence.start, occurrence.end
        elif isinstance(item, TokenItem):
            for token in self._tokens_from(sentence, begin, limit):
                if item.pattern.matches(token):
                    yield token.start, token.end
        else:
            yield from self._surfaces(item, sentence, begin, limit)

    def _tokens_from(self, sentence: int, begin: int, limit: int) -> Iterator[Token]:
        tokens = self._draft.sentence_tokens(sentence)
        for token in tokens[bisect_left(tokens, begin, key=_start) :]:
            if token.start >= limit:
                return
            yield token

    def _surfaces(self, item: SurfaceItem, sentence: int, begin: int, limit: int) -> Iterator[Span]:
        for token in self._tokens_from(sentence, begin, limit):
            for string in item.strings:
                end = token.start + len(string)
                if self._draft.text.startswith(string, token.start) and self._is_boundary(sentence, end):
                    yield token.start, end

    def _is_boundary(self, sentence: int, position: int) -> bool:
        tokens = self._draft.sentence_tokens(sentence)
        at = bisect_left(tokens, position, key=_start)
        return at == len(tokens) or tokens[at].start == position


def _start(thing: Occurrence | Token) -> int:
    return thing.start


# --- reading the language --------------------------------------------------------------------------------------------

_WINDOW = re.compile(rf"({'|'.join(WINDOWS)}):\s*")
_ITEM = re.compile(
    r"@(?P<name>[a-z_.]+)(?::(?P<form>\w+))?|<(?P<token>[^<>]+)>|\((?P<choice>[^()]+)\)|(?P<gap>[~…])|(?P<word>[^\s@<>()~…]+)"
)
_SHORT_KANA = re.compile(r"[ぁ-ゖー]{1,2}|ません|ない|です|ます|から|って")


def literals(line: str) -> Iterator[str]:
    """Give the words that stand in a pattern itself: each has to be in the lexicon, as a class of its own."""
    for item in _ITEM.finditer(line):
        choice = item["choice"] or item["word"]
        if choice and not _WINDOW.fullmatch(choice + " ") and choice not in ("&", "!") and not _is_surface(choice):
            yield choice.lstrip("!")


def literal_class(choice: str) -> str:
    """Name of the class that holds the words of a literal item."""
    return f"={choice}"


def compile_pattern(line: str, lexicon: Lexicon, default_window: str = "sentence") -> Pattern:
    """Compile one line. Raises PatternError."""
    window = default_window
    prefix = _WINDOW.match(line)
    if prefix:
        window = prefix[1]
        line = line[prefix.end() :]
    terms = tuple(_term(part.strip(), lexicon) for part in line.split("&"))
    if terms[0].absent:
        raise PatternError("最初の条件に「!」は付けられません。")
    mask = 0
    for term in terms:
        mask |= 0 if term.absent else term.mask
    if not mask:
        raise PatternError("語群か語を少なくとも一つ書いてください（品詞や助詞だけの型は使えません）。")
    return Pattern(window, terms, mask, _rarest(mask, lexicon.weights))


def _term(part: str, lexicon: Lexicon) -> Term:
    absent = part.startswith("!")
    steps: list[Step] = []
    gap = 0
    position = 0
    part = part.removeprefix("!").strip()
    while position < len(part):
        found = _ITEM.match(part, position)
        if found is None:
            raise PatternError(f"「{part[position:]}」の部分を読めません。")
        position = found.end()
        while position < len(part) and part[position].isspace():
            position += 1
        if found["gap"]:
            gap = NEAR_GAP if found["gap"] == "~" else FAR_GAP
            continue
        steps.append(Step(_item(found, lexicon), gap if steps else 0))
        gap = 0
    if not steps:
        raise PatternError("条件が空です。")
    return Term(tuple(steps), absent, _term_mask(steps, lexicon), tuple(_order(steps, lexicon)))


def _item(found: re.Match[str], lexicon: Lexicon) -> Item:
    if found["token"]:
        return TokenItem(TokenPattern.parse(found["token"]))
    if found["name"]:
        return ClassItem(_number(found["name"], lexicon), found["form"] or "")
    choice = found["choice"] or found["word"]
    if _is_surface(choice):
        return SurfaceItem(tuple(choice.split("|")))
    return ClassItem(_number(literal_class(choice), lexicon))


def _number(name: str, lexicon: Lexicon) -> int:
    try:
        return lexicon.number(name)
    except KeyError:
        raise PatternError(f"語群「@{name}」がありません。") from None


def _is_surface(choice: str) -> bool:
    return all(_SHORT_KANA.fullmatch(string) for string in choice.split("|"))


def _term_mask(steps: Sequence[Step], lexicon: Lexicon) -> int:
    mask = 0
    for step in steps:
        if isinstance(step.item, ClassItem) and not lexicon.is_open(step.item.number):
            mask |= 1 << step.item.number
    return mask


def _order(steps: Sequence[Step], lexicon: Lexicon) -> Iterator[tuple[ClassItem | SurfaceItem, int]]:
    reach = MAX_SENTENCE
    for step in steps:
        reach += step.gap
        item = step.item
        if isinstance(item, TokenItem) or (isinstance(item, ClassItem) and lexicon.is_open(item.number)):
            reach += _MAX_TOKEN
        else:
            yield item, reach
            reach = _MAX_INFLECTION if isinstance(item, ClassItem) else 0


def _rarest(mask: int, weights: Sequence[float]) -> int:
    return min(bits(mask), key=lambda number: (weights[number], number))
