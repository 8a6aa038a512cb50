"""Encrypting anew what is stored: when encryption is switched on or off, and when its key is changed."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, LargeBinary, Table, delete, select, type_coerce, update

from bot.history.cipher import Cipher
from bot.history.database import Database
from bot.history.tables import DraftJson, DraftText, keyring, metadata

BATCH: Final = 200
"""Rows that are rewritten in one transaction: others write in between."""


async def rekey(database: Database, target: Cipher) -> int:
    """Have everything written by the target's first key, or as it is if it has none; returns how many values were not.

    May be broken off and called again. Whoever uses the database meanwhile has to know the new key already. Raises
    ``CannotDecryptError`` if the target does not read something.
    """
    changed = 0
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, DraftText | DraftJson):
                changed += await _rewrite(database, table, column, target)
    async with database.writing() as connection:
        await connection.execute(delete(keyring))
        if target.encrypts:
            await connection.execute(keyring.insert().values(id=1, proof=target.proof()))
    await database.scrub(thoroughly=True)
    return changed


async def _rewrite(database: Database, table: Table, column: Column[Any], target: Cipher) -> int:
    changed, last = 0, 0
    raw = type_coerce(column, LargeBinary)
    while True:
        query = select(table.c.id, raw.label("stored")).where(table.c.id > last, column.is_not(None))
        async with database.writing() as connection:
            # Locked, so that nothing that is written meanwhile is overwritten.
            rows = (await connection.execute(query.order_by(table.c.id).limit(BATCH).with_for_update())).all()
            if not rows:
                return changed
            for row in rows:
                renewed = target.renewed(row.stored)
                if renewed != row.stored:
                    value = type_coerce(renewed, LargeBinary)
                    await connection.execute(update(table).where(table.c.id == row.id).values({column: value}))
                    changed += 1
            last = rows[-1].id
