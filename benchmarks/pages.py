"""A page of 100 components with 12 fields, category and sources, through the API; the floor is an endpoint that runs the same
statements on a bare connection, builds the same answer by hand and writes it with orjson."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import orjson
from sqlalchemy import event
from sqlalchemy.engine import Engine as SqlEngine

from benchmarks.measuring import measured, paired
from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.hub.context import HubContext
from plumbline.kit.paging import encode_cursor
from plumbline.testing.callers import Caller

PAGE = """
query Page($first: Int!, $after: String) {
  component {
    findAll(pagination: { first: $first, after: $after }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges {
        cursor
        node {
          id cpn name description revisionValue version eid procurement unitOfMeasure isArchived createdAt updatedAt
          category { id name code }
          sources { manufacturer mpn description }
        }
      }
    }
  }
}
"""
TINY = "query Tiny($id: ID!) { component { findOne(id: $id) { id cpn name } } }"
BY_CPN = "query One($cpn: String!) { component { findOne(cpn: $cpn) { id cpn name version status { name } } } }"


def ask(engine: Engine, caller: Caller, document: str, variables: dict[str, object]) -> Callable[[], bytes]:
    """A call from the bytes of a request to the bytes of its answer, as the web server makes it."""
    body = orjson.dumps({"query": document, "variables": variables})

    def call() -> bytes:
        context = HubContext(caller.application, caller.actor)
        try:
            return engine.answer(body, "application/json", context).body
        finally:
            context.close()

    return call


def recorded_statements(call: Callable[[], object]) -> list[tuple[str, object]]:
    """The statements, with their values, that a call sends to the database."""
    found: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            found.append((statement, parameters))

    event.listen(SqlEngine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(SqlEngine, "before_cursor_execute", note)
    return found


def floor_of_page(database_file: str, statements: list[tuple[str, object]], answer: bytes) -> Callable[[], bytes]:
    """The same statements on a bare sqlite3 connection, the rows as dicts, the same answer by orjson."""
    connection = sqlite3.connect(database_file, isolation_level=None)
    shape = orjson.loads(answer)["data"]["component"]["findAll"]
    names = list(shape["edges"][0]["node"])
    leaves = [name for name in names if name not in ("category", "sources")]
    # The product keeps the catalog as long as the configuration stays, and asks whether it has; so does the floor.
    catalog = connection.execute("SELECT id, code, name FROM categories").fetchall()
    categories = {row[0]: {"id": row[0], "name": row[2], "code": row[1]} for row in catalog}

    body = orjson.dumps({"query": PAGE, "variables": {"first": 100, "after": None}})

    def call() -> bytes:
        first = orjson.loads(body)["variables"]["first"]
        connection.execute("BEGIN")
        results = [connection.execute(statement, parameters).fetchall() for statement, parameters in statements]
        connection.execute("ROLLBACK")
        page = results[1]
        sources: dict[int, list[dict[str, object]]] = {}
        for row in results[3]:
            sources.setdefault(row[1], []).append({"manufacturer": row[3], "mpn": row[4], "description": row[5]})
        edges = []
        for row in page[:first]:
            node: dict[str, object] = dict(
                zip(
                    leaves,
                    (row[1], row[2], row[4], row[5], row[8], row[3], *row[9:12], row[13], row[14], row[16]),
                    strict=True,
                )
            )
            node["category"] = categories[row[6]]
            node["sources"] = sources.get(row[0], [])
            edges.append({"cursor": encode_cursor(row[21:]), "node": node})
        page_info = {"hasNextPage": len(page) > first, "endCursor": edges[-1]["cursor"]}
        found = {"totalCount": results[0][0][0], "pageInfo": page_info, "edges": edges}
        return orjson.dumps({"data": {"component": {"findAll": found}}})

    return call


def report(engine: Engine, caller: Caller, database_file: str, component_id: str, cpn: str) -> list[str]:
    page = ask(engine, caller, PAGE, {"first": 100, "after": None})
    answer = page()
    statements = recorded_statements(page)
    floor = floor_of_page(database_file, statements, answer)
    same = abs(len(floor()) - len(answer)) / len(answer)
    assert same < 0.02, f"the floor writes {len(floor())} bytes, the API {len(answer)}"
    ours, bare, ratio = paired(page, floor, calls=20)
    lines = [
        f"page of 100 x 12 fields, category, sources: {ours.cpu_ms:.2f} ms CPU, {len(answer)} bytes, {len(statements)} statements; "
        f"floor {bare.cpu_ms:.2f} ms; ratio {ratio:.2f} (goal <= 2)"
    ]
    for label, document, variables in (
        ("tiny query", TINY, {"id": component_id}),
        ("one part by CPN", BY_CPN, {"cpn": cpn}),
    ):
        call = ask(engine, caller, document, variables)
        lines.append(f"{label}: {measured(call, calls=200).cpu_ms:.3f} ms CPU (goal for a tiny query <= 0.3)")
    return lines
