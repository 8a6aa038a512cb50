"""click in Japanese: help pages and usage errors. Messages of click itself are said anew, by their kind."""

from __future__ import annotations

import click


class Command(click.Command):
    """A command whose help page is Japanese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how to call it."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        _write_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, said in Japanese."""
        return _translated(super().get_help_option(ctx))


class Group(click.Group):
    """A group of such commands."""

    command_class = Command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how to call it."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        _write_options(self, ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(limit=200)) for name, command in commands if command]
        with formatter.section("コマンド"):
            formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, said in Japanese."""
        return _translated(super().get_help_option(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is told what there is."""
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            known = "、".join(self.list_commands(ctx))
            raise Misuse(f"コマンド「{args[0]}」はありません。使えるのは {known} です。", ctx)
        return super().resolve_command(ctx, args)


Group.group_class = Group


class Misuse(click.UsageError):
    """A usage error of our own: its message is Japanese already."""


class BadValue(click.BadParameter):
    """A value of an option that cannot be used: its message is Japanese already."""


def usage_error(error: click.UsageError) -> str:
    """Say what is wrong with a command line, and where to read on."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    hint = f"\n使い方は「{error.ctx.command_path} --help」で見られます。" if error.ctx else ""
    return f"エラー：{_sentence(error)}{hint}"


def _sentence(error: click.UsageError) -> str:
    match error:
        case Misuse() | BadValue():
            return error.message
        case click.NoSuchOption():
            return f"オプション「{error.option_name}」はありません。"
        case click.BadOptionUsage():
            return (
                f"オプション「{error.option_name}」の書き方が正しくありません。値が要るか要らないかを確かめてください。"
            )
        case click.BadParameter():
            return f"{_name(error.param)}{_wanted(error)}"
        case _:
            return "コマンドの書き方が正しくありません。引数が多すぎないかを確かめてください。"


def _wanted(error: click.BadParameter) -> str:
    match error:
        case click.MissingParameter():
            return "を指定してください。"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            return f"に使える値は {'、'.join(map(str, choices))} です。"
        case _:
            return "の値が正しくありません。"


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "引数"
    return f"オプション「{parameter.opts[0]}」" if isinstance(parameter, click.Option) else f"「{parameter.metavar}」"


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    options = [parameter for parameter in command.get_params(ctx) if isinstance(parameter, click.Option)]
    rows = [record for option in options if (record := option.get_help_record(ctx))]
    with formatter.section("オプション"):
        formatter.write_dl(rows)


def _translated(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "この説明を表示します。"
    return option
