"""Update and archive components. A change says which version it saw; if that is not the newest any more, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from plumbline.access.permissions import Permission, action
from plumbline.catalog.model import Status
from plumbline.catalog.reads import Catalog, catalog, prepared_rules
from plumbline.components.actions.lock import refuse_locked
from plumbline.components.actions.saving import refuse_taken_aliases, save_next_version
from plumbline.components.conformity import refuse_all, violations_of_change
from plumbline.components.drafts import Draft, all_or_refuse, changed_draft, fields_of
from plumbline.components.errors import InvalidAlias, InvalidComponent, StaleVersion, StatusMoveRefused
from plumbline.components.model import Component, ComponentChange
from plumbline.components.reads import attribute_values_of, components_by_ids
from plumbline.kit.errors import Refusal
from plumbline.numbering.reads import revision_scheme
from plumbline.numbering.revision_scheme import may_move
from plumbline.storage.unit_of_work import UnitOfWork

INPUTS_MAX = 2000
"""Components that one call may change."""


@action(needs=Permission.COMPONENTS_EDIT)
def update_components(work: UnitOfWork, changes: Sequence[ComponentChange]) -> list[Component]:
    """All of them or none. A change that changes nothing makes no version."""
    _refuse_count(len(changes), "inputs")
    current = components_by_ids(work, [change.id for change in changes], path="inputs")
    if len({change.id for change in changes}) < len(changes):
        raise InvalidComponent(
            "A component is changed twice in one call.", path=("inputs",), expected="every component once"
        )
    refuse_locked(work, current)
    known = catalog(work)
    drafts = all_or_refuse(_drafts(changes, current, known))
    for index, (component, draft) in enumerate(zip(current, drafts, strict=True)):
        before, after = (known.status_by_id[each] for each in (component.status_id, draft.fields.status_id))
        refuse_move(work, before, after, ("inputs", index, "status"))
    _refuse_violations(work, current, drafts, known)
    _refuse_aliases(work, current, drafts)
    return [save_next_version(work, each, draft) for each, draft in zip(current, drafts, strict=True)]


@action(needs=Permission.COMPONENTS_ARCHIVE)
def archive_components(work: UnitOfWork, ids: Sequence[str]) -> list[Component]:
    """Takes components out of lists. They keep their numbers and their history, and stay where they are used."""
    _refuse_count(len(ids), "ids")
    current = components_by_ids(work, list(dict.fromkeys(ids)), path="ids")
    refuse_locked(work, current)
    return [save_next_version(work, each, Draft(replace(fields_of(each), is_archived=True))) for each in current]


@action(needs=Permission.COMPONENTS_ARCHIVE)
def restore_components(work: UnitOfWork, ids: Sequence[str]) -> list[Component]:
    """Brings archived components back into lists."""
    _refuse_count(len(ids), "ids")
    current = components_by_ids(work, list(dict.fromkeys(ids)), path="ids")
    refuse_locked(work, current)
    return [save_next_version(work, each, Draft(replace(fields_of(each), is_archived=False))) for each in current]


def refuse_move(work: UnitOfWork, before: Status, after: Status, path: tuple[str | int, ...]) -> None:
    """The revision scheme may say which status follows which."""
    if before.id == after.id:
        return
    scheme = revision_scheme(work)
    if not may_move(scheme, before.name, after.name):
        allowed = (scheme.transitions or {}).get(before.name, ())
        raise StatusMoveRefused(
            f"A component of the status {before.name} cannot become {after.name}.",
            path=path,
            expected=f"one of {', '.join((before.name, *allowed))}",
            hint="The revision scheme of the library says which status follows which.",
        )


def refuse_stale(current: Component, expected_version: int | None, path: tuple[str | int, ...]) -> None:
    if expected_version is not None and expected_version != current.version:
        raise StaleVersion(
            f"{current.cpn} is at version {current.version} now, not {expected_version}.",
            path=(*path, "expectedVersion"),
            expected=f"{current.version}",
            hint="Read it again, look at what changed, and send the change once more.",
        )


def _drafts(
    changes: Sequence[ComponentChange], current: Sequence[Component], known: Catalog
) -> Iterator[tuple[Draft | None, Refusal | None]]:
    for index, (change, component) in enumerate(zip(changes, current, strict=True)):
        try:
            refuse_stale(component, change.expected_version, ("inputs", index))
            yield changed_draft(component, change, known, ("inputs", index)), None
        except Refusal as fault:
            yield None, fault


def _refuse_violations(work: UnitOfWork, current: Sequence[Component], drafts: Sequence[Draft], known: Catalog) -> None:
    values = attribute_values_of(work, current)
    rules = prepared_rules(work)
    refuse_all(
        refusal
        for index, (component, draft) in enumerate(zip(current, drafts, strict=True))
        for refusal in violations_of_change(component, values[component.key], draft, known, rules, ("inputs", index))
    )


def _refuse_aliases(work: UnitOfWork, current: Sequence[Component], drafts: Sequence[Draft]) -> None:
    wanted: dict[str, tuple[int | None, tuple[str | int, ...]]] = {}
    for index, (component, draft) in enumerate(zip(current, drafts, strict=True)):
        for _, value in draft.aliases or ():
            path = ("inputs", index, "aliases")
            if value in wanted:
                raise InvalidAlias(
                    f"The alias {value[:80]!r} is wanted twice.", path=path, expected="an alias of one component"
                )
            wanted[value] = (component.key, path)
    if wanted:
        refuse_taken_aliases(work, wanted)


def _refuse_count(count: int, name: str) -> None:
    if not 1 <= count <= INPUTS_MAX:
        raise InvalidComponent(f"There are {count} {name}.", path=(name,), expected=f"1 to {INPUTS_MAX}")
