"""What differs between two versions of a component, apart from the lines of its BOM (pure).

A version makes statements: its name is this, its resistance is that. What differs is told statement by statement, so that a reader, a rule
and a comment can each speak of one of them. Sources keep no identity that survives a correction of their maker, so they are paired by
what they have in common; what has no partner came or went.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.model import Attribute, AttributeType
from plumbline.components.errors import VersionMissing
from plumbline.components.fields import labels_of
from plumbline.components.model import Alias, AttributeValue, Component, Offer, Source
from plumbline.kit.measures import measure
from plumbline.kit.quantity import canonical

if TYPE_CHECKING:
    from plumbline.catalog.reads import Catalog


class Area(StrEnum):
    """What kind of thing a difference is about."""

    FIELD = "FIELD"
    ATTRIBUTE = "ATTRIBUTE"
    SOURCE = "SOURCE"
    ALIAS = "ALIAS"
    LINE = "LINE"


class ChangeKind(StrEnum):
    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


class ComponentDifference(NamedTuple):
    """One statement that differs. Area, subject and name together say which; they are the place that a comment can be hung on."""

    area: Area
    kind: ChangeKind
    subject: str | None
    """Which source, alias or line; None for what a component has one of."""
    name: str
    """In the words of docs/reference/differences.md; of an attribute, its name."""
    before: str | None
    after: str | None
    same_quantity: bool = False
    """Written in another way, and no other quantity: 4k7 and 4.7 kΩ."""


@dataclass(frozen=True, slots=True)
class VersionContent:
    """Everything that belongs to one version of a component but its lines."""

    component: Component
    values: Sequence[AttributeValue] = ()
    sources: Sequence[Source] = ()
    """By rank."""
    aliases: Sequence[Alias] = ()


class VersionSpan(NamedTuple):
    """Two versions of a component that are compared, by their numbers."""

    component_id: str
    from_version: int | None = None
    """None: the last release; of an earlier `to_version`, the last release before that one. Before the first release: nothing at all."""
    to_version: int | None = None
    """None: the newest."""


BEFORE_THE_FIRST = 0
"""The number of the version in which a component was not there yet: compared with it, everything was added."""


def ends_of_span(span: VersionSpan, newest: Component, released: Sequence[int]) -> tuple[int, int]:
    """The numbers of the two versions; `released` are the versions that were ever released. Raises VersionMissing."""
    if span.to_version is not None and not 1 <= span.to_version <= newest.version:
        raise _no_version(newest, span.to_version, "toVersion", 1)
    if span.from_version is not None and not BEFORE_THE_FIRST <= span.from_version <= newest.version:
        raise _no_version(newest, span.from_version, "fromVersion", BEFORE_THE_FIRST)
    if span.from_version is not None:
        return span.from_version, span.to_version or newest.version
    if span.to_version is None:
        return newest.released_version or BEFORE_THE_FIRST, newest.version
    return max((each for each in released if each < span.to_version), default=BEFORE_THE_FIRST), span.to_version


def _no_version(newest: Component, number: int, path: str, lowest: int) -> VersionMissing:
    return VersionMissing(
        f"{newest.cpn} has no version {number}.", path=(path,), expected=f"{lowest} to {newest.version}"
    )


def compare_contents(
    before: VersionContent | None, after: VersionContent | None, known: Catalog
) -> list[ComponentDifference]:
    """Fields, then attributes by name, sources by rank, aliases; where there is nothing on one side, all that is on the other."""
    return [
        *_compared_fields(before, after, known),
        *_compared_attributes(before, after, known.attribute_by_id),
        *_compared_sources(() if before is None else before.sources, () if after is None else after.sources),
        *_compared_aliases(() if before is None else before.aliases, () if after is None else after.aliases),
    ]


def difference_of(
    area: Area, name: str, before: str | None, after: str | None, *, subject: str | None = None
) -> ComponentDifference:
    kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.CHANGED
    return ComponentDifference(area, kind, subject, name, before, after)


Statements = Mapping[str, str | None]
"""What is said, by the name of what it is said of. Nothing and an empty text are the same: nothing is said."""


def _differing(
    area: Area, before: Statements, after: Statements, subject: str | None = None, prefix: str = ""
) -> Iterator[ComponentDifference]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name) or None, after.get(name) or None
        if old != new:
            yield difference_of(area, prefix + name, old, new, subject=subject)


def _compared_fields(
    before: VersionContent | None, after: VersionContent | None, known: Catalog
) -> Iterator[ComponentDifference]:
    old, new = (None if side is None else side.component for side in (before, after))
    yield from _differing(Area.FIELD, _fields(old, known), _fields(new, known))
    labels = [set() if each is None else set(labels_of(each.labels)) for each in (old, new)]
    for label in sorted(labels[0] ^ labels[1]):
        went = label in labels[0]
        yield difference_of(Area.FIELD, "label", label if went else None, None if went else label)


def _fields(component: Component | None, known: Catalog) -> Statements:
    if component is None:
        return {}
    return {
        "name": component.name,
        "description": component.description,
        "category": _named(known.category_by_id, component.category_id),
        "status": _named(known.status_by_id, component.status_id),
        "revision": component.revision,
        "unit of measure": component.unit_of_measure,
        "procurement": component.procurement,
        "EID": component.eid,
        "archived": "yes" if component.is_archived else None,
    }


def _named(entries: Mapping[str, object], entry_id: str) -> str:
    """The name of a category or status; with its id where another one, which was retired, had the same name."""
    name: str = entries[entry_id].name  # type: ignore[attr-defined]  # categories and statuses both have one
    is_alone = sum(each.name == name for each in entries.values()) == 1  # type: ignore[attr-defined]  # the same
    return name if is_alone else f"{name} ({entry_id})"


def _compared_attributes(
    before: VersionContent | None, after: VersionContent | None, attributes: Mapping[str, Attribute]
) -> list[ComponentDifference]:
    old, new = (
        {} if side is None else {each.attribute_id: each.value for each in side.values} for side in (before, after)
    )
    found = []
    for attribute_id in old.keys() | new.keys():
        one, other = old.get(attribute_id), new.get(attribute_id)
        if one == other:
            continue
        attribute = attributes[attribute_id]
        told = difference_of(
            Area.ATTRIBUTE, attribute.name, None if one is None else one.text, None if other is None else other.text
        )
        found.append(told._replace(same_quantity=_is_same_quantity(attribute, one, other)))
    return sorted((each for each in found if each.before != each.after), key=lambda each: (each.name.lower(), each))


def _is_same_quantity(attribute: Attribute, one: TypedValue | None, other: TypedValue | None) -> bool:
    """Whether two values say one quantity. A text that only looks like a number, such as the size 0402, is taken for what it is."""
    if one is None or other is None:
        return False
    first, second = measure(one.text, attribute.unit), measure(other.text, attribute.unit)
    if first is None or second is None:
        return False
    if attribute.type != AttributeType.NUMBER and (
        first.dimension is None or _LEADING_ZERO.match(one.text) or _LEADING_ZERO.match(other.text)
    ):
        return False
    return (first.dimension, first.number) == (second.dimension, second.number)


_LEADING_ZERO = re.compile(r"\s*[+-]?0\d")


def _compared_aliases(before: Sequence[Alias], after: Sequence[Alias]) -> Iterator[ComponentDifference]:
    old, new = ({each.value: each.kind for each in side} for side in (before, after))
    for value in sorted(old.keys() | new.keys()):
        if old.get(value) != new.get(value):
            yield difference_of(Area.ALIAS, "alias", old.get(value), new.get(value), subject=value)


def _compared_sources(before: Sequence[Source], after: Sequence[Source]) -> Iterator[ComponentDifference]:
    pairs = paired_sources(before, after)
    kept = [(old, new) for old, new in pairs if old is not None and new is not None]
    # Those that come before a newcomer or after one that went have not been judged anew: ranks are told where one overtook another.
    ranks_count = [new.rank for _, new in sorted(kept, key=lambda pair: pair[0].rank)] != [new.rank for _, new in kept]
    for subject, (old, new) in zip(_subjects(pairs), pairs, strict=True):
        if old is None or new is None:
            yield difference_of(Area.SOURCE, "source", source_text(old), source_text(new), subject=subject)
        else:
            if ranks_count and old.rank != new.rank:
                yield difference_of(Area.SOURCE, "rank", str(old.rank), str(new.rank), subject=subject)
            yield from _differing(Area.SOURCE, source_statements(old), source_statements(new), subject)
        yield from _compared_offers(
            () if old is None else old.source.offers, () if new is None else new.source.offers, subject
        )


def _subjects(pairs: Sequence[tuple[Source | None, Source | None]]) -> list[str]:
    """What each source is called."""
    return _told_apart([source_name(_present(pair)) for pair in pairs])


def _told_apart(names: Sequence[str]) -> list[str]:
    """Numbered where two would be called the same."""
    times: Counter[str] = Counter()
    found = []
    for name in names:
        times[name] += 1
        found.append(name if times[name] == 1 else f"{name} ({times[name]})")
    return found


def source_name(source: Source) -> str:
    """Maker and MPN; where there is neither, what a distributor sells it as."""
    about = source.source
    name = f"{about.manufacturer} {about.mpn}".strip()
    sold_as = next((f"{offer.distributor} {offer.sku}".strip() for offer in about.offers), "")
    return name or sold_as or about.description[:80] or "unnamed"


def source_statements(source: Source) -> Statements:
    """Without its rank, which is told of only where a source overtakes another, and without its offers."""
    about = source.source
    return {
        "manufacturer": about.manufacturer,
        "MPN": about.mpn,
        "description": about.description,
        "datasheet": about.datasheet,
        "status": str(about.status),
    }


def source_text(source: Source | None) -> str | None:
    """A whole source in one text, without its offers, which are told one by one."""
    if source is None:
        return None
    return _in_one_text({"rank": str(source.rank), **source_statements(source)})


def _in_one_text(said: Statements) -> str:
    return ", ".join(f"{name} {text}" for name, text in said.items() if text)


def _compared_offers(before: Sequence[Offer], after: Sequence[Offer], subject: str) -> Iterator[ComponentDifference]:
    pairs = paired_offers(before, after)
    names = _told_apart([_offer_name(_present(pair)) for pair in pairs])
    for name, (old, new) in zip(names, pairs, strict=True):
        if old is None or new is None:
            yield difference_of(Area.SOURCE, f"offer of {name}", offer_text(old), offer_text(new), subject=subject)
        else:
            said = offer_statements(old), offer_statements(new)
            yield from _differing(Area.SOURCE, *said, subject, f"offer of {name}: ")


def _offer_name(offer: Offer) -> str:
    return f"{offer.distributor} {offer.sku}".strip() + f" in {offer.currency}"


def offer_statements(offer: Offer) -> Statements:
    return {
        "distributor": offer.distributor,
        "SKU": offer.sku,
        "currency": offer.currency,
        "lead time in days": None if offer.lead_time_days is None else str(offer.lead_time_days),
        "pack quantity": canonical(offer.pack_quantity),
        "minimum quantity": canonical(offer.minimum_quantity),
        "link": offer.link,
        **{
            f"price from {canonical(each.quantity)}": f"{canonical(each.unit_price)} {offer.currency}"
            for each in offer.breaks
        },
    }


def offer_text(offer: Offer | None) -> str | None:
    return None if offer is None else _in_one_text(offer_statements(offer))


def paired_sources(before: Sequence[Source], after: Sequence[Source]) -> list[tuple[Source | None, Source | None]]:
    return paired(before, after, _SOURCE_KEYS)


def paired_offers(before: Sequence[Offer], after: Sequence[Offer]) -> list[tuple[Offer | None, Offer | None]]:
    return paired(before, after, _OFFER_KEYS)


Thing = TypeVar("Thing")


def paired(
    before: Sequence[Thing], after: Sequence[Thing], keys: Sequence[Callable[[Thing], Hashable]]
) -> list[tuple[Thing | None, Thing | None]]:
    """Each later thing with the earlier one that it was, in order, and then those that went.

    `keys` are tried one after the other, the surest first; where several have one key, the first goes with the first. So a comparison
    the other way round makes the same pairs. A key of None says nothing.
    """
    partner: dict[int, int] = {}
    left, right = dict.fromkeys(range(len(before))), dict.fromkeys(range(len(after)))
    for key_of in keys:
        offered: dict[Hashable, list[int]] = {}
        for place in left:
            if (key := key_of(before[place])) is not None:
                offered.setdefault(key, []).append(place)
        for place in list(right):
            waiting = offered.get(key_of(after[place]))
            if waiting:
                partner[place] = waiting.pop(0)
                del right[place], left[partner[place]]
    pairs: list[tuple[Thing | None, Thing | None]] = [
        (before[partner[place]] if place in partner else None, thing) for place, thing in enumerate(after)
    ]
    return pairs + [(before[place], None) for place in left]


def _present(pair: tuple[Thing | None, Thing | None]) -> Thing:
    """The later one, if it is still there."""
    old, new = pair
    found = old if new is None else new
    assert found is not None, "a pair has one side at least"
    return found


def _maker_part_and_offers(source: Source) -> Hashable:
    return _maker_and_part(source), _skus(source)


def _maker_and_part(source: Source) -> Hashable:
    return source.source.manufacturer.lower(), source.source.mpn.lower()


def _part(source: Source) -> Hashable:
    return source.source.mpn.lower() or None


def _skus(source: Source) -> Hashable:
    return frozenset((each.distributor.lower(), each.sku.lower()) for each in source.source.offers if each.sku) or None


_SOURCE_KEYS = (_maker_part_and_offers, _maker_and_part, _part, _skus)
_OFFER_KEYS: tuple[Callable[[Offer], Hashable], ...] = (
    lambda offer: (offer.distributor.lower(), offer.sku.lower(), offer.currency),
    lambda offer: (offer.distributor.lower(), offer.sku.lower()),
    lambda offer: offer.distributor.lower(),
)
