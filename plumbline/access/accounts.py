"""What an e-mail address, a slug, a name and a password may be."""

from __future__ import annotations

import re

from plumbline.access.credentials import PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN
from plumbline.access.errors import InvalidAccount

NAME_LENGTH_MAX = 100
EMAIL_LENGTH_MAX = 254
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")


def checked_email(text: str) -> str:
    """Lower case, without blanks around it. Whether it can be reached only a mail to it can tell, so little is asked here."""
    email = text.strip().lower()
    if len(email) > EMAIL_LENGTH_MAX or not _EMAIL.fullmatch(email):
        raise InvalidAccount(f"{text[:80]!r} is not an e-mail address.", path=("email",), expected="name@host")
    return email


def checked_name(text: str, what: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= NAME_LENGTH_MAX:
        raise InvalidAccount(
            f"The {what} has {len(name)} characters.", path=("name",), expected=f"1 to {NAME_LENGTH_MAX} characters"
        )
    if any(character < " " or character == "\x7f" for character in name):
        raise InvalidAccount(f"The {what} holds control characters.", path=("name",), expected="printable text")
    return name


def checked_password(text: str) -> str:
    if not PASSWORD_LENGTH_MIN <= len(text) <= PASSWORD_LENGTH_MAX:
        raise InvalidAccount(
            f"The password has {len(text)} characters.",
            path=("password",),
            expected=f"{PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters",
            hint="Length protects better than symbols: a sentence is fine.",
        )
    return text


def slug_of(name: str) -> str:
    """`Acme Robotics` becomes `acme-robotics`."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50].strip("-")
    if not _SLUG.fullmatch(slug):
        raise InvalidAccount(
            f"No address can be made of the name {name[:80]!r}.",
            path=("name",),
            expected="at least one letter a to z or digit",
        )
    return slug
