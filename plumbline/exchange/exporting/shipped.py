"""The export templates that come along, and which one is meant: the library's own go before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from plumbline.components.fields import is_currency
from plumbline.exchange.errors import InvalidExportTemplate, UnknownExportTemplate
from plumbline.exchange.exporting.template import ExportTemplate, template_from_text
from plumbline.kit.document_faults import listed, nearest_hint
from plumbline.kit.quantity import QUANTITY_MAX

NONE: Mapping[str, str] = MappingProxyType({})
OWN_KEPT = 32
FOLDER = Path(__file__).parent / "shipped_templates"
DEFAULT = "default"
SCHEMA_TYPE = "export_template"
"""Of the documents that a library keeps them in."""


def shipped_names() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def shipped_text(name: str) -> str:
    """`name` is one of `shipped_names`, never what a caller typed."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def chosen_template(
    name: str | None,
    text: str | None,
    *,
    own: Mapping[str, str] = NONE,
    build_quantity: Decimal | None = None,
    currency: str | None = None,
) -> ExportTemplate:
    """By the name of one of the library's own (`own`, texts by name) or of a shipped one, or as its text; the default without either. What
    is given beside it goes before what it says."""
    chosen = _template(name, text, own)
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


def _template(name: str | None, text: str | None, own: Mapping[str, str]) -> ExportTemplate:
    if text is not None:
        if name is not None:
            raise UnknownExportTemplate(
                "A template is named or sent, not both.", path=("templateText",), expected="one of them"
            )
        return template_from_text(text)
    wanted = DEFAULT if name is None else name
    if wanted in own:
        return _own(wanted, own[wanted])
    names = tuple(dict.fromkeys((*own, *shipped_names())))
    if wanted not in names:
        raise UnknownExportTemplate(
            f"There is no export template {wanted[:80]!r}.",
            path=("template",),
            expected=f"one of {listed(names)}",
            hint=nearest_hint(wanted, names) or "The text of another template can be sent instead of a name.",
        )
    return _shipped(wanted)


@cache
def _shipped(name: str) -> ExportTemplate:
    return template_from_text(shipped_text(name), f"{name}.yaml")


@lru_cache(maxsize=OWN_KEPT)
def _own(name: str, text: str) -> ExportTemplate:
    return template_from_text(text, f"exports/{name}.yaml")
