"""What the columns of a table mean: header texts to roles, and where the header is.

Headers are compared by their letters and digits only, so `Part #`, `part number` and `PartNumber` are one. A mapping from
the user goes before the words known here; a column of no known role is a specification under its own name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from plumbline.exchange.errors import UnknownColumnRole
from plumbline.exchange.sheets import Row, Sheet


class Role(StrEnum):
    """What a column can say. The values are what a user's column mapping names."""

    NUMBER = "number"
    NAME = "name"
    SHORT_NAME = "short_name"
    """Name of the part where the name column names the single piece."""
    LONG_NAME = "long_name"
    """Tells parts apart that have no number; also the description."""
    DESCRIPTION = "description"
    TYPE = "type"
    CATEGORY = "category"
    REVISION = "revision"
    STATUS = "status"
    UNIT = "unit"
    VALUE = "value"
    FOOTPRINT = "footprint"
    QUANTITY = "quantity"
    DESIGNATORS = "designators"
    ITEM_NUMBER = "item_number"
    NOTES = "notes"
    DO_NOT_PLACE = "do_not_place"
    FITTING = "fitting"
    """A remark that may say that a part, or some of its places, stays off the board: `NF`, `NF(C1 C2)`."""
    LEVEL = "level"
    PARENT = "parent"
    """Number or name of the part that the row's part stands in."""
    ASSEMBLY = "assembly"
    """Name of a group of rows that is an assembly of its own."""
    MULTIPLIER = "multiplier"
    """How often the product holds that assembly."""
    STATED_TOTAL = "stated_total"
    """Pieces in the whole product, as the author counted them; checked, never used."""
    ROW_ID = "row_id"
    MANUFACTURER = "manufacturer"
    MPN = "mpn"
    LIBRARY_REFERENCE = "library_reference"
    """Name of the symbol in the design tool's library; tells parts apart where each row has one of its own."""
    SUPPLIER = "supplier"
    SKU = "sku"
    PRICE = "price"
    CURRENCY = "currency"
    LINK = "link"
    IGNORED = "ignored"


IDENTITY_ROLES = (
    Role.NUMBER,
    Role.MPN,
    Role.LONG_NAME,
    Role.SHORT_NAME,
    Role.NAME,
    Role.LIBRARY_REFERENCE,
    Role.VALUE,
    Role.DESCRIPTION,
)
_HEADER_ROWS_SEARCHED = 40
_HEADER_ROLES_MIN = 2

_WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.NUMBER: (
        "part number", "parts number", "part no", "part num", "partnum", "part id", "p/n", "pn", "ipn", "cpn", "item code",
        "internal part number", "article", "article number", "stock code", "bom number", "teilenummer", "artikelnummer",
    ),
    Role.NAME: ("name", "part name", "title", "part", "component", "bezeichnung", "item name"),
    Role.SHORT_NAME: ("short name",),
    Role.LONG_NAME: ("long name",),
    Role.DESCRIPTION: ("description", "desc", "part description", "beschreibung", "details"),
    Role.TYPE: ("type", "part type", "kind", "item type"),
    Role.CATEGORY: ("category", "part category", "class", "family", "kategorie"),
    Role.REVISION: ("revision", "rev", "part revision", "version"),
    Role.STATUS: ("status", "lifecycle", "lifecycle status", "part status"),
    Role.UNIT: ("unit", "units", "uom", "unit of measure", "einheit"),
    Role.VALUE: ("value", "val", "wert", "value / description", "description / value"),
    Role.FOOTPRINT: ("footprint", "package", "case", "pattern"),
    Role.QUANTITY: (
        "quantity", "qty", "quantities", "quentity", "count", "amount", "pieces", "pcs", "# req in assy", "qty per assembly",
        "quantity per assembly", "qty per", "required quantity", "menge", "anzahl", "stk",
    ),
    Role.DESIGNATORS: (
        "reference", "references", "reference designator", "reference designators", "designator", "designators", "refdes",
        "ref des", "ref", "refs", "part reference", "designation",
    ),
    Role.ITEM_NUMBER: ("item", "item number", "item no", "#", "pos", "position", "line", "line number", "find number"),
    Role.NOTES: ("notes", "note", "comment", "comments", "remarks", "remark", "bemerkung"),
    Role.DO_NOT_PLACE: ("dnp", "do not place", "do not populate", "dni", "nf", "not fitted", "do not fit"),
    Role.FITTING: ("assembly info", "fitting info"),
    Role.LEVEL: ("level", "lvl", "bom level", "indent", "depth", "indenture", "indented level"),
    Role.PARENT: ("parent", "owner", "parent part", "parent part number", "parent number", "next assembly", "parent name"),
    Role.ASSEMBLY: ("assembly", "assembly name", "assy", "sub assembly", "subassembly", "module", "baugruppe"),
    Role.MULTIPLIER: ("multiplier", "assembly multiplier", "assembly quantity", "assembly qty", "number of assemblies"),
    Role.STATED_TOTAL: ("total reqs", "total required", "total quantity", "total qty", "qty total", "total req", "total pieces"),
    Role.ROW_ID: ("id", "uid", "row id"),
    Role.MANUFACTURER: ("manufacturer", "mfr", "mfg", "manufacturer name", "maker", "hersteller", "brand", "manufacturer 1"),
    Role.MPN: (
        "mpn", "manufacturer part number", "manufacturer part", "mfr part number", "mfg part number", "mfr pn", "mfg pn",
        "manufacturer part no", "manufacturer no", "manufacturer part number 1", "manufacturer p/n", "manufacturer number", "mfr part",
        "mfr no",
    ),
    Role.LIBRARY_REFERENCE: ("libref", "lib ref", "library ref", "library reference"),
    Role.SUPPLIER: ("supplier", "vendor", "distributor", "supplier 1", "lieferant", "shop", "source"),
    Role.SKU: (
        "sku", "supplier part number", "vendor part number", "distributor part number", "order code", "order number",
        "supplier part number 1", "supplier part", "supplier number", "supplier pn", "bestellnummer",
    ),
    Role.PRICE: ("price", "unit price", "cost", "unit cost", "cost pp", "price each", "cost each", "preis", "einzelpreis"),
    Role.CURRENCY: ("currency", "waehrung", "währung"),
    Role.LINK: ("link", "url", "web link", "hyperlink", "product link", "product page", "website", "webpage"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """The row that names the columns. `roles[i]` is None where column i is a specification named `titles[i]`."""

    row: int
    titles: tuple[str, ...]
    roles: tuple[Role | None, ...]
    makers_number: int | None = None
    """The column of part numbers that was taken for the makers' because it stands right behind the makers."""

    def column(self, role: Role) -> int | None:
        return self.roles.index(role) if role in self.roles else None

    def has(self, *roles: Role) -> bool:
        return all(role in self.roles for role in roles)


def header_in(sheet: Sheet, mapping: Mapping[str, str]) -> Header | None:
    """The row among the first ones that names the most roles, an identity among them; None when the sheet has no such row."""
    candidates = [header_from(row, mapping) for row in sheet.rows[:_HEADER_ROWS_SEARCHED]]
    fitting = [header for header in candidates if _role_count(header) >= _HEADER_ROLES_MIN and _names_parts(header)]
    return max(fitting, key=lambda header: (_role_count(header), -header.row), default=None)


def header_from(row: Row, mapping: Mapping[str, str]) -> Header:
    """Reads a row as a header. The first column of a role keeps it; a second one is a specification under its own name."""
    wanted = {folded_title(title): _role(title, name) for title, name in mapping.items()}
    folded_titles = [folded_title(cell) for cell in row.cells]
    roles: list[Role | None] = []
    for folded in folded_titles:
        role = wanted.get(folded) or _ROLE_BY_WORD.get(folded)
        roles.append(None if role in roles and role is not Role.IGNORED else role)
    makers_number = _makers_number(folded_titles, roles) if Role.NUMBER not in wanted.values() else None
    if makers_number is not None:
        roles[makers_number] = Role.MPN
    return Header(row.number, tuple(" ".join(cell.split()) for cell in row.cells), tuple(roles), makers_number)


def _makers_number(folded_titles: Sequence[str], roles: Sequence[Role | None]) -> int | None:
    """`Manufacturer, Part Number` side by side speak of one thing, where no other column has the makers' numbers."""
    if Role.MPN in roles or Role.MANUFACTURER not in roles:
        return None
    column = roles.index(Role.MANUFACTURER) + 1
    is_pair = column < len(roles) and roles[column] is Role.NUMBER and folded_titles[column] in _NEUTRAL_NUMBERS
    return column if is_pair else None


def _role_count(header: Header) -> int:
    return sum(role is not None for role in header.roles)


def _names_parts(header: Header) -> bool:
    return any(header.has(role) for role in (*IDENTITY_ROLES, Role.DESIGNATORS))


def _role(title: str, name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise UnknownColumnRole(
            f"Column {title} cannot be a {name}.", path=("columns", title), expected=f"one of {', '.join(Role)}"
        ) from None


def folded_title(title: str) -> str:
    """Letters and digits only, so that `Part #`, `part number` and `PartNumber` are one."""
    text = unicodedata.normalize("NFKC", title).casefold().replace("#", " number ")
    return re.sub(r"[\W_]+", "", text)


_ROLE_BY_WORD = {folded_title(word): role for role, words in _WORDS.items() for word in words}
_NEUTRAL_NUMBERS = frozenset(
    folded_title(word) for word in ("part number", "part no", "part num", "partnum", "p/n", "pn")
)
"""Titles that do not say whose number it is."""
