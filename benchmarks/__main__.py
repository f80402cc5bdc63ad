"""`make bench`: everything on SQLite. `make bench ARGS=postgresql` on PostgreSQL, without the floors that are SQLite's own."""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks import (
    archives,
    change_orders,
    configuration,
    differences,
    imports,
    pages,
    rules,
    servers,
    structures,
    writes,
)
from benchmarks.products import build_large_product
from plumbline.api.hub.schema import hub_engine
from plumbline.bootstrap import open_application
from plumbline.settings import Settings
from plumbline.testing.callers import new_team
from plumbline.testing.databases import fresh_address


def main(dialect: str = "sqlite") -> None:
    address = fresh_address(dialect)
    application = open_application(address)
    caller = new_team(application).administrator
    engine = hub_engine(Settings())
    began = time.perf_counter()
    product = build_large_product(caller)
    print(
        f"{dialect}: {len(product.components)} components, {product.lines} lines, built in {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    if dialect == "postgresql":
        _vacuum(address)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # as the server does
    if dialect == "sqlite":
        first = product.components[0]
        _print(pages.report(engine, caller, address.removeprefix("sqlite:///"), first.id, first.cpn))
    _print(structures.report(engine, caller, product))
    _print(differences.report(new_team(application).administrator))
    _print(archives.report(caller, dialect))
    _print(writes.report(engine, new_team(application).administrator))
    _print(imports.report(dialect))
    _print(rules.report())
    _print(change_orders.report(new_team(application)))
    _print(configuration.report(new_team(application).administrator))
    with tempfile.TemporaryDirectory() as folder:
        _print(servers.report(address, caller.key(), product, Path(folder)))


def _vacuum(address: str) -> None:
    """What PostgreSQL does by itself within a minute of such a load: without it the planner takes the tables for empty."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
    engine.dispose()


def _print(lines: list[str]) -> None:
    for line in lines:
        print(f"  {line}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
