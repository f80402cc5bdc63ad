"""Finds the elements that the names in `attachedTo` and `override_elements` mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plumbline.kit.document_faults import Faults, listed
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering.model import ELEMENTS_MAX, ConstantElement, Element, ElementKind, Scheme, groups_of, leaves_of
from plumbline.numbering.written_names import Named, Place, named_at, note_unknown, places_in, value_at

GROUPS_DEPTH_MAX = 8

Attachments = Mapping[str, Sequence[Named]]


@dataclass(frozen=True, slots=True)
class WrittenElement:
    """An element where it stands in the document, right or wrong."""

    path: str
    place: Place
    kind: object
    attached_to: Sequence[Named]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def written_elements(document: YamlDocument) -> tuple[WrittenElement, ...]:
    """Every element, outer ones first; one without a name has an empty one."""
    return tuple(_written_in(document, ("elements",), ""))


def _written_in(document: YamlDocument, place: Place, group: str) -> Iterator[WrittenElement]:
    for here in places_in(document, place):
        name = next((name for _, name in named_at(document, (*here, "name"))), "")
        path = f"{group}/{name}" if group else name
        attached_to = named_at(document, *places_in(document, (*here, "attachedTo")))
        yield WrittenElement(path, here, value_at(document, (*here, "type")), attached_to)
        yield from _written_in(document, (*here, "elements"), path)


def override_names(document: YamlDocument) -> list[Named]:
    """The names in `override_elements`; none while nobody may override anything."""
    if value_at(document, ("settings", "allow_override")) is not True:
        return []
    return named_at(document, *places_in(document, ("settings", "override_elements")))


def check_size(written: Sequence[WrittenElement], faults: Faults) -> None:
    """Refuses what is too much before time is spent on it."""
    leaves = sum(element.kind != ElementKind.GROUP for element in written)
    if leaves > ELEMENTS_MAX:
        message = f"The scheme has {leaves} elements."
        faults.add(("elements",), message, expected=f"at most {ELEMENTS_MAX}, those in groups included")
        faults.raise_if_any()


def check_names(written: Sequence[WrittenElement], overrides: Sequence[Named], faults: Faults) -> None:
    """What is wrong with names and with where elements stand."""
    seen: set[str] = set()
    for element in written:
        if element.name and element.path in seen:
            message = f"The name {element.name!r} is used twice among these elements."
            faults.add((*element.place, "name"), message, expected="a name of its own for each element")
        seen.add(element.path)
        if len(element.place) == 2 * (GROUPS_DEPTH_MAX + 2):
            message = f"Groups are nested deeper than {GROUPS_DEPTH_MAX} levels."
            faults.add(element.place[:-1], message, expected=f"at most {GROUPS_DEPTH_MAX} groups within each other")
        if element.kind == ElementKind.FREE and len(element.place) == 2:
            hint = "Put it into a group, together with its separator."
            message = "Free text stands outside a group."
            faults.add((*element.place, "type"), message, expected="free text within a group", hint=hint)
    mentions = (*(each for element in written for each in element.attached_to), *overrides)
    known = sorted({element.name for element in written})
    if "" not in known:  # else the name that is missing may be the one that is meant
        note_unknown(faults, [each for each in mentions if each[1] not in seen], known, "element")


# --- what names mean --------------------------------------------------------------------------------------------------------------


class Names:
    """The elements of a scheme by the names that the document has for them."""

    def __init__(self, elements: Sequence[Element], faults: Faults) -> None:
        leaves = leaves_of(elements)
        self._faults = faults
        self._leaves = [leaf.path for leaf in leaves]
        self.varying = [leaf.path for leaf in leaves if not isinstance(leaf, ConstantElement)]
        """Constants never vary, so they make no context."""
        self._by_name: dict[str, list[str]] = {}
        self._paths: set[str] = set()
        for element in (*groups_of(elements), *leaves):
            self._paths.add(element.path)
            self._by_name.setdefault(element.path.rpartition("/")[2], []).append(element.path)

    def targets(self, holder: str, named: Sequence[Named]) -> set[str]:
        """The elements that an element, or a group, is attached to."""
        meant = {path for place, name in named if (path := self._neighbour(name, holder) or self._only(name, place))}
        return set(self.varying).intersection(self.below(meant))

    def overridable(self, named: Sequence[Named]) -> frozenset[str]:
        return frozenset(self.below({path for place, name in named if (path := self._only(name, place))}))

    def below(self, paths: set[str]) -> list[str]:
        """The elements themselves; of groups all that is in them."""
        return [leaf for leaf in self._leaves if not paths.isdisjoint(with_groups(leaf))]

    def _neighbour(self, name: str, holder: str) -> str | None:
        """A neighbour of the element, or of a group around it, the nearest first."""
        around = (f"{group}/{name}" for group in with_groups(holder) if group != holder)
        return next((path for path in (*around, name) if path in self._paths), None)

    def _only(self, name: str, place: Place) -> str | None:
        """The only element so named, wherever it is. That there is none is told by `check_names`."""
        paths = [name] if name in self._paths else self._by_name.get(name, [])
        if len(paths) > 1:
            message = f"The name {name!r} is used by several elements."
            self._faults.add(place, message, expected=f"one of {listed(paths)}")
        return paths[0] if len(paths) == 1 else None


def with_groups(path: str) -> Iterator[str]:
    """The path, then those of the groups around it, inner ones first."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def scopes_of(elements: Sequence[Element], attachments: Attachments, faults: Faults) -> dict[str, tuple[str, ...]]:
    """For every attached element the elements that make up its context, in the order of the number.

    A group stands for all its elements. What an element is attached to brings its own context along: a variant attached to a sequence
    that is attached to a prefix counts per prefix and sequence. A group's attachments hold for everything in it.
    """
    names = Names(elements, faults)
    targets = {holder: names.targets(holder, named) for holder, named in attachments.items()}
    holders = {path: [each for each in with_groups(path) if each in targets] for path in names.varying}
    direct = {path: set[str]().union(*(targets[each] for each in found)) for path, found in holders.items() if found}
    scopes: dict[str, tuple[str, ...]] = {}
    for path in direct:
        reached = reachable(path, direct)
        if path in reached:
            place, _ = attachments[holders[path][0]][0]
            message = f"attachedTo leads from {path!r} back to itself."
            faults.add(place, message, expected="the name of an element that does not depend on it")
        else:
            scopes[path] = tuple(each for each in names.varying if each in reached)
    return scopes


def reachable(start: str, direct: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(direct[start])
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting.extend(direct.get(path, ()))
    return reached


def overridable_of(scheme: Scheme, named: Sequence[Named], faults: Faults) -> frozenset[str]:
    """Paths that `override_elements` means: all without a list; with a group all its elements, its constants too."""
    if not scheme.settings.allow_override:
        return frozenset()
    if scheme.settings.override_elements is None:
        return frozenset(leaf.path for leaf in leaves_of(scheme.elements))
    return Names(scheme.elements, faults).overridable(named)
