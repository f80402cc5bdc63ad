"""The nouns of definitions."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """One version of one document. `kind` is the document's `schema_type`; `name` tells those of a kind apart, empty where there is one."""

    id: str
    """Stays while the document lives; a document that comes back under its name gets a new one."""
    kind: str
    name: str
    version: int
    text: str
    created_at: str
    created_by: str


class ConfigurationVersion(NamedTuple):
    """All documents together, after they were changed in one go."""

    number: int
    change: int
    origin: str
    """What was done: `apply`, `rollback`, `founding`, `template` or `rule`."""
    reason: str
    steps: tuple[str, ...]
    """What changed, a sentence each."""
    created_at: str
    created_by: str
