"""Whatever stands in a draft, a review comes to an end and says where its findings stand."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Reviewer

CHIBA = Reviewer.load("chiba")

PIECES = (
    *"""
    010-884-4159 010 090-1234-5678 ０９０ +81 (0) 043-245-5111 0120 #7119 〇九〇 ー - http:// https:/
    hxxp[:]// 203.0.113.08 1.09 090.1 0x7f.1 [::1] xn-- xn--zz--- @ %00 [.] .example bit.ly/a
    city.chiba.jp 。 、 「 」 （ ） 〜 ・ / : ： . 12月5日 （日） ㊐ 2月30日 令和 R8. 昭和64年 0年
    9999年 13月 25:00 午後13時 第5土曜日 明日 123456789018 1234 T6000020121002 口座 普通 記号 番号は
    パスワードは ID: key= AKIA 田中さん Aさん ◯ 3年2組 小学校 丁目 1-2-3 生まれ fe80::1
    00:1A:2B:3C:4D:5E < > &amp; 🎍 ガ ﾞ 無能 ではありません と言われた w
    """.split(),  # noqa: SIM905 - a list of a hundred strings would fill two screens
    " ",
    "\n",
    "4111 1111 1111 1111",
    "千葉 300 あ 12-34",
    "\\\\fs01\\",
    "\u200b",
    "\ud800",
    "\x00",
)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_mixture_of_what_detectors_look_for_is_read(text: str) -> None:
    for finding in CHIBA.review(text, today=date(2026, 11, 21)).findings:
        assert text[finding.start : finding.end] == finding.quote
        assert finding.message
