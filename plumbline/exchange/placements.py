"""From symbols on a circuit board to lines of a bill of materials: one line per part, with the designators of its places.

A part is told apart by its own number, else by the maker's, else by value, footprint and the first supplier number together. Places
that carry the same number and different values stay lines of their own, each with its value in the notes, and it is said: in
practice that is a number copied to the wrong symbol, and adding the places up would hide it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from plumbline.boms.designators import natural_key
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import ImportedLine, ImportedPart, Origin, PartKind, Severity
from plumbline.exchange.part_fields import PartFields, is_not_placed, one_line, part_fields

NUMBERS_NAMED_MAX = 5
"""Keys in a sentence."""
DESIGNATOR_LENGTH_MAX = 100
"""As far as designators are looked at to put them in order."""


@dataclass(frozen=True)
class Placement:
    """One place on a board and what stands there, in the words of the design tool."""

    designator: str | None
    """None where the schematic has not been numbered."""
    value: str
    footprint: str
    symbol: str
    """The name in the tool's library."""
    fields: Mapping[str, str]
    """Everything written there, value and footprint included."""
    origin: Origin
    is_left_off: bool = False
    """The tool itself says that nothing is fitted here."""
    model: str = ""
    """Tells apart what has the same value and footprint, such as Eagle's technology."""

    @cached_property
    def part(self) -> PartFields:
        return part_fields(self.fields)

    @cached_property
    def key(self) -> str:
        return (
            self.part.number
            or self.part.mpn
            or one_line(self.value or self.symbol, self.footprint, self.model, self.part.sku or "")
            or "unnamed"
        )

    @cached_property
    def do_not_place(self) -> bool:
        return self.is_left_off or is_not_placed(self.fields, self.value)


@dataclass(frozen=True, slots=True)
class Board:
    key: str
    name: str
    origin: Origin
    revision: str | None = None


def add_board(board: Board, placements: Iterable[Placement], gatherer: Gatherer) -> None:
    """Adds the board, the parts on it, and its lines in the order of their first designators."""
    ordered = sorted(placements, key=_place)
    top = f"{board.key} assembly" if any(each.key == board.key for each in ordered) else board.key
    gatherer.add_part(
        ImportedPart(top, one_line(board.name), board.origin, kind=PartKind.ASSEMBLY, revision=board.revision)
    )
    groups: dict[tuple[str, str, str, bool], list[Placement]] = defaultdict(list)
    for each in ordered:
        groups[each.key, each.value, each.footprint, each.do_not_place].append(each)
    descriptions: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key, value, footprint, _ in groups:
        descriptions[key].add((value, footprint))
    for same in groups.values():
        gatherer.add_part(_part(same[0]))
        gatherer.add_line(_line(top, same, differs=len(descriptions[same[0].key]) > 1))
    _tell_differences(groups.values(), descriptions, gatherer)
    _tell_shared_numbers(ordered, gatherer)
    if not ordered:
        sentence = f"{board.name} has no parts that belong on a bill of materials."
        gatherer.tell(Severity.WARNING, "BOARD_EMPTY", sentence, board.origin)


def _place(placement: Placement) -> tuple[bool, list[tuple[int, int, str]]]:
    """Numbered places first, R2 before R10. The end of an overlong designator, which could be one huge number, does not count."""
    return placement.designator is None, natural_key((placement.designator or "")[:DESIGNATOR_LENGTH_MAX])


def _part(placement: Placement) -> ImportedPart:
    fields = placement.part
    return ImportedPart(
        key=placement.key,
        name=one_line(placement.value or placement.symbol) or placement.key,
        origin=placement.origin,
        number=fields.number,
        description=fields.description,
        category_path=fields.category_path,
        attributes=fields.attributes,
        extra=fields.extra,
        sources=fields.sources,
        link=fields.link,
    )


def _line(top: str, places: Sequence[Placement], *, differs: bool) -> ImportedLine:
    first = places[0]
    said = (f"Value: {first.value}" if first.value else "", f"Footprint: {first.footprint}" if first.footprint else "")
    return ImportedLine(
        parent_key=top,
        child_key=first.key,
        quantity=Decimal(len(places)),
        origin=first.origin,
        reference_designators=tuple(each.designator for each in places if each.designator),
        notes="; ".join(filter(None, said)) if differs else "",
        do_not_place=first.do_not_place,
    )


def _tell_differences(
    groups: Iterable[Sequence[Placement]], descriptions: Mapping[str, set[tuple[str, str]]], gatherer: Gatherer
) -> None:
    told: dict[str, list[Sequence[Placement]]] = defaultdict(list)
    for same in groups:
        if len(descriptions[same[0].key]) > 1:
            told[same[0].key].append(same)
    for key, several in told.items():
        where = ", ".join(f"{same[0].value or 'no value'} ({same[0].designator or 'unnumbered'})" for same in several)
        sentence = f"{key} is on symbols that differ: {where}; their lines were kept apart."
        gatherer.tell(Severity.WARNING, "PART_DIFFERS", sentence, several[0][0].origin)


def _tell_shared_numbers(placements: Iterable[Placement], gatherer: Gatherer) -> None:
    """The same supplier number on different parts is often a slip in the schematic, and would order the wrong thing."""
    sold_as: dict[str, dict[str, Origin]] = defaultdict(dict)
    for placement in placements:
        for source in placement.part.sources:
            for offer in source.offers:
                if offer.distributor and offer.sku:
                    sold_as[f"{offer.distributor} {offer.sku}"].setdefault(placement.key, placement.origin)
    numbers_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for number, keys in sold_as.items():
        if len(keys) > 1:
            numbers_of[tuple(keys)].append(number)
    for keys_of, numbers in numbers_of.items():
        named = "; ".join(keys_of[:NUMBERS_NAMED_MAX]) + (" …" if len(keys_of) > NUMBERS_NAMED_MAX else "")
        sentence = f"{', '.join(numbers)} is the number of {len(keys_of)} parts that differ: {named}."
        origin = sold_as[numbers[0]][keys_of[0]]
        gatherer.tell(Severity.WARNING, "SUPPLIER_NUMBER_SHARED", sentence, origin)
