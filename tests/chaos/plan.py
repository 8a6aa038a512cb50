"""What happens in a run. The same seed gives the same plan, whatever the machine does with it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Any

from tests.doubles.slack import Delivery
from tests.doubles.slack.mischief import Fault, Trouble, Whim
from tests.e2e import service

SECRET = "るりたてはの森"
"""Stands in everything that people write, so that a word that leaks is found. No other program says it."""
CHANNELS = service.CHANNELS[:24]
"""The review channels of a town: as many as it takes for one message a second into each to hold hardly anybody up."""
STARTING = 4.0
"""Seconds that a replica takes to start, or longer."""


class Act(Enum):
    """What somebody does with a draft."""

    WRITE = "write"
    EDIT = "edit"
    REPLY = "reply"
    """Writes the next version as a reply (「修正版」)."""
    REVISE = "revise"
    """Writes the next version in the form."""
    DELETE = "delete"
    APPROVE = "approve"
    RETURN = "return"
    DISPUTE = "dispute"
    RULE = "rule"
    """Accepts the dispute for this draft."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a draft says, and whether the guideline forbids it."""

    words: str
    forbidden: bool


NO_TEXT = Text("", forbidden=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One act. ``patient``: whoever did it waits for what comes of it, else only ``pause`` seconds."""

    act: Act
    text: Text = NO_TEXT
    patient: bool = True
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Life:
    """What becomes of one draft, from its first version on.

    ``number`` counts the drafts of a town, and this one begins ``after`` so many seconds at least from the one before.
    """

    number: int
    after: float
    channel: str
    steps: tuple[Step, ...]

    @property
    def author(self) -> str:
        return f"U1{self.number:04}"

    @property
    def boss(self) -> str:
        """The supervisor who decides on it."""
        return f"U8{self.number:04}"


class Strike(StrEnum):
    """What breaks."""

    KILL = "SIGKILL"
    DROP = "sockets cut"
    REFRESH = "sockets asked to go"
    HALF_OPEN = "sockets half open"
    LOSE_ACKNOWLEDGEMENTS = "acknowledgements lost"
    STOP_DATABASE = "PostgreSQL stopped"
    CRASH_DATABASE = "PostgreSQL crashed"


@dataclass(frozen=True, slots=True)
class Blow:
    """Something breaks when life number ``at`` begins, ``delay`` seconds later; what is down stays so for ``down``.

    ``again``: so many seconds after a killed replica was started, while it may still be starting, it is killed again.
    """

    at: int
    strike: Strike
    replica: int = 0
    delay: float = 0.0
    down: float = 0.0
    again: float | None = None

    @property
    def kills(self) -> int:
        return (self.strike is Strike.KILL) * (1 if self.again is None else 2)


@dataclass(frozen=True, slots=True)
class TownPlan:
    """What happens in one town: ``replicas`` share a PostgreSQL database, a single one has SQLite."""

    name: str
    seed: int
    replicas: int
    lives: tuple[Life, ...]
    blows: tuple[Blow, ...]

    @property
    def kills(self) -> int:
        return sum(blow.kills for blow in self.blows)

    @property
    def rows_of_blows(self) -> tuple[tuple[Blow, ...], ...]:
        """The blows in rows, each in order: those on each replica, and those on what all have in common.

        Rows go on at the same time, so that all replicas may be down at once, or one while its database is.
        """
        kills = (tuple(blow for blow in self.blows if blow.replica == n and blow.kills) for n in range(self.replicas))
        return *kills, tuple(blow for blow in self.blows if not blow.kills)

    def weather(self) -> Callable[[Delivery], Sequence[float]]:
        """How events travel. What people write goes astray by its words, so that it does so again in a replay."""
        return lambda delivery: _journey(self.seed, delivery.event)

    def whim(self) -> Whim:
        """Which calls of Slack's Web API go wrong: the n-th of a method, since what they say depends on timing."""
        calls: dict[str, int] = {}

        def decide(method: str, _arguments: Mapping[str, Any]) -> Trouble | None:
            calls[method] = calls.get(method, 0) + 1
            return _trouble(random.Random(f"{self.seed}/{method}/{calls[method]}"), method)

        return decide


@dataclass(frozen=True, slots=True)
class Size:
    """How much happens in a town."""

    lives: int
    kills: int
    database_restarts: int = 0

    def part(self, scale: float) -> Size:
        """Return a part of it, with as many restarts of the database."""
        return replace(self, lives=round(self.lives * scale), kills=round(self.kills * scale))


TWO, ONE = Size(680, 33, database_restarts=2), Size(320, 17)
"""The whole run: what happens to two replicas on PostgreSQL, and to one on SQLite, so that both take about as long."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole run."""

    seed: int
    towns: tuple[TownPlan, ...]


def plan(seed: int, *, two: Size, one: Size) -> Plan:
    """Make the plan of a run: ``two`` replicas on PostgreSQL in Socket Mode, and ``one`` on SQLite over HTTP."""
    return Plan(
        seed,
        (
            _town("PostgreSQL, 2 replicas, Socket Mode", seed * 2, two, replicas=2),
            _town("SQLite, 1 replica, HTTP", seed * 2 + 1, one, replicas=1),
        ),
    )


def _town(name: str, seed: int, size: Size, *, replicas: int) -> TownPlan:
    dice = random.Random(seed)
    lives = tuple(_life(dice, number) for number in range(size.lives))
    return TownPlan(name, seed, replicas, lives, tuple(_blows(dice, size, replicas)))


# ── what people write ────────────────────────────────────────────────────────────────────────────────────────────────

_HARMLESS = (
    "から、図書室の本を借りられます。",
    "で、秋の写生会を開きました。",
    "の遊歩道を、きれいに掃除しました。",
    "に、新しいベンチを置きました。",
)
_FORBIDDEN = (
    "の担当者は無能で、話になりません。",
    "のことで、うちの課長は無能だ。",
)


def _text(dice: random.Random, *, forbidden: bool) -> Text:
    # The number makes the words unique, and with them how their event travels.
    words = dice.choice(_FORBIDDEN if forbidden else _HARMLESS)
    return Text(f"{SECRET}{words}整理番号は{dice.randrange(10**6):06}番です。", forbidden)


# ── lives ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _life(dice: random.Random, number: int) -> Life:
    shape, _weight = zip(*_SHAPES, strict=True)
    steps = dice.choices(shape, _weight)[0](dice)
    return Life(number, dice.uniform(0, 0.3), dice.choice(CHANNELS), tuple(steps))


def _write(dice: random.Random, *, forbidden: bool | None = None, **how: Any) -> Step:
    bad = dice.random() < 0.4 if forbidden is None else forbidden
    return Step(Act.WRITE, _text(dice, forbidden=bad), **how)


def _next(dice: random.Random, act: Act, **how: Any) -> Step:
    return Step(act, _text(dice, forbidden=dice.random() < 0.2), **how)


def _said(dice: random.Random, act: Act) -> Step:
    return Step(act, Text(f"{SECRET}について、{dice.randrange(10**6):06}番の控えを見てください。", forbidden=False))


def _hasty(dice: random.Random) -> dict[str, Any]:
    return {"patient": False, "pause": dice.choice((0.0, 0.0, dice.uniform(0, 2)))}


def _alone(dice: random.Random) -> Iterator[Step]:
    yield _write(dice)


def _edited(dice: random.Random) -> Iterator[Step]:
    yield _write(dice)
    yield _next(dice, Act.EDIT)


def _edited_in_haste(dice: random.Random) -> Iterator[Step]:
    yield _write(dice, **_hasty(dice))
    for _ in range(dice.randrange(3)):
        yield _next(dice, Act.EDIT, **_hasty(dice))
    yield _next(dice, Act.EDIT)


def _changed_back(dice: random.Random) -> Iterator[Step]:
    first = _write(dice)
    yield first
    yield _next(dice, Act.EDIT, **({} if dice.random() < 0.5 else _hasty(dice)))
    yield Step(Act.EDIT, first.text)


def _written_anew(dice: random.Random) -> Iterator[Step]:
    yield _write(dice)
    yield _next(dice, dice.choice((Act.REPLY, Act.REVISE)))


def _deleted(dice: random.Random) -> Iterator[Step]:
    yield _write(dice, **({} if dice.random() < 0.5 else _hasty(dice)))
    if dice.random() < 0.4:
        yield _next(dice, Act.EDIT, **({} if dice.random() < 0.5 else _hasty(dice)))
    yield Step(Act.DELETE)


def _approved(dice: random.Random) -> Iterator[Step]:
    yield _write(dice)
    yield _said(dice, Act.APPROVE)


def _returned_and_approved(dice: random.Random) -> Iterator[Step]:
    yield _write(dice, forbidden=True)
    yield _said(dice, Act.RETURN)
    yield _next(dice, dice.choice((Act.EDIT, Act.REPLY, Act.REVISE)))
    yield _said(dice, Act.APPROVE)


def _disputed(dice: random.Random) -> Iterator[Step]:
    yield _write(dice, forbidden=True)
    yield _said(dice, Act.DISPUTE)
    yield _said(dice, Act.RULE)


_SHAPES: tuple[tuple[Callable[[random.Random], Iterator[Step]], int], ...] = (
    (_alone, 30),
    (_edited, 12),
    (_edited_in_haste, 15),
    (_changed_back, 6),
    (_written_anew, 7),
    (_deleted, 14),
    (_approved, 8),
    (_returned_and_approved, 5),
    (_disputed, 3),
)


# ── what breaks ──────────────────────────────────────────────────────────────────────────────────────────────────────

_SOCKETS = (Strike.DROP, Strike.REFRESH, Strike.HALF_OPEN)


def _blows(dice: random.Random, size: Size, replicas: int) -> Iterator[Blow]:
    """Yield everything that breaks, in order. The lives go on for a while after the last one."""
    again = size.kills // 6
    kills = [Strike.KILL] * (size.kills - again)
    databases = [(Strike.STOP_DATABASE, Strike.CRASH_DATABASE)[n % 2] for n in range(size.database_restarts)]
    harmless = _SOCKETS if replicas > 1 else (Strike.LOSE_ACKNOWLEDGEMENTS,)
    disturbances = [dice.choice(harmless) for _ in range(size.kills // 4)]
    strikes = [*kills, *databases, *disturbances]
    dice.shuffle(strikes)
    twice = set(dice.sample([n for n, strike in enumerate(strikes) if strike is Strike.KILL], again))
    turns = itertools.cycle(range(replicas))
    for number, at in enumerate(sorted(dice.choices(range(1, size.lives), k=len(strikes)))):
        yield Blow(
            at,
            strikes[number],
            next(turns) if strikes[number] is Strike.KILL else 0,
            delay=dice.uniform(0, 0.6),
            down=dice.uniform(0, 1.5),
            again=dice.uniform(0, STARTING) if number in twice else None,
        )


def _journey(seed: int, event: Mapping[str, Any]) -> Sequence[float]:
    message = event.get("message") or event.get("previous_message") or event
    if message.get("bot_id"):
        return (0.0,)
    dice = random.Random(f"{seed}/{event.get('subtype')}/{message.get('text')}")
    match dice.choices(("calm", "twice", "late", "twice, once late", "long after"), (70, 10, 10, 5, 5))[0]:
        case "twice":
            return (0.0, 0.0)
        case "late":
            return (dice.uniform(0, 3),)
        case "twice, once late":
            return (0.0, dice.uniform(0, 5))
        case "long after":
            return (0.0, dice.uniform(5, 60))
        case _:
            return (0.0,)


def _trouble(dice: random.Random, method: str) -> Trouble | None:
    after_effect = dice.random() < 0.5
    match dice.choices(("fine", "limit", "status", "cut", "error", "hang"), (9_600, 150, 100, 100, 45, 5))[0]:
        case "limit":
            return Trouble(Fault.RATE_LIMIT, method, 1, status=429, retry_after=dice.choice((1, 1, 2, 5)))
        case "status":
            return Trouble(Fault.STATUS, method, 1, status=503, after_effect=after_effect)
        case "cut":
            return Trouble(Fault.DROP, method, 1, after_effect=after_effect)
        case "error":
            return Trouble(Fault.ERROR, method, 1, error="internal_error")
        case "hang" if method != "apps.connections.open":
            return Trouble(Fault.HANG, method, 1, after_effect=after_effect)
        case _:
            return None
