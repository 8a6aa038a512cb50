"""What came with a version and only people can look at."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add it. Nobody knows any more what came with the versions that there are."""
    op.add_column("versions", sa.Column("attached", sa.JSON))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("versions", "attached")
