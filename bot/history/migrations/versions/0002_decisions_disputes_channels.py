"""Decisions, disputes, allowances, settings of channels, and the figures that outlive the texts."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)

BATCH = 500
"""Reviews that are counted at a time."""


def upgrade() -> None:
    """Add the tables, wait for decisions on what was open, and count what the stored reviews found."""
    _create_tallies()
    _create_decisions()
    _create_disputes()
    _create_allowances()
    _create_channels()
    op.add_column("versions", sa.Column("folded_at", INSTANT))
    op.create_index("ix_drafts_surface_team_state", "drafts", ["surface", "team", "state"])
    op.execute("UPDATE drafts SET state = 'waiting' WHERE state = 'open'")
    _count_findings(op.get_bind())


def downgrade() -> None:
    """Drop them; a draft that was decided on is open again."""
    op.execute("UPDATE drafts SET state = 'open' WHERE state <> 'withdrawn'")
    op.drop_index("ix_drafts_surface_team_state", "drafts")
    op.drop_column("versions", "folded_at")
    for table in ("channels", "allowances", "disputes", "decisions", "tallies"):
        op.drop_table(table)


def _create_tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("clauses", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tallies"),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_tallies_review_id"),
    )
    op.create_index("ix_tallies_review_id", "tallies", ["review_id"])


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("version_id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("comment", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_decisions_draft_id"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_decisions_version_id"),
    )
    op.create_index("ix_decisions_draft_id", "decisions", ["draft_id"])


def _create_disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("version_id", KEY, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("finding", sa.LargeBinary, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("ruling", sa.Text),
        sa.Column("ruled_by", sa.Text),
        sa.Column("ruled_at", INSTANT),
        sa.Column("note", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_disputes"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_disputes_draft_id"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_disputes_version_id"),
        sa.UniqueConstraint("version_id", "position", "actor", name="uq_disputes_version_id_position_actor"),
    )
    op.create_index("ix_disputes_draft_id", "disputes", ["draft_id"])


def _create_allowances() -> None:
    op.create_table(
        "allowances",
        sa.Column("id", KEY, nullable=False),
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("for_town", sa.Boolean, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("phrase", sa.LargeBinary, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoked_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_allowances"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_allowances_draft_id"),
    )
    op.create_index("ix_allowances_draft_id", "allowances", ["draft_id"])
    op.create_index("ix_allowances_surface_team", "allowances", ["surface", "team"])


def _create_channels() -> None:
    op.create_table(
        "channels",
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("guideline", sa.Text, nullable=False),
        sa.Column("supervisors", sa.JSON),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("surface", "team", "channel", name="pk_channels"),
    )


def _count_findings(connection: sa.Connection) -> None:
    reviews = sa.table("reviews", sa.column("id", KEY), sa.column("findings", sa.LargeBinary))
    columns = ("review_id", "rule", "topic", "level", "clauses", "count")
    tallies = sa.table("tallies", *(sa.column(name) for name in columns))
    last = 0
    while batch := connection.execute(
        sa.select(reviews).where(reviews.c.id > last).order_by(reviews.c.id).limit(BATCH)
    ).all():
        rows = [row for review in batch for row in _tallies(review.id, review.findings)]
        if rows:
            connection.execute(tallies.insert(), rows)
        last = batch[-1].id


def _tallies(review_id: int, findings: bytes) -> Iterator[dict[str, Any]]:
    counts = Counter(
        (finding["rule"], finding["topic"], finding["level"], " ".join(finding["clauses"]))
        for finding in json.loads(findings.decode("utf-8", "surrogatepass"))
    )
    for (rule, topic, level, clauses), count in counts.items():
        yield {
            "review_id": review_id,
            "rule": rule,
            "topic": topic,
            "level": level,
            "clauses": clauses,
            "count": count,
        }
