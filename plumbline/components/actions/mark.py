"""Favourites and pins: a user's own marks. They belong to the user, so they make no version."""

from __future__ import annotations

from plumbline.access.permissions import Permission, action
from plumbline.components.model import Component, MarkKind
from plumbline.components.reads import components_by_ids
from plumbline.components.store import details
from plumbline.storage.unit_of_work import UnitOfWork


@action(needs=Permission.MARKS_OWN)
def mark_component(work: UnitOfWork, component_id: str, kind: MarkKind, *, marked: bool = True) -> Component:
    """Sets or removes one of the caller's marks; either twice is as good as once."""
    component = components_by_ids(work, [component_id], path="id")[0]
    present = kind in details.marks_of(work.connection, [component.key], work.actor.user_id)[component.key]
    if marked and not present:
        details.set_mark(work.connection, work.library_id, work.actor.user_id, component.key, kind)
    elif present and not marked:
        details.remove_mark(work.connection, work.actor.user_id, component.key, kind)
    return component
