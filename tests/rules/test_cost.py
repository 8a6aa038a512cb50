"""What ordinary posts cost: almost none of their sentences is split into words, which is the dearest step.

``make bench`` measures the time itself; a busy machine spoils it, and counting does not.
"""

from __future__ import annotations

from datetime import date

import pytest

from rules import Reviewer, draft
from rules.tokens import Token, tokenize

TODAY = date(2026, 11, 21)
MOST_SPLIT = 0.15
"""Share of the letters that may be split into words; some 5 % of a real city's bulletin are."""
POSTS = (
    "【図書館】12月の休館日は7日・14日・21日・28日（いずれも月曜日）です。返却ポストはいつでもお使いいただけます。",
    "親子で楽しむ冬の星空観察会\n日時：12月12日（土）午後6時〜7時30分\n場所：中央公園\n申込み：電話で生涯学習課へ",
    "落ち葉の季節です。ご家庭で集めた落ち葉は、透明な袋に入れて燃やせるごみの日にお出しください。",
    "市民文化祭の出演者を募集します。合唱、ダンス、楽器演奏など、ジャンルは問いません。応募用紙は市ホームページで。",
    "国民健康保険料の第6期の納期限は11月30日（月）です。口座振替が便利です。",
    "本日、市内の小学校で防災訓練を行いました。児童たちは真剣な表情で避難し、消防署員の話に耳を傾けていました。",
    "インフルエンザの予防接種が始まっています。対象：65歳以上の方 費用：1,500円 問合せ：健康推進課",
    "水道メーターの検針にご協力ください。メーターボックスの上に車や植木鉢を置かないようお願いします。",
    "駅前通りの街路樹にイルミネーションが灯りました。1月11日（月・祝）まで、毎日午後5時から10時まで点灯します。",
    "子育て講座「はじめての離乳食」\n栄養士が作り方のこつをお話しします。\n会場：保健センター 持ち物：母子手帳",
    "市長が商店街を訪れ、新しくできた休憩所の使い心地を店主の皆さんに聞きました。",
    "農業体験の参加者を募ります。畑で大根とにんじんを収穫し、その場で豚汁を味わいます。雨天中止。",
)


@pytest.fixture
def split(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that are split into words, as they are."""
    texts: list[str] = []

    def counted(text: str, offset: int = 0) -> tuple[Token, ...]:
        texts.append(text)
        return tokenize(text, offset)

    monkeypatch.setattr(draft, "tokenize", counted)
    return texts


def test_hardly_a_sentence_of_ordinary_posts_is_split_into_words(split: list[str]) -> None:
    reviewer = Reviewer.load("chiba")
    for post in POSTS:
        assert reviewer.review(post, today=TODAY).findings == ()
    assert sum(map(len, split)) <= MOST_SPLIT * sum(map(len, POSTS))


def test_a_sentence_is_split_where_a_rule_may_apply(split: list[str]) -> None:
    Reviewer.load("chiba").review(f"{POSTS[0]}\n課長は無能だ。", today=TODAY)
    assert [text.strip() for text in split] == ["課長は無能だ。"]
