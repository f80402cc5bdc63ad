"""Undo an import: everything that it made or changed is put back as new versions, so that nothing of its history is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from plumbline.access.permissions import Permission, action
from plumbline.boms.actions import put_lines_back
from plumbline.boms.reads import structure
from plumbline.components.actions.put_back import put_back
from plumbline.components.model import Component, ComponentState
from plumbline.components.reads import components_by_keys, saved_in
from plumbline.imports.actions.steps import record_undone
from plumbline.imports.errors import ImportMovedOn
from plumbline.imports.lifecycle import Verb, state_after
from plumbline.imports.model import Import
from plumbline.imports.reads import import_by_id
from plumbline.storage.unit_of_work import UnitOfWork

NAMED_MAX = 10


@action(needs=Permission.COMPONENTS_ARCHIVE)
def undo_import(work: UnitOfWork, import_id: str) -> Import:
    """Components get their fields and lines of before, as new versions; those that the import created are archived. Categories and
    attributes stay. Refused, with names, if any of it was changed, released or used since."""
    present = import_by_id(work, import_id)
    state_after(present.state, Verb.UNDO)
    change = present.change_number
    if change is not None:
        work.origin = f"undo:{present.id}"
        touched = _unmoved(work, change)
        restored = put_back(work, touched, change - 1)
        put_lines_back(work, restored, change - 1)
    return record_undone(work, present)


def _unmoved(work: UnitOfWork, change: int) -> Sequence[Component]:
    """What the import saved, if nobody did anything with it since. Raises ImportMovedOn."""
    saved = saved_in(work, change)
    touched = components_by_keys(work, [each.component_key for each in saved])
    newest = {each.component_key for each in saved if each.is_newest}
    moved = [f"{each.cpn} was changed" for each in touched.values() if each.key not in newest]
    moved += [
        f"{each.cpn} was released"
        for each in touched.values()
        if each.key in newest and each.state is ComponentState.RELEASED
    ]
    moved += _used_elsewhere(work, touched, {each.component_key for each in saved if each.is_first})
    if moved:
        others = f", and {len(moved) - NAMED_MAX} more" if len(moved) > NAMED_MAX else ""
        raise ImportMovedOn(
            f"Since the import, {', '.join(moved[:NAMED_MAX])}{others}.",
            path=("id",),
            hint="Take that back first, or correct what is wrong by hand.",
        )
    return list(touched.values())


def _used_elsewhere(work: UnitOfWork, touched: Mapping[int, Component], created: Collection[int]) -> Iterator[str]:
    """Components that the import created, on lines of assemblies whose lines it does not bring back."""
    parents_of = structure(work).parents
    for key in created:
        if any(parent not in touched for parent in parents_of.get(key, ())):
            yield f"{touched[key].cpn} was used elsewhere"
