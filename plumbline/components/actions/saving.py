"""Saving versions: the one place where rows of the part master are written.

Other rooms whose changes are changes of a component (the lines of its BOM) make its next version here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from plumbline.components.drafts import Draft, changed_fields, fields_of
from plumbline.components.errors import AliasTaken
from plumbline.components.events import ComponentArchived, ComponentUpdated
from plumbline.components.model import Component, NewSource, Source
from plumbline.components.store import details, history
from plumbline.components.store.rows import components_by_keys
from plumbline.components.store.tables import aliases, attribute_values, sources
from plumbline.kit.events import Event
from plumbline.numbering.revision_scheme import sort_key
from plumbline.storage.intervals import OPEN, close_rows
from plumbline.storage.unit_of_work import UnitOfWork


def save_first_versions(work: UnitOfWork, cpns: Sequence[str], drafts: Sequence[Draft]) -> list[Component]:
    """Inserts components, each at version 1, in the order given."""
    change = work.change
    stamp = {"library_id": work.library_id, "created_at": change.changed_at, "created_by": work.actor.user_id}
    identities = [{"id": work.new_id(), "cpn": cpn, **stamp} for cpn in cpns]
    keys = history.insert_components(work.connection, identities)
    saved = [
        _component(work, keys[identity["id"]], identity["id"], identity["cpn"], draft)
        for identity, draft in zip(identities, drafts, strict=True)
    ]
    history.insert_versions(work.connection, [_version_row(work, each) for each in saved])
    _insert_details(work, saved, drafts)
    return saved


def save_next_version(work: UnitOfWork, current: Component, draft: Draft, *, saves_anyway: bool = False) -> Component:
    """Saves what differs from the present version; saves nothing, and answers the present version, if nothing does."""
    changed = set(changed_fields(fields_of(current), draft.fields))
    attribute_rows = _changed_attributes(work, current, draft)
    source_rows = _changed_sources(work, current, draft)
    alias_rows = _changed_aliases(work, current, draft)
    changed |= {
        name
        for name, rows in (("attributes", attribute_rows), ("sources", source_rows), ("aliases", alias_rows))
        if any(rows)
    }
    if not changed and not saves_anyway:
        return current
    saved = _next(work, current, asdict(draft.fields))
    history.close_versions(work.connection, [current.key], work.change.number)
    history.insert_versions(work.connection, [_version_row(work, saved)])
    for table, (closed, opened) in (
        (attribute_values, attribute_rows),
        (sources, source_rows),
        (aliases, alias_rows),
    ):
        close_rows(work.connection, table, closed, change=work.change.number, version=saved.version)
        details.insert_details(work.connection, table, [{**row, **_opening(work, saved)} for row in opened])
    work.emit(_event_of(current, saved, tuple(sorted(changed))))
    return saved


def save_next_versions_of(
    work: UnitOfWork, owners: Sequence[Component], fields: tuple[str, ...]
) -> dict[int, Component]:
    """The next version of each component, its own row unchanged, because something that belongs to it changed; by key."""
    saved = [_next(work, owner, {}) for owner in owners]
    history.close_versions(work.connection, [owner.key for owner in owners], work.change.number)
    history.insert_versions(work.connection, [_version_row(work, each) for each in saved])
    for each in saved:
        work.emit(ComponentUpdated(each.id, each.cpn, each.version, each.revision, fields))
    return {each.key: each for each in saved}


def refuse_taken_aliases(work: UnitOfWork, wanted: Mapping[str, tuple[int | None, tuple[str | int, ...]]]) -> None:
    """`wanted`: alias → (the component that wants it, None for a new one; its place in the input)."""
    taken = details.aliases_taken(work.connection, work.library_id, list(wanted))
    for value, holder in taken.items():
        wanted_by, path = wanted[value]
        if holder != wanted_by:
            other = components_by_keys(work.connection, work.library_id, [holder])[holder]
            raise AliasTaken(f"The alias {value[:80]!r} belongs to {other.cpn}.", path=path)


def _component(work: UnitOfWork, key: int, component_id: str, cpn: str, draft: Draft) -> Component:
    fields = draft.fields
    moment, user = work.change.changed_at, work.actor.user_id
    return Component(
        key, component_id, cpn, 1,
        fields.name, fields.description, fields.category_id, fields.status_id, fields.revision, fields.eid,
        fields.procurement, fields.unit_of_measure, fields.labels, fields.is_archived,
        moment, user, moment, user, None, None, None,
    )  # fmt: skip


def _next(work: UnitOfWork, current: Component, fields: Mapping[str, Any]) -> Component:
    return current._replace(
        version=current.version + 1, updated_at=work.change.changed_at, updated_by=work.actor.user_id, **fields
    )


def _version_row(work: UnitOfWork, component: Component) -> dict[str, Any]:
    return {
        "library_id": work.library_id,
        "component_key": component.key,
        "number": component.version,
        "from_change": work.change.number,
        "to_change": OPEN,
        "saved_at": component.updated_at,
        "saved_by": component.updated_by,
        "name": component.name,
        "description": component.description,
        "category_id": component.category_id,
        "status_id": component.status_id,
        "revision": component.revision,
        "revision_sort": sort_key(component.revision) if component.revision else "",
        "eid": component.eid,
        "procurement": component.procurement,
        "unit_of_measure": component.unit_of_measure,
        "labels": component.labels,
        "is_archived": component.is_archived,
    }


def _opening(work: UnitOfWork, owner: Component) -> dict[str, Any]:
    return {
        "library_id": work.library_id,
        "component_key": owner.key,
        "from_version": owner.version,
        "to_version": OPEN,
        "from_change": work.change.number,
        "to_change": OPEN,
    }


def _insert_details(work: UnitOfWork, saved: Sequence[Component], drafts: Sequence[Draft]) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {attribute_values: [], sources: [], aliases: []}
    for owner, draft in zip(saved, drafts, strict=True):
        if not (draft.attributes or draft.sources or draft.aliases):
            continue
        opening = _opening(work, owner)
        for attribute_id, value in draft.attributes.items():
            if value is not None:
                rows[attribute_values].append({"attribute_id": attribute_id, **value._asdict(), **opening})
        for rank, source in enumerate(draft.sources or (), start=1):
            rows[sources].append({**_source_row(work.new_id(), rank, source), **opening})
        for kind, value_text in draft.aliases or ():
            rows[aliases].append({"kind": kind, "value": value_text, **opening})
    for table, each in rows.items():
        details.insert_details(work.connection, table, each)


Rows = tuple[list[int], list[dict[str, Any]]]
"""Keys of rows to close, and rows to open in their place."""


def _changed_attributes(work: UnitOfWork, current: Component, draft: Draft) -> Rows:
    if not draft.attributes:
        return [], []
    present = details.open_rows(work.connection, attribute_values, current.key)
    values = {
        each.attribute_id: each.value
        for each in details.details_at_version(work.connection, current, current.version)[0]
    }
    closed, opened = [], []
    for attribute_id, value in draft.attributes.items():
        if values.get(attribute_id) == value:
            continue
        if attribute_id in present:
            closed.append(present[attribute_id])
        if value is not None:
            opened.append({"attribute_id": attribute_id, **value._asdict()})
    return closed, opened


def _changed_sources(work: UnitOfWork, current: Component, draft: Draft) -> Rows:
    """A source keeps its id as long as its manufacturer and MPN stay."""
    if draft.sources is None:
        return [], []
    present = details.open_rows(work.connection, sources, current.key)
    before = details.details_at_version(work.connection, current, current.version)[1]
    by_identity: dict[tuple[str, str], Source] = {(each.source.manufacturer, each.source.mpn): each for each in before}
    closed = {each.id for each in before}
    opened = []
    for rank, source in enumerate(draft.sources, start=1):
        old = by_identity.pop((source.manufacturer, source.mpn), None)
        if old is not None and old.rank == rank and old.source == source:
            closed.discard(old.id)
        else:
            opened.append(_source_row(work.new_id() if old is None else old.id, rank, source))
    return [present[source_id] for source_id in closed], opened


def _changed_aliases(work: UnitOfWork, current: Component, draft: Draft) -> Rows:
    if draft.aliases is None:
        return [], []
    present = details.open_rows(work.connection, aliases, current.key)
    before = {
        each.value: each.kind for each in details.details_at_version(work.connection, current, current.version)[2]
    }
    wanted = {value: kind for kind, value in draft.aliases}
    closed = [key for value, key in present.items() if wanted.get(value) != before[value]]
    opened = [{"kind": kind, "value": value} for value, kind in wanted.items() if before.get(value) != kind]
    return closed, opened


def _source_row(source_id: str, rank: int, source: NewSource) -> dict[str, Any]:
    return {
        "id": source_id,
        "rank": rank,
        "manufacturer": source.manufacturer,
        "mpn": source.mpn,
        "description": source.description,
        "datasheet": source.datasheet,
        "status": source.status,
        "offers": details.offers_text(source.offers),
    }


def _event_of(before: Component, after: Component, fields: tuple[str, ...]) -> Event:
    if after.is_archived and not before.is_archived:
        return ComponentArchived(after.id, after.cpn, after.version, after.revision)
    return ComponentUpdated(after.id, after.cpn, after.version, after.revision, fields)


def with_fields(component: Component, **values: Any) -> Draft:
    """A draft that changes only these fields of the component's own row."""
    return Draft(replace(fields_of(component), **values))
