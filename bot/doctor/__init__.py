"""The doctor (診断): whether what ``sns-check serve`` needs is there, and what to do where it is not.

Every result is a Japanese sentence for the administrator. No token, no password and no draft is ever in one.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot.console import is_loopback
from bot.doctor.results import Mark, Result, fine, notice, wrong
from bot.doctor.slack import slack
from bot.doctor.teams import teams
from bot.environment import unheard_of
from bot.history import HistoryError
from bot.settings import Settings, SettingsError
from bot.storage import open_history
from rules import Guideline, Reviewer, RulesError
from rules.tokens import dictionary_version, tokenize

__all__ = ["Mark", "Result", "examine"]


async def examine() -> AsyncIterator[Result]:
    """Check everything, in the order in which it is best mended. Never raises."""
    yield _dictionary()
    for result in _rules():
        yield result
    try:
        settings = Settings.load()
    except SettingsError as error:
        for sentence in str(error).splitlines():
            yield wrong("設定", sentence, "環境変数を直してから、もう一度 sns-check doctor を実行してください。")
        return
    yield fine("設定", "環境変数を読み取れました。")
    for result in _strays():
        yield result
    yield await _database(settings)
    for result in _channel_guidelines(settings):
        yield result
    yield _openness(settings)
    if settings.slack is None and settings.teams is None:
        yield fine(
            "つなぎ先",
            "SlackもTeamsも設定されていません。sns-check serve は、このパソコンだけで使える画面を開きます。",
        )
    async for result in slack(settings):
        yield result
    async for result in teams(settings):
        yield result


# what was set in vain


def _strays() -> Iterator[Result]:
    """Tell of misspelt settings: what was meant to hold does not, and nothing else would say so."""
    for name, meant in unheard_of(Settings.names(), os.environ).items():
        likely = f"{meant} の書き間違いではありませんか。" if meant else "何にも使っていません。"
        yield notice("設定", f"{name} という設定はありません。{likely}", "つづりを直すか、その変数を外してください。")


# what reads drafts


def _dictionary() -> Result:
    try:
        tokenize("確認")
        return fine("辞書", dictionary_version())
    except Exception as error:  # noqa: BLE001 - Sudachi raises its own kinds and plain Exception
        return wrong(
            "辞書",
            f"形態素解析の辞書を開けません（{type(error).__name__}）。",
            "sudachipy と sudachidict-core を入れ直してください（make setup）。",
        )


def _rules() -> Iterator[Result]:
    try:
        # Reviewers, as serve loads them: a rule that names a class which is nowhere shows only when rules are compiled.
        reviewers = [Reviewer.load(name) for name in Guideline.shipped()]
    except RulesError as error:
        yield wrong("規則", str(error), "示された行を直すか、プログラムを入れ直してください。")
        return
    rules = reviewers[0].rules
    yield fine("規則", f"{len(rules)}件（{reviewers[0].versions.rules}）")
    for guideline in (reviewer.guideline for reviewer in reviewers):
        yield fine("ガイドライン", f"{guideline.id}　{guideline.name}（第{guideline.edition}版）")
        for refinement in guideline.refinements:
            if not any(refinement.covers(rule.topic, rule.id) for rule in rules):
                yield notice(
                    "ガイドライン",
                    f"{guideline.id} の refinements にある「{refinement.rules}」に当たる規則がありません。",
                    "規則のidとつづりが合っているかを確かめてください。",
                )


def _channel_guidelines(settings: Settings) -> Iterator[Result]:
    """Check the guidelines that the settings name; that they are shipped ones is not certain."""
    for name in sorted(
        {settings.guideline, *settings.review_channels.values(), *settings.teams_channels.values()}
        - set(Guideline.shipped())
    ):
        try:
            guideline = Guideline.load(name)
        except RulesError as error:
            yield wrong(
                "ガイドライン",
                str(error),
                "SNS_CHECK_GUIDELINE とチャンネルの指定、指定したファイルを確かめてください。",
            )
        else:
            yield fine("ガイドライン", f"{guideline.id}　{guideline.name}（第{guideline.edition}版）")


# what others see of the process


def _openness(settings: Settings) -> Result:
    """Tell who reaches the port and what is to be seen there, and how the log is written."""
    log = {"json": "JSON", "console": "読みやすい行", "auto": "端末では読みやすい行、ほかではJSON"}[settings.log_format]
    figures = "このコンピューターと組織内のネットワークにだけ答えます" if settings.metrics else "止めてあります"
    where = f"{settings.host}:{settings.port}"
    told = f"{where}　稼働状況の数値（/metrics）は{figures}。ログは{log}です。"
    entrances = [
        *(["/slack/events"] if settings.slack == "http" else ()),
        *(["/api/messages"] if settings.teams else ()),
    ]
    if entrances and not is_loopback(settings.host):
        return notice(
            "公開範囲",
            told,
            f"外からは、TLSのあるリバースプロキシを通して、{'と'.join(entrances)} だけが届くようにしてください。",
        )
    return fine("公開範囲", told)


# where records are kept


async def _database(settings: Settings) -> Result:
    remedy = "SNS_CHECK_DATABASE_URL と SNS_CHECK_DATA_DIR、データベースの状態、書き込む権限を確かめてください。"
    try:
        async with open_history(settings) as history:
            await history.check()
    except HistoryError as error:
        return wrong("データベース", str(error), remedy)
    except (SQLAlchemyError, OSError) as error:  # their messages may hold the address with its password
        return wrong("データベース", f"開けません（{type(error).__name__}）。", remedy)
    return fine("データベース", "接続でき、形式は最新です。")
