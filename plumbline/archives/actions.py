"""Bringing a library in from an archive. Before it is there, nobody can be asked for a permission in it, so these are no actions of the
register: only the operator's shell and tests call them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import orjson

from plumbline.access.accounts import checked_name, slug_of
from plumbline.access.actions import require_administrator, settle_library, settle_users
from plumbline.access.model import Library, Organization, User
from plumbline.access.reads import first_administrator
from plumbline.access.records import UserRecord
from plumbline.archives import contents
from plumbline.archives.checking import Checked, checked_batches, refused
from plumbline.archives.manifest import MANIFEST_NAME, Manifest
from plumbline.archives.reading import Archive
from plumbline.archives.reads import archive_library
from plumbline.archives.records import ChangeSetRecord
from plumbline.boms import reads as boms
from plumbline.change_orders.reads import orders as change_orders
from plumbline.components import reads as components
from plumbline.definitions import reads as definitions
from plumbline.kit.clock import Clock
from plumbline.kit.ids import IdSource
from plumbline.kit.record_model import Record
from plumbline.storage import unit_of_work
from plumbline.storage.archiving import Incoming, Passage, RecordRejected, insert_records, line_of_key
from plumbline.storage.engine import Database
from plumbline.storage.unit_of_work import LineOfChanges, Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

LAWS = (*unit_of_work.LAWS, *definitions.LAWS, *components.LAWS, *boms.LAWS, *change_orders.LAWS)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Imported:
    organization: Organization
    library: Library
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of an archive that was imported into a database of its own and archived again."""

    manifest: Manifest
    differing: tuple[str, ...]
    """Files that came out otherwise than they went in: in another order, or in other words for the same."""


def import_library(
    database: Database,
    clock: Clock,
    new_id: IdSource,
    file: IO[bytes],
    *,
    name: str | None = None,
    tell: Tell = lambda sentence: None,
) -> Imported:
    """The library as it was, with its ids and its whole history: all of it, or nothing. Refuses one that the server has already.
    `name`: another one than its own.

    Every sum is checked before the transaction begins; every record, and what holds between records, before it ends.
    """
    archive = Archive(file, contents.file_names())
    _refuse_other_count(archive.manifest)
    tell("Checking the sums …")
    archive.check_sums()
    with database.writing() as connection:
        return _entered(connection, new_id, archive, name, tell)


def try_archive(
    scratch: Database, clock: Clock, new_id: IdSource, file: IO[bytes], *, tell: Tell = lambda sentence: None
) -> Trial:
    """Whether an archive can be imported, tried out in an empty database that is thrown away afterwards; and whether it comes out again
    as it went in."""
    imported = import_library(scratch, clock, new_id, file, tell=tell)
    tell("Archiving it again …")
    actor = first_administrator(scratch, imported.library, "cli")
    with scratch.reading() as connection, tempfile.TemporaryFile() as target:
        again = archive_library(Scope(connection, actor, clock), target)
    before = {each.name: each for each in imported.manifest.files}
    differing = tuple(each.name for each in again.files if each != before[each.name])
    return Trial(imported.manifest, differing)


def _refuse_other_count(manifest: Manifest) -> None:
    """The line of changes has no gaps, so its length is known before it is read."""
    name, line = contents.file_name(ChangeSetRecord), manifest.changes
    records = next((each.records for each in manifest.files if each.name == name), 0)
    if records != line.number:
        message = f"is {line.number}, while {name} has {records} records"
        raise refused(MANIFEST_NAME, None, ("changes", "number"), message, expected="one change set for each change")
    if (line.configuration_change or 0) > line.number:
        message = f"is {line.configuration_change}, after the last change"
        raise refused(MANIFEST_NAME, None, ("changes", "configurationChange"), message)


def _entered(connection: Connection, new_id: IdSource, archive: Archive, name: str | None, tell: Tell) -> Imported:
    manifest = archive.manifest
    line = LineOfChanges._make(getattr(manifest.changes, name) for name in LineOfChanges._fields)
    owner, home = settle_library(connection, *_named(manifest, name), line)
    passage = Passage(connection, home.id, contents.layouts())
    people: dict[str, str] = {}
    for record in contents.RECORDS:
        file = contents.file_name(record)
        for before, batch in checked_batches(archive.lines(file), record, file, line.number):
            tell(f"{file}: {before + len(batch)} …")
            if record is UserRecord:
                people |= _settled(connection, new_id, batch, people, before)
            else:
                _insert(passage, record, batch, people, before)
    tell("Checking what holds between records …")
    _refuse_broken_laws(passage, archive)
    require_administrator(connection, home.id)
    return Imported(owner, home, manifest)


def _named(manifest: Manifest, name: str | None) -> tuple[Organization, Library]:
    """The organization and the library of the archive, which may get another name."""
    owner = Organization._make(getattr(manifest.organization, field) for field in Organization._fields)
    library = manifest.library
    home = Library(library.id, owner.id, library.slug, library.name, library.created_at)
    if name is not None:
        home = home._replace(slug=slug_of(name), name=checked_name(name, "name of the library"))
    return owner, home


def _settled(
    connection: Connection, new_id: IdSource, batch: Sequence[Checked], people: Mapping[str, str], before: int
) -> dict[str, str]:
    users: list[User] = []
    for number, each in enumerate(batch, start=before + 1):
        user = User(each.wire["id"], each.wire["email"], each.wire["name"], each.wire["createdAt"])
        if user.id in people or any(user.id == other.id or user.email == other.email for other in users):
            raise refused("users.jsonl", number, (), "tells of a user a second time")
        users.append(user)
    return settle_users(connection, new_id, users)


def _insert(
    passage: Passage, record: type[Record], batch: Sequence[Checked], people: Mapping[str, str], before: int
) -> None:
    try:
        insert_records(passage, passage.layouts[record.noun], [Incoming(*each) for each in batch], people)
    except RecordRejected as rejected:
        path = () if rejected.field is None else (rejected.field,)
        raise refused(contents.file_name(record), before + rejected.place + 1, path, rejected.why) from rejected


def _refuse_broken_laws(passage: Passage, archive: Archive) -> None:
    for law in LAWS:
        key = law.broken_by(passage.connection, passage.library_id)
        if key is not None:
            raise refused(f"{law.noun}.jsonl", _line_of(passage, archive, law.noun, key), (), law.sentence)


def _line_of(passage: Passage, archive: Archive, noun: str, sought: int | str) -> int | None:
    """Where the record stands. Rows without a key do not tell in which order they came, so their ids are looked for in the file."""
    if isinstance(sought, int):
        return line_of_key(passage, noun, sought)
    first = passage.layouts[noun].fields[0].wire
    lines = enumerate(archive.lines(f"{noun}.jsonl"), start=1)
    return next((number for number, line in lines if orjson.loads(line)[first] == sought), None)
