"""What is said to one person: private checks, commands, and the forms that they open.

Nothing in here comes from a draft, so all of it may stand where Slack formats, notifies and previews.
"""

from __future__ import annotations

from typing import Final

# ── when something goes wrong ────────────────────────────────────────────────────────────────────────────────────────

FAILED_PRIVATELY: Final = (
    "申し訳ありません。確認できませんでした。少し待って、もう一度お試しください。続くときは管理者にお知らせください。"
)
SLACK_UNREACHABLE: Final = "ただいま Slack からファイルを受け取れません。少し待って、もう一度お試しください。"

# ── private checks ───────────────────────────────────────────────────────────────────────────────────────────────────

PRIVATE: Final = "この結果はあなただけに表示しています。下書きも結果も保存していません。"
CHECKING: Final = "確認しています…"
FORM_LABEL: Final = "下書き"
FORM_PLACEHOLDER: Final = "発信する前の文章を貼り付けてください"
FORM_HINT: Final = "3,000文字までです。結果はあなただけに表示し、下書きは保存しません。"
FORM_SUBMIT: Final = "確認する"
HELP: Final = (
    "*SNSチェックの使い方*\n"
    "• 確認用のチャンネルに下書きを投稿すると、スレッドに結果をお返しします。"
    "投稿を編集すると、自動でもう一度確認します。\n"
    "• `/sns-check 文章` … 結果をあなただけに表示します。\n"
    "• `/sns-check` … 改行のある長い文章を入力する画面を開きます。\n"
    "• メッセージのメニューの「SNSチェック」… そのメッセージをあなただけに確認します。\n"
    "個人的な確認では、下書きも結果も保存しません。"
)
