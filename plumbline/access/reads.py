"""Questions about access. Whatever belongs to another library is not found."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access import store
from plumbline.access.errors import MemberMissing
from plumbline.access.model import ApiKey, KeyHolder, Library, Member, Organization, User
from plumbline.access.permissions import HELD_BY, Permission, read
from plumbline.kit.actor import Actor, Role
from plumbline.kit.ids import is_id
from plumbline.storage.engine import Database
from plumbline.storage.unit_of_work import LibraryMissing, Scope


@read(needs=Permission.LIBRARY_READ)
def current_library(scope: Scope) -> Library:
    """The library that the key or session is bound to."""
    library = store.library_by_id(scope.connection, scope.library_id)
    if library is None:
        raise LibraryMissing("There is no such library.")
    return library


def current_organization(scope: Scope) -> Organization:
    """The organization that the library belongs to."""
    organization = store.organization_by_id(scope.connection, current_library(scope).organization_id)
    assert organization is not None, "a library belongs to an organization"
    return organization


@read(needs=Permission.LIBRARY_READ)
def organizations_of_caller(scope: Scope) -> list[Organization]:
    """The organizations in which the caller is a member of some library."""
    return store.organizations_of_user(scope.connection, scope.actor.user_id)


@read(needs=Permission.LIBRARY_READ)
def libraries_of_organizations(scope: Scope, organization_ids: Sequence[str]) -> dict[str, list[Library]]:
    """The caller's libraries by organization id."""
    found: dict[str, list[Library]] = {organization_id: [] for organization_id in organization_ids}
    for library in store.libraries_of_user(scope.connection, scope.actor.user_id, list(found)):
        found[library.organization_id].append(library)
    return found


@read(needs=Permission.LIBRARY_READ)
def caller(scope: Scope) -> Member:
    """The user behind the request, with the role in this library."""
    return member(scope, scope.actor.user_id)


@read(needs=Permission.LIBRARY_READ)
def members(scope: Scope) -> list[Member]:
    """Everybody in the library, by e-mail address."""
    return store.members_of_library(scope.connection, scope.library_id)


@read(needs=Permission.LIBRARY_READ)
def member(scope: Scope, user_id: str) -> Member:
    """One member of the library."""
    found = store.members_of_library(scope.connection, scope.library_id, user_id) if is_id(user_id) else []
    if not found:
        raise MemberMissing(f"No member of this library has the id {user_id[:50]!r}.", path=("userId",))
    return found[0]


@read(needs=Permission.LIBRARY_READ)
def users_by_ids(scope: Scope, user_ids: Sequence[str]) -> dict[str, User]:
    """The people behind `created by` and `updated by`, members or not any more."""
    return {user.id: user for user in store.users_by_ids(scope.connection, scope.library_id, list(set(user_ids)))}


@read(needs=Permission.API_KEYS_OWN)
def api_keys(scope: Scope) -> list[ApiKey]:
    """The caller's keys in this library; all keys for whoever manages keys."""
    manages = Permission.API_KEYS_MANAGE in HELD_BY[scope.actor.role]
    return store.keys_of_library(scope.connection, scope.library_id, user_id=None if manages else scope.actor.user_id)


def key_holder(database: Database, digest: str) -> KeyHolder | None:
    """What the key of that digest opens, whether or not it has ended. It is asked at the entrance, before there is an actor."""
    with database.reading() as connection:
        return store.key_holder(connection, digest)


def actor_of(database: Database, library_id: str, user_id: str, surface: str) -> Actor | None:
    """The member at work where no key came along: a signed address, or a job that somebody asked for. None if he is no member any more."""
    with database.reading() as connection:
        return store.actor_of(connection, library_id, user_id, surface)


def library_addresses(database: Database) -> list[tuple[Organization, Library]]:
    """Every library of the server with its organization, for the operator's shell."""
    with database.reading() as connection:
        libraries = store.libraries_by_slug(connection, None, None)
        owners = {
            each.organization_id: store.organization_by_id(connection, each.organization_id) for each in libraries
        }
    return [(owner, each) for each in libraries if (owner := owners[each.organization_id]) is not None]


def first_administrator(database: Database, library: Library, surface: str) -> Actor:
    """Whoever has access to the data folder acts as the library's first Administrator; there always is one."""
    with database.reading() as connection:
        administrators = [
            each for each in store.members_of_library(connection, library.id) if each.role == Role.ADMINISTRATOR
        ]
    user = min(administrators, key=lambda each: each.user.created_at).user
    return Actor(user.id, library.organization_id, library.id, Role.ADMINISTRATOR, None, surface)
