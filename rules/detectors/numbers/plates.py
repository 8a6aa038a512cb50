"""Vehicle number plates (ナンバー): the office's place name, a class, a kana, and up to four figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.numbers.surroundings import is_sample
from rules.draft import Detection

_PLACES = (
    "札幌|函館|旭川|室蘭|苫小牧|釧路|知床|帯広|十勝|北見|青森|弘前|八戸|岩手|盛岡|平泉|宮城|仙台|"
    "秋田|山形|庄内|福島|会津|郡山|白河|いわき|水戸|土浦|つくば|宇都宮|那須|とちぎ|日光|群馬|前橋|"
    "高崎|伊勢崎|大宮|川口|所沢|川越|熊谷|春日部|越谷|千葉|成田|習志野|市川|船橋|袖ヶ浦|袖ケ浦|"
    "市原|野田|柏|松戸|品川|世田谷|練馬|杉並|板橋|足立|江東|葛飾|八王子|多摩|横浜|川崎|湘南|相模|"
    "山梨|富士山|新潟|長岡|上越|富山|石川|金沢|福井|長野|松本|諏訪|南信州|安曇野|岐阜|飛騨|静岡|"
    "浜松|沼津|伊豆|名古屋|尾張小牧|一宮|春日井|三河|岡崎|豊田|豊橋|三重|四日市|伊勢志摩|鈴鹿|滋賀|"
    "京都|大阪|なにわ|和泉|堺|奈良|飛鳥|和歌山|神戸|姫路|鳥取|島根|出雲|岡山|倉敷|広島|福山|山口|"
    "下関|徳島|香川|高松|愛媛|高知|福岡|北九州|久留米|筑豊|佐賀|長崎|佐世保|熊本|大分|宮崎|鹿児島|"
    "奄美|沖縄"
)
"""The names on plates, of transport branch offices and of regions (ご当地ナンバー)."""
_CLASS = "(?:[0-9]{2,3}|[0-9][0-9A-Z]{2})"
_KANA = "[あ-えか-こさ-そた-なに-のは-ふほ-もやゆよら-をEHKMTY]"
_SERIAL = r"(?:[0-9]{2}[-ー][0-9]{2}|[・.]{1,3}[ ]?[0-9]{1,3}|[0-9]{4})"
"""12-34, ・・12, and 1234 as people write it."""
_PLATE = re.compile(rf"(?:{_PLACES})[ ]?{_CLASS}[ ]?{_KANA}[ ]?{_SERIAL}(?![-0-9A-Za-z月日時分号番年人円名件])")
MIGHT_HOLD_PLATE = re.compile(r"[0-9A-Z][0-9A-Z][ ]?[あ-んA-Z][ ]?[0-9・.]")


def find_plates(text: str) -> Iterator[Detection]:
    """Find plates, but not those shown as samples (図柄入りナンバーの見本)."""
    for match in _PLATE.finditer(text):
        if not is_sample(text, *match.span()):
            yield Detection("numbers.plate", match.start(), match.end())
