"""Builds the example library: everything released as A, then one change released as B, then one that is still in work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.designators import parse_designators
from plumbline.boms.model import BomEdit, LineChange, LineMove, NewLine
from plumbline.boms.reads import lines_of
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.model import UNSET, Component, ComponentChange, ReleaseRequest
from plumbline.components.reads import components_by_ids
from plumbline.testing.callers import Caller
from plumbline.testing.scenarios.tables import (
    Change,
    LineEdit,
    LineRow,
    PartRow,
    Table,
    attributes_in,
    change_table,
    part_tables,
)

TOP = "thistle"
STATUS_RELEASED = "Production"
REVISION_FIRST = "A"
ITEM_STEP = 10


@dataclass(frozen=True, slots=True)
class ExampleLibrary:
    """Where to start looking. `cpns` holds the part number of everything, by its key in the tables."""

    top: str
    """The part number of the product."""
    cpns: Mapping[str, str]
    released_change: Change
    """What is B by now."""
    change_in_work: Change
    """What is newer than its release, or was never released."""


def build(administrator: Caller) -> ExampleLibrary:
    """Fills an empty library that has the default preset; the same part numbers every time. Takes about a second."""
    rows = part_tables()
    ids = _created(administrator, rows)
    administrator.run(edit_boms, [_first_lines(row, ids) for row in rows if row.lines])
    _release(administrator, ids, list(ids), REVISION_FIRST)
    released, in_work = change_table("released"), change_table("in_work")
    for change in (released, in_work):
        _carry_out(administrator, change, ids)
    cpns = {each.id: each.cpn for each in administrator.ask(components_by_ids, list(ids.values()))}
    by_key = {key: cpns[component_id] for key, component_id in ids.items()}
    return ExampleLibrary(by_key[TOP], by_key, released, in_work)


def _created(caller: Caller, rows: Sequence[PartRow]) -> dict[str, str]:
    """Component ids by key."""
    made = caller.run(create_components, [row.component for row in rows])
    return {row.key: component.id for row, component in zip(rows, made, strict=True)}


def _release(caller: Caller, ids: Mapping[str, str], keys: Sequence[str], revision: str) -> None:
    requests = [ReleaseRequest(ids[key], revision, STATUS_RELEASED) for key in keys]
    caller.run(release_components, requests)


def _first_lines(row: PartRow, ids: Mapping[str, str]) -> BomEdit:
    lines = [_new_line(line, ids, ITEM_STEP * place) for place, line in enumerate(row.lines, start=1)]
    return BomEdit(ids[row.key], add=tuple(lines))


def _new_line(row: LineRow, ids: Mapping[str, str], item_number: int) -> NewLine:
    assert row.part is not None, "a new line names its part"
    return NewLine(
        child=ids[row.part],
        quantity=_quantity(row) or Decimal(1),
        item_number=item_number,
        reference_designators=row.designators or "",
        notes=row.notes or "",
        is_do_not_place=bool(row.is_do_not_place),
        substitutes=tuple(ids[key] for key in row.substitutes or ()),
    )


def _quantity(row: LineRow) -> Decimal | None:
    """As written, or as many as there are designators."""
    if row.quantity is None and row.designators is not None:
        return Decimal(len(parse_designators(row.designators)))
    return row.quantity


def _carry_out(caller: Caller, change: Change, ids: dict[str, str]) -> None:
    ids.update(_created(caller, change.new_parts))
    caller.run(update_components, [_part_change(ids[key], table) for key, table in change.parts.items()])
    parents = caller.ask(components_by_ids, [ids[key] for key in change.boms])
    caller.run(edit_boms, _edits(caller, change, ids, parents))
    if change.revision is not None:
        _release(caller, ids, change.release, change.revision)


def _part_change(component_id: str, table: Table) -> ComponentChange:
    description = str(table["description"]) if "description" in table else UNSET
    return ComponentChange(component_id, description=description, attributes=attributes_in(table))


def _edits(caller: Caller, change: Change, ids: Mapping[str, str], parents: Sequence[Component]) -> list[BomEdit]:
    lines = caller.ask(lines_of, parents)
    components = caller.ask(components_by_ids, list(ids.values()))
    names = {component.key: key for key, component in zip(ids, components, strict=True)}
    return [
        _edit(
            parent.id,
            edits,
            ids,
            {names[line.child_key]: line.line_id for line in lines[parent.key]},
            max(line.item_number or 0 for line in lines[parent.key]),
        )
        for parent, edits in zip(parents, change.boms.values(), strict=True)
    ]


def _edit(
    parent_id: str, edits: Sequence[LineEdit], ids: Mapping[str, str], line_ids: Mapping[str, str], last_item: int
) -> BomEdit:
    """`line_ids`: the lines of the parent, by the key of their part."""
    added = [each.row for each in edits if each.line is None and each.remove is None]
    changed = [each for each in edits if each.line is not None and each.before is None]
    return BomEdit(
        parent_id,
        add=tuple(_new_line(row, ids, last_item + ITEM_STEP * place) for place, row in enumerate(added, start=1)),
        change=tuple(_line_change(line_ids[each.line or ""], each.row, ids) for each in changed),
        move=tuple(
            LineMove(line_ids[each.line or ""], before_line_id=line_ids[each.before]) for each in edits if each.before
        ),
        remove=tuple(line_ids[each.remove] for each in edits if each.remove is not None),
    )


def _line_change(line_id: str, row: LineRow, ids: Mapping[str, str]) -> LineChange:
    quantity = _quantity(row)
    return LineChange(
        line_id,
        child=UNSET if row.part is None else ids[row.part],
        quantity=UNSET if quantity is None else quantity,
        reference_designators=UNSET if row.designators is None else row.designators,
        notes=UNSET if row.notes is None else row.notes,
        is_do_not_place=UNSET if row.is_do_not_place is None else row.is_do_not_place,
        substitutes=UNSET if row.substitutes is None else tuple(ids[key] for key in row.substitutes),
    )
