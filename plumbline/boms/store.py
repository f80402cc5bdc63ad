"""The table of BOM lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    not_,
    or_,
    select,
)

from plumbline.boms.model import BomLine
from plumbline.boms.rings import SpannedLine, first_ring, on_rings
from plumbline.boms.structure import LineColumns, Lines, lines_by_parent
from plumbline.storage.intervals import (
    IN_LIST_MAX,
    OPEN,
    AtVersion,
    at_versions,
    change_interval_columns,
    close_rows,
    holds_at_change,
    holds_at_version,
    holds_between,
    version_interval_columns,
)
from plumbline.storage.laws import ROWS_AT_ONCE, Law, law, out_of_step_with_versions, twice_at_once
from plumbline.storage.prepared import CheckedAfterwards, Prepared, Row, among
from plumbline.storage.schema import Relation, key_column, metadata, number_column, reference_column, text_column

bom_lines = Table(
    "bom_lines",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("line_id"),
    reference_column("parent_key", ForeignKey("components.key")),
    reference_column("child_key", ForeignKey("components.key")),
    *version_interval_columns(),
    *change_interval_columns(),
    number_column("position"),
    text_column("quantity"),
    text_column("unit"),
    number_column("item_number", nullable=True),
    text_column("reference_designators"),
    text_column("notes"),
    Column("is_do_not_place", Boolean, nullable=False),
    text_column("substitutes"),
    Index("ix_bom_lines_child_key_to_change", "child_key", "to_change"),
    Index("ix_bom_lines_line_id_to_change", "line_id", "to_change"),
    Index("ix_bom_lines_library_id_from_change", "library_id", "from_change"),
    # Holds every column that the graph in memory is made of, so that loading it never reads the wide rows themselves.
    Index(
        "ix_bom_lines_graph",
        "library_id",
        "to_change",
        "parent_key",
        "position",
        "key",
        "child_key",
        "quantity",
        "is_do_not_place",
    ),
    Index("ix_bom_lines_parent_key_to_change", "parent_key", "to_change"),
)

_LINE = [bom_lines.c[name] for name in BomLine._fields]
_EDGE = [bom_lines.c[name] for name in ("parent_key", "key", "child_key", "quantity", "position")]
_ORDER = (bom_lines.c.parent_key, bom_lines.c.position, bom_lines.c.key)


def graph_at(connection: Connection, library_id: str, at_change: int) -> dict[int, Lines]:
    """Every line of the library that holds at a change."""
    query = select(*_EDGE).where(bom_lines.c.library_id == library_id)
    newest = holds_at_change(bom_lines, None)
    # Usually nothing was written since, and then the index alone answers.
    changed_since = bool(parents_changed_between(connection, library_id, at_change, OPEN - 1))
    condition = holds_at_change(bom_lines, at_change) if changed_since else newest
    return _graph(connection, query.where(condition))


def graph_of_releases(connection: Connection, library_id: str, released: Relation) -> dict[int, Lines]:
    """Every line of the released version of each parent."""
    query = select(*_EDGE).join(released, released.c.component_key == bom_lines.c.parent_key)
    query = query.where(bom_lines.c.library_id == library_id, holds_at_version(bom_lines, released.c.version))
    return _graph(connection, query)


def parents_changed_between(connection: Connection, library_id: str, after: int, until: int) -> list[int]:
    """Parents with a line that began or ended in changes after the one, up to the other."""
    began = and_(bom_lines.c.from_change > after, bom_lines.c.from_change <= until)
    ended = and_(bom_lines.c.to_change > after, bom_lines.c.to_change <= until)
    parents: set[int] = set()
    for condition in (began, ended):
        query = select(bom_lines.c.parent_key).where(bom_lines.c.library_id == library_id, condition).distinct()
        parents.update(connection.execute(query).scalars())
    return sorted(parents)


def graph_of_parents(
    connection: Connection, library_id: str, parents: Sequence[int], at_change: int
) -> dict[int, Lines]:
    found: dict[int, Lines] = {}
    for start in range(0, len(parents), IN_LIST_MAX):
        condition = bom_lines.c.parent_key.in_(parents[start : start + IN_LIST_MAX])
        mine = bom_lines.c.library_id == library_id
        query = select(*_EDGE).where(mine, condition, holds_at_change(bom_lines, at_change))
        found.update(_graph(connection, query))
    return found


def lines_of_parents(
    connection: Connection, library_id: str, parents: Sequence[int], at_change: int | None
) -> list[BomLine]:
    """Whole lines, by parent and in order, as of a change; None means now."""
    found: list[BomLine] = []
    for start in range(0, len(parents), IN_LIST_MAX):
        condition = bom_lines.c.parent_key.in_(parents[start : start + IN_LIST_MAX])
        found.extend(_lines(connection, library_id, condition, holds_at_change(bom_lines, at_change)))
    return found


def lines_of_released(
    connection: Connection, library_id: str, parents: Sequence[int], released: Relation
) -> list[BomLine]:
    """Whole lines of the released version of each parent."""
    found: list[BomLine] = []
    for start in range(0, len(parents), IN_LIST_MAX):
        query = select(*_LINE).join(released, released.c.component_key == bom_lines.c.parent_key)
        query = query.where(
            bom_lines.c.library_id == library_id,
            bom_lines.c.parent_key.in_(parents[start : start + IN_LIST_MAX]),
            holds_at_version(bom_lines, released.c.version),
        )
        found.extend(map(BomLine._make, connection.execute(query.order_by(*_ORDER)).all()))
    return found


def changed_lines_at_versions(
    connection: Connection, library_id: str, wanted: Sequence[AtVersion]
) -> dict[AtVersion, list[BomLine]]:
    """The lines of each parent at each version, in order; version 0 has none. Those are left out that hold all along, from the earliest
    version that is wanted of any parent to the latest: they cannot differ."""
    rows = _rows_between(connection, library_id, _changed_between, wanted)
    found = {row[3]: BomLine._make(row[3:]) for row in rows}
    return {at: [found[row[3]] for row in held] for at, held in at_versions(rows, wanted).items()}


def unchanged_lines(
    connection: Connection, library_id: str, wanted: Sequence[AtVersion], parents: set[int]
) -> dict[int, list[BomLine]]:
    """The lines of some parents that were left out above."""
    found: dict[int, list[BomLine]] = {parent: [] for parent in parents}
    for row in _rows_between(connection, library_id, _held_all_along, wanted, parents):
        found[row[0]].append(BomLine._make(row[3:]))
    return found


def _rows_between(
    connection: Connection,
    library_id: str,
    prepared: Prepared,
    wanted: Sequence[AtVersion],
    parents: Iterable[int] | None = None,
) -> list[Row]:
    if not wanted:
        return []
    numbers = [number for _, number in wanted]
    keys = list(dict.fromkeys(key for key, _ in wanted)) if parents is None else list(parents)
    return prepared.rows(connection, library=library_id, parents=keys, earliest=min(numbers), latest=max(numbers))


def _prepared(*conditions: ColumnElement[bool]) -> Prepared:
    """Rows that begin with parent, first version and the version after the last; the first field of a line is its key."""
    mine = CheckedAfterwards(bom_lines.c.library_id) == bindparam("library")
    span = (bom_lines.c.parent_key, bom_lines.c.from_version, bom_lines.c.to_version)
    query = select(*span, *_LINE).where(among(bom_lines.c.parent_key, "parents"), mine, *conditions)
    return Prepared(lambda: query.order_by(*_ORDER))


_BEGAN_OR_ENDED = or_(bom_lines.c.from_version > bindparam("earliest"), bom_lines.c.to_version <= bindparam("latest"))
_changed_between = _prepared(holds_between(bom_lines), _BEGAN_OR_ENDED)
_held_all_along = _prepared(not_(_BEGAN_OR_ENDED))


def lines_by_keys(connection: Connection, library_id: str, keys: Sequence[int]) -> dict[int, BomLine]:
    found: dict[int, BomLine] = {}
    distinct = list(dict.fromkeys(keys))
    for start in range(0, len(distinct), IN_LIST_MAX):
        condition = bom_lines.c.key.in_(distinct[start : start + IN_LIST_MAX])
        found.update((line.key, line) for line in _lines(connection, library_id, condition))
    return found


def open_lines_by_ids(connection: Connection, library_id: str, line_ids: Sequence[str]) -> dict[str, BomLine]:
    """Lines that hold now, by their identity."""
    found: dict[str, BomLine] = {}
    for start in range(0, len(line_ids), IN_LIST_MAX):
        condition = bom_lines.c.line_id.in_(line_ids[start : start + IN_LIST_MAX])
        found.update(
            (line.line_id, line) for line in _lines(connection, library_id, condition, bom_lines.c.to_change == OPEN)
        )
    return found


def insert_lines(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(bom_lines), rows)


def close_lines(connection: Connection, keys: Sequence[int], *, change: int, version: int) -> None:
    close_rows(connection, bom_lines, keys, change=change, version=version)


def _line_in_a_ring(connection: Connection, library_id: str) -> int | None:
    """A line with which, at some change, a component began to contain itself."""
    mine = bom_lines.c.library_id == library_id
    pairs = select(bom_lines.c.parent_key, bom_lines.c.child_key).where(mine).distinct()
    suspects = on_rings(connection.execute(pairs).tuples())
    if not suspects:
        return None
    lines = select(*(bom_lines.c[name] for name in SpannedLine._fields)).where(mine).order_by(bom_lines.c.from_change)
    with connection.execute(lines, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        spanned = map(SpannedLine._make, rows)
        return first_ring(each for each in spanned if each.parent_key in suspects and each.child_key in suspects)


def _into_itself(library_id: str) -> Select[Any]:
    itself = bom_lines.c.parent_key == bom_lines.c.child_key
    return select(bom_lines.c.key).where(bom_lines.c.library_id == library_id, itself)


LAWS = (
    law(
        "bom-lines",
        "does not begin and end with versions of its parent",
        out_of_step_with_versions(bom_lines, "parent_key"),
    ),
    law(
        "bom-lines", "holds where the same line holds already", twice_at_once(bom_lines, "line_id", owner="parent_key")
    ),
    law("bom-lines", "puts a component into itself", _into_itself),
    Law("bom-lines", "makes a component part of itself, or stands in too large a tangle to be sure", _line_in_a_ring),
)


def _lines(connection: Connection, library_id: str, *conditions: ColumnElement[bool]) -> list[BomLine]:
    query = select(*_LINE).where(bom_lines.c.library_id == library_id, *conditions).order_by(*_ORDER)
    return list(map(BomLine._make, connection.execute(query).all()))


def _graph(connection: Connection, query: Select[Any]) -> dict[int, Lines]:
    """Lines as the graph in memory wants them: each column as one text, which the database writes and orjson reads in half the time
    that rows would take."""
    ordered = query.order_by(*_ORDER).subquery()
    columns = [_joined(connection, ordered.c[name]) for name in ("parent_key", "child_key", "key", "quantity")]
    *numbers, quantities = (text or "" for text in connection.execute(select(*columns)).one())
    parents, children, keys = (orjson.loads(f"[{text}]") for text in numbers)
    marked = query.with_only_columns(bom_lines.c.key).where(bom_lines.c.is_do_not_place)
    not_placed = frozenset(connection.execute(marked).scalars())
    return lines_by_parent(LineColumns(parents, children, quantities, keys, not_placed))


def _joined(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[str]:
    """The values of an ordered sub-query, in its order, with commas between them."""
    if connection.dialect.name == "sqlite":
        return func.group_concat(column)
    return func.array_to_string(func.array_agg(column), ",")
