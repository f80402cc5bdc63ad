"""A registry with everything it refers to put in: each category with all its specs.

What wins, from strongest to weakest: a spec described in the category; one referred to by name; one that came with a `/*`; one of the
category that is extended; one of the category's type. `required` and `severity` beside a reference to one spec override those of the
spec; beside a `/*` they are defaults, for specs that say nothing themselves. A severity beside a `required` is that of the requirement,
and of the rest only where the spec itself says none.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from plumbline.catalog.errors import InvalidRegistry
from plumbline.catalog.registry.demands import demanding, with_demand_of_type
from plumbline.catalog.registry.kinds import kind_conflicts
from plumbline.catalog.registry.language import PAGE
from plumbline.catalog.registry.package import Entry, Group, Package, Path, Referred, Written, WrittenCategory
from plumbline.catalog.registry.references import CategoryReference, SetReference, Version, plain
from plumbline.catalog.registry.rules import SpecRule
from plumbline.catalog.registry.shelf import Shelf
from plumbline.kit.document_faults import FAULTS_MAX, Faults, listed, nearest_hint

SPECS_PER_CATEGORY_MAX = 500
SPECS_TOTAL_MAX = 100_000
"""Specs of all categories and references together. A thousand categories have some ten thousand; what refers to groups of groups of
groups could have any number."""
CHAIN_MAX = 32
"""How many categories extend one another, and how many references lead to one another. Nobody could follow more."""


@dataclass(frozen=True, slots=True)
class RegisteredCategory:
    """A category with all its specs. `origin` is the set it comes from, `#` for the registry itself; `path` its place there."""

    code: str
    name: str
    short_name: str | None
    type: str
    unit_of_measure: str
    specs: tuple[SpecRule, ...]
    formerly: str | None
    origin: str
    path: Path


@dataclass(frozen=True, slots=True)
class Registry:
    categories: tuple[RegisteredCategory, ...]
    sets: tuple[tuple[str, Version], ...] = ()


def resolve(package: Package, shelf: Shelf) -> Registry:
    """Raises InvalidRegistry with every fault of the registry, and of the sets it uses."""
    resolver = _Resolver(shelf, package)
    registry = resolver.registry()
    resolver.raise_if_any()
    return registry


def status_mentions(package: Package) -> Iterator[tuple[str, Path]]:
    """Every status that the file itself names in a `required`, with its place."""
    entries = [each for entries in package.type_entries.values() for each in entries]
    entries += [each for category in package.categories for each in category.entries]
    for entry in [*entries, *_members(package.groups)]:
        required = entry.rule.required_from if isinstance(entry, Written) else entry.required_from
        if required not in (None, "", "*"):
            yield required, (*entry.path, "required")


def _members(group: Group) -> Iterator[Entry]:
    for member in group.members.values():
        if isinstance(member, Group):
            yield from _members(member)
        else:
            yield member


class _Resolver:
    def __init__(self, shelf: Shelf, root: Package) -> None:
        self._shelf = shelf
        self._root = root
        self._faults: dict[str, Faults] = {}
        self._used = {reference.name: self._version_of(root, reference, path) for reference, path in root.uses}
        self._categories: dict[tuple[str, Path], RegisteredCategory | None] = {}
        self._specs: dict[tuple[str, Referred], tuple[SpecRule, ...]] = {}
        self._open: list[tuple[str, Path]] = []
        """Categories whose resolution has begun; one that is met again extends itself."""
        self._type_rules: dict[tuple[str, str], list[SpecRule]] = {}
        self._indexes: dict[str, dict[str, list[WrittenCategory]]] = {}
        self._counted = 0

    def raise_if_any(self) -> None:
        found = [fault for faults in self._faults.values() for fault in faults.found]
        if found:
            first, *others = found
            first.also = tuple(others)
            raise first

    def registry(self) -> Registry:
        for entry in [*_members(self._root.groups), *itertools.chain.from_iterable(self._root.type_entries.values())]:
            self._rules_of(self._root, entry, ())  # also what no category uses must lead somewhere
        own = [category for each in self._root.categories if (category := self._category(self._root, each)) is not None]
        taken = {category.code for category in own}
        replaced = {each.code for each in self._bases() if each is not None and each.code in taken}
        imported = [each for each in self._imported() if each.code not in replaced]
        categories = [self._with_type_specs(self._root, each) for each in self._distinct([*imported, *own])]
        self._check_kinds(categories)
        sets = tuple((name, version) for name, version in self._used.items() if version is not None)
        return Registry(tuple(categories), sets)

    # --- sets ---------------------------------------------------------------------------------------------------------------------

    def _version_of(self, package: Package, reference: SetReference, path: Path) -> Version | None:
        versions = self._shelf.versions(reference.name)
        if not versions:
            names = self._shelf.names()
            hint = self._hint(package, reference.name, names)
            self._fault(package, path, f"There is no category set {reference.name!r}.", f"one of {listed(names)}", hint)
            return None
        found = self._shelf.version_for(reference)
        if found is None:
            known = listed([str(version) for version in versions])
            self._fault(package, path, f"The category set {reference} has not been released.", f"one of {known}")
        return found

    def _package_of(self, package: Package, of: SetReference | None, path: Path) -> Package | None:
        """The package that a reference leads to; without a version it is the version that the registry uses."""
        if of is None or of.name == package.name:
            return package
        if not of.prefix and of.name in self._used:
            version = self._used[of.name]
        else:
            version = self._version_of(package, of, path)
        return None if version is None else self._shelf.package(of.name, version)

    def _imported(self) -> list[RegisteredCategory]:
        """The categories of the sets that are used, without those that are excluded."""
        found = [
            self._with_type_specs(package, category)
            for name, version in self._used.items()
            if version is not None
            for package in [self._shelf.package(name, version)]
            for written in package.categories
            if (category := self._category(package, written)) is not None
        ]
        names = {plain(name): name for each in found for name in _names_of(each)}
        for name, path in self._root.excludes:
            if plain(name) not in names:
                expected, hint = "the name of a category of a used set", self._hint(self._root, name, names.values())
                self._fault(self._root, path, f"No set that is used has a category {name!r}.", expected, hint)
        excluded = {plain(name) for name, _ in self._root.excludes}
        return [each for each in found if excluded.isdisjoint(map(plain, _names_of(each)))]

    # --- categories ---------------------------------------------------------------------------------------------------------------

    def _category(self, package: Package, written: WrittenCategory) -> RegisteredCategory | None:
        key = (package.label, written.path)
        if key in self._categories:
            return self._categories[key]
        if key in self._open:
            chain = " extends ".join(str(self._name_at(each)) for each in [*self._open[self._open.index(key) :], key])
            place = (*written.path, "extends")
            self._fault(package, place, f"The category extends itself: {chain}.", "a chain of categories that ends")
            return None
        if len(self._open) > CHAIN_MAX:
            message = f"More than {CHAIN_MAX} categories extend one another."
            self._fault(package, (*written.path, "extends"), message, f"a chain of at most {CHAIN_MAX} categories")
            return None
        self._open.append(key)
        base = None if written.extends is None else self._base(package, written.extends, written)
        self._open.pop()
        found = None if written.extends is not None and base is None else self._merged(package, written, base)
        self._categories[key] = found
        return found

    def _name_at(self, key: tuple[str, Path]) -> str:
        label, path = key
        packages = (self._root,) if label == "#" else ()
        for package in packages:
            return next((each.name or each.code or "" for each in package.categories if each.path == path), "")
        return f"{label}, category {path[-1]}"

    def _merged(
        self, package: Package, written: WrittenCategory, base: RegisteredCategory | None
    ) -> RegisteredCategory:
        specs = {} if base is None else {rule.name.lower(): rule for rule in base.specs}
        specs.update({rule.name.lower(): rule for rule in self._rules(package, written.entries)})
        if len(specs) > SPECS_PER_CATEGORY_MAX:
            message = f"The category would have {len(specs)} specs."
            self._fault(package, (*written.path, "specs"), message, f"at most {SPECS_PER_CATEGORY_MAX}")
        self._count(len(specs), package, written.path)
        return RegisteredCategory(
            written.code or (base.code if base else ""),
            written.name or (base.name if base else ""),
            written.short_name or (base.short_name if base else None),
            written.type or (base.type if base else ""),
            written.unit_of_measure or (base.unit_of_measure if base else "EACH"),
            tuple(specs.values()),
            written.formerly,
            package.label,
            written.path,
        )

    def _base(
        self, package: Package, reference: CategoryReference, written: WrittenCategory
    ) -> RegisteredCategory | None:
        """The category that is extended, with the specs of its type if it comes from a set."""
        place = (*written.path, "extends")
        home = self._package_of(package, reference.of, place)
        if home is None:
            return None
        homes = [home]
        if reference.of is None:
            homes += [self._shelf.package(name, version) for name, version in self._used.items() if version is not None]
        for each in homes:
            for candidate in self._index(each).get(plain(reference.name), ()):
                if each is package and candidate is written:
                    continue
                found = self._category(each, candidate)
                return found if found is None or each is package else self._with_type_specs(each, found)
        names = [candidate.name for each in homes for candidate in each.categories if candidate.name]
        hint = self._hint(package, reference.name, names)
        self._fault(
            package, place, f"There is no category {reference.name!r} to extend.", f"one of {listed(names)}", hint
        )
        return None

    def _index(self, package: Package) -> dict[str, list[WrittenCategory]]:
        """The categories under their names and codes, after these under the names that they had before."""
        found = self._indexes.get(package.label)
        if found is None:
            found = self._indexes[package.label] = {}
            named = [(name, each) for each in package.categories for name in (each.name, each.code)]
            for name, category in [*named, *((each.formerly, each) for each in package.categories)]:
                if name:
                    found.setdefault(plain(name), []).append(category)
        return found

    def _bases(self) -> Iterator[RegisteredCategory | None]:
        """The categories of sets that categories of the registry extend."""
        for written in self._root.categories:
            if written.extends is not None and self._categories.get(("#", written.path)) is not None:
                yield self._base(self._root, written.extends, written)

    def _with_type_specs(self, package: Package, category: RegisteredCategory) -> RegisteredCategory:
        key = (package.label, category.type)
        if key not in self._type_rules:
            self._type_rules[key] = self._rules(package, package.type_entries.get(category.type, ()))
        rules = self._type_rules[key]
        if not rules:
            return category
        specs = {rule.name.lower(): rule for rule in category.specs}
        for rule in rules:
            present = specs.get(rule.name.lower())
            if present is None:
                specs[rule.name.lower()] = rule
            else:
                specs[rule.name.lower()] = with_demand_of_type(present, rule)
        self._count(len(rules), package, category.path)
        return replace(category, specs=tuple(specs.values()))

    def _distinct(self, categories: Sequence[RegisteredCategory]) -> Sequence[RegisteredCategory]:
        """No code and no name twice; the registry's own come last, so that the fault stands with them."""
        seen: dict[tuple[str, str], RegisteredCategory] = {}
        for category in categories:
            for key in ("code", "name"):
                other = seen.setdefault((key, getattr(category, key).lower()), category)
                if other is not category:
                    self._add_twin(key, other, category)
        return categories

    def _add_twin(self, key: str, other: RegisteredCategory, category: RegisteredCategory) -> None:
        place = (*category.path, key) if category.origin == self._root.label else self._place_of_use(category.origin)
        owners = " and ".join(f"{each.name} of {_told(each)}" for each in (other, category))
        hint = f"Put {other.name!r} under excludes, or extend it." if other.origin != "#" else None
        message = f"The {key} {getattr(category, key)!r} is that of {owners}."
        self._fault(self._root, place, message, f"a {key} of its own for each category", hint)

    def _place_of_use(self, label: str) -> Path:
        return next((path for reference, path in self._root.uses if reference.name == label.partition("@")[0]), ())

    # --- specs --------------------------------------------------------------------------------------------------------------------

    def _rules(self, package: Package, entries: Iterable[Entry]) -> list[SpecRule]:
        """The specs of a list in its order; what a `/*` brought gives way to what is named."""
        found: dict[str, tuple[SpecRule, bool]] = {}
        for entry in entries:
            is_weak = isinstance(entry, Referred) and entry.reference.whole_group
            for rule in self._rules_of(package, entry, ()):
                present = found.get(rule.name.lower())
                if present is None or (present[1] and not is_weak):
                    found[rule.name.lower()] = (rule, is_weak)
        return [rule for rule, _ in found.values()]

    def _rules_of(
        self, package: Package, entry: Entry | Group, seen: tuple[tuple[str, Path], ...]
    ) -> tuple[SpecRule, ...]:
        if isinstance(entry, Written):
            return (entry.rule,)
        if isinstance(entry, Group):
            # One of each name, as a category has it: groups that refer to one group many times would grow without end.
            found: dict[str, SpecRule] = {}
            for member in entry.members.values():
                for rule in self._rules_of(package, member, seen):
                    found.setdefault(rule.name.lower(), rule)
            return tuple(found.values())
        key = (package.label, entry)
        if key not in self._specs:
            here, place = (package.label, entry.path), (*entry.path, "$ref")
            if here in seen:
                self._fault(package, place, "The reference leads back to itself.", "a reference to a described spec")
                return ()
            if len(seen) >= CHAIN_MAX:
                message = f"More than {CHAIN_MAX} references lead to one another."
                self._fault(package, place, message, f"a chain of at most {CHAIN_MAX} references")
                return ()
            self._specs[key] = self._referred(package, entry, (*seen, here))
        return self._specs[key]

    def _referred(self, package: Package, entry: Referred, seen: tuple[tuple[str, Path], ...]) -> tuple[SpecRule, ...]:
        place = (*entry.path, "$ref")
        home = self._package_of(package, entry.reference.of, place)
        target = None if home is None else self._target(package, home, entry, place)
        if home is None or target is None:
            return ()
        rules = self._rules_of(home, target, seen)
        self._count(len(rules), package, place)
        return tuple(demanding(rule, entry) for rule in rules)

    def _target(self, package: Package, home: Package, entry: Referred, place: Path) -> Entry | Group | None:
        reached: Entry | Group = home.groups
        for name in entry.reference.names:
            known = list(reached.members) if isinstance(reached, Group) else []
            if not isinstance(reached, Group) or plain(name) not in reached.members:
                where = "commonSpecs" if home is package else home.label
                hint = self._hint(package, plain(name), known)
                self._fault(
                    package, place, f"There is nothing named {name!r} in {where}.", f"one of {listed(known)}", hint
                )
                return None
            reached = reached.members[plain(name)]
        if isinstance(reached, Group) and not entry.reference.whole_group:
            hint = "End the reference in /* to mean all specs of the group."
            self._fault(package, place, "The reference leads to a group of specs.", "a spec, or /* at the end", hint)
            return None
        if entry.reference.whole_group and not isinstance(reached, Group):
            self._fault(package, place, "The reference leads to one spec, not to a group.", "no /* at the end")
            return None
        return reached

    def _check_kinds(self, categories: Sequence[RegisteredCategory]) -> None:
        specs = ((category, rule) for category in categories for rule in category.specs)
        for category, message, expected in kind_conflicts((category, category.name, rule) for category, rule in specs):
            place = category.path if category.origin == self._root.label else self._place_of_use(category.origin)
            hint = "Give one of them another name, or refer to the other by $ref."
            self._fault(self._root, place, message, expected, hint)

    def _count(self, specs: int, package: Package, place: Path) -> None:
        self._counted += specs
        if self._counted > SPECS_TOTAL_MAX:
            message = f"The registry would have more than {SPECS_TOTAL_MAX} specs in all its categories."
            self._fault(package, place, message, "fewer categories, or fewer specs in each")
            self.raise_if_any()

    def _hint(self, package: Package, word: str, known: Iterable[str]) -> str | None:
        """Looking for the nearest word takes long, and nobody would see it in the faults that are too many to tell."""
        faults = self._faults.get(package.label)
        return None if faults is not None and len(faults.found) >= FAULTS_MAX else nearest_hint(word, known)

    def _fault(
        self, package: Package, path: Path, message: str, expected: str | None = None, hint: str | None = None
    ) -> None:
        faults = self._faults.setdefault(package.label, Faults(InvalidRegistry, package.document, page=PAGE))
        faults.add(path, message, expected=expected, hint=hint)


def _names_of(category: RegisteredCategory) -> list[str]:
    return [name for name in (category.name, category.formerly) if name]


def _told(category: RegisteredCategory) -> str:
    return "this file" if category.origin == "#" else category.origin
