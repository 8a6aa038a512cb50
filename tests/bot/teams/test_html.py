"""What Teams makes of a text → what the public would read."""

from __future__ import annotations

import html as markup
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.html import Message, plain, read

MENTION = '<span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">{}</span>'


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("", ""),
        ("<p>お祭りは中止です</p>", "お祭りは中止です"),
        ("<p>一行目</p><p>二行目</p>", "一行目\n二行目"),
        ("<p>一行目</p><p>&nbsp;</p><p>三行目</p>", "一行目\n\n三行目"),
        ("<div>一行目<br>二行目<br></div><div><br></div><div>四行目</div>", "一行目\n二行目\n\n四行目"),
        ("<p>間が&nbsp; 空く</p>\n<p>次</p>", "間が  空く\n次"),
        ("<p>A &amp; B &lt;C&gt;</p>", "A & B <C>"),
        ("<p>“引用”と‘引用’――１２３　ＡＢＣ</p>", "“引用”と‘引用’――１２３　ＡＢＣ"),
        ("<p><strong>強く</strong><em>斜め</em><s>消す</s></p>", "強く斜め消す"),
        ('<a href="https://city.example.jp/a?b=1&amp;c=2">https://city.example.jp/a?b=1&amp;c=2</a>',
         "https://city.example.jp/a?b=1&c=2"),
        ('<a href="https://city.example.jp/">city.example.jp</a>へ', "city.example.jpへ"),
        ('<a href="https://evil.example/x">市の<b>公式</b></a>から', "市の公式（ https://evil.example/x ）から"),
        ("<ul><li>日時</li><li><p>場所</p><ol start=3><li>三番</li><li>四番</li></ol></li></ul>終わり",
         "・日時\n・場所\n　3. 三番\n　4. 四番\n終わり"),
        ("<table><tr><td><p>日時</p></td><td>場所</td></tr><tr><td>10日</td><td>駅前</td></tr></table>",
         "日時\t場所\n10日\t駅前"),
        ("<pre>a  b\n  c</pre>次", "a  b\n  c\n次"),
        ('<codeblock class="Python"><code>a<br>b</code></codeblock>', "a\nb"),
        ('晴れ<emoji id="sun" alt="☀️" title="太陽"></emoji>です', "晴れ☀️です"),
        ('祝<customemoji id="x" alt=":くす玉:" source="https://x.example/1"></customemoji>', "祝:くす玉:"),
        ('<ol><li value="5">五番</li><li>六番</li></ol>', "5. 五番\n6. 六番"),
        ('<span><img itemtype="http://schema.skype.com/Emoji" alt="🙂" src="x"></span>はい', "🙂はい"),
        (f"<p>{MENTION.format('山田')}さんへ</p>", "@山田さんへ"),
        ("<at id='0'>山田</at>さんへ", "@山田さんへ"),
        ('<blockquote itemtype="http://schema.skype.com/Reply"><p>人の話</p></blockquote><p>修正版：直しました</p>',
         "修正版：直しました"),
        ("<style>p { color: red }</style><p>本文</p><!-- 注 -->", "本文"),
    ],
)  # fmt: skip
def test_reads_what_readers_see(written: str, text: str) -> None:
    assert read(written).text == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (f"<div>{MENTION.format('SNSチェック')}&nbsp;明日は休館です</div>", "明日は休館です"),
        ("<p><at>SNSチェック</at></p><p>明日は休館です</p>", "明日は休館です"),
        (f"<p>明日は休館です&nbsp;{MENTION.format('SNSチェック')}&nbsp;</p>", "明日は休館です"),
        ("<p>明日は休館です</p><p><at>SNSチェック</at>&nbsp;</p>", "明日は休館です"),
        ("<p>修正版：<at>SNSチェック</at> 明日は休館です</p>", "修正版： 明日は休館です"),
        ("<p><at>SNSチェック</at> <at>SNSチェック</at> <at>山田</at>さん</p>", "@山田さん"),
    ],
)
def test_a_mention_of_ourselves_is_no_part_of_it(written: str, text: str) -> None:
    assert read(written, {"SNSチェック"}).text == text
    assert "@SNSチェック" in read(written, {"別のボット"}).text


def test_plain_text_has_mentions_marked_up_only() -> None:
    assert plain("修正版：休館です <at>SNSチェック</at>\n", {"SNSチェック"}) == "修正版：休館です"
    assert plain("<at>SNSチェック</at> 5 < 6 &amp; <at>山田</at>さん", {"SNSチェック"}) == "5 < 6 &amp; @山田さん"


def test_counts_pictures_and_names_attachments() -> None:
    read_as = read(
        '<p>写真<img src="x" itemtype="http://schema.skype.com/AMSImage"></p><attachment id="42"></attachment>'
    )
    assert read_as == Message("写真", 1, ("42",))


LINES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" 　")).map(str.strip)


@given(st.lists(LINES, min_size=1, max_size=6))
def test_what_is_typed_survives_html(lines: list[str]) -> None:
    typed = "\n".join(lines).strip("\n")
    shown = [markup.escape(line).replace("  ", " &nbsp;") for line in typed.split("\n")]
    assert read("".join(f"<p>{line or '&nbsp;'}</p>" for line in shown)).text == typed
    assert read("<br>".join(shown)).text == typed


@given(st.text() | st.lists(st.sampled_from("<>/&;\"'= pabri!-[]at\x00\ud800あ")).map("".join))
def test_never_raises(written: str) -> None:
    read(written, {"b"}).text.encode()
    plain(written, {"b"})


@pytest.mark.parametrize("junk", ["<", "<!--", "<a href=x>", "<p>", "<li>", "<ul>", "<td>", "<at>", "&", "<![", "x "])
def test_no_message_costs_more_than_a_moment(junk: str) -> None:
    began = time.process_time()
    read(junk * (200_000 // len(junk)))  # twice what Teams takes
    assert time.process_time() - began < 6
