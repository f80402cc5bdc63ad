"""An import as the library can keep it (pure): what a plan compares and what is written are the same values.

Without this step a second import would find `litres` where it had sent LITER, and change it for ever. Nothing is lost silently: what
cannot be kept as it stands gets a notice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from plumbline.catalog.attributes import TEXT_LENGTH_MAX, typed_value
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.model import Attribute, AttributeType, unit_of_measure
from plumbline.components.fields import DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX
from plumbline.exchange.adjusting import Findings, fitted, fitted_name
from plumbline.exchange.errors import InvalidImportData
from plumbline.exchange.library_lines import fitted_line
from plumbline.exchange.library_sources import fitted_sources
from plumbline.exchange.model import ImportedCategory, ImportedData, ImportedPart

CATALOG_NAME_MAX = 100
"""The longest name of a category or an attribute."""
AS_IMPORTED = " (as imported)"
"""Ends the name of the text attribute that takes a value which the attribute of the plain name cannot hold."""


@dataclass(slots=True)
class _Names:
    """Attributes of the library by folded name; and how names that it does not have were spelled first."""

    known: Mapping[str, Attribute]
    spellings: dict[str, str]

    def spelled(self, name: str) -> str:
        attribute = self.known.get(name.lower())
        return self.spellings.setdefault(name.lower(), name) if attribute is None else attribute.name


def in_library_form(data: ImportedData, known: Mapping[str, Attribute]) -> ImportedData:
    """The import fitted to the library; `known` are its attributes by name in lower case. Refuses keys that are one when trimmed."""
    findings = Findings()
    names = _Names(known, {})
    parts = tuple(_fitted_part(part, names, findings) for part in data.parts)
    key_of = {before.key: after.key for before, after in zip(data.parts, parts, strict=True)}
    _refuse_equal_keys(parts)
    lines = tuple(
        replace(
            line,
            parent_key=key_of[line.parent_key],
            child_key=key_of[line.child_key],
            substitutes=tuple(key_of[key] for key in line.substitutes),
        )
        for line in data.lines
    )
    return replace(
        data,
        format=fitted_name(data.format, 40, findings, None) or "unknown",
        parts=parts,
        lines=tuple(fitted_line(line, findings) for line in lines),
        categories=tuple(_fitted_category(category, findings) for category in data.categories),
        tops=tuple(key_of[key] for key in data.tops),
        notices=(*data.notices, *findings.notices()),
    )


def _fitted_part(part: ImportedPart, names: _Names, findings: Findings) -> ImportedPart:
    unit = None if part.unit is None else unit_of_measure(part.unit)
    if part.unit and unit is None:
        findings.note("UNIT_UNKNOWN", part.unit, part.origin)
    for remark in _remarks(part):
        findings.note("PART_REMARKS_NOT_KEPT", remark, part.origin)
    key = fitted(part.key, NAME_LENGTH_MAX, findings, part.origin)
    return replace(
        part,
        key=key,
        name=fitted(part.name, NAME_LENGTH_MAX, findings, part.origin) or key,
        number=fitted(part.number, NAME_LENGTH_MAX, findings, part.origin) or None,
        description=fitted(part.description, DESCRIPTION_LENGTH_MAX, findings, part.origin),
        category_path=_fitted_path(part.category_path, findings),
        unit=unit,
        attributes=_fitted_attributes(part, names, findings),
        sources=fitted_sources(part.sources, findings, part.origin),
    )


def _remarks(part: ImportedPart) -> Iterator[str]:
    """What a part of the library has no field for."""
    yield from (f"{name} {text}" for name, text in part.extra.items())
    linked = {link for source in part.sources for link in (source.link, *(offer.link for offer in source.offers))}
    if part.link and part.link not in linked | {*part.attributes.values()}:
        yield f"The link {part.link}"
    if part.variant_of:
        yield f"Being a variant of {part.variant_of}"
    if not part.is_active:
        yield "Being inactive"


def _fitted_category(category: ImportedCategory, findings: Findings) -> ImportedCategory:
    return replace(category, path=_fitted_path(category.path, findings))


def _fitted_path(path: tuple[str, ...], findings: Findings) -> tuple[str, ...]:
    return tuple(filter(None, (fitted_name(step, CATALOG_NAME_MAX, findings, None) for step in path)))


def _fitted_attributes(part: ImportedPart, names: _Names, findings: Findings) -> dict[str, str]:
    found: dict[str, str] = {}
    for title, raw in part.attributes.items():
        name = names.spelled(fitted_name(title, CATALOG_NAME_MAX - len(AS_IMPORTED), findings, part.origin) or "Value")
        text = fitted(raw, TEXT_LENGTH_MAX, findings, part.origin)
        if not text:
            continue
        kept = text_as_kept(names.known.get(name.lower()), text)
        if kept is None:
            findings.note("VALUE_AS_TEXT", f"{name} {text}", part.origin)
            name, kept = names.spelled(name + AS_IMPORTED), text
        if name in found:
            findings.note("VALUE_REPEATED", f"{name} {text}", part.origin)
            continue
        found[name] = kept
    return found


def text_as_kept(attribute: Attribute | None, text: str) -> str | None:
    """What the library answers after it was given the text; None if the attribute cannot hold it."""
    if attribute is None:
        return text
    if attribute.type == AttributeType.LIST:
        return None  # a text says nothing about where one item ends and the next begins
    try:
        value = typed_value(attribute, text, ())
    except InvalidAttributeValue:
        return None
    return None if value is None else value.text


def _refuse_equal_keys(parts: tuple[ImportedPart, ...]) -> None:
    repeated = [key for key, count in Counter(part.key for part in parts).items() if count > 1 or not key]
    if repeated:
        raise InvalidImportData(
            f"The key {repeated[0][:80]!r} belongs to several parts once blanks around it and control characters are gone.",
            path=("parts",),
            expected="a key of its own for every part",
        )
