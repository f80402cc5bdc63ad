"""Verbs of access. Nobody can hand out more than he has, and a library never loses its last Administrator."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from plumbline.access import store
from plumbline.access.accounts import checked_email, checked_name, checked_password, slug_of
from plumbline.access.credentials import PREFIX_LENGTH, SECRET_BYTES, hash_password, new_key_text
from plumbline.access.errors import (
    AlreadyTaken,
    ApiKeyMissing,
    InvalidExpiry,
    InvalidSurface,
    LastAdministrator,
    RoleTooHigh,
)
from plumbline.access.events import (
    ApiKeyCreated,
    ApiKeyRevoked,
    LibraryRenamed,
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
)
from plumbline.access.model import ApiKey, IssuedKey, Library, Member, NewMember, Organization, User
from plumbline.access.permissions import HELD_BY, Permission, action
from plumbline.access.reads import current_library, member
from plumbline.kit.actor import Role
from plumbline.kit.clock import Clock, to_iso
from plumbline.kit.ids import IdSource, is_id
from plumbline.storage.engine import Database
from plumbline.storage.unit_of_work import (
    LineOfChanges,
    UnitOfWork,
    open_line_of_changes,
    take_up_line_of_changes,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

KEY_LIFE_DAYS_DEFAULT = 365
KEY_LIFE_DAYS_MAX = 3650
KEY_SURFACE_DEFAULT = "hub"
KEY_SURFACES = (KEY_SURFACE_DEFAULT, "mfg", "kicad")
"""A key opens one of them: one that lies in a file beside a circuit board cannot change the library."""
_RANK = {role: rank for rank, role in enumerate(Role)}


@action(needs=Permission.API_KEYS_OWN)
def create_api_key(
    work: UnitOfWork, name: str, *, life_days: int = KEY_LIFE_DAYS_DEFAULT, surface: str = KEY_SURFACE_DEFAULT
) -> IssuedKey:
    """A key for the caller in this library. The answer is the only place where the whole key is ever shown."""
    if surface not in KEY_SURFACES:
        raise InvalidSurface(
            f"There is no surface {surface[:40]!r}.", path=("surface",), expected=f"one of {', '.join(KEY_SURFACES)}"
        )
    if not 1 <= life_days <= KEY_LIFE_DAYS_MAX:
        raise InvalidExpiry(
            f"A key cannot live for {life_days} days.", path=("lifeDays",), expected=f"1 to {KEY_LIFE_DAYS_MAX}"
        )
    text = new_key_text(os.urandom(PREFIX_LENGTH + SECRET_BYTES))
    now = work.clock()
    key = ApiKey(
        id=work.new_id(),
        library_id=work.library_id,
        user_id=work.actor.user_id,
        name=checked_name(name, "name of the key"),
        surface=surface,
        prefix=text.prefix,
        created_at=to_iso(now),
        expires_at=to_iso(now + timedelta(days=life_days)),
        last_used_at=None,
        revoked_at=None,
    )
    store.insert_api_key(work.connection, key, text.digest)
    work.emit(ApiKeyCreated(key.id, key.user_id, key.prefix))
    return IssuedKey(key, text.text)


@action(needs=Permission.API_KEYS_OWN)
def revoke_api_key(work: UnitOfWork, key_id: str) -> ApiKey:
    """Ends one's own key, or, for whoever manages keys, anybody's in the library. Ending it twice is as good as once."""
    manages = Permission.API_KEYS_MANAGE in HELD_BY[work.actor.role]
    user_id = None if manages else work.actor.user_id
    known = is_id(key_id)
    found = store.keys_of_library(work.connection, work.library_id, user_id=user_id, key_id=key_id) if known else []
    if not found:
        raise ApiKeyMissing(f"There is no API key with the id {key_id[:50]!r}.", path=("id",))
    key = found[0]
    if key.revoked_at is None:
        moment = to_iso(work.clock())
        store.revoke_keys(work.connection, [key.id], moment)
        work.emit(ApiKeyRevoked(key.id, key.user_id))
        key = key._replace(revoked_at=moment)
    return key


@action(needs=Permission.MEMBERS_MANAGE)
def add_member(work: UnitOfWork, new: NewMember) -> Member:
    """Makes a user a member of this library; an unknown e-mail address becomes a new user."""
    _refuse_role_above_own(work, new.role)
    email = checked_email(new.email)
    known = store.user_with_password(work.connection, email)
    if known is None:
        user = User(work.new_id(), email, checked_name(new.name, "name of the user"), to_iso(work.clock()))
        password_hash = None if new.password is None else hash_password(checked_password(new.password))
        user = store.insert_user(work.connection, user, password_hash)
    else:
        user = known[0]
        if store.members_of_library(work.connection, work.library_id, user.id):
            raise AlreadyTaken(f"{email} is a member of this library already.", path=("email",))
    store.insert_member(work.connection, work.library_id, user.id, new.role)
    work.emit(MemberAdded(user.id, new.role))
    return Member(user, work.library_id, new.role)


@action(needs=Permission.MEMBERS_MANAGE)
def change_role(work: UnitOfWork, user_id: str, role: Role) -> Member:
    """Gives a member another role, from the next request on."""
    current = member(work, user_id)
    _refuse_role_above_own(work, role)
    if current.role == role:
        return current
    _refuse_losing_last_administrator(work, current)
    store.update_role(work.connection, work.library_id, user_id, role)
    work.emit(MemberRoleChanged(user_id, role, current.role))
    return current._replace(role=role)


@action(needs=Permission.MEMBERS_MANAGE)
def remove_member(work: UnitOfWork, user_id: str) -> Member:
    """Takes a member out of the library; the keys that he holds in it end with it."""
    current = member(work, user_id)
    _refuse_losing_last_administrator(work, current)
    keys = [key.id for key in store.keys_of_library(work.connection, work.library_id, user_id=user_id)]
    store.revoke_keys(work.connection, keys, to_iso(work.clock()))
    store.delete_member(work.connection, work.library_id, user_id)
    work.emit(MemberRemoved(user_id))
    return current


@action(needs=Permission.LIBRARY_EDIT)
def rename_library(work: UnitOfWork, name: str) -> Library:
    """Changes the name on screen; the slug in addresses stays."""
    library = current_library(work)._replace(name=checked_name(name, "name of the library"))
    store.update_library_name(work.connection, library.id, library.name)
    work.emit(LibraryRenamed(library.id, library.name))
    return library


def _refuse_role_above_own(work: UnitOfWork, role: Role) -> None:
    if _RANK[role] > _RANK[work.actor.role]:
        raise RoleTooHigh(f"Not authorized: the role {role} is above your own, {work.actor.role}.", path=("role",))


def _refuse_losing_last_administrator(work: UnitOfWork, current: Member) -> None:
    if current.role == Role.ADMINISTRATOR and store.member_count(work.connection, work.library_id, current.role) == 1:
        raise LastAdministrator(
            f"{current.user.email} is the last Administrator of this library.",
            hint="Make somebody else Administrator first.",
        )


def found(
    database: Database, clock: Clock, new_id: IdSource, organization: str, library: str, administrator: NewMember
) -> tuple[Organization, Library, User]:
    """A library with its Administrator, in a new organization or in one of that name. Before there is a library there is nobody who could
    be asked for a permission, so this is no action: only the operator's shell and tests call it."""
    moment = clock()
    with database.writing() as connection:
        owner = store.organization_by_slug(connection, slug_of(organization))
        if owner is None:
            owner = Organization(
                new_id(), slug_of(organization), checked_name(organization, "organization"), to_iso(moment)
            )
            store.insert_organization(connection, owner)
        if store.libraries_by_slug(connection, owner.slug, slug_of(library)):
            raise AlreadyTaken(
                f"The organization {owner.slug} has a library {slug_of(library)} already.", path=("library",)
            )
        home = Library(new_id(), owner.id, slug_of(library), checked_name(library, "library"), to_iso(moment))
        open_line_of_changes(connection, home.id, moment)
        store.insert_library(connection, home)
        email = checked_email(administrator.email)
        known = store.user_with_password(connection, email)
        user = known[0] if known else User(new_id(), email, checked_name(administrator.name, "user"), to_iso(moment))
        if known is None:
            password = administrator.password
            password_hash = None if password is None else hash_password(checked_password(password))
            user = store.insert_user(connection, user, password_hash)
        store.insert_member(connection, home.id, user.id, Role.ADMINISTRATOR)
    return owner, home, user


def settle_library(
    connection: Connection, organization: Organization, library: Library, line: LineOfChanges
) -> tuple[Organization, Library]:
    """A library that comes from elsewhere with its history, in an organization that is here already, by id or by slug, or comes along."""
    owner = store.organization_by_id(connection, organization.id) or store.organization_by_slug(
        connection, organization.slug
    )
    if store.library_by_id(connection, library.id) is not None:
        raise AlreadyTaken(
            f"The server has the library {library.name} already; it was not touched.",
            path=("library",),
            expected="a server that does not have it, such as a new data folder",
        )
    if owner is None:
        owner = organization
        store.insert_organization(connection, owner)
    if store.libraries_by_slug(connection, owner.slug, library.slug):
        raise AlreadyTaken(
            f"The server has another library @{owner.slug}/{library.slug}.",
            path=("library",),
            hint="Give the one that comes another name: --library NAME",
        )
    take_up_line_of_changes(connection, library.id, line)
    settled = library._replace(organization_id=owner.id)
    store.insert_library(connection, settled)
    return owner, settled


def settle_users(connection: Connection, new_id: IdSource, users: Sequence[User]) -> dict[str, str]:
    """Ids of users here, by their ids where they come from. The e-mail address tells who is known; others become users that cannot sign
    in: they have no password until somebody gives them one."""
    known = store.users_by_emails(connection, [user.email for user in users])
    taken = store.user_ids_taken(connection, [user.id for user in users])
    settled = {user.id: known[user.email].id for user in users if user.email in known}
    for user in users:
        if user.id not in settled:
            newcomer = user._replace(id=new_id()) if user.id in taken else user
            settled[user.id] = store.insert_user(connection, newcomer, None).id
    return settled


def require_administrator(connection: Connection, library_id: str) -> None:
    """Raises LastAdministrator for a library that nobody could administer."""
    if store.member_count(connection, library_id, Role.ADMINISTRATOR) == 0:
        raise LastAdministrator("The library has no Administrator.", expected="one member of that role at least")


def record_key_use(database: Database, clock: Clock, key_id: str) -> None:
    """Keeps when the key was last used; no action, since it is not the caller's doing and leaves no change set."""
    with database.writing() as connection:
        store.record_key_use(connection, key_id, to_iso(clock()))
