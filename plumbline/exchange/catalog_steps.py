"""What the catalog lacks for an import, and how it is made (pure).

Types of new categories, by a rule that a person can check: all assemblies, ASSEMBLY; all documents, DOCUMENT; everything below a category
whose name begins with `Electr`, ELECTRICAL; all else MECHANICAL. What counts is what lies in the category or below it.

Types of new attributes: NUMBER in the unit of the first value if every value of the import is measured in one dimension, else STRING.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from plumbline.catalog.model import AttributeType, Category, CategoryType, NewAttribute
from plumbline.exchange.library_form import AS_IMPORTED
from plumbline.exchange.model import ImportedPart, PartKind
from plumbline.exchange.plan import ImportPlan, PartAction
from plumbline.kit.measures import dimension_of, measure

CategoryPath = tuple[str, ...]


def folded(path: Sequence[str]) -> CategoryPath:
    """Letter case does not make another category."""
    return tuple(step.casefold() for step in path)


def category_paths(categories: Sequence[Category]) -> dict[str, CategoryPath]:
    """By category id: the names from the root down."""
    by_id = {category.id: category for category in categories}
    paths: dict[str, CategoryPath] = {}
    for category in categories:
        names = [category.name]
        above, steps = category.parent_id, 0
        while above is not None and above in by_id and steps < len(categories):
            names.append(by_id[above].name)
            above, steps = by_id[above].parent_id, steps + 1
        paths[category.id] = tuple(reversed(names))
    return paths


def assemblies_in(plan: ImportPlan) -> frozenset[str]:
    """Keys of parts that the source calls assemblies, or that have lines."""
    named = {step.key for step in plan.parts if step.part.kind is PartKind.ASSEMBLY}
    return frozenset(named | {step.parent_key for step in plan.lines})


def category_type(path: CategoryPath, kinds: frozenset[PartKind]) -> CategoryType:
    """`kinds`: of everything in the category and below."""
    if kinds == {PartKind.ASSEMBLY}:
        return CategoryType.ASSEMBLY
    if kinds == {PartKind.DOCUMENT}:
        return CategoryType.DOCUMENT
    is_electrical = any(step.casefold().startswith("electr") for step in path)
    return CategoryType.ELECTRICAL if is_electrical else CategoryType.MECHANICAL


def kinds_below(plan: ImportPlan) -> Mapping[CategoryPath, frozenset[PartKind]]:
    """By folded path."""
    assemblies = assemblies_in(plan)
    found: dict[CategoryPath, set[PartKind]] = defaultdict(set)
    for step in plan.parts:
        path = folded(step.values.category_path)
        kind = PartKind.ASSEMBLY if step.key in assemblies else step.part.kind
        for depth in range(1, len(path) + 1):
            found[path[:depth]].add(kind)
    return {path: frozenset(kinds) for path, kinds in found.items()}


def usual_category(categories: Sequence[Category], kind: PartKind, *, is_top: bool) -> Category | None:
    """Where a part goes whose source names no category; None for the library's default.

    The first category of type DOCUMENT or ASSEMBLY in the order of codes; an assembly that stands in others takes the second one of its
    type if there is one, since the first is where products go.
    """
    wanted = {PartKind.ASSEMBLY: CategoryType.ASSEMBLY, PartKind.DOCUMENT: CategoryType.DOCUMENT}.get(kind)
    fitting = sorted((each for each in categories if each.type == wanted), key=lambda each: each.code)
    if not fitting:
        return None
    return fitting[1] if kind is PartKind.ASSEMBLY and not is_top and len(fitting) > 1 else fitting[0]


def missing_attributes(parts: Iterable[ImportedPart], known: Iterable[str]) -> tuple[NewAttribute, ...]:
    """Those that the library does not have; `known` are its names in lower case."""
    have = set(known)
    values: dict[str, list[str]] = defaultdict(list)
    for part in parts:
        for name, text in part.attributes.items():
            if name.lower() not in have:
                values[name].append(text)
    return tuple(_new_attribute(name, texts) for name, texts in values.items())


def attributes_by_category(plan: ImportPlan) -> Mapping[CategoryPath, tuple[str, ...]]:
    """Names of the attributes that parts of a category have, in the order of their first use; by folded path."""
    found: dict[CategoryPath, dict[str, None]] = defaultdict(dict)
    for step in plan.parts:
        if step.action in (PartAction.CREATE, PartAction.UPDATE):
            found[folded(step.values.category_path)].update(dict.fromkeys(step.part.attributes))
    return {path: tuple(names) for path, names in found.items()}


def _new_attribute(name: str, texts: Sequence[str]) -> NewAttribute:
    unit = None if name.endswith(AS_IMPORTED) else _common_unit(texts)
    return NewAttribute(name) if unit is None else NewAttribute(name, AttributeType.NUMBER, unit)


def _common_unit(texts: Sequence[str]) -> str | None:
    """The unit of the first value, if every value is a measure of the same dimension."""
    first = measure(texts[0])
    if first is None or first.unit is None or dimension_of(first.unit) is None:
        return None
    return first.unit if all(_is_measured_in(text, first.unit) for text in texts) else None


def _is_measured_in(text: str, unit: str) -> bool:
    found = measure(text, unit)
    return found is not None and found.dimension is not None
