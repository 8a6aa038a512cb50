"""The commands. Each one is short: it reads its input, asks the rules or the bot, and prints."""

from __future__ import annotations

import asyncio
import sys
from datetime import date, datetime
from importlib import import_module
from importlib.metadata import version
from typing import Final

import click

from bot.cli import report
from bot.cli.drafts import STANDARD_INPUT, Draft, parse_day, read_draft, read_jsonl
from bot.cli.japanese import BadValue, Group, Misuse
from bot.cli.progress import announced
from bot.cli.terminal import write
from bot.workhours import JAPAN
from rules import Guideline, Review, Reviewer, Topic, Verdict

DEFAULT_GUIDELINE = "chiba"

_guideline = click.option(
    "--guideline",
    metavar="NAME",
    envvar="SNS_CHECK_GUIDELINE",
    default=DEFAULT_GUIDELINE,
    help="ガイドライン。名前（sns-check guideline list で一覧）か、YAMLファイルの場所。",
)


def _day(ctx: click.Context, option: click.Parameter, value: str | None) -> date:
    if value is None:
        return datetime.now(JAPAN).date()
    if day := parse_day(value):
        return day
    raise BadValue(f"日付「{value}」は読めません。2026-11-21 のような実在する日付で書いてください。", ctx, option)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click calls it so
    if wanted:
        _print(f"sns-check {version('sns-check')}")
        _print(report.versions_line(Reviewer.load(DEFAULT_GUIDELINE).versions))
        ctx.exit()


class _Commands(Group):
    """All commands. Those on what is kept are imported when asked for: a review should not wait for databases."""

    _KEPT: Final = {"db": "database", "history": "history"}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them all."""
        return sorted([*super().list_commands(ctx), *self._KEPT])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the one with this name."""
        if cmd_name not in self._KEPT:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module("bot.cli.storage"), self._KEPT[cmd_name])
        return command


@click.group(
    cls=_Commands,
    options_metavar="[オプション]",
    subcommand_metavar="コマンド …",
    help="自治体のガイドラインに照らして、SNSに出す前の下書きを確かめます。",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="プログラム、規則、辞書の版を表示します。",
)
def sns_check() -> None:
    """Hold the commands together."""


@sns_check.command(
    options_metavar="[オプション]",
    help="下書きを確かめます。終了コードは、問題なしが0、要確認か発信禁止が1、入力の誤りが2です。",
)
@click.argument("file", metavar="[ファイル|-]", default=STANDARD_INPUT)
@_guideline
@click.option("--today", callback=_day, metavar="日付", help="確認する日（例：2026-11-21）。なければ日本の今日。")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="結果の形。なければ text。"
)
@click.option(
    "--jsonl",
    metavar="ファイル",
    help='1行に1件の {"id", "text", "today"（なくてもよい）} を読み、同じ順に1行ずつ結果を返します。',
)
@click.option(
    "--follow-links",
    is_flag=True,
    help="リンクの行き先をインターネットで確かめ、参考として知らせます。なければ通信しません。",
)
def review(file: str, guideline: str, today: date, style: str, jsonl: str | None, *, follow_links: bool) -> int:  # noqa: PLR0913 - an option each
    """Review one draft, or a file of them."""
    if jsonl is not None:
        if file != STANDARD_INPUT:
            raise Misuse("ファイルと --jsonl は、どちらか一方だけを指定してください。", click.get_current_context())
        return _review_lines(read_jsonl(jsonl), Reviewer.load(guideline), today, follow_links=follow_links)
    return _review_one(read_draft(file), Reviewer.load(guideline), today, style, follow_links=follow_links)


@sns_check.command(
    options_metavar="[オプション]",
    help="ボットを動かします。SlackもTeamsも設定していなければ、このパソコンだけで使える画面を開きます。",
)
def serve() -> int:
    """Run every surface that is configured."""
    from bot.serve import run  # noqa: PLC0415 - a review should not wait for web servers to be imported
    from bot.settings import Settings  # noqa: PLC0415 - as above

    return run(Settings.load())


@sns_check.command(
    options_metavar="[オプション]",
    help="設定、SlackやTeamsとの接続、データベース、辞書、規則を調べ、直すところを知らせます。",
)
def doctor() -> int:
    """Print each check as soon as its result is there."""
    from bot.doctor import Mark, examine  # noqa: PLC0415 - as above

    async def show() -> int:
        wrong = 0
        async for result in examine():
            write(report.checkup_text(result), sys.stdout)
            wrong += result.mark is Mark.WRONG
        return wrong

    wrong = asyncio.run(show())
    _print(f"\n直すところが{wrong}件あります。" if wrong else "\n直すところはありません。")
    return 1 if wrong else 0


@sns_check.group(
    cls=Group,
    options_metavar="[オプション]",
    subcommand_metavar="コマンド …",
    help="ガイドラインについて調べます。",
)
def guideline() -> None:
    """Hold the commands about guidelines together."""


@guideline.command("list", options_metavar="[オプション]", help="使えるガイドラインを一覧にします。")
def list_guidelines() -> None:
    """List the guidelines that come with the program."""
    for name in Guideline.shipped():
        shipped = Guideline.load(name)
        _print(f"{name}　{shipped.name}（第{shipped.edition}版）")


@guideline.command(
    options_metavar="[オプション]", help="条項ごとに、引用する話題と規則、または確かめない理由を表示します。"
)
@_guideline
def coverage(guideline: str) -> None:
    """Print what stands behind each clause."""
    reviewer = Reviewer.load(guideline)
    by_topic = {topic: [rule.id for rule in reviewer.rules if rule.topic is topic] for topic in Topic}
    write(report.coverage_text(reviewer.guideline, reviewer.guideline.coverage(by_topic)), sys.stdout)


def _review_one(draft: Draft, reviewer: Reviewer, today: date, style: str, *, follow_links: bool) -> int:
    result = _read(draft, reviewer, today, follow_links=follow_links)
    if style == "json":
        _print(report.dumps(report.review_json(result, reviewer.guideline), indent=2))
    else:
        write(report.review_text(result, reviewer.guideline), sys.stdout)
    return 0 if result.verdict is Verdict.PASS else 1


def _review_lines(drafts: tuple[Draft, ...], reviewer: Reviewer, today: date, *, follow_links: bool) -> int:
    raised = False
    for draft in announced(drafts, lambda sentence: _print(sentence, error=True)):
        result = _read(draft, reviewer, today, follow_links=follow_links)
        _print(report.dumps(report.line_json(draft.id, result)))
        raised = raised or result.verdict is not Verdict.PASS
    return 1 if raised else 0


def _read(draft: Draft, reviewer: Reviewer, today: date, *, follow_links: bool) -> Review:
    result = reviewer.review(draft.text, today=draft.today or today)
    return asyncio.run(_with_link_notes(draft, result, reviewer)) if follow_links else result


async def _with_link_notes(draft: Draft, result: Review, reviewer: Reviewer) -> Review:
    from bot.egress import tls_context  # noqa: PLC0415 - a review without links should not wait for HTTP
    from bot.links import link_check  # noqa: PLC0415 - as above
    from bot.settings import Settings  # noqa: PLC0415 - as above

    async with link_check(tls_context(Settings.load().ca_file)) as check:
        return await check.annotate(draft.text, result, reviewer)


def _print(text: str, *, error: bool = False) -> None:
    print(text, file=sys.stderr if error else sys.stdout, flush=True)
