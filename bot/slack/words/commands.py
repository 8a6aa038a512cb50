"""What is said to one person: private checks, commands, and the forms that they open.

Nothing in here comes from a draft, so all of it may stand where Slack formats, notifies and previews.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.desk import ClauseFigures, RuleFigures
from bot.desk.words import *  # noqa: F403 - what is the same on every surface is said there

# ── when something goes wrong ────────────────────────────────────────────────────────────────────────────────────────

SLACK_UNREACHABLE: Final = "ただいま Slack からファイルを受け取れません。少し待って、もう一度お試しください。"

# ── private checks ───────────────────────────────────────────────────────────────────────────────────────────────────

CHECKING: Final = "確認しています…"
FORM_LABEL: Final = "下書き"
FORM_PLACEHOLDER: Final = "発信する前の文章を貼り付けてください"
FORM_HINT: Final = "3,000文字までです。結果はあなただけに表示し、下書きは保存しません。"
FORM_SUBMIT: Final = "確認する"

# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HELP: Final = (
    "SNSチェックの使い方",
    "・確認用のチャンネルに下書きを投稿すると、スレッドに結果をお返しします。",
    "・直すときは、元の投稿を編集するか、「修正版を出す」を押すか、スレッドに「修正版：」で始めて返信してください。",
    "　どれも新しい版として、もう一度確認します。返信した修正版を消すと、前の版に戻ります。",
    "・指摘が違うと思ったら「誤りでは？」を押して、理由をお書きください。監督者が判断します。",
    "・承認・差し戻し・保留は、下書きを書いた方ではない監督者が決めます。",
    "・「連絡：」「【連絡】」か // で始まる投稿は、下書きとして扱いません。",
    "・メッセージのメニューの「SNSチェック」で、そのメッセージをあなただけに確認します。",
    "・このアプリの「ホーム」タブで、下書きの状況を見られます。",
)
COMMANDS: Final[Mapping[str, str]] = {
    "/sns-check 文章": "結果をあなただけに表示します。下書きも結果も保存しません。",
    "/sns-check": "改行のある長い文章を入力する画面を開きます。",
    "/sns-check history": "下書きの履歴を表示します（例：/sns-check history 差し戻し 10月）。",
    "/sns-check clause 4(6)①": "条項の文言と、指摘の例を表示します。",
    "/sns-check rules": "何を確認しているかを一覧にします。",
    "/sns-check words": "「今後も問題なし」とした言葉を一覧にします。",
    "/sns-check export": "記録をCSVにして、ダイレクトメッセージでお送りします（監督者）。",
    "/sns-check setup": "チャンネルのガイドラインと監督者を決めます（監督者）。",
    "/sns-check help": "この説明を表示します。",
}
ASK_AS_TEXT: Final = "文章として確認するときは、/sns-check とだけ送って開く画面に貼り付けてください。"


def did_you_mean(command: str) -> str:
    """Ask back when somebody seems to have mistyped a command."""
    return f"「/sns-check {command}」でしょうか。お使いになるときは、そのとおり入力してください。{ASK_AS_TEXT}"


SUPERVISORS_ONLY: Final[Mapping[str, str]] = {
    "export": (
        "記録の書き出しは監督者だけができます。ほかの方の下書きも含まれるためです。"
        "ご自分の下書きは /sns-check history で見られます。必要なときは、監督者の方にお願いしてください。"
    ),
    "setup": (
        "チャンネルの設定は監督者だけができます。確認の基準と、承認する人を決めるものだからです。"
        "変えたいときは、監督者の方にお声がけください。"
    ),
    "revoke": "言葉の取り消しは監督者だけができます。取り消したいときは、監督者の方にお声がけください。",
}

# ── lists of drafts ──────────────────────────────────────────────────────────────────────────────────────────────────

FILTER_EXAMPLE: Final = (
    "人は @名前、状態は「判断待ち・保留・承認・差し戻し・取り下げ」、期間は「今日・今週・今月・先月・11月・"
    "10/1〜10/15・2026年10月・令和8年度・直近7日」のように書けます。例：/sns-check history 差し戻し 先月"
)


# ── the Home tab ─────────────────────────────────────────────────────────────────────────────────────────────────────

HOME_SUPERVISOR: Final = "下書きの状況"
HOME_STAFF: Final = "あなたの下書き"
HOME_HINT: Final = "使い方は /sns-check help でご覧になれます。"
HOME_SHOW: Final = "表示する状態"
HOME_UNKNOWN: Final = (
    "監督者かどうかを、いま Slack に確かめられないため、ご自分の下書きだけを表示しています。"
    "少し待って、このタブを開き直してください。"
)
OPEN_DISPUTES: Final = "判断を待っている「誤りでは？」"
PREVIOUS_MONTH: Final = "前の月"
NEXT_MONTH: Final = "次の月"
NO_FINDINGS: Final = "この月の指摘はありません。"
RULES_DISPUTED: Final = "「誤りでは？」があった規則"
OFTEN_DISPUTED: Final = "⚠️ 誤りとされることが多い規則です。管理者に見直しを相談してください。"


def clauses_of_month(first: date) -> str:
    """Head of the figures of a month, given by a day in it."""
    return f"{first.year}年{first.month}月の指摘（条項別）"


def clause_line(figures: ClauseFigures) -> str:
    """``4(6)①：発信禁止 3・要確認 1（下書き 2 件）``."""
    levels = (("発信禁止", figures.block), ("要確認", figures.warn), ("参考", figures.note))
    counted = "・".join(f"{name} {count}" for name, count in levels if count)
    return f"{figures.clause}：{counted}（下書き {figures.drafts} 件）"


def rule_line(title: str, figures: RuleFigures) -> str:
    """Say how often a rule spoke and how often it was wrong; an empty ``title`` is that of a rule that is no more."""
    waiting = figures.disputed - figures.accepted - figures.declined
    ruled = f"問題なし {figures.accepted}・指摘のまま {figures.declined}"
    name = f"{title}（{figures.rule}）" if title else figures.rule
    return f"{name}：指摘 {figures.shown} 件、{ruled}" + (f"・判断待ち {waiting}" if waiting else "")


# ── the export ───────────────────────────────────────────────────────────────────────────────────────────────────────

EXPORT_BEGUN: Final = "記録を書き出しています。できあがったら、ダイレクトメッセージでお送りします。"

# ── the town's words ─────────────────────────────────────────────────────────────────────────────────────────────────

CANCEL: Final = "やめる"

# ── rules and clauses ────────────────────────────────────────────────────────────────────────────────────────────────

CLAUSE_EXAMPLE: Final = "例：/sns-check clause 4(6)①（4-6-1 のようにも書けます）"


# ── setup ────────────────────────────────────────────────────────────────────────────────────────────────────────────

SETUP: Final = "チャンネルの設定"
SETUP_SUBMIT: Final = "保存する"
SETUP_CHANNEL: Final = "チャンネル"
SETUP_CHANNEL_HINT: Final = "ここに投稿された下書きを確認します。すぐに始まります。"
SETUP_GUIDELINE: Final = "ガイドライン"
SETUP_SUPERVISORS: Final = "監督者"
SETUP_SUPERVISORS_HINT: Final = "空のままにすると、システムの設定で決めた監督者が判断します。"
SETUP_NOT_YOURS: Final = "このチャンネルの監督者ではないため、設定できません。"
SETUP_DONE: Final = "設定を保存しました。いまから、この設定で確認します。"
SETUP_INVITE: Final = (
    "SNSチェックがまだこのチャンネルに参加していません。チャンネルで「/invite @SNSチェック」と書いて招待してください。"
)
SETUP_BY_DEFAULT: Final = "システムの設定のとおり"

# ── the welcome ──────────────────────────────────────────────────────────────────────────────────────────────────────

WELCOME: Final = (
    "SNSチェックです。このチャンネルに下書きを投稿すると、ガイドラインに照らして、スレッドに結果をお返しします。",
    "直すときは、元の投稿を編集するか、「修正版を出す」を押すか、スレッドに「修正版：」で始めて返信してください。",
    "指摘が違うと思ったら「誤りでは？」を押してください。監督者が判断します。承認・差し戻しも監督者が行います。",
    "下書きではない投稿は「連絡：」「【連絡】」か // で始めてください。確認しません。",
    "自分だけで試すには /sns-check 文章、使い方は /sns-check help をどうぞ。",
)
WELCOME_ELSEWHERE: Final = (
    "このチャンネルは、まだ確認用になっていません。監督者の方が /sns-check setup で設定すると始まります。"
)

# ── reminders ────────────────────────────────────────────────────────────────────────────────────────────────────────

REMINDER_REST: Final = "ほかの下書きは、ホームタブでご覧になれます。"


def reminder(count: int, held: int, hours: int) -> str:
    """Head of the list of drafts that wait; ``held`` of them are on hold."""
    on_hold = f"（うち保留 {held} 件）" if held else ""
    return f"お疲れさまです。{hours}時間（勤務時間）を超えて判断を待っている下書きが {count} 件あります{on_hold}。"
