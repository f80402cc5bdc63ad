"""Rows of different tables that are, or are not, about the same part although they carry the same maker's number.

Two makers use one number for parts of their own (`SS34`). Spelling alone proves nothing, since `UniOhm` and `UNI-ROYAL` are one
company; but makers of different name whose parts the same shop sells under different numbers are two, and the parts are kept apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from plumbline.exchange.columns import IDENTITY_ROLES, Role, folded_title
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.headers import Header
from plumbline.exchange.model import Severity
from plumbline.exchange.records import Record

_Offer = tuple[str, str]
"""Supplier and its number."""
_SAME_WORD_MIN = 3
MAKERS_COMPARED_MAX = 50
"""Of one number, each with each; more spellings than this are no finding but a column that holds something else."""


def told_apart(tables: Sequence[Sequence[Record]], gatherer: Gatherer) -> list[list[Record]]:
    """The same rows; those of a number that several makers share say which maker they mean."""
    offers: dict[str, dict[str, set[_Offer]]] = defaultdict(lambda: defaultdict(set))
    for record in _rows(tables):
        if record.key == record.text(Role.MPN):
            offers[record.key][record.text(Role.MANUFACTURER)].add((record.text(Role.SUPPLIER), record.text(Role.SKU)))
    shared = {mpn for mpn, makers in offers.items() if len(makers) > 1 and _are_several(makers)}
    for mpn in sorted(shared):
        makers = " and ".join(sorted(filter(None, offers[mpn])))
        sentence = f"{mpn} is a number of {makers}, who are sold under different numbers; their parts were kept apart."
        gatherer.tell(Severity.WARNING, "NUMBER_OF_SEVERAL_MAKERS", sentence)
    return [
        [replace(each, maker=each.text(Role.MANUFACTURER)) if each.key in shared else each for each in records]
        for records in tables
    ]


def with_known_numbers(tables: Sequence[Sequence[Record]]) -> list[list[Record]]:
    """The same rows; where a shop's number is all that a row says of its part, and another table says whose it is, the row says so too."""
    sold: dict[str, list[Record]] = defaultdict(list)
    for record in _rows(tables):
        for texts in (record.texts, *record.more_sources):
            if Role.SKU in texts and Role.MPN in record.texts:
                sold[texts[Role.SKU]].append(record)
    known = {sku: rows[0] for sku, rows in sold.items() if len({row.key for row in rows}) == 1}
    return [
        [
            _sold_as(record, known[record.text(Role.NUMBER)]) if _names_only(record, known) else record
            for record in records
        ]
        for records in tables
    ]


def _names_only(record: Record, known: Mapping[str, Record]) -> bool:
    return record.text(Role.NUMBER) in known and not any(
        role in record.texts for role in IDENTITY_ROLES if role is not Role.NUMBER
    )


def _sold_as(record: Record, known: Record) -> Record:
    own: dict[Role, str] = {role: text for role, text in record.texts.items() if role is not Role.NUMBER}
    told = {role: known.texts[role] for role in (*IDENTITY_ROLES, Role.MANUFACTURER) if role in known.texts}
    return replace(record, texts={**own, **told})


def with_own_words(tables: Sequence[Sequence[Record]]) -> list[list[Record]]:
    """The same rows; where boards call one part by several names or footprints, each keeps its own in the notes of its line."""
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in _rows(tables):
        for title, text in _words(record):
            said[record.key, title].add(text)
    return [[_with_own_words(record, said) for record in records] for records in tables]


def _words(record: Record) -> tuple[tuple[str, str], ...]:
    if Role.DESIGNATORS not in record.texts:
        return ()
    return ("Name", record.name), ("Footprint", record.text(Role.FOOTPRINT))


def _with_own_words(record: Record, said: Mapping[tuple[str, str], Set[str]]) -> Record:
    own = [f"{title}: {text}" for title, text in _words(record) if text and len(said[record.key, title]) > 1]
    if not own:
        return record
    notes = "; ".join(filter(None, (record.text(Role.NOTES), *own)))
    return replace(record, texts={**record.texts, Role.NOTES: notes})


def with_library_references(records: Sequence[Record], header: Header, gatherer: Gatherer) -> Sequence[Record]:
    """Names of symbols count only where none is shared by rows of different description: `Cap` is the symbol of any capacitor."""
    column = header.column(Role.LIBRARY_REFERENCE)
    if column is None:
        return records
    title = header.titles[column]
    uses: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for record in records:
        told = tuple(record.text(role) for role in (Role.VALUE, Role.NOTES, Role.DESCRIPTION, Role.FOOTPRINT))
        uses[record.text(Role.LIBRARY_REFERENCE)].add(told)
    uses.pop("", None)
    shared = next((reference for reference, several in uses.items() if len(several) > 1), None)
    if shared is None:
        sentence = f"No two parts share a text in {title}, so it names the parts where nothing better does."
        gatherer.tell(Severity.INFO, "LIBRARY_REFERENCE_TAKEN", sentence, records[0].origin if records else None)
        return records
    sentence = (
        f"Different parts have {shared} in {title}, so it does not tell parts apart and was kept as a specification."
    )
    gatherer.tell(Severity.INFO, "LIBRARY_REFERENCE_SHARED", sentence, records[0].origin)
    return [_as_specification(record, Role.LIBRARY_REFERENCE, title) for record in records]


def _as_specification(record: Record, role: Role, title: str) -> Record:
    texts = {each: text for each, text in record.texts.items() if each is not role}
    more = {title: record.texts[role]} if role in record.texts else {}
    return replace(record, texts=texts, attributes={**more, **record.attributes})


def _rows(tables: Sequence[Sequence[Record]]) -> Iterable[Record]:
    return (record for records in tables for record in records)


def _are_several(makers: Mapping[str, Set[_Offer]]) -> bool:
    named = [(maker, offers) for maker, offers in makers.items() if maker][:MAKERS_COMPARED_MAX]
    return any(
        not are_alike(one, other) and _are_sold_apart(some, more)
        for index, (one, some) in enumerate(named)
        for other, more in named[:index]
    )


def _are_sold_apart(some: Set[_Offer], more: Set[_Offer]) -> bool:
    """Whether a shop has different numbers for the two, and none that is the same."""
    return not some & more and bool(_shops(some) & _shops(more))


def _shops(offers: Set[_Offer]) -> set[str]:
    return {shop for shop, sku in offers if shop and sku}


def are_alike(one: str, other: str) -> bool:
    """Whether two names of makers may be spellings of one: `MURATA` and `Murata Electronics North America`."""
    first, second = _first_word(one), _first_word(other)
    shorter = min(len(first), len(second))
    return first == second or (shorter >= _SAME_WORD_MIN and first[:shorter] == second[:shorter])


def _first_word(maker: str) -> str:
    return folded_title((maker.split() or [""])[0])
