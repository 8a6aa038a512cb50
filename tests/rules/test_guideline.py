"""The two guidelines word for word, what each topic cites, and what a broken guideline file is told."""

import re
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

from rules import Clause, Guideline, Level, RulesError, Topic

HERE = Path(__file__).parent
SHIPPED = ("chiba", "oizumi")
CHIBA = HERE.parents[1] / "rules" / "data" / "guidelines" / "chiba.yaml"

# One row a topic: 千葉市, 大泉町.
CITED = {
    Topic.INSULT: (("4(6)①",), ("4(6)①",)),
    Topic.DISCRIMINATION: (("4(6)②",), ("4(6)②",)),
    Topic.ILLEGAL_ACT: (("4(6)③",), ("4(6)③",)),
    Topic.RUMOR: (("4(6)④",), ("4(6)④",)),
    Topic.HARMFUL_LINK: (("4(6)⑥",), ("4(6)⑤",)),
    Topic.DISRUPTION: (("4(6)⑥",), ("4(6)⑥",)),
    Topic.PUBLIC_MORALS: (("4(6)⑥",), ("4(6)⑦",)),
    Topic.CONFIDENTIAL: (("5(1)",), ("4(7)③ア",)),
    Topic.PERSONAL_INFO: (("4(3)", "5(1)"), ("4(3)", "4(7)③ア")),
    Topic.RIGHTS: (("4(3)", "5(2)"), ("4(3)", "4(7)③イ")),
    Topic.SECURITY: (("5(3)",), ("4(7)③ウ",)),
    Topic.INTERNAL_PROCESS: (("5(4)",), ("4(7)③エ",)),
    Topic.OUTSIDE_DUTY: (("5(5)",), ("4(7)③オ",)),
    Topic.ACCURACY: (("4(4)",), ("4(4)",)),
    Topic.CONDUCT: (("4(2)",), ("4(2)",)),
    Topic.HOSTILE_REPLY: (("4(5)",), ("4(5)",)),
}


@pytest.fixture(scope="module")
def chiba() -> Guideline:
    return Guideline.load("chiba")


@pytest.fixture(scope="module")
def oizumi() -> Guideline:
    return Guideline.load("oizumi")


# Wording


def printed(clause: Clause) -> str:
    """The clause as the municipality's paper has it: its own mark only, full-width digits."""
    number = re.search(r"\(\d+\)$", clause.label)
    mark = number.group() if number else clause.label[-1] if len(clause.label) > 1 else ""
    full_width = str.maketrans("0123456789()", "０１２３４５６７８９（）")
    return mark.translate(full_width) + (clause.heading or "") + clause.text


def reprinted(guideline: Guideline) -> str:
    sections = groupby(guideline.clauses, key=lambda clause: (clause.label[0], clause.section))
    full_width = {"4": "４", "5": "５"}
    return "".join(full_width[number] + title + "".join(map(printed, clauses)) for (number, title), clauses in sections)


@pytest.mark.parametrize("name", SHIPPED)
def test_wording_is_the_municipalitys_own(name: str) -> None:
    """Sections 4 and 5 whole, in order, nothing left out and nothing added."""
    source = (HERE / "data" / "guidelines" / f"{name}.txt").read_text(encoding="utf-8")
    assert re.sub(r"\s", "", reprinted(Guideline.load(name))) == re.sub(r"\s", "", source)


def test_names(chiba: Guideline, oizumi: Guideline) -> None:
    assert Guideline.shipped() == SHIPPED
    assert (chiba.id, chiba.municipality, chiba.edition, chiba.version) == ("chiba", "千葉市", "1", "chiba 1")
    assert chiba.name == "千葉市職員のソーシャルメディアの利用に関するガイドライン"
    assert (oizumi.id, oizumi.municipality, oizumi.edition) == ("oizumi", "大泉町", "1")
    assert oizumi.name == "大泉町職員のソーシャルメディアの利用に関するガイドライン"


def test_clauses_by_label(chiba: Guideline, oizumi: Guideline) -> None:
    assert chiba.clause("4(6)①").text == "不敬な言い方を含む情報"
    assert oizumi.clause("4(7)②").heading == "成りすましの防止"
    assert oizumi.clause("4(7)").text == "業務としてアカウントを取得する場合は、次の事項にも留意しなければならない。"
    assert oizumi.clause("5").section == "違反行為又は事故発生時の対応"
    with pytest.raises(KeyError):
        chiba.clause("5")


@pytest.mark.parametrize("name", SHIPPED)
def test_line_breaks_are_only_between_paragraphs(name: str) -> None:
    for clause in Guideline.load(name).clauses:
        assert all(paragraph.endswith("。") for paragraph in clause.text.split("\n")[:-1]), clause.label
        assert clause.text == clause.text.strip()


# Citations


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("level", [Level.WARN, Level.NOTE])
def test_what_each_topic_cites(chiba: Guideline, oizumi: Guideline, topic: Topic, level: Level) -> None:
    rule = f"{topic}.some_rule"
    assert (chiba.cite(topic, rule, level), oizumi.cite(topic, rule, level)) == CITED[topic]


@pytest.mark.parametrize("topic", Topic)
def test_a_block_cites_oizumis_response_to_violations_as_well(
    chiba: Guideline, oizumi: Guideline, topic: Topic
) -> None:
    rule = f"{topic}.some_rule"
    of_chiba, of_oizumi = CITED[topic]
    assert chiba.cite(topic, rule, Level.BLOCK) == of_chiba
    assert oizumi.cite(topic, rule, Level.BLOCK) == (*of_oizumi, "5")


def test_obscene_links_have_a_clause_of_their_own_in_chiba(chiba: Guideline, oizumi: Guideline) -> None:
    for rule in ("harmful_link.obscene", "harmful_link.obscene_host"):
        assert chiba.cite(Topic.HARMFUL_LINK, rule, Level.BLOCK) == ("4(6)⑤",)
        assert oizumi.cite(Topic.HARMFUL_LINK, rule, Level.WARN) == ("4(6)⑤",)
    assert chiba.cite(Topic.HARMFUL_LINK, "harmful_link.disguised", Level.BLOCK) == ("4(6)⑥",)


def test_topics_of_a_clause(chiba: Guideline, oizumi: Guideline) -> None:
    assert chiba.topics_of("4(6)⑥") == (Topic.HARMFUL_LINK, Topic.DISRUPTION, Topic.PUBLIC_MORALS)
    assert chiba.topics_of("4(6)⑤") == (Topic.HARMFUL_LINK,)
    assert chiba.topics_of("4(1)") == ()
    assert oizumi.topics_of("4(7)③ア") == (Topic.CONFIDENTIAL, Topic.PERSONAL_INFO)
    assert oizumi.topics_of("5") == (), "no topic cites it: it is added to blocks"


def test_coverage_says_for_each_clause_what_cites_it(chiba: Guideline, oizumi: Guideline) -> None:
    rules = {
        Topic.HARMFUL_LINK: ("harmful_link.obscene_host", "harmful_link.disguised"),
        Topic.DISRUPTION: ("disruption.mass_report",),
    }
    rows = {row.clause.label: row for row in chiba.coverage(rules)}
    assert tuple(rows) == tuple(clause.label for clause in chiba.clauses)
    assert rows["4(6)⑤"].rules == ("harmful_link.obscene_host",)
    assert rows["4(6)⑥"].rules == ("harmful_link.disguised", "disruption.mass_report")
    assert rows["4(1)"].rules == rows["4(1)"].topics == ()
    assert [row.clause.label for row in oizumi.coverage(rules) if row.with_block] == ["5"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_clause_is_cited_or_says_why_not(name: str) -> None:
    for row in Guideline.load(name).coverage({}):
        assert bool(row.topics or row.with_block) is not bool(row.clause.unchecked), row.clause.label


# Files


def test_a_guideline_of_ones_own_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(CHIBA.read_text(encoding="utf-8").replace("municipality: 千葉市", "municipality: 若葉市"), "utf-8")
    assert Guideline.load(path).municipality == Guideline.load(str(path)).municipality == "若葉市"


@pytest.mark.parametrize("name", ["kyoto", "", "../chiba", "CHIBA"])
def test_an_unknown_name_is_told_what_there_is(name: str) -> None:
    with pytest.raises(
        RulesError, match=f"ガイドライン「{re.escape(name)}」はありません。使えるのは chiba、oizumi です"
    ):
        Guideline.load(name)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(RulesError, match=re.escape("town.yaml：ファイルが見つかりません。")):
        Guideline.load("town.yaml")


def swap(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert text.count(old) == 1, "the edit has to hit one place"
        return text.replace(old, new)

    return edit


@pytest.mark.parametrize(
    ("edit", "line_of", "sentence"),
    [
        (swap("id: chiba", "id: 千葉"), "id:", "「id」の「千葉」は書き方が決まりと合いません。"),
        (swap("edition: 1\n", ""), "id:", "項目「edition」がありません。"),
        (swap("edition: 1", "editon: 1"), "id:", "項目「edition」がありません。（ほかにも1か所あります）"),
        (swap("  rumor: [", "  rumour: ["), "  rumour:", "「topics」に「rumour」は使えません。使える値は insult, "),
        (swap("  rumor: [4(6)④]\n", ""), "topics:", "話題「rumor」が引用する条項が書かれていません。"),
        (swap("rumor: [4(6)④]", "rumor: []"), "  rumor:", "「rumor」が空です。"),
        (swap("rumor: [4(6)④]", "rumor: [4(6)⑨]"), "  rumor:", "条項「4(6)⑨」は sections にありません。"),
        (swap("clauses: [4(6)⑤]", "clauses: [9(1)]"), "    clauses: [9(1)]", "条項「9(1)」は sections にありません。"),
        (
            swap("\nsections:", "\nwith_block: [7]\n\nsections:"),
            "with_block:",
            "条項「7」は sections にありません。",
        ),
        (
            swap("hosts: [city.chiba.jp]", "hosts: [https://www.city.chiba.jp/]"),
            "hosts:",
            "「hosts」の「https://www.city.chiba.jp/」は書き方が決まりと合いません。",
        ),
        (
            swap("label: 5(5)", "label: 5（5）"),
            "      - label: 5（5）",
            "「label」の「5（5）」は書き方が決まりと合いません。",
        ),
        (
            swap("label: 5(5)", "label: 6(5)"),
            "      - label: 6(5)",
            "条項「6(5)」の番号が、章の番号「5」と合いません。",
        ),
        (swap("label: 4(6)②", "label: 4(6)①"), None, "条項「4(6)①」が二度書かれています。"),
        (
            swap("        text: 不敬な言い方を含む情報\n", ""),
            "      - label: 4(6)①",
            "条項「4(6)①」に text も heading もありません。",
        ),
        (
            swap("  - topic: harmful_link\n    rules: harmful_link.obscene*\n    clauses: [4(6)⑤]\n", "  []\n"),
            "      - label: 4(6)⑤",
            "条項「4(6)⑤」は、どの話題からも引用されていません。topics で引用するか、unchecked に",
        ),
        (
            swap("        text: 不敬な言い方を含む情報\n", "        text: 不敬な言い方\n        unchecked: 理由\n"),
            "        unchecked: 理由",
            "条項「4(6)①」は引用されているのに unchecked があります。どちらか一つにしてください。",
        ),
    ],
)
def test_what_a_broken_file_is_told(
    tmp_path: Path, edit: Callable[[str], str], line_of: str | None, sentence: str
) -> None:
    path = tmp_path / "town.yaml"
    content = edit(CHIBA.read_text(encoding="utf-8"))
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        Guideline.load(path)
    assert sentence in str(caught.value)
    if line_of is not None:
        line = next(n for n, text in enumerate(content.splitlines(), 1) if text.startswith(line_of))
        assert str(caught.value).startswith(f"{path} {line}行目：")
