"""What users read about drafts wherever they are shown: the words that every surface has in common.

Nothing in here comes from a draft, so all of it may stand where a surface formats, notifies and previews.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.desk.refusals import Refusal
from bot.history import DecisionKind, DraftState, RulingKind, Unreadable
from rules import MAX_TEXT
from rules.model import Level, Topic, Verdict, Versions

# ── the answer ────────────────────────────────────────────────────────────────────────────────────────────────────────

MARK: Final[Mapping[Level, str]] = {Level.BLOCK: "⛔", Level.WARN: "⚠️", Level.NOTE: "💡"}
LEVEL: Final[Mapping[Level, str]] = {Level.BLOCK: "発信禁止", Level.WARN: "要確認", Level.NOTE: "参考"}
VERDICT_MARK: Final[Mapping[Verdict, str]] = {Verdict.BLOCK: "⛔", Verdict.WARN: "⚠️", Verdict.PASS: "✅"}
VERDICT: Final[Mapping[Verdict, str]] = {
    Verdict.BLOCK: "発信する前に直してください",
    Verdict.WARN: "発信する前に確認してください",
    Verdict.PASS: "ガイドラインに照らして、直すところは見つかりませんでした",
}
NEXT_STEP_CLEAN: Final = "機械による確認です。発信の判断は、いつもどおり担当の方でお願いします。"
ADVICE: Final = "💡 参考（直さなくても発信できます）"
WHOLE_DRAFT: Final = "下書き全体"
ELLIPSIS: Final = "…"
TITLE: Final = "SNSチェック"


def pictures_unseen(clause: str) -> str:
    """Say that pictures were not looked at; ``clause`` is a label with its wording, or empty."""
    cited = f"（{clause}）" if clause else ""
    return (
        "🖼️ 画像や動画の中身は確認していません。写っている人の肖像権、著作権、画像の中の文字を、"
        f"担当の方がご確認ください{cited}。"
    )


def files_unseen(count: int) -> str:
    """Say that so many files were not read."""
    return f"📎 添付ファイル {count} 件の中身は確認していません。担当の方がご確認ください。"


def counts(levels: Mapping[Level, int]) -> str:
    """``発信禁止 1・要確認 2``; levels without findings are left out."""
    return "・".join(f"{LEVEL[level]} {levels[level]}" for level in Level if levels.get(level))


SOLVED: Final = "✔ 解消"
NEW: Final = "🆕 新しい指摘"


def compared(solved: int, remaining: int, new: int) -> str:
    """``前の版から：解消 1・残り 2・新しい指摘 1``; what there is none of is left out."""
    counted = (("解消", solved), ("残り", remaining), ("新しい指摘", new))
    return "前の版から：" + "・".join(f"{name} {count}" for name, count in counted if count)


def allowed(count: int) -> str:
    """Head of the findings that supervisors have found no problem."""
    return f"🆗 監督者が問題なしとした指摘 {count} 件："


def more(count: int) -> str:
    """``ほか 3 件``."""
    return f"ほか {count} 件"


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


# ── what cannot be read ───────────────────────────────────────────────────────────────────────────────────────────────

UNREADABLE: Final[Mapping[Unreadable, str]] = {
    Unreadable.EMPTY: "確認できる文章がありませんでした。発信する文章を投稿に書き込んでください。",
    Unreadable.TOO_LONG: f"文章が長すぎて確認できませんでした。{MAX_TEXT:,}文字以内に分けて投稿してください。",
    Unreadable.BROKEN_TEXT: "文字が壊れていて確認できませんでした。文章をもう一度コピーして、投稿し直してください。",
    Unreadable.IMAGE_ONLY: (
        "画像だけの投稿なので、文章は確認していません。添える文章があれば、投稿を編集して書き加えると確認します。"
    ),
    Unreadable.UNREADABLE_FILE: (
        "添付のファイルを文章として読めませんでした。文章をメッセージに貼り付けるか、"
        "文字コードが UTF-8 のテキストファイル（.txt、.md）か Word（.docx）にして投稿し直してください。"
    ),
}

# ── when something goes wrong ─────────────────────────────────────────────────────────────────────────────────────────

FAILED: Final = (
    "申し訳ありません。この投稿を確認できませんでした。まだ確認は済んでいません。"
    "しばらくして投稿を編集すると、もう一度確認します。続くときは管理者にお知らせください。"
)
WAITING: Final = "⏳ 確認に時間がかかっています。終わりしだい、このスレッドに結果をお返しします。"
NOT_DONE: Final = (
    "申し訳ありません。操作を記録できませんでした。もう一度お試しください。続くときは管理者にお知らせください。"
)
DECIDED_UNSEEN: Final = (
    "判断は記録しましたが、表示を更新できませんでした。もう一度操作する必要はありません。"
    "結果を、下書きを書いた方に直接お伝えください。続くときは管理者にお知らせください。"
)
RULED_UNSEEN: Final = (
    "判断は記録しましたが、表示を更新できませんでした。もう一度操作する必要はありません。"
    "結果を、「誤りでは？」を送った方に直接お伝えください。続くときは管理者にお知らせください。"
)
DISPUTED_UNSEEN: Final = (
    "「誤りでは？」は記録しましたが、スレッドの表示を更新できませんでした。もう一度送る必要はありません。"
    "監督者の方に直接お声がけください。続くときは管理者にお知らせください。"
)

# ── how a draft stands ────────────────────────────────────────────────────────────────────────────────────────────────

DECISION: Final[Mapping[DecisionKind, str]] = {
    DecisionKind.APPROVE: "承認",
    DecisionKind.RETURN: "差し戻し",
    DecisionKind.HOLD: "保留",
}
DECISION_MARK: Final[Mapping[DecisionKind, str]] = {
    DecisionKind.APPROVE: "✅",
    DecisionKind.RETURN: "🔁",
    DecisionKind.HOLD: "⏸️",
}
DECIDED: Final[Mapping[DecisionKind, str]] = {
    DecisionKind.APPROVE: "✅ 下書きが承認されました",
    DecisionKind.RETURN: "🔁 下書きが差し戻されました",
    DecisionKind.HOLD: "⏸️ 下書きが保留になりました",
}
REATTACHED: Final = "📎 文章は前の版と同じですが、添付の画像やファイルが変わりました。"
WITHDRAWN_LINE: Final = "🗑️ この下書きは取り下げられました"
WITHDRAWN: Final = "🗑️ 下書きの取り下げを記録しました。もう一度確認するときは、新しい投稿として出してください。"
MADE_NOTICE: Final = (
    "🗑️ 投稿が「連絡」に書き換えられたため、下書きを取り下げました。"
    "「連絡：」などの書き出しを消すと、もう一度確認します。"
)
ALREADY_WITHDRAWN: Final = (
    "この下書きは取り下げられているため、修正版は確認していません。新しい投稿として出すと確認します。"
)


def decided_on(number: int) -> str:
    """Go on after the name of who wrote the version."""
    return f" さん、下書き第{number}版の判断が出ました："


def folded(number: int, *, retracted: bool = False) -> str:
    """Say that an answer has made room for a newer one, or for the one before."""
    return f"下書き第{number}版の確認結果（{why_folded(retracted=retracted)}）"


def why_folded(*, retracted: bool) -> str:
    """Say why an answer was folded."""
    return "この版は取り消されました" if retracted else "新しい版の結果が下にあります"


def restored(gone: int, stands: int) -> str:
    """Say which version stands, now that one was taken back."""
    return (
        f"↩️ 下書き第{gone}版が取り消されたため、いまの版は第{stands}版です。"
        f"第{stands}版の確認結果をもう一度開きました。判断や修正は、そちらからお願いします。"
    )


# ── versions written in a form ────────────────────────────────────────────────────────────────────────────────────────

REVISE: Final = "修正版を出す"
REVISION: Final = "下書きの修正版"
REVISED: Final = " さんの修正版："
REVISION_LABEL: Final = "修正版の文章"
REVISION_SUBMIT: Final = "出す"
REVISION_BLANK: Final = "文章が空です。修正版の文章を書いてください。"
REVISION_UNCHANGED: Final = "いまの版と同じ文章です。直してから出してください。"

# ── disputes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

DISPUTE: Final = "誤りでは？"
DISPUTE_TITLE: Final = "指摘は誤りでは？"
DISPUTE_SUBMIT: Final = "送る"
DISPUTE_WHICH: Final = "どの指摘ですか"
DISPUTE_WHICH_PLACEHOLDER: Final = "指摘を選んでください"
ALL_DISPUTED: Final = "どの指摘についても、すでに「誤りでは？」を受け付けています。"
DISPUTE_WHY: Final = "誤りだと思う理由"
DISPUTE_WHY_HINT: Final = "このスレッドに載せ、監督者に判断をお願いします。"
DISPUTE_WHY_BLANK: Final = "理由を書いてください。"
DISPUTE_OPEN: Final = "🙋 「誤りでは？」を受け付け、監督者の判断を待っています。"
DISPUTE_DECLINED: Final = "🙋 「誤りでは？」に、監督者が「指摘のまま」と判断しました。"
DISPUTE_RAISED: Final = "🙋 指摘に「誤りでは？」の声があります"
DISPUTE_RULED: Final = "🙋 「誤りでは？」に監督者が判断しました"
DISPUTED: Final = " さんが、この指摘は誤りではないかと言っています。"
REASON: Final = "理由："
PLEASE_RULE: Final = "監督者の方は、判断をお願いします。"
RULED_ON: Final = " さん、「誤りでは？」の判断が出ました："
RULING: Final[Mapping[RulingKind, str]] = {
    RulingKind.FOR_DRAFT: "この下書きでは問題なし",
    RulingKind.FOR_TOWN: "今後も問題なし",
    RulingKind.DECLINED: "指摘のまま",
}
RULING_MARK: Final[Mapping[RulingKind, str]] = {
    RulingKind.FOR_DRAFT: "🆗",
    RulingKind.FOR_TOWN: "🆗",
    RulingKind.DECLINED: "📌",
}
RULING_TITLE: Final = "指摘についての判断"
RULING_SUBMIT: Final = "決める"
RULING_NOTE: Final = "ひとこと（なくても構いません）"
ALREADY_RULED: Final = "この指摘には、ほかの監督者がすでに判断しています。"

# ── decisions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

DECISION_SUBMIT: Final[Mapping[DecisionKind, str]] = {
    DecisionKind.APPROVE: "承認する",
    DecisionKind.RETURN: "差し戻す",
    DecisionKind.HOLD: "保留にする",
}
DECISION_COMMENT: Final = "コメント"
DECISION_COMMENT_HINT: Final = "このスレッドに載ります。"
DECISION_REQUIRED: Final[Mapping[DecisionKind, str]] = {
    DecisionKind.APPROVE: "発信禁止の指摘が残っています。承認する理由を書いてください。",
    DecisionKind.RETURN: "差し戻す理由を書いてください。",
}


def decision_about(number: int, kind: DecisionKind) -> str:
    """Say in the form what is about to be decided."""
    return f"下書き第{number}版を{DECISION[kind]}とします。"


REFUSED: Final[Mapping[Refusal, str]] = {
    Refusal.NOT_SUPERVISOR: (
        "この操作は監督者だけができます。判断が必要なときは、監督者の方にスレッドでお声がけください。"
        "どなたが監督者か分からないときは、管理者にお尋ねください。"
    ),
    Refusal.OWN_DRAFT: "ご自分が書いた下書きについては判断できません。ほかの監督者の方にお願いしてください。",
    Refusal.OUTDATED: (
        "新しい版が出たか、この版が取り消されたため、この版では操作できません。いまの版の確認結果で操作してください。"
    ),
    Refusal.ALREADY_DECIDED: "この版には、すでに判断が出ています。",
    Refusal.COMMENT_REQUIRED: "理由が空のため、受け付けませんでした。理由を書いて、もう一度お試しください。",
    Refusal.WITHDRAWN: "この下書きは取り下げられています。",
    Refusal.NOT_REVIEWED: "この版はまだ確認が済んでいないため、判断できません。",
    Refusal.WITHHELD: (
        "この下書きの言葉は、設定によりもう保存されていないため、「今後も問題なし」にはできません。"
        "「この下書きでは問題なし」を選ぶか、同じ言葉が次に指摘されたときに判断してください。"
    ),
    Refusal.UNKNOWN: "対象の下書きが見つかりませんでした。古い投稿の場合は、新しく投稿し直してください。",
}

# ── private checks ────────────────────────────────────────────────────────────────────────────────────────────────────

FAILED_PRIVATELY: Final = (
    "申し訳ありません。確認できませんでした。少し待って、もう一度お試しください。続くときは管理者にお知らせください。"
)
PRIVATE: Final = "この結果はあなただけに表示しています。下書きも結果も保存していません。"

# ── lists of drafts ───────────────────────────────────────────────────────────────────────────────────────────────────

STATE: Final[Mapping[DraftState, str]] = {
    DraftState.WAITING: "判断待ち",
    DraftState.HELD: "保留",
    DraftState.APPROVED: "承認",
    DraftState.RETURNED: "差し戻し",
    DraftState.WITHDRAWN: "取り下げ",
}
STATE_MARK: Final[Mapping[DraftState, str]] = {
    DraftState.WAITING: "⏳",
    DraftState.HELD: "⏸️",
    DraftState.APPROVED: "✅",
    DraftState.RETURNED: "🔁",
    DraftState.WITHDRAWN: "🗑️",
}
HISTORY: Final = "下書きの履歴"
DECIDED_AS: Final = "判断："
OPEN_THREAD: Final = "スレッドを開く"
NO_TEXT: Final = "（文章なし）"
NEXT_PAGE: Final = "次へ"
PREVIOUS_PAGE: Final = "前へ"
NOTHING_FOUND: Final = "当てはまる下書きはありません。"
EVERYBODY: Final = "全員"
OWN_ONLY: Final = "ほかの方の下書きを見られるのは監督者だけなので、ご自分の下書きを表示しています。"
EVERY_STATE: Final = "すべての状態"
EVERY_TIME: Final = "すべての期間"


def not_understood(count: int) -> str:
    """Say that some words of a filter mean nothing to us; the words follow."""
    return f"次の{count}語を読み取れませんでした：" if count > 1 else "次の言葉を読み取れませんでした："


def edition(number: int) -> str:
    """``第2版``."""
    return f"第{number}版"


def span(first: date | None, last: date | None) -> str:
    """Name a span of days."""
    if first is None or last is None:
        return EVERY_TIME
    return day(first) if first == last else f"{day(first)}から{day(last)}まで"


def day(date: date) -> str:
    """``2026年11月20日``."""
    return f"{date.year}年{date.month}月{date.day}日"


def shown_of(first: int, last: int, total: int) -> str:
    """``全 57 件のうち 11〜20 件目``."""
    return f"全 {total} 件のうち {first}〜{last} 件目" if total else ""


# ── the town's words ──────────────────────────────────────────────────────────────────────────────────────────────────

WORDS: Final = "「今後も問題なし」とした言葉"
NO_WORDS: Final = "「今後も問題なし」とした言葉は、まだありません。"
REVOKE: Final = "取り消す"
REVOKE_CONFIRM: Final = "取り消すと、この言葉をまた指摘するようになります。よろしいですか。"
REVOKED: Final = "取り消しました。これからは、この言葉をまた指摘します。"
REVOKED_BEFORE: Final = "この言葉は、すでに取り消されています。"
ALLOWED_BY: Final = " さんが "
ALLOWED_ON: Final = " に決めました。理由："
NO_REASON: Final = "（記載なし）"

# ── the export ────────────────────────────────────────────────────────────────────────────────────────────────────────

EXPORT_DONE: Final = "ご依頼の記録です。ほかの方の下書きを含みますので、取り扱いにご注意ください。"
EXPORT_FAILED: Final = (
    "申し訳ありません。記録を書き出せませんでした。もう一度お試しください。続くときは管理者にお知らせください。"
)

# ── rules and clauses ─────────────────────────────────────────────────────────────────────────────────────────────────

RULES: Final = "確認していること"
TOPIC: Final[Mapping[Topic, str]] = {
    Topic.INSULT: "侮辱・不敬な言い方",
    Topic.DISCRIMINATION: "差別",
    Topic.ILLEGAL_ACT: "違法・不当な行為",
    Topic.RUMOR: "うわさ・事実と異なる情報",
    Topic.HARMFUL_LINK: "有害なリンク",
    Topic.DISRUPTION: "善意の情報交換を妨げること",
    Topic.PUBLIC_MORALS: "公序良俗",
    Topic.CONFIDENTIAL: "秘密",
    Topic.PERSONAL_INFO: "個人情報",
    Topic.RIGHTS: "肖像権・著作権などの権利",
    Topic.SECURITY: "情報セキュリティー",
    Topic.INTERNAL_PROCESS: "意思形成の過程",
    Topic.OUTSIDE_DUTY: "所掌の外のこと",
    Topic.ACCURACY: "正確さ",
    Topic.CONDUCT: "服務",
    Topic.HOSTILE_REPLY: "攻撃的な応答",
}
HEADING_ONLY: Final = "（見出しだけの条項です）"
UNCHECKED: Final = "この条項は、下書きの文面からは確かめていません："
CHECKED: Final = "確認していること："
EXAMPLES: Final = "こう書くと指摘します："
CLAUSES: Final = "使える条項："


def rules_version(version: str) -> str:
    """``規則 2026.11+1a2b3c4d``."""
    return f"規則 {version}"


def no_such_clause(guideline: str) -> str:
    """Say that a guideline has no such clause."""
    return f"その条項は「{guideline}」に見当たりません。"
