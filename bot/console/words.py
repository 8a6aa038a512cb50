"""Every Japanese word that the console says, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.desk import MAX_TEXT, Unreadable
from rules import Level, Verdict

TITLE: Final = "SNSチェック"
TAGLINE: Final = "発信する前の下書きを、ガイドラインに照らして確認します"
PRIVACY: Final = "文章も結果もこのコンピューターの中だけに保存します。外部には送りません。"
SKIP: Final = "本文へ移動"
HOME: Final = "はじめのページへ"

# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

NEW_HEADING: Final = "下書きを確認する"
DRAFT_LABEL: Final = "下書き"
DRAFT_HINT: Final = f"発信する文章をそのまま貼り付けてください。{MAX_TEXT:,}文字まで確認できます。"
DRAFT_PLACEHOLDER: Final = "例：市民まつりは12月5日（土）に中央公園で開きます。"
GUIDELINE_LABEL: Final = "ガイドライン"
SUBMIT: Final = "確認する"
REVISE_HEADING: Final = "修正版を出す"
REVISE_HINT: Final = "下の文章を直して、もう一度確認できます。前の版は履歴に残ります。"
REVISE_SUBMIT: Final = "修正版を確認する"
RETRY: Final = "もう一度確認する"

# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────

RECENT_HEADING: Final = "最近の下書き"
RECENT_EMPTY: Final = "まだ下書きがありません。確認すると、ここに並びます。"
NO_TEXT: Final = "（文章なし）"

# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────

LEVEL: Final[Mapping[Level, str]] = {Level.BLOCK: "発信禁止", Level.WARN: "要確認", Level.NOTE: "参考"}
VERDICT: Final[Mapping[Verdict, str]] = {
    Verdict.BLOCK: "発信する前に直してください",
    Verdict.WARN: "発信する前に確認してください",
    Verdict.PASS: "ガイドラインに照らして、直すところは見つかりませんでした",
}
VERDICT_SHORT: Final[Mapping[Verdict, str]] = {
    Verdict.BLOCK: "発信禁止",
    Verdict.WARN: "要確認",
    Verdict.PASS: "指摘なし",
}
UNREVIEWED_SHORT: Final = "未確認"
NEXT_STEP_CLEAN: Final = "機械による確認です。発信の判断は、いつもどおり担当の方でお願いします。"
NOTE_HINT: Final = "直さなくても発信できます"
ANSWER_HEADING: Final = "確認の結果"
HISTORY_HEADING: Final = "これまでの版"
WHOLE_DRAFT: Final = "下書き全体"
SUGGESTION: Final = "直し方"
CLAUSE: Final = "条項"
BACK_TO_WORDS: Final = "本文の該当箇所へ"
CLAUSE_WITHOUT_WORDING: Final = "この条項の文言は、いまのガイドラインのファイルにありません。"
HIDDEN_CHARACTER: Final = "目に見えない文字"
MADE_WITH_RULES: Final = "規則"
MADE_WITH_DICTIONARY: Final = "辞書"

UNREADABLE: Final[Mapping[Unreadable, str]] = {
    Unreadable.EMPTY: "確認できる文章がありません。発信する文章を貼り付けてください。",
    Unreadable.TOO_LONG: f"文章が長すぎて確認できません。{MAX_TEXT:,}文字以内に分けてください。",
    Unreadable.BROKEN_TEXT: "文字が壊れていて確認できません。文章をもう一度コピーして、貼り付け直してください。",
    Unreadable.IMAGE_ONLY: "画像だけでは確認できません。添える文章を貼り付けてください。",
    Unreadable.UNREADABLE_FILE: "ファイルを文章として読めません。文章を貼り付けてください。",
}
NOT_REVIEWED: Final = (
    "この版の確認はまだ済んでいません。下のボタンでもう一度確認できます。続くときは管理者にお知らせください。"
)
OLD_NOT_REVIEWED: Final = "この版は、確認が済む前に新しい版が出ました。"

# ── when something goes wrong ────────────────────────────────────────────────────────────────────────────────────────

NOT_FOUND: Final = "お探しのページはありません。"
BAD_METHOD: Final = "この操作はできません。前のページに戻って、もう一度お試しください。"
BAD_FORM: Final = "送られた内容を読み取れませんでした。前のページに戻って、文章を貼り付け直してください。"
BAD_GUIDELINE: Final = "そのガイドラインは選べません。一覧から選んでください。"
TOO_LARGE: Final = f"送られた内容が大きすぎます。文章は{MAX_TEXT:,}文字以内に分けてください。"
BROKEN: Final = (
    "申し訳ありません。内部の不具合で表示できませんでした。"
    "少し待って、もう一度お試しください。続くときは管理者にお知らせください。"
)
FOREIGN_HOST: Final = (
    "この画面は、動いているコンピューターの中からだけ開けます。http://127.0.0.1 で始まるアドレスで開いてください。"
)
FOREIGN_ORIGIN: Final = "ほかのページからの操作は受け付けません。この画面を開き直してから、もう一度お試しください。"


def version(number: int) -> str:
    """``第2版``."""
    return f"第{number}版"


def counts(levels: Mapping[Level, int]) -> str:
    """``発信禁止 1・要確認 2``; levels without findings are left out."""
    return "・".join(f"{LEVEL[level]} {levels[level]}" for level in Level if levels.get(level))


def solved(count: int) -> str:
    """Say how many of the former version's findings are gone."""
    return f"前の版の指摘のうち {count} 件が解消しました"


def finding(number: int) -> str:
    """Name a finding: ``指摘1``."""
    return f"指摘{number}"
