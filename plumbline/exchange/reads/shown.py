"""What all exports ask: which moment is shown, and what a view shows of components."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from plumbline.boms.model import BomLine
from plumbline.components.model import Component
from plumbline.components.reads import components_by_keys, find_components
from plumbline.components.view import View, ViewMode
from plumbline.storage.unit_of_work import Scope, change_number_now


def moment(scope: Scope, view: View, at_change: int | None) -> tuple[int, View]:
    """The change that all pages of an export show, and the view on it; `at_change` is what the first page said."""
    now = change_number_now(scope)
    at = view.at_change if view.at_change is not None else now if at_change is None else min(at_change, now)
    return at, view if at == now else View(view.mode, at)  # what is newest is in memory as such


def shown_in(scope: Scope, keys: Sequence[int], view: View) -> dict[int, Component]:
    """As the view shows them; what was never released as it is."""
    found = components_by_keys(scope, list(dict.fromkeys(keys)), view=view)
    missing = [key for key in dict.fromkeys(keys) if key not in found]
    return {**found, **components_by_keys(scope, missing, view=heads(view))} if missing else found


def heads(view: View) -> View:
    return View(ViewMode.WORKING, view.at_change)


def substitute_numbers(scope: Scope, lines: Iterable[BomLine]) -> dict[str, str]:
    """Part numbers by component id."""
    return {each.id: each.cpn for each in find_components(scope, sorted(set(substitute_ids(lines))))}


def substitute_ids(lines: Iterable[BomLine]) -> list[str]:
    return [each for line in lines if line.substitutes != "[]" for each in orjson.loads(line.substitutes)]
