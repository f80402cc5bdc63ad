"""Questions about the configuration documents of a library."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access.permissions import Permission, read
from plumbline.definitions import store
from plumbline.definitions.model import ConfigurationVersion, Definition
from plumbline.storage.unit_of_work import Scope

LAWS = store.LAWS

Definitions = dict[tuple[str, str], Definition]
"""By kind and name."""


@read(needs=Permission.LIBRARY_READ)
def definitions_in_force(scope: Scope, kind: str | None = None) -> Definitions:
    """Every configuration document as it is now; or those of one kind."""
    found = store.definitions_at(scope.connection, scope.library_id, None, kind)
    return {(each.kind, each.name): each for each in found}


def definition_in_force(scope: Scope, kind: str, name: str = "") -> Definition | None:
    """One document as it is now."""
    return store.definition(scope.connection, scope.library_id, kind, name)


def definitions_at_change(scope: Scope, change: int | None, kind: str) -> Definitions:
    """The documents of one kind as they were after a change of the library; None means now."""
    found = store.definitions_at(scope.connection, scope.library_id, change, kind)
    return {(each.kind, each.name): each for each in found}


def beginnings_of_definitions(scope: Scope, kind: str) -> dict[str, tuple[str, str]]:
    """When each document of a kind came, and who brought it, by id; of all that ever were."""
    return store.beginnings(scope.connection, scope.library_id, kind)


@read(needs=Permission.LIBRARY_READ)
def definitions_at_version(scope: Scope, number: int) -> Definitions | None:
    """Every configuration document as it was in a version of the configuration; None if there is no such version."""
    version = configuration_version(scope, number)
    if version is None:
        return None
    found = store.definitions_at(scope.connection, scope.library_id, version.change)
    return {(each.kind, each.name): each for each in found}


@read(needs=Permission.LIBRARY_READ)
def configuration_history(
    scope: Scope, *, before: int | None = None, limit: int = 50
) -> Sequence[ConfigurationVersion]:
    """Versions of the whole configuration below a number, the newest first."""
    return store.configuration_versions_before(scope.connection, scope.library_id, before, limit)


def configuration_version(scope: Scope, number: int | None = None) -> ConfigurationVersion | None:
    """One version, or the newest."""
    before = None if number is None else number + 1
    found = store.configuration_versions_before(scope.connection, scope.library_id, before, 1)
    return found[0] if found and number in (None, found[0].number) else None
