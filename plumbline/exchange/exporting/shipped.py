"""The export templates that come along, and which one is meant."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from plumbline.components.fields import is_currency
from plumbline.exchange.errors import InvalidExportTemplate, UnknownExportTemplate
from plumbline.exchange.exporting.template import ExportTemplate, template_from_text
from plumbline.kit.document_faults import nearest_hint
from plumbline.kit.quantity import QUANTITY_MAX

FOLDER = Path(__file__).parent / "shipped_templates"
DEFAULT = "default"


def shipped_names() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def shipped_text(name: str) -> str:
    """`name` is one of `shipped_names`, never what a caller typed."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def chosen_template(
    name: str | None, text: str | None, *, build_quantity: Decimal | None = None, currency: str | None = None
) -> ExportTemplate:
    """By the name of a shipped one, or as its text; the default without either. What is given beside it goes before what it says."""
    chosen = _template(name, text)
    if build_quantity is not None and not 0 < build_quantity <= QUANTITY_MAX:
        raise InvalidExportTemplate(
            f"The build quantity is {build_quantity}.", path=("buildQuantity",), expected="more than 0"
        )
    if currency is not None and not is_currency(currency):
        raise InvalidExportTemplate(
            f"{currency[:20]!r} is not a currency.", path=("currency",), expected="a code of ISO 4217, such as USD"
        )
    return replace(
        chosen,
        build_quantity=chosen.build_quantity if build_quantity is None else build_quantity,
        currency=chosen.currency if currency is None else currency.upper(),
    )


def _template(name: str | None, text: str | None) -> ExportTemplate:
    if text is not None:
        if name is not None:
            raise UnknownExportTemplate(
                "A template is named or sent, not both.", path=("templateText",), expected="one of them"
            )
        return template_from_text(text)
    names = shipped_names()
    wanted = DEFAULT if name is None else name
    if wanted not in names:
        raise UnknownExportTemplate(
            f"There is no export template {wanted[:80]!r}.",
            path=("template",),
            expected=f"one of {', '.join(names)}",
            hint=nearest_hint(wanted, names) or "The text of another template can be sent instead of a name.",
        )
    return _shipped(wanted)


@cache
def _shipped(name: str) -> ExportTemplate:
    return template_from_text(shipped_text(name), f"{name}.yaml")
