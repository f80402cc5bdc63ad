"""Questions about components. Reads take many ids and answer in order; whatever belongs to another library is not found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import TypeVar

from plumbline.access.permissions import Permission, read
from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.reads import catalog
from plumbline.components.differences import BEFORE_THE_FIRST, VersionContent, VersionSpan, ends_of_span
from plumbline.components.errors import ComponentMissing, InvalidFilter, VersionMissing
from plumbline.components.filter import (
    DEPTH_MAX,
    EVERYTHING,
    FIELDS_OF_VERSIONS,
    LEAVES_MAX,
    NEWEST_FIRST,
    Field,
    Filter,
    Operator,
    Order,
    Where,
    fields_of,
    size_of,
)
from plumbline.components.model import (
    Alias,
    AttributeValue,
    Brief,
    Component,
    Head,
    MarkKind,
    PastValue,
    Release,
    RevisionsInUse,
    SavedIn,
    Source,
    Version,
)
from plumbline.components.store import at_versions, details, history, laws, rows, survey
from plumbline.components.store.filters import Condition, FilterCompiler, after_position, order_columns
from plumbline.components.view import WORKING, View, ViewMode
from plumbline.kit.errors import PathPart
from plumbline.kit.ids import is_id
from plumbline.kit.paging import Page, PageRequest, decode_cursor, encode_cursor
from plumbline.storage.intervals import AtVersion
from plumbline.storage.schema import Relation
from plumbline.storage.unit_of_work import Scope, change_number_at

LAWS = laws.LAWS

ORDER_FIELDS_MAX = 4
NOT_ARCHIVED = Where(Field.ARCHIVED, Operator.EQ, False)
_USUAL = (EVERYTHING, NOT_ARCHIVED)
VERSIONS_MAX = 1000
Detail = TypeVar("Detail")


@read(needs=Permission.LIBRARY_READ)
def list_components(
    scope: Scope,
    page: PageRequest,
    *,
    narrowed_to: Filter = EVERYTHING,
    order: Sequence[Order] = NEWEST_FIRST,
    view: View = WORKING,
    counted: bool = False,
) -> Page[Component]:
    """One page of the components that fit a filter; `counted` asks for the number of all of them as well."""
    _refuse_oversize(narrowed_to, order)
    known = cache(lambda: catalog(scope))
    is_usual = view == WORKING and narrowed_to in _USUAL and rows.is_usual_order(order)
    if is_usual and page.after is None:
        without_archived = narrowed_to != EVERYTHING
        total = (
            rows.usual_count(scope.connection, scope.library_id, without_archived=without_archived) if counted else None
        )
        found = rows.usual_page(
            scope.connection, scope.library_id, tuple(order), page.first + 1, without_archived=without_archived
        )
    else:
        conditions = []
        if narrowed_to != EVERYTHING:
            conditions.append(FilterCompiler(view, scope.actor.user_id, known).condition(narrowed_to))
        total = _count(scope, narrowed_to, conditions, view) if counted else None
        columns = order_columns(order, known)
        if page.after is not None:
            conditions.append(after_position(columns, decode_cursor(page.after, len(columns))))
        found = rows.component_page(scope.connection, scope.library_id, view, conditions, columns, page.first + 1)
    width = len(rows.COLUMNS)
    shown = found[: page.first]
    items = [Component._make(row[:width]) for row in shown]
    return Page(items, [encode_cursor(row[width:]) for row in shown], len(found) > page.first, total)


@read(needs=Permission.LIBRARY_READ)
def find_components(scope: Scope, ids: Sequence[str], *, view: View = WORKING) -> list[Component]:
    """Those of the ids that exist, each once, in the order asked."""
    known = [each for each in dict.fromkeys(ids) if is_id(each)]
    found = rows.components_by_ids(scope.connection, scope.library_id, known, view)
    return [found[each] for each in known if each in found]


@read(needs=Permission.LIBRARY_READ)
def components_by_ids(
    scope: Scope, ids: Sequence[str], *, view: View = WORKING, path: PathPart = "ids"
) -> list[Component]:
    """All of the ids, in the order asked; refuses if one is missing."""
    found = rows.components_by_ids(scope.connection, scope.library_id, [each for each in ids if is_id(each)], view)
    for index, each in enumerate(ids):
        if each not in found:
            raise ComponentMissing(f"There is no component with the id {each[:50]!r}.", path=(path, index))
    return [found[each] for each in ids]


@read(needs=Permission.LIBRARY_READ)
def component_by_cpn(scope: Scope, cpn: str, *, view: View = WORKING) -> Component:
    """By part number, or by an alias if no part number fits."""
    if "\x00" in cpn:
        raise ComponentMissing("There is no component with such a number.", path=("cpn",))
    found = rows.components_by_cpns(scope.connection, scope.library_id, [cpn], view).get(cpn)
    if found is None:
        key = details.aliases_taken(scope.connection, scope.library_id, [cpn]).get(cpn)
        found = None if key is None else components_by_keys(scope, [key], view=view).get(key)
    if found is None:
        raise ComponentMissing(f"There is no component with the number {cpn[:80]!r}.", path=("cpn",))
    return found


@read(needs=Permission.LIBRARY_READ)
def components_by_keys(scope: Scope, keys: Sequence[int], *, view: View = WORKING) -> dict[int, Component]:
    """By the row numbers that other rooms' rows hold. In the RELEASED view, unreleased ones are absent."""
    return rows.components_by_keys(scope.connection, scope.library_id, keys, view)


@read(needs=Permission.LIBRARY_READ)
def component_at_version(scope: Scope, component_id: str, number: int) -> Component:
    """A component as one of its versions has it."""
    current = components_by_ids(scope, [component_id])[0]
    found = rows.component_at_version(scope.connection, current, number)
    if found is None:
        raise VersionMissing(
            f"{current.cpn} has no version {number}.", path=("version",), expected=f"1 to {current.version}"
        )
    return found


@read(needs=Permission.LIBRARY_READ)
def attribute_values_of(
    scope: Scope, shown: Sequence[Component], *, view: View = WORKING
) -> dict[int, list[AttributeValue]]:
    """By component key."""
    return details.attribute_values_of(scope.connection, scope.library_id, shown, view)


@read(needs=Permission.LIBRARY_READ)
def sources_of(
    scope: Scope, shown: Sequence[Component], *, view: View = WORKING, with_offers: bool = True
) -> dict[int, list[Source]]:
    """By component key, preferred first. Leave the offers out where nobody looks at them: they are most of the work."""
    return details.sources_of(scope.connection, scope.library_id, shown, view, with_offers=with_offers)


@read(needs=Permission.LIBRARY_READ)
def aliases_of(scope: Scope, shown: Sequence[Component], *, view: View = WORKING) -> dict[int, list[Alias]]:
    """By component key."""
    return details.aliases_of(scope.connection, scope.library_id, shown, view)


@read(needs=Permission.LIBRARY_READ)
def marks_of(scope: Scope, shown: Sequence[Component]) -> dict[int, set[MarkKind]]:
    """The caller's own marks, by component key."""
    return details.marks_of(scope.connection, [each.key for each in shown], scope.actor.user_id)


@read(needs=Permission.LIBRARY_READ)
def versions_of(scope: Scope, component_id: str, *, limit: int = VERSIONS_MAX) -> list[Version]:
    """The history of a component, newest first."""
    return history.versions_of(scope.connection, components_by_ids(scope, [component_id])[0], min(limit, VERSIONS_MAX))


@read(needs=Permission.LIBRARY_READ)
def releases_of(scope: Scope, component_id: str) -> list[Release]:
    """The releases of a component, newest first."""
    return history.releases_of(scope.connection, components_by_ids(scope, [component_id])[0])


def contents_at_versions(
    scope: Scope, spans: Sequence[VersionSpan]
) -> list[tuple[VersionContent | None, VersionContent]]:
    """What each component was at the two versions of its span, but for its lines; None for what was before the first version.

    In as many statements for hundreds of spans as for one. Raises ComponentMissing and VersionMissing.
    """
    ends = _ends_of(scope, spans)
    wanted = [at for pair in ends for at in pair if at[1] != BEFORE_THE_FIRST]
    connection, library_id = scope.connection, scope.library_id
    shown = at_versions.components_at(connection, library_id, wanted)
    values = at_versions.attribute_values_at(connection, library_id, wanted)
    sources = at_versions.sources_at(connection, library_id, wanted)
    aliases = at_versions.aliases_at(connection, library_id, wanted)
    contents = {at: VersionContent(shown[at], values[at], sources[at], aliases[at]) for at in wanted}
    return [(contents.get(before), contents[after]) for before, after in ends]


def _ends_of(scope: Scope, spans: Sequence[VersionSpan]) -> list[tuple[AtVersion, AtVersion]]:
    newest = components_by_ids(scope, [span.component_id for span in spans])
    asks_for_releases = any(span.from_version is None and span.to_version is not None for span in spans)
    keys = list({each.key for each in newest}) if asks_for_releases else []
    released = at_versions.versions_released(scope.connection, scope.library_id, keys)
    found = []
    for span, component in zip(spans, newest, strict=True):
        before, after = ends_of_span(span, component, released.get(component.key, ()))
        found.append(((component.key, before), (component.key, after)))
    return found


@read(needs=Permission.LIBRARY_READ)
def version_released_as(scope: Scope, component_id: str, revision: str, *, path: PathPart = "revision") -> int:
    """The number of the version that was released under a label, the last time if it was several times."""
    return _release_with(scope, components_by_ids(scope, [component_id])[0], revision, path).version


@read(needs=Permission.LIBRARY_READ)
def view_as_of(scope: Scope, mode: ViewMode, moment: datetime | None) -> View:
    """The view at a moment; without one, now."""
    return View(mode, None if moment is None else change_number_at(scope, moment))


@read(needs=Permission.LIBRARY_READ)
def view_at_version(scope: Scope, shown: Component) -> View:
    """Everything as it was when the component was saved as the version that it is shown at."""
    change = history.change_of_version(scope.connection, scope.library_id, shown, shown.version)
    if change is None:
        raise ComponentMissing(f"There is no component with the id {shown.id[:50]!r}.")
    return View(ViewMode.WORKING, change)


@read(needs=Permission.LIBRARY_READ)
def view_as_released(scope: Scope, component_id: str, revision: str) -> View:
    """The baseline of a revision: everything as it was released at the moment when that revision was."""
    component = components_by_ids(scope, [component_id])[0]
    release = _release_with(scope, component, revision, "asReleased")
    return View(ViewMode.RELEASED, release.change)


def _release_with(scope: Scope, component: Component, revision: str, path: PathPart) -> Release:
    known = "\x00" not in revision  # a character that PostgreSQL cannot even be asked for
    release = history.release_with_revision(scope.connection, component, revision) if known else None
    if release is None:
        raise VersionMissing(f"{component.cpn} was never released as {revision[:50]!r}.", path=(path,))
    return release


def _count(scope: Scope, narrowed_to: Filter, conditions: Sequence[Condition], view: View) -> int:
    own = list(conditions)
    if view.mode is ViewMode.WORKING and fields_of(narrowed_to) <= FIELDS_OF_VERSIONS:
        tables = rows.versions_shown_in(view, own)
    else:
        tables = rows.shown_in(view)
    return rows.component_count(scope.connection, scope.library_id, view, own, tables)


def released_versions(scope: Scope, at_change: int | None) -> Relation:
    """Which version of each component is the newest released one: columns `component_key` and `version`."""
    return history.released_versions(scope.library_id, at_change)


def released_between(scope: Scope, after: int, until: int) -> list[int]:
    """Keys of the components released in changes after the one, up to the other."""
    return history.released_between(scope.connection, scope.library_id, after, until)


@read(needs=Permission.LIBRARY_READ)
def briefs_by_keys(scope: Scope, keys: Sequence[int], *, view: View = WORKING) -> dict[int, Brief]:
    """Only what names a component: for lists of ten thousand rows."""
    return rows.briefs_by_keys(scope.connection, scope.library_id, keys, view)


def _refuse_oversize(narrowed_to: Filter, order: Sequence[Order]) -> None:
    depth, leaves = size_of(narrowed_to)
    if depth > DEPTH_MAX or leaves > LEAVES_MAX:
        raise InvalidFilter(
            f"The filter has {leaves} conditions in {depth} levels.",
            path=("filter",),
            expected=f"at most {LEAVES_MAX} conditions in {DEPTH_MAX} levels",
        )
    if len(order) > ORDER_FIELDS_MAX:
        raise InvalidFilter(
            f"The order has {len(order)} fields.", path=("orderBy",), expected=f"at most {ORDER_FIELDS_MAX}"
        )


def saved_in(scope: Scope, change: int) -> list[SavedIn]:
    """The components of which a change of the library saved a version."""
    return history.saved_in(scope.connection, scope.library_id, change)


def survey_heads(scope: Scope) -> list[Head]:
    """Every component that is not archived, with its category and status."""
    return survey.heads(scope.connection, scope.library_id)


def survey_values(scope: Scope, attribute_id: str) -> Iterator[tuple[int, TypedValue]]:
    """The present values of an attribute of the library, by the component's key."""
    return survey.values_of_attribute(scope.connection, attribute_id)


def survey_revisions(scope: Scope) -> list[RevisionsInUse]:
    """The revisions that components were last released as."""
    return survey.revisions_in_use(scope.connection, scope.library_id)


def survey_values_ever(scope: Scope, attribute_id: str) -> list[PastValue]:
    """Every value that an attribute of the library ever had, by part number."""
    return survey.values_ever(scope.connection, attribute_id)
