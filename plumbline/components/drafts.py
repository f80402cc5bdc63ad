"""From what a caller sent to what may be saved (pure): references resolved, every field checked, all faults of all inputs told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from plumbline.catalog.attributes import TypedValue, typed_value
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.model import Category, CategoryType
from plumbline.catalog.reads import Catalog
from plumbline.components.fields import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    REVISION_LENGTH_MAX,
    SHORT_TEXT_MAX,
    Path,
    checked_aliases,
    checked_procurement,
    checked_sources,
    checked_text,
    checked_unit,
    labels_text,
    optional_text,
)
from plumbline.components.model import Component, ComponentChange, NewComponent, NewSource, Procurement, Unset
from plumbline.kit.errors import Refusal

FAULTS_MAX = 20
"""Faults that one answer names; a caller who sent ten thousand bad rows learns enough from twenty."""

Sent = TypeVar("Sent")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a version's own row."""

    name: str
    description: str
    category_id: str
    status_id: str
    revision: str | None
    eid: str | None
    procurement: str
    unit_of_measure: str
    labels: str
    is_archived: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything of a version that is to be saved. None for a detail means that it stays as it is."""

    fields: Fields
    attributes: Mapping[str, TypedValue | None] = field(default_factory=dict)
    """By attribute id; None clears the value."""
    sources: tuple[NewSource, ...] | None = None
    aliases: tuple[tuple[str, str], ...] | None = None


def draft_of(new: NewComponent, known: Catalog, path: Path) -> Draft:
    """A new component's first version."""
    category = _category(new.category, known, path)
    fields = Fields(
        name=checked_text(new.name, NAME_LENGTH_MAX, (*path, "name"), required=True),
        description=checked_text(new.description, DESCRIPTION_LENGTH_MAX, (*path, "description")),
        category_id=category.id,
        status_id=known.statuses[0].id if new.status is None else known.status(new.status, (*path, "status")).id,
        revision=optional_text(new.revision, REVISION_LENGTH_MAX, (*path, "revision")),
        eid=optional_text(new.eid, SHORT_TEXT_MAX, (*path, "eid")),
        procurement=checked_procurement(new.procurement or _usual_procurement(category), (*path, "procurement")),
        unit_of_measure=checked_unit(new.unit_of_measure or category.unit_of_measure, (*path, "unitOfMeasure")),
        labels=labels_text(new.labels, (*path, "labels")),
        is_archived=False,
    )
    return Draft(
        fields,
        checked_attributes(new.attributes, category.id, known, path),
        checked_sources(new.sources, (*path, "sources")),
        checked_aliases(new.aliases, (*path, "aliases")),
    )


def changed_draft(current: Component, change: ComponentChange, known: Catalog, path: Path) -> Draft:
    """The version that an update asks for; whether it differs from the present one is for the caller to see."""
    fields = fields_of(current)
    wanted = Fields(
        name=_or(change.name, fields.name, lambda v: checked_text(v, NAME_LENGTH_MAX, (*path, "name"), required=True)),
        description=_or(
            change.description,
            fields.description,
            lambda v: checked_text(v or "", DESCRIPTION_LENGTH_MAX, (*path, "description")),
        ),
        category_id=_or(change.category, fields.category_id, lambda v: known.category(v, (*path, "category")).id),
        status_id=_or(change.status, fields.status_id, lambda v: known.status(v, (*path, "status")).id),
        revision=_or(
            change.revision, fields.revision, lambda v: optional_text(v, REVISION_LENGTH_MAX, (*path, "revision"))
        ),
        eid=_or(change.eid, fields.eid, lambda v: optional_text(v, SHORT_TEXT_MAX, (*path, "eid"))),
        procurement=_or(
            change.procurement, fields.procurement, lambda v: checked_procurement(v, (*path, "procurement"))
        ),
        unit_of_measure=_or(
            change.unit_of_measure, fields.unit_of_measure, lambda v: checked_unit(v, (*path, "unitOfMeasure"))
        ),
        labels=_or(change.labels, fields.labels, lambda v: labels_text(v, (*path, "labels"))),
        is_archived=_or(change.is_archived, fields.is_archived, bool),
    )
    return Draft(
        wanted,
        checked_attributes(change.attributes, wanted.category_id, known, path),
        None if isinstance(change.sources, Unset) else checked_sources(change.sources, (*path, "sources")),
        None if isinstance(change.aliases, Unset) else checked_aliases(change.aliases, (*path, "aliases")),
    )


def fields_of(component: Component) -> Fields:
    return Fields(
        component.name,
        component.description,
        component.category_id,
        component.status_id,
        component.revision,
        component.eid,
        component.procurement,
        component.unit_of_measure,
        component.labels,
        component.is_archived,
    )


def changed_fields(before: Fields, after: Fields) -> tuple[str, ...]:
    """Names of the fields that differ."""
    return tuple(name for name in Fields.__slots__ if getattr(before, name) != getattr(after, name))


def checked_attributes(
    values: Mapping[str, object], category_id: str, known: Catalog, path: Path
) -> dict[str, TypedValue | None]:
    """Values by attribute id. An attribute may be given by name or id, but not twice."""
    checked: dict[str, TypedValue | None] = {}
    for reference, raw in values.items():
        place = (*path, "attributes", reference)
        attribute = known.attribute(reference, place)
        if attribute.id in checked:
            raise InvalidAttributeValue(
                f"{attribute.name} is given twice.", path=place, expected="every attribute once"
            )
        has_rule = (category_id, attribute.id) in known.ruled_attributes
        judged = attribute._replace(choices=()) if has_rule else attribute
        checked[attribute.id] = typed_value(judged, raw, place)
    return checked


def all_or_refuse(attempts: Iterable[tuple[Value | None, Refusal | None]]) -> list[Value]:
    """The values, or one refusal that carries all the others."""
    values: list[Value] = []
    faults: list[Refusal] = []
    for value, fault in attempts:
        if fault is not None:
            faults.append(fault)
            if len(faults) >= FAULTS_MAX:
                break
        elif value is not None:
            values.append(value)
    if faults:
        faults[0].also = tuple(faults[1:])
        raise faults[0]
    return values


def _category(reference: str | None, known: Catalog, path: Path) -> Category:
    if reference is not None:
        return known.category(reference, (*path, "category"))
    return known.default_category


def _usual_procurement(category: Category) -> Procurement:
    made = category.type in (CategoryType.ASSEMBLY, CategoryType.DOCUMENT, CategoryType.SOFTWARE)
    return Procurement.MAKE if made else Procurement.BUY


def _or(wanted: Sent | Unset, present: Value, check: Callable[[Sent], Value]) -> Value:
    """The checked value if one was sent, else the present one."""
    return present if isinstance(wanted, Unset) else check(wanted)
