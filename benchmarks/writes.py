"""Bulk create through one API call of many; the floor is the same number of rows written by the driver alone."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path

import orjson

from benchmarks.pages import ask
from plumbline.api.graphql_kit.engine import Engine
from plumbline.testing.callers import Caller

CREATE = "mutation Create($inputs: [CreateComponentInput!]!) { component { create(inputs: $inputs) { id cpn } } }"
COUNT = 5_000
ROWS_PER_COMPONENT = 5
"""Identity, version, one attribute value, issued number and event."""


def report(engine: Engine, caller: Caller) -> list[str]:
    def once(start: int) -> float:
        inputs = [
            {
                "name": f"Bulk {start + i}",
                "categoryId": "Screw",
                "attributeValues": [{"attribute": "Mass", "value": "2 g"}],
            }
            for i in range(COUNT)
        ]
        call = ask(engine, caller, CREATE, {"inputs": inputs})
        began = time.perf_counter()
        answer = orjson.loads(call())
        seconds = time.perf_counter() - began
        assert len(answer["data"]["component"]["create"]) == COUNT, answer
        return seconds

    seconds = sorted(once(number * COUNT) for number in range(3))[1]
    floor = _floor()
    return [
        f"bulk create: {COUNT / seconds:.0f} components/s in calls of {COUNT} (goal >= 2000); {ROWS_PER_COMPONENT} rows each by the driver "
        f"alone {COUNT / floor:.0f}/s; ratio {seconds / floor:.1f}"
    ]


def _floor() -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "floor.db")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE rows (key INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, d TEXT)")
        connection.execute("CREATE INDEX of_rows ON rows (a, b)")
        rows = [(f"a{i}", "b" * 36, "c" * 36, "d" * 20) for i in range(COUNT * ROWS_PER_COMPONENT)]
        began = time.perf_counter()
        with connection:
            connection.executemany("INSERT INTO rows (a, b, c, d) VALUES (?, ?, ?, ?)", rows)
        return time.perf_counter() - began
