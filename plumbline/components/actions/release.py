"""Release components: tie their newest version to a revision label, all or none.

The verb is in `boms`, since what is released is a component with its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from plumbline.catalog.reads import Catalog, catalog, prepared_rules
from plumbline.components.actions.lock import refuse_locked
from plumbline.components.actions.saving import save_next_version
from plumbline.components.actions.update import refuse_move, refuse_stale
from plumbline.components.conformity import refuse_all, violations_of_release
from plumbline.components.drafts import Draft, fields_of
from plumbline.components.errors import InvalidRelease, NothingToRelease
from plumbline.components.events import ComponentReleased
from plumbline.components.fields import REVISION_LENGTH_MAX, checked_text
from plumbline.components.model import Component, ComponentState, ReleaseRequest
from plumbline.components.reads import attribute_values_of, components_by_ids
from plumbline.components.store import history
from plumbline.numbering.reads import revision_scheme
from plumbline.numbering.revision_scheme import compare_revisions, next_revision, sort_key
from plumbline.storage.intervals import OPEN
from plumbline.storage.unit_of_work import UnitOfWork

ITEMS_MAX = 2000


def release_versions(
    work: UnitOfWork, requests: Sequence[ReleaseRequest], *, change_order_id: str | None = None
) -> list[Component]:
    """Each item's newest version becomes the released one; it carries the revision and the status from then on. Called by `boms`, which
    sees to it that no released product contains itself."""
    if not 1 <= len(requests) <= ITEMS_MAX:
        raise InvalidRelease(f"There are {len(requests)} items.", path=("items",), expected=f"1 to {ITEMS_MAX}")
    if len({request.id for request in requests}) < len(requests):
        raise InvalidRelease("A component is released twice in one call.", path=("items",), expected="every one once")
    known = catalog(work)
    current = components_by_ids(work, [request.id for request in requests], path="items")
    refuse_locked(work, current, holder_id=change_order_id)
    drafts = [
        _labelled(work, request, each, known, index)
        for index, (request, each) in enumerate(zip(requests, current, strict=True))
    ]
    _refuse_violations(work, current, drafts, known)
    saved = [save_next_version(work, each, draft) for each, draft in zip(current, drafts, strict=True)]
    change = work.change
    rows = [
        {
            "library_id": work.library_id,
            "component_key": each.key,
            "version": each.version,
            "revision": each.revision,
            "revision_sort": sort_key(each.revision or ""),
            "status_id": each.status_id,
            "from_change": change.number,
            "to_change": OPEN,
            "released_at": change.changed_at,
            "released_by": work.actor.user_id,
            "change_order_id": change_order_id,
        }
        for each in saved
    ]
    history.insert_releases(work.connection, rows, change.number)
    for each in saved:
        work.emit(ComponentReleased(each.id, each.cpn, each.version, each.revision or "", each.status_id))
    return [
        each._replace(released_version=each.version, released_revision=each.revision, released_at=change.changed_at)
        for each in saved
    ]


def _refuse_violations(work: UnitOfWork, current: Sequence[Component], drafts: Sequence[Draft], known: Catalog) -> None:
    values, rules = attribute_values_of(work, current), prepared_rules(work)
    refuse_all(
        refusal
        for index, (component, draft) in enumerate(zip(current, drafts, strict=True))
        for refusal in violations_of_release(values[component.key], draft, known, rules, ("items", index))
    )


def _labelled(work: UnitOfWork, request: ReleaseRequest, current: Component, known: Catalog, index: int) -> Draft:
    """The version that carries the new revision and status: the newest one, or one more if it carries others."""
    path = ("items", index)
    refuse_stale(current, request.expected_version, path)
    if current.is_archived:
        raise InvalidRelease(f"{current.cpn} is archived.", path=path, hint="Restore it first.")
    status = (
        known.status(request.status, (*path, "status")) if request.status else known.status_by_id[current.status_id]
    )
    if current.state is ComponentState.RELEASED and status.id == current.status_id:
        raise NothingToRelease(
            f"The newest version of {current.cpn} is released already, as {status.name}.",
            path=path,
            hint="Change it, or release it in another status.",
        )
    refuse_move(work, known.status_by_id[current.status_id], status, (*path, "status"))
    if request.revision is None:
        revision = next_revision(revision_scheme(work), status.name, current.released_revision)
    else:
        revision = checked_text(request.revision, REVISION_LENGTH_MAX, (*path, "revision"), required=True)
    if current.released_revision is not None and compare_revisions(revision, current.released_revision) <= 0:
        raise InvalidRelease(
            f"Revision {revision} does not follow {current.released_revision}, the last release of {current.cpn}.",
            path=(*path, "revision"),
            expected=f"a revision after {current.released_revision}",
        )
    return Draft(replace(fields_of(current), revision=revision, status_id=status.id))
