"""Settings from the environment: ``Settings.load()``. Every wrong value is one clear Japanese sentence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import SecretStr


class SettingsError(Exception):
    """A setting cannot be used. ``str(error)`` is Japanese, one sentence a line, names the variables and never shows a secret."""


class Settings:
    """The settings of one process. Frozen."""

    slack_bot_token: SecretStr | None
    slack_app_token: SecretStr | None
    slack_signing_secret: SecretStr | None
    slack_api_url: str
    """Base URL of Slack's Web API, ends with a slash."""
    review_channels: Mapping[str, str]
    """Channel id → guideline."""
    guideline: str
    supervisors: frozenset[str]
    database_url: SecretStr
    """With the async driver: what ``History.open`` takes (``.get_secret_value()``)."""
    data_dir: Path
    host: str
    port: int
    retention_days: int | None
    drain_seconds: float
    log_level: Literal["debug", "info", "warning", "error"]

    @classmethod
    def load(cls) -> Settings:
        """Read the environment. Raises ``SettingsError``."""

    @property
    def slack(self) -> Literal["socket", "http"] | None:
        """How Slack is reached; ``None`` when it is not configured (then the console is served)."""
