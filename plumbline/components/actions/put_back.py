"""Components as they were at an earlier change of the library, saved as their next versions. Called by whoever undoes something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.reads import catalog
from plumbline.components.actions.lock import refuse_locked
from plumbline.components.actions.saving import refuse_taken_aliases, save_next_version
from plumbline.components.drafts import Draft, fields_of
from plumbline.components.errors import InvalidComponent
from plumbline.components.model import Component
from plumbline.components.reads import aliases_of, attribute_values_of, components_by_keys, sources_of
from plumbline.components.view import View, ViewMode
from plumbline.storage.unit_of_work import UnitOfWork


def put_back(work: UnitOfWork, present: Sequence[Component], at_change: int) -> list[Component]:
    """What did not exist then is archived, and its aliases are free again. It was valid then, so that no rule is asked; only what retired
    meanwhile, or belongs to another component now, refuses."""
    refuse_locked(work, present)
    view = View(ViewMode.WORKING, at_change)
    before = components_by_keys(work, [each.key for each in present], view=view)
    _refuse_retired(work, list(before.values()))
    drafts = _drafts_as_of(work, present, before, view)
    wanted = {alias: (key, ("aliases",)) for key, draft in drafts.items() for _, alias in draft.aliases or ()}
    refuse_taken_aliases(work, wanted)
    return [save_next_version(work, each, drafts[each.key]) for each in present]


def _drafts_as_of(
    work: UnitOfWork, present: Sequence[Component], before: Mapping[int, Component], view: View
) -> dict[int, Draft]:
    existed = list(before.values())
    attributes, attributes_now = attribute_values_of(work, existed, view=view), attribute_values_of(work, present)
    sources, aliases = sources_of(work, existed, view=view), aliases_of(work, existed, view=view)
    drafts: dict[int, Draft] = {}
    for each in present:
        if each.key not in before:
            drafts[each.key] = Draft(replace(fields_of(each), is_archived=True), aliases=())
            continue
        values: dict[str, TypedValue | None] = {value.attribute_id: None for value in attributes_now[each.key]}
        drafts[each.key] = Draft(
            fields_of(before[each.key]),
            values | {value.attribute_id: value.value for value in attributes[each.key]},
            tuple(source.source for source in sources[each.key]),
            tuple((alias.kind, alias.value) for alias in aliases[each.key]),
        )
    return drafts


def _refuse_retired(work: UnitOfWork, before: Sequence[Component]) -> None:
    known = catalog(work)
    categories, statuses = {each.id for each in known.categories}, {each.id for each in known.statuses}
    for each in before:
        if each.category_id not in categories or each.status_id not in statuses:
            raise InvalidComponent(
                f"The category or the status that {each.cpn} had is no longer in the catalog.",
                path=("components", each.cpn),
                hint="Bring it back with plumbline config, or change the component by hand.",
            )
