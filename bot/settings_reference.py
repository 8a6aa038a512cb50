"""The reference of settings (設定一覧) as Markdown, generated from the settings class.

    python -m bot.settings_reference > docs/ja/admin/settings.md    (make catalogue)

A test compares the file with what this module gives, so that the document never tells of other settings than there are.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic.fields import FieldInfo

from bot.settings import Settings

_GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "Slackにつなぐ": (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SNS_CHECK_SLACK_API_URL",
    ),
    "Microsoft Teamsにつなぐ": (
        "TEAMS_CLIENT_ID",
        "TEAMS_CLIENT_SECRET",
        "TEAMS_TENANT_ID",
        "SNS_CHECK_TEAMS_ANONYMOUS",
        "SNS_CHECK_TEAMS_LOGIN_URL",
        "SNS_CHECK_TEAMS_OPENID_URL",
        "SNS_CHECK_GRAPH_URL",
        "SNS_CHECK_TEAMS_SERVICE_URL",
    ),
    "何を確認し、だれが決めるか": (
        "SNS_CHECK_REVIEW_CHANNELS",
        "SNS_CHECK_TEAMS_CHANNELS",
        "SNS_CHECK_GUIDELINE",
        "SNS_CHECK_SUPERVISORS",
        "SNS_CHECK_REVIEW_BOTS",
        "SNS_CHECK_REMIND_AFTER",
        "SNS_CHECK_CATCH_UP",
        "SNS_CHECK_FOLLOW_LINKS",
    ),
    "記録": (
        "SNS_CHECK_DATABASE_URL",
        "SNS_CHECK_DATA_DIR",
        "SNS_CHECK_AUTO_MIGRATE",
        "SNS_CHECK_ENCRYPTION_KEY",
        "SNS_CHECK_RETENTION_DAYS",
        "SNS_CHECK_STORE_TEXT",
    ),
    "動かし方": (
        "SNS_CHECK_HOST",
        "SNS_CHECK_PORT",
        "SNS_CHECK_DRAIN_SECONDS",
        "SNS_CHECK_CA_FILE",
        "SNS_CHECK_LOG_LEVEL",
        "SNS_CHECK_LOG_FORMAT",
        "SNS_CHECK_METRICS",
    ),
}
_COMPUTED: Final[Mapping[str, str]] = {
    "SNS_CHECK_DATA_DIR": "利用者のデータの場所（Linuxでは `~/.local/share/sns-check`）",
    "SNS_CHECK_DATABASE_URL": "`SNS_CHECK_DATA_DIR` の中の `sns-check.sqlite3`",
}
"""Defaults that depend on where the program runs."""

_HEAD: Final = """\
# 設定一覧

この一覧は、プログラムの設定の定義から作っています（`make catalogue`）。手で直さないでください。

設定はすべて環境変数で行います。値に誤りがあれば、どの変数をどう直すかを知らせて、動かずに終わります。
動かす前に `sns-check doctor` で確かめられます。
空の変数は、指定がないものとして扱います。

どの変数も、値をファイルに書き、名前に `_FILE` を付けた変数でその場所を指定できます
（例：`SLACK_BOT_TOKEN_FILE=/run/secrets/slack-bot-token`）。
同じ名前のsystemdの資格情報（`LoadCredential`）も読みます。トークン、パスワード、鍵は、ファイルで渡すことをお勧めします。

外への通信は、すべて `HTTPS_PROXY`、`HTTP_PROXY`、`NO_PROXY` に従います。
"""


def settings_reference() -> str:
    """Write the whole reference. Raises KeyError if a setting stands in no group, in two, or is none."""
    fields = {str(field.validation_alias): field for field in Settings.model_fields.values()}
    lines = [_HEAD]
    for title, names in _GROUPS.items():
        lines += [f"## {title}", "", "| 変数 | 指定がないとき | 意味 |", "| --- | --- | --- |"]
        lines += [*(_row(name, fields.pop(name)) for name in names), ""]
    if fields:
        raise KeyError(*fields)
    return "\n".join(lines).rstrip() + "\n"


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{name}` | {_COMPUTED.get(name) or _default(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default or default == 0 else "なし"


def main() -> None:
    """Print the reference."""
    sys.stdout.write(settings_reference())


if __name__ == "__main__":
    main()
