"""Organizations, libraries, users and keys on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plumbline.access.model import ApiKey, Library, Member, Organization, User
from plumbline.access.reads import libraries_of_organizations, members, users_by_ids
from plumbline.api.graphql_kit.placement import placed
from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext

Node = dict[str, object]


def organization_nodes(context: HubContext, organizations: Sequence[Organization], selection: Selection) -> list[Node]:
    libraries = {}
    if selection.wants("libraries"):
        libraries = context.ask(libraries_of_organizations, [each.id for each in organizations])
    return [
        placed(
            selection,
            {"id": each.id, "slug": each.slug, "name": each.name, "createdAt": each.created_at},
            {"libraries": lambda _field, each=each: [library_node(library) for library in libraries[each.id]]},  # type: ignore[misc]  # bound early
        )
        for each in organizations
    ]


def library_node(library: Library) -> Node:
    return {"id": library.id, "slug": library.slug, "name": library.name, "createdAt": library.created_at}


def member_node(member: Member) -> Node:
    return {**_user_leaves(member.user), "role": member.role.name}


def user_nodes(
    context: HubContext, user_ids: Iterable[str], fields: Sequence[SelectedField], *, with_roles: bool = False
) -> dict[str, Node]:
    """By id: the people that the selected fields (`createdBy`, `savedBy` …) name; `with_roles` where nobody can say what is selected."""
    found = context.ask(users_by_ids, list(dict.fromkeys(user_ids)))
    roles: dict[str, str] = {}
    if with_roles or any(field.selection.wants("role") for field in fields):
        roles = {each.user.id: each.role.name for each in context.ask(members)}
    return {user.id: {**_user_leaves(user), "role": roles.get(user.id)} for user in found.values()}


def api_key_node(key: ApiKey) -> Node:
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "surface": key.surface,
        "userId": key.user_id,
        "createdAt": key.created_at,
        "expiresAt": key.expires_at,
        "lastUsedAt": key.last_used_at,
        "revokedAt": key.revoked_at,
    }


def _user_leaves(user: User) -> Node:
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "primaryEmail": user.email,
        "createdAt": user.created_at,
    }
