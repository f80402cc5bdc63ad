"""Numbers are issued inside the transaction that uses them, so one that is rolled back leaves no gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from plumbline.catalog.model import Category
from plumbline.kit.errors import PathPart, Refusal
from plumbline.numbering import store
from plumbline.numbering.counter_scopes import CounterScope
from plumbline.numbering.number import NumberPlan, next_number, plan_number
from plumbline.numbering.reads import choices_of, number_scheme
from plumbline.storage.kept import KeptByConfiguration
from plumbline.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NumberRequest:
    """One number for a component of a category; `elements` and `number` as in `plan_number`."""

    category: Category
    number: str | None
    elements: Mapping[str, str]
    path: tuple[PathPart, ...]


def issue_numbers(work: UnitOfWork, categories: Sequence[Category], requests: Sequence[NumberRequest]) -> list[str]:
    """A number for each request, in order; all different, none ever given out before."""
    plans = _plans(work, categories, requests)
    counters = _Counters(work)
    before = _IssuedBefore(work)
    numbers = _numbered(plans, requests, counters, lambda _: False)
    if before.any_of(numbers):
        # Somebody typed numbers into the counters' path: they are skipped, each number looked up before it is taken.
        counters.start_over()
        numbers = _numbered(plans, requests, counters, before.has)
    counters.save()
    store.insert_numbers(work.connection, work.library_id, numbers)
    return numbers


class _IssuedBefore:
    """Numbers that were given out before this batch. Each is looked up once."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._known: dict[str, bool] = {}

    def any_of(self, numbers: Sequence[str]) -> bool:
        taken = store.taken_numbers(self._work.connection, self._work.library_id, numbers)
        self._known.update((number, number in taken) for number in numbers)
        return bool(taken)

    def has(self, number: str) -> bool:
        return self._known[number] if number in self._known else self.any_of([number])


class _Counters:
    """The counters that a batch uses: each is read once, moved on in memory, and written once."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._stored: dict[str, int | None] = {}
        self._moved: dict[str, int] = {}

    def start_over(self) -> None:
        self._moved = {}

    def last_value(self, scope: CounterScope) -> int | None:
        if scope.key in self._moved:
            return self._moved[scope.key]
        if scope.key not in self._stored:
            self._stored[scope.key] = store.last_value(self._work.connection, self._work.library_id, scope.key)
        return self._stored[scope.key]

    def move(self, used: Sequence[tuple[CounterScope, int]]) -> None:
        for scope, value in used:
            self._moved[scope.key] = value

    def save(self) -> None:
        store.save_counters(self._work.connection, self._work.library_id, self._moved, self._stored)


def _plans(work: UnitOfWork, categories: Sequence[Category], requests: Sequence[NumberRequest]) -> list[NumberPlan]:
    """Requests that ask for nothing special share the plan of their category."""
    scheme = number_scheme(work)
    # What a list offers is worked out once per category.
    choices = cache(lambda category: choices_of(categories, category))
    usual = _USUAL_PLANS.get(work, dict)
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
    counters: _Counters,
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
