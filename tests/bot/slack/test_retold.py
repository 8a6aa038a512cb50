"""What was not delivered, told as Slack would have told it."""

from datetime import UTC, datetime

import pytest

from bot.slack.events import VERSION, item_of
from bot.slack.retold import posted_or_edited

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
POST = {"ts": "1790000050.400100", "user": "U1", "text": "下書きです"}


@pytest.mark.parametrize(
    "edited",
    [
        "1790000050.000000",  # in the second of the post: Slack shows no more of when
        "1790000051.000000",
        "1790000050.500000",
    ],
)
def test_an_edit_that_is_noticed_afterwards_is_newer_than_its_post(edited: str) -> None:
    post = item_of(posted_or_edited("T1", "C1", POST, None), frozenset(), NOW)
    edit = {**POST, "text": "直しました", "edited": {"user": "U1", "ts": edited}}
    changed = item_of(posted_or_edited("T1", "C1", edit, "U1"), frozenset(), NOW)
    assert post is not None
    assert changed is not None
    assert (changed.kind, changed.key) == (VERSION, f"{post.place}/{edited}")
    assert changed.order > post.order
