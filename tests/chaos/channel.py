"""What stands in Slack, read by the marks that the service leaves in its messages' metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.doubles.slack import Post, Room

ANSWER = "sns_check_answer"
DECIDED = "sns_check_decided"
DISPUTED = "sns_check_dispute"
REVISION = "sns_check_revision"
FAILURE = "sns_check_failure"
WITHDRAWAL = "sns_check_withdrawal"


@dataclass(frozen=True, slots=True)
class Marked:
    """A message of the service, and what it says that it is."""

    post: Post
    kind: str
    draft: str
    about: str
    """The version's revision, or whatever the message is about."""
    page: int

    @property
    def identity(self) -> tuple[str, str, str, int]:
        """What there may be only one message of."""
        return self.kind, self.draft, self.about, self.page

    @property
    def folded(self) -> bool:
        """Whether an answer was folded: nothing can be done below it, and it points to a newer one."""
        return "新しい版の結果が下にあります" in self.post.reading.text


def marked(room: Room) -> list[Marked]:
    """All marked messages of a channel, in the order of their time stamps."""
    return [mark for post in room.bot_messages if (mark := _marked(post))]


def thread(room: Room, draft: str) -> list[Marked]:
    """Those of one draft."""
    own = (post for post in room.bot_messages if post.message.thread_ts == draft)
    return [mark for post in own if (mark := _marked(post))]


def _marked(post: Post) -> Marked | None:
    metadata = post.message.metadata
    if metadata is None:
        return None
    payload: dict[str, Any] = metadata["event_payload"]
    return Marked(post, metadata["event_type"], str(payload["draft"]), str(payload["revision"]), int(payload["page"]))
