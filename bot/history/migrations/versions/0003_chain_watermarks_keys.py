"""The hash chain over the events, watermarks of channels, what erasing and encryption need, and repeated disputes."""

import secrets
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from bot.history.chain import GENESIS, SALT_BYTES, hash_of, seal

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)

BATCH = 500
"""Events that are chained at a time."""

OPEN = sa.text("ruling IS NULL")
ONE_DISPUTE = "uq_disputes_version_id_position_actor"
ONE_OPEN_DISPUTE = "uq_disputes_open"


def upgrade() -> None:
    """Add them, and chain the events that there are."""
    _create_watermarks()
    _create_keyring()
    _let_disputes_be_repeated()
    op.add_column("drafts", sa.Column("secret", sa.LargeBinary))
    op.add_column("versions", sa.Column("withheld_at", INSTANT))
    op.add_column("versions", sa.Column("erased_at", INSTANT))
    _chain_events()


def downgrade() -> None:
    """Drop them. Of disputes that were repeated, those with a ruling go; what was erased stays erased."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM keyring")).first():
        raise RuntimeError("texts are encrypted, which the older program cannot read")
    with op.batch_alter_table("events") as events:
        events.drop_constraint("uq_events_number", type_="unique")
        for column in ("hash", "content_seal", "content_salt", "actor_seal", "actor_salt", "number"):
            events.drop_column(column)
    op.drop_table("chain")
    op.drop_column("versions", "erased_at")
    op.drop_column("versions", "withheld_at")
    op.drop_column("drafts", "secret")
    _let_disputes_be_unique()
    op.drop_table("keyring")
    op.drop_table("watermarks")


def _create_watermarks() -> None:
    op.create_table(
        "watermarks",
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("surface", "team", "channel", name="pk_watermarks"),
    )


def _create_keyring() -> None:
    op.create_table(
        "keyring",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_keyring"),
    )


def _let_disputes_be_repeated() -> None:
    with op.batch_alter_table("disputes") as disputes:
        disputes.drop_constraint(ONE_DISPUTE, type_="unique")
    columns = ["version_id", "position", "actor"]
    op.create_index(ONE_OPEN_DISPUTE, "disputes", columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def _let_disputes_be_unique() -> None:
    op.drop_index(ONE_OPEN_DISPUTE, "disputes")
    op.execute(
        "DELETE FROM disputes WHERE EXISTS (SELECT 1 FROM disputes later WHERE later.version_id = disputes.version_id"
        " AND later.position = disputes.position AND later.actor = disputes.actor AND later.id > disputes.id)"
    )
    with op.batch_alter_table("disputes") as disputes:
        disputes.create_unique_constraint(ONE_DISPUTE, ["version_id", "position", "actor"])


def _chain_events() -> None:
    chain = op.create_table(
        "chain",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chain"),
    )
    op.add_column("events", sa.Column("number", KEY))
    op.add_column("events", sa.Column("actor_salt", sa.LargeBinary))
    op.add_column("events", sa.Column("actor_seal", sa.Text))
    op.add_column("events", sa.Column("content_salt", sa.LargeBinary))
    op.add_column("events", sa.Column("content_seal", sa.Text))
    op.add_column("events", sa.Column("hash", sa.Text))
    number, head = _chain_all(op.get_bind())
    op.bulk_insert(chain, [{"id": 1, "number": number, "hash": head}])
    with op.batch_alter_table("events") as events:
        for name, kind in (("number", KEY), ("actor_seal", sa.Text()), ("hash", sa.Text())):
            events.alter_column(name, existing_type=kind, nullable=False)
        events.create_unique_constraint("uq_events_number", ["number"])


def _chain_all(connection: sa.Connection) -> tuple[int, str]:
    """Chain all events in the order of their ids, and return number and hash of the last."""
    events = sa.table(
        "events",
        *(sa.column(name, KEY) for name in ("id", "draft_id", "version_id", "number")),
        *(sa.column(name, sa.Text) for name in ("kind", "actor", "actor_seal", "hash")),
        sa.column("at", INSTANT),
        sa.column("data", sa.JSON),
        sa.column("actor_salt", sa.LargeBinary),
    )
    number, last, head = 0, 0, GENESIS
    while batch := connection.execute(
        sa.select(events).where(events.c.id > last).order_by(events.c.id).limit(BATCH)
    ).all():
        for row in batch:
            number, last, salt = number + 1, row.id, secrets.token_bytes(SALT_BYTES)
            at = row.at.replace(tzinfo=UTC) if row.at.tzinfo is None else row.at
            sealed = seal(salt, row.actor)
            head = hash_of(
                head,
                number=number,
                draft_id=row.draft_id,
                version_id=row.version_id,
                kind=row.kind,
                at=at,
                actor_seal=sealed,
                content_seal=None,
                data=row.data,
            )
            connection.execute(
                sa.update(events)
                .where(events.c.id == row.id)
                .values(number=number, actor_salt=salt, actor_seal=sealed, hash=head)
            )
    return number, head
