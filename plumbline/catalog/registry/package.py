"""What one file of the language says, read and checked for itself: a library's registry, or a category set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plumbline.catalog.registry.references import CategoryReference, SetReference, SpecReference, Version
from plumbline.catalog.registry.rules import SpecRule
from plumbline.kit.errors import PathPart
from plumbline.kit.yaml_source import YamlDocument

Path = tuple[PathPart, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A spec that is described where it stands."""

    rule: SpecRule
    path: Path


@dataclass(frozen=True, slots=True)
class Referred:
    """A spec, or a group, that is described elsewhere; `required_from` and `severity` where the reference says so (`""`: never)."""

    reference: SpecReference
    required_from: str | None
    severity: str | None
    path: Path


Entry = Written | Referred


@dataclass(frozen=True, slots=True)
class Group:
    """Specs and further groups by the names that references use, which are compared plain."""

    members: Mapping[str, Entry | Group]


@dataclass(frozen=True, slots=True)
class WrittenCategory:
    extends: CategoryReference | None
    code: str | None
    type: str | None
    name: str | None
    short_name: str | None
    unit_of_measure: str | None
    formerly: str | None
    entries: tuple[Entry, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Package:
    """`name` and `version` are those of a set; a registry has none."""

    document: YamlDocument
    name: str | None
    version: Version | None
    groups: Group
    type_entries: Mapping[str, tuple[Entry, ...]]
    categories: tuple[WrittenCategory, ...]
    uses: tuple[tuple[SetReference, Path], ...] = ()
    excludes: tuple[tuple[str, Path], ...] = ()
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a set: what each version changed."""

    @property
    def label(self) -> str:
        """How origins name it."""
        return "#" if self.name is None else f"{self.name}@{self.version}"
