"""The oldest open item is found without a look at the others: a long inbox is worked off as fast as a short one."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_inbox_state_id", "inbox", ["state", "id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_inbox_state_id", "inbox")
