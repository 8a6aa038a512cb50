"""Drafts (下書き) that the scenarios use, and what the bot has to say about them."""

INSULT = "うちの課長は無能だ。来月の予定はまだ決まっていません。"
"""Breaks 4(6)①."""
INSULT_LABEL = "4(6)①"
INSULT_QUOTE = "課長は無能"
INSULT_CLAUSE = "不敬な言い方を含む情報"
"""Official wording of the clause in 千葉市's guideline."""
INSULT_CLAUSE_OIZUMI = "他者を侮蔑する情報"
"""Official wording of the clause in 大泉町's guideline."""

CLEAN = "中央図書館は、年末年始もふだんどおり午前9時に開館します。みなさまのご来館をお待ちしています。"
ANOTHER_CLEAN = "公園の池に、今年もカルガモの親子がやってきました。どうぞ静かに見守ってください。"

CALM = "直すところは見つかりませんでした"
"""In every answer to a clean draft."""
MUST_FIX = "発信する前に直してください"
"""In every answer to a draft that the guideline forbids."""
