"""No word of a draft, no name and no token reaches the log, even at its most talkative."""

from __future__ import annotations

import pytest

from tests.doubles.slack import Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORD = "ひよこまめ"
NAME = "とおりがかりのはなこ"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SNS_CHECK_LOG_LEVEL": "debug", "SNS_CHECK_SUPERVISORS": "U8BOSS"}


async def test_the_log_keeps_quiet(slack: SlackDouble, service: Service, review: Room) -> None:
    slack.user("U1", NAME)
    draft = f"{WORD}。{drafts.INSULT}"
    post = review.post("U1", draft)
    await post.answer()
    post.edit(f"{draft}{WORD}")
    await post.answer(2)
    await review.snippet("U1", draft, title=WORD).answer()
    await review.command("U1", "/sns-check", draft).response()
    review.command("U1", "/sns-check")
    form = await slack.modal("U1")
    await form.submit({"draft": draft})
    post.shortcut("U2", "sns_check_message")
    await (await slack.modal("U2")).shows(drafts.INSULT_LABEL)
    answer = post.answers[1]
    for user, action, entered in (
        ("U3", "sns_check_dispute", {"reason": WORD}),
        ("U8BOSS", "sns_check_decide_return", {"comment": f"{WORD}{NAME}"}),
        ("U1", "sns_check_revise", {"text": f"{WORD}。{drafts.CLEAN}"}),
    ):
        opened = len(slack.calls("views.open"))
        answer.click(user, action)
        await slack.called("views.open", opened + 1)
        await (await slack.modal(user)).submit(entered)
        await service.settled()
    slack.mischief.refuse("chat.postMessage", "invalid_blocks", channel=review.id)
    slack.mischief.refuse("views.open", "fatal_error")
    refused = review.post("U1", draft)
    review.command("U1", "/sns-check")
    # Without room for the answer itself, the thread says that there is none, and the log says why.
    await refused.answer(within=60)
    await slack.delivered()
    assert "item_failed" in service.log
    credentials = slack.credentials
    secrets = (credentials.bot_token, credentials.app_token, credentials.signing_secret)
    assert [word for word in (WORD, NAME, drafts.INSULT_QUOTE, *secrets) if word in service.log] == []
