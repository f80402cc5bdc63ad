"""Real data sets, read once, and a roll-up of their lines that shares nothing with the one in the product."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from plumbline.exchange.files import NamedFile, files_under
from plumbline.exchange.model import ImportedLine

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@dataclass(frozen=True)
class DataSet:
    folder: Path

    def files(self, *names: str) -> tuple[NamedFile, ...]:
        """All input files of the set, or the ones named."""
        return files_under([self.folder / "files" / name for name in names] or [self.folder / "files"])

    def expected(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def data_set() -> Callable[[str], DataSet]:
    def find(name: str) -> DataSet:
        if not (DATA / name).is_dir():
            pytest.skip(f"the data set {name} is not beside this checkout")
        return DataSet(DATA / name)

    return find


@dataclass
class Exploded:
    """One product, unfolded by walking every path."""

    quantity: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    deepest: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    shallowest: dict[str, int] = field(default_factory=dict)
    parents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def explode(lines: Iterable[ImportedLine], top: str) -> Exploded:
    below: dict[str, list[ImportedLine]] = defaultdict(list)
    for line in lines:
        below[line.parent_key].append(line)
    result = Exploded()

    def walk(key: str, times: Decimal, level: int, path: Sequence[str]) -> None:
        assert key not in path, f"loop at {key}"
        result.quantity[key] += times
        result.deepest[key] = max(result.deepest[key], level)
        result.shallowest[key] = min(result.shallowest.get(key, level), level)
        for line in below.get(key, ()):
            assert line.quantity is not None
            result.parents[line.child_key].add(key)
            walk(line.child_key, times * line.quantity, level + 1, (*path, key))

    walk(top, Decimal(1), 0, ())
    return result


@pytest.fixture(scope="session", name="explode")
def explode_fixture() -> Callable[[Iterable[ImportedLine], str], Exploded]:
    return explode
