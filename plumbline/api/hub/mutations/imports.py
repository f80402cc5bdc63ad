"""Verbs of imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.inputs import texts_by_name
from plumbline.api.hub.nodes.imports import import_nodes
from plumbline.api.hub.queries.imports import decisions_of
from plumbline.exchange.actions import forget_column_mapping
from plumbline.exchange.wire import from_wire, json_of
from plumbline.files.model import NewUpload
from plumbline.imports.actions.steps import cancel_import, create_import, import_at_once, read_import, start_applying
from plumbline.imports.actions.undo import undo_import
from plumbline.imports.model import Import, ImportOptions

resolvers = Resolvers()


@resolvers.field("ImportMutations.create")
def create(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    files = [NewUpload(each["name"], each["size"], each.get("sha256")) for each in wire["files"]]
    return _answered(info, info.context.run(create_import, files, _options(wire.get("options") or {})))


@resolvers.field("ImportMutations.read")
def read(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    given = wire.get("options")
    return _answered(info, info.context.run(read_import, wire["id"], None if given is None else _options(given)))


@resolvers.field("ImportMutations.apply")
def apply(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    return _answered(info, info.context.run(start_applying, wire["id"], wire.get("expectedPlan")))


@resolvers.field("ImportMutations.undo")
def undo(_source: object, info: Info, arguments: Arguments) -> object:
    return _answered(info, info.context.run(undo_import, arguments["input"]["id"]))


@resolvers.field("ImportMutations.cancel")
def cancel(_source: object, info: Info, arguments: Arguments) -> object:
    return _answered(info, info.context.run(cancel_import, arguments["input"]["id"]))


@resolvers.field("ImportMutations.applyData")
def apply_data(_source: object, info: Info, arguments: Arguments) -> object:
    result, made = info.context.run(
        import_at_once,
        from_wire(arguments["data"]),
        into=arguments.get("into"),
        decided=decisions_of(arguments),
        expected_plan=arguments.get("expectedPlan"),
    )
    return {
        "importId": None if made is None else made.id,
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "lines": result.lines,
        "conflicts": result.conflicts,
        "tops": list(result.tops),
        "notices": json_of(result.notices),
    }


@resolvers.field("ImportMutations.forgetColumnMapping")
def forget_mapping(_source: object, info: Info, arguments: Arguments) -> object:
    info.context.run(forget_column_mapping, arguments["header"])
    return True


def _answered(info: Info, found: Import) -> object:
    return import_nodes(info.context, selection_of(info), [found])[0]


def _options(wire: Mapping[str, Any]) -> ImportOptions:
    inherits = wire.get("inheritLines")
    return ImportOptions(
        into=wire.get("into"),
        format=wire.get("format"),
        inherit_lines=True if inherits is None else inherits,
        mapping=wire.get("mapping"),
        matches=texts_by_name(wire.get("matches"), ("options", "matches"), '{"R1": "413-00012", "R2": "new"}'),
    )
