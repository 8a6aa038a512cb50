"""What the desk says → what a thread in Teams shows: Adaptive Cards, and the lines of text for notifications.

Pure functions. Notification lines hold no words of a draft; people are named by the names that are handed in (id →
name), since cards cannot look them up. Every card is at most ``elements.MOST`` characters: where there is too much to
say, it says it in shorter words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.compare import Comparison, FindingKey
from bot.desk import (
    NOTHING_ATTACHED,
    Answer,
    Attached,
    Decision,
    DecisionKind,
    Dispute,
    DraftState,
    Refused,
    Ruling,
    RulingKind,
    Unreadable,
    Version,
)
from bot.desk.presenting import (
    COMMENT_LENGTH,
    FOLDED_COMMENT_LENGTH,
    QUOTE_LENGTH,
    QUOTES_SHOWN,
    SHORT_QUOTE_LENGTH,
    WORDS_LENGTH,
    Numbered,
    attached_notes,
    clause_wording,
    moment,
    numbered,
    short_line,
    shortened,
)
from bot.teams import words
from bot.teams.elements import (
    MOST,
    Card,
    Element,
    actions,
    bold,
    card,
    choice,
    container,
    execute,
    heading,
    mention,
    name,
    paragraph,
    quotation,
    quoted,
    run,
    said,
    sentence,
    size,
    small,
    text_field,
    toggle,
)
from rules.guideline import Guideline
from rules.model import Finding, Level, Review, Verdict

PAGE: Final = 5
"""Findings shown at a time."""

TURN: Final = "page"
RECHECK: Final = "recheck"
REVISE: Final = "revise"
DISPUTE: Final = "dispute"
DECIDE: Final = "decide"
"""Its data says ``kind`` too."""
RULE: Final = "rule"
"""Its data says ``kind`` and ``dispute``, its id."""

COMMENT: Final = "comment"
TEXT: Final = "text"
FINDING: Final = "finding"
REASON: Final = "reason"
NOTE: Final = "note"
"""Names of fields."""

REVISION_LENGTH: Final = 4_000

Names = Mapping[str, str]

_DECIDE_PART: Final = "decide-part"
_DISPUTE_PART: Final = "dispute-part"
_REVISE_PART: Final = "revise-part"
_PARTS: Final = (_DECIDE_PART, _DISPUTE_PART, _REVISE_PART)
_NOBODY: Final[Names] = {}


@dataclass(frozen=True, slots=True)
class _Lengths:
    """How much is shown of what may be long, in characters."""

    quote: int = QUOTE_LENGTH
    words: int = WORDS_LENGTH
    clause: int = WORDS_LENGTH
    comment: int = COMMENT_LENGTH


_FULL: Final = _Lengths()
_SHORTER: Final = (_Lengths(words=400, clause=300), _Lengths(60, 200, 120, 400), _Lengths(30, 80, 0, 150))


def _fitting(make: Callable[[_Lengths], Card]) -> Card:
    """Return the card with as much of the words as fits."""
    made = make(_FULL)
    for lengths in _SHORTER:
        if size(made) <= MOST:
            break
        made = make(lengths)
    return made


# ── the answer to a version ──────────────────────────────────────────────────────────────────────────────────────────


def answer_card(answer: Answer, names: Names = _NOBODY, *, page: int = 0, notice: str = "") -> Card:
    """Return the card that shows one version of a draft as it stands, with one page (from 0) of its findings.

    The version must have been reviewed, or found unreadable. ``notice`` is what to tell who pressed a button.
    """
    return _fitting(lambda lengths: card(*_answer(answer, names, page, notice, lengths)))


def summary(answer: Answer) -> str:
    """Return the line that notifications show for an answer."""
    return _headline(answer.review) if answer.review else words.UNREADABLE[_reason(answer)]


def people(answer: Answer) -> frozenset[str]:
    """Return the ids of those whom the card names."""
    return frozenset({answer.decision.actor} if answer.decision else ())


def _answer(answer: Answer, names: Names, page: int, notice: str, lengths: _Lengths) -> Iterator[Element]:
    yield heading(_verdict(answer.review) if answer.review else words.TITLE)
    if notice:
        yield container(sentence(notice), style="accent")
    yield from _standing(answer, names, lengths)
    if answer.review:
        yield from _reviewed(answer, answer.review, page, lengths)
    else:
        yield sentence(words.UNREADABLE[_reason(answer)])
        yield from (small(note) for note in attached_notes(answer.attached, answer.guideline))
    yield from _to_press(answer, page)


def _reviewed(answer: Answer, review: Review, page: int, lengths: _Lengths) -> Iterator[Element]:
    if counted := _counts(review):
        yield sentence(counted)
    yield from _changes(answer)
    findings = numbered(review.findings)
    shown = _page_of(findings, page)
    below = _Disputed(answer)
    yield from (
        _finding(each, answer.guideline, lengths, below(each), first_advice=_is_first_advice(each, findings))
        for each in shown
    )
    yield from _turning(answer, shown, len(findings))
    notes = (*_next_step(answer, review), *attached_notes(answer.attached, answer.guideline))
    yield from (small(note) for note in notes)
    yield small(words.footer(answer.guideline.name, answer.number, review.versions))


def _reason(answer: Answer) -> Unreadable:
    return answer.unreadable or Unreadable.BROKEN_TEXT


def _verdict(review: Review) -> str:
    return f"{words.VERDICT_MARK[review.verdict]} {words.VERDICT[review.verdict]}"


def _headline(review: Review) -> str:
    counted = _counts(review)
    return _verdict(review) + (f"（{counted}）" if counted else "")


def _counts(review: Review) -> str:
    return words.counts(Counter(finding.level for finding in review.findings))


def _next_step(answer: Answer, review: Review) -> Iterator[str]:
    if answer.state in {DraftState.WITHDRAWN, DraftState.APPROVED}:
        return
    nothing_to_mend = review.verdict is Verdict.PASS and answer.state is not DraftState.RETURNED
    yield words.NEXT_STEP_CLEAN if nothing_to_mend else words.NEXT_STEP


# ── how the draft stands ─────────────────────────────────────────────────────────────────────────────────────────────


def _standing(answer: Answer, names: Names, lengths: _Lengths) -> Iterator[Element]:
    if answer.withdrawn:
        yield paragraph(bold(words.WITHDRAWN_LINE))
    if answer.decision:
        yield from _decided(answer.decision, names, lengths.comment)


def _decided(decision: Decision, names: Names, length: int = COMMENT_LENGTH) -> list[Element]:
    """Say who decided what, when and why."""
    line = _by_supervisor(words.DECISION_MARK[decision.kind], words.DECISION[decision.kind], decision, names)
    return [line, *said(decision.comment, length)]


def _by_supervisor(mark: str, what: str, act: Decision | Ruling, names: Names) -> Element:
    """Say what a supervisor did, who it was and when."""
    return paragraph(
        run(f"{mark} "), bold(what), run(f"　{name(names, act.actor, words.SUPERVISOR)}　{moment(act.at)}")
    )


def _changes(answer: Answer) -> Iterator[Element]:
    """Tell what came of the former version's findings, and which ones supervisors have found no problem."""
    change = answer.comparison
    if answer.reattached:
        yield sentence(words.REATTACHED)
    elif change and (change.solved or change.remaining or change.new):
        yield from _compared(change)
    if answer.allowed:
        yield paragraph(run(words.allowed(len(answer.allowed))), *_few(answer.allowed))


def _compared(change: Comparison) -> Iterator[Element]:
    yield sentence(words.compared(len(change.solved), len(change.remaining), len(change.new)))
    if change.solved:
        yield paragraph(run(f"{words.SOLVED}："), *_few(change.solved, strike=True))
    if change.new:
        yield paragraph(run(f"{words.NEW}："), *_few(change.new))


def _few(findings: Sequence[Finding], *, strike: bool = False) -> Iterator[Element]:
    for finding in findings[:QUOTES_SHOWN]:
        yield from quoted(finding.quote, SHORT_QUOTE_LENGTH, strike=strike)
    if len(findings) > QUOTES_SHOWN:
        yield run(words.more(len(findings) - QUOTES_SHOWN))


# ── findings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _finding(
    each: Numbered, guideline: Guideline, lengths: _Lengths, below: str = "", *, first_advice: bool = False
) -> Element:
    """Show a finding in full: what, how grave, why, and how to say it instead; its clauses' wording on demand."""
    finding = each.finding
    head = paragraph(
        run(f"{each.number}. {words.MARK[finding.level]} "),
        *quoted(finding.quote, lengths.quote),
        run(f"　{words.LEVEL[finding.level]}　{'・'.join(finding.clauses)}"),
    )
    reason = [sentence(shortened(finding.message, lengths.words))]
    if finding.suggestion:
        reason.append(paragraph(run("→ "), run(shortened(finding.suggestion, lengths.words))))
    wording = list(_wording(each, guideline, lengths.clause))
    status = [small(below)] if below else []
    advice = [paragraph(bold(words.ADVICE))] if first_advice else []
    return container(*advice, head, *reason, *wording, *status, separator=True)


def _wording(each: Numbered, guideline: Guideline, length: int) -> Iterator[Element]:
    """Quote the clauses in their official wording, hidden until somebody asks."""
    known = [(label, clause_wording(label, guideline)) for label in each.finding.clauses]
    lines = [paragraph(bold(label), run(f"「{shortened(text, length)}」")) for label, text in known if text]
    if lines and length:
        part = f"clauses-{each.number}"
        yield actions(toggle(words.WORDING, part))
        yield {**quotation(small(guideline.name), *lines), "id": part, "isVisible": False}


def _is_first_advice(each: Numbered, findings: Sequence[Numbered]) -> bool:
    return each is next((one for one in findings if one.finding.level is Level.NOTE), None)


def _page_of(findings: Sequence[Numbered], page: int) -> Sequence[Numbered]:
    """Return the findings of a page; of the last one where there are fewer pages by now."""
    last = max(0, (len(findings) - 1) // PAGE)
    start = min(max(page, 0), last) * PAGE
    return findings[start : start + PAGE]


def _turning(answer: Answer, shown: Sequence[Numbered], total: int) -> Iterator[Element]:
    """Say which findings these are, with buttons to the others; nothing where all are shown."""
    if total <= PAGE:
        return
    first, last = shown[0].number, shown[-1].number
    current = (first - 1) // PAGE
    yield small(words.findings_shown(first, last, total))
    data = _version_data(answer)
    turns = []
    if current:
        turns.append(execute(TURN, words.PREVIOUS_PAGE, {**data, "page": current - 1}, fields=False))
    if last < total:
        turns.append(execute(TURN, words.NEXT_PAGE, {**data, "page": current + 1}, fields=False))
    yield actions(*turns)


class _Disputed:
    """Below a finding: what came of 「誤りでは？」 when somebody has said so."""

    def __init__(self, answer: Answer) -> None:
        self._disputes = {FindingKey.of(dispute.finding): dispute for dispute in answer.disputes if dispute.stands}

    def __call__(self, each: Numbered) -> str:
        dispute = self._disputes.get(FindingKey.of(each.finding))
        if dispute is None:
            return ""
        return words.DISPUTE_DECLINED if dispute.ruling else words.DISPUTE_OPEN


# ── what can be done ─────────────────────────────────────────────────────────────────────────────────────────────────


def _version_data(answer: Answer) -> Mapping[str, Any]:
    """Return what a button says about the version that it stands under."""
    return {"revision": answer.revision}


def _to_press(answer: Answer, page: int) -> Iterator[Element]:
    """Return the row of buttons and what they open; none where nothing can be done any more."""
    if answer.outdated or answer.state in {DraftState.WITHDRAWN, DraftState.APPROVED}:
        return
    data = {**_version_data(answer), "page": page}
    parts = {
        _DECIDE_PART: (words.DECIDE, _deciding(answer, data)),
        _DISPUTE_PART: (words.DISPUTE, _disputing(answer, data, page)),
        _REVISE_PART: (words.REVISE, _revising(data)),
    }
    opened = {part: content for part, content in parts.items() if content[1]}
    toggles = [
        toggle(label, part, [other for other in opened if other != part]) for part, (label, _inside) in opened.items()
    ]
    yield actions(*toggles, execute(RECHECK, words.RECHECK, data, fields=False))
    yield from (container(*inside, id=part, isVisible=False) for part, (_label, inside) in opened.items())


def _deciding(answer: Answer, data: Mapping[str, Any]) -> list[Element]:
    if answer.state is DraftState.RETURNED:
        return []
    styles: Mapping[DecisionKind, Any] = {DecisionKind.APPROVE: "positive", DecisionKind.RETURN: "destructive"}
    kinds = [kind for kind in DecisionKind if answer.review is not None or kind is not DecisionKind.APPROVE]
    buttons = [
        execute(DECIDE, words.DECISION[kind], {**data, "kind": kind.value}, styles.get(kind, "default"))
        for kind in kinds
    ]
    about = sentence(words.deciding(answer.number))
    return [about, text_field(COMMENT, words.DECISION_COMMENT, _comment_hint(answer)), actions(*buttons)]


def _comment_hint(answer: Answer) -> str:
    blocked = answer.review is not None and answer.review.verdict is Verdict.BLOCK
    return words.COMMENT_NEEDED_BLOCKED if blocked else words.COMMENT_NEEDED


def _disputing(answer: Answer, data: Mapping[str, Any], page: int) -> list[Element]:
    """Offer the findings of the page below which no dispute stands; nothing where there is none."""
    below = _Disputed(answer)
    findings = numbered(answer.review.findings if answer.review else ())
    open_ones = [each for each in _page_of(findings, page) if not below(each)]
    if not open_ones:
        return []
    choices = [(_title(each.number, each.finding), str(answer.position(each.finding))) for each in open_ones]
    chosen = {"value": choices[0][1]} if len(choices) == 1 else {}
    which = choice(FINDING, words.DISPUTE_WHICH, choices, style="expanded", **chosen)
    why = text_field(REASON, words.DISPUTE_WHY, words.DISPUTE_WHY_HINT)
    return [which, why, actions(execute(DISPUTE, words.DISPUTE_SUBMIT, data))]


def _title(number: int, finding: Finding) -> str:
    return words.choice_of_finding(
        number, "・".join((words.LEVEL[finding.level], *finding.clauses)) if finding.clauses else ""
    )


def _revising(data: Mapping[str, Any]) -> list[Element]:
    field = text_field(TEXT, words.REVISION_LABEL, words.REVISION_HINT, longest=REVISION_LENGTH)
    return [field, actions(execute(REVISE, words.REVISION_SUBMIT, data))]


# ── what is left of an earlier answer ────────────────────────────────────────────────────────────────────────────────


def folded_card(version: Version, decision: Decision | None, names: Names = _NOBODY) -> Card:
    """Return the answer to a version whose words do not stand, in one line; ``decision`` was made on it."""
    line = [run(folded_summary(version), isSubtle=True)]
    if version.review:
        line.append(run(f"　{words.VERDICT_MARK[version.review.verdict]} {_counts(version.review)}".rstrip()))
    if decision:
        mark, kind = words.DECISION_MARK[decision.kind], words.DECISION[decision.kind]
        line.append(run(f"　{mark} {kind} {name(names, decision.actor, words.SUPERVISOR)} {moment(decision.at)}"))
        if decision.comment:
            line.append(run(f"「{shortened(decision.comment, FOLDED_COMMENT_LENGTH)}」"))
    return card(paragraph(*line))


def folded_summary(version: Version) -> str:
    """Say that an answer has made room for a newer one, or for the one before."""
    return words.folded(version.number, retracted=version.retracted)


# ── other messages of the thread ─────────────────────────────────────────────────────────────────────────────────────


def decision_card(version: Version, decision: Decision, names: Names = _NOBODY) -> Card:
    """Tell who wrote the version, by a mention, what was decided on it."""
    called, entities = mention({version.author: names.get(version.author, "")})
    return card(_calling(f"{called}{words.decided_on(version.number)}"), *_decided(decision, names), entities=entities)


def decision_summary(decision: Decision) -> str:
    """Return the line that notifications show for a decision."""
    return words.DECIDED[decision.kind]


def revision_card(author: str, written: str, names: Names = _NOBODY) -> Card:
    """Show a version (修正版) that somebody wrote in the card, and name them.

    Only a text full of marks that have to be spelled out to be harmless is cut; all of it is reviewed.
    """
    head = paragraph(run(f"{name(names, author)}{words.REVISED}"))
    whole = card(head, *said(written, REVISION_LENGTH))
    return whole if size(whole) <= MOST else card(head, *said(written, REVISION_LENGTH // 2))


def dispute_card(dispute: Dispute, names: Names = _NOBODY, called: Names = _NOBODY, *, notice: str = "") -> Card:
    """Show that somebody takes a finding for wrong: to the supervisors, to rule on it; later what they ruled.

    ``called`` are the supervisors to be mentioned; ``notice`` is what to tell who pressed a button.
    """
    calling, entities = mention(called) if called else ("", [])
    return _fitting(lambda lengths: card(*_dispute(dispute, names, calling, notice, lengths), entities=entities))


def dispute_summary(dispute: Dispute) -> str:
    """Return the line that notifications show for a dispute."""
    return words.DISPUTE_RULED if dispute.ruling else words.DISPUTE_RAISED


def _dispute(dispute: Dispute, names: Names, calling: str, notice: str, lengths: _Lengths) -> Iterator[Element]:
    finding = dispute.finding
    yield heading(dispute_summary(dispute))
    if notice:
        yield container(sentence(notice), style="accent")
    yield paragraph(run(f"{name(names, dispute.actor)}{words.DISPUTED}"))
    head = paragraph(
        run(f"{words.MARK[finding.level]} "),
        *quoted(finding.quote, SHORT_QUOTE_LENGTH),
        run(f"　{words.LEVEL[finding.level]}　{'・'.join(finding.clauses)}"),
    )
    yield quotation(head, sentence(shortened(finding.message, lengths.words)))
    yield sentence(words.REASON)
    yield from said(dispute.reason, lengths.comment)
    yield from _ruled(dispute.ruling, names, lengths.comment) if dispute.ruling else _ruling(dispute, calling)


def _ruled(ruling: Ruling, names: Names, length: int = COMMENT_LENGTH) -> list[Element]:
    line = _by_supervisor(words.RULING_MARK[ruling.kind], words.RULING[ruling.kind], ruling, names)
    return [line, *said(ruling.note, length)]


def _ruling(dispute: Dispute, calling: str) -> Iterator[Element]:
    """Ask the supervisors, with what each ruling means behind a button."""
    yield _calling(f"{calling} {words.PLEASE_RULE}".strip())
    explained = [
        paragraph(bold(words.RULING[kind]), run(f"：{meaning}")) for kind, meaning in words.RULING_EXPLAINED.items()
    ]
    data = {"dispute": dispute.id}
    buttons = [execute(RULE, words.RULING[kind], {**data, "kind": kind.value}) for kind in RulingKind]
    field = text_field(NOTE, words.RULING_NOTE)
    yield actions(toggle(words.DECIDE, _DECIDE_PART))
    yield container(*explained, field, actions(*buttons), id=_DECIDE_PART, isVisible=False)


def ruling_card(ruling: Ruling, finding: Finding, told: Iterable[str], names: Names = _NOBODY) -> Card:
    """Tell those who took a finding for wrong, by mentions, what a supervisor ruled."""
    called, entities = mention({person: names.get(person, "") for person in told})
    what = paragraph(*quoted(finding.quote, SHORT_QUOTE_LENGTH))
    return card(_calling(f"{called}{words.RULED_ON}"), what, *_ruled(ruling, names), entities=entities)


def _calling(words_with_mentions: str) -> Element:
    """Return the one kind of paragraph in which a mention notifies. Holds nothing of a draft."""
    return {"type": "TextBlock", "text": words_with_mentions, "wrap": True}


def refusal(refused: Refused, names: Names = _NOBODY) -> str:
    """Explain to one person, kindly, why something is not done."""
    explained = words.REFUSED[refused.reason]
    if refused.decision is None:
        return explained
    decision = refused.decision
    who = name(names, decision.actor, words.SUPERVISOR)
    mark = words.DECISION_MARK[decision.kind]
    return f"{explained}（{mark} {words.DECISION[decision.kind]}　{who}　{moment(decision.at)}）"


# ── private checks ───────────────────────────────────────────────────────────────────────────────────────────────────


def private_card(review: Review, guideline: Guideline, attached: Attached = NOTHING_ATTACHED) -> Card:
    """Return the result of a private check on one card: nothing is kept from which pages could be turned.

    The heaviest findings are shown in full, as many as fit; the others in a line each.
    """
    findings = numbered(review.findings)
    heaviest = sorted(findings, key=lambda each: (list(Level).index(each.finding.level), each.number))
    full = min(len(findings), _MOST_IN_FULL)
    while size(made := _private(review, guideline, attached, findings, heaviest[:full])) > MOST and full:
        full -= 1
    return made


_MOST_IN_FULL: Final = 15
_MOST_LINES: Final = 40
"""Findings of a private check that get a line each; the rest is counted."""


def _private(
    review: Review,
    guideline: Guideline,
    attached: Attached,
    findings: Sequence[Numbered],
    in_full: Sequence[Numbered],
) -> Card:
    numbers = {each.number for each in in_full}
    shown = [each for each in findings if each.number in numbers]
    short = [each for each in findings if each.number not in numbers]
    counted = _counts(review)
    return card(
        heading(_verdict(review)),
        *([sentence(counted)] if counted else []),
        *(_finding(each, guideline, _FULL, first_advice=_is_first_advice(each, shown)) for each in shown),
        *_in_short(short),
        *(small(note) for note in attached_notes(attached, guideline)),
        small(words.PRIVATE),
        small(words.footer(guideline.name, None, review.versions)),
    )


def _in_short(findings: Sequence[Numbered]) -> Iterator[Element]:
    if not findings:
        return
    yield container(sentence(words.in_short(len(findings))), separator=True)
    yield from (sentence(short_line(each)) for each in findings[:_MOST_LINES])
    if len(findings) > _MOST_LINES:
        yield sentence(words.left_out(len(findings) - _MOST_LINES))


def unreadable_card(reason: Unreadable, notes: Iterable[str] = ()) -> Card:
    """Say in one sentence why a text could not be reviewed; ``notes`` are those of ``attached_notes``."""
    return card(sentence(words.UNREADABLE[reason]), *(small(note) for note in notes))
