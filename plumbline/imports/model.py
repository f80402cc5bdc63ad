"""Imports and their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Fields = Mapping[str, object]
"""A refusal as flat fields; see `Refusal.as_fields`."""


MAPPING_LENGTH_MAX = 1_000_000
"""Characters; the proposal for a workbook of a hundred sheets has a tenth of it."""


class ImportState(StrEnum):
    OPEN = "OPEN"
    """Files are on their way."""
    READING = "READING"
    PLANNED = "PLANNED"
    FAILED = "FAILED"
    """The files cannot be read or planned so; `problems` says why."""
    APPLYING = "APPLYING"
    APPLIED = "APPLIED"
    UNDONE = "UNDONE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a user decides about an import."""

    into: str | None = None
    """Part number of the component that the one top of the import stands for."""
    format: str | None = None
    inherit_lines: bool = True
    mapping: str | None = None
    """What the columns of tables mean, in YAML: titles and meanings, or a text like that which was proposed."""
    matches: Mapping[str, str] = field(default_factory=dict)
    """Key of a part of the import to the part number that it is, or to `new`."""


class ImportFile(NamedTuple):
    import_id: str
    position: int
    upload_id: str
    name: str
    size: int


class Import(NamedTuple):
    id: str
    state: str
    options: str
    """JSON of ImportOptions."""
    format: str | None
    """As recognised."""
    counts: str | None
    """JSON of the plan's counts."""
    digest: str | None
    """Of the plan; sent back with apply, it makes sure that what was looked at is what happens."""
    problems: str
    """JSON list of Fields."""
    keeps_results: bool
    """Whether what was read and planned is still in the file store."""
    change_number: int | None
    """The change of the library that the import made; None also for an import that changed nothing."""
    undone_by: int | None
    created_by: str
    created_at: str
    updated_at: str


class Reading(NamedTuple):
    """What reading the files gave: data for the wire form of exchange, or why not."""

    data: bytes | None
    problems: tuple[Fields, ...] = ()
    mapping: str | None = None
    """Of tables: how each was read, as YAML that can be corrected and given back."""
