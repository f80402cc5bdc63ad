"""Imports from a file to the library: a part table of 20,000 rows read, planned and applied; time, and memory of the whole process.

Runs in a process of its own, because the memory that is measured is the most that the process ever had. The table is the real one
where the data sets are beside the checkout, and one of the same shape otherwise.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from plumbline.bootstrap import open_application
from plumbline.exchange.actions import apply_import
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files
from plumbline.exchange.reads.library import planned_import
from plumbline.testing.callers import new_team
from plumbline.testing.databases import fresh_address

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "kicad-parts-20k" / "files" / "parts.csv"
ROWS = 20_277


def report(dialect: str) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.imports", dialect]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def main(dialect: str) -> None:
    caller = new_team(open_application(fresh_address(dialect))).manager
    file = NamedFile("parts.csv", REAL.read_bytes() if REAL.is_file() else _table())
    before = _peak_mebibytes()
    began = time.perf_counter()
    data = read_files([file])
    read = time.perf_counter()
    caller.ask(planned_import, data)
    planned = time.perf_counter()
    result = caller.run(apply_import, data)
    applied = time.perf_counter()
    again = caller.ask(planned_import, data)
    repeated = time.perf_counter()
    assert result.created == len(data.parts)
    assert again.changes_nothing
    print(
        f"import of {len(data.parts)} parts: read {read - began:.1f} s, planned {planned - read:.1f} s, applied {applied - planned:.1f} s, "
        f"together {applied - began:.1f} s (goal <= 30); planned again {repeated - applied:.1f} s; "
        f"at most {_peak_mebibytes():.0f} MiB (goal <= 400), {before:.0f} of them before"
    )


def _table() -> bytes:
    lines = ["name\tdescription\tdatasheet"]
    for number in range(ROWS):
        lines.append(
            f"PART{number}\tQuad Nor 2 inputs, number {number} of many\thttp://www.example.com/datasheets/part-{number}.pdf"
        )
    return "\r\n".join(lines).encode()


def _peak_mebibytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
