"""What holds for every detector: checks named alike, and nothing to do on ordinary posts."""

from __future__ import annotations

import pytest

from rules.detectors import DETECTORS, Detector
from tests.rules.detectors.reading import find

ORDINARY = [
    "【11月の休館日】2日(月)、9日(月)、16日(月)、24日(火)、30日(月)",
    "12月の休館日：7日（月）・14日（月）・21日（月）・28日（月）～31日（木）",
    "令和8年度 市民税の納期限：第3期 11月2日(月)、第4期 令和9年2月1日(月)",
    "年末年始の休業：12月29日（火）～令和9年1月3日（日）",
    "確定申告は2027年2月16日（火）～3月15日（月）",
    "1月11日（月・祝）二十歳のつどい。対象：平成18年4月2日～平成19年4月1日生まれの方",
    "毎週火曜日 10/6～12/22",
    "第2・第4土曜日（12月12日・26日）に開催",
    "11/28(土)・29(日) 10:00～16:00 雨天順延",
    "日時：12月6日（日）午前9時～正午",
    "受付時間：平日8:30～17:15（土日祝・12/29～1/3除く）",
    "昨年11月22日（土）に開催した様子です",
    "文化の日（11月3日）に表彰式が行われました",
    "1970年1月1日（木）開館",
    "市制施行70周年（1955年3月1日（火）市制施行）",
    "救急車の適正利用を。1/2の方が軽症でした。",
    "予防接種：2回目は1回目から27日以上あけて",
    "H30.4.1～R3.3.31の実績",
    "撮影日：2026.11.15（日）",
    "お電話は043-245-5111（内線 1234）またはFAX 043-245-5155へ",
    "〒260-8722 千葉市中央区千葉港1番1号 千葉市役所 山田",
    "ひまわり号は3号車の佐藤さんが運転しています",
    "LINE公式アカウント https://lin.ee/abc",
    "https://www.youtube.com/watch?v=abcdefghijk",
    "https://x.com/minasato_city/status/1234567890123456789",
    "https://www.facebook.com/minasato.city",
    "https://logoform.jp/form/abcd/123456 から申し込みできます",
    "http://www.town.oizumi.gunma.jp/",
    "https://city.minasato-lib.jp/",
    "市HP（https://www.city.minasato.chiba.jp/page/12345.html）",
    "https://minasato-city.github.io/opendata/setup.zip",
    "オープンデータ: https://data.minasato.example/api?key=public",
    "広報みなさと12月号 No.1234（2026.12.1発行）",
    "2026年10月4日（日）に開催された運動会の写真を公開します",
    "令和8年11月15日（日）執行の市長選挙の投票率",
    "申込期限 11月20日（金）※受付は終了しました",
    "11月14日（土）放送の番組は、見逃し配信でご覧ください",
    "講師：佐藤花子さん（1980年生まれ、作家）",
    "12月5日(土)21:00～翌6日(日)5:00 断水",
    "15:00～1時間程度",
    "10時～12時、13時～15時",
    "午前の部10:00～12:00 午後の部1:30～3:30",
    "午後1:30～3:30",
    "11:00-14:00 / 17:00-21:00",
    "12月12日(土)12:00〜13日(日)12:00の24時間",
    "高校野球：3-2でサヨナラ勝ち",
    "マイナンバーカードの申請書ID（23桁）をお手元に",
    "国税庁法人番号 7000012050002",
    "12月は5日(土)、19日(土)に開催",
    "来月5日（土）に開催",
    "今月28日（土）は出張窓口",
    "10月31日(土)から11月29日(日)まで",
    "2月は28日(日)まで",
    "2027年1月31日（日）まで募集。発表は3月上旬",
    "1月17日（土）は防災とボランティアの日…去年の資料",
    "4月29日（昭和の日）は開館",
    "スポーツの日（10月12日）は臨時開館",
    "1/10(日)成人式",
    "問い合わせ 健康課 電話 22-1234",
    "携帯サイト https://mobile.minasato.example/",
    "登録番号T1234567890123",
    "ID：12345 ミーティング パスコード：abc123",
    "#7119 #8000 ☎043(245)5111",
    "ペットの譲渡会 12月20日(日) 10時～、13時～",
    "人口 5,312人（令和8年11月1日現在）",
    "パスワード付きZIPファイルにご注意ください",
    "「パスワードは123456」のような使い回しは危険です",
    "暗証番号やパスワードを教えないで",
    "このたび11月20日（金）に開催を予定していた講座は中止します",
]
"""Lines of posts that are right on 2026-11-21 and that everybody may read."""


def test_names_are_unique_and_every_check_bears_its_detectors_name() -> None:
    checks = [check for detector in DETECTORS for check in detector.checks]
    assert len(set(checks)) == len(checks)
    assert all(check.startswith(f"{detector.name}.") for detector in DETECTORS for check in detector.checks)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_a_post_without_figures_or_addresses_stops_at_the_gate(detector: Detector) -> None:
    text = "本日は風が強くなっています。落ち葉やごみは側溝に掃き込まず、袋に入れて集積所へお出しください。"
    assert detector.gate.search(text) is None


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_posts_raise_no_alarm(text: str) -> None:
    assert [found for detector in DETECTORS for found in find(detector, text)] == []
