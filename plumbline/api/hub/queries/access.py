"""`organization`, `library`, `user`, `apiKeys` and `roles`."""

from __future__ import annotations

from collections import Counter

from plumbline.access.errors import WrongTenant
from plumbline.access.permissions import HELD_BY
from plumbline.access.reads import (
    api_keys,
    caller,
    current_library,
    libraries_of_organizations,
    member,
    members,
    organizations_of_caller,
)
from plumbline.api.graphql_kit.placement import placed, placed_connection, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import api_key_node, library_node, member_node, organization_nodes
from plumbline.api.hub.pages import offset_page
from plumbline.kit.actor import Role

resolvers = Resolvers()


@resolvers.field("OrganizationQueries.findAll")
def find_organizations(_source: object, info: Info, _arguments: Arguments) -> object:
    context: HubContext = info.context
    return organization_nodes(context, context.ask(organizations_of_caller), selection_of(info))


@resolvers.field("OrganizationQueries.current")
def current_organization(_source: object, info: Info, _arguments: Arguments) -> object:
    context: HubContext = info.context
    mine = [each for each in context.ask(organizations_of_caller) if each.id == context.actor.organization_id]
    return organization_nodes(context, mine, selection_of(info))[0]


@resolvers.field("LibraryQueries.current", "LibraryQueries.getActive")
def library_of_key(_source: object, info: Info, _arguments: Arguments) -> object:
    return library_node(info.context.ask(current_library))


@resolvers.field("LibraryQueries.findAll")
def find_libraries(_source: object, info: Info, _arguments: Arguments) -> object:
    context: HubContext = info.context
    found = context.ask(libraries_of_organizations, [context.actor.organization_id])
    return [library_node(each) for each in found[context.actor.organization_id]]


@resolvers.field("UserQueries.current")
def current_user(_source: object, info: Info, _arguments: Arguments) -> object:
    return member_node(info.context.ask(caller))


@resolvers.field("UserQueries.findAll")
def find_users(_source: object, info: Info, _arguments: Arguments) -> object:
    return [member_node(each) for each in info.context.ask(members)]


@resolvers.field("UserQueries.findOne")
def find_user(_source: object, info: Info, arguments: Arguments) -> object:
    return member_node(info.context.ask(member, arguments["id"]))


@resolvers.field("ApiKeyQueries.findAll")
def find_api_keys(_source: object, info: Info, _arguments: Arguments) -> object:
    return [api_key_node(each) for each in info.context.ask(api_keys)]


@resolvers.field("Query.roles")
def find_roles(_source: object, info: Info, arguments: Arguments) -> object:
    """The four roles. They are the product's own, so a role's id is its name."""
    counts = Counter(each.role for each in info.context.ask(members))
    page = offset_page(list(Role), arguments.get("first"), arguments.get("after"))
    selection = selection_of(info)
    below = selection_of_items(selection)
    nodes = [
        placed(
            below,
            {"id": role.name, "name": role.value, "permissions": sorted(HELD_BY[role])},
            {"members": lambda _field, role=role: {"totalCount": counts[role]}},  # type: ignore[misc]  # bound early
        )
        for role in page.items
    ]
    return placed_connection(selection, page, nodes)


def refuse_other_library(context: HubContext, library_id: str | None) -> None:
    """Older clients name the library that their key is bound to anyway."""
    if library_id and library_id != context.actor.library_id:
        raise WrongTenant("Not authorized: the key belongs to another library.", path=("libraryId",))
