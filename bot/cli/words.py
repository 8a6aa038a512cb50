"""What the commands on the database and the records say."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.history import Fault, Purged, Verification
from bot.workhours import JAPAN

DB: Final = "データベースの形式を移し、バックアップを取り、暗号鍵を替えます。"
UPGRADE: Final = "データベースを、このプログラムの形式にします。先にバックアップを取ってください。"
DOWNGRADE: Final = (
    "データベースを前の形式に戻します。新しい形式で加わった内容は失われます。"
    "sns-check serve を止め、バックアップを取ってから行ってください。"
)
BACKUP: Final = "動かしたまま、データベースのバックアップをファイルに書きます。"
RESTORE: Final = "バックアップをデータベースに戻します。sns-check serve を止めてから行ってください。"
NEW_KEY: Final = "SNS_CHECK_ENCRYPTION_KEY に指定する暗号鍵を作って表示します。"
ROTATE_KEYS: Final = (
    "保存されている本文を、SNS_CHECK_ENCRYPTION_KEY の最初の鍵で暗号化し直します。"
    "暗号化を始めるときと、鍵を替えるときに使います。"
)
OFF: Final = "暗号化をやめます。終わったら SNS_CHECK_ENCRYPTION_KEY の指定を外してください。"
OVERWRITE_FILE: Final = "同じ名前のファイルがあれば上書きします。"
OVERWRITE_DATABASE: Final = "今ある記録を置き換えます。"

HISTORY: Final = "記録を確かめ、書き出し、消します。"
VERIFY: Final = "記録が書き換えられていないことを確かめます。書き換えがあれば、終了コードは1です。"
HEAD: Final = "以前に控えた末尾の値。その後に末尾が切り取られたり、全体が作り直されたりしていないかも確かめます。"
EXPORT: Final = "すべての下書きの記録を書き出します（情報公開請求への対応など）。"
SINCE: Final = "この日から受け付けた下書き（例：2026-04-01）。"
UNTIL: Final = "この日までに受け付けた下書き。"
STYLE: Final = "csv は表計算ソフトで開ける形、jsonl は1行に1件のJSON。なければ csv。"
PURGE: Final = (
    "古い下書きの本文、書いた人、判断した人、コメントを消します。件数の集計は残ります。"
    "sns-check serve も、SNS_CHECK_RETENTION_DAYS を過ぎたものを自動で消します。"
)
BEFORE: Final = "この日より前から何も起きていない下書きを消します。なければ SNS_CHECK_RETENTION_DAYS に従います。"
DRY_RUN: Final = "消さずに、件数だけを表示します。"

NO_KEYS: Final = "SNS_CHECK_ENCRYPTION_KEY に暗号鍵を指定してください。sns-check db new-key で作れます。"
CANNOT_DECRYPT: Final = (
    "今の暗号鍵では読めない本文があります。"
    "SNS_CHECK_ENCRYPTION_KEY に、これまでの鍵もコンマで区切って指定してください。"
)
DATABASE_FAILED: Final = "データベースが応答しません。データベースの状態を確かめて、もう一度実行してください。"
NO_PERIOD: Final = "いつより前を消すかを --before で指定するか、SNS_CHECK_RETENTION_DAYS を設定してください。"
IN_THE_FUTURE: Final = "--before には今日までの日付を指定してください。"


def up_to_date(revision: str) -> str:
    """Say that there was nothing to do."""
    return f"データベースは、すでに最新の形式（{revision}）です。"


def upgraded(before: str | None, after: str) -> str:
    """Say what was done."""
    if before is None:
        return f"データベースを作りました（形式 {after}）。"
    return f"データベースの形式を {before} から {after} にしました。"


def downgraded(revision: str) -> str:
    """Say what was done, and what must not be done now."""
    return (
        f"データベースの形式を {revision} に戻しました。"
        "このプログラムで sns-check serve を始めると、ふたたび新しい形式になります。"
    )


def backed_up(file: str) -> str:
    """Say where the backup is, and what is not in it."""
    return f"バックアップを「{file}」に書きました。暗号鍵を使っているときは、鍵も別の場所に保管してください。"


def restored(file: str) -> str:
    """Say what was done, and what to do next."""
    return f"「{file}」の内容をデータベースに戻しました。sns-check history verify で記録を確かめてください。"


def rekeyed(changed: int, *, off: bool) -> str:
    """Say what was done."""
    return f"{changed:,}か所を{'暗号化しない形に戻しました' if off else '最初の鍵で暗号化し直しました'}。"


_FAULTS: Final = {
    Fault.MISSING: "この前にあった記録が消されているか、記録が書き足されています",
    Fault.CHANGED: "記録した内容が書き換えられています",
    Fault.ACTOR: "行った人が書き換えられています",
    Fault.CONTENT: "本文、指摘、判断、コメントのどれかが書き換えられているか、消されています",
    Fault.FACTS: "下書きの場所や状態、版の順番、返答の有無、指摘の件数のどれかが書き換えられています",
    Fault.ERASED: "行った人か、本文の照合に使う値が、このプログラムによらずに消されています",
    Fault.CUT: "この後にあった記録が消されています",
    Fault.UNHEARD_OF: "この下書きに、記録のない本文、判断、異議、許可のどれかが書き足されています",
    Fault.UNKNOWN_HEAD: "控えた値がどの記録にもありません。末尾が切り取られたか、全体が作り直されています",
}


def verified(verification: Verification) -> str:
    """Say what came of it, and what to note."""
    head = f"末尾：{verification.head.number}番　{verification.head.hash}"
    if verification.fault:
        return f"{verification.broken}番の記録に異常があります：{_FAULTS[verification.fault]}。\n{head}"
    return (
        f"記録 {verification.head.number:,}件を確かめました。書き換えはありません。\n{head}\n"
        "末尾の値を別の場所に控えておき、次に --head で指定すると、末尾の切り取りも見つかります。"
    )


def purged(erased: Purged, end: datetime, *, dry_run: bool) -> str:
    """Say how much was erased, or would be."""
    day = end.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")
    counted = f"{day} より後に何も起きていない下書き {erased.drafts:,}件（{erased.versions:,}版）"
    return f"{counted}が消す対象です。" if dry_run else f"{counted}の本文と人の名前を消しました。"
