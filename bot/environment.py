"""Where settings are written down: variables, files that variables name (``NAME_FILE``), and systemd's credentials.

Container engines hand out secrets as files (``/run/secrets/…``), systemd puts them into ``$CREDENTIALS_DIRECTORY``.
A file holds the value and nothing else; a line break at its end is cut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 65_536
"""More than any setting needs; whoever names a log or a device by mistake is told so instead of being read."""


OURS: Final = "SNS_CHECK_"
"""How variables begin that nobody sets but for this program."""


class FileError(Exception):
    """A setting cannot be taken from its file. ``str(error)`` is a Japanese sentence that names the variable."""


def read(names: Iterable[str], environment: Mapping[str, str]) -> tuple[dict[str, str], list[FileError]]:
    """Return what stands in files for these variables, and what is wrong. An empty variable counts as unset."""
    values: dict[str, str] = {}
    errors: list[FileError] = []
    for name in names:
        try:
            values.update(_from_file(name, environment))
        except FileError as error:
            errors.append(error)
    return values, errors


def unheard_of(names: Collection[str], environment: Mapping[str, str]) -> Mapping[str, str | None]:
    """Return the variables that are meant for this program but that nothing reads.

    With each stands the one that is likely meant, ``None`` where nothing is like it. ``names`` are those that are read.
    """
    known = {*names, *(f"{name}_FILE" for name in names)}
    strays = sorted(name for name in environment if name.startswith(OURS) and name not in known)
    return {stray: next(iter(get_close_matches(stray, known, n=1, cutoff=0.85)), None) for stray in strays}


def _from_file(name: str, environment: Mapping[str, str]) -> Mapping[str, str]:
    places = dict(_places(name, environment))
    if not places:
        return {}
    given = [*(["環境変数"] if environment.get(name) else []), *(place.strip() for place in places)]
    if len(given) > 1:
        raise FileError(f"{name} が二度指定されています（{'と'.join(given)}）。どちらか一つにしてください。")
    ((place, path),) = places.items()
    return {name: _content(place, path)}


def _places(name: str, environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Yield what names a file for a variable, and the file."""
    if path := environment.get(f"{name}_FILE"):
        yield f"{name}_FILE ", Path(path)
    directory = environment.get("CREDENTIALS_DIRECTORY")
    if directory and (credential := Path(directory, name)).exists():
        yield f"systemdの資格情報（{name}）", credential


def _content(place: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileError(f"{place}のファイル「{path}」を読めません（{_reason(error)}）。") from None
    if len(data) > MAX_BYTES:
        raise FileError(f"{place}のファイル「{path}」が大きすぎます。値だけを書いたファイルを指定してください。")
    try:
        text = data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or "\0" in text:
        raise FileError(f"{place}のファイル「{path}」に値がありません。値だけを書いたファイルを指定してください。")
    return text


def _reason(error: OSError) -> str:
    return {
        "FileNotFoundError": "ありません",
        "PermissionError": "読む権限がありません",
        "IsADirectoryError": "フォルダーです",
    }.get(type(error).__name__, type(error).__name__)
