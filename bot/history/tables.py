"""The tables. Nothing outside this package sees them: the stores hand out the value types of ``model`` and ``inbox``.

Whatever may hold draft text is of type ``DraftText`` or ``DraftJson``: one place where such text enters the database.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from bot.history.cipher import Cipher

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Key = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database gives. SQLite counts by itself only in a plain INTEGER."""


class Instant(TypeDecorator[datetime]):
    """A point in time: aware in Python, UTC in the database. SQLite keeps no time zone: taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. A naive time is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class DraftText(TypeDecorator[str]):
    """Text of a draft, as bytes: what people paste may hold NUL and lone surrogates, which no text column takes.

    Encrypted where the engine has a ``Cipher`` with keys.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """To bytes, losing nothing."""
        return None if value is None else Cipher.of(dialect).encrypt(value.encode("utf-8", "surrogatepass"))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """From bytes."""
        return None if value is None else Cipher.of(dialect).decrypt(value).decode("utf-8", "surrogatepass")


class DraftJson(TypeDecorator[Any]):
    """JSON that may quote a draft, as bytes for the same reason, encrypted likewise."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> bytes | None:
        """To bytes, losing nothing."""
        if value is None:
            return None
        return Cipher.of(dialect).encrypt(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any | None:
        """From bytes."""
        return None if value is None else json.loads(Cipher.of(dialect).decrypt(value).decode("utf-8", "surrogatepass"))


inbox = Table(
    "inbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("surface", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("sequence", Double, nullable=False),
    Column("payload", DraftJson),  # erased when the item is finished
    Column("received_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("tried_since", Instant),
    Column("lease_token", Text),
    Column("lease_until", Instant),
    Column("reason", Text),
    Column("receipt", Text),
    Column("finished_at", Instant),
    Index("ix_inbox_state_place_sequence", "state", "place", "sequence"),
    Index("ix_inbox_state_id", "state", "id"),
    sqlite_autoincrement=True,  # ids tell which came first, so none is used again
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("surface", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False, index=True),
    Column("secret", LargeBinary),  # keys the digests of words that are not kept; erased with the texts
    UniqueConstraint("surface", "team", "channel", "thread"),
    Index("ix_drafts_surface_team_state", "surface", "team", "state"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False),
    Column("revision", Text, nullable=False),
    Column("sequence", Double, nullable=False),
    Column("author", Text, nullable=False),
    Column("guideline", Text, nullable=False),
    Column("text", DraftText, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("unreadable", Text),
    Column("receipt", Text),
    Column("folded_at", Instant),
    Column("withheld_at", Instant),  # what was written is kept no more, or not as it was written
    Column("digest", Text),  # what stands for the text then (``withholding``)
    Column("erased_at", Instant),  # nothing of it is kept but figures
    Column("attached", JSON(none_as_null=True)),  # names of files by kind; NULL: none
    UniqueConstraint("draft_id", "revision"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Key, primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, unique=True),
    Column("verdict", Text, nullable=False),
    Column("guideline_version", Text, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("dictionary_version", Text, nullable=False),
    Column("findings", DraftJson, nullable=False),
    Column("reviewed_at", Instant, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Key, primary_key=True),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False, index=True),
    Column("version_id", ForeignKey("versions.id")),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", JSON, nullable=False),
    # The hash chain (``chain``). Salts are erased with what they seal.
    Column("number", Key, nullable=False, unique=True),
    Column("actor_salt", LargeBinary),
    Column("actor_seal", Text, nullable=False),
    Column("content_salt", LargeBinary),
    Column("content_seal", Text),
    Column("hash", Text, nullable=False),
)

chain = Table(
    "chain",  # one row: the newest event's number and hash, and the lock of whoever adds the next
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("number", Key, nullable=False),
    Column("hash", Text, nullable=False),
)

tallies = Table(
    "tallies",  # what a review found, counted without a word of the draft: figures outlive the texts
    metadata,
    Column("id", Key, primary_key=True),
    Column("review_id", ForeignKey("reviews.id"), nullable=False, index=True),
    Column("rule", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("clauses", Text, nullable=False),  # labels with a space between: PostgreSQL cannot group by JSON
    Column("count", Integer, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False, index=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("comment", DraftText, nullable=False),
)

disputes = Table(
    "disputes",
    metadata,
    Column("id", Key, primary_key=True),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False, index=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("position", Integer, nullable=False),  # of the finding in the stored review
    Column("rule", Text, nullable=False),
    Column("finding", DraftJson, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", DraftText, nullable=False),
    Column("ruling", Text),
    Column("ruled_by", Text),
    Column("ruled_at", Instant),
    Column("note", DraftText),
)
Index(
    "uq_disputes_open",  # nobody disputes a finding twice at once
    disputes.c.version_id,
    disputes.c.position,
    disputes.c.actor,
    unique=True,
    sqlite_where=disputes.c.ruling.is_(None),
    postgresql_where=disputes.c.ruling.is_(None),
)

allowances = Table(
    "allowances",
    metadata,
    Column("id", Key, primary_key=True),
    Column("surface", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False, index=True),  # where it came from
    Column("for_town", Boolean, nullable=False),
    Column("rule", Text, nullable=False),
    Column("phrase", DraftText, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", DraftText, nullable=False),
    Column("revoked_by", Text),
    Column("revoked_at", Instant),
    Index("ix_allowances_surface_team", "surface", "team"),
)

channels = Table(
    "channels",
    metadata,
    Column("surface", Text, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("guideline", Text, nullable=False),
    Column("supervisors", JSON(none_as_null=True)),  # NULL: those of the environment
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("surface", Text, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("seen", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

keyring = Table(
    "keyring",  # one row where texts are encrypted: what only the right key can read
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("proof", LargeBinary, nullable=False),
)
