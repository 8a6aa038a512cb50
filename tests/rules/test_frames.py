"""Wrongs told as somebody's case: in whatever frame (事件, 疑い, 場合, 否定 …) they stand, few may draw a warning.

Every deed stands in every frame, so what is measured are the scopes and not the sentences of one author.
"""

from datetime import date

import pytest

from rules import Level, Reviewer

DEEDS = (
    "酒を飲んで車を運転した",
    "補助金の領収書を書き換えた",
    "入札の参加者どうしで値段を決めた",
    "川に家電を捨てた",
    "万引きを繰り返した",
    "無免許でバイクに乗った",
    "隣の家の風呂をのぞいた",
    "畑でビニールを燃やした",
    "落とし物の財布をもらっておいた",
    "業者から現金を受け取った",
    "会議録をこっそり書き換えた",
    "大麻を吸った",
    "自転車を盗んで乗り回した",
    "許可を取らずに増築した",
    "勤務中にパチンコへ行った",
    "住民票のデータで知人の住所を調べた",
    "空出張で旅費を受け取った",
    "申請書の中身を見ずに判を押した",
    "公用車で買い物に行った",
    "部下に特定の候補者への投票を頼んだ",
    "窓口で知り合いを先に通した",
    "備品を家に持ち帰った",
    "子どもを殴ってしつけた",
    "野良猫を蹴った",
    "手首を切る方法を広めた",
    "女性の裸の写真を載せた",
    "生徒に体罰を加えた",
    "動物を痛めつけて楽しんだ",
    "外国人の入店を断った",
    "障害のある人を笑いものにした",
    "女性だから採用しなかった",
    "高齢者に部屋を貸さなかった",
    "感染した人を避けて歩いた",
    "国籍を理由に入居を拒んだ",
    "コメント欄を荒らした",
    "役所の電話をみんなで鳴らし続けた",
    "反対派の看板を破った",
    "アカウントを一斉に通報した",
    "同じ書き込みを何百回も貼り付けた",
    "人のイラストを無断で使った",
    "漫画を丸ごとコピーして配った",
    "知らない人の顔写真を勝手に載せた",
    "テレビ番組を録画して流した",
    "同僚を役立たずと呼んだ",
    "住民をばかにした",
    "苦情を言った人に土下座を求めた",
    "意見をくれた人を二度と来るなと追い返した",
    "井戸に毒が入ったと言いふらした",
    "地震がまた来ると触れ回った",
    "会議のやり取りを外に漏らした",
    "入札の予定価格を業者に教えた",
    "住民の病歴を友人に話した",
    "庁舎の鍵の暗証番号を付箋に書いた",
)
FRAMES = (
    "{}ことは決してありません。",
    "{}ことは、決してございません。",
    "{}ことは一切ありません。",
    "{}などということは、あってはなりません。",
    "{}ような行為は、許されません。",
    "{}行為は、犯罪です。",
    "{}のは違法です。",
    "{}人を見かけたら、警察にご連絡ください。",
    "{}ことのないよう、研修を行いました。",
    "{}ことを防ぐため、見回りを強めています。",
    "{}と、罰金が科されることがあります。",
    "{}ことは、条例で禁じられています。",
    "{}という投稿が広まっていますが、事実ではありません。",
    "隣の市で、{}事件がありました。",
    "{}疑いで、男が逮捕されました。",
    "{}ことはありませんか。相談員がお話をうかがいます。",
    "{}場合は、助成金を返していただきます。",
    "{}者には、五万円以下の過料を科します。",
    "{}らどうなるのか。弁護士が分かりやすく話します。",
    "{}ことがないか、毎年点検しています。",
    "{}のではないかというご心配をいただきましたが、その事実はありません。",
    "{}職員を、停職三か月の懲戒処分としました。",
    "{}時代を描いた映画の上映会です。",
    "{}という相談が増えています。",
    "{}ことは、認められません。",
    "{}として、会社員が書類送検されました。",
    "{}ことを反省し、再発防止に努めます。",
    "{}ことについて、おわび申し上げます。",
    "{}過去と向き合う、元受刑者の講演会を開きます。",
    "{}男の役を、町長が演じました。",
    "{}らだめだよ、と紙芝居で伝えました。",
    "もし{}ら、法律で罰せられます。",
    "{}ことが分かり、昨日付けで処分されました。",
    "{}という昔話が、この峠に伝わっています。",
    "{}経験のある方の体験談を聞きます。",
    "{}例もあります。気をつけましょう。",
    "{}りしない、させない。みんなの約束です。",
    "Q {}場合はどうなりますか。 A 罰則があります。",
)
ONES_OWN = (
    "昨日は{}。楽しかった。",
    "{}けど、だれにもばれなかった。",
    "{}のは正解だった。",
    "{}って最高。",
)
"""Frames in which the author tells it as his own or approves of it: almost as many have to be seen as in the bare
sentence."""
FAINTER = 2
"""Deeds that may be too faint in such a frame, as its other words sound harmless."""
LIMIT = 0.08
"""Share of deeds in frames that may still draw a warning; it may only fall."""

REVIEWER = Reviewer.load("chiba")


def is_alarmed(text: str) -> bool:
    findings = REVIEWER.review(text, today=date(2026, 11, 21)).findings
    return any(finding.level is not Level.NOTE for finding in findings)


def test_wrongs_told_as_cases_draw_few_warnings() -> None:
    alarmed = sum(is_alarmed(frame.format(deed)) for frame in FRAMES for deed in DEEDS)
    assert alarmed / len(FRAMES) / len(DEEDS) <= LIMIT


@pytest.mark.parametrize("frame", ONES_OWN)
def test_wrongs_told_as_ones_own_still_draw_them(frame: str) -> None:
    bare = sum(is_alarmed(f"{deed}。") for deed in DEEDS)
    assert sum(is_alarmed(frame.format(deed)) for deed in DEEDS) >= bare - FAINTER
