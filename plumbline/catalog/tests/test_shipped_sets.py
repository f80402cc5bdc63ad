"""The category sets that are shipped, and the registries to begin with: that they load, fit together, and keep their promises."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest

from plumbline.catalog.registry.package import Group, Package, Written
from plumbline.catalog.registry.reading import registry_package
from plumbline.catalog.registry.references import (
    SetReference,
    Version,
    plain,
    semantic_version,
    set_reference,
    version_prefix,
)
from plumbline.catalog.registry.resolution import RegisteredCategory, Registry, resolve, status_mentions
from plumbline.catalog.registry.rules import SpecRule
from plumbline.catalog.registry.shelf import SETS, Shelf, shipped_files, shipped_set
from plumbline.kit.yaml_source import SIZE_MAX_BYTES, load_yaml

STATUSES = {"Design", "Prototype", "Production", "Obsolete"}
NAMES = [f"duro/{kind}-categories" for kind in ("assembly", "document", "electrical", "mechanical", "software")]
VERSIONS = [Version(1, 0, 0), Version(1, 0, 1), Version(1, 1, 0)]
FILES = [(name, version) for name, versions in shipped_files().items() for version in versions]


def used(*references: str, more: str = "") -> Registry:
    text = f"uses: [{', '.join(references)}]\n{more}"
    return resolve(registry_package(load_yaml(text, "registry.yaml")), Shelf())


def rules_of(package: Package) -> Iterator[SpecRule]:
    """Every spec that the file describes, used or not."""

    def within(group: Group) -> Iterator[SpecRule]:
        for member in group.members.values():
            if isinstance(member, Group):
                yield from within(member)
            elif isinstance(member, Written):
                yield member.rule

    yield from within(package.groups)
    entries = [*package.type_entries.values(), *(each.entries for each in package.categories)]
    yield from (entry.rule for entry in itertools.chain.from_iterable(entries) if isinstance(entry, Written))


def test_the_sets_and_their_versions_are_there() -> None:
    assert sorted(shipped_files()) == NAMES
    assert all(sorted(versions) == VERSIONS for versions in shipped_files().values())


@pytest.mark.parametrize(("name", "version"), FILES)
def test_each_file_loads_and_resolves_alone(name: str, version: Version) -> None:
    package = shipped_set(name, version)
    assert (package.name, package.version) == (name, version)
    assert shipped_files()[name][version].stat().st_size < SIZE_MAX_BYTES
    alone = resolve(package, Shelf())
    assert alone.categories
    assert [each.code for each in used(f"{name}@v{version}").categories] == [each.code for each in alone.categories]
    assert {status for status, _ in status_mentions(package)} <= STATUSES


def test_all_together_are_one_library_with_codes_names_and_short_names_of_their_own() -> None:
    categories = used(*(f"{name}@v1" for name in NAMES)).categories
    assert len(categories) >= 90
    for key in ("code", "name", "short_name"):
        counted = Counter(str(getattr(each, key)).lower() for each in categories)
        assert [value for value, count in counted.items() if count > 1] == []
    assert all(len(each.code) == 3 and each.code.isdigit() for each in categories)
    assert all(each.specs for each in categories)


def test_a_spec_is_of_one_kind_in_all_versions_of_all_sets() -> None:
    """So that one version can take the place of another, and a category of an old one stand beside those of a new one."""
    kinds: dict[str, set[tuple[object, ...]]] = {}
    spellings: dict[str, set[str]] = {}
    for rule in (rule for name, version in FILES for rule in rules_of(shipped_set(name, version))):
        kinds.setdefault(rule.name.lower(), set()).add((rule.attribute_type, rule.unit, rule.source_key))
        spellings.setdefault(rule.name.lower(), set()).add(rule.name)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}
    assert {name: found for name, found in spellings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_set_shares_with_the_preset_is_of_the_kind_that_it_has_there(name: str) -> None:
    preset = preset_registry("electromechanical")
    known = {rule.name.lower(): rule for category in preset.categories for rule in category.specs}
    for rule in rules_of(shipped_set(name, VERSIONS[-1])):
        other = known.get(rule.name.lower(), rule)
        found = (rule.name, rule.attribute_type, rule.unit, rule.source_key)
        assert found == (other.name, other.attribute_type, other.unit, other.source_key)


# --- versions ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "version"), FILES)
def test_changelogs_tell_of_versions_that_exist_and_history_is_not_written_anew(name: str, version: Version) -> None:
    files = shipped_files()[name]
    told = {semantic_version(each): changes for each, changes in shipped_set(name, version).changes.items()}
    assert [each for each in told if each not in files and each > min(files)] == []
    assert [each for each in files if each <= version and each not in told] == []
    for earlier, changes in told.items():
        if earlier in files:
            assert shipped_set(name, earlier).changes[str(earlier)] == changes


@pytest.mark.parametrize("name", NAMES)
def test_a_later_version_takes_nothing_away(name: str) -> None:
    """Whoever wrote @v1 gets it without being asked: no category and no spec goes, none becomes another, nothing is newly demanded."""
    for earlier, later in itertools.pairwise(sorted(shipped_files()[name])):
        after = {each.code: each for each in resolve(shipped_set(name, later), Shelf()).categories}
        for old in resolve(shipped_set(name, earlier), Shelf()).categories:
            new = after[old.code]
            assert new.type == old.type
            assert old.name in (new.name, new.formerly)
            _takes_nothing_away(old, new)


def _takes_nothing_away(old: RegisteredCategory, new: RegisteredCategory) -> None:
    rules = {rule.name: rule for rule in new.specs}
    before = {rule.name: rule for rule in old.specs}
    assert set(before) <= set(rules), f"{new.name} loses {set(before) - set(rules)}"
    for rule in rules.values():
        known = before.get(rule.name)
        if known is None:
            assert rule.required_from is None or rule.is_missing_a_warning, f"{new.name} newly demands {rule.name}"
        else:
            assert _severities(rule) == _severities(known)
            assert not known.limits.choices or set(known.limits.choices) <= set(rule.limits.choices)


def _severities(rule: SpecRule) -> tuple[str | None, bool, bool]:
    return rule.required_from, rule.is_missing_a_warning, rule.is_warning


def test_a_mass_that_is_missing_is_warned_of_and_one_below_zero_is_refused() -> None:
    for name, version in FILES:
        for category in resolve(shipped_set(name, version), Shelf()).categories:
            for rule in category.specs:
                if rule.source_key == "mass":
                    assert not rule.is_warning
                    assert rule.required_from is None or rule.is_missing_a_warning


def test_a_patch_corrects_and_a_minor_version_adds() -> None:
    for name in NAMES:
        counts = [len(shipped_set(name, version).categories) for version in VERSIONS]
        assert counts[0] == counts[1] < counts[2]
        first, corrected, _ = ([*rules_of(shipped_set(name, version))] for version in VERSIONS)
        units = [[each.unit_of_measure for each in shipped_set(name, version).categories] for version in VERSIONS[:2]]
        assert _limits(first) != _limits(corrected) or units[0] != units[1]


def _limits(rules: list[SpecRule]) -> dict[str, object]:
    return {rule.name: rule.limits for rule in rules}


@pytest.mark.parametrize(
    ("written", "chosen"),
    [("v1", "1.1.0"), ("1", "1.1.0"), ("v1.0", "1.0.1"), ("v1.1", "1.1.0"), ("v1.0.0", "1.0.0"), ("v1.0.1", "1.0.1")],
)
@pytest.mark.parametrize("name", NAMES)
def test_a_short_version_chooses_the_newest_within_it(name: str, written: str, chosen: str) -> None:
    assert str(Shelf().version_for(set_reference(f"{name}@{written}"))) == chosen
    assert used(f"{name}@{written}").sets == ((name, semantic_version(chosen)),)


@pytest.mark.parametrize("written", ["v2", "v1.2", "v1.0.2", "v0"])
def test_a_version_that_was_never_released_chooses_none(written: str) -> None:
    prefix = version_prefix(written)
    assert prefix is not None
    assert Shelf().version_for(SetReference("duro/mechanical-categories", prefix)) is None


# --- what the documents refer to --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["@v1", "@v1.0", "@v1.0.1", ""])
def test_what_the_requirement_refers_to_is_there(version: str) -> None:
    registry = resolve(
        registry_package(
            load_yaml(f"""
categories:
  - extends: duro/mechanical-categories/bearing{version}
    name: Custom Bearing
    specs:
      - $ref: "duro/electrical-categories/specs/voltage/input_voltage{version}"
      - $ref: "duro/mechanical-categories/specs/dimensions/*{version}"
""")
        ),
        Shelf(),
    )
    names = [rule.name for rule in registry.categories[0].specs]
    assert {"Input voltage", "Height", "Width", "Length", "Thickness", "Diameter", "Inner diameter"} <= set(names)


def test_a_category_that_was_renamed_is_left_out_and_extended_by_its_old_name() -> None:
    registry = used(
        "duro/electrical-categories@v1",
        more="excludes: [Capacitance]\ncategories: [{extends: Capacitance, code: '9', name: Own}]",
    )
    [own] = [each for each in registry.categories if each.code == "9"]
    assert "Capacitance" in [rule.name for rule in own.specs]
    assert "Capacitor" not in [each.name for each in registry.categories]


# --- registries to begin with -----------------------------------------------------------------------------------------------------


def preset_registry(name: str) -> Registry:
    file = SETS.parent / "presets" / "category_registry" / f"{name}.yaml"
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=/static/schemes/categories/schema.json"
    return resolve(registry_package(load_yaml(file.read_bytes(), file.name)), Shelf())


def test_the_electromechanical_registry_refuses_nothing_for_what_is_missing() -> None:
    registry = preset_registry("electromechanical")
    rules = [rule for category in registry.categories for rule in category.specs]
    assert {rule.name for rule in rules if rule.required_from is not None and not rule.is_missing_a_warning} == set()
    assert {each.type for each in registry.categories} == {
        "MECHANICAL",
        "ELECTRICAL",
        "ASSEMBLY",
        "DOCUMENT",
        "SOFTWARE",
    }


def test_the_registry_of_all_sets_uses_all_of_them() -> None:
    registry = preset_registry("all-sets")
    assert sorted(name for name, _ in registry.sets) == NAMES
    assert len(registry.categories) == sum(len(shipped_set(name, VERSIONS[-1]).categories) for name in NAMES)
    assert plain("Bearing") in {plain(each.name) for each in registry.categories}
