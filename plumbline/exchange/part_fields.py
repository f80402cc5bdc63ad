"""What the fields mean that people give to symbols in schematics: maker, part number, supplier numbers, price, not fitted.

Design tools leave these names to their users, so they are recognised like column titles, by letters and digits only. A field
of no known meaning is a specification under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from plumbline.exchange.amounts import Price, price_in
from plumbline.exchange.columns import folded_title
from plumbline.exchange.fitting import FITTED_WORDS, SAID_NO, WORDS_IN_TEXT, is_not_fitted
from plumbline.exchange.model import ImportedOffer, ImportedSource, PriceBreak
from plumbline.exchange.placeholders import PLACEHOLDERS

_NUMBER = (
    "ipn",
    "cpn",
    "internalpartnumber",
    "internalpn",
    "companypartnumber",
    "housepartnumber",
    "stockcode",
    "itemcode",
)
_MPN = (
    "mpn", "partno", "manfnumber", "mfgpn", "manufacturerpartnumber", "manufacturerpartno", "manufacturerpn",
    "manufacturerpart", "manufacturernumber", "manufacturerno", "mfrpartnumber", "mfrpn", "mfrno", "mfrnumber", "mfrpart", "mfgpartnumber",
    "mfgnumber", "mfgpart", "manfpn", "manfpartnumber", "mfpn", "mfnumber", "mp", "mfn", "manufacturerpartnumber1", "partnumber",
    "partnum", "pn",
)  # fmt: skip
"""In order of preference."""
_MANUFACTURER = (
    "manufacturer",
    "mfr",
    "mfg",
    "mf",
    "manf",
    "manufacturername",
    "mfrname",
    "mfgname",
    "maker",
    "brand",
    "manufacturer1",
)
_SUPPLIER = ("supplier", "vendor", "distributor", "supplier1")
_SKU = (
    "sku",
    "supplierpartnumber",
    "supplierpn",
    "supplierpart",
    "vendorpartnumber",
    "vendorpn",
    "ordercode",
    "ordernumber",
    "supplierpartnumber1",
)
_PRICE = ("price", "unitprice", "cost", "unitcost")
_DESCRIPTION = ("description", "desc", "kidescription")
_DATASHEET = ("datasheet", "datasheeturl", "datasheetlink")
_CATEGORY = ("category", "partcategory")
_KEYWORDS = ("kikeywords", "keywords")
_PASSED = frozenset({"reference", "kifpfilters", "kilocked", "intersheetrefs", "intersheetreferences", "netclass"})
"""Graphics and bookkeeping of the tool."""
_SUPPLIERS = {
    "lcsc": "LCSC", "jlcpcb": "JLCPCB", "jlc": "JLCPCB", "digikey": "DigiKey", "mouser": "Mouser", "farnell": "Farnell",
    "newark": "Newark", "element14": "element14", "rscomponents": "RS", "rsonline": "RS", "arrow": "Arrow", "avnet": "Avnet",
    "tme": "TME", "reichelt": "Reichelt", "conrad": "Conrad", "verical": "Verical", "szlcsc": "LCSC",
}  # fmt: skip
"""In the order in which their numbers tell parts apart that have no other number."""
_SUPPLIER_FIELD = re.compile(
    rf"({'|'.join(sorted(_SUPPLIERS, key=len, reverse=True))})"
    r"(partnumber|partno|partnum|part|pn|number|num|no|sku|spn|code|ordernumber|ordercode|id)?"
)
_NOT_PLACED = frozenset(
    {"dnp", "dnf", "dni", "dnm", "dnl", "donotplace", "donotpopulate", "donotfit", "donotmount", "notfitted", "nostuff"}
)
_PLACED = frozenset(
    {"populate", "populated", "fitted", "fit", "mounted", "mount", "placed", "place", "stuff", "assemble"}
)
_FITTING = frozenset({"config", "fit", "bom"})
_NOT_PLACED_WORD = re.compile(rf"(?<![^\W_])({'|'.join(sorted(WORDS_IN_TEXT))})(?![^\W_])", re.IGNORECASE)
KEY_LENGTH_MAX = 400
"""Short of what the library keeps, so that no two keys are one when it has cut them."""
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_NOT_FITTED_VALUE = re.compile(r"nf|nf\s*\(.*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartFields:
    """The fields of one part, sorted by what they say."""

    number: str | None
    sources: tuple[ImportedSource, ...]
    description: str
    category_path: tuple[str, ...]
    link: str | None
    attributes: Mapping[str, str]
    extra: Mapping[str, str]

    @property
    def mpn(self) -> str | None:
        return next((source.mpn for source in self.sources if source.mpn), None)

    @property
    def sku(self) -> str | None:
        """The supplier number that tells the part apart where nothing else does."""
        return next((offer.sku for source in self.sources for offer in source.offers if offer.sku), None)


def part_fields(written: Mapping[str, str]) -> PartFields:
    """Sorts fields by meaning; of several that mean the same, the first known word counts and the others stay specifications."""
    fields = _Fields(written)
    number, mpn = fields.take_line(_NUMBER), fields.take_line(_MPN)
    manufacturer = fields.take_line(_MANUFACTURER)
    if mpn is None and manufacturer is not None:
        mpn = fields.take_line(("part",))
    datasheet = fields.take(_DATASHEET, is_link)
    offers = _offers(fields)
    sources = (ImportedSource(manufacturer, mpn, link=datasheet, offers=offers),) if mpn or offers else ()
    keywords = fields.take(_KEYWORDS)
    return PartFields(
        number=number,
        sources=sources,
        description=fields.take(_DESCRIPTION) or "",
        category_path=_category_path(fields.take(_CATEGORY)),
        link=datasheet,
        attributes=fields.rest({} if mpn or offers or not manufacturer else {"Manufacturer": manufacturer}),
        extra={"keywords": keywords} if keywords else {},
    )


def one_line(*texts: str) -> str:
    """The texts behind one another without line ends and control characters, as long as a key may be."""
    return _BLANKS.sub(" ", " ".join(filter(None, texts))).strip()[:KEY_LENGTH_MAX].strip()


def is_link(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def is_not_placed(fields: Mapping[str, str], value: str) -> bool:
    """Whether a field or the value itself says that the part stays off the board."""
    if _says_not_placed(value) or _NOT_FITTED_VALUE.fullmatch(value.strip()):
        return True
    return any(_is_said(folded_title(name), text.strip()) for name, text in fields.items())


def _is_said(name: str, text: str) -> bool:
    folded = text.casefold()
    if name in _NOT_PLACED:
        return folded not in SAID_NO and folded not in FITTED_WORDS and folded not in PLACEHOLDERS
    if name == "bom" and folded in ("exclude", "excluded"):
        return True
    says_no = (name in _PLACED or name == "bom") and folded in SAID_NO
    return says_no or (name in _PLACED | _FITTING and (is_not_fitted(text) or _says_not_placed(text)))


def _says_not_placed(text: str) -> bool:
    return _NOT_PLACED_WORD.search(text) is not None


class _Fields:
    """Fields by folded name, taken one after the other; what nobody takes is left."""

    def __init__(self, written: Mapping[str, str]) -> None:
        self._left: dict[str, tuple[str, str]] = {}
        self._doubles: dict[str, str] = {}
        for name, text in written.items():
            folded = folded_title(name)
            stripped = text.strip()
            if stripped not in ("", "~") and folded not in _PASSED:
                known = self._left.setdefault(folded, (name, stripped))
                if known[0] != name:
                    self._doubles[name] = stripped

    def take(self, words: Iterable[str], fits: Callable[[str], bool] | None = None) -> str | None:
        """The text of the first of the words that says something; what only holds a place stays a specification."""
        for word in words:
            text = self._left[word][1] if word in self._left else ""
            if text.casefold() not in PLACEHOLDERS and (fits is None or fits(text)):
                return self._left.pop(word)[1]
        return None

    def take_line(self, words: Iterable[str]) -> str | None:
        return one_line(self.take(words) or "") or None

    def take_supplier_numbers(self) -> list[tuple[str, str]]:
        found: dict[str, str] = {}
        for folded in list(self._left):
            match = _SUPPLIER_FIELD.fullmatch(folded)
            if match is None or self._left[folded][1].casefold() in PLACEHOLDERS:
                continue
            if _SUPPLIERS[match[1]] not in found:
                found[_SUPPLIERS[match[1]]] = self._left.pop(folded)[1]
        order = list(_SUPPLIERS.values())
        return sorted(found.items(), key=lambda item: order.index(item[0]))

    def rest(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**dict(self._left.values()), **self._doubles, **more}


def _offers(fields: _Fields) -> tuple[ImportedOffer, ...]:
    """One per supplier; a price belongs to the only supplier there is, and to nobody where there are several."""
    offers = [ImportedOffer(distributor, sku) for distributor, sku in fields.take_supplier_numbers()]
    sku = fields.take(_SKU)
    supplier = fields.take(_SUPPLIER)
    if sku or supplier:
        offers.append(ImportedOffer(supplier, sku))
    price = _price(fields) if len(offers) <= 1 else None
    if price is None:
        return tuple(offers)
    only = offers[0] if offers else ImportedOffer(None, None)
    steps = (PriceBreak(Decimal(1), price.value),)
    return (ImportedOffer(only.distributor, only.sku, price.currency, steps),)


def _price(fields: _Fields) -> Price | None:
    text = fields.take(_PRICE, lambda written: price_in(written) is not None)
    return price_in(text) if text is not None else None


def _category_path(text: str | None) -> tuple[str, ...]:
    """`main,sub` or `main/sub`; in the first form a slash is part of a name."""
    steps = (text or "").split(",", 1) if "," in (text or "") else (text or "").split("/")
    return tuple(filter(None, (step.strip() for step in steps)))
