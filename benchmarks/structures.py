"""Explosion, where-used and roll-up on a large product, through the API; the floors are what the database alone takes to hand over the
lines, and what orjson takes to write the answer."""

from __future__ import annotations

import orjson
from sqlalchemy import text

from benchmarks.measuring import measured
from benchmarks.pages import ask
from benchmarks.products import LargeProduct
from plumbline.api.graphql_kit.engine import Engine
from plumbline.boms.graphs import GRAPHS
from plumbline.testing.callers import Caller

FLAT = "query Flat($id: ID!) { bom { flat(id: $id, first: 1000) { totalCount nodes { cpn name quantity unit } } } }"
TOPS = "query Tops($id: ID!) { bom { whereUsed(id: $id) { ancestorCount tops { cpn name } } } }"
INDENTED = """
query Indented($id: ID!) {
  bom { indented(id: $id, first: 10000) { pageInfo { hasNextPage } nodes { level cpn name quantity totalQuantity } } }
}
"""
COST = "query Cost($id: ID!) { bom { cost(id: $id, first: 100) { total unpricedCount lines { totalCount } } } }"


def report(engine: Engine, caller: Caller, product: LargeProduct) -> list[str]:
    flat = ask(engine, caller, FLAT, {"id": product.top.id})

    def cold() -> bytes:
        GRAPHS.clear()
        return flat()

    edges = _floor_of_edges(caller)
    from_cold, warm = measured(cold), measured(flat)
    rows = ask(engine, caller, INDENTED, {"id": product.top.id})
    indented = measured(rows)
    answer = orjson.loads(rows())
    written = measured(lambda: orjson.dumps(answer), calls=5)
    tops = measured(ask(engine, caller, TOPS, {"id": product.shared.id}), calls=5)
    cost = measured(ask(engine, caller, COST, {"id": product.top.id}))
    return [
        f"flat roll-up of {product.lines} lines from cold: {from_cold.wall_ms:.0f} ms (goal <= 150); reading the lines alone "
        f"{edges:.0f} ms; ratio {from_cold.wall_ms / edges:.2f}",
        f"flat roll-up warm, page of 1000: {warm.wall_ms:.1f} ms (goal <= 20)",
        f"where used, all tops: {tops.wall_ms:.1f} ms (goal <= 30)",
        f"first 10,000 indented rows: {indented.wall_ms:.0f} ms (goal <= 100); writing the answer alone {written.wall_ms:.1f} ms",
        f"cost of {len(product.components)} components: {cost.wall_ms:.0f} ms",
    ]


def _floor_of_edges(caller: Caller) -> float:
    """Milliseconds for the database to hand over every line of the library."""
    statement = text(
        "SELECT parent_key, child_key, quantity, key FROM bom_lines WHERE library_id = :id AND to_change = 9007199254740991"
    )
    with caller.application.database.reading() as connection:
        return measured(lambda: connection.execute(statement, {"id": caller.actor.library_id}).fetchall()).wall_ms
