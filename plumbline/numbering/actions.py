"""Numbers are issued inside the transaction that uses them, so one that is rolled back leaves no gap."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.catalog.model import Category
from plumbline.numbering import store
from plumbline.numbering.model import NumberRequest
from plumbline.numbering.reads import drawn_numbers
from plumbline.storage.unit_of_work import UnitOfWork


def issue_numbers(work: UnitOfWork, categories: Sequence[Category], requests: Sequence[NumberRequest]) -> list[str]:
    """A number for each request, in order; all different, none ever given out before."""
    numbers, counters = drawn_numbers(work, categories, requests)
    store.save_counters(work.connection, work.library_id, counters.moved, counters.stored)
    store.insert_numbers(work.connection, work.library_id, numbers)
    return numbers


def next_in_sequence(work: UnitOfWork, scope: str) -> int:
    """1, 2, 3 …: for what is numbered by counting alone, such as change orders; `scope` names the counter."""
    last = store.last_value(work.connection, work.library_id, scope)
    taken = 1 if last is None else last + 1
    store.save_counters(work.connection, work.library_id, {scope: taken}, {scope: last})
    return taken
