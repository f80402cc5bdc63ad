"""Changes of the configuration."""

from __future__ import annotations

from plumbline.api.graphql_kit.placement import plain
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.nodes.configuration import plan_node, version_node
from plumbline.api.hub.queries.configuration import files_of
from plumbline.configuration.actions import Applied, apply_configuration, roll_back_configuration
from plumbline.configuration.errors import ConfigurationMoved

resolvers = Resolvers()


@resolvers.field("ConfigurationMutations.apply")
def apply(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    applied = info.context.run(
        apply_configuration,
        files_of(wire["files"]),
        complete=wire["complete"],
        allow=tuple(wire.get("allow") or ()),
        reason=wire.get("reason") or "",
        expected_state=_state(wire.get("expectedState")),
    )
    return _applied(info, applied)


@resolvers.field("ConfigurationMutations.rollback")
def rollback(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    applied = info.context.run(
        roll_back_configuration,
        wire["version"],
        allow=tuple(wire.get("allow") or ()),
        reason=wire.get("reason") or "",
        expected_state=_state(wire.get("expectedState")),
    )
    return _applied(info, applied)


def _applied(info: Info, applied: Applied) -> object:
    version = None if applied.version is None else version_node(info.context, applied.version)
    return plain(selection_of(info), {"plan": plan_node(applied.plan), "version": version})


def _state(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ConfigurationMoved(f"{text[:40]!r} is no state of a configuration.", path=("expectedState",))
    return int(text)
