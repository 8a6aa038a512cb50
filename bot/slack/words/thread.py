"""What is said in the thread of a draft, and about drafts wherever they are shown.

Nothing in here comes from a draft, so all of it may stand where Slack formats, notifies and previews.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.desk import MAX_TEXT, DecisionKind, Refusal, RulingKind, Unreadable
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

NEXT_STEP: Final = "直すときは、元の投稿を編集するか、「修正版を出す」を押してください。自動でもう一度確認します。"
NEXT_STEP_CLEAN: Final = "機械による確認です。発信の判断は、いつもどおり担当の方でお願いします。"
ADVICE: Final = "💡 参考（直さなくても発信できます）"
WHOLE_DRAFT: Final = "下書き全体"
ELLIPSIS: Final = "…"
TITLE: Final = "SNSチェック"
CLOSE: Final = "閉じる"


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
        "画像だけの投稿なので、文章は確認していません。添える文章があれば、投稿を編集して書き加えると確認します。"
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
WAITING: Final = "⏳ 確認に時間がかかっています。終わりしだい、このスレッドに結果をお返しします。"

# ── how a draft stands ───────────────────────────────────────────────────────────────────────────────────────────────

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
    return f"下書き第{number}版の確認結果（{_why_folded(retracted=retracted)}）"


def folded_page(number: int, page: int, pages: int, *, retracted: bool = False) -> str:
    """Say the same of its second and later messages."""
    return f"下書き第{number}版の確認結果のつづき {page}/{pages}（{_why_folded(retracted=retracted)}）"


def _why_folded(*, retracted: bool) -> str:
    return "この版は取り消されました" if retracted else "新しい版の結果が下にあります"


def restored(gone: int, stands: int) -> str:
    """Say which version stands, now that one was taken back."""
    return (
        f"↩️ 下書き第{gone}版が取り消されたため、いまの版は第{stands}版です。"
        f"第{stands}版の確認結果をもう一度開きました。判断や修正は、そちらからお願いします。"
    )


def vacated(page: int) -> str:
    """Say that an answer has become shorter."""
    return f"（つづき {page} はなくなりました）"


# ── versions written in the form ─────────────────────────────────────────────────────────────────────────────────────

REVISE: Final = "修正版を出す"
REVISION: Final = "下書きの修正版"
REVISED: Final = " さんの修正版："
REVISION_LABEL: Final = "修正版の文章"
REVISION_HINT: Final = "3,000文字までです。出すとスレッドに載り、自動で確認します。"
REVISION_HINT_WITHHELD: Final = (
    "前の版の文章は、設定によりもう保存されていません。元の投稿から写して直してください。3,000文字までです。"
)
REVISION_SUBMIT: Final = "出す"
REVISION_FINDINGS: Final = "いまの版への指摘"
REVISION_BLANK: Final = "文章が空です。修正版の文章を書いてください。"
REVISION_UNCHANGED: Final = "いまの版と同じ文章です。直してから出してください。"
REVISION_TOO_LONG: Final = (
    "この下書きは3,000文字を超えるため、入力画面では直せません。"
    "このスレッドに「修正版：」に続けて直した文章を返信するか、元の投稿を編集してください。自動で確認します。"
)

# ── disputes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

DISPUTE: Final = "誤りでは？"
DISPUTE_OTHER: Final = "ほかの指摘について「誤りでは？」"
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


def findings_group(first: str) -> str:
    """Head of a group of findings in a menu: the number that it begins with."""
    return f"{first.partition('.')[0]} から"


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
RULING_EXPLAINED: Final[Mapping[RulingKind, str]] = {
    RulingKind.FOR_DRAFT: "この下書きでは、この言葉を指摘しなくなります。ほかの下書きには影響しません。",
    RulingKind.FOR_TOWN: (
        "今後どの下書きでも、この規則はこの言葉を指摘しません。"
        "だれが、いつ、なぜ決めたかを記録し、/sns-check words でいつでも取り消せます。"
    ),
    RulingKind.DECLINED: "指摘を残します。理由を書くと、「誤りでは？」を送った方に伝わります。",
}
RULING_TITLE: Final = "指摘についての判断"
RULING_SUBMIT: Final = "決める"
RULING_NOTE: Final = "ひとこと（なくても構いません）"
ALREADY_RULED: Final = "この指摘には、ほかの監督者がすでに判断しています。"

# ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────────

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
CANNOT_TELL: Final = "監督者かどうかを、いま Slack に確かめられません。少し待って、もう一度お試しください。"
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
TOO_LATE: Final = "時間がかかって画面を開けませんでした。もう一度押してください。"
