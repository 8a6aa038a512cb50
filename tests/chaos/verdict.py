"""Whether the promises were kept: what stands in Slack and in the record, against the chronicle of what people did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.catching_up import CATCH_UP
from bot.history import DecisionKind, EventKind, History, Place, Thread
from bot.history.tables import inbox
from tests.chaos import channel
from tests.chaos.channel import Marked
from tests.chaos.lives import Told, standing_answer
from tests.chaos.plan import SECRET, Act
from tests.doubles.slack import Delivery, SlackDouble
from tests.e2e import drafts

KINDS = {Act.APPROVE: DecisionKind.APPROVE, Act.RETURN: DecisionKind.RETURN}
SHOWN = {Act.APPROVE: "white_check_mark", Act.RETURN: "repeat"}


@dataclass(frozen=True, slots=True)
class Check:
    """One promise, on how many things it was checked, and where it was broken."""

    promise: str
    on: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One draft: what was done with it, what stands in its thread, and what the service has recorded."""

    told: Told
    marks: tuple[Marked, ...]
    standing: Marked | None
    reactions: frozenset[str]
    record: Thread | None
    delivered: frozenset[str]
    """Time stamps of the words that Slack delivered: a message's own, or that of its edit."""
    heard_of: bool
    """Whether Slack delivered anything at all about the draft itself."""
    gone: bool
    """The draft was deleted and left no thread, in which something could be said."""

    def of(self, kind: str) -> list[Marked]:
        return [mark for mark in self.marks if mark.kind == kind]


async def cases(slack: SlackDouble, chronicle: Sequence[Told], history: History) -> list[Case]:
    """Collect what there is to judge."""
    found = []
    delivered = _delivered(slack.courier.deliveries)
    heard_of = _heard_of(slack.courier.deliveries)
    for told in chronicle:
        room = slack.channel(told.life.channel)
        message = room.channel.messages.get(told.draft)
        reactions = message.reactions if message else {}
        found.append(
            Case(
                told,
                tuple(channel.thread(room, told.draft)),
                standing_answer(room, told),
                frozenset(name for name, users in reactions.items() if slack.identity.bot_user in users),
                await history.drafts.thread(Place("slack", slack.identity.team, told.life.channel, told.draft)),
                frozenset(stamp for draft, stamp in delivered if draft in {stamp, told.draft}),
                heard_of=told.draft in heard_of,
                gone=message is None,
            )
        )
    return found


def judge(judged: Sequence[Case]) -> list[Check]:
    """Check every promise that concerns single drafts."""
    live = [case for case in judged if not case.told.deleted]
    deleted = [case for case in judged if case.told.deleted]
    decided = [case for case in live if case.told.decisions]
    disputed = [case for case in live if case.told.disputes]
    return [
        _check("nobody waited in vain", judged, lambda case: [case.told.complaint] if case.told.complaint else []),
        _check("no message twice", judged, _twice),
        _check("each live draft: one open answer, to the words that stand", live, _answered),
        _check("each answer is the right one", live, _right),
        _check("each version that somebody waited for is answered", judged, _waited_for),
        _check("deleted drafts: no answer after the deletion was known", deleted, _deleted),
        _check("each delivered version is recorded once, as it was written", judged, _versions),
        _check("each answer in Slack is recorded, and each recorded one is there", judged, _receipts),
        _check("each decision is recorded and shown exactly once", decided, _decisions),
        _check("each dispute and its ruling: recorded and shown exactly once", disputed, _disputes),
        _check("nothing was given up", judged, lambda case: [mark.about for mark in case.of(channel.FAILURE)]),
    ]


async def books(history: History) -> list[Check]:
    """Check what concerns the record as a whole: the chain of its events, and the inbox."""
    proof = await history.ledger.verify()
    fault = () if proof.fault is None else (f"event {proof.broken}: {proof.fault}",)
    async with history.inbox._database.reading() as connection:
        # A reading of the channels is given up when processes died over it again and again: the next one begins where
        # it did, and what it did not read is missed by the other checks.
        counted = select(inbox.c.state, func.count().label("items")).where(inbox.c.kind != CATCH_UP)
        counted = counted.group_by(inbox.c.state)
        items: dict[str, int] = {row.state: row.items for row in await connection.execute(counted)}
    left = tuple(f"{number} items are {state}" for state, number in items.items() if state != "done")
    return [
        Check("the chain of events is whole", proof.head.number, fault),
        Check("everything in the inbox is done", sum(items.values()), left),
    ]


def leaks(logs: Iterable[tuple[str, str]], slack: SlackDouble) -> Check:
    """Look for words of drafts, comments and reasons, and for tokens, in everything that was logged."""
    credentials = slack.credentials
    words = (SECRET, *(SECRET.encode(code).decode("ascii") for code in ("unicode_escape",)))
    secrets = (*words, credentials.bot_token, credentials.app_token, credentials.signing_secret)
    written = list(logs)
    broken = [f"{secret!r} in the log of {name}" for name, log in written for secret in secrets if secret in log]
    return Check("no word of a draft and no token in any log", sum(len(log) for _, log in written), tuple(broken))


def _check(promise: str, judged: Sequence[Case], look: Callable[[Case], Iterable[str]]) -> Check:
    broken = [
        f"{case.told.life.channel} {case.told.draft} (life {case.told.life.number}): {what}"
        for case in judged
        for what in look(case)
    ]
    return Check(promise, len(judged), tuple(broken))


# ── in Slack ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _twice(case: Case) -> Iterator[str]:
    for identity, times in Counter(mark.identity for mark in case.marks).items():
        if times > 1:
            yield f"{times} × {identity}"


def _answered(case: Case) -> Iterator[str]:
    if case.standing is None:
        yield "the words that stand have no answer"
        return
    for mark in case.of(channel.ANSWER):
        if mark.folded == (mark.about == case.standing.about):
            yield f"the answer to {mark.about} is {'folded' if mark.folded else 'open'}"


def _right(case: Case) -> Iterator[str]:
    if case.standing is None or case.told.rulings:
        return
    forbidden = case.told.versions[-1].text.forbidden
    read = case.standing.post.reading.text
    if (drafts.MUST_FIX in read, drafts.CALM in read) != (forbidden, not forbidden):
        yield f"the answer to {case.standing.about} is about other words"
    expected = {SHOWN[_last_decision(case.told)]} if case.told.decisions else {"no_entry"} if forbidden else set()
    if case.reactions != expected:
        yield f"reactions {sorted(case.reactions)} instead of {sorted(expected)}"


def _last_decision(told: Told) -> Act:
    """In every life of the plan a decision on the last version is the last step, or there is none at all."""
    return told.decisions[-1][0]


def _waited_for(case: Case) -> Iterator[str]:
    answered = {mark.about for mark in case.of(channel.ANSWER)}
    for revision in case.told.waited_for:
        if revision not in answered:
            yield f"no answer to {revision}"


# ── in Slack and in the record ───────────────────────────────────────────────────────────────────────────────────────


def _deleted(case: Case) -> Iterator[str]:
    if case.record is None:
        if case.heard_of:  # else it was written and deleted while nobody was there to hear of it
            yield "the deletion is not recorded"
        return
    kinds = [event.kind for event in case.record.events]
    if kinds.count(EventKind.WITHDRAWN) != 1:
        yield f"{kinds.count(EventKind.WITHDRAWN)} deletions are recorded"
    elif EventKind.ANSWERED in kinds[kinds.index(EventKind.WITHDRAWN) :]:
        yield "answered after the deletion"
    owed = any(version.receipt for version in case.record.versions) and not case.gone
    if len(case.of(channel.WITHDRAWAL)) != owed:
        yield f"{len(case.of(channel.WITHDRAWAL))} notices of the withdrawal"


def _versions(case: Case) -> Iterator[str]:
    """Words that were never delivered, and replaced before a replica could catch up, are nowhere to be found."""
    recorded = [(version.revision, version.text) for version in case.record.versions] if case.record else []
    written = [(version.revision, version.text.words) for version in case.told.versions]
    if [version for version in written if version in recorded] != recorded:
        yield f"recorded {[revision for revision, _ in recorded]}, written {[revision for revision, _ in written]}"
    for version in written:
        if version not in recorded and version[0] in case.delivered:
            yield f"{version[0]} was delivered and is not recorded"


def _delivered(deliveries: Iterable[Delivery]) -> set[tuple[str, str]]:
    """Return the message and the time stamp of all words whose delivery was acknowledged."""
    stamps = set()
    for event in (each.event for each in deliveries if each.acknowledged):
        message, previous = event.get("message"), event.get("previous_message") or {}
        if message is None and event.get("subtype") is None:
            stamps.add((str(event.get("ts")), str(event.get("ts"))))
        elif message and message.get("subtype") != "tombstone" and message.get("text") != previous.get("text"):
            stamps.add((str(message["ts"]), str((message.get("edited") or message)["ts"])))
    return stamps


def _heard_of(deliveries: Iterable[Delivery]) -> set[str]:
    """Return the messages of which any event was acknowledged."""
    events = [each.event for each in deliveries if each.acknowledged]
    messages = (event.get("message") or event.get("previous_message") or event for event in events)
    return {str(message.get("ts")) for message in messages}


def _receipts(case: Case) -> Iterator[str]:
    recorded = {version.receipt for version in case.record.versions if version.receipt} if case.record else set()
    there = {mark.post.ts for mark in case.of(channel.ANSWER) if mark.page == 1}
    if recorded != there:
        yield f"recorded {sorted(recorded)}, in Slack {sorted(there)}"


def _decisions(case: Case) -> Iterator[str]:
    made = [(KINDS[act], case.told.life.boss, comment) for act, comment in case.told.decisions]
    recorded = case.record.decisions if case.record else ()
    if [(each.kind, each.actor, each.comment) for each in recorded] != made:
        yield f"{len(recorded)} recorded of {len(made)}"
    yield from _shown_once(case.of(channel.DECIDED), [comment for _, comment in case.told.decisions])


def _disputes(case: Case) -> Iterator[str]:
    recorded = case.record.disputes if case.record else ()
    if [each.reason for each in recorded] != case.told.disputes:
        yield f"{len(recorded)} disputes recorded of {len(case.told.disputes)}"
    if [each.ruling.note for each in recorded if each.ruling] != case.told.rulings:
        yield "rulings are not recorded as made"
    yield from _shown_once(case.of(channel.DISPUTED), [*case.told.disputes, *case.told.rulings])


def _shown_once(marks: Sequence[Marked], said: Sequence[str]) -> Iterator[str]:
    shown: Mapping[str, int] = {words: sum(words in mark.post.reading.text for mark in marks) for words in said}
    yield from (f"{what} shown {times} times" for what, times in shown.items() if times != 1)
