"""E-mail addresses of private persons. Those of public bodies and of roles (info@, event@) are for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.whose import is_owned, is_published
from rules.draft import Detection, Draft

_AT = (
    r"(?:@|[ ]@[ ]|[ ]?[(\[{<](?:at|AT|@|アット(?:マーク)?|あっと)[)\]}>][ ]?|[ ]?(?:アットマーク|アット|あっと|☆|★)"
    r"[ ]?|[ ]at[ ])"
)
_DOT = r"(?:\.|[ ]?[(\[{](?:dot|DOT|\.|ドット)[)\]}][ ]?|[ ]dot[ ])"
_MAIL = re.compile(
    rf"(?<![A-Za-z0-9._%+-])(?P<local>[A-Za-z0-9._%+-]{{1,64}}){_AT}"
    rf"(?P<domain>[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{1,6}})"
)
_A_DOT = re.compile(_DOT)
MIGHT_HOLD_MAIL = re.compile(r"[@☆★aAアあ](?:(?<=[@☆★])|[tT][)\]}> ]|ット|っと)")

_PERSONAL = frozenset(
    {
        # free mail
        "gmail.com", "googlemail.com", "yahoo.co.jp", "yahoo.ne.jp", "yahoo.com", "ymail.ne.jp", "ybb.ne.jp",
        "outlook.jp", "outlook.com", "hotmail.com", "hotmail.co.jp", "live.jp", "live.com", "msn.com", "icloud.com",
        "me.com", "mac.com", "aol.com", "aol.jp", "proton.me", "protonmail.com", "tutanota.com", "gmx.com",
        "goo.jp", "goo.ne.jp", "excite.co.jp", "infoseek.jp", "livedoor.com", "rakuten.jp", "qq.com", "163.com",
        "naver.com",
        # carriers
        "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "disney.ne.jp",
        "ymobile.ne.jp", "ymobile1.ne.jp", "yahoo-mobile.ne.jp", "willcom.com", "pdx.ne.jp", "wm.pdx.ne.jp",
        "emnet.ne.jp", "uqmobile.jp", "rakumail.jp", "jp-t.ne.jp",
        # internet providers
        "nifty.com", "ocn.ne.jp", "biglobe.ne.jp", "so-net.ne.jp", "plala.or.jp", "dion.ne.jp", "auone-net.jp",
        "asahi-net.or.jp", "jcom.home.ne.jp", "jcom.zaq.ne.jp", "zaq.ne.jp", "hi-ho.ne.jp", "eonet.ne.jp",
        "commufa.jp", "wakwak.com", "dti.ne.jp", "odn.ne.jp",
    }
)  # fmt: skip
"""Providers whose addresses belong to persons rather than to offices."""
_OFFICIAL = re.compile(r"\.(?:lg|go|ed)\.jp$|(?:^|\.)(?:pref|city|town|vill|metro)\.")
_ROLE = re.compile(
    r"(?:info|contact|office|support|inquiry|toiawase|otoiawase|help|desk|koho|kouhou|soumu|somu|shimin|jimu|jimukyoku|"
    r"event|entry|oubo|moushikomi|mail|news|press|webmaster|admin|pr|no-?reply|secretariat|recruit|saiyo|shop|reserve)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_PERSONAL_TAILS = tuple(f".{domain}" for domain in _PERSONAL)


def find_mails(draft: Draft) -> Iterator[Detection]:
    """Find addresses said to be somebody's own, and those at providers for persons that nothing says are for all."""
    for match in _MAIL.finditer(draft.text):
        domain = _A_DOT.sub(".", match["domain"]).lower()
        if _OFFICIAL.search(domain) or _ROLE.match(match["local"]):
            continue
        start, end = match.span()
        if is_owned(draft, start, end):
            yield Detection("contacts.private_mail", start, end, {"why": "個人のものとして書かれています"})
        elif f".{domain}".endswith(_PERSONAL_TAILS) and not is_published(draft, start, end):
            yield Detection("contacts.private_mail", start, end, {"why": f"{domain} は主に個人が使うサービスです"})
