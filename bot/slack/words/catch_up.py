"""What supervisors are told when drafts were not checked."""

from __future__ import annotations

from typing import Final

MISSED_ADVICE: Final = (
    "時間がたっているため、自動では確認していません。"
    "確認が必要なものは、元の投稿を編集するか、もう一度投稿してください。自動で確認します。"
)
UNREADABLE: Final = "⚠️ 確認用のチャンネルを読めなくなりました。そこに投稿される下書きは確認できません。"
UNREADABLE_ADVICE: Final = (
    "続けて使うときは、SNSチェックをチャンネルに招待してください。"
    "チャンネルをアーカイブしたときなど、もう使わないときは、管理者に設定から外すようお伝えください。"
)


def missed(drafts: int) -> str:
    """Say how many drafts were found too late."""
    return f"⚠️ SNSチェックが止まっていた間に、確認していない下書きが{drafts}件あります。"
