"""What a column of a table means, told by its title alone.

Titles are compared by their letters and digits only, so `Part #`, `part number` and `PartNumber` are one. Each answer says how
sure it is and why; what the cells below add to that is told in `contents`, and which row the titles stand in in `headers`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from plumbline.exchange.amounts import currency_in
from plumbline.exchange.shops import shop_in


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
    SUBASSEMBLY = "subassembly"
    """Name of an assembly inside that group."""
    MULTIPLIER = "multiplier"
    """How often the product holds that assembly."""
    STATED_TOTAL = "stated_total"
    """Pieces in the whole product, as the author counted them; checked, never used."""
    ROW_ID = "row_id"
    MANUFACTURER = "manufacturer"
    MPN = "mpn"
    MANUFACTURER_AND_MPN = "manufacturer_and_mpn"
    """Both in one cell: `NXP - BSH105`."""
    LIBRARY_REFERENCE = "library_reference"
    """Name of the symbol in the design tool's library; tells parts apart where each row has one of its own."""
    SUPPLIER = "supplier"
    SKU = "sku"
    """The supplier's number; its name may stand before it in the same cell: `Farnell 2614454`."""
    PRICE = "price"
    LINE_PRICE = "line_price"
    """Price of all pieces of the row; checked, never used."""
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
MAKER_ROLES = frozenset({Role.MANUFACTURER, Role.MPN, Role.MANUFACTURER_AND_MPN})
SOURCE_ROLES = MAKER_ROLES | {Role.SUPPLIER, Role.SKU, Role.PRICE, Role.CURRENCY, Role.LINK}
"""What a row can say several times: for each maker and each shop."""

SURE, LIKELY, MAYBE, GUESSED = 95, 80, 65, 50
"""Percent. A guess decides only where nothing speaks against it; a person should look at it."""
SAID = 100

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
        "quantity per assembly", "qty per", "required quantity", "menge", "anzahl", "stk", "quantity per pcb", "qty per pcb",
        "quantity per board", "qty per board",
    ),
    Role.DESIGNATORS: (
        "reference", "references", "reference designator", "reference designators", "designator", "designators", "refdes",
        "ref des", "ref", "refs", "part reference", "designation", "circuit reference", "component reference", "board locations",
        "board location",
    ),
    Role.ITEM_NUMBER: ("item", "item number", "item no", "#", "pos", "position", "line", "line number", "find number"),
    Role.NOTES: ("notes", "note", "comment", "comments", "remarks", "remark", "bemerkung"),
    Role.DO_NOT_PLACE: (
        "dnp", "do not place", "do not populate", "dni", "nf", "not fitted", "do not fit", "n.m", "n.m.", "not mounted",
        "do not mount", "dnm", "dnf", "dnl", "do not load", "do not install", "exclude from bom",
    ),
    Role.FITTING: ("assembly info", "fitting info"),
    Role.LEVEL: ("level", "lvl", "bom level", "indent", "depth", "indenture", "indented level"),
    Role.PARENT: ("parent", "owner", "parent part", "parent part number", "parent number", "next assembly", "parent name"),
    Role.ASSEMBLY: ("assembly", "assembly name", "assy", "module", "baugruppe"),
    Role.SUBASSEMBLY: ("sub assembly", "subassembly", "sub-assembly", "unterbaugruppe"),
    Role.MULTIPLIER: ("multiplier", "assembly multiplier", "assembly quantity", "assembly qty", "number of assemblies"),
    Role.STATED_TOTAL: ("total reqs", "total required", "total quantity", "total qty", "qty total", "total req", "total pieces"),
    Role.ROW_ID: ("id", "uid", "row id"),
    Role.MANUFACTURER: ("manufacturer", "mfr", "mfg", "manufacturer name", "maker", "hersteller", "brand", "manuf", "mfr name", "mfg name"),
    Role.MPN: (
        "mpn", "manufacturer part number", "manufacturer part", "mfr part number", "mfg part number", "mfr pn", "mfg pn",
        "manufacturer part no", "manufacturer no", "manufacturer p/n", "manufacturer number", "mfr part", "mfr no", "mfg no", "mfg part",
        "manuf code", "manuf part number", "manufacturer code", "mfr code", "catalog part number", "catalogue number", "catalog number",
        "herstellernummer",
    ),
    Role.LIBRARY_REFERENCE: ("libref", "lib ref", "library ref", "library reference"),
    Role.SUPPLIER: ("supplier", "vendor", "distributor", "lieferant", "shop", "source", "seller"),
    Role.SKU: (
        "sku", "supplier part number", "vendor part number", "distributor part number", "order code", "order number", "supplier code",
        "supplier part", "supplier number", "supplier pn", "vendor pn", "vendor no", "bestellnummer", "supplier and ref",
    ),
    Role.PRICE: ("unit price", "unit cost", "cost pp", "price each", "cost each", "price per unit", "cost per unit", "einzelpreis"),
    Role.LINE_PRICE: (
        "total price", "price total", "extended price", "ext price", "extended cost", "ext cost", "total cost", "cost total",
        "line total", "line price", "line cost", "gesamtpreis", "subtotal",
    ),
    Role.CURRENCY: ("currency", "waehrung", "währung"),
    Role.LINK: ("link", "url", "web link", "hyperlink", "product link", "product page", "website", "webpage"),
    Role.IGNORED: ("order quantity", "order qty", "order unit price", "order price"),
}  # fmt: skip
_WIDE_WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.PRICE: ("price", "cost", "preis"),
    Role.MANUFACTURER: ("man", "manu", "mfct"),
    Role.NAME: ("stock name", "item description"),
}
"""Give way to the words above: beside a unit price, `Price` is that of the whole row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is read. Without a role it is a specification under its title, or nothing when it has none."""

    title: str
    role: Role | None
    confidence: int
    """Percent; of the role, or of there being none."""
    reason: str
    group: str = ""
    """Which of several makers or shops of a row is meant; empty for the first."""
    supplier: str = ""
    """The shop that the title names."""
    currency: str = ""
    """Code of three letters, where the title names it: `Unit Price (CHF)`."""


def folded_title(title: str) -> str:
    """Letters and digits only, so that `Part #`, `part number` and `PartNumber` are one."""
    text = unicodedata.normalize("NFKC", title).casefold().replace("#", " number ")
    return re.sub(r"[\W_]+", "", text)


@lru_cache(
    maxsize=4_096
)  # the same titles stand in every file of a folder, and looking for misspelt ones takes a millisecond
def column_titled(title: str) -> Column:
    """What the title says by itself: as a word known here, with a remark or a number beside it, of a shop, or nearly such a word."""
    found = (
        _maker_and_number(title)
        or _by_word(title)
        or _with_remark(title)
        or _of_several(title)
        or _of_shop(title)
        or _by_halves(title)
        or _by_ending(title)
        or _nearly(title)
    )
    reason = "no word that is known here" if title.strip() else "without a title"
    return found or Column(title, None, SURE if not title.strip() else MAYBE, reason)


def _by_word(title: str) -> Column | None:
    folded = folded_title(title)
    if folded in _ROLE_BY_WORD:
        role = _ROLE_BY_WORD[folded]
        return Column(title, role, SURE, "it speaks of an order" if role is Role.IGNORED else "a word for it")
    if folded in _ROLE_BY_WIDE_WORD:
        return Column(title, _ROLE_BY_WIDE_WORD[folded], LIKELY, "a word for it")
    return None


def _with_remark(title: str) -> Column | None:
    """`Unit Price (CHF)`, `QTY [pcs]`, `Mfr Part Number (Input)`."""
    match = re.fullmatch(r"\s*([^()\[\]]*\w[^()\[\]]*?)\s*[(\[]([^()\[\]]*)[)\]]\s*", title)
    if match is None:
        return None
    found = column_titled(match[1])
    if found.role is None:
        return None
    return _retitled(found, title, f"{match[1]}: {found.reason}", currency=currency_in(match[2]) or "")


def _of_several(title: str) -> Column | None:
    """`Manufacturer 2`, `MPN3`, `Supplier 1 Part Number`; the first is that of a row with one only."""
    match = re.fullmatch(r"\s*(.*?\D)\s*([1-9])\s*", title) or re.fullmatch(r"\s*(\w+)\s+([1-9])(\s.+)", title)
    if match is None:
        return None
    base = match[1].rstrip(" _#-.") + (match[3] if len(match.groups()) > 2 else "")
    found = _by_word(base) or _of_shop(base)
    if found is None or found.role not in SOURCE_ROLES | {Role.QUANTITY, Role.IGNORED}:
        return None
    number = int(match[2])
    if number == 1 and not found.supplier:
        return _retitled(found, title, f"the first {base}")
    if found.role is Role.QUANTITY:
        return None
    return _retitled(found, title, f"number {number} of {base}", group=f"{found.group} {number}".strip())


def _of_shop(title: str) -> Column | None:
    """`DigiKey PN`, `Mouser Price`, `LCSC`."""
    found = shop_in(title)
    if found is None:
        return None
    role = _SHOP_ROLES.get(folded_title(found.rest))
    if role is None or (not found.rest and found.is_ambiguous):
        return None
    words = {
        Role.SKU: f"numbers of {found.name}",
        Role.PRICE: f"prices of {found.name}",
        Role.LINK: f"pages of {found.name}",
    }
    reason = words.get(role, f"what to order at {found.name}")
    return Column(title, role, LIKELY, reason, group=found.written.casefold(), supplier=found.name)


def _maker_and_number(title: str) -> Column | None:
    """`Manufacturer / Part No.`: two things in one cell; asked first, since its letters are those of the maker's number."""
    roles = _roles_of_halves(title)
    if roles is None or roles[0] is not Role.MANUFACTURER or roles[1] not in (Role.NUMBER, Role.MPN):
        return None
    return Column(title, Role.MANUFACTURER_AND_MPN, LIKELY, "maker and number in one cell")


def _by_halves(title: str) -> Column | None:
    """`Supplier/Seller` is one thing said twice."""
    roles = _roles_of_halves(title)
    if roles is None:
        return None
    first = Role.VALUE if Role.VALUE in roles else roles[0]
    return Column(title, first, LIKELY if roles[0] is roles[1] else MAYBE, "both sides of the stroke are words for it")


def _roles_of_halves(title: str) -> tuple[Role, Role] | None:
    halves = [half.strip() for half in title.split("/")]
    if len(halves) != 2 or not all(halves):
        return None
    first, second = (_by_word(half) or _nearly(half) for half in halves)
    if first is None or second is None or first.role is None or second.role is None:
        return None
    return first.role, second.role


def _by_ending(title: str) -> Column | None:
    """`SOLIDWORKS PART NUMBER`, `IITCODE`: numbers of somebody's own."""
    folded = folded_title(title)
    if folded.endswith(("partnumber", "partno", "articlenumber")):
        return Column(title, Role.NUMBER, MAYBE, "ends like a part number")
    if folded.endswith("code") and not folded.startswith(_CODES_OF_OTHER_THINGS):
        return Column(title, Role.NUMBER, GUESSED, "ends in code, as companies call their part numbers")
    return None


def _nearly(title: str) -> Column | None:
    folded = folded_title(title)
    if len(folded) < _MISSPELT_LENGTH_MIN or any(sign.isdigit() for sign in folded):
        return None
    near = difflib.get_close_matches(folded, _LONG_WORDS, n=1, cutoff=_LIKENESS_MIN)
    return Column(title, _ROLE_BY_WORD[near[0]], MAYBE, f"nearly {near[0]}") if near else None


def _retitled(column: Column, title: str, reason: str, group: str | None = None, currency: str = "") -> Column:
    return Column(
        title,
        column.role,
        min(column.confidence, SURE - 5),
        reason,
        column.group if group is None else group,
        column.supplier,
        currency or column.currency,
    )


_MISSPELT_LENGTH_MIN = 7
_LIKENESS_MIN = 0.9
_CODES_OF_OTHER_THINGS = (
    "bar",
    "qr",
    "color",
    "colour",
    "hs",
    "country",
    "date",
    "zip",
    "post",
    "tax",
    "error",
    "g",
    "tariff",
    "taric",
)
_SHOP_ROLES = {
    **dict.fromkeys(("", "number", "no", "pn", "partnumber", "partno", "part", "sku", "ordercode", "code", "id", "ref"), Role.SKU),
    **dict.fromkeys(("price", "unitprice", "cost", "unitcost"), Role.PRICE),
    **dict.fromkeys(("link", "url"), Role.LINK),
    **dict.fromkeys(("quantity", "qty", "stock", "moq", "orderquantity", "orderqty"), Role.IGNORED),
}  # fmt: skip
_ROLE_BY_WORD = {folded_title(word): role for role, words in _WORDS.items() for word in words}
_ROLE_BY_WIDE_WORD = {folded_title(word): role for role, words in _WIDE_WORDS.items() for word in words}
_LONG_WORDS = [word for word in _ROLE_BY_WORD if len(word) >= _MISSPELT_LENGTH_MIN]
NEUTRAL_NUMBERS = frozenset(
    folded_title(word) for word in ("part number", "part no", "part num", "partnum", "p/n", "pn")
)
"""Titles that do not say whose number it is."""
