"""Which row of a sheet names its columns, and where that row is repeated.

A mapping from the user goes before the words known in `columns`. The row that names the most columns is the header; the rows
below it that have most of its titles again begin further blocks, in which the other columns may stand elsewhere or be others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from plumbline.exchange.columns import (
    GUESSED,
    IDENTITY_ROLES,
    LIKELY,
    NEUTRAL_NUMBERS,
    SAID,
    SOURCE_ROLES,
    Column,
    Role,
    column_titled,
    folded_title,
)
from plumbline.exchange.grid import Row, Sheet
from plumbline.exchange.mapping import column_said

HEADER_ROWS_SEARCHED = 40
_HEADER_ROLES_MIN = 2
_TAIL_ROLES_MIN = 3
"""Columns about one maker or shop at the right end of a header, so that further cells can be about further ones."""


@dataclass(frozen=True)
class Header:
    """The row that names the columns."""

    row: int
    columns: tuple[Column, ...]
    width: int = 0
    """Cells of the row, the blank ones right of the last title too."""
    makers_number: int | None = None
    """The column of part numbers that was taken for the makers' because it stands right behind the makers."""

    @cached_property
    def titles(self) -> tuple[str, ...]:
        return tuple(column.title for column in self.columns)

    @cached_property
    def roles(self) -> tuple[Role | None, ...]:
        """Of the first maker or shop; None for a specification and for further makers and shops."""
        return tuple(None if column.group else column.role for column in self.columns)

    @cached_property
    def all_roles(self) -> frozenset[Role]:
        return frozenset(column.role for column in self.columns if column.role is not None)

    @cached_property
    def tail(self) -> tuple[Column, ...]:
        """The columns at the right end that speak of one maker or shop; empty where there are too few of them."""
        start = len(self.columns)
        while start and self.columns[start - 1].role in SOURCE_ROLES and not self.columns[start - 1].group:
            start -= 1
        tail = self.columns[start:]
        is_enough = len(tail) >= _TAIL_ROLES_MIN and any(column.role in (Role.MPN, Role.SKU) for column in tail)
        return tail if is_enough else ()

    def column(self, role: Role) -> int | None:
        return self.roles.index(role) if role in self.roles else None

    def title_of(self, role: Role) -> str:
        """Of the column that has the role, or a word for it where the role came from a cell that says several things."""
        column = self.column(role)
        return role.replace("_", " ").capitalize() if column is None else self.titles[column]

    def has(self, *roles: Role) -> bool:
        return self.all_roles.issuperset(roles)


@dataclass(frozen=True, slots=True)
class Block:
    """A header and the rows that it is for."""

    header: Header
    rows: tuple[Row, ...]


def header_in(sheet: Sheet, mapping: Mapping[str, str], row: int | None = None) -> Header | None:
    """The row among the first ones that names the most columns, an identity or a quantity among them; None if there is none.

    `row` is the number of the row that the user says it is.
    """
    if row is not None:
        return next((header_from(each, mapping) for each in sheet.rows if each.number == row), None)
    candidates = [header_from(each, mapping) for each in sheet.rows[:HEADER_ROWS_SEARCHED]]
    fitting = [header for header in candidates if _role_count(header) >= _HEADER_ROLES_MIN and _is_about_parts(header)]
    best = max(fitting, key=lambda header: (_role_count(header), -header.row), default=None)
    if best is None:
        return None
    titles = _titles_with_roles(best)  # where the header is repeated, a later one may name a column more
    return next(header for header in candidates if _repeats([column.title for column in header.columns], titles))


def header_from(row: Row, mapping: Mapping[str, str]) -> Header:
    """Reads a row as a header. The surest column of a role keeps it, among equals the first; another one is a specification."""
    folded = {folded_title(title): (title, meaning) for title, meaning in mapping.items()}
    wanted = {**folded, **{title: (title, meaning) for title, meaning in mapping.items()}}  # as written, goes first
    titles = [" ".join(cell.split()) for cell in row.cells]
    while titles and not titles[-1]:
        titles.pop()
    columns = with_roles_once([_column(title, wanted) for title in titles])
    makers_number = _makers_number(columns) if not _is_said(columns, Role.NUMBER) else None
    if makers_number is not None:
        reason = "right behind the makers"
        columns[makers_number] = replace(columns[makers_number], role=Role.MPN, confidence=LIKELY, reason=reason)
    return Header(row.number, tuple(columns), len(row.cells), makers_number)


def blocks_in(sheet: Sheet, header: Header, mapping: Mapping[str, str]) -> list[Block]:
    """The rows below the header, cut wherever it is repeated."""
    titles = _titles_with_roles(header)
    blocks, rows, current = list[Block](), list[Row](), header
    for row in sheet.rows:
        if row.number <= header.row or not any(map(_has_text, row.cells)):
            continue
        if _repeats(row.cells, titles):
            blocks.append(Block(current, tuple(rows)))
            rows, current = [], header_from(row, mapping)
        else:
            rows.append(row)
    blocks.append(Block(current, tuple(rows)))
    return blocks


def _has_text(cell: str) -> bool:
    """A line of dashes has none."""
    return any(map(str.isalnum, cell))


def _titles_with_roles(header: Header) -> frozenset[str]:
    return frozenset(folded_title(column.title) for column in header.columns if column.role is not None)


def _repeats(cells: Sequence[str], titles: frozenset[str]) -> bool:
    """Whether the cells hold most of the titles of a header."""
    shared = {folded_title(cell) for cell in cells if cell and len(cell) <= _TITLE_LENGTH_MAX} & titles
    return len(shared) >= _HEADER_ROLES_MIN and len(shared) * 2 > len(titles)


def with_roles_once(columns: Sequence[Column]) -> list[Column]:
    """Takes a role from every column but the surest that has it; a second run of makers and their numbers is a second source."""
    numbered = _with_runs_numbered(columns)
    keeper: dict[tuple[Role, str], int] = {}
    for index in sorted(range(len(numbered)), key=lambda index: (-numbered[index].confidence, index)):
        role = numbered[index].role
        if role is not None:
            keeper.setdefault((role, numbered[index].group), index)
    return [
        column
        if column.role in (None, Role.IGNORED) or keeper[column.role, column.group] == index
        else _second(column, numbered[keeper[column.role, column.group]])
        for index, column in enumerate(numbered)
    ]


def _second(column: Column, keeper: Column) -> Column:
    return Column(column.title, None, LIKELY, f"{keeper.title} says it already")


def _with_runs_numbered(columns: Sequence[Column]) -> list[Column]:
    """`Manufacturer, MPN, Manufacturer, MPN`: where both stand again, each further pair is a group of its own."""
    found = list(columns)
    places: dict[Role, list[int]] = defaultdict(list)
    for index, column in enumerate(found):
        if column.role in SOURCE_ROLES and not column.group and column.confidence >= LIKELY:
            places[column.role].append(index)
    repeated = {role: indices for role, indices in places.items() if len(indices) > 1}
    if Role.MPN not in repeated or Role.MANUFACTURER not in repeated:
        return found
    for indices in repeated.values():
        for number, index in enumerate(indices[1:], start=2):
            found[index] = replace(found[index], group=str(number), reason=f"number {number} of {found[index].title}")
    return found


def roles_named(cells: Sequence[str]) -> int:
    """How many columns a row names for certain, were it a header."""
    return sum(_is_certain(cell) for cell in cells)


def _is_certain(cell: str) -> bool:
    return (
        len(cell) <= _TITLE_LENGTH_MAX
        and (column := column_titled(cell)).role is not None
        and column.confidence >= LIKELY
    )


_TITLE_LENGTH_MAX = 60
"""A longer text is none, and asking costs time."""


def _column(title: str, wanted: Mapping[str, tuple[str, str]]) -> Column:
    said = (wanted.get(title) or wanted.get(folded_title(title))) if title else None
    if said is not None:
        return replace(column_said(*said), title=title)
    return (
        column_titled(title) if len(title) <= _TITLE_LENGTH_MAX else Column(title, None, SAID, "too long for a title")
    )


def _is_said(columns: Sequence[Column], role: Role) -> bool:
    return any(column.role is role and column.confidence == SAID for column in columns)


def _makers_number(columns: Sequence[Column]) -> int | None:
    """`Manufacturer, Part Number` side by side speak of one thing, where no other column has the makers' numbers."""
    roles = [None if column.group else column.role for column in columns]
    if Role.MPN in roles or Role.MANUFACTURER not in roles:
        return None
    column = roles.index(Role.MANUFACTURER) + 1
    is_pair = column < len(roles) and roles[column] is Role.NUMBER
    return column if is_pair and folded_title(columns[column].title) in NEUTRAL_NUMBERS else None


def _role_count(header: Header) -> int:
    return sum(column.role is not None and column.confidence > GUESSED for column in header.columns)


def _is_about_parts(header: Header) -> bool:
    return any(
        header.has(role) for role in (*IDENTITY_ROLES, Role.DESIGNATORS, Role.QUANTITY, Role.MANUFACTURER_AND_MPN)
    )
