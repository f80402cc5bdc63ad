"""The author's flattened matrix: assemblies across, parts down, the total at the right, column titles written downwards.

    Vitamins:
     B  E
     e  l
     d  e          titles, one letter per row, above the right digit of each column
      | 4|  4 Nyloc nut M3
     1|  |  1 fan_guard.stl

It tells how often the author counted each part, per assembly and in the whole machine, and is compared with what the
assembly files add up to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import Origin, Severity
from plumbline.exchange.totals import pieces

_CELL_WIDTH = 3
"""Two digits and the bar."""
_TOTAL = re.compile(r"\s*(\d+)\s+(\S.*?)\s*")
_CELL = re.compile(r"[\s\d]{2,}")


@dataclass(frozen=True, slots=True)
class AuthorRow:
    part: str
    total: Decimal
    per_assembly: Mapping[str, Decimal]
    """By column title; columns without a number are absent."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class AuthorMatrix:
    titles: tuple[str, ...]
    rows: tuple[AuthorRow, ...]


def is_author_matrix(text: str) -> bool:
    """Whether any line consists of cells of two digits between bars, a total and a description."""
    return any(_cells(line) is not None for line in text.splitlines())


def author_matrix(file: str, text: str) -> AuthorMatrix:
    lines = text.splitlines()
    cut = {number: cells for number, line in enumerate(lines, start=1) if (cells := _cells(line)) is not None}
    first = min(cut)
    titles = _titles_above(lines[: first - 1], len(cut[first]) - 1)
    return AuthorMatrix(titles, tuple(_row(file, number, cells, titles) for number, cells in cut.items()))


def _cells(line: str) -> list[str] | None:
    cells = line.split("|")
    if len(cells) < 2 or not all(_CELL.fullmatch(cell) for cell in cells[:-1]) or not _TOTAL.fullmatch(cells[-1]):
        return None
    return cells


def _titles_above(lines: Sequence[str], columns: int) -> tuple[str, ...]:
    """Reads each title downwards over its column; section names stand in the same lines but are not letters of a title."""
    width = columns * _CELL_WIDTH
    padded = [line.ljust(width) for line in lines if not line.rstrip().endswith(":")]
    places = [column * _CELL_WIDTH + 1 for column in range(columns)]
    return tuple(" ".join("".join(line[place] for line in padded).split()) for place in places)


def _row(file: str, number: int, cells: Sequence[str], titles: Sequence[str]) -> AuthorRow:
    match = _TOTAL.fullmatch(cells[-1])
    assert match is not None, "only lines with a total are rows"
    counts = {title: Decimal(cell.strip()) for title, cell in zip(titles, cells, strict=False) if cell.strip()}
    return AuthorRow(match[2], Decimal(match[1]), counts, Origin(file, row=number))


def tell_differences(matrix: AuthorMatrix, gatherer: Gatherer) -> None:
    """One notice per part whose total differs, and one per assembly that explains them."""
    tops = gatherer.tops()
    stated = {row.part: row for row in matrix.rows}
    top = _top_of(tops, stated, gatherer)
    counted = pieces(gatherer.lines, (top,) if top else tops)
    contents = _contents(gatherer)
    blamed: dict[str, list[str]] = defaultdict(list)
    for part, row in stated.items():
        literal = counted.get(part, Decimal(0))
        if literal == row.total:
            continue
        sentence = f"{part} adds up to {literal}, and the author's own list says {row.total}; the lines were taken."
        gatherer.tell(Severity.WARNING, "TOTAL_DISAGREES", sentence, row.origin)
        for assembly in _explaining(row, literal, contents, counted):
            blamed[assembly].append(part)
    for assembly, parts in blamed.items():
        times = counted[assembly]
        sentence = (
            f"{assembly} is used {times} times, and the author's list counts its content once: its file may already hold "
            f"the parts of all {times}. That explains the difference for {len(parts)} parts."
        )
        gatherer.tell(Severity.WARNING, "ASSEMBLY_COUNTED_TWICE", sentence)


def _top_of(tops: Sequence[str], stated: Mapping[str, AuthorRow], gatherer: Gatherer) -> str | None:
    """The product that the matrix is about: the top that reaches the most of its parts."""

    def reached(top: str) -> int:
        return len(stated.keys() & pieces(gatherer.lines, (top,)).keys())

    return max(tops, key=reached, default=None)


def _contents(gatherer: Gatherer) -> dict[str, dict[str, Decimal]]:
    contents: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in gatherer.lines:
        contents[line.parent_key][line.child_key] += line.quantity or Decimal(0)
    return contents


def _explaining(
    row: AuthorRow, literal: Decimal, contents: Mapping[str, Mapping[str, Decimal]], counted: Mapping[str, Decimal]
) -> list[str]:
    """Assemblies used several times whose content the author counted once, if that alone makes up the difference."""
    return [
        assembly
        for assembly, content in contents.items()
        if counted.get(assembly, Decimal(0)) > 1
        and content.get(row.part, Decimal(0)) * (counted[assembly] - 1) == literal - row.total
        and content.get(row.part, Decimal(0)) > 0
    ]
