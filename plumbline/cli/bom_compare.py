"""`plumbline bom compare`: two versions of one BOM, two products, or the newest release with what is worked on."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.client import Client, connected
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import ExactNumber, print_json, print_table

SIDE = "{ quantity: exactQuantity unit itemNumber referenceDesignators notes isDoNotPlace child { cpn name } }"
DIFFERENCES = f"{{ kinds fields designatorsAdded designatorsRemoved before {SIDE} after {SIDE} }}"
VERSIONS = f"""
query Versions($cpn: String!, $from: Int!, $to: Int!) {{
  bom {{ differences: compareVersions(cpn: $cpn, from: $from, to: $to) {DIFFERENCES} }}
}}
"""
OTHERS = f"""
query Others($cpn: String!, $otherCpn: String!, $view: ViewMode, $otherView: ViewMode) {{
  bom {{ differences: compare(cpn: $cpn, otherCpn: $otherCpn, view: $view, otherView: $otherView) {DIFFERENCES} }}
}}
"""


def compare(
    cpn: str,
    other_cpn: str | None = None,
    *,
    from_version: Annotated[int | None, Parameter(name="--from")] = None,
    to_version: Annotated[int | None, Parameter(name="--to")] = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """What differs between two BOMs. With one part number alone: what has changed since its newest release.

    Parameters
    ----------
    cpn
        Part number of the product.
    other_cpn
        Part number of another product to compare with.
    from_version
        Number of the earlier version.
    to_version
        Number of the later version.
    """
    if (from_version is None) != (to_version is None):
        raise WrongUsage("--from and --to go together.", expected="both, or neither")
    if from_version is not None and other_cpn is not None:
        raise WrongUsage("Versions are of one product.", expected="another part number, or --from and --to")
    with connected(target) as client:
        compared = _compared(client, cpn, other_cpn, from_version, to_version)
    if as_json:
        print_json(compared)
    else:
        _show(compared["differences"])


def _compared(
    client: Client, cpn: str, other_cpn: str | None, from_version: int | None, to_version: int | None
) -> dict[str, Any]:
    if from_version is not None:
        before, after = {"cpn": cpn, "version": from_version}, {"cpn": cpn, "version": to_version}
        data = client.ask(VERSIONS, {"cpn": cpn, "from": from_version, "to": to_version})
    elif other_cpn is not None:
        before, after = {"cpn": cpn, "view": "WORKING"}, {"cpn": other_cpn, "view": "WORKING"}
        data = client.ask(OTHERS, {"cpn": cpn, "otherCpn": other_cpn})
    else:
        before, after = {"cpn": cpn, "view": "RELEASED"}, {"cpn": cpn, "view": "WORKING"}
        data = client.ask(OTHERS, {"cpn": cpn, "otherCpn": cpn, "view": "RELEASED", "otherView": "WORKING"})
    differences = [
        {**each, "before": _side(each["before"]), "after": _side(each["after"])} for each in data["bom"]["differences"]
    ]
    return {"before": before, "after": after, "differences": differences}


def _side(link: dict[str, Any] | None) -> dict[str, object] | None:
    if link is None:
        return None
    rest = {name: value for name, value in link.items() if name != "child"}
    return {**link["child"], **rest, "quantity": ExactNumber(link["quantity"])}


def _show(differences: list[dict[str, Any]]) -> None:
    if not differences:
        print("No difference.")
        return
    rows = [
        (
            ", ".join(each["kinds"]).lower(),
            (each["before"] or each["after"])["cpn"],
            _quantity(each["before"]),
            (each["after"] or each["before"])["cpn"],
            _quantity(each["after"]),
            " ".join(
                [*(f"+{name}" for name in each["designatorsAdded"]), *(f"-{n}" for n in each["designatorsRemoved"])]
            ),
        )
        for each in differences
    ]
    print_table(("what", "cpn before", "quantity", "cpn after", "quantity", "designators"), rows)


def _quantity(side: dict[str, Any] | None) -> str:
    return "" if side is None else f"{side['quantity']} {side['unit']}"
