"""What is said in Teams: what every surface says, and what only this one has to say.

Nothing in here comes from a draft, so all of it may stand where Teams formats, notifies and previews.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.desk import RulingKind
from bot.desk.words import *  # noqa: F403 - what is the same on every surface is said there

SOMEBODY: Final = "利用者"
"""Stands for a person whose name cannot be found out."""
SUPERVISOR: Final = "監督者"

# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────

NEXT_STEP: Final = (
    "直すときは、元の投稿を編集するか、「修正版を出す」を押してください。"
    "編集して結果が変わらないときは、「もう一度確認」を押してください。"
)
WORDING: Final = "条項の文言"
RECHECK: Final = "もう一度確認"
DECIDE: Final = "判断する（監督者）"


COMMENT_NEEDED: Final = "差し戻すときは、理由を書いてください。コメントはこのスレッドに載ります。"
COMMENT_NEEDED_BLOCKED: Final = (
    "差し戻すときと、発信禁止の指摘が残ったまま承認するときは、理由を書いてください。コメントはこのスレッドに載ります。"
)


def deciding(number: int) -> str:
    """Say what is about to be decided on."""
    return f"下書き第{number}版について判断します。判断できるのは、下書きを書いた方ではない監督者だけです。"


def findings_shown(first: int, last: int, total: int) -> str:
    """``指摘 12 件のうち 6〜10 件目``."""
    return f"指摘 {total} 件のうち {first}〜{last} 件目"


def choice_of_finding(number: int, what: str) -> str:
    """Name a finding in a menu without quoting it."""
    return f"{number}番の指摘（{what}）" if what else f"{number}番の指摘"


# ── what people press ────────────────────────────────────────────────────────────────────────────────────────────────

REVISION_HINT: Final = "直した文章を貼り付けてください。4,000文字までです。"
RECHECKED_SAME: Final = "投稿の文章は、前に確認したときから変わっていません。"
RECHECKING: Final = "投稿を読み直しました。新しい版の結果を、まもなくこのスレッドにお返しします。"
RECHECK_GONE: Final = "元の投稿が見つかりませんでした。新しい投稿として出すと確認します。"
RECHECK_NOT_ALLOWED: Final = (
    "このチームの投稿を読み直す許可がありません。「修正版を出す」を押して、直した文章を貼り付けてください。"
    "すぐに確認します。"
)
RECHECK_LATER: Final = "いま Teams から投稿を読み直せません。少し待って、もう一度お試しください。"
REVISION_TAKEN: Final = "修正版を受け取りました。結果を、まもなくこのスレッドにお返しします。"
REVISION_TOO_LONG: Final = (
    "文章が長すぎて、この欄からは出せません。直した文章を「修正版：」に続けてこのスレッドに返信してください。"
    "いつも「@SNSチェック」を付けているチームでは、返信にも付けてください。"
)
DISPUTE_TAKEN: Final = "「誤りでは？」を受け付け、監督者に判断をお願いしました。"
WHICH_BLANK: Final = "どの指摘についてか、選んでください。"
FAILED_NOW: Final = (
    "申し訳ありません。操作を受け付けられませんでした。少し待って、もう一度お試しください。"
    "続くときは管理者にお知らせください。"
)
NOT_SERVED: Final = "ここでは操作できません。確認用のチャンネルのスレッドで操作してください。"
NO_REVIEW_CHANNEL: Final = (
    "このチャンネルは、確認用に設定されていません。下書きは、確認用のチャンネルに投稿してください。"
    "ここを確認用にしたいときは、管理者にお知らせください。"
    "（管理者の方へ：設定の SNS_CHECK_TEAMS_CHANNELS に、このチャンネルのリンクを加えてください。）"
)
RULING_EXPLAINED: Final[Mapping[RulingKind, str]] = {
    RulingKind.FOR_DRAFT: "この下書きでだけ、この言葉を指摘しなくなります。",
    RulingKind.FOR_TOWN: (
        "今後どの下書きでも、この規則はこの言葉を指摘しません。"
        "ボットとのチャットに「言葉」と送ると、いつでも取り消せます。"
    ),
    RulingKind.DECLINED: "指摘を残します。理由を書くと、「誤りでは？」を送った方に伝わります。",
}


# ── the chat with the bot, and private checks ────────────────────────────────────────────────────────────────────────

HELP_HEAD: Final = "SNSチェックの使い方"
HELP: Final = (
    "・確認用のチャンネルに下書きを投稿すると、スレッドに結果をお返しします。",
    "・直すときは、元の投稿を編集するか、スレッドに「修正版：」で始めて返信するか、「修正版を出す」を押してください。",
    "・管理者から案内があったチームでは、投稿にも「修正版：」の返信にも「@SNSチェック」を付けてください。",
    "・編集したのに結果が変わらないときは、「もう一度確認」を押してください。",
    "・指摘が違うと思ったら「誤りでは？」を押して、理由をお書きください。監督者が判断します。",
    "・承認・差し戻し・保留は、下書きを書いた方ではない監督者が決めます。",
    "・「連絡：」「【連絡】」か // で始まる投稿は、下書きとして扱いません。",
    "・メッセージのメニューの「SNSチェック」で、そのメッセージをあなただけに確認します。",
    "・このチャットに文章を貼り付けるか、.txt か .docx を添えて送ると、あなただけに確認します。保存はしません。",
)
COMMANDS_HEAD: Final = "このチャットで使える言葉"
COMMANDS: Final[Mapping[str, str]] = {
    "sns-check 文章": "その文章を確認します。文章だけを送っても同じです。",
    "履歴": "下書きの履歴を表示します（例：履歴 差し戻し 先月）。",
    "書き出し": "記録をCSVのファイルにします（監督者）。",
    "言葉": "「今後も問題なし」とした言葉を一覧にします。",
    "条項 4(6)①": "条項の文言と、指摘の例を表示します。",
    "規則": "何を確認しているかを一覧にします。",
    "使い方": "この説明を表示します。",
}
PRIVATE_FILE: Final = "このファイルの中身は、いま受け取れませんでした。文章をそのまま貼り付けて送ってください。"
SETUP_ELSEWHERE: Final = (
    "Teams では、確認するチャンネルとガイドライン、監督者を、管理者がシステムの設定で決めます。"
    "変えたいときは管理者にお知らせください。"
)
NOTHING_TO_CHECK: Final = "確認する文章を貼り付けて送ってください。使い方は「使い方」と送るとご覧になれます。"


def did_you_mean(command: str) -> str:
    """Ask back when somebody seems to have mistyped a command."""
    return f"「{command}」でしょうか。お使いになるときは、そのとおり送ってください。"


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────

FILTER: Final = "絞り込む"
FILTER_STATES: Final = "状態"
FILTER_AUTHOR: Final = "書いた人"
FILTER_FIRST: Final = "この日から"
FILTER_LAST: Final = "この日まで"
FILTER_EXAMPLE: Final = (
    "状態は「判断待ち・保留・承認・差し戻し・取り下げ」、期間は「今日・今週・今月・先月・11月・10/1〜10/15・"
    "2026年10月・令和8年度・直近7日」のように書けます。例：履歴 差し戻し 先月。"
    "人で絞るときは「絞り込む」を押してください。"
)
CLAUSE_EXAMPLE: Final = "例：条項 4(6)①（4-6-1 のようにも書けます）"

# ── the export ───────────────────────────────────────────────────────────────────────────────────────────────────────

SUPERVISORS_ONLY: Final[Mapping[str, str]] = {
    "export": (
        "記録の書き出しは監督者だけができます。ほかの方の下書きも含まれるためです。"
        "ご自分の下書きは「履歴」と送るとご覧になれます。必要なときは、監督者の方にお願いしてください。"
    ),
    "revoke": "言葉の取り消しは監督者だけができます。取り消したいときは、監督者の方にお声がけください。",
}
EXPORT_OFFER: Final = "下書きの記録（CSV）です。ご自分の OneDrive に保存します。"
EXPORT_SAVED: Final = "記録を OneDrive に保存しました。ほかの方の下書きを含みますので、取り扱いにご注意ください。"
OPEN_FILE: Final = "ファイルを開く"
EXPORT_REFUSED: Final = "記録は保存していません。必要なときは、もう一度「書き出し」と送ってください。"
EXPORT_OUTDATED: Final = "この書き出しは期限が切れました。もう一度「書き出し」と送ってください。"
