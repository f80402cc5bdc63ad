"""What a reader found, free of file formats and of the library: parts, the lines between them, and findings.

Parts are named by `key`. A key is unique within one import and stays the same when the same source is read again; the
library keeps it as an alias of the part, which is how a second import finds the parts of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read: `row` counts from 1 as a spreadsheet or an editor shows it, `column` is a title."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        row = f", row {self.row}" if self.row else ""
        return f"{self.file}{sheet}{row}" + (f", {self.column}" if self.column else "")


class PartKind(StrEnum):
    PART = "PART"
    ASSEMBLY = "ASSEMBLY"
    DOCUMENT = "DOCUMENT"


class Severity(StrEnum):
    INFO = "INFO"
    """Read as meant; said so that nobody has to guess."""
    WARNING = "WARNING"
    """The source contradicts itself or had to be repaired; the sentence says what was taken."""
    ERROR = "ERROR"
    """Something could not be read and is missing from the data."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A finding for the user. `code` is stable and upper case; `sentence` carries the values."""

    severity: Severity
    code: str
    sentence: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From `quantity` packs on, one pack costs `price`."""

    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class ImportedOffer:
    """What one distributor asks. Prices are per pack of `pack_quantity` units of the part, as distributors write them."""

    distributor: str | None
    sku: str | None
    currency: str | None = None
    price_breaks: tuple[PriceBreak, ...] = ()
    pack_quantity: Decimal = Decimal(1)
    packaging: str | None = None
    lead_time_days: int | None = None
    link: str | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """A maker's part and who sells it. A distributor's item of unknown maker is a source without manufacturer and MPN."""

    manufacturer: str | None
    mpn: str | None
    description: str = ""
    link: str | None = None
    offers: tuple[ImportedOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedPart:
    """One part, assembly or document. None and empty mean that the source says nothing, never that a value shall go."""

    key: str
    name: str
    origin: Origin
    number: str | None = None
    """The part number that the source itself uses; None where it has none."""
    description: str = ""
    kind: PartKind = PartKind.PART
    category_path: tuple[str, ...] = ()
    unit: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Specifications: name to value as written, followed by its unit where the source keeps the unit apart."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """What the source says beside specifications: keywords, notes, references of its own."""
    sources: tuple[ImportedSource, ...] = ()
    link: str | None = None
    revision: str | None = None
    status: str | None = None
    """The source's word for the lifecycle stage; a hint, not one of the library's statuses."""
    variant_of: str | None = None
    """Key of the part that this one is a variant of."""
    is_template: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """One use of a child in a parent. `quantity` is None where the source names no number; None is neither 0 nor 1."""

    parent_key: str
    child_key: str
    quantity: Decimal | None
    origin: Origin
    unit: str | None = None
    item_number: str | None = None
    reference_designators: tuple[str, ...] = ()
    notes: str = ""
    do_not_place: bool = False
    is_consumable: bool = False
    is_optional: bool = False
    substitutes: tuple[str, ...] = ()
    """Keys of parts that may stand in for the child on this line."""
    inherited_from: str | None = None
    """Key of the template whose line this is a copy of."""


@dataclass(frozen=True, slots=True)
class ImportedCategory:
    path: tuple[str, ...]
    description: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a user said about the columns of a header, for the next table with the same titles."""

    header: str
    """`header_key` of the titles."""
    titles: tuple[str, ...]
    columns: Mapping[str, str]
    saved_at: str = ""


@dataclass(frozen=True, slots=True)
class ImportedData:
    """Everything one import found. Every key that a line, a variant or `tops` names is the key of one of `parts`."""

    format: str
    parts: tuple[ImportedPart, ...]
    lines: tuple[ImportedLine, ...]
    categories: tuple[ImportedCategory, ...] = ()
    tops: tuple[str, ...] = ()
    """Keys of the assemblies that stand in no other assembly, in the order of the source."""
    notices: tuple[Notice, ...] = ()
    mappings: tuple[ColumnMapping, ...] = ()
    """What the user said about the columns of tables."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What a user says about one table. None leaves it to the reader."""

    file: str | None = None
    """Name of the file as the import has it, or its last part; None speaks of every file."""
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    header_row: int | None = None
    """As a spreadsheet or an editor counts."""
    ignored: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    """Header text to what it means (`exchange.mapping`)."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a user can decide about reading."""

    inherit_lines: bool = True
    """Give a variant the lines that its template marks as inherited."""
    top_name: str | None = None
    """Name of the assembly that a table without levels describes; the file name without its ending when None."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Header text to column role, for headers that are not recognised or not meant as they read."""
    tables: tuple[TableMapping, ...] = ()
    """The same for single tables, which goes first."""
    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The mappings that the library has for headers, by `header_key`; what the user says now goes before them."""
