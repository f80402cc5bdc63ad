"""Identifiers: random UUIDs in their 36-character form, the same text in the database, in the code and on the wire."""

from __future__ import annotations

import os
from collections.abc import Callable

IdSource = Callable[[], str]


def random_id() -> str:
    """A version 4 UUID (122 random bits, RFC 9562). Written out because `uuid.uuid4` costs four times as much in bulk."""
    text = os.urandom(16).hex()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def is_id(text: str) -> bool:
    """Whether the text has the form of a UUID. Asked before a look-up, so that any other text is simply unknown."""
    if len(text) != 36 or text[8] != "-" or text[13] != "-" or text[18] != "-" or text[23] != "-":
        return False
    return all(character in "0123456789abcdef-" for character in text)
