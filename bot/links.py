"""Where a draft's links lead, asked of the network on request (``SNS_CHECK_FOLLOW_LINKS``).

The rules stay offline; this adds notes to their review: on links that lead elsewhere or nowhere, with what the rules
would say of the address that a link leads to. They are notes and no more, so that the verdict on a text never hangs on
what somebody's server says today. Links that must not be published are not visited.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Final

import httpcore
import httpx
import structlog

from bot.desk import Reader
from bot.faults import describe
from bot.reach import NoSuchName, NotPublic, PublicTransport
from rules import Finding, Guideline, Level, Review, Topic, Url, pasted_urls

MAX_LINKS: Final = 10
"""Links of a draft that are visited, the first ones."""
MAX_REDIRECTS: Final = 5
AT_ONCE: Final = 4
SECONDS: Final = 3.0
"""How long a draft may wait for all of its links. What is not known by then is not said."""

LEADS_TO: Final = "harmful_link.leads_to"
LEADS_ASTRAY: Final = "harmful_link.leads_astray"
DEAD: Final = "harmful_link.dead"

log: Final = structlog.get_logger(__name__)

_HEADERS: Final = {"User-Agent": "sns-check (link check)", "Accept": "*/*"}
_TIMEOUTS: Final = {"timeout": {"connect": SECONDS, "read": SECONDS, "write": SECONDS, "pool": SECONDS}}
_FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


class End(Enum):
    """How a link ended."""

    PAGE = "page"
    """Something is there."""
    NOWHERE = "nowhere"
    """The page is gone."""
    NO_NAME = "no name"
    """There is no such host."""
    UNKNOWN = "unknown"
    """It could not be told: refused, too slow, too many redirects, not public."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How following a link ended, and at which address; empty where that is not known."""

    end: End
    address: str = ""

    @property
    def host(self) -> str:
        """The host as the network names it (IDN in punycode)."""
        return httpx.URL(self.address).raw_host.decode()


class LinkCheck:
    """Follows links and writes notes about them. Safe to use from many tasks; nothing is logged."""

    def __init__(self, transport: httpx.AsyncBaseTransport, seconds: float = SECONDS) -> None:
        self._transport = transport
        self._seconds = seconds
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._has_been_out = False
        """Whether anybody ever answered. Without a way out every name seems not to exist, and nothing is said of it."""

    async def annotate(self, text: str, review: Review, reader: Reader) -> Review:
        """Return the review with a finding for each link that leads elsewhere or nowhere. Takes ``seconds`` at most.

        ``reader`` judges the addresses that links lead to.
        """
        urls = list(_worth_a_visit(pasted_urls(text), review.findings))[:MAX_LINKS]
        visits = {target: asyncio.create_task(self.follow(target)) for target in dict.fromkeys(u.target for u in urls)}
        if not visits:
            return review
        done, late = await asyncio.wait(visits.values(), timeout=self._seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        outcomes = {target: self._settled(_outcome(task)) for target, task in visits.items() if task in done}
        notes = (_note(text, url, outcomes[url.target], reader) for url in urls if url.target in outcomes)
        findings = (*review.findings, *(note for note in notes if note))
        ordered = sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule))
        return replace(review, findings=tuple(ordered))

    def _settled(self, outcome: Outcome) -> Outcome:
        if outcome.end is not End.NO_NAME:
            return outcome
        return replace(outcome, end=End.NOWHERE if self._has_been_out else End.UNKNOWN)

    async def follow(self, target: str) -> Outcome:
        """Follow a link through its redirects. Never raises for what the network or a stranger's server does."""
        try:
            here = httpx.URL(target)
            for _ in range(MAX_REDIRECTS + 1):
                if here.scheme not in {"http", "https"} or here.userinfo or not here.host:
                    break
                status, location = await self._ask(here)
                if location is None:
                    return Outcome(_end(status), str(here))
                here = here.join(location)
        except NoSuchName:
            return Outcome(End.NO_NAME)
        except (httpx.InvalidURL, UnicodeError, NotPublic, *_FAILURES):
            pass
        return Outcome(End.UNKNOWN)

    async def _ask(self, url: httpx.URL) -> tuple[int, str | None]:
        """Return status and redirect target, by HEAD; by GET where a server does not answer that well."""
        async with self._turn:
            status, location = await self._send("HEAD", url)
            if status >= httpx.codes.BAD_REQUEST:
                status, location = await self._send("GET", url)
        return status, location

    async def _send(self, method: str, url: httpx.URL) -> tuple[int, str | None]:
        request = httpx.Request(method, url, headers=_HEADERS, extensions=_TIMEOUTS)
        response = await self._transport.handle_async_request(request)
        await response.aclose()  # the body is never read
        self._has_been_out = True
        return response.status_code, response.headers.get("location") if response.is_redirect else None


@asynccontextmanager
async def link_check(tls: ssl.SSLContext | None = None) -> AsyncIterator[LinkCheck]:
    """Give a check of the real network; its connections are closed afterwards."""
    async with PublicTransport(tls=tls) as transport:
        yield LinkCheck(transport)


def _end(status: int) -> End:
    if status in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
        return End.NOWHERE
    return End.PAGE if status < httpx.codes.BAD_REQUEST else End.UNKNOWN


def _outcome(visit: asyncio.Task[Outcome]) -> Outcome:
    """Give what came of a visit. A mistake of ours costs the note, not the review."""
    if error := visit.exception():
        log.error("link_not_followed", **describe(error))
        return Outcome(End.UNKNOWN)
    return visit.result()


def _worth_a_visit(urls: Iterable[Url], findings: Iterable[Finding]) -> Iterator[Url]:
    """Leave out what must not be published anyway: whoever set such a link up is not to see us come."""
    blocked = [found for found in findings if found.topic is Topic.HARMFUL_LINK and found.level is Level.BLOCK]
    for url in urls:
        if not any(found.start < url.end and url.start < found.end for found in blocked):
            yield url


def _note(text: str, url: Url, outcome: Outcome, reader: Reader) -> Finding | None:
    quote, guideline = text[url.start : url.end], reader.guideline
    if outcome.end is End.NOWHERE:
        return _finding(DEAD, url, quote, guideline, f"「{quote}」のページは見つかりませんでした。", _MEND)
    if outcome.end is not End.PAGE or _bare(outcome.host) == _bare(httpx.URL(url.target).raw_host.decode()):
        return None
    opened = f"「{quote}」をたどると、「{outcome.host}」のページが開きます。"
    objection = _objection(outcome.address, reader)
    if objection is None:
        return _finding(LEADS_TO, url, quote, guideline, opened, _WRITE_OUT)
    message, advice = f"{opened}{objection.message}", objection.suggestion
    return _finding(LEADS_ASTRAY, url, quote, guideline, message, advice)


def _objection(address: str, reader: Reader) -> Finding | None:
    """Say what the rules would object to if the address itself stood in the draft, the gravest."""
    found = reader.review(address, today=_ANY_DAY).findings
    grave = [each for each in found if each.topic is Topic.HARMFUL_LINK and each.level is not Level.NOTE]
    return min(grave, key=lambda each: each.level is not Level.BLOCK, default=None)


_ANY_DAY: Final = date(2026, 1, 1)
"""The rules for links do not look at the calendar."""
_MEND: Final = "アドレスを確かめて、開けるページのものに差し替えてください。"
_WRITE_OUT: Final = "目当てのページかどうかを確かめ、たどり着いた先のアドレスを書くと、読む人が安心して開けます。"


def _finding(  # noqa: PLR0913, PLR0917 - the parts of a finding
    rule: str, url: Url, quote: str, guideline: Guideline, message: str, suggestion: str
) -> Finding:
    return Finding(
        rule=rule,
        topic=Topic.HARMFUL_LINK,
        level=Level.NOTE,
        clauses=guideline.cite(Topic.HARMFUL_LINK, rule, Level.NOTE),
        start=url.start,
        end=url.end,
        quote=quote,
        message=message,
        suggestion=suggestion,
    )


def _bare(host: str) -> str:
    return host.removeprefix("www.").strip("[].")
