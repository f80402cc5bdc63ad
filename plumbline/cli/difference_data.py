"""Differences and impact as JSON for programs: what the API is asked for, and exact numbers as numbers."""

from __future__ import annotations

from typing import Any

from plumbline.cli.output import ExactNumber

SIDE = "{ quantity: exactQuantity unit itemNumber referenceDesignators notes isDoNotPlace child { cpn name } }"
DIFFERENCE = f"""{{
  area kind subject name before after sameQuantity
  line {{ kinds fields designatorsAdded designatorsRemoved before {SIDE} after {SIDE} }}
}}"""
_USE = "{ directCount ancestorCount topCount tops { quantity component { cpn name } } }"
_DELTA = """{
  before after change unit isComplete missingBeforeCount missingAfterCount missingBefore { cpn } missingAfter { cpn }
}"""
IMPACT = f"{{ released {_USE} working {_USE} cost {_DELTA} mass {_DELTA} leadTime {_DELTA} }}"


def difference_data(node: dict[str, Any]) -> dict[str, object]:
    line = node["line"]
    if line is None:
        return node
    return {**node, "line": {**line, "before": _side(line["before"]), "after": _side(line["after"])}}


def impact_data(asked: dict[str, Any]) -> dict[str, object]:
    return {
        **{name: _use(asked[name]) for name in ("released", "working")},
        **{name: _delta(asked[name]) for name in ("cost", "mass", "leadTime")},
    }


def _side(link: dict[str, Any] | None) -> dict[str, object] | None:
    if link is None:
        return None
    rest = {name: value for name, value in link.items() if name != "child"}
    return {**link["child"], **rest, "quantity": ExactNumber(link["quantity"])}


def _use(use: dict[str, Any]) -> dict[str, object]:
    tops = [{**each["component"], "quantity": ExactNumber(each["quantity"])} for each in use["tops"]]
    return {**use, "tops": tops}


def _delta(delta: dict[str, Any] | None) -> dict[str, object] | None:
    if delta is None:
        return None
    numbers = {
        name: None if delta[name] is None else ExactNumber(delta[name]) for name in ("before", "after", "change")
    }
    parts = {name: [each["cpn"] for each in delta[name]] for name in ("missingBefore", "missingAfter")}
    return {**delta, **numbers, **parts}
