"""The page of the shipped sets in the documentation, written from the sets themselves.

python -m plumbline.catalog.registry.catalogue_page > docs/reference/configuration/sets.md
"""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.catalog.registry.package import Package
from plumbline.catalog.registry.resolution import RegisteredCategory, resolve
from plumbline.catalog.registry.shelf import Shelf

_HEAD = """\
# Shipped category sets

Use a set in a registry as [Categories and specs](categories.md) explains. A spec in **bold** must have a value from some status on, one in
*italics* should; the others may. Written from the sets by `python -m plumbline.catalog.registry.catalogue_page`.
"""


def catalogue_page() -> str:
    """Every set in its newest version: what its versions changed, and its categories with their specs."""
    shelf = Shelf()
    newest = [shelf.package(name, shelf.versions(name)[-1]) for name in shelf.names()]
    return "\n".join([_HEAD, *_overview(newest), *(line for each in newest for line in _section(each, shelf))])


def _overview(packages: list[Package]) -> Iterator[str]:
    yield "| set | version | categories | codes |"
    yield "| --- | --- | --- | --- |"
    for package in packages:
        codes = sorted(category.code or "" for category in package.categories)
        yield f"| `{package.name}` | {package.version} | {len(codes)} | {codes[0]} to {codes[-1]} |"
    yield ""


def _section(package: Package, shelf: Shelf) -> Iterator[str]:
    categories = resolve(package, shelf).categories
    every = {rule.name for rule in categories[0].specs}.intersection(
        *({rule.name for rule in each.specs} for each in categories)
    )
    yield f"## {package.name}\n"
    for version, changes in package.changes.items():
        yield f"- {version}: {'. '.join(changes)}."
    yield ""
    if every:
        yield f"Every category has {_listed(categories[0], every)}.\n"
    yield "| code | category | short | counted in | specs |"
    yield "| --- | --- | --- | --- | --- |"
    for each in sorted(categories, key=lambda category: category.code):
        own = {rule.name for rule in each.specs} - every
        unit = each.unit_of_measure.lower()
        yield f"| {each.code} | {each.name} | {each.short_name or ''} | {unit} | {_listed(each, own)} |"
    yield ""


def _listed(category: RegisteredCategory, names: set[str]) -> str:
    """Those of the specs, in their order, with their units."""
    words = []
    for rule in category.specs:
        if rule.name in names:
            mark = "" if rule.required_from is None else "*" if rule.is_missing_a_warning else "**"
            words.append(f"{mark}{rule.name}{mark}{f' ({rule.unit})' if rule.unit else ''}")
    return ", ".join(words)


if __name__ == "__main__":
    print(catalogue_page(), end="")
