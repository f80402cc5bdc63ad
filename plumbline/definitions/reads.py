"""Questions about the configuration documents of a library."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access.permissions import Permission, read
from plumbline.definitions import store
from plumbline.definitions.model import ConfigurationVersion, Definition
from plumbline.storage.kept import KeptByConfiguration
from plumbline.storage.unit_of_work import Scope

Definitions = dict[tuple[str, str], Definition]
"""By kind and name."""


@read(needs=Permission.LIBRARY_READ)
def definitions_in_force(scope: Scope) -> Definitions:
    """Every configuration document as it is now."""
    return _DEFINITIONS.get(
        scope,
        lambda: {
            (each.kind, each.name): each for each in store.definitions_at(scope.connection, scope.library_id, None)
        },
    )


_DEFINITIONS = KeptByConfiguration[Definitions]()


def text_in_force(scope: Scope, kind: str, name: str = "") -> str | None:
    """The text of one document as it is now."""
    found = definitions_in_force(scope).get((kind, name))
    return None if found is None else found.text


@read(needs=Permission.LIBRARY_READ)
def definitions_at_version(scope: Scope, number: int) -> Definitions | None:
    """Every configuration document as it was in a version of the configuration; None if there is no such version."""
    version = configuration_version(scope, number)
    if version is None:
        return None
    found = store.definitions_at(scope.connection, scope.library_id, version.change)
    return {(each.kind, each.name): each for each in found}


@read(needs=Permission.LIBRARY_READ)
def versions_of_definition(scope: Scope, kind: str, name: str = "") -> list[Definition]:
    """Every version of one document, the newest first."""
    return store.versions_of(scope.connection, scope.library_id, kind, name)


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
