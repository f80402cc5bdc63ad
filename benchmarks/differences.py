"""What differs between two versions of an assembly of 5,000 lines; the floor is what the database takes to hand over the lines of both."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import text

from benchmarks.measuring import measured
from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, LineChange, LineMove, NewLine
from plumbline.boms.reads import compared_components, component_differences, impact_of, lines_of
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.differences import VersionSpan
from plumbline.components.model import Component, ComponentChange, NewComponent, ReleaseRequest
from plumbline.testing.callers import Caller

LINES = 5_000
ITEMS = 500
"""Of a large change order."""


def report(caller: Caller) -> list[str]:
    parts = caller.run(
        create_components, [NewComponent(f"Part {number}", category="Resistor") for number in range(LINES)]
    )
    board, other = caller.run(create_components, [NewComponent("Board"), NewComponent("Another board")])
    caller.run(edit_boms, [BomEdit(each.id, add=_lines(parts)) for each in (board, other)])
    [released] = caller.run(release_components, [ReleaseRequest(board.id)])
    lines = caller.ask(lines_of, [released])[board.key]
    few = [LineChange(line.line_id, quantity=Decimal(9)) for line in lines[::100]]
    caller.run(edit_boms, [BomEdit(board.id, change=tuple(few))])
    caller.run(edit_boms, [BomEdit(board.id, move=(LineMove(lines[-1].line_id, before_line_id=lines[0].line_id),))])
    every = [
        LineChange(line.line_id, quantity=Decimal(3), reference_designators=f"C{n}") for n, line in enumerate(lines)
    ]
    caller.run(edit_boms, [BomEdit(board.id, change=tuple(every))])
    first = released.version

    def differing(to: int) -> Callable[[], int]:
        span = VersionSpan(board.id, first, to)
        return lambda: caller.ask(component_differences, [span])[0].count

    floor = _floor_of_lines(caller, board, first)
    found = []
    for name, call in (
        ("50 quantities", differing(first + 1)),
        ("50 quantities and a move", differing(first + 2)),
        ("every line", differing(first + 3)),
        ("two boards of the same parts", lambda: len(caller.ask(compared_components, board, other))),
    ):
        took = measured(call)
        found.append(
            f"differences of {LINES} lines, {name} ({call()} found): {took.wall_ms:.0f} ms (goal <= 100); "
            f"reading the lines alone {floor:.0f} ms; ratio {took.wall_ms / floor:.1f}"
        )
    return found + _of_many(caller, parts[:ITEMS])


def _of_many(caller: Caller, parts: list[Component]) -> list[str]:
    changes = [ComponentChange(each.id, description="changed", attributes={"Mass": "1 g"}) for each in parts]
    caller.run(update_components, changes)
    spans, ids = [VersionSpan(each.id, 1) for each in parts], [each.id for each in parts]
    differences = measured(lambda: caller.ask(component_differences, spans))
    impact = measured(lambda: caller.ask(impact_of, ids))
    return [f"differences of {ITEMS} parts: {differences.wall_ms:.0f} ms; their impact: {impact.wall_ms:.0f} ms"]


def _lines(parts: list[Component]) -> tuple[NewLine, ...]:
    return tuple(
        NewLine(part.id, Decimal(2), item_number=place, reference_designators=f"R{2 * place}, R{2 * place + 1}")
        for place, part in enumerate(parts, start=1)
    )


def _floor_of_lines(caller: Caller, board: Component, version: int) -> float:
    """Milliseconds for the database to hand over the whole lines of two versions."""
    statement = text(
        "SELECT key, line_id, child_key, position, quantity, unit, item_number, reference_designators, notes, is_do_not_place, substitutes "
        "FROM bom_lines WHERE parent_key = :parent AND from_version <= :version AND to_version > :version"
    )

    def read() -> None:
        for each in (version, version + 3):
            connection.execute(statement, {"parent": board.key, "version": each}).fetchall()

    with caller.application.database.reading() as connection:
        return measured(read).wall_ms
