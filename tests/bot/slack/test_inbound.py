"""What Slack sends → what the public would read."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.texts import storable
from bot.slack.inbound import mrkdwn, plain_text, rich_text
from tests.doubles.slack import bullets, link, mention, preformatted, quote, styled
from tests.doubles.slack.markup import escape, typed

Json = dict[str, Any]


def section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str, **style: bool) -> Json:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def block(*containers: Json) -> Json:
    return {"type": "rich_text", "elements": list(containers)}


@pytest.mark.parametrize(
    ("marked_up", "plain"),
    [
        ("お祭りは中止です", "お祭りは中止です"),
        ("A &amp; B &lt;C&gt;", "A & B <C>"),
        ("書くときは &amp;lt; とします", "書くときは &lt; とします"),
        ("<https://city.example.jp/a?b=1&amp;c=2>", "https://city.example.jp/a?b=1&c=2"),
        ("<http://city.example.jp|city.example.jp>へ", "city.example.jpへ"),
        ("<https://city.example.jp/|https://city.example.jp>", "https://city.example.jp"),
        ("<https://evil.example/x|市の公式サイト>から", "市の公式サイト（ https://evil.example/x ）から"),
        ("<mailto:koho@example.jp|koho@example.jp>", "koho@example.jp"),
        ("<mailto:koho@example.jp>", "koho@example.jp"),
        ("<tel:0432450000|043-245-0000>", "043-245-0000（ tel:0432450000 ）"),
        ("<tel:043-245-0000|043-245-0000>", "043-245-0000"),
        ("<@U1> さん", "@利用者 さん"),
        ("<@U1|taro>", "@利用者"),
        ("<#C1|広報>", "#広報"),
        ("<#C1>", "#チャンネル"),
        ("<!here> <!channel>", "@here @channel"),
        ("<!subteam^S1|@koho>", "@koho"),
        ("<!subteam^S1>", "@グループ"),
        ("<!date^1392734382^{date}|2014年2月18日>", "2014年2月18日"),
        ("*大事* な _お知らせ_ です ~中止~", "大事 な お知らせ です 中止"),
        ("*_両方_*", "両方"),
        ("*<https://a.example/x_y_z|ここ>*", "ここ（ https://a.example/x_y_z ）"),
        ("<https://a.example/_x_/*y*>", "https://a.example/_x_/*y*"),
        ("これ*は*書式ではない", "これ*は*書式ではない"),
        ("snake_case_name 3*4*5", "snake_case_name 3*4*5"),
        ("`*そのまま*` と `a &amp; b`", "*そのまま* と a & b"),
        ("```\nif x:\n  *y*\n```", "if x:\n  *y*"),
        ("&gt; 一行目\n&gt; 二行目\n地の文", "一行目\n二行目\n地の文"),
        ("今日は :tada: です", "今日は 🎉 です"),
        (":+1::skin-tone-3:", "👍🏼"),
        (":flag-jp:", "🇯🇵"),
        (":chiba-kun: が来ます", ":chiba-kun: が来ます"),
        ("受付は 9:30:00 から", "受付は 9:30:00 から"),
        ("", ""),
        ("<>", ""),
        ("a < b <c", "a < b <c"),
    ],
)
def test_markup_reads_as_the_public_would(marked_up: str, plain: str) -> None:
    assert mrkdwn(marked_up) == plain


PLAIN = st.text(st.characters(exclude_characters="*_~`:\ufffc", exclude_categories=["Cs"]))


@given(PLAIN)
def test_text_without_markup_comes_through_unchanged(words: str) -> None:
    if not any(line.startswith(">") for line in words.splitlines()):
        assert mrkdwn(escape(words)) == words


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_typed_text_comes_through_rich_text_unchanged(words: str) -> None:
    assert rich_text(block(section(text(words)))) == words


@given(st.text())
def test_any_markup_can_be_read(words: str) -> None:
    storable(mrkdwn(words)).encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
SLACK_KEYS = st.sampled_from(
    ["type", "elements", "text", "url", "name", "unicode", "indent", "style", "offset", "range", "fallback"]
)
SLACK_TYPES = st.sampled_from(
    ["rich_text", "rich_text_section", "rich_text_list", "text", "link", "emoji", "user", "date", "broadcast", "color"]
)
ODD_BLOCKS = st.recursive(
    SLACK_TYPES | JSON,
    lambda inner: st.lists(inner) | st.dictionaries(SLACK_KEYS, inner),
    max_leaves=30,
)


@given(st.fixed_dictionaries({"text": JSON, "blocks": st.lists(ODD_BLOCKS) | JSON, "attachments": JSON}))
def test_no_json_is_too_odd(message: Json) -> None:
    plain_text(message).encode()
    plain_text({"blocks": [{"type": "rich_text", "elements": message["blocks"]}]}).encode()


def test_rich_text_is_preferred_to_markup() -> None:
    assert plain_text({"text": "古い", "blocks": [block(section(text("新しい")))]}) == "新しい"


def test_forwarded_messages_follow_the_words_of_who_forwards() -> None:
    by_markup = {"is_share": True, "text": "*回ってきた* 案 &amp; 図"}
    nested = {"message": {"blocks": [block(section(text("別の案")))]}}
    by_blocks = {"is_share": True, "text": "古い", "message_blocks": [nested]}
    preview = {"from_url": "https://a.example", "text": "見出し"}
    assert plain_text({"text": "どうぞ", "attachments": [by_markup, preview, by_blocks]}) == (
        "どうぞ\n\n回ってきた 案 & 図\n\n別の案"
    )
    assert plain_text({"text": "", "attachments": [by_markup]}) == "回ってきた 案 & 図"


def test_other_blocks_do_not_hide_the_text() -> None:
    assert plain_text({"text": "本文", "blocks": [{"type": "divider"}]}) == "本文"


def test_every_element_of_rich_text_is_read() -> None:
    written = block(
        section(
            text("明日は ", bold=True),
            {"type": "user", "user_id": "U1"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "channel", "channel_id": "C1"},
            {"type": "broadcast", "range": "here"},
            {"type": "emoji", "name": "thumbsup", "unicode": "1f44d-1f3fd"},
            {"type": "emoji", "name": "sushi"},
            {"type": "emoji", "name": "chiba-kun"},
            {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "12月5日"},
            {"type": "link", "url": "https://a.example/", "text": "https://a.example"},
            {"type": "link", "url": "https://a.example/"},
            {"type": "color", "value": "#FF0000"},
            {"type": "unheard_of", "text": "？"},
        )
    )
    assert rich_text(written) == (
        "明日は @利用者@グループ#チャンネル@here👍🏽🍣:chiba-kun:12月5日https://a.examplehttps://a.example/#FF0000？"
    )


def test_containers_stand_on_lines_of_their_own() -> None:
    written = block(
        section(text("持ち物\n")),
        {"type": "rich_text_list", "style": "bullet", "elements": [section(text("水筒")), section(text("帽子"))]},
        {"type": "rich_text_list", "style": "ordered", "offset": 1, "indent": 1, "elements": [section(text("靴"))]},
        {"type": "rich_text_quote", "elements": [text("引用")]},
        {"type": "rich_text_preformatted", "elements": [text("*そのまま*")]},
        section(text("以上")),
    )
    assert rich_text(written) == "持ち物\n・水筒\n・帽子\n　2. 靴\n引用\n*そのまま*\n以上"


@pytest.mark.parametrize(
    "parts",
    [
        ("市のサイトは", link("http://city.example.jp", "city.example.jp"), "です"),
        ("確認は", mention("U1"), "へ"),
        (styled("大事", "bold"), " なお知らせ <本日> & 明日"),
        (quote("引用の文"),),
        (preformatted("a\nb"),),
        ("持ち物\n", bullets("水筒", "帽子")),
    ],
)
def test_markup_and_rich_text_of_one_message_read_alike(parts: Any) -> None:
    markup, blocks = typed(*parts)
    by_blocks = plain_text({"text": "", "blocks": blocks})
    by_text = plain_text({"text": markup})
    assert by_text.replace("• ", "・").strip() == by_blocks.strip()


def test_what_no_database_takes_is_made_visible() -> None:
    message = json.loads(r'{"text": "a\u0000b\ud83d c\ud83c\udf63"}')
    assert plain_text(message) == "a\ufffdb\ufffd c🍣"


@pytest.mark.parametrize("unit", ["*", "<", "_a", "&amp;", ":a", "`", "> ", "<https://a.example|b>", "*あ* "])
def test_the_longest_message_is_read_at_once(unit: str) -> None:
    began = time.perf_counter()
    mrkdwn(unit * (40_000 // len(unit)))
    assert time.perf_counter() - began < 1.0
