"""Settings from the environment: ``Settings.load()``. Every wrong value is one clear Japanese sentence.

Each may also stand in a file that ``NAME_FILE`` names, or be handed in by systemd (``bot.environment``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, Self, TypeVar, get_args
from urllib.parse import parse_qs, unquote, urlsplit

from platformdirs import user_data_path
from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import environment
from bot.egress import tls_context, unusable_proxies

StoreText = Literal["full", "redacted", "none"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "json", "console"]
"""``auto``: for people at a terminal, in JSON anywhere else."""

T = TypeVar("T")

_ASYNC_DRIVER = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite+aiosqlite"}
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_USER_OR_GROUP = re.compile(r"[UWS][A-Z0-9]{2,}")
_BOT = re.compile(r"[ABUW][A-Z0-9]{2,}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TEAMS_CHANNEL = re.compile(r"[^\s/?#=;,]+")
_TEAMS_LINK = re.compile(
    r"https://teams\.(?:microsoft\.com|cloud\.microsoft)/l/channel/(?P<channel>[^/?#=]+)"
    r"(?:/[^?#=]*)?(?:\?(?:[^=&#]+=[^=&#]*)(?:&[^=&#]+=[^=&#]*)*)?(?P<rest>=.*)?"
)
"""A channel's link as Teams copies it, with what may stand behind it."""
_WEB = re.compile(r"https?")
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
"""32 bytes in URL-safe Base64."""


_CHOICES = {"log_level": get_args(LogLevel), "log_format": get_args(LogFormat), "store_text": get_args(StoreText)}


class TeamsChannel(NamedTuple):
    """What the settings say of a channel of Teams."""

    guideline: str | None
    """``None`` where none is given."""
    group: str
    """Entra id of its team's group, in small letters; empty where the channel was not given by its link."""


class SettingsError(Exception):
    """A setting cannot be used.

    ``str(error)`` is Japanese, one sentence a line, names the variables and never shows a secret.
    """


def _whole_number(low: int, high: int) -> BeforeValidator:
    def parse(value: object) -> int:
        if re.fullmatch(r"[0-9]{1,9}", str(value)) is None or not low <= int(str(value)) <= high:
            raise ValueError(f"は{low}から{high}までの整数で指定してください。")
        return int(str(value))

    return BeforeValidator(parse)


def _hours(low: int, high: int) -> BeforeValidator:
    """Read a number of hours, with or without an ``h`` behind it."""

    def parse(value: object) -> int:
        hours = str(value).strip().removesuffix("h")
        if re.fullmatch(r"[0-9]{1,9}", hours) is None or not low <= int(hours) <= high:
            raise ValueError(f"は{low}から{high}までの時間数で指定してください（例：24）。")
        return int(hours)

    return BeforeValidator(parse)


def _read_yes_or_no(value: object) -> bool:
    written = str(value).strip().lower()
    if written not in _YES_OR_NO:
        raise ValueError("には true か false を指定してください。")
    return _YES_OR_NO[written]


_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False}


def _starts_with(prefix: str) -> BeforeValidator:
    def check(value: object) -> str:
        token = str(value).strip()
        if not token.startswith(prefix):
            raise ValueError(f"には「{prefix}」で始まるトークンを指定してください。")
        return token

    return BeforeValidator(check)


def _entries(value: str) -> list[str]:
    """Split a list at its commas. Empty places are forgiven."""
    return [entry for entry in (part.strip() for part in value.split(",")) if entry]


class Settings(BaseSettings):
    """The settings of one process. Frozen. An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True, validate_default=False
    )

    slack_bot_token: Annotated[SecretStr, _starts_with("xoxb-")] | None = Field(
        None,
        validation_alias="SLACK_BOT_TOKEN",
        description=(
            "ボットのトークン（`xoxb-` で始まるもの）。"
            "SlackもTeamsも設定しなければ、このコンピューターだけで使える確認画面を開きます。"
        ),
    )
    slack_app_token: Annotated[SecretStr, _starts_with("xapp-")] | None = Field(
        None,
        validation_alias="SLACK_APP_TOKEN",
        description="アプリのトークン（`xapp-` で始まるもの）。あればソケットモードでつなぎます。",
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="署名シークレット。アプリのトークンがないとき、これでHTTPの配信を `/slack/events` に受けます。",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        validation_alias="SNS_CHECK_SLACK_API_URL",
        description="SlackのAPIのURL。中継サーバーや試験用のワークスペースを使うときだけ変えます。",
    )
    """Base URL of Slack's Web API; ends with a slash."""
    teams_client_id: str | None = Field(
        None,
        validation_alias="TEAMS_CLIENT_ID",
        description=(
            "Teamsのボットのアプリケーション（クライアント）ID。あれば、Teamsの配信を `/api/messages` に受けます。"
        ),
    )
    teams_client_secret: SecretStr | None = Field(
        None,
        validation_alias="TEAMS_CLIENT_SECRET",
        description="そのアプリケーションのクライアントシークレット（値）。",
    )
    teams_tenant_id: str | None = Field(
        None,
        validation_alias="TEAMS_TENANT_ID",
        description="Microsoft 365 のテナントID。ほかのテナントからの操作は受け付けません。",
    )
    teams_channels_written: Annotated[Mapping[str, TeamsChannel], NoDecode] = Field(
        default_factory=dict,
        validation_alias="SNS_CHECK_TEAMS_CHANNELS",
        description=(
            "確認するTeamsのチャンネル。コンマ区切り。チャンネルID（`19:…@thread.tacv2`）か、Teamsの"
            "「チャンネルへのリンクを取得」で写したリンクを書きます。`19:…@thread.tacv2=oizumi` のように、"
            "チャンネルごとにガイドラインを選べます。"
        ),
        repr=False,
    )
    """As written, by channel id. ``teams_channels`` and ``teams_groups`` are what to use."""
    teams_anonymous: Annotated[bool, BeforeValidator(_read_yes_or_no)] = Field(
        default=False,
        validation_alias="SNS_CHECK_TEAMS_ANONYMOUS",
        description=(
            "`true` にすると、だれが送ったかを確かめずにTeamsの配信を受けます。"
            "このコンピューターの中での試用のためのもので、`SNS_CHECK_HOST` が 127.0.0.1 などのときだけ使えます。"
        ),
    )
    """Whether deliveries are believed without a token: for Microsoft's playground on this machine."""
    teams_login_url: str = Field(
        "https://login.microsoftonline.com",
        validation_alias="SNS_CHECK_TEAMS_LOGIN_URL",
        description="Microsoft Entra ID のURL。中継サーバーや試験のときだけ変えます。",
    )
    teams_openid_url: str = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        validation_alias="SNS_CHECK_TEAMS_OPENID_URL",
        description="Bot Framework の署名の鍵を示すURL。中継サーバーや試験のときだけ変えます。",
    )
    graph_url: str = Field(
        "https://graph.microsoft.com",
        validation_alias="SNS_CHECK_GRAPH_URL",
        description="Microsoft Graph のURL。中継サーバーや試験のときだけ変えます。",
    )
    teams_service_url: str = Field(
        "https://smba.trafficmanager.net/teams",
        validation_alias="SNS_CHECK_TEAMS_SERVICE_URL",
        description=(
            "止まっていた間の下書きに答えるときの、Bot Connector のURL。中継サーバーや試験のときだけ変えます。"
        ),
    )
    """Where answers go to what no delivery told of: deliveries name the address themselves."""
    guideline: str = Field(
        "chiba",
        validation_alias="SNS_CHECK_GUIDELINE",
        description="既定のガイドライン。`chiba`（千葉市）、`oizumi`（大泉町）、またはガイドラインのファイルの場所。",
    )
    """Name or path of the guideline (ガイドライン) where nothing else is said."""
    channels: Annotated[Mapping[str, str | None], NoDecode] = Field(
        default_factory=dict,
        validation_alias="SNS_CHECK_REVIEW_CHANNELS",
        description=(
            "確認するチャンネルのID。コンマ区切り。`C02REV=oizumi` のように、チャンネルごとにガイドラインを選べます。"
            "Slackの `/sns-check setup` で加えたチャンネルは、ここに書かなくても確認します。"
        ),
        repr=False,
    )
    """As written: channel id → guideline, ``None`` where none is given. ``review_channels`` is what to use."""
    supervisors: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        validation_alias="SNS_CHECK_SUPERVISORS",
        description=(
            "承認などを決める監督者。SlackのユーザーID（`U`）かユーザーグループID（`S`）、"
            "TeamsのユーザーのオブジェクトID（`00000000-…` の形）。コンマ区切り。"
        ),
    )
    """Slack's ids of the users (U…, W…) and user groups (S…), and Entra object ids, who decide (監督者).

    ``slack_supervisors`` and ``teams_supervisors`` are what to use.
    """
    review_bots: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        validation_alias="SNS_CHECK_REVIEW_BOTS",
        description=(
            "投稿を下書きとして扱うボットの、ボットID（`B`）、アプリID（`A`）かユーザーID（`U`）。コンマ区切り。"
            "ふだん、ボットの投稿は確認しません。"
        ),
    )
    """Ids of bots (B…), apps (A…) and bot users (U…, W…) whose posts are drafts as well."""
    remind_after_hours: Annotated[int, _whole_number(1, 1000)] = Field(
        4,
        validation_alias="SNS_CHECK_REMIND_AFTER",
        description=(
            "判断を待つ下書きがこの勤務時間（時間数）を過ぎたら、監督者に知らせます。勤務時間は、土日、祝日、"
            "年末年始を除く8時30分から17時15分までです。"
        ),
    )
    """As written, in working hours. ``remind_after`` is what to use."""
    catch_up_hours: Annotated[int, _hours(0, 24 * 31)] = Field(
        24,
        validation_alias="SNS_CHECK_CATCH_UP",
        description=(
            "止まっていた間の下書きを、何時間前のものまでさかのぼって確認するか。`0` でさかのぼりません。"
            "`SNS_CHECK_RETENTION_DAYS` より長くはできません。"
        ),
    )
    """As written, in hours. ``catch_up`` is what to use."""
    follow_links: Annotated[bool, BeforeValidator(_read_yes_or_no)] = Field(
        default=False,
        validation_alias="SNS_CHECK_FOLLOW_LINKS",
        description=(
            "`true` にすると、リンクの行き先をインターネットで確かめ、"
            "短縮されたリンクの行き先とリンク切れを知らせます。"
        ),
    )
    """Whether the network is asked where a draft's links lead (``bot.links``)."""
    ca_file: Path | None = Field(
        None,
        validation_alias="SNS_CHECK_CA_FILE",
        description=(
            "システムのもののほかに信頼する認証局の証明書（PEM）のファイル。"
            "通信を復号するプロキシがあるときに使います。"
        ),
    )
    """Certificate authorities to believe besides the system's, as PEM (``bot.egress``)."""
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("sns-check"),
        validation_alias="SNS_CHECK_DATA_DIR",
        description="記録（SQLiteのファイル）を置くフォルダー。",
    )
    database: SecretStr | None = Field(
        None,
        validation_alias="SNS_CHECK_DATABASE_URL",
        description="データベース。`postgresql://利用者:パスワード@サーバー/名前` か `sqlite:///ファイル`。",
        repr=False,
    )
    """As written, with the async driver. ``database_url`` is what to use."""
    store_text: StoreText = Field(
        "full",
        validation_alias="SNS_CHECK_STORE_TEXT",
        description=(
            "承認か取り下げの後（または1日たった後）に残す本文。`full` はすべて、"
            "`redacted` は個人情報・安全管理・秘密の指摘の語句を■にしたもの、`none` は本文も指摘の語句も残しません。"
            "コメントは残ります。"
        ),
    )
    """What is kept of the texts of drafts that are settled (``bot.history.withholding``)."""
    auto_migrate: Annotated[bool, BeforeValidator(_read_yes_or_no)] = Field(
        default=True,
        validation_alias="SNS_CHECK_AUTO_MIGRATE",
        description=(
            "`false` にすると、データベースの形式が古いときは始めずに知らせます（`sns-check db upgrade` で移します）。"
        ),
    )
    """Whether ``serve`` brings the database's schema up to date by itself; else it refuses an outdated one."""
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (),
        validation_alias="SNS_CHECK_ENCRYPTION_KEY",
        description=(
            "保存する文章を暗号化する鍵（`sns-check db new-key` で作ったもの）。コンマで区切ると、最初の鍵で暗号化し、"
            "どの鍵でも読めます。"
        ),
        repr=False,
    )
    """Keys for texts at rest (``bot.history.cipher``): the first encrypts, all decrypt. None: as they are."""
    host: str = Field("127.0.0.1", validation_alias="SNS_CHECK_HOST", description="待ち受けるアドレス。")
    port: Annotated[int, _whole_number(0, 65535)] = Field(
        8080, validation_alias="SNS_CHECK_PORT", description="待ち受けるポート。`0` なら空いているものを選びます。"
    )
    """0 takes a free one."""
    retention_days: Annotated[int, _whole_number(1, 36500)] | None = Field(
        None,
        validation_alias="SNS_CHECK_RETENTION_DAYS",
        description=(
            "この日数のあいだ何も起きなかった下書きの本文と人の名前を、自動で消します。件数の集計は残ります。"
            "なければ消しません。"
        ),
    )
    """How many days records are kept; ``None``: for good."""
    drain_seconds: Annotated[int, _whole_number(0, 3600)] = Field(
        20, validation_alias="SNS_CHECK_DRAIN_SECONDS", description="終了するとき、始めた仕事を終えるまで待つ秒数。"
    )
    """How long a stopping process may finish what it has begun."""
    log_level: LogLevel = Field(
        "info",
        validation_alias="SNS_CHECK_LOG_LEVEL",
        description="ログの詳しさ。`debug`、`info`、`warning`、`error` のどれか。どれでも、下書きの文章は書きません。",
    )
    log_format: LogFormat = Field(
        "auto",
        validation_alias="SNS_CHECK_LOG_FORMAT",
        description="ログの形。`json`、`console`（読みやすい行）、`auto`（端末では読みやすい行、ほかではJSON）。",
    )
    metrics: Annotated[bool, BeforeValidator(_read_yes_or_no)] = Field(
        default=True,
        validation_alias="SNS_CHECK_METRICS",
        description=(
            "稼働状況の数値を `/metrics` で出すかどうか。答える相手は、"
            "このコンピューターと組織内のネットワークだけです。"
        ),
    )
    """Whether ``/metrics`` is there for neighbours (``bot.health``)."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the variables that are read."""
        return tuple(str(field.validation_alias) for field in cls.model_fields.values())

    @classmethod
    def load(cls) -> Self:
        """Read the environment and the files that it names. Raises ``SettingsError``."""
        from_files, errors = environment.read(cls.names(), os.environ)
        if complaints := [*map(str, errors), *unusable_proxies()]:
            raise SettingsError("\n".join(complaints))
        try:
            return cls(**dict[str, Any](from_files))
        except ValidationError as error:
            sentences = dict.fromkeys(_sentence(details["loc"], details.get("ctx", {})) for details in error.errors())
        raise SettingsError("\n".join(sentences))  # outside, so that it does not carry the values along

    @field_validator("slack_api_url", mode="before")
    @classmethod
    def _read_api_url(cls, value: str) -> str:
        return f"{_web_address(value)}/"

    @field_validator("teams_login_url", "teams_openid_url", "graph_url", "teams_service_url", mode="before")
    @classmethod
    def _read_url(cls, value: str) -> str:
        return _web_address(value)

    @field_validator("teams_client_id", "teams_tenant_id", mode="before")
    @classmethod
    def _read_guid(cls, value: str) -> str:
        if not _GUID.fullmatch(value.strip()):
            raise ValueError("には、00000000-0000-0000-0000-000000000000 の形のIDを指定してください。")
        return value.strip().lower()

    @field_validator("channels", mode="before")
    @classmethod
    def _read_channels(cls, value: str) -> Mapping[str, str | None]:
        def read(entry: str) -> tuple[str, str | None]:
            channel, equals, name = (part.strip() for part in entry.partition("="))
            if not _CHANNEL.fullmatch(channel) or (equals and not name):
                raise ValueError(
                    f"の「{entry}」を読み取れません。チャンネルID（例：C01REV）か、"
                    "チャンネルID=ガイドライン名（例：C02REV=oizumi）を、コンマで区切って指定してください。"
                )
            return channel, name or None

        return _once_each(map(read, _entries(value)))

    @field_validator("teams_channels_written", mode="before")
    @classmethod
    def _read_teams_channels(cls, value: str) -> Mapping[str, TeamsChannel]:
        return _once_each(map(_teams_channel, _entries(value)))

    @field_validator("supervisors", mode="before")
    @classmethod
    def _read_supervisors(cls, value: str) -> frozenset[str]:
        for entry in _entries(value):
            if not (_USER_OR_GROUP.fullmatch(entry) or _GUID.fullmatch(entry)):
                raise ValueError(
                    f"の「{entry}」を読み取れません。"
                    "SlackのユーザーID（例：U012AB3CD）かユーザーグループID（例：S012AB3CD）、Teamsでは"
                    "ユーザーのオブジェクトID（00000000-0000-0000-0000-000000000000 の形）を、"
                    "コンマで区切って指定してください。"
                )
        return frozenset(entry.lower() if _GUID.fullmatch(entry) else entry for entry in _entries(value))

    @field_validator("review_bots", mode="before")
    @classmethod
    def _read_review_bots(cls, value: str) -> frozenset[str]:
        for entry in _entries(value):
            if not _BOT.fullmatch(entry):
                raise ValueError(
                    f"の「{entry}」を読み取れません。"
                    "ボットID（例：B012AB3CD）、アプリID（例：A012AB3CD）かボットのユーザーID（例：U012AB3CD）を、"
                    "コンマで区切って指定してください。"
                )
        return frozenset(_entries(value))

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _read_encryption_keys(cls, value: str) -> tuple[SecretStr, ...]:
        keys = _entries(value)
        if not all(_KEY.fullmatch(key) for key in keys):
            raise ValueError(
                "には、sns-check db new-key で作った鍵を指定してください。二つ以上あるときはコンマで区切ります。"
            )
        return tuple(SecretStr(key) for key in keys)

    @field_validator("database", mode="before")
    @classmethod
    def _add_driver(cls, value: str) -> str:
        scheme, separator, rest = value.strip().partition("://")
        if scheme not in _ASYNC_DRIVER or not separator or not rest:
            raise ValueError("には postgresql:// か sqlite:/// で始まるURLを指定してください。")
        return f"{_ASYNC_DRIVER[scheme]}://{rest}"

    @field_validator("ca_file", mode="before")
    @classmethod
    def _open_ca_file(cls, value: str) -> Path:
        try:
            tls_context(Path(value))
        except OSError:
            raise ValueError(
                f"の「{value}」を証明書として読み取れません。認証局の証明書をPEM形式で並べたファイルを指定してください。"
            ) from None
        return Path(value)

    @field_validator("log_level", "log_format", "store_text", mode="before")
    @classmethod
    def _read_choice(cls, value: str, info: ValidationInfo) -> str:
        choices = _CHOICES[str(info.field_name)]
        chosen = value.strip().lower()
        if chosen not in choices:
            raise ValueError(f"には{'、'.join(choices)}のどれかを指定してください。")
        return chosen

    @model_validator(mode="after")
    def _check_slack(self) -> Self:
        counterpart = self.slack_app_token or self.slack_signing_secret
        if self.slack_bot_token and not counterpart:
            raise ValueError(
                "SLACK_BOT_TOKEN があるときは、SLACK_APP_TOKEN（ソケットモード）か"
                " SLACK_SIGNING_SECRET（HTTP）も指定してください。"
            )
        if counterpart and not self.slack_bot_token:
            given = "SLACK_APP_TOKEN" if self.slack_app_token else "SLACK_SIGNING_SECRET"
            raise ValueError(f"{given} があるときは、SLACK_BOT_TOKEN も指定してください。")
        return self

    @model_validator(mode="after")
    def _check_reach(self) -> Self:
        """Refuse to find again in the channel what was erased for its age, and to take it for new."""
        if self.retention_days is not None and self.catch_up_hours > 24 * self.retention_days:
            raise ValueError(
                f"SNS_CHECK_CATCH_UP の {self.catch_up_hours} 時間は、"
                f"SNS_CHECK_RETENTION_DAYS の {self.retention_days} 日より長いため、"
                "消した下書きをもう一度確認することになります。"
                f"SNS_CHECK_CATCH_UP を {24 * self.retention_days} 以下にしてください。"
            )
        return self

    @model_validator(mode="after")
    def _check_teams(self) -> Self:
        parts = {
            "TEAMS_CLIENT_ID": self.teams_client_id,
            "TEAMS_CLIENT_SECRET": self.teams_client_secret,
            "TEAMS_TENANT_ID": self.teams_tenant_id,
        }
        given, missing = ([name for name, value in parts.items() if bool(value) is there] for there in (True, False))
        if given and self.teams_anonymous:
            raise ValueError(
                f"SNS_CHECK_TEAMS_ANONYMOUS を true にするときは、{'と'.join(given)} を指定しないでください。"
            )
        if given and missing:
            raise ValueError(f"{'と'.join(given)} があるときは、{'と'.join(missing)} も指定してください。")
        if self.teams_channels_written and not given and not self.teams_anonymous:
            raise ValueError(f"SNS_CHECK_TEAMS_CHANNELS があるときは、{'と'.join(missing)} も指定してください。")
        return self

    @property
    def teams(self) -> Literal["signed", "anonymous"] | None:
        """How deliveries of Teams prove themselves; ``None`` when it is not configured."""
        if self.teams_anonymous:
            return "anonymous"
        return "signed" if self.teams_client_id else None

    @property
    def slack(self) -> Literal["socket", "http"] | None:
        """How Slack is reached; ``None`` when it is not configured (then the console is served)."""
        if self.slack_bot_token is None:
            return None
        return "socket" if self.slack_app_token else "http"

    @property
    def slack_supervisors(self) -> frozenset[str]:
        """Users and user groups of Slack among the supervisors."""
        return frozenset(one for one in self.supervisors if _USER_OR_GROUP.fullmatch(one))

    @property
    def teams_supervisors(self) -> frozenset[str]:
        """Entra object ids among the supervisors, in small letters."""
        return self.supervisors - self.slack_supervisors

    @property
    def review_channels(self) -> Mapping[str, str]:
        """Channel id → guideline."""
        return MappingProxyType({channel: name or self.guideline for channel, name in self.channels.items()})

    @property
    def teams_channels(self) -> Mapping[str, str]:
        """Channel id → guideline."""
        written = self.teams_channels_written
        return MappingProxyType({channel: each.guideline or self.guideline for channel, each in written.items()})

    @property
    def teams_groups(self) -> Mapping[str, str]:
        """Channel id → Entra id of its team's group, as far as a channel was given by its link."""
        written = self.teams_channels_written
        return MappingProxyType({channel: each.group for channel, each in written.items() if each.group})

    @property
    def remind_after(self) -> timedelta:
        """How much working time a draft may wait before supervisors are reminded."""
        return timedelta(hours=self.remind_after_hours)

    @property
    def catch_up(self) -> timedelta | None:
        """How long after it was posted a draft that was not delivered is still checked; ``None``: none is fetched."""
        return timedelta(hours=self.catch_up_hours) if self.catch_up_hours else None

    @property
    def database_url(self) -> SecretStr:
        """What ``History.open`` takes (``.get_secret_value()``): as configured, else a file in the data directory."""
        return self.database or SecretStr(f"sqlite+aiosqlite:///{self.data_dir / 'sns-check.sqlite3'}")


def _web_address(value: str) -> str:
    """Return an address without a slash at its end."""
    url = urlsplit(value.strip())
    if not (_WEB.fullmatch(url.scheme) and url.hostname):
        raise ValueError("には https:// で始まるURLを指定してください。")
    return value.strip().rstrip("/")


def _once_each(written: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    channels: dict[str, T] = {}
    for channel, name in written:
        if channel in channels:
            raise ValueError(f"にチャンネル {channel} が二度書かれています。一つにしてください。")
        channels[channel] = name
    return MappingProxyType(channels)


def _teams_channel(entry: str) -> tuple[str, TeamsChannel]:
    """Read one channel of Teams, by its id or its link, with the guideline that stands behind it."""
    group = ""
    if link := _TEAMS_LINK.fullmatch(entry):
        channel, equals, name = unquote(link["channel"]), link["rest"], (link["rest"] or "").removeprefix("=").strip()
        (group,) = parse_qs(urlsplit(entry).query).get("groupId", [""])[:1]
        group = found[0].lower() if (found := _GUID.match(group)) else ""
    else:
        channel, equals, name = (part.strip() for part in entry.partition("="))
    if not _TEAMS_CHANNEL.fullmatch(channel) or (equals and not name):
        raise ValueError(
            f"の「{entry}」を読み取れません。チャンネルID（例：19:abc@thread.tacv2）か、Teamsで写したチャンネルのリンクを、"
            "コンマで区切って指定してください。"
            "ガイドラインを選ぶときは、その後ろに書きます（例：19:def@thread.tacv2=oizumi）。"
        )
    return channel, TeamsChannel(name or None, group)


def _sentence(location: tuple[int | str, ...], context: Mapping[str, Any]) -> str:
    """Say in Japanese what is wrong. The validators above raise what follows the name of the variable."""
    complaint = context.get("error", "の値を読み取れません。")
    return f"{location[0]} {complaint}" if location else str(complaint)
