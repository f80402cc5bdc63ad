"""The tables of access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, Table, and_, exists, func, insert, or_, select, update
from sqlalchemy import delete as delete_from

from plumbline.access.model import ApiKey, KeyHolder, Library, Member, Organization, User
from plumbline.kit.actor import Actor, Role
from plumbline.storage.conflicts import insert_on_its_own
from plumbline.storage.schema import metadata, text_column
from plumbline.storage.unit_of_work import change_sets

organizations = Table(
    "organizations",
    metadata,
    text_column("id", primary_key=True),
    text_column("slug"),
    text_column("name"),
    text_column("created_at"),
    Index("uq_organizations_slug", "slug", unique=True),
)

libraries = Table(
    "libraries",
    metadata,
    text_column("id", ForeignKey("change_counters.library_id"), primary_key=True),
    text_column("organization_id", ForeignKey("organizations.id")),
    text_column("slug"),
    text_column("name"),
    text_column("created_at"),
    Index("uq_libraries_organization_id_slug", "organization_id", "slug", unique=True),
)

users = Table(
    "users",
    metadata,
    text_column("id", primary_key=True),
    text_column("email"),
    text_column("name"),
    text_column("password_hash", nullable=True),
    text_column("created_at"),
    Index("uq_users_email", "email", unique=True),
)

members = Table(
    "members",
    metadata,
    text_column("library_id", ForeignKey("libraries.id"), primary_key=True),
    text_column("user_id", ForeignKey("users.id"), primary_key=True),
    text_column("role"),
    Index("ix_members_user_id", "user_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("user_id", ForeignKey("users.id")),
    text_column("name"),
    text_column("surface"),
    text_column("prefix"),
    text_column("digest"),
    text_column("created_at"),
    text_column("expires_at", nullable=True),
    text_column("last_used_at", nullable=True),
    text_column("revoked_at", nullable=True),
    Index("uq_api_keys_digest", "digest", unique=True),
    Index("ix_api_keys_library_id_user_id", "library_id", "user_id"),
)

_ORGANIZATION = [organizations.c[name] for name in Organization._fields]
_LIBRARY = [libraries.c[name] for name in Library._fields]
_USER = [users.c[name] for name in User._fields]
_API_KEY = [api_keys.c[name] for name in ApiKey._fields]


def insert_organization(connection: Connection, organization: Organization) -> None:
    connection.execute(insert(organizations).values(organization._asdict()))


def insert_library(connection: Connection, library: Library) -> None:
    connection.execute(insert(libraries).values(library._asdict()))


def insert_user(connection: Connection, user: User, password_hash: str | None) -> User:
    """The user of that e-mail address: this one, or the one that somebody in another library made at the same moment."""
    query = insert_on_its_own(connection, users).values(**user._asdict(), password_hash=password_hash)
    connection.execute(query.on_conflict_do_nothing(index_elements=["email"]))
    return User._make(connection.execute(select(*_USER).where(users.c.email == user.email)).one())


def insert_member(connection: Connection, library_id: str, user_id: str, role: Role) -> None:
    connection.execute(insert(members).values(library_id=library_id, user_id=user_id, role=role))


def update_role(connection: Connection, library_id: str, user_id: str, role: Role) -> None:
    query = update(members).where(members.c.library_id == library_id, members.c.user_id == user_id)
    connection.execute(query.values(role=role))


def delete_member(connection: Connection, library_id: str, user_id: str) -> None:
    connection.execute(delete_from(members).where(members.c.library_id == library_id, members.c.user_id == user_id))


def update_library_name(connection: Connection, library_id: str, name: str) -> None:
    connection.execute(update(libraries).where(libraries.c.id == library_id).values(name=name))


def insert_api_key(connection: Connection, key: ApiKey, digest: str) -> None:
    connection.execute(insert(api_keys).values(**key._asdict(), digest=digest))


def revoke_keys(connection: Connection, key_ids: list[str], moment: str) -> None:
    query = update(api_keys).where(api_keys.c.id.in_(key_ids), api_keys.c.revoked_at.is_(None))
    connection.execute(query.values(revoked_at=moment))


def record_key_use(connection: Connection, key_id: str, moment: str) -> None:
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=moment))


def key_holder(connection: Connection, digest: str) -> KeyHolder | None:
    """The key with that digest and what it opens; None unless its user is still a member."""
    query = (
        select(*_API_KEY, *_ORGANIZATION, *_LIBRARY, members.c.role)
        .join(libraries, libraries.c.id == api_keys.c.library_id)
        .join(organizations, organizations.c.id == libraries.c.organization_id)
        .join(members, and_(members.c.library_id == api_keys.c.library_id, members.c.user_id == api_keys.c.user_id))
        .where(api_keys.c.digest == digest)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    values: tuple[Any, ...] = tuple(row)
    split, end = len(ApiKey._fields), len(ApiKey._fields) + len(Organization._fields)
    return KeyHolder(
        ApiKey._make(values[:split]),
        Organization._make(values[split:end]),
        Library._make(values[end:-1]),
        Role(values[-1]),
    )


def actor_of(connection: Connection, library_id: str, user_id: str, surface: str) -> Actor | None:
    query = (
        select(libraries.c.organization_id, members.c.role)
        .join(libraries, libraries.c.id == members.c.library_id)
        .where(members.c.library_id == library_id, members.c.user_id == user_id)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Actor(user_id, row[0], library_id, Role(row[1]), None, surface)


def user_with_password(connection: Connection, email: str) -> tuple[User, str | None] | None:
    row = connection.execute(select(*_USER, users.c.password_hash).where(users.c.email == email)).one_or_none()
    return None if row is None else (User._make(row[:-1]), row[-1])


def users_by_emails(connection: Connection, emails: Sequence[str]) -> dict[str, User]:
    rows = connection.execute(select(*_USER).where(users.c.email.in_(emails)))
    return {row.email: User._make(row) for row in rows}


def user_ids_taken(connection: Connection, user_ids: Sequence[str]) -> set[str]:
    return set(connection.execute(select(users.c.id).where(users.c.id.in_(user_ids))).scalars())


def organizations_of_user(connection: Connection, user_id: str) -> list[Organization]:
    query = (
        select(*_ORGANIZATION)
        .join(libraries, libraries.c.organization_id == organizations.c.id)
        .join(members, members.c.library_id == libraries.c.id)
        .where(members.c.user_id == user_id)
        .distinct()
        .order_by(organizations.c.slug)
    )
    return [Organization._make(row) for row in connection.execute(query)]


def libraries_of_user(connection: Connection, user_id: str, organization_ids: list[str]) -> list[Library]:
    query = (
        select(*_LIBRARY)
        .join(members, members.c.library_id == libraries.c.id)
        .where(members.c.user_id == user_id, libraries.c.organization_id.in_(organization_ids))
        .order_by(libraries.c.slug)
    )
    return [Library._make(row) for row in connection.execute(query)]


def library_by_id(connection: Connection, library_id: str) -> Library | None:
    row = connection.execute(select(*_LIBRARY).where(libraries.c.id == library_id)).one_or_none()
    return None if row is None else Library._make(row)


def libraries_by_slug(connection: Connection, organization_slug: str | None, library_slug: str | None) -> list[Library]:
    """Every library of the server that the slugs, as far as given, name."""
    query = select(*_LIBRARY).join(organizations, organizations.c.id == libraries.c.organization_id)
    if organization_slug is not None:
        query = query.where(organizations.c.slug == organization_slug)
    if library_slug is not None:
        query = query.where(libraries.c.slug == library_slug)
    return [Library._make(row) for row in connection.execute(query.order_by(organizations.c.slug, libraries.c.slug))]


def organization_by_slug(connection: Connection, slug: str) -> Organization | None:
    row = connection.execute(select(*_ORGANIZATION).where(organizations.c.slug == slug)).one_or_none()
    return None if row is None else Organization._make(row)


def organization_by_id(connection: Connection, organization_id: str) -> Organization | None:
    row = connection.execute(select(*_ORGANIZATION).where(organizations.c.id == organization_id)).one_or_none()
    return None if row is None else Organization._make(row)


def users_by_ids(connection: Connection, library_id: str, user_ids: list[str]) -> list[User]:
    """Those of the users who are members of the library, or were and have changed something in it."""
    named = select(*_USER).where(users.c.id.in_(user_ids))
    is_member = exists().where(members.c.library_id == library_id, members.c.user_id == users.c.id)
    found = [User._make(row) for row in connection.execute(named.where(is_member))]
    if len(found) == len(user_ids):
        return found
    # Asked apart, and only for those who are left: there is no index on who changed what.
    left_a_trace = exists().where(change_sets.c.library_id == library_id, change_sets.c.user_id == users.c.id)
    return found + [User._make(row) for row in connection.execute(named.where(~is_member, left_a_trace))]


def members_of_library(connection: Connection, library_id: str, user_id: str | None = None) -> list[Member]:
    query = select(*_USER, members.c.library_id, members.c.role).join(members, members.c.user_id == users.c.id)
    query = query.where(members.c.library_id == library_id).order_by(users.c.email)
    if user_id is not None:
        query = query.where(members.c.user_id == user_id)
    return [Member(User._make(row[:-2]), row[-2], Role(row[-1])) for row in connection.execute(query)]


def member_count(connection: Connection, library_id: str, role: Role) -> int:
    query = select(func.count()).where(members.c.library_id == library_id, members.c.role == role)
    return int(connection.execute(query).scalar_one())


def keys_of_library(
    connection: Connection, library_id: str, *, user_id: str | None, key_id: str | None = None
) -> list[ApiKey]:
    """Newest first; of one user, or of all."""
    query = select(*_API_KEY).where(api_keys.c.library_id == library_id)
    if user_id is not None:
        query = query.where(api_keys.c.user_id == user_id)
    if key_id is not None:
        query = query.where(api_keys.c.id == key_id)
    rows = connection.execute(query.order_by(api_keys.c.created_at.desc(), api_keys.c.id))
    return [ApiKey._make(row) for row in rows]


def keys_to_forget(connection: Connection, dead_before: str) -> list[str]:
    """Keys that were revoked or ran out before the moment."""
    ended = or_(api_keys.c.revoked_at < dead_before, api_keys.c.expires_at < dead_before)
    return list(connection.execute(select(api_keys.c.id).where(ended)).scalars())


def delete_keys(connection: Connection, key_ids: list[str]) -> None:
    connection.execute(delete_from(api_keys).where(api_keys.c.id.in_(key_ids)))
