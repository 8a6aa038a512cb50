"""The first tables: inbox, drafts, versions, reviews, events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "inbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("sequence", sa.Double, nullable=False),
        sa.Column("payload", sa.LargeBinary),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("tried_since", INSTANT),
        sa.Column("lease_token", sa.Text),
        sa.Column("lease_until", INSTANT),
        sa.Column("reason", sa.Text),
        sa.Column("receipt", sa.Text),
        sa.Column("finished_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("key", name="uq_inbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_state_place_sequence", "inbox", ["state", "place", "sequence"])
    op.create_table(
        "drafts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("surface", "team", "channel", "thread", name="uq_drafts_surface_team_channel_thread"),
    )
    op.create_index("ix_drafts_updated_at", "drafts", ["updated_at"])
    op.create_table(
        "versions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("sequence", sa.Double, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("guideline", sa.Text, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("unreadable", sa.Text),
        sa.Column("receipt", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_versions_draft_id"),
        sa.UniqueConstraint("draft_id", "revision", name="uq_versions_draft_id_revision"),
    )
    op.create_table(
        "reviews",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version_id", KEY, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("guideline_version", sa.Text, nullable=False),
        sa.Column("rules_version", sa.Text, nullable=False),
        sa.Column("dictionary_version", sa.Text, nullable=False),
        sa.Column("findings", sa.LargeBinary, nullable=False),
        sa.Column("reviewed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_reviews_version_id"),
        sa.UniqueConstraint("version_id", name="uq_reviews_version_id"),
    )
    op.create_table(
        "events",
        sa.Column("id", KEY, nullable=False),
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("version_id", KEY),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_events_draft_id"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_events_version_id"),
    )
    op.create_index("ix_events_draft_id", "events", ["draft_id"])


def downgrade() -> None:
    """Drop them, and everything in them."""
    for table in ("events", "reviews", "versions", "drafts", "inbox"):
        op.drop_table(table)
