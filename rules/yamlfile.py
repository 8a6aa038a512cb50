"""YAML files that people write by hand: guidelines and rules, read so that every complaint names its line.

Every scalar is text: ``no``, ``12`` and ``2026-11-21`` stay what was written, since most scalars in these files are
words to look for. Numbers and switches become so where a pydantic model asks for them. Aliases and tags are refused:
nothing here needs them, and they are how a small YAML file becomes a huge one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.model import RulesError

Data: TypeAlias = "str | list[Data] | dict[str, Data]"
"""What a YAML file holds once it is read."""
Location: TypeAlias = "tuple[str | int, ...]"
"""Keys and indexes that lead from the top of a file to a value: ``("clauses", 3, "text")``."""

_Model = TypeVar("_Model", bound=BaseModel)

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The base loader gives every plain scalar as text; libyaml's is ten times as fast, and in every wheel of PyYAML."""
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


@dataclass(frozen=True, slots=True)
class Document:
    """One file's data, with the line on which each value stands."""

    name: str
    """The file as messages call it."""
    data: Data
    lines: Mapping[Location, int]

    def line(self, path: Sequence[str | int]) -> int:
        """Line (from 1) of the value at ``path``, or of the nearest value around it that is in the file."""
        location = tuple(path)
        while location not in self.lines:
            location = location[:-1]
        return self.lines[location]

    def error(self, path: Sequence[str | int], sentence: str) -> RulesError:
        """Make the error that says ``sentence`` (Japanese) about the value at ``path``."""
        return _error(self.name, self.line(path), sentence)

    def parse(self, model: type[_Model]) -> _Model:
        """Validate the data against a pydantic model.

        Raises RulesError for the first mistake in the file. What a validator of the model says in a ``ValueError`` is
        passed on, so it has to be a Japanese sentence.
        """
        try:
            return model.model_validate(self.data)
        except ValidationError as failure:
            mistakes = failure.errors(include_url=False)
        first = min(mistakes, key=lambda mistake: self.line(mistake["loc"]))
        more = f"（ほかにも{len(mistakes) - 1}か所あります）" if len(mistakes) > 1 else ""
        raise self.error(first["loc"], _sentence(first) + more)


def read(source: Path | Traversable) -> Document:
    """Read one YAML file (UTF-8).

    Raises RulesError, with file and line, if it cannot be read, is no YAML, is empty, repeats a key, or uses aliases
    or tags.
    """
    name = str(source)
    text = _text(source, name)
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        raise _error(
            name,
            mark.line + 1 if mark else 1,
            "YAMLの書き方に誤りがあります。この行と前の行の字下げ、コロン、引用符を確かめてください。",
        ) from failure
    except yaml.YAMLError as failure:
        raise RulesError(f"{name}：YAMLに使えない文字（制御文字など）が含まれています。") from failure
    except RecursionError as failure:
        raise RulesError(f"{name}：入れ子が深すぎます。") from failure
    if root is None:
        raise RulesError(f"{name}：中身がありません。")
    reading = _Reading(name)
    data = reading.value(root, ())
    return Document(name, data, reading.lines)


class _Reading:
    """Turns composed nodes into plain data and remembers their lines."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: set[int] = set()
        self.lines: dict[Location, int] = {}

    def value(self, node: yaml.Node, path: Location) -> Data:
        self.lines.setdefault(path, _line(node))
        self._refuse_trickery(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return str(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Location) -> dict[str, Data]:
        data: dict[str, Data] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _error(self._name, _line(key_node), "項目名には文字列だけが使えます。")
            key = str(key_node.value)
            here = (*path, key)
            if key in data:
                sentence = f"項目「{key}」が{self.lines[here]}行目と重なっています。どちらか一つにしてください。"
                raise _error(self._name, _line(key_node), sentence)
            self.lines[here] = _line(key_node)
            data[key] = self.value(value_node, here)
        return data

    def _refuse_trickery(self, node: yaml.Node) -> None:
        if id(node) in self._seen:
            raise _error(self._name, _line(node), "別名（& と *）は使えません。同じ内容をそのまま書いてください。")
        self._seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            raise _error(self._name, _line(node), "タグ（! で始まる指定）は使えません。")


def _text(source: Path | Traversable, name: str) -> str:
    try:
        return source.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as failure:
        raise RulesError(f"{name}：ファイルが見つかりません。") from failure
    except OSError as failure:
        raise RulesError(
            f"{name}：ファイルを読めません（フォルダーではないか、読む権限があるかを確かめてください）。"
        ) from failure
    except UnicodeDecodeError as failure:
        line = failure.object.count(b"\n", 0, failure.start) + 1
        raise _error(name, line, "文字コードがUTF-8ではありません。UTF-8で保存し直してください。") from failure


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _error(name: str, line: int, sentence: str) -> RulesError:
    return RulesError(f"{name} {line}行目：{sentence}")


_LIST = "{item}は一覧（- で始まる行）で書いてください。"
_MAPPING = "{item}は「項目: 値」の形で書いてください。"
_SENTENCES = {
    "missing": "項目{item}がありません。",
    "extra_forbidden": "項目{item}は使えません。つづりを確かめてください。",
    "enum": "{item}に「{input}」は使えません。使える値は {expected} です。",
    "literal_error": "{item}に「{input}」は使えません。使える値は {expected} です。",
    "string_too_short": "{item}が空です。",
    "too_short": "{item}が空です。",
    "string_pattern_mismatch": "{item}の「{input}」は書き方が決まりと合いません。",
    "string_type": "{item}は文字列で書いてください。",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "bool_parsing": "{item}は true か false で書いてください。",
    "int_parsing": "{item}は整数で書いてください。",
}
"""What pydantic's error types mean to somebody who knows the file and not the program."""


def _sentence(mistake: ErrorDetails) -> str:
    context = mistake.get("ctx", {})
    if mistake["type"] == "value_error":  # said by a validator of ours, in Japanese
        return str(context["error"])
    names = [step for step in mistake["loc"] if isinstance(step, str)]
    if names[-1:] == ["[key]"]:  # pydantic's way to say that the name is wrong, not its value
        names = names[:-2]
    return _SENTENCES.get(mistake["type"], "{item}の値が正しくありません。").format(
        item=f"「{names[-1]}」" if names else "ファイル全体",
        input=mistake["input"],
        expected=str(context.get("expected", "")).replace("'", "").replace(" or ", ", "),
    )
