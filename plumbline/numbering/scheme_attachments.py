"""Resolves the names in `attachedTo` and `override_elements` to the elements they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plumbline.numbering.document_reader import Faults, Path, nearest_hint
from plumbline.numbering.model import ConstantElement, Element, GroupElement, groups_of, leaves_of, paths_named

Attachments = Mapping[str, list[tuple[Path, str]]]


def scopes_of(elements: Sequence[Element], attachments: Attachments, faults: Faults) -> dict[str, tuple[str, ...]]:
    """For every attached element the elements that make up its context, in the order of the number.

    A group stands for all its elements. What an element is attached to brings its own context along: a variant attached to a sequence
    that is attached to a prefix counts per prefix and sequence. A group's attachments hold for everything in it. Constants never vary
    and are left out.
    """
    direct = {
        path: direct_targets(path, elements, attachments, faults) for path in attached_leaves(elements, attachments)
    }
    scopes: dict[str, tuple[str, ...]] = {}
    for path in direct:
        reached = reachable(path, direct)
        if path in reached:
            place, _ = nearest_attachment(path, attachments)[0]
            faults.add(
                place,
                f"attachedTo leads from {path!r} back to itself.",
                hint="Attach it to elements that do not depend on it.",
            )
        else:
            scopes[path] = tuple(leaf.path for leaf in leaves_of(elements) if leaf.path in reached)
    return scopes


def attached_leaves(elements: Sequence[Element], attachments: Attachments) -> list[str]:
    leaves = (leaf for leaf in leaves_of(elements) if not isinstance(leaf, ConstantElement))
    return [leaf.path for leaf in leaves if nearest_attachment(leaf.path, attachments)]


def nearest_attachment(path: str, attachments: Attachments) -> list[tuple[Path, str]]:
    """The names that the element, or else the nearest group around it, is attached to."""
    while path not in attachments and "/" in path:
        path = path.rpartition("/")[0]
    return attachments.get(path, [])


def direct_targets(path: str, elements: Sequence[Element], attachments: Attachments, faults: Faults) -> set[str]:
    """Paths of the elements that the names of one element, and of the groups around it, mean."""
    found: set[str] = set()
    holder = path
    while True:
        for place, name in attachments.get(holder, []):
            found.update(leaf_paths(resolve(name, holder, elements, place, faults), elements))
        if "/" not in holder:
            return found
        holder = holder.rpartition("/")[0]


def resolve(name: str, holder: str, elements: Sequence[Element], place: Path, faults: Faults) -> str | None:
    """The path that a name means to the element `holder`: a neighbour, a neighbour of a group around it, or the only one so named."""
    known = {element.path for element in (*groups_of(elements), *leaves_of(elements))}
    scope = holder
    while scope:
        scope = scope.rpartition("/")[0]
        candidate = f"{scope}/{name}" if scope else name
        if candidate in known:
            return candidate
    return only_path_named(name, elements, place, faults)


def only_path_named(name: str, elements: Sequence[Element], place: Path, faults: Faults) -> str | None:
    paths = paths_named(name, elements)
    if len(paths) == 1:
        return paths[0]
    if paths:
        faults.add(place, f"The name {name!r} is used by several elements.", expected=f"one of {', '.join(paths)}")
        return None
    known = sorted({element.path.rpartition("/")[2] for element in (*groups_of(elements), *leaves_of(elements))})
    faults.add(
        place,
        f"There is no element named {name!r}.",
        expected=f"one of {', '.join(known)}",
        hint=nearest_hint(name, known),
    )
    return None


def leaf_paths(path: str | None, elements: Sequence[Element]) -> set[str]:
    """The element itself, or all elements of the group; constants are left out."""
    if path is None:
        return set()
    return {
        leaf.path
        for leaf in leaves_of(elements)
        if not isinstance(leaf, ConstantElement) and (leaf.path == path or leaf.path.startswith(f"{path}/"))
    }


def reachable(start: str, direct: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(direct[start])
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting.extend(direct.get(path, ()))
    return reached


def overridable_of(elements: Sequence[Element], names: list[tuple[Path, str]] | None, faults: Faults) -> frozenset[str]:
    """Paths that `override_elements` means: all without a list; with a group all its elements, its constants too."""
    leaves = leaves_of(elements)
    if names is None:
        return frozenset(leaf.path for leaf in leaves)
    meant = {path for place, name in names if (path := only_path_named(name, elements, place, faults)) is not None}
    groups = {
        element.path for element in groups_of(elements) if isinstance(element, GroupElement) and element.path in meant
    }
    return frozenset(
        leaf.path for leaf in leaves if leaf.path in meant or any(leaf.path.startswith(f"{group}/") for group in groups)
    )
