"""Texts that are as hard to read as we could make them: a short piece, repeated to the greatest length.

Each detector has pieces that reach its dearest steps: what looks like a beginning and never ends, what every search
has to look around, and what is found over and over.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rules import MAX_TEXT

WORST: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "dates": {
            "digits": "1",
            "days": "1日",
            "dates": "12月5日(日)",
            "dates in one sentence": "12月13日(土)、",
            "open brackets": "12月5日(",
            "slashes": "12/5/",
            "ranges": "12/14~12/4 ",
            "lists": "5日・",
            "shared weekdays": "12月5日・6日(日・月)",
            "weeks of the month": "第2土曜日(",
            "kanji digits": "一",
            "circled digits": "①",
            "eras": "令和",
            "eras and years": "令和8年(2027年)",
            "era initials": "R8(",
            "leap days": "2月29日来年のその日",
            "English": "Sat, Dec 5 ",
            "relative days": "明日",
            "relative weeks": "来週の土曜日、",
            "relative weekdays": "明日(月)",
            "lists of weeks": "第1・第3土曜日(5日・",
            "weekdays in front": "\n(日)12/5",
            "weeks of every month": "毎月第3日曜は朝市。12月は13日、",
            "holidays": "文化の日11月4日",
            "substitutes": "5月5日の振替休日(5月7日)",
            "past events": "日時:11月14日(土)13:00~募集します ",
            "deadlines": "申込締切12月20日(日)開催日12月13日(日)",
            "openings": "受付開始12月20日締切12月13日",
        },
        "times": {
            "times": "10:00~",
            "kanji times": "十時から九時",
            "late hours": "25:00から",
            "doors": "開場18:30 開演18:00 ",
            "last admissions": "9:00~17:00(最終入館17:30)",
            "closing times": "最終入館17:30閉館",
        },
        "numbers": {
            "spaced digits": "1 ",
            "hyphens": "0-",
            "My Number": "1234 5678 9018 マイナ",
            "card and words": "4111-1111-1111-1111カード",
            "labels without numbers": "被保険者番号1",
            "unfinished plates": "千葉300あ",
        },
        "contacts": {
            "telephones": "090-1234-5678 ",
            "at signs": "a@",
            "names and lots": "1-1の山",
            "kanji zeros": "〇",
            "homes without lots": "山さんの家は山",
            "labelled lots": "住所:1-1",
            "births without dates": "生年月日は昭和",
        },
        "persons": {
            "kanji": "山",
            "names": "山田太郎さん",
            "homes": "1番1号の山田さん",
            "pupils": "山田太郎さん(1年1組・",
            "workers": "緑町商店に勤める山田さん、",
            "families": "山田さんの長男の太郎さん、",
            "stand-ins": "Aさん(80代)",
            "stand-ins in long places": "緑緑緑緑緑緑緑緑緑緑緑緑Aさん1丁目",
            "plights": "滞納",
            "names and plights": "山田太郎、滞納",
            "circumstances": "角の家の80代の人が入院した",
        },
        "credentials": {
            "passwords": "パスワード",
            "passwords and values": "password:",
            "spaced passwords": "パ ス ",
            "PIN": "暗証番号",
            "connection strings": "https://a:aaa@",
            "dotted figures": "1.1.",
            "colons": "f:",
            "shares": "\\\\aa\\",
            "token names": "token=a",
        },
        "links": {
            "dots": "a.",
            "hosts": "a.jp ",
            "links": "http://a.jp/",
            "schemes": "http:",
            "paths in Japanese": "http://a.jp/案.",
            "letters": "a",
            "Cyrillic": "а",
            "labels and targets": "<http://a|",
            "ideographic full stops": "a。",
            "hyphened hosts": "a-b-c-d-e-f.jp ",
            "adult words": "http://a.jp/?av ",
        },
        "text and patterns": {
            "kana": "あ",
            "quotes": "「",
            "brackets": "(",
            "spelled out": "バ/",
            "spaced kana": "か ",
            "masks": "○",
            "contempt": "無能な職員",
        },
    }
)
"""Pieces by what they are hard for."""

PIECES: Mapping[str, str] = MappingProxyType({name: piece for group in WORST.values() for name, piece in group.items()})


def longest(piece: str) -> str:
    """Repeat a piece up to the greatest length that is read."""
    return (piece * (MAX_TEXT // len(piece) + 1))[:MAX_TEXT]
