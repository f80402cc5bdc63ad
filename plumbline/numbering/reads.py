"""Questions about numbering: the schemes in force, and the next number before it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from plumbline.access.permissions import Permission, read
from plumbline.catalog.model import Category
from plumbline.definitions.reads import definition_in_force
from plumbline.kit.errors import Refusal
from plumbline.kit.yaml_source import load_yaml
from plumbline.numbering import store
from plumbline.numbering.counter_scopes import CounterScope
from plumbline.numbering.errors import SchemeMissing
from plumbline.numbering.model import Choice, ChoiceLists, NumberRequest, Scheme
from plumbline.numbering.number import NumberPlan, next_number, plan_number
from plumbline.numbering.revision_scheme import RevisionScheme, revision_scheme_from
from plumbline.numbering.scheme import scheme_from
from plumbline.storage.kept import KeptByConfiguration
from plumbline.storage.unit_of_work import Scope

NUMBER_SCHEME = "id_generation_scheme"
REVISION_SCHEME = "revision_scheme_config"


@read(needs=Permission.LIBRARY_READ)
def number_scheme(scope: Scope) -> Scheme:
    """The part number scheme in force."""
    return _NUMBER_SCHEMES.get(scope, lambda: _parsed_number_scheme(_text_in_force(scope, NUMBER_SCHEME)))


@read(needs=Permission.LIBRARY_READ)
def revision_scheme(scope: Scope) -> RevisionScheme:
    """The revision scheme in force."""
    return _REVISION_SCHEMES.get(scope, lambda: _parsed_revision_scheme(_text_in_force(scope, REVISION_SCHEME)))


_NUMBER_SCHEMES = KeptByConfiguration[Scheme]()
_REVISION_SCHEMES = KeptByConfiguration[RevisionScheme]()


@read(needs=Permission.LIBRARY_READ)
def next_number_of(scope: Scope, category: Category) -> str:
    """The number that the next component of the category would get; nothing is taken."""
    plan = plan_number(number_scheme(scope), choices_of((category,), category))
    issued = next_number(
        plan,
        lambda counter: store.last_value(scope.connection, scope.library_id, counter.key),
        lambda text: bool(store.taken_numbers(scope.connection, scope.library_id, [text])),
    )
    return issued.text


def drawn_numbers(
    scope: Scope, categories: Sequence[Category], requests: Sequence[NumberRequest]
) -> tuple[list[str], Counters]:
    """The numbers that the requests would get now, in order, and how far the counters would move; nothing is taken."""
    plans = _plans(scope, categories, requests)
    counters = Counters(scope)
    before = _IssuedBefore(scope)
    numbers = _numbered(plans, requests, counters, lambda _: False)
    if before.any_of(numbers):
        # Somebody typed numbers into the counters' path: they are skipped, each number looked up before it is taken.
        counters.start_over()
        numbers = _numbered(plans, requests, counters, before.has)
    return numbers, counters


def choices_of(categories: Sequence[Category], own: Category) -> ChoiceLists:
    """What the templates of a scheme stand for. A family is what a category's short name says."""
    return ChoiceLists(
        categories=tuple(Choice(each.code, each.name) for each in categories),
        families=tuple(Choice(each.short_name or each.code, each.name) for each in categories),
        category=own.code,
        family=own.short_name or own.code,
    )


def choices_by_category(categories: Sequence[Category]) -> dict[str, ChoiceLists]:
    """The same for every category by its id; the long lists are made once."""
    if not categories:
        return {}
    shared = choices_of(categories, categories[0])
    return {each.id: replace(shared, category=each.code, family=each.short_name or each.code) for each in categories}


def _text_in_force(scope: Scope, schema_type: str) -> str:
    found = definition_in_force(scope, schema_type)
    if found is None:
        raise SchemeMissing(f"The library has no {schema_type}.", hint="Install a preset, or apply a configuration.")
    return found.text


@lru_cache(maxsize=64)
def _parsed_number_scheme(text: str) -> Scheme:
    return scheme_from(load_yaml(text))


@lru_cache(maxsize=64)
def _parsed_revision_scheme(text: str) -> RevisionScheme:
    return revision_scheme_from(load_yaml(text))


class _IssuedBefore:
    """Numbers that were given out before this batch. Each is looked up once."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._known: dict[str, bool] = {}

    def any_of(self, numbers: Sequence[str]) -> bool:
        taken = store.taken_numbers(self._scope.connection, self._scope.library_id, numbers)
        self._known.update((number, number in taken) for number in numbers)
        return bool(taken)

    def has(self, number: str) -> bool:
        return self._known[number] if number in self._known else self.any_of([number])


class Counters:
    """The counters that a batch uses: each is read once and moved on in memory; whoever takes the numbers writes them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.stored: dict[str, int | None] = {}
        self.moved: dict[str, int] = {}

    def start_over(self) -> None:
        self.moved = {}

    def last_value(self, counter: CounterScope) -> int | None:
        if counter.key in self.moved:
            return self.moved[counter.key]
        if counter.key not in self.stored:
            self.stored[counter.key] = store.last_value(self._scope.connection, self._scope.library_id, counter.key)
        return self.stored[counter.key]

    def move(self, used: Sequence[tuple[CounterScope, int]]) -> None:
        for counter, value in used:
            self.moved[counter.key] = value


def _plans(scope: Scope, categories: Sequence[Category], requests: Sequence[NumberRequest]) -> list[NumberPlan]:
    """Requests that ask for nothing special share the plan of their category."""
    scheme = number_scheme(scope)
    # What a list offers is worked out once per category.
    choices = cache(lambda category: choices_of(categories, category))
    usual = _USUAL_PLANS.get(scope, dict)
    plans = []
    for request in requests:
        plan = usual.get(request.category.id) if request.number is None and not request.elements else None
        if plan is None:
            try:
                plan = plan_number(scheme, choices(request.category), picks=request.elements, number=request.number)
            except Refusal as refusal:
                raise refusal.within(*request.path, "number") from None
            if request.number is None and not request.elements:
                usual[request.category.id] = plan
        plans.append(plan)
    return plans


_USUAL_PLANS = KeptByConfiguration[dict[str, NumberPlan]]()
"""By category: what a number is when nobody asks for anything special. Filled as they are used; what fills one is always the same."""


def _numbered(
    plans: Sequence[NumberPlan],
    requests: Sequence[NumberRequest],
    counters: Counters,
    was_issued: Callable[[str], bool],
) -> list[str]:
    """Numbers that the caller typed are his, wherever in the batch they stand: counters go round them."""
    typed = {plan.number for plan in plans if plan.number is not None}
    numbers: dict[str, None] = {}
    for plan, request in zip(plans, requests, strict=True):
        of_others = frozenset[str]() if plan.number is not None else typed
        try:
            issued = next_number(
                plan,
                counters.last_value,
                lambda text, of_others=of_others: text in numbers or text in of_others or was_issued(text),  # type: ignore[misc]  # bound early
            )
        except Refusal as refusal:
            raise refusal.within(*request.path, "number") from None
        counters.move(issued.counters)
        numbers[issued.text] = None
    return list(numbers)
