"""The shipped classifier was trained on the labelled drafts as they are; and training teaches."""

from __future__ import annotations

from rules import Topic
from rules.rulebook import Rulebook
from tests.judgement.judging import FILES
from tests.judgement.training import HELD, Model, Sample, dealt, digest, voice


def _draft(text: str, *topics: Topic, who: str = "k") -> Sample:
    letters = frozenset(text) | {text[at : at + 2] for at in range(len(text) - 1)}
    return Sample(who, text, frozenset(topics), frozenset(), {}, letters, frozenset())


def test_the_shipped_weights_were_learned_from_the_labelled_drafts() -> None:
    shipped = Rulebook.load().weights
    assert shipped is not None
    assert shipped.trained_on == digest(), "the labelled drafts have changed: make classifier"


def test_a_model_learns_what_tells_bad_drafts_from_harmless_ones() -> None:
    bad = [_draft(f"{who}はうそつきだ", Topic.INSULT) for who in ("課長", "係長", "部長", "市長")]
    fine = [_draft(f"{who}は元気だ") for who in ("課長", "係長", "部長", "市長")]
    model = Model.fit([*bad, *fine], (Topic.INSULT, None), lambda draft: draft.letters)
    unseen = [_draft("議員はうそつきだ"), _draft("議員は元気だ")]
    (worse, _), (better, _) = model.odds(unseen)
    assert worse > 0 > better


def test_authors_are_never_split_between_what_is_learned_and_what_is_judged() -> None:
    drafts = [_draft("柿", who=voice(path.stem)) for path in FILES]
    hands = dealt(drafts)
    assert sorted(who for hand in hands for who in hand) == sorted({draft.voice for draft in drafts})
    assert voice("p") == voice("q")
    assert {path.stem for path in FILES} >= HELD
