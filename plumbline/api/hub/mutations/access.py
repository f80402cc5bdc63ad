"""Changes of the library, its users and their keys."""

from __future__ import annotations

from plumbline.access.actions import (
    KEY_LIFE_DAYS_DEFAULT,
    KEY_SURFACE_DEFAULT,
    add_member,
    change_role,
    create_api_key,
    remove_member,
    rename_library,
    revoke_api_key,
)
from plumbline.access.model import NewMember
from plumbline.api.graphql_kit.placement import placed
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.nodes.access import api_key_node, library_node, member_node
from plumbline.kit.actor import Role

resolvers = Resolvers()


@resolvers.field("LibraryMutations.update")
def update_library(_source: object, info: Info, arguments: Arguments) -> object:
    return library_node(info.context.run(rename_library, arguments["input"]["name"]))


@resolvers.field("UserMutations.add")
def add_user(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    return member_node(info.context.run(add_member, NewMember(wire["email"], wire["name"], Role[wire["role"]])))


@resolvers.field("UserMutations.setRole")
def set_role(_source: object, info: Info, arguments: Arguments) -> object:
    return member_node(info.context.run(change_role, arguments["userId"], Role[arguments["role"]]))


@resolvers.field("UserMutations.remove")
def remove_user(_source: object, info: Info, arguments: Arguments) -> object:
    """The user as he was; he has no role in the library any more."""
    return {**member_node(info.context.run(remove_member, arguments["userId"])), "role": None}


@resolvers.field("ApiKeyMutations.create")
def create_key(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    life_days = KEY_LIFE_DAYS_DEFAULT if wire.get("lifeDays") is None else wire["lifeDays"]
    surface = KEY_SURFACE_DEFAULT if wire.get("surface") is None else wire["surface"]
    issued = info.context.run(create_api_key, wire["name"], life_days=life_days, surface=surface)
    return placed(selection_of(info), {"secret": issued.secret}, {"key": lambda _field: api_key_node(issued.key)})


@resolvers.field("ApiKeyMutations.revoke")
def revoke_key(_source: object, info: Info, arguments: Arguments) -> object:
    return api_key_node(info.context.run(revoke_api_key, arguments["id"]))
