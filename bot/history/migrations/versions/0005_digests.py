"""What stands for a text that is not kept, so that the same text is still recognised."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add it."""
    op.add_column("versions", sa.Column("digest", sa.Text))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("versions", "digest")
