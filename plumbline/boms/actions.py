"""Verbs of BOMs: one action takes all edits of any number of parents, in one transaction.

The library's lock is held, so the graph that the check for cycles walks is the graph that the new lines join.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from plumbline.access.permissions import Permission, action
from plumbline.boms import store
from plumbline.boms.cycles import cycle_through
from plumbline.boms.errors import BomCycle, InvalidBomEdit
from plumbline.boms.events import BomChanged
from plumbline.boms.lines import Children, LineRow, applied, line_rows
from plumbline.boms.model import BomEdit, BomLine, LineChange, NewLine
from plumbline.boms.reads import structure_at
from plumbline.boms.structure import NO_LINES, Lines, Structure
from plumbline.components.actions.lock import refuse_locked
from plumbline.components.actions.release import release_versions
from plumbline.components.actions.saving import save_next_versions_of
from plumbline.components.actions.update import refuse_stale
from plumbline.components.model import Component, ReleaseRequest
from plumbline.components.reads import components_by_ids, components_by_keys, find_components
from plumbline.components.view import RELEASED, WORKING
from plumbline.kit.errors import PathPart
from plumbline.storage.intervals import OPEN
from plumbline.storage.unit_of_work import UnitOfWork

PARENTS_MAX = 2000
LINES_MAX = 100_000
"""Edits in one call."""


@dataclass(slots=True)
class _Writes:
    """What a call is going to write, gathered before anything is written."""

    closed: dict[int, list[int]] = field(default_factory=dict)
    opened: dict[int, list[LineRow]] = field(default_factory=dict)
    counts: dict[int, tuple[int, int, int]] = field(default_factory=dict)


@action(needs=Permission.BOMS_EDIT)
def edit_boms(work: UnitOfWork, edits: Sequence[BomEdit]) -> list[Component]:
    """Applies the edits; each parent whose lines changed gets one new version. Answers the parents, in the order given."""
    _refuse_size(edits)
    parents = components_by_ids(work, [edit.parent for edit in edits], path="edits")
    refuse_locked(work, parents)
    for index, (edit, parent) in enumerate(zip(edits, parents, strict=True)):
        refuse_stale(parent, edit.expected_version, ("edits", index))
    children = _children(work, edits)
    by_key = {parent.key: parent for parent in parents}
    before = _lines_before(work, by_key)
    after = applied(edits, parents, before, children, work.new_id)
    writes = _writes(before, after)
    if not writes.opened and not writes.closed:
        return parents
    _refuse_cycles(work, before, after)
    saved = _write(work, by_key, writes)
    return [saved.get(parent.key, parent) for parent in parents]


@action(needs=Permission.COMPONENTS_RELEASE)
def release_components(
    work: UnitOfWork, requests: Sequence[ReleaseRequest], *, change_order_id: str | None = None
) -> list[Component]:
    """Each item's newest version becomes the released one, with its lines; it carries the revision and the status from then on.

    Change orders release through here; the action also stands alone, for set-ups without change orders and for the example library.
    """
    released = release_versions(work, requests, change_order_id=change_order_id)
    _refuse_released_cycles(work, released)
    return released


def _refuse_released_cycles(work: UnitOfWork, released: Sequence[Component]) -> None:
    """Two releases that were fine when each was made can be parts of each other: first A with B in it, later B with A in it."""
    number, keys = work.change.number, [each.key for each in released]
    lines = store.graph_of_parents(work.connection, work.library_id, keys, number)
    if not lines:
        return
    graph = structure_at(work, RELEASED, work.change_before)
    graph = graph.with_lines(number, {key: lines.get(key, NO_LINES) for key in keys})
    cycle = cycle_through(graph, {key: set(each.children) for key, each in lines.items()})
    if cycle is not None:
        named = components_by_keys(work, cycle)
        way = " → ".join(named[key].cpn for key in cycle)
        raise BomCycle(
            f"As released, {named[cycle[0]].cpn} would be part of itself: {way}.",
            path=("items",),
            expected="releases that do not contain each other",
            hint="Release the newest versions of the others first, or together with it.",
        )


def put_lines_back(work: UnitOfWork, parents: Sequence[Component], at_change: int) -> None:
    """Gives each parent the lines that it had at a change of the library, as a new version where they differ; each line is again the one
    that it was. Called by whoever undoes something, no verb of its own."""
    refuse_locked(work, parents)
    by_key = {parent.key: parent for parent in parents}
    before = _lines_before(work, by_key)
    after: dict[int, list[BomLine]] = {key: [] for key in by_key}
    for line in store.lines_of_parents(work.connection, work.library_id, list(by_key), at_change):
        after[line.parent_key].append(line)
    writes = _writes(before, after)
    if writes.opened or writes.closed:
        _refuse_cycles(work, before, after)
        _write(work, by_key, writes)


def _refuse_size(edits: Sequence[BomEdit]) -> None:
    if not 1 <= len(edits) <= PARENTS_MAX:
        raise InvalidBomEdit(
            f"There are edits of {len(edits)} parents.", path=("edits",), expected=f"1 to {PARENTS_MAX}"
        )
    if len({edit.parent for edit in edits}) < len(edits):
        raise InvalidBomEdit("A parent is named twice.", path=("edits",), expected="all edits of a parent together")
    count = sum(len(e.add) + len(e.change) + len(e.move) + len(e.remove) + len(e.replace_all or ()) for e in edits)
    if count > LINES_MAX:
        raise InvalidBomEdit(f"There are {count} edits.", path=("edits",), expected=f"at most {LINES_MAX}")


def _children(work: UnitOfWork, edits: Sequence[BomEdit]) -> Children:
    """Every component that the edits put on a line or name as a substitute, by id."""
    wanted: dict[str, tuple[PathPart, ...]] = {}
    for index, edit in enumerate(edits):
        named: tuple[tuple[str, Sequence[NewLine | LineChange]], ...] = (
            ("add", edit.add),
            ("lines", edit.replace_all or ()),
            ("change", edit.change),
        )
        for name, lines in named:
            for place, line in enumerate(lines):
                path = ("edits", index, name, place)
                if isinstance(line.child, str):
                    wanted.setdefault(line.child, (*path, "childId"))
                for substitute in line.substitutes if isinstance(line.substitutes, tuple) else ():
                    wanted.setdefault(substitute, (*path, "substitutes"))
    found = {component.id: component for component in find_components(work, list(wanted))}
    return Children(found, wanted)


def _lines_before(work: UnitOfWork, parents: dict[int, Component]) -> dict[int, list[BomLine]]:
    before: dict[int, list[BomLine]] = {key: [] for key in parents}
    for line in store.lines_of_parents(work.connection, work.library_id, list(parents), None):
        before[line.parent_key].append(line)
    return before


def _writes(before: dict[int, list[BomLine]], after: dict[int, list[BomLine]]) -> _Writes:
    """Lines that differ from how they are now: closed where they were, opened as they shall be."""
    writes = _Writes()
    for parent, lines in after.items():
        old = {line.line_id: line for line in before[parent]}
        new = {line.line_id: line for line in lines}
        opened = [
            line for line_id, line in new.items() if line_id not in old or line != old[line_id]._replace(key=line.key)
        ]
        closed = [
            line for line_id, line in old.items() if line_id not in new or line != new[line_id]._replace(key=line.key)
        ]
        if opened or closed:
            writes.opened[parent] = line_rows(opened)
            writes.closed[parent] = [line.key for line in closed]
            added = sum(1 for line_id in new if line_id not in old)
            removed = sum(1 for line_id in old if line_id not in new)
            writes.counts[parent] = (added, len(opened) - added, removed)
    return writes


def _refuse_cycles(work: UnitOfWork, before: dict[int, list[BomLine]], after: dict[int, list[BomLine]]) -> None:
    new_children = {
        parent: {line.child_key for line in lines} - {line.child_key for line in before[parent]}
        for parent, lines in after.items()
    }
    new_children = {parent: children for parent, children in new_children.items() if children}
    if not new_children:
        return
    # The graph before this call, less the lines that it takes away, plus the lines that it adds.
    graph = _graph_now(work)
    kept = {parent: _still(graph.of(parent), {line.child_key for line in lines}) for parent, lines in after.items()}
    cycle = cycle_through(graph.with_lines(graph.at_change, kept), new_children)
    if cycle is not None:
        named = components_by_keys(work, cycle)
        way = " → ".join(named[key].cpn for key in cycle)
        raise BomCycle(
            f"{named[cycle[0]].cpn} would become part of itself: {way}.",
            path=("edits",),
            expected="a child that does not contain its parent",
        )


def _graph_now(work: UnitOfWork) -> Structure:
    """The graph as it stands, with what this transaction has written so far: an import edits BOMs in several calls."""
    graph = structure_at(work, WORKING, work.change_before)
    if not work.changed:
        return graph
    number = work.change.number
    parents = store.parents_changed_between(work.connection, work.library_id, work.change_before, number)
    lines = store.graph_of_parents(work.connection, work.library_id, parents, number)
    return graph.with_lines(number, {parent: lines.get(parent, NO_LINES) for parent in parents})


def _still(lines: Lines, children: set[int]) -> Lines:
    return lines.where(lambda place: lines.children[place] in children)


def _write(work: UnitOfWork, parents: dict[int, Component], writes: _Writes) -> dict[int, Component]:
    saved = save_next_versions_of(work, [parents[key] for key in writes.opened], ("children",))
    change = work.change.number
    rows: list[LineRow] = []
    for key, parent in saved.items():
        store.close_lines(work.connection, writes.closed[key], change=change, version=parent.version)
        opening = {"from_version": parent.version, "to_version": OPEN, "from_change": change, "to_change": OPEN}
        rows.extend({**row, **opening, "library_id": work.library_id} for row in writes.opened[key])
        work.emit(BomChanged(parent.id, parent.cpn, parent.version, *writes.counts[key]))
    store.insert_lines(work.connection, rows)
    return saved
