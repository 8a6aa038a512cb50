"""The modals that are opened from a draft's thread. Pure functions; the texts that people enter come back by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.desk import Answer, DecisionKind, Dispute, RulingKind
from bot.desk.presenting import (
    COMMENT_LENGTH,
    QUOTE_LENGTH,
    WORDS_LENGTH,
    Numbered,
    comment_required,
    disputable,
    short_line,
    shortened,
)
from bot.slack.blocks import (
    Block,
    View,
    form,
    literal,
    plain,
    plain_section,
    quotation,
    quoted,
    rich_text,
    section,
    text,
    text_field,
)
from bot.slack.cards import finding_blocks
from bot.slack.words import thread as words
from rules.model import Finding

DECISION_FORM: Final = "sns_check_decision"
DISPUTE_FORM: Final = "sns_check_dispute"
RULING_FORM: Final = "sns_check_ruling"
REVISION_FORM: Final = "sns_check_revision"
"""Callback ids."""

COMMENT: Final = "comment"
REASON: Final = "reason"
FINDING: Final = "finding"
NOTE: Final = "note"
TEXT: Final = "text"
"""Names of fields: block id and action id."""

FIELD_LENGTH: Final = 3_000
"""The most that Slack lets people type into a field, counted as JavaScript counts: in units of UTF-16."""
OPTION_LENGTH: Final = 75
OPTIONS: Final = 100
"""Options of a group."""
CHOICES: Final = 500
"""Findings offered for choice: more would be beyond what a view may weigh."""


def decision_form(answer: Answer, kind: DecisionKind, metadata: Mapping[str, Any]) -> View:
    """Ask for the comment to a decision; without one some decisions are not taken."""
    required = comment_required(answer, kind)
    sentence = words.decision_about(answer.number, kind)
    field = text_field(
        COMMENT,
        words.DECISION_COMMENT,
        hint=words.DECISION_REQUIRED[kind] if required else words.DECISION_COMMENT_HINT,
        optional=not required,
        longest=COMMENT_LENGTH,
    )
    remembered = {**metadata, "kind": kind.value, "required": required}
    return form(
        DECISION_FORM, words.DECISION[kind], words.DECISION_SUBMIT[kind], remembered, [plain_section(sentence), field]
    )


def dispute_form(finding: Finding, metadata: Mapping[str, Any]) -> View:
    """Ask why a finding is wrong."""
    return form(
        DISPUTE_FORM, words.DISPUTE_TITLE, words.DISPUTE_SUBMIT, metadata, [_finding_block(finding), _reason_field()]
    )


def dispute_any_form(answer: Answer, metadata: Mapping[str, Any]) -> View:
    """Ask which finding is wrong, and why. There must be one that nobody has disputed (``disputable``)."""
    options = [_option(each, answer.position(each.finding)) for each in disputable(answer)[:CHOICES]]
    groups = [_group(options[start : start + OPTIONS]) for start in range(0, len(options), OPTIONS)]
    select = {
        "type": "static_select",
        "action_id": FINDING,
        "placeholder": plain(words.DISPUTE_WHICH_PLACEHOLDER),
        "option_groups": groups,
    }
    which = {"type": "input", "block_id": FINDING, "label": plain(words.DISPUTE_WHICH), "element": select}
    return form(DISPUTE_FORM, words.DISPUTE_TITLE, words.DISPUTE_SUBMIT, metadata, [which, _reason_field()])


def ruling_form(dispute: Dispute, kind: RulingKind, metadata: Mapping[str, Any]) -> View:
    """Ask for a note to a ruling, after saying what it means."""
    field = text_field(NOTE, words.RULING_NOTE, optional=True, longest=COMMENT_LENGTH)
    explained = rich_text(section(text(words.RULING[kind], bold=True), text(f"\n{words.RULING_EXPLAINED[kind]}")))
    blocks = [explained, _finding_block(dispute.finding), field]
    return form(RULING_FORM, words.RULING_TITLE, words.RULING_SUBMIT, {**metadata, "kind": kind.value}, blocks)


def revision_form(answer: Answer, metadata: Mapping[str, Any]) -> View:
    """Offer the text for mending, with the findings beside it. The text must fit (``fits_a_field``).

    A text that is kept no more leaves the field empty.
    """
    value, hint = ("", words.REVISION_HINT_WITHHELD) if answer.withheld else (answer.text, words.REVISION_HINT)
    field = text_field(TEXT, words.REVISION_LABEL, hint=hint, value=value, longest=FIELD_LENGTH)
    found: list[Block] = []
    if answer.review and answer.review.findings:
        found = [plain_section(words.REVISION_FINDINGS), *finding_blocks(answer.review, answer.guideline)]
    return form(REVISION_FORM, words.REVISE, words.REVISION_SUBMIT, metadata, [field, *found])


def fits_a_field(written: str) -> bool:
    """Tell whether a text can be mended in a form."""
    return len(written.encode("utf-16-le", "surrogatepass")) <= 2 * FIELD_LENGTH


def _finding_block(finding: Finding) -> Block:
    head = [text(f"{words.MARK[finding.level]} "), *quoted(finding.quote, QUOTE_LENGTH)]
    return rich_text(section(*head), quotation(*literal(shortened(finding.message, WORDS_LENGTH))))


def _reason_field() -> Block:
    return text_field(REASON, words.DISPUTE_WHY, hint=words.DISPUTE_WHY_HINT, longest=COMMENT_LENGTH)


def _group(options: list[Block]) -> Block:
    return {"label": plain(words.findings_group(options[0]["text"]["text"])), "options": options}


def _option(each: Numbered, position: int) -> Block:
    return {"text": plain(shortened(short_line(each), OPTION_LENGTH - 1)), "value": str(position)}
