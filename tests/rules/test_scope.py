"""How a thing is said: the scopes of a word in a sentence. One table for each weakness that a word list would have."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.draft import Draft
from rules.lexicon import Lexicon
from rules.model import Scope
from rules.rulebook import Rulebook
from rules.scope import Scopes
from rules.text import see

LEXICON = Lexicon(Rulebook.load().classes)
D, F, W, Q = Scope.DENIED, Scope.FORBIDDEN, Scope.WARNED, Scope.QUOTED
A, H, U, S = Scope.ASKED, Scope.HEARSAY, Scope.URGED, Scope.SUPPOSED
T = Scope.DESCRIBED
EXCUSES = {D, F, W, Q}


def scopes(sentence: str, word: str, *others: str) -> frozenset[Scope]:
    text = see(sentence).text
    reading = LEXICON.read(Draft(text, date(2026, 11, 21)))
    spans = [(text.index(other), text.index(other) + len(other)) for other in (word, *others)]
    return Scopes(LEXICON, reading).at(*spans[0], [[span] for span in spans[1:]])


@pytest.mark.parametrize(
    ("sentence", "word", "expected"),
    [
        ("還付金詐欺にご注意ください。", "詐欺", {W}),
        ("差別をなくそう！", "差別", {W}),
        ("詐欺が増えています。ご注意ください。", "詐欺", {W}),
        ("裏道なら飲んでも平気。そんな甘い考えが事故を招きます。", "飲んで", {W}),
        ("「守衛は昼に出かける」との投稿がありましたが、誤りです。", "出かける", {D, Q}),
        ("村の言葉で「ばか」は「たいへん」のこと、「無能」とは別です。", "ばか", {Q}),
        ("塩水でかぜが治るとのお話には根拠がございません。", "治る", {D}),
        ("咳の出ない人からうつることはまれです。", "うつる", {D}),
        ("課長は無能だとの投稿がありましたが、そのとおりです。", "無能", set()),
        ("あの人は無能だと決めつけていませんか。", "無能", {W}),
        ("課長が寝ているのを、見たことはありますか。", "寝ている", set()),
        ("「閉める方向」とのうわさがあるようですが、そのような決定はしていません。", "閉める", {D}),
        ("邪魔だと追い払う。それは解決になりません。", "邪魔", {W}),
        ("市長が金を受け取った。そのような事実はありません。", "金", {W}),
        ("課長は無能だ。それは誤解ではない。", "無能", set()),
        ("課長は無能だ。そんな課長の相談に乗ります。", "無能", set()),
        ("新人に芸をさせる宴会をやめて十年になります。", "芸", {D}),
        ("お茶くみは女性の係、という慣習をなくしました。", "女性の係", {D}),
        ("遠慮をやめて言いますが、課長は無能です。", "無能", set()),
        ("無能かと思いきや、頼れる課長でした。", "無能", {D}),
        ("たらい回しにされたとのご意見を受け、案内を増やしました。", "たらい回し", {Q}),
        ("「無能な上司」に悩んだら、公開講座へ。", "無能", {Q}),
        ("差別をしてはいけません。", "差別", {F}),
        ("ここで花火をするな！", "花火", {F}),
        ("飲酒運転はダメ、ゼッタイ。", "飲酒運転", {F}),
        ("市長は無能ではありません。", "無能", {D}),
        ("心の病は怖い病気ではありません。", "怖い", {D}),
        ("差別的な扱いをするつもりは決してありません。", "差別", {D}),
        ("ダムが決壊したという情報は事実ではありません。", "決壊", {D}),
        ("「死ね」と書き込まれたことがあります。", "死ね", {Q}),
        ("映画『馬と鹿』を上映します。", "馬", {Q}),
        ("ダムが決壊したらしい。", "決壊", {H}),
        ("犯人は隣の市の職員みたい", "職員", {H}),
        ("もし地震が起きたら逃げましょう。", "地震", {S}),
        ("みんなで抗議の電話をしよう！", "電話", {U}),
        ("さっさと出て行ってください。", "出て", {U}),
        ("予算は足りていますか。", "予算", {A}),
    ],
)
def test_cue_covers_the_word_before_it(sentence: str, word: str, expected: set[Scope]) -> None:
    assert expected <= scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("市長は無能だ。", "無能"),
        ("無能な職員は要らない。", "無能"),
        ("無能に違いない。", "無能"),
        ("あいつはペテン師だな。", "ペテン師"),
        ("「無能」な市長だ。", "無能"),
        ("予算はまだ決まっていないが、来年度から無料になる。", "無料"),
        ("市民に馬鹿にされたので、対策を講じます。", "馬鹿"),
    ],
)
def test_what_a_cue_does_not_reach_is_plainly_asserted(sentence: str, word: str) -> None:
    assert scopes(sentence, word) == frozenset()


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("ネットいじめの相談窓口を開設しました。", "いじめ"),
        ("差別に関する研修会を開きます。", "差別"),
        ("いじめについて考える講座です。", "いじめ"),
        ("虐待防止月間です。", "虐待"),
        ("人を傷つける書き込みをなくそう。", "書き込み"),
        ("闇バイトの怖さを学ぶ教室を開きます。", "闇バイト"),
        ("飲酒運転は犯罪です。", "飲酒運転"),
        ("盗撮は決して許されない行為です。", "盗撮"),
        ("賄賂を受け取ることは違法です。", "賄賂"),
        ("談合をすると罰せられます。", "談合"),
        ("パワハラを受けたと感じたら、一人で悩まず相談してください。", "パワハラ"),
        ("弱みにつけ込んで金をだまし取る手口が増えています。", "だまし取る"),
    ],
)
def test_what_counsel_is_about_is_warned_of(sentence: str, word: str) -> None:
    assert W in scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("無能な課長に相談した。", "無能"),
        ("あんなクズを支援する人の気が知れない。", "クズ"),
        ("税金をごまかす対策を考えた。", "ごまかす"),
        ("馬鹿ばかりの研修だった。", "馬鹿"),
        ("無能な係長に注意された。", "無能"),
        ("あの間抜けが会議で問題になった。", "間抜け"),
        ("賄賂をもらっても問題ない。", "賄賂"),
        ("賄賂をもらっても問題ありません。", "賄賂"),
        ("脱税しても逮捕されない。", "脱税"),
        ("横流しは注意しなくていい。", "横流し"),
        ("無能な移民を追放しよう。", "無能"),
    ],
)
def test_a_word_of_counsel_does_not_excuse_what_is_not_bound_to_it(sentence: str, word: str) -> None:
    assert W not in scopes(sentence, word)


def test_words_of_the_finding_itself_are_no_cue() -> None:
    assert W in scopes("みんなで詐欺を通報しましょう。", "詐欺")
    assert W not in scopes("みんなで詐欺を通報しましょう。", "詐欺", "通報")
    assert W not in scopes("詐欺の被害が出た。", "詐欺の被害")
    assert F not in scopes("外国人の入店は禁止だ。", "外国人", "禁止")


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("油を流しに捨てないようにしましょう。", "捨て"),
        ("ごみを置いていかないように。", "置い"),
        ("悪口を書き込むのはやめましょう。", "悪口"),
        ("悪口を言うのはやめて！", "悪口"),
        ("パスワードの使い回しをやめ、長いものに変えましょう。", "使い回し"),
        ("悪口はやめませんか。", "悪口"),
        ("差別せんといて。", "差別"),
        ("川に飛び込むんは絶対あかん。", "飛び込む"),
        ("差別したらあかんで。", "差別"),
        ("外来種の放流はお断りしています。", "放流"),
        ("度胸試しなんてもってのほか。", "度胸試し"),
        ("花火の持ち込みはできません。", "花火"),
    ],
)
def test_prohibition_and_request_to_stop_forbid(sentence: str, word: str) -> None:
    assert F in scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("領収書はばれないように燃やしておく。", "燃やし"),
        ("カンニングはばれないようにしてください。", "カンニング"),
        ("横領がバレないように注意。", "横領"),
        ("募集をやめる予定です。", "募集"),
        ("募集をやめています。", "募集"),
        ("ごまかすのをやめようとは思わない。", "ごまかす"),
        ("無能でダメな課長だ。", "無能"),
        ("無能な課長はやめろ。", "無能"),
        ("あんなクズに任せることはできません。", "クズ"),
        ("見下すのは、まあ許せる。", "見下す"),
        ("女は家にいるべきじゃないですか？", "女"),
        ("よそ者を入れるべきではないでしょうか。", "よそ者"),
        ("無能な市長をなくそう！", "無能"),
        ("迷惑な客の相談を断った。", "迷惑"),
        ("無能な市長には投票しないでください。", "無能"),
        ("無能のくせに偉そうだ。注意しても聞かない。", "無能"),
        ("飲酒運転は危険だけど慣れているから平気。", "飲酒運転"),
        ("賄賂はダメと言われてもやめられない。", "賄賂"),
        ("歩きたばこは禁止なのに、つい吸う。", "歩きたばこ"),
        ("バカの考えることは分からない。", "バカ"),
    ],
)
def test_purposes_plans_and_abuse_do_not_forbid(sentence: str, word: str) -> None:
    assert not {F, W} & scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("「無能」と言われた経験を語ります。", "無能"),
        ("無能と言われて傷ついた人がいます。", "無能"),
        ("黙ってろと怒鳴られた。", "黙ってろ"),
        ("バカという言葉は使いません。", "バカ"),
        ("「バカ」「クズ」は、人を追い詰めます。", "バカ"),
        ("「死にたい」。そう打ち明けられたら、まず聞いてください。", "死にたい"),
        ("「ブスの哲学」展を開きます。", "ブス"),
        ("部下に「給料泥棒」と言うのは指導ではありません。", "部下に「給料泥棒"),
        ("「よそ者お断り」の看板を見かけたことはありませんか。", "よそ者お断り"),
        ("「税金の無駄では」と心配な方もいらっしゃるでしょう。", "税金の無駄"),
    ],
)
def test_words_of_others_and_titles_are_quoted(sentence: str, word: str) -> None:
    assert Q in scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("無能と言われても仕方ない。", "無能"),
        ("「無能」と呼ばれて当然だ。", "無能"),
        ("「税金泥棒」と言われるのも無理はない。", "税金泥棒"),
        ("バカと言わざるを得ない。", "バカ"),
        ("「無能」な係長がまた遅刻した。", "無能"),
        ("「無能」だと思う。", "無能"),
        ("「よそ者はさっさと出て行け」が本音です。", "出て行け"),
        ("「よそ者はさっさと出て行け」。その通り！", "出て行け"),
        ("「よそ者はさっさと出て行け、二度と来るな」", "出て行け"),
        ("無能と言っても過言ではない。", "無能"),
        ("「あの係長は本当に無能で困る」と思います。", "無能"),
        ("「無能」って書いた人、正解です。", "無能"),
    ],
)
def test_endorsed_emphasised_and_bare_quotations_are_the_authors_own(sentence: str, word: str) -> None:
    assert not {Q, D} & scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("差別せえへん。", "差別"),
        ("差別はしとらん。", "差別"),
        ("差別なんかできひん。", "差別"),
        ("無能やない。", "無能"),
        ("無能とちゃう。", "無能"),
        ("無能じゃねえよ。", "無能"),
        ("無能じゃねぇ。", "無能"),
        ("無能ではあるまい。", "無能"),
        ("無能なわけない。", "無能"),
        ("無能なはずがありません。", "無能"),
        ("保育は女性の仕事、ではありません。", "女性の仕事"),
        ("差別はせぬ。", "差別"),
        ("移住者が増えたから空き巣が増えた、というデータはありません。", "移住者"),
        ("水道水に毒が入ったから飲めない、という話に根拠はありません。", "毒"),
        ("市が倒産するというのはデマです。", "倒産"),
        ("皆さんを無知だと考えたことは一度もありません。", "無知"),
        ("怠けているから受けるものではありません。", "怠け"),
        ("なまけ者だから病気になるわけではない。", "なまけ者"),
        ("甘えが原因とは限らず、体質もあります。", "甘え"),
    ],
)
def test_negation_in_any_speech_denies(sentence: str, word: str) -> None:
    assert D in scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("市長は無能ではないか。", "無能"),
        ("市長は無能じゃないでしょうか。", "無能"),
        ("市長は無能なんじゃねえの。", "無能"),
        ("無能でないわけがない。", "無能"),
        ("無能でなければできない。", "無能"),
        ("古い書類は捨てないといけません。", "捨て"),
        ("無能ですが、悪い人ではありません。", "無能"),
        ("無能だけれど、嫌いじゃない。", "無能"),
        ("無能ではあるものの、憎めない。", "無能"),
        ("無能しか残っていない。", "無能"),
        ("無能すぎて笑えないw", "無能"),
        ("想像力が乏しいと言わざるを得ません。", "乏しい"),
        ("資質を疑わずにはいられません。", "疑わ"),
        ("無能と言うほかありません。", "無能"),
        ("これで無能じゃないと言えるのか。", "無能"),
        ("速度違反は犯罪じゃない。", "速度違反"),
        ("頭の中が空っぽなんじゃないか。", "空っぽ"),
        ("下手な字で、読めたものではない。", "下手"),
    ],
)
def test_doubt_double_negation_and_other_clauses_do_not_deny(sentence: str, word: str) -> None:
    assert D not in scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word", "asks"),
    [
        ("外国人は帰るべきではないでしょうか。", "外国人", False),
        ("あの課長、無能じゃない？", "無能", False),
        ("避難所はどこですか。", "避難所", True),
        ("避難所はどこ？", "避難所", True),
    ],
)
def test_a_negative_question_does_not_ask(sentence: str, word: str, asks: bool) -> None:  # noqa: FBT001 - a table
    assert (A in scopes(sentence, word)) is asks


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("酒を飲んで運転した疑いで、男が逮捕されました。", "飲んで"),
        ("隣の市で、金庫を持ち去る事件がありました。", "持ち去る"),
        ("領収書を書き換えた職員を、停職三か月としました。", "書き換え"),
        ("領収書を書き換えたことを、深くおわびします。", "書き換え"),
        ("領収書を書き換えた場合は、補助金を取り消します。", "書き換え"),
        ("廃材を畑で燃やすと、罰金が科されます。", "燃やす"),
        ("廃材を畑で燃やしたら、どうなるのでしょう。", "燃やし"),
        ("廃材を畑で燃やしていないか、毎週見回っています。", "燃やし"),
        ("鍵を壊されたのではないかというご心配が届いています。", "壊さ"),
        ("写真を無断で載せてしまったため、取り下げました。", "無断"),
        ("Q. 廃材を畑で燃やしてもいいですか。", "燃やし"),
        ("少しなら飲んで運転しても平気と思ってない？", "平気"),
    ],
)
def test_what_is_told_as_a_case_is_described(sentence: str, word: str) -> None:
    assert T in scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("酒を飲んで運転した。", ["飲んで"]),
        ("酒を飲んで運転した事件の話は最高。", ["飲んで"]),
        ("領収書を書き換えた職員は仕事が早い。", ["書き換え"]),
        ("領収書を書き換えた係長が、また昇進した。", ["書き換え"]),
        ("ばれると罰金が科されるから、こっそり燃やす。", ["燃やす"]),
        ("廃材を畑で燃やしても、罰金は科されません。", ["燃やし"]),
        ("金庫を持ち去る事件を、みんなで起こそう。", ["金庫", "起こそ"]),
    ],
)
def test_what_is_approved_of_or_goes_on_outside_is_not_described(sentence: str, words: list[str]) -> None:
    assert T not in scopes(sentence, *words)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("職員が投票をお願いすることは、決してございません。", ["投票"]),
        ("職員が投票をお願いすることは一切ありません。", ["投票"]),
        ("大麻は吸わない。", ["大麻", "吸わ"]),
        ("大麻を吸ったりしません。", ["大麻", "吸っ"]),
    ],
)
def test_a_deed_is_denied_by_its_verb_and_as_a_matter(sentence: str, words: list[str]) -> None:
    assert D in scopes(sentence, *words)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("副業のもうけを調べられることはまずありません。", ["副業"]),
        ("効くのは間違いない。", ["効く", "間違い"]),
        ("坪二十万円を譲られず、苦慮しております。", ["坪", "譲ら"]),
        ("土地を売らない地主がいる。", ["土地", "売ら"]),
    ],
)
def test_a_comfort_an_assurance_and_a_refusal_told_of_deny_nothing(sentence: str, words: list[str]) -> None:
    assert D not in scopes(sentence, *words)


def test_laughter_excuses_nothing() -> None:
    for laughter in ("w", "笑", "(笑)", "ｗｗｗ", "草", "😂", "(爆)", "なんちゃって"):
        assert not EXCUSES & scopes(f"市長は無能だ{laughter}", "無能")


def test_a_warning_on_the_next_line_speaks_of_the_line_before() -> None:
    assert W in scopes("還付金詐欺が増えています。\nご注意ください。", "詐欺")


def test_a_scope_ends_with_its_clause() -> None:
    sentence = "飲酒運転は禁止ですが、あの課長は無能だ。"
    assert F in scopes(sentence, "飲酒運転")
    assert scopes(sentence, "無能") == frozenset()


PIECES = ("無能", "を", "の", "は", "やめ", "て", "ない", "「", "」", "と言われ", "注意", "。", "か", "?", "ん", "ざる")


@given(st.lists(st.sampled_from(PIECES)))
def test_any_text_has_scopes(words: list[str]) -> None:
    assert scopes("".join((*words, "無能")), "無能") <= set(Scope)
