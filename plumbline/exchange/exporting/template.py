"""From the text of an export template to what it means; every fault at once, each with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from plumbline.exchange.errors import InvalidExportTemplate
from plumbline.exchange.exporting.fields import FIELDS, FieldName, field_words, fits_format, read_field
from plumbline.exchange.exporting.sheet import NUMBERS, Column
from plumbline.kit.document_faults import Faults, listed, nearest_hint
from plumbline.kit.late import LateModule
from plumbline.kit.yaml_source import YamlDocument, load_yaml

if TYPE_CHECKING:
    from plumbline.exchange.exporting import language
    from plumbline.kit import document_model
else:
    # They load pydantic, which a server needs for its first export and not for its start.
    language = LateModule("plumbline.exchange.exporting.language")
    document_model = LateModule("plumbline.kit.document_model")

WIDTH_USUAL = 14


class ListKind(StrEnum):
    INDENTED = "indented"
    FLAT = "flat"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    column: Column
    fields: tuple[FieldName, ...]
    """The first that has a value is shown."""
    is_optional: bool
    place: int


@dataclass(frozen=True, slots=True)
class ExportTemplate:
    name: str
    title: str
    kind: ListKind
    currency: str
    build_quantity: Decimal
    include_do_not_place: bool
    columns: tuple[TemplateColumn, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The names of all fields that anything is asked of."""
        return frozenset(field.name for column in self.columns for field in column.fields)

    @property
    def needed_attributes(self) -> frozenset[str]:
        """Names of the attributes that the library must have."""
        return frozenset(
            field.of
            for column in self.columns
            if not column.is_optional
            for field in column.fields
            if field.name == "attribute"
        )

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        return tuple(each.column for each in self.columns)


def template_from_text(text: str, name: str = "template.yaml") -> ExportTemplate:
    return template_from(load_yaml(text, name))


def template_from(document: YamlDocument) -> ExportTemplate:
    model = document_model.read_model(language.ExportTemplateModel, document, InvalidExportTemplate, language.PAGE)
    faults = Faults(InvalidExportTemplate, document, page=language.PAGE)
    columns = [_column(each, place, faults) for place, each in enumerate(model.columns)]
    titles = Counter(each.column.title for each in columns if each)
    for place, each in enumerate(columns):
        if each and titles[each.column.title] > 1:
            message = f"Two columns have the title {each.column.title!r}."
            faults.add(("columns", place), message, expected="a title of its own for each")
    faults.raise_if_any()
    return ExportTemplate(
        model.name,
        model.title or model.name,
        ListKind(model.kind),
        (model.currency or "USD").upper(),
        Decimal(1) if model.build_quantity is None else model.build_quantity,
        bool(model.include_do_not_place),
        tuple(each for each in columns if each is not None),
    )


def _column(model: language.ColumnModel, place: int, faults: Faults) -> TemplateColumn | None:
    fields = _fields(model, place, faults)
    if not fields:
        return None
    first = fields[0]
    meaning = FIELDS[first.name]
    wanted = model.format or meaning.format
    for each in fields:
        if not fits_format(each, wanted):
            message = f"The field {each} cannot be written as {wanted}."
            faults.add(("columns", place), message, expected="text, or the format of the field itself")
    column = Column(
        str(first),
        model.title or first.title,
        wanted,
        model.width or meaning.width or WIDTH_USUAL,
        "yes" if model.when_true is None else model.when_true,
        model.when_false or "",
        is_totalled=meaning.is_totalled and len(fields) == 1 and wanted in NUMBERS,
    )
    return TemplateColumn(column, fields, bool(model.is_optional), place)


def _fields(model: language.ColumnModel, place: int, faults: Faults) -> tuple[FieldName, ...]:
    words: Sequence[tuple[tuple[str | int, ...], str]] = [
        (("columns", place, "field"), model.field),
        *((("columns", place, "otherwise", number), word) for number, word in enumerate(model.otherwise or ())),
    ]
    found: list[FieldName] = []
    for path, word in words:
        field = read_field(word)
        if field is None:
            known = field_words()
            hint = nearest_hint(word, known) or nearest_hint(word.partition(".")[0], known)
            faults.add(
                path, f"There is no field {word[:80]!r}.", expected=f"one of {listed(known, len(known))}", hint=hint
            )
        else:
            found.append(field)
    return tuple(found) if len(found) == len(words) else ()
