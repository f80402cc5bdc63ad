"""Writing documents down: called by the rooms that know what a document means, inside their own transaction. No verb of its own."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.definitions import store
from plumbline.definitions.events import ConfigurationChanged
from plumbline.definitions.model import ConfigurationVersion, Definition
from plumbline.definitions.reads import configuration_version, definition_in_force
from plumbline.storage.unit_of_work import UnitOfWork


def put_definition(work: UnitOfWork, kind: str, name: str, text: str) -> Definition:
    """The document's next version, unless the text is the present one."""
    present = definition_in_force(work, kind, name)
    if present is not None and present.text == text:
        return present
    change = work.change
    if present is not None:
        store.close_definition(work.connection, work.library_id, kind, name, change.number)
    new = Definition(
        id=work.new_id() if present is None else present.id,
        kind=kind,
        name=name,
        version=store.last_version(work.connection, work.library_id, kind, name) + 1,
        text=text,
        created_at=change.changed_at,
        created_by=work.actor.user_id,
    )
    store.insert_definition(work.connection, work.library_id, new, change.number)
    work.change_configuration()
    return new


def remove_definition(work: UnitOfWork, kind: str, name: str) -> None:
    """The document is not in force any more; its versions stay."""
    store.close_definition(work.connection, work.library_id, kind, name, work.change.number)
    work.change_configuration()


def record_version(work: UnitOfWork, *, origin: str, reason: str, steps: Sequence[str]) -> ConfigurationVersion:
    """Gives the configuration its next number, once all documents of the transaction are written."""
    last = configuration_version(work)
    change = work.change
    new = ConfigurationVersion(
        number=1 if last is None else last.number + 1,
        change=change.number,
        origin=origin,
        reason=reason,
        steps=tuple(steps),
        created_at=change.changed_at,
        created_by=work.actor.user_id,
    )
    store.insert_configuration_version(work.connection, work.library_id, new)
    work.change_configuration()
    work.emit(ConfigurationChanged(new.number, origin, reason))
    return new
