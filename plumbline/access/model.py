"""The nouns of access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from plumbline.kit.actor import Role


class Organization(NamedTuple):
    """`slug` is what addresses and the `x-organization` header name, written `@slug`."""

    id: str
    slug: str
    name: str
    created_at: str


class Library(NamedTuple):
    id: str
    organization_id: str
    slug: str
    name: str
    created_at: str


class User(NamedTuple):
    id: str
    email: str
    name: str
    created_at: str


class Member(NamedTuple):
    """A user in a library."""

    user: User
    library_id: str
    role: Role


class ApiKey(NamedTuple):
    """A key as it may be shown: everything but its secret."""

    id: str
    library_id: str
    user_id: str
    name: str
    surface: str
    prefix: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


class KeyHolder(NamedTuple):
    """All that a request needs to know about the key it came with."""

    key: ApiKey
    organization: Organization
    library: Library
    role: Role


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """The one moment at which the whole key is known."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class NewMember:
    email: str
    name: str
    role: Role
    password: str | None = None
