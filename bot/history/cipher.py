"""Encryption at rest of whatever may hold draft text. A stolen file still tells when, who and where.

``cryptography``'s Fernet: AES-128-CBC with HMAC-SHA256, a random vector each. What is encrypted begins with a byte that
no UTF-8 text holds, so rows from before encryption was switched on stay readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect
from sqlalchemy.exc import SQLAlchemyError

_MARK: Final = b"\xff"
_PROOF: Final = b"sns-check"


class CannotDecryptError(SQLAlchemyError):
    """No key that is configured reads what is stored.

    While keys are being changed a process beside this one may have the key, so that this is an error of the database
    like others: who tries again may succeed.
    """


class Cipher:
    """Several keys: the first one encrypts, all of them decrypt. Without any, texts are stored as they are.

    ``keys`` are Fernet's: 32 random bytes in URL-safe Base64. ``ValueError`` for anything else. With ``only_decrypt``
    texts are stored as they are although there are keys: encryption is being switched off.
    """

    def __init__(self, keys: Sequence[str] = (), *, only_decrypt: bool = False) -> None:
        self._first = Fernet(keys[0]) if keys and not only_decrypt else None
        self._all = MultiFernet([Fernet(key) for key in keys]) if keys else None

    @staticmethod
    def new_key() -> str:
        """Return a random key."""
        return Fernet.generate_key().decode("ascii")

    @property
    def encrypts(self) -> bool:
        """Whether what is written from now on is encrypted."""
        return self._first is not None

    def encrypt(self, plain: bytes) -> bytes:
        """Return what to store."""
        return plain if self._first is None else _MARK + self._first.encrypt(plain)

    def decrypt(self, stored: bytes) -> bytes:
        """Return what was to be stored. Raises ``CannotDecryptError``."""
        if not stored.startswith(_MARK):
            return stored
        if self._all is None:
            raise CannotDecryptError
        try:
            return self._all.decrypt(stored.removeprefix(_MARK))
        except InvalidToken:
            raise CannotDecryptError from None

    def renewed(self, stored: bytes) -> bytes:
        """Return what to store in place of something stored: the same if the first key has written it already."""
        if self._is_current(stored):
            return stored
        return self.encrypt(self.decrypt(stored))

    def proof(self) -> bytes:
        """Return something to store by which its keys can be recognised."""
        return self.encrypt(_PROOF)

    def _is_current(self, stored: bytes) -> bool:
        if self._first is None:
            return not stored.startswith(_MARK)
        try:
            self._first.decrypt(stored.removeprefix(_MARK))
        except InvalidToken:
            return False
        return stored.startswith(_MARK)

    def serve(self, dialect: Dialect) -> Self:
        """Have the texts of the engine with this dialect, which is the engine's own, go through this cipher."""
        _SERVING[dialect] = self
        return self

    @staticmethod
    def of(dialect: Dialect) -> Cipher:
        """Return the cipher that serves an engine."""
        return _SERVING.get(dialect, _PLAIN)


_PLAIN: Final = Cipher()
_SERVING: Final[WeakKeyDictionary[Dialect, Cipher]] = WeakKeyDictionary()
