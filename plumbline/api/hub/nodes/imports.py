"""Imports on the wire."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from plumbline.api.graphql_kit.placement import Make, placed, placed_connection, plain
from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import user_nodes
from plumbline.api.hub.pages import offset_page
from plumbline.exchange.matching import MatchState
from plumbline.files.model import Upload
from plumbline.files.pieces import received
from plumbline.files.reads import live_uploads
from plumbline.files.signing import signed_address
from plumbline.imports.actions.steps import options_of
from plumbline.imports.model import Import, ImportFile, ImportState
from plumbline.imports.reads import files_of_imports
from plumbline.imports.results import mapping_of, plan_of, progress_of

Node = dict[str, object]
STEPS_PAGE_MAX = 10_000


def import_nodes(context: HubContext, selection: Selection, shown: Sequence[Import]) -> list[Node]:
    files = _files(context, shown) if selection.wants("files") else {}
    makers = user_nodes(context, [each.created_by for each in shown], selection.named("createdBy"))
    return [_node(context, selection, each, files.get(each.id, []), makers.get(each.created_by)) for each in shown]


def _node(context: HubContext, selection: Selection, shown: Import, files: list[Node], maker: Node | None) -> Node:
    made: dict[str, Make] = {
        "options": lambda field: plain(field.selection, _options(shown)),
        "files": lambda field: plain(field.selection, files),
        "progress": lambda field: plain(field.selection, _progress(context, shown)),
        "problems": lambda field: plain(field.selection, orjson.loads(shown.problems)),
        "createdBy": lambda _: maker,
        "steps": lambda field: _steps(context, field, shown),
    }
    leaves = _leaves(shown)
    if selection.wants("mapping"):
        leaves["mapping"] = mapping_of(context.application.files, shown.id)
    return placed(selection, leaves, made)


def _files(context: HubContext, shown: Sequence[Import]) -> dict[str, list[Node]]:
    files = context.ask(files_of_imports, shown)
    uploads = context.ask(live_uploads, [file.upload_id for each in files.values() for file in each])
    return {
        import_id: [_file(context, each, uploads.get(each.upload_id)) for each in listed]
        for import_id, listed in files.items()
    }


def _leaves(shown: Import) -> Node:
    return {
        "id": shown.id,
        "state": shown.state,
        "format": shown.format,
        "counts": None if shown.counts is None else orjson.loads(shown.counts),
        "digest": shown.digest,
        "changeNumber": shown.change_number,
        "createdAt": shown.created_at,
        "updatedAt": shown.updated_at,
    }


def _progress(context: HubContext, shown: Import) -> dict[str, object] | None:
    is_at_work = shown.state in (ImportState.READING, ImportState.APPLYING)
    return progress_of(context.application.files, shown.id) if is_at_work else None


def _options(shown: Import) -> Node:
    options = options_of(shown)
    return {
        "into": options.into,
        "format": options.format,
        "inheritLines": options.inherit_lines,
        "mapping": options.mapping,
        "matches": dict(options.matches),
    }


def _file(context: HubContext, file: ImportFile, upload: Upload | None) -> Node:
    here = 0 if upload is None else received(context.application.files, upload)
    now = int(context.application.clock().timestamp())
    # An address is a permission: whoever may look at an import may not send its files.
    is_sender = upload is not None and upload.created_by == context.actor.user_id
    return {
        "name": file.name,
        "size": file.size,
        "receivedBytes": here,
        "isComplete": upload is not None and here == upload.size,
        "uploadAddress": signed_address(upload, now) if upload is not None and is_sender else None,
    }


def _steps(context: HubContext, field: SelectedField, shown: Import) -> object:
    """None of them before there is a plan."""
    arguments = field.arguments
    has_plan = shown.digest is not None and shown.keeps_results
    found = plan_of(context.application.files, shown.id)[arguments["kind"].lower()] if has_plan else []
    if arguments.get("changesOnly"):
        found = [each for each in found if each.get("action") != "UNCHANGED"]
    page = offset_page(found, arguments.get("first"), arguments.get("after"), size_max=STEPS_PAGE_MAX)
    is_part = arguments["kind"] == "PARTS"
    nodes = [
        {"match": each.get("state", MatchState.NEW) if is_part else None, "action": each.get("action"), "data": each}
        for each in page.items
    ]
    return placed_connection(field.selection, page, nodes)
