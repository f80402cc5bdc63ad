"""The category sets that a registry can use: those that are shipped, and those that the library keeps itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from plumbline.catalog.registry.package import Package
from plumbline.catalog.registry.reading import set_package
from plumbline.catalog.registry.references import SetReference, Version, newest_within, semantic_version
from plumbline.kit.yaml_source import load_yaml

SETS = Path(__file__).parent.parent / "sets"
"""owner/name/version.yaml"""


@cache
def shipped_files() -> Mapping[str, Mapping[Version, Path]]:
    """The file of every shipped set, by name and version."""
    found: dict[str, dict[Version, Path]] = {}
    for file in sorted(SETS.glob("*/*/*.yaml")):
        version = semantic_version(file.stem)
        assert version is not None, f"{file.name} is not named after a version"
        found.setdefault(f"{file.parent.parent.name}/{file.parent.name}", {})[version] = file
    return found


@cache
def shipped_set(name: str, version: Version) -> Package:
    file = shipped_files()[name][version]
    return set_package(load_yaml(file.read_bytes(), f"{name}/{file.name}"))


class Shelf:
    """Finds sets by name and version; a set of the library's own stands beside the shipped ones."""

    def __init__(self, own: Iterable[Package] = ()) -> None:
        self._own: dict[str, dict[Version, Package]] = {}
        for package in own:
            assert package.name is not None
            assert package.version is not None
            self._own.setdefault(package.name, {})[package.version] = package

    def names(self) -> list[str]:
        return sorted({*shipped_files(), *self._own})

    def versions(self, name: str) -> list[Version]:
        return sorted({*shipped_files().get(name, ()), *self._own.get(name, ())})

    def version_for(self, reference: SetReference) -> Version | None:
        """The newest version that the reference allows."""
        return newest_within(self.versions(reference.name), reference.prefix)

    def package(self, name: str, version: Version) -> Package:
        """Raises KeyError if there is no such set."""
        own = self._own.get(name, {}).get(version)
        return own if own is not None else shipped_set(name, version)
