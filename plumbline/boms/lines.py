"""What the lines of a parent are after edits (pure): checks every field, keeps the identity of every line that stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from plumbline.boms.designators import format_designators, parse_designators
from plumbline.boms.errors import InvalidBomEdit, InvalidLine, LineMissing
from plumbline.boms.model import BomEdit, BomLine, LineChange, LineMove, NewLine
from plumbline.components.errors import ComponentMissing
from plumbline.components.fields import checked_text, checked_unit
from plumbline.components.model import UNSET, Component, Unset
from plumbline.kit.errors import PathPart
from plumbline.kit.quantity import bom_quantity, canonical

NOTES_LENGTH_MAX = 4000
ITEM_NUMBER_MAX = 1_000_000
SUBSTITUTES_MAX = 20
LINES_OF_PARENT_MAX = 20_000

LineRow = dict[str, Any]
Path = tuple[PathPart, ...]
Lines = dict[int, list[BomLine]]


@dataclass(frozen=True, slots=True)
class Children:
    """Components that edits name, by id, and where each was named first."""

    found: Mapping[str, Component]
    places: Mapping[str, Path]

    def __getitem__(self, component_id: str) -> Component:
        child = self.found.get(component_id)
        if child is None:
            raise ComponentMissing(
                f"There is no component with the id {component_id[:50]!r}.", path=self.places.get(component_id, ())
            )
        return child


def applied(
    edits: Sequence[BomEdit],
    parents: Sequence[Component],
    before: Mapping[int, Sequence[BomLine]],
    children: Children,
    new_id: Callable[[], str],
) -> Lines:
    """The lines of every parent after its edits. Moves between parents come last, when both are as they shall be."""
    after: Lines = {key: list(lines) for key, lines in before.items()}
    for index, (edit, parent) in enumerate(zip(edits, parents, strict=True)):
        _Parent(parent, after[parent.key], children, new_id, ("edits", index)).apply(edit)
    key_of = {parent.id: parent.key for parent in parents}
    for index, edit in enumerate(edits):
        for place, move in enumerate(edit.move):
            _move(after, key_of, edit.parent, move, ("edits", index, "move", place))
    for index, parent in enumerate(parents):
        if len(after[parent.key]) > LINES_OF_PARENT_MAX:
            raise InvalidBomEdit(
                f"{parent.cpn} would have {len(after[parent.key])} lines.",
                path=("edits", index),
                expected=f"at most {LINES_OF_PARENT_MAX}",
            )
    return {key: _numbered(key, lines) for key, lines in after.items()}


def line_rows(lines: Sequence[BomLine]) -> list[LineRow]:
    """Rows to insert, without the intervals in which they hold."""
    return [{name: value for name, value in line._asdict().items() if name != "key"} for line in lines]


@dataclass(frozen=True, slots=True)
class _Parent:
    """The lines of one parent while its edits are applied to them, in place."""

    parent: Component
    lines: list[BomLine]
    children: Children
    new_id: Callable[[], str]
    path: Path

    def apply(self, edit: BomEdit) -> None:
        if edit.replace_all is not None:
            self._replace_all(edit.replace_all)
        for place, line_id in enumerate(edit.remove):
            del self.lines[self._index(line_id, (*self.path, "remove", place))]
        for place, change in enumerate(edit.change):
            index = self._index(change.line_id, (*self.path, "change", place))
            self.lines[index] = self._changed(self.lines[index], change, (*self.path, "change", place))
        for place, new in enumerate(edit.add):
            self.lines.append(self._line(new, self.new_id(), (*self.path, "add", place)))

    def _replace_all(self, wanted: Sequence[NewLine]) -> None:
        """A line whose child is on the BOM already keeps its identity; several lines of one child are paired in their order."""
        present: dict[int, list[BomLine]] = {}
        for line in self.lines:
            present.setdefault(line.child_key, []).append(line)
        lines = []
        for place, new in enumerate(wanted):
            same = present.get(self.children[new.child].key)
            old = same.pop(0) if same else None
            line = self._line(new, self.new_id() if old is None else old.line_id, (*self.path, "lines", place))
            lines.append(line if old is None else line._replace(position=old.position))
        self.lines[:] = lines

    def _index(self, line_id: str, path: Path) -> int:
        for index, line in enumerate(self.lines):
            if line.line_id == line_id:
                return index
        raise LineMissing(f"{self.parent.cpn} has no line {line_id[:50]!r} now.", path=path)

    def _line(self, new: NewLine, line_id: str, path: Path) -> BomLine:
        child = self.children[new.child]
        self._refuse_itself(child, (*path, "childId"))
        return BomLine(
            key=0,
            line_id=line_id,
            parent_key=self.parent.key,
            child_key=child.key,
            position=0,
            quantity=canonical(bom_quantity(new.quantity, path=(*path, "quantity"))),
            unit=checked_unit(new.unit, (*path, "unit")) if new.unit else child.unit_of_measure,
            item_number=_item_number(new.item_number, (*path, "itemNumber")),
            reference_designators=_designators(new.reference_designators, (*path, "referenceDesignators")),
            notes=checked_text(new.notes, NOTES_LENGTH_MAX, (*path, "notes")),
            is_do_not_place=new.is_do_not_place,
            substitutes=self._substitutes(new.substitutes, child, path),
        )

    def _changed(self, line: BomLine, change: LineChange, path: Path) -> BomLine:
        values: dict[str, Any] = {}
        child = None
        if not isinstance(change.child, Unset):
            child = self.children[change.child]
            self._refuse_itself(child, (*path, "childId"))
            values["child_key"] = child.key
        if not isinstance(change.quantity, Unset):
            values["quantity"] = canonical(bom_quantity(change.quantity, path=(*path, "quantity")))
        if not isinstance(change.unit, Unset):
            values["unit"] = checked_unit(change.unit, (*path, "unit"))
        if not isinstance(change.item_number, Unset):
            values["item_number"] = _item_number(change.item_number, (*path, "itemNumber"))
        if not isinstance(change.reference_designators, Unset):
            designators = _designators(change.reference_designators, (*path, "referenceDesignators"))
            values["reference_designators"] = designators
        if not isinstance(change.notes, Unset):
            values["notes"] = checked_text(change.notes, NOTES_LENGTH_MAX, (*path, "notes"))
        if change.is_do_not_place is not UNSET:
            values["is_do_not_place"] = change.is_do_not_place
        if not isinstance(change.substitutes, Unset):
            values["substitutes"] = self._substitutes(change.substitutes, child, path)
        return line._replace(**values)

    def _refuse_itself(self, child: Component, path: Path) -> None:
        if child.is_archived:
            raise InvalidLine(f"{child.cpn} is archived.", path=path, hint="Restore it, or use another component.")

    def _substitutes(self, ids: Sequence[str], child: Component | None, path: Path) -> str:
        if len(ids) > SUBSTITUTES_MAX:
            raise InvalidLine(
                f"There are {len(ids)} substitutes.", path=(*path, "substitutes"), expected=f"at most {SUBSTITUTES_MAX}"
            )
        for each in ids:
            substitute = self.children[each]
            if substitute.key == self.parent.key or (child is not None and substitute.key == child.key):
                raise InvalidLine(
                    f"{substitute.cpn} cannot stand in here for itself.",
                    path=(*path, "substitutes"),
                    expected="other components",
                )
        return orjson.dumps(list(dict.fromkeys(ids))).decode()


def _move(after: Lines, key_of: Mapping[str, int], parent_id: str, move: LineMove, path: Path) -> None:
    source = after[key_of[parent_id]]
    line = next((each for each in source if each.line_id == move.line_id), None)
    if line is None:
        raise LineMissing(f"There is no line {move.line_id[:50]!r} to move.", path=(*path, "lineId"))
    target_id = move.to_parent or parent_id
    if target_id not in key_of:
        raise InvalidBomEdit(
            "The parent that the line moves to is not among the edited ones.",
            path=(*path, "toParentId"),
            hint="Name it in the same call, with no edits of its own.",
        )
    target = after[key_of[target_id]]
    source.remove(line)
    index = len(target)
    if move.before_line_id is not None:
        found = [place for place, each in enumerate(target) if each.line_id == move.before_line_id]
        if not found:
            raise LineMissing(
                f"There is no line {move.before_line_id[:50]!r} to put it before.", path=(*path, "beforeLineId")
            )
        index = found[0]
    before = target[index - 1].position if index else 0
    after_it = target[index].position if index < len(target) else before + 2 * POSITION_STEP
    position = (before + after_it) // 2 if after_it - before > 1 else 0
    target.insert(index, line._replace(parent_key=key_of[target_id], position=position))


def _numbered(parent_key: int, lines: Sequence[BomLine]) -> list[BomLine]:
    """Positions that grow along the list. They are kept where they do already, so that an edit touches no line beside it."""
    last = 0
    numbered = []
    for line in lines:
        position = line.position if line.position > last else last + POSITION_STEP
        numbered.append(line._replace(parent_key=parent_key, position=position))
        last = position
    return numbered


POSITION_STEP = 1024
"""Room between two lines, in which others can be put without touching them."""


def _item_number(value: int | None, path: Path) -> int | None:
    if value is not None and not 0 <= value <= ITEM_NUMBER_MAX:
        raise InvalidLine(f"The item number {value} is out of range.", path=path, expected=f"0 to {ITEM_NUMBER_MAX}")
    return value


def _designators(text: str, path: Path) -> str:
    return format_designators(parse_designators(checked_text(text, 40_000, path), path))
