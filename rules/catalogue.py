"""The catalogue of rules (規則一覧) as Markdown, generated from the rule book, the guidelines and the detectors.

    python -m rules.catalogue > docs/catalogue.md    (make catalogue)

A test compares the file with what this module gives, so that the document never tells of other rules than there are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict

from rules import yamlfile
from rules.detectors import DETECTORS, Detector
from rules.guideline import Guideline
from rules.model import Level, Topic
from rules.rulebook import Example, Rule, Rulebook

_LEVELS: Final = {Level.BLOCK: "発信禁止", Level.WARN: "要確認", Level.NOTE: "参考"}
_MARKUP: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_<>[]|#~"} | {"\n": "⏎"})


class _About(BaseModel):
    """How a detector works, for people: what it reads, what around it counts, how it is settled, what is explained."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    reads: str
    context: str
    validation: str
    explains: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: dict[Topic, str]
    detectors: dict[str, _About]


def catalogue(rulebook: Rulebook, guidelines: Sequence[Guideline]) -> str:
    """Write the whole catalogue. Raises KeyError if a topic or detector is not described in ``catalogue.yaml``."""
    about = yamlfile.read(files("rules") / "data" / "catalogue.yaml").parse(_File)
    lines = [*_head(rulebook, guidelines, about)]
    for topic in Topic:
        lines += _topic(topic, [rule for rule in rulebook.rules if rule.topic is topic], guidelines, about)
    lines += ["## 検出器", "", "言葉ではなく、計算や整備されたデータで確かめるものです。", ""]
    for detector in DETECTORS:
        lines += _detector(detector, about.detectors[detector.name], rulebook)
    return "\n".join(lines).rstrip() + "\n"


def _head(rulebook: Rulebook, guidelines: Sequence[Guideline], about: _File) -> Iterator[str]:
    names = "、".join(f"{guideline.name}（{guideline.municipality}）" for guideline in guidelines)
    yield from ("# 規則一覧", "")
    yield "このファイルは `make catalogue` が規則ファイルから作ります。直接は直さないでください。"
    yield from (f"規則は {len(rulebook.rules)} 件です。条項は {names} のものです。", "")
    for topic in Topic:
        count = sum(rule.topic is topic for rule in rulebook.rules)
        yield f"- [{about.topics[topic]}](#{topic.value})（{count}件）"
    yield ""


def _topic(topic: Topic, rules: Sequence[Rule], guidelines: Sequence[Guideline], about: _File) -> Iterator[str]:
    yield from (f'<a id="{topic.value}"></a>', f"## {about.topics[topic]} `{topic.value}`", "")
    for rule in rules:
        yield from _rule(rule, guidelines)


def _rule(rule: Rule, guidelines: Sequence[Guideline]) -> Iterator[str]:
    clauses = "、".join(
        f"{guideline.municipality} {' '.join(guideline.cite(rule.topic, rule.id, rule.level))}"
        for guideline in guidelines
    )
    yield from (f"### {rule.title}", "")
    yield f"- 規則：`{rule.id}`　{_LEVELS[rule.level]}"
    yield f"- 条項：{clauses}"
    if rule.detector is not None:
        yield f"- 検出器：`{rule.detector}`"
    yield f"- 理由：{_plain(rule.message)}"
    yield f"- 直し方：{_plain(rule.suggestion)}"
    yield f"- 指摘する例：{_example(rule.hits[0])}"
    yield f"- 指摘しない例：{_example(rule.misses[0])}"
    yield ""


def _detector(detector: Detector, about: _About, rulebook: Rulebook) -> Iterator[str]:
    bound = {rule.detector: rule for rule in rulebook.rules if rule.detector is not None}
    yield from (f"### {about.title} `{detector.name}`", "")
    yield f"- 読み取るもの：{about.reads}"
    yield f"- 前後の言葉：{about.context}"
    yield f"- 確かめ方：{about.validation}"
    yield f"- 説明すること：{about.explains}"
    for check in detector.checks:
        rule = bound.get(check)
        yield f"- `{check}`：{f'{rule.title}（`{rule.id}`）' if rule is not None else '（規則なし）'}"
    yield ""


def _example(example: Example) -> str:
    day = f"（{example.today}に確認した場合）" if example.today is not None else ""
    return f"「{_plain(example.text)}」{day}"


def _plain(text: str) -> str:
    """Keep signs of the text from being read as Markdown."""
    return " ".join(text.translate(_MARKUP).split())


def main() -> None:
    """Print the catalogue of the shipped rules and guidelines."""
    guidelines = [Guideline.load(name) for name in Guideline.shipped()]
    sys.stdout.write(catalogue(Rulebook.load(), guidelines))


if __name__ == "__main__":
    main()
