"""What the desk says → what a thread shows: the messages of this surface, and the line of text for notifications.

Pure functions. The notification line has no words of a draft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    QUOTES_SHOWN,
    SHORT_QUOTE_LENGTH,
    Numbered,
    attached_notes,
    legible,
    moment,
    shortened,
)
from bot.slack.blocks import (
    Block,
    Card,
    actions,
    button,
    literal,
    plain_context,
    plain_section,
    quotation,
    quoted,
    rich_text,
    section,
    text,
    user,
    user_group,
)
from bot.slack.findings import MODAL, THREAD, lay_out, nothing_below
from bot.slack.words import commands
from bot.slack.words import thread as words
from rules.guideline import Guideline
from rules.model import Finding, Review, Verdict

DECIDE: Final[Mapping[DecisionKind, str]] = {kind: f"sns_check_decide_{kind.value}" for kind in DecisionKind}
"""Action ids of the buttons; their value is that of ``version_value``."""
REVISE: Final = "sns_check_revise"
DISPUTE: Final = "sns_check_dispute"
"""Its value says ``position`` too."""
DISPUTE_OTHER: Final = "sns_check_dispute_other"
RULE: Final[Mapping[RulingKind, str]] = {kind: f"sns_check_rule_{kind.value}" for kind in RulingKind}
"""Action ids; their value says ``dispute``, its id."""

MENTIONED: Final = 10
"""Supervisors called upon by name."""


# ── the answer to a version ──────────────────────────────────────────────────────────────────────────────────────────


def answer_cards(answer: Answer) -> tuple[Card, ...]:
    """Return the messages that show one version of a draft as it stands, at least one.

    The version must have been reviewed, or found unreadable.
    """
    review = answer.review
    if review is None:
        return (_unread_answer(answer),)
    laid_out = lay_out(review, answer.guideline, THREAD, _Disputable(answer))
    pages = [list(page) for page in laid_out.blocks] or [[]]
    pages[0] = [*_standing(answer), _headline(review), *_changes(answer), *pages[0]]
    pages[-1] += _closing(
        (*_next_step(answer, review), *attached_notes(answer.attached, answer.guideline)),
        words.footer(answer.guideline.name, answer.number, review.versions),
    )
    pages[-1] += _buttons(answer, others=bool(laid_out.in_short))
    return tuple(_page(review, page, number, len(pages)) for number, page in enumerate(pages, 1))


def private_card(review: Review, guideline: Guideline, attached: Attached = NOTHING_ATTACHED) -> Card:
    """Return the result of a private check, on one page."""
    found = finding_blocks(review, guideline)
    notes = (*attached_notes(attached, guideline), commands.PRIVATE)
    closing = _closing(notes, words.footer(guideline.name, None, review.versions))
    return _page(review, [_headline(review), *found, *closing], 1, 1)


def finding_blocks(review: Review, guideline: Guideline) -> list[Block]:
    """Return all findings with nothing to press, as much as has room beside something else."""
    return [block for page in lay_out(review, guideline, MODAL, nothing_below).blocks for block in page]


def unreadable_card(reason: Unreadable, notes: Iterable[str] = ()) -> Card:
    """Say in one sentence why a post could not be reviewed; ``notes`` are those of ``attached_notes``."""
    sentence = words.UNREADABLE[reason]
    return Card(sentence, (plain_section(sentence), *(plain_context(note) for note in notes)))


def _unread_answer(answer: Answer) -> Card:
    notes = attached_notes(answer.attached, answer.guideline)
    card = unreadable_card(answer.unreadable or Unreadable.BROKEN_TEXT, notes)
    return Card(card.text, (*_standing(answer), *card.blocks, *_buttons(answer, others=False)))


def _page(review: Review, blocks: Sequence[Block], page: int, pages: int) -> Card:
    if page == 1:
        return Card(_summary(review), tuple(blocks))
    heading = words.continued(page, pages)
    return Card(heading, (plain_context(heading), *blocks))


def _summary(review: Review) -> str:
    headline = f"{words.VERDICT_MARK[review.verdict]} {words.VERDICT[review.verdict]}"
    counts = _counts(review)
    return f"{headline}（{counts}）" if counts else headline


def _headline(review: Review) -> Block:
    elements = [text(f"{words.VERDICT_MARK[review.verdict]} "), text(words.VERDICT[review.verdict], bold=True)]
    if counts := _counts(review):
        elements.append(text(f"　{counts}"))
    return rich_text(section(*elements))


def _counts(review: Review) -> str:
    return words.counts(Counter(finding.level for finding in review.findings))


def _next_step(answer: Answer, review: Review) -> Iterator[str]:
    if answer.state in {DraftState.WITHDRAWN, DraftState.APPROVED}:
        return
    nothing_to_mend = review.verdict is Verdict.PASS and answer.state is not DraftState.RETURNED
    yield words.NEXT_STEP_CLEAN if nothing_to_mend else words.NEXT_STEP


def _closing(notes: Iterable[str], footer: str) -> list[Block]:
    return [plain_context(line) for line in (*notes, footer)]


# ── how the draft stands ─────────────────────────────────────────────────────────────────────────────────────────────


def _standing(answer: Answer) -> Iterator[Block]:
    if answer.withdrawn:
        yield rich_text(section(text(words.WITHDRAWN_LINE, bold=True)))
    if answer.decision:
        yield _decided(answer.decision)


def _decided(decision: Decision) -> Block:
    """Say who decided what, when and why."""
    line = section(
        text(f"{words.DECISION_MARK[decision.kind]} "),
        text(words.DECISION[decision.kind], bold=True),
        text("　"),
        user(decision.actor),
        text(f"　{moment(decision.at)}"),
    )
    return rich_text(line, *_said(decision.comment))


def _said(comment: str) -> list[Block]:
    """Quote what somebody wrote, line by line."""
    return [quotation(*literal(legible(comment[:COMMENT_LENGTH])))] if comment else []


def _changes(answer: Answer) -> Iterator[Block]:
    """Tell what came of the former version's findings, and which ones supervisors have found no problem."""
    change = answer.comparison
    if answer.reattached:
        yield plain_section(words.REATTACHED)
    elif change and (change.solved or change.remaining or change.new):
        yield rich_text(section(*_compared(change)))
    if answer.allowed:
        yield rich_text(section(text(words.allowed(len(answer.allowed))), *_few(answer.allowed)))


def _compared(change: Comparison) -> list[Block]:
    counts = words.compared(len(change.solved), len(change.remaining), len(change.new))
    line = [text(counts)]
    if change.solved:
        line += [text(f"\n{words.SOLVED}："), *_few(change.solved, strike=True)]
    if change.new:
        line += [text(f"\n{words.NEW}："), *_few(change.new)]
    return line


def _few(findings: Sequence[Finding], *, strike: bool = False) -> Iterator[Block]:
    for finding in findings[:QUOTES_SHOWN]:
        yield from quoted(finding.quote, SHORT_QUOTE_LENGTH, strike=strike)
    if len(findings) > QUOTES_SHOWN:
        yield text(words.more(len(findings) - QUOTES_SHOWN))


# ── what can be done ─────────────────────────────────────────────────────────────────────────────────────────────────


def version_value(answer: Answer) -> Mapping[str, Any]:
    """Return what a button says about the version that it stands under."""
    return {"draft": answer.place.thread, "revision": answer.revision}


class _Disputable:
    """Below each finding: the button 「誤りでは？」, or what came of it when somebody has pressed it."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._open = answer.state not in {DraftState.WITHDRAWN, DraftState.APPROVED} and not answer.outdated
        self._disputes = {FindingKey.of(dispute.finding): dispute for dispute in answer.disputes if dispute.stands}

    def __call__(self, each: Numbered) -> Block | None:
        if dispute := self._disputes.get(FindingKey.of(each.finding)):
            return plain_context(words.DISPUTE_DECLINED if dispute.ruling else words.DISPUTE_OPEN)
        if not self._open:
            return None
        value = {**version_value(self._answer), "position": self._answer.position(each.finding)}
        return actions(f"finding-{each.number}", button(DISPUTE, words.DISPUTE, value))


def _buttons(answer: Answer, *, others: bool) -> Iterator[Block]:
    """Return the row of buttons; none where nothing can be done any more. ``others``: some findings are in short."""
    if answer.outdated or answer.state in {DraftState.WITHDRAWN, DraftState.APPROVED}:
        return
    value = version_value(answer)
    decisions = answer.state is not DraftState.RETURNED
    elements = [_decision_button(kind, value) for kind in DecisionKind if decisions and _possible(kind, answer)]
    elements.append(button(REVISE, words.REVISE, value))
    if others:
        elements.append(button(DISPUTE_OTHER, words.DISPUTE_OTHER, value))
    yield actions("draft", *elements)


def _possible(kind: DecisionKind, answer: Answer) -> bool:
    return answer.review is not None or kind is not DecisionKind.APPROVE


def _decision_button(kind: DecisionKind, value: Mapping[str, Any]) -> Block:
    style = {DecisionKind.APPROVE: "primary", DecisionKind.RETURN: "danger"}.get(kind)
    pressed = button(DECIDE[kind], words.DECISION[kind], value)
    return {**pressed, **({"style": style} if style else {})}


# ── what is left of an earlier answer ────────────────────────────────────────────────────────────────────────────────


def folded_cards(version: Version, decision: Decision | None, pages: int) -> tuple[Card, ...]:
    """Return the answer to a version whose words do not stand, in one line; further pages only point to it.

    ``decision`` is the one that was made on it.
    """
    line = words.folded(version.number, retracted=version.retracted)
    elements = [text(line)]
    if version.review:
        elements.append(text(f"　{words.VERDICT_MARK[version.review.verdict]} {_counts(version.review)}".rstrip()))
    if decision:
        mark, name = words.DECISION_MARK[decision.kind], words.DECISION[decision.kind]
        elements += [text(f"　{mark} {name} "), user(decision.actor), text(f" {moment(decision.at)}")]
        if decision.comment:
            elements += [text("「"), *literal(shortened(decision.comment, FOLDED_COMMENT_LENGTH)), text("」")]
    rest = [
        _pointer(words.folded_page(version.number, page, pages, retracted=version.retracted))
        for page in range(2, pages + 1)
    ]
    return (Card(line, (rich_text(section(*elements)),)), *rest)


def vacated_card(page: int) -> Card:
    """Return what a page shows that an answer does not need any more."""
    return _pointer(words.vacated(page))


def _pointer(sentence: str) -> Card:
    return Card(sentence, (plain_context(sentence),))


# ── other messages of the thread ─────────────────────────────────────────────────────────────────────────────────────


def decision_card(answer: Answer, decision: Decision) -> Card:
    """Tell who wrote the version what was decided on it."""
    line = section(
        user(answer.writer),
        text(words.decided_on(answer.number)),
        text(f"{words.DECISION_MARK[decision.kind]} {words.DECISION[decision.kind]}", bold=True),
        text("（"),
        user(decision.actor),
        text("）"),
    )
    return Card(words.DECIDED[decision.kind], (rich_text(line, *_said(decision.comment)),))


def revision_card(author: str, written: str) -> Card:
    """Show a version (修正版) that somebody wrote in the form, and name them."""
    line = section(user(author), text(words.REVISED))
    return Card(words.REVISION, (rich_text(line, quotation(*literal(legible(written)))),))


def dispute_card(dispute: Dispute, supervisors: Collection[str]) -> Card:
    """Show that somebody takes a finding for wrong: to the supervisors, to rule on it; later what they ruled."""
    finding = dispute.finding
    head = section(user(dispute.actor), text(words.DISPUTED))
    what = quotation(
        text(f"{words.MARK[finding.level]} "),
        *quoted(finding.quote, SHORT_QUOTE_LENGTH),
        text(f"　{words.LEVEL[finding.level]}　{'・'.join(finding.clauses)}\n"),
        *literal(shortened(finding.message, COMMENT_LENGTH)),
    )
    why = [section(text(words.REASON)), *_said(dispute.reason)]
    if dispute.ruling:
        return Card(words.DISPUTE_RULED, (rich_text(head, what, *why, *_ruled(dispute.ruling)),))
    call = section(*_called(supervisors), text(words.PLEASE_RULE))
    value = {"draft": dispute.place.thread, "dispute": dispute.id}
    buttons = [button(RULE[kind], words.RULING[kind], value) for kind in RulingKind]
    return Card(words.DISPUTE_RAISED, (rich_text(head, what, *why, call), actions("dispute", *buttons)))


def ruling_card(ruling: Ruling, finding: Finding, told: Collection[str]) -> Card:
    """Tell those who took a finding for wrong what a supervisor ruled: the card that was changed notifies nobody."""
    line = section(
        *_together([user(one) for one in sorted(told)]),
        text(words.RULED_ON),
        text(f"{words.RULING_MARK[ruling.kind]} {words.RULING[ruling.kind]}", bold=True),
        text("（"),
        user(ruling.actor),
        text("）"),
    )
    what = section(*quoted(finding.quote, SHORT_QUOTE_LENGTH))
    return Card(words.DISPUTE_RULED, (rich_text(line, what, *_said(ruling.note)),))


def _together(people: Sequence[Block]) -> Iterator[Block]:
    for position, person in enumerate(people):
        yield from ((text("、"), person) if position else (person,))


def _called(supervisors: Collection[str]) -> Iterator[Block]:
    for supervisor in sorted(supervisors)[:MENTIONED]:
        yield user_group(supervisor) if supervisor.startswith("S") else user(supervisor)
        yield text(" ")


def _ruled(ruling: Ruling) -> list[Block]:
    line = section(
        text(f"{words.RULING_MARK[ruling.kind]} "),
        text(words.RULING[ruling.kind], bold=True),
        text("　"),
        user(ruling.actor),
        text(f"　{moment(ruling.at)}"),
    )
    return [line, *_said(ruling.note)]


def refusal_card(refused: Refused) -> Card:
    """Explain to one person, kindly, why something is not done."""
    sentence = words.REFUSED[refused.reason]
    decided = [_decided(refused.decision)] if refused.decision else []
    return Card(sentence, (plain_section(sentence), *decided))


def already_ruled_card(ruling: Ruling) -> Card:
    """Tell a supervisor that another one was first."""
    return Card(words.ALREADY_RULED, (plain_section(words.ALREADY_RULED), rich_text(*_ruled(ruling))))
