"""Which component and which view the arguments of a field mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plumbline.api.hub.context import HubContext
from plumbline.boms.errors import InvalidBomEdit
from plumbline.components.errors import InvalidFilter
from plumbline.components.fields import is_currency
from plumbline.components.model import Component
from plumbline.components.reads import (
    component_by_cpn,
    components_by_ids,
    version_released_as,
    view_as_of,
    view_as_released,
)
from plumbline.components.view import WORKING, View, ViewMode
from plumbline.kit.clock import from_iso


def chosen_view(context: HubContext, arguments: Mapping[str, Any]) -> View:
    """From `view` and `asOf`; WORKING and now without them."""
    mode = ViewMode(arguments.get("view") or ViewMode.WORKING)
    moment = arguments.get("asOf")
    if moment is None:
        return WORKING if mode is ViewMode.WORKING else View(mode)
    return context.ask(view_as_of, mode, from_iso(moment))


def chosen_component(
    context: HubContext, arguments: Mapping[str, Any], view: View = WORKING, *, prefix: str = ""
) -> Component:
    """From `id` or `cpn`, of which there must be one."""
    id_name, cpn_name = (f"{prefix}Id", f"{prefix}Cpn") if prefix else ("id", "cpn")
    component_id, cpn = arguments.get(id_name), arguments.get(cpn_name)
    if (component_id is None) == (cpn is None):
        raise InvalidFilter(
            f"Either {id_name} or {cpn_name} must be given.",
            path=(id_name,),
            expected=f"one of {id_name} and {cpn_name}",
        )
    if component_id is not None:
        return context.ask(components_by_ids, [component_id], view=view, path=id_name)[0]
    return context.ask(component_by_cpn, str(cpn), view=view)


def chosen_top(context: HubContext, arguments: Mapping[str, Any]) -> tuple[Component, View]:
    """A component and the view on what is below it; `asReleased` takes the moment at which that revision was released.

    The top itself is found as it is now, so that a product which was never released can be looked at in every view.
    """
    top = chosen_component(context, arguments)
    revision = arguments.get("asReleased")
    if revision is None:
        return top, chosen_view(context, arguments)
    if arguments.get("asOf") is not None or arguments.get("view") == ViewMode.WORKING:
        raise InvalidFilter("asReleased stands alone.", path=("asReleased",), expected="no view and no asOf beside it")
    return top, context.ask(view_as_released, top.id, revision)


def chosen_version(context: HubContext, component: Component, arguments: Mapping[str, Any], end: str) -> int | None:
    """One end of a comparison, `from` or `to`: by number or by the revision that a version was released under; None without either."""
    number, revision = arguments.get(f"{end}Version"), arguments.get(f"{end}Revision")
    if number is not None and revision is not None:
        raise InvalidFilter(
            f"{end}Version and {end}Revision stand for the same version.",
            path=(f"{end}Revision",),
            expected="one of them",
        )
    if revision is None:
        return number
    return context.ask(version_released_as, component.id, revision, path=f"{end}Revision")


def chosen_currency(arguments: Mapping[str, Any]) -> str:
    """US dollars without one."""
    currency = ("USD" if arguments.get("currency") is None else arguments["currency"]).upper()
    if not is_currency(currency):
        raise InvalidBomEdit(
            f"{arguments['currency'][:20]!r} is not a currency.",
            path=("currency",),
            expected="a code of ISO 4217, such as USD",
        )
    return str(currency)
