"""What is said in the thread of a draft, and about drafts wherever they are shown.

Nothing in here comes from a draft, so all of it may stand where Slack formats, notifies and previews.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.desk import MAX_TEXT, Unreadable
from rules.model import Level, Verdict, Versions

# ── a message read aloud ─────────────────────────────────────────────────────────────────────────────────────────────

SOMEBODY: Final = "@利用者"
SOME_GROUP: Final = "@グループ"
SOME_CHANNEL: Final = "#チャンネル"

# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────

MARK: Final[Mapping[Level, str]] = {Level.BLOCK: "⛔", Level.WARN: "⚠️", Level.NOTE: "💡"}
LEVEL: Final[Mapping[Level, str]] = {Level.BLOCK: "発信禁止", Level.WARN: "要確認", Level.NOTE: "参考"}

VERDICT_MARK: Final[Mapping[Verdict, str]] = {Verdict.BLOCK: "⛔", Verdict.WARN: "⚠️", Verdict.PASS: "✅"}
VERDICT: Final[Mapping[Verdict, str]] = {
    Verdict.BLOCK: "発信する前に直してください",
    Verdict.WARN: "発信する前に確認してください",
    Verdict.PASS: "ガイドラインに照らして、直すところは見つかりませんでした",
}

NEXT_STEP: Final = "直したら、元の投稿を編集してください。自動でもう一度確認します。"
NEXT_STEP_CLEAN: Final = "機械による確認です。発信の判断は、いつもどおり担当の方でお願いします。"
ADVICE: Final = "💡 参考（直さなくても発信できます）"
WHOLE_DRAFT: Final = "下書き全体"
ELLIPSIS: Final = "…"
PICTURES_UNSEEN: Final = (
    "🖼️ 画像や動画の中身は確認していません。写っている人の肖像権、著作権、画像の中の文字を、担当の方がご確認ください。"
)

TITLE: Final = "SNSチェック"
CLOSE: Final = "閉じる"


def unseen(*, pictures: bool, files: int) -> tuple[str, ...]:
    """Say what came with the text and was not read: pictures, and so many files."""
    of_files = f"📎 添付ファイル {files} 件の中身は確認していません。担当の方がご確認ください。"
    return (*((PICTURES_UNSEEN,) if pictures else ()), *((of_files,) if files else ()))


def counts(levels: Mapping[Level, int]) -> str:
    """``発信禁止 1・要確認 2``; levels without findings are left out."""
    return "・".join(f"{LEVEL[level]} {levels[level]}" for level in Level if levels.get(level))


def solved(count: int) -> str:
    """Say how many of the former version's findings are gone."""
    return f"✔ 前の版の指摘のうち {count} 件が解消しました："


def more(count: int) -> str:
    """``ほか 3 件``."""
    return f"ほか {count} 件"


def continued(page: int, pages: int) -> str:
    """Head of the second and later messages of one answer."""
    return f"（つづき {page}/{pages}）"


def in_short(count: int) -> str:
    """Head of the list of findings for which there is no room in full."""
    return (
        f"指摘が多いため、残りの {count} 件は該当箇所と条項だけをお知らせします。"
        "詳しく示した指摘を直して確認し直すと、残りの理由と言い換えも表示します。"
    )


def left_out(count: int) -> str:
    """Say that not even a line is left for some findings, and how to get at them."""
    return f"ほか {count} 件。上の指摘を直して確認し直すと、つづきを表示します。"


def footer(guideline: str, number: int | None, versions: Versions) -> str:
    """Name what the review was made with; ``number`` is that of the draft's version, ``None`` for a private check."""
    edition = () if number is None else (f"下書き第{number}版",)
    return " ・ ".join((guideline, *edition, f"規則 {versions.rules}", f"辞書 {versions.dictionary}"))


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────────────────────────

UNREADABLE: Final[Mapping[Unreadable, str]] = {
    Unreadable.EMPTY: "確認できる文章がありませんでした。発信する文章を投稿に書き込んでください。",
    Unreadable.TOO_LONG: f"文章が長すぎて確認できませんでした。{MAX_TEXT:,}文字以内に分けて投稿してください。",
    Unreadable.BROKEN_TEXT: "文字が壊れていて確認できませんでした。文章をもう一度コピーして、投稿し直してください。",
    Unreadable.IMAGE_ONLY: (
        "画像だけの投稿なので、文章は確認していません。写っている人の肖像権、著作権、画像の中の文字を、担当の方がご確認ください。"
        "添える文章があれば、投稿を編集して書き加えると確認します。"
    ),
    Unreadable.UNREADABLE_FILE: (
        "添付のファイルを文章として読めませんでした。文章をメッセージに貼り付けるか、"
        "文字コードが UTF-8 のテキストファイル（.txt、.md）か Word（.docx）にして投稿し直してください。"
    ),
}

# ── when something goes wrong ────────────────────────────────────────────────────────────────────────────────────────

FAILED: Final = (
    "申し訳ありません。この投稿を確認できませんでした。まだ確認は済んでいません。"
    "しばらくして投稿を編集すると、もう一度確認します。続くときは管理者にお知らせください。"
)
