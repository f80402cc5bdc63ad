"""What differs between two versions of a component with its lines, and the words in which it is told (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from plumbline.boms.comparison import LineDifference
from plumbline.boms.model import BomLine
from plumbline.components.differences import Area, ComponentDifference, difference_of
from plumbline.components.model import Brief, Component

PIECES = "EACH"
"""The unit that goes without saying."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the components on lines are called today."""

    children: Mapping[int, Brief]
    """By key."""
    substitutes: Mapping[str, str]
    """Part numbers, by id."""

    def child(self, line: BomLine) -> str:
        brief = self.children[line.child_key]
        return f"{brief.cpn} {brief.name}"


@dataclass(frozen=True, slots=True)
class ComponentDifferences:
    """`before` is None where the component was not there yet; then all that it is was added."""

    before: Component | None
    after: Component
    contents: tuple[ComponentDifference, ...]
    """Everything but the lines."""
    lines: tuple[LineDifference, ...]
    names: Names

    @property
    def differences(self) -> list[ComponentDifference]:
        """All of it in one form: the contents, then a difference for each line."""
        return [*self.contents, *(line_told(each, self.names) for each in self.lines)]

    @property
    def count(self) -> int:
        return len(self.contents) + len(self.lines)

    def __bool__(self) -> bool:
        return self.count > 0


def line_told(difference: LineDifference, names: Names) -> ComponentDifference:
    """A line in the form of all other differences: named after its child, told as whole lines."""
    before, after = difference.before, difference.after
    shown = before if after is None else after
    assert shown is not None, "a difference has one side at least"
    return difference_of(
        Area.LINE,
        ", ".join(kind.lower() for kind in difference.kinds),
        None if before is None else line_text(before, names),
        None if after is None else line_text(after, names),
        subject=names.child(shown),
    )


def line_text(line: BomLine, names: Names) -> str:
    """`4 × SCR-001 M3 screw [H1-H4]`, and in brackets what else there is to say."""
    text = f"{quantity_text(line)} × {names.child(line)}"
    if line.reference_designators:
        text += f" [{line.reference_designators}]"
    more = [
        f"item {line.item_number}" if line.item_number is not None else "",
        "not placed" if line.is_do_not_place else "",
        f"or {substitutes_text(line, names)}" if line.substitutes != "[]" else "",
        line.notes,
    ]
    said = "; ".join(each for each in more if each)
    return f"{text} ({said})" if said else text


def quantity_text(line: BomLine) -> str:
    """Pieces without a unit."""
    return line.quantity if line.unit == PIECES else f"{line.quantity} {line.unit}"


def substitutes_of(lines: Sequence[BomLine]) -> list[str]:
    """Ids of all substitutes, each once."""
    return list(dict.fromkeys(each for line in lines if line.substitutes != "[]" for each in _ids(line)))


def substitutes_text(line: BomLine, names: Names) -> str:
    return ", ".join(names.substitutes.get(each, each) for each in _ids(line))


def _ids(line: BomLine) -> list[str]:
    return list(orjson.loads(line.substitutes))
