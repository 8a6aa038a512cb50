"""What is said in the thread of a draft, and about drafts wherever they are shown.

Nothing in here comes from a draft, so all of it may stand where Slack formats, notifies and previews.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.desk import RulingKind
from bot.desk.words import *  # noqa: F403 - what is the same on every surface is said there
from bot.desk.words import why_folded

# ── a message read aloud ─────────────────────────────────────────────────────────────────────────────────────────────

SOMEBODY: Final = "@利用者"
SOME_GROUP: Final = "@グループ"
SOME_CHANNEL: Final = "#チャンネル"

# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


NEXT_STEP: Final = "直すときは、元の投稿を編集するか、「修正版を出す」を押してください。自動でもう一度確認します。"
CLOSE: Final = "閉じる"


def continued(page: int, pages: int) -> str:
    """Head of the second and later messages of one answer."""
    return f"（つづき {page}/{pages}）"


# ── how a draft stands ───────────────────────────────────────────────────────────────────────────────────────────────


def folded_page(number: int, page: int, pages: int, *, retracted: bool = False) -> str:
    """Say the same of its second and later messages."""
    return f"下書き第{number}版の確認結果のつづき {page}/{pages}（{why_folded(retracted=retracted)}）"


def vacated(page: int) -> str:
    """Say that an answer has become shorter."""
    return f"（つづき {page} はなくなりました）"


# ── versions written in the form ─────────────────────────────────────────────────────────────────────────────────────

REVISION_HINT: Final = "3,000文字までです。出すとスレッドに載り、自動で確認します。"
REVISION_HINT_WITHHELD: Final = (
    "前の版の文章は、設定によりもう保存されていません。元の投稿から写して直してください。3,000文字までです。"
)
REVISION_FINDINGS: Final = "いまの版への指摘"
REVISION_TOO_LONG: Final = (
    "この下書きは3,000文字を超えるため、入力画面では直せません。"
    "このスレッドに「修正版：」に続けて直した文章を返信するか、元の投稿を編集してください。自動で確認します。"
)

# ── disputes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

DISPUTE_OTHER: Final = "ほかの指摘について「誤りでは？」"


def findings_group(first: str) -> str:
    """Head of a group of findings in a menu: the number that it begins with."""
    return f"{first.partition('.')[0]} から"


RULING_EXPLAINED: Final[Mapping[RulingKind, str]] = {
    RulingKind.FOR_DRAFT: "この下書きでは、この言葉を指摘しなくなります。ほかの下書きには影響しません。",
    RulingKind.FOR_TOWN: (
        "今後どの下書きでも、この規則はこの言葉を指摘しません。"
        "だれが、いつ、なぜ決めたかを記録し、/sns-check words でいつでも取り消せます。"
    ),
    RulingKind.DECLINED: "指摘を残します。理由を書くと、「誤りでは？」を送った方に伝わります。",
}

# ── when something goes wrong ─────────────────────────────────────────────────────────────────────────────────────────

CANNOT_TELL: Final = "監督者かどうかを、いま Slack に確かめられません。少し待って、もう一度お試しください。"
TOO_LATE: Final = "時間がかかって画面を開けませんでした。もう一度押してください。"
