"""Create components, one or thousands in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plumbline.access.permissions import Permission, action
from plumbline.catalog.reads import Catalog, catalog, prepared_rules
from plumbline.components.actions.saving import refuse_taken_aliases, save_first_versions
from plumbline.components.conformity import refuse_all, violations_of_new
from plumbline.components.drafts import Draft, all_or_refuse, draft_of
from plumbline.components.errors import InvalidAlias, InvalidComponent
from plumbline.components.events import ComponentCreated
from plumbline.components.model import Component, NewComponent
from plumbline.kit.errors import Refusal
from plumbline.numbering.actions import issue_numbers
from plumbline.numbering.model import NumberRequest
from plumbline.storage.unit_of_work import UnitOfWork

INPUTS_MAX = 10_000
"""Components that one call may create."""


@action(needs=Permission.COMPONENTS_EDIT)
def create_components(work: UnitOfWork, inputs: Sequence[NewComponent]) -> list[Component]:
    """All of them or none, in the order given, each with a number of the library's scheme."""
    if not 1 <= len(inputs) <= INPUTS_MAX:
        raise InvalidComponent(f"There are {len(inputs)} inputs.", path=("inputs",), expected=f"1 to {INPUTS_MAX}")
    known = catalog(work)
    drafts = all_or_refuse(_drafts(inputs, known))
    rules = prepared_rules(work)
    refuse_all(
        refusal
        for index, draft in enumerate(drafts)
        for refusal in violations_of_new(draft, known, rules, ("inputs", index))
    )
    _refuse_aliases(work, drafts)
    requests = [
        NumberRequest(
            known.category_by_id[draft.fields.category_id], new.number.number, new.number.elements, ("inputs", index)
        )
        for index, (new, draft) in enumerate(zip(inputs, drafts, strict=True))
    ]
    numbers = issue_numbers(work, known.categories, requests)
    saved = save_first_versions(work, numbers, drafts)
    for each in saved:
        work.emit(ComponentCreated(each.id, each.cpn, each.version, each.revision))
    return saved


def _drafts(inputs: Sequence[NewComponent], known: Catalog) -> Iterator[tuple[Draft | None, Refusal | None]]:
    for index, new in enumerate(inputs):
        try:
            yield draft_of(new, known, ("inputs", index)), None
        except Refusal as fault:
            yield None, fault


def _refuse_aliases(work: UnitOfWork, drafts: Sequence[Draft]) -> None:
    wanted: dict[str, tuple[int | None, tuple[str | int, ...]]] = {}
    for index, draft in enumerate(drafts):
        for _, value in draft.aliases or ():
            path = ("inputs", index, "aliases")
            if value in wanted:
                raise InvalidAlias(
                    f"The alias {value[:80]!r} is wanted twice.", path=path, expected="an alias of one component"
                )
            wanted[value] = (None, path)
    if wanted:
        refuse_taken_aliases(work, wanted)
