"""Passwords and API keys: how they are made, kept and compared.

A password is something a person can guess at, so it is kept as argon2id with the parameters of its library. A key is 256 random bits, which
nobody guesses, so its SHA-256 is enough and costs two microseconds per request.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from plumbline.kit.late import LateModule

if TYPE_CHECKING:
    import argon2
else:
    argon2 = LateModule("argon2")

PASSWORD_LENGTH_MIN = 12
PASSWORD_LENGTH_MAX = 200
PREFIX_LENGTH = 8
SECRET_BYTES = 32


@cache
def _hasher() -> argon2.PasswordHasher:
    return argon2.PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    return _hasher().hash("nobody has this password")


class KeyText(NamedTuple):
    """A new key: `text` goes to the caller once; `prefix` and `digest` are kept."""

    text: str
    prefix: str
    digest: str


def new_key_text(random_bytes: bytes) -> KeyText:
    """`plk_<8 characters to recognise it by>_<the rest>` from 6 + 32 random bytes."""
    prefix = base64.urlsafe_b64encode(random_bytes[:6]).decode()[:PREFIX_LENGTH].replace("-", "x").replace("_", "y")
    secret = base64.urlsafe_b64encode(random_bytes[6 : 6 + SECRET_BYTES]).decode().rstrip("=")
    text = f"plk_{prefix}_{secret}"
    return KeyText(text, prefix, key_digest(text))


def key_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def password_matches(stored_hash: str | None, password: str) -> bool:
    """Takes as long for an unknown user (None) as for a known one."""
    try:
        return _hasher().verify(stored_hash or _hash_of_nobody(), password) and stored_hash is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
