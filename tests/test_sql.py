"""SQL is written by the library: no statement is put together from text with values in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

BOT = Path(__file__).parents[1] / "bot"
RAW = {"text", "exec_driver_sql", "literal_column", "execute"}
"""Calls that take SQL as text."""
DRIVERS = {"sqlite3", "psycopg", "aiosqlite"}


def made_of_pieces(argument: ast.expr) -> bool:
    """Whether a text is put together while the program runs."""
    if isinstance(argument, ast.JoinedStr | ast.BinOp):
        return any(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in ast.walk(argument))
    return (
        isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute) and argument.func.attr == "format"
    )


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in RAW:
                yield node


def imports_of(tree: ast.Module) -> set[str]:
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return modules | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def reads_sql(path: Path, tree: ast.Module) -> bool:
    return "history" in path.parts or any(
        name.partition(".")[0] in {*DRIVERS, "sqlalchemy"} for name in imports_of(tree)
    )


def test_no_statement_is_made_of_pieces() -> None:
    found = [
        f"{path.relative_to(BOT)}:{call.lineno}"
        for path in sorted(BOT.rglob("*.py"))
        for tree in [ast.parse(path.read_text(encoding="utf-8"))]
        if reads_sql(path, tree)
        for call in calls(tree)
        if any(made_of_pieces(argument) for argument in call.args)
    ]
    # a number of ours, in a statement that takes no bound values
    assert [place for place in found if not place.startswith("history/database.py")] == []


def test_only_the_history_writes_statements() -> None:
    for path in BOT.rglob("*.py"):
        if "history" not in path.parts:
            modules = imports_of(ast.parse(path.read_text(encoding="utf-8")))
            assert {name for name in modules if name.startswith("sqlalchemy")} <= {"sqlalchemy.exc"}, path
