"""The categories that new parts of a plan would be in, those that the import makes among them (pure): what their numbers depend on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plumbline.catalog.installing import next_free_code
from plumbline.catalog.model import Category
from plumbline.catalog.reads import Catalog
from plumbline.exchange.catalog_steps import (
    CategoryPath,
    assemblies_in,
    category_paths,
    category_type,
    folded,
    kinds_below,
)
from plumbline.exchange.component_steps import category_of
from plumbline.exchange.model import ImportedCategory, PartKind
from plumbline.exchange.plan import ImportPlan, PartAction


def levels(categories: Sequence[ImportedCategory]) -> Iterator[list[ImportedCategory]]:
    """Parents before children."""
    for depth in sorted({len(each.path) for each in categories}):
        yield [each for each in categories if len(each.path) == depth]


def categories_to_be(plan: ImportPlan, known: Catalog) -> list[Category]:
    """The library's and those that the plan adds, with the codes that they would get and ids of their own."""
    made = list(known.categories)
    ids: dict[CategoryPath, str] = {folded(path): each for each, path in category_paths(made).items()}
    kinds = kinds_below(plan)
    codes = {each.code for each in made}
    for level in levels(plan.categories):
        for new in level:
            path = folded(new.path)
            code, kind = next_free_code(codes), category_type(new.path, kinds.get(path, frozenset()))
            codes.add(code)
            ids[path] = f"new:{code}"
            made.append(Category(ids[path], code, new.path[-1], None, kind, "EACH", ids.get(path[:-1])))
    return made


def categories_of_new_parts(plan: ImportPlan, known: Catalog, categories: Sequence[Category]) -> dict[str, Category]:
    """By import key, in the order in which the parts would be created."""
    by_id = {each.id: each for each in categories}
    by_path = {folded(path): each for each, path in category_paths(categories).items()}
    assemblies, tops = assemblies_in(plan), set(plan.tops)
    found: dict[str, Category] = {}
    for step in plan.parts:
        if step.action is PartAction.CREATE:
            kind = PartKind.ASSEMBLY if step.key in assemblies else step.part.kind
            category_id = category_of(step, kind, by_path, categories, is_top=step.key in tops)
            found[step.key] = known.default_category if category_id is None else by_id[category_id]
    return found
