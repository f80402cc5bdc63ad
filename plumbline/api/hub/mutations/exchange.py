"""Imports: planned as a query, applied as a mutation."""

from __future__ import annotations

from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.hub.inputs import texts_by_name
from plumbline.exchange.actions import forget_column_mapping
from plumbline.exchange.reads.library import planned_import
from plumbline.exchange.reads.mappings import column_mappings
from plumbline.exchange.wire import from_wire, json_of
from plumbline.imports.actions.steps import import_at_once

resolvers = Resolvers()


@resolvers.field("ExchangeQueries.plan")
def plan(_source: object, info: Info, arguments: Arguments) -> object:
    decided = _decisions(arguments)
    found = info.context.ask(planned_import, from_wire(arguments["data"]), into=arguments.get("into"), decided=decided)
    return {"counts": json_of(found.counts), "tops": list(found.tops), "steps": json_of(found)}


@resolvers.field("ExchangeMutations.apply")
def apply(_source: object, info: Info, arguments: Arguments) -> object:
    result, made = info.context.run(
        import_at_once,
        from_wire(arguments["data"]),
        into=arguments.get("into"),
        decided=_decisions(arguments),
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


@resolvers.field("ExchangeQueries.columnMappings")
def mappings(_source: object, info: Info, arguments: Arguments) -> object:
    found = info.context.ask(column_mappings, arguments.get("headers"))
    return [
        {"header": each.header, "titles": list(each.titles), "columns": each.columns, "savedAt": each.saved_at}
        for each in found
    ]


@resolvers.field("ExchangeMutations.forgetColumnMapping")
def forget(_source: object, info: Info, arguments: Arguments) -> object:
    info.context.run(forget_column_mapping, arguments["header"])
    return True


def _decisions(arguments: Arguments) -> dict[str, str]:
    return texts_by_name(arguments.get("matches"), ("matches",), '{"R1": "413-00012", "R2": "new"}')
