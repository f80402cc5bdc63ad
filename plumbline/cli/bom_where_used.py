"""`plumbline bom where-used`: from a part up to the products."""

from __future__ import annotations

from typing import Any

from plumbline.cli.bom_view import ChosenView
from plumbline.cli.client import Client, connected
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import ExactNumber, note, print_json, print_table

WHERE_USED = """
query WhereUsed($cpn: String!, $view: ViewMode, $asOf: DateTime) {
  component { findOne(cpn: $cpn) { cpn } }
  bom { whereUsed(cpn: $cpn, view: $view, asOf: $asOf) {
    direct { parent { cpn name } link { exactQuantity unit itemNumber referenceDesignators } }
    ancestors(first: 1000) { distance component { cpn name } }
    ancestorCount
    tops { cpn name }
  } }
}
"""


def where_used(
    cpn: str, *, view: ChosenView | None = None, target: Target | None = None, as_json: AsJson = False
) -> None:
    """The lines on which a component stands, everything above them (the nearest 1000), and the products at the end.

    Parameters
    ----------
    cpn
        Part number of the component.
    """
    with connected(target) as client:
        found = _found(client, cpn, view or ChosenView())
    if as_json:
        print_json(found)
        return
    rows = [(each["cpn"], each["name"], each["quantity"], each["unit"]) for each in found["direct"]]
    print_table(("used in", "name", "quantity", "unit"), rows)
    note(f"{found['ancestorCount']} components contain it. Products: {_names(found['tops']) or 'none'}.")


def _found(client: Client, cpn: str, view: ChosenView) -> dict[str, Any]:
    if view.as_released is not None:
        raise WrongUsage("Where-used looks up, so it has no top that was released.", expected="--view or --as-of")
    data = client.ask(WHERE_USED, {"cpn": cpn, **view.variables})
    used = data["bom"]["whereUsed"]
    return {
        "cpn": data["component"]["findOne"]["cpn"],
        "view": view.name,
        "direct": [_direct(each) for each in used["direct"]],
        "ancestors": [{"distance": each["distance"], **each["component"]} for each in used["ancestors"]],
        "ancestorCount": used["ancestorCount"],
        "tops": used["tops"],
    }


def _direct(line: dict[str, Any]) -> dict[str, object]:
    link = line["link"]
    return {
        **line["parent"],
        "quantity": ExactNumber(link["exactQuantity"]),
        "unit": link["unit"],
        "itemNumber": link["itemNumber"],
        "referenceDesignators": link["referenceDesignators"],
    }


def _names(components: list[dict[str, Any]]) -> str:
    return ", ".join(each["cpn"] for each in components)
