"""A library as an archive."""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from typing import IO, TYPE_CHECKING

from plumbline.access.permissions import Permission, read
from plumbline.access.reads import current_library, current_organization
from plumbline.kit.late import LateModule
from plumbline.storage.archiving import Passage, record_lines
from plumbline.storage.unit_of_work import Scope, line_of_changes

if TYPE_CHECKING:
    from plumbline.archives import contents, manifest, writing
else:
    # They load pydantic, which a server needs for its first archive and not for its start.
    contents = LateModule("plumbline.archives.contents")
    manifest = LateModule("plumbline.archives.manifest")
    writing = LateModule("plumbline.archives.writing")


@read(needs=Permission.LIBRARY_ARCHIVE)
def archive_library(scope: Scope, target: IO[bytes]) -> manifest.Manifest:
    """Writes everything that the library knows and ever knew, as of this snapshot, to a file or a pipe; answers what it wrote."""
    passage = Passage(scope.connection, scope.library_id, contents.layouts())
    head = version("plumbline"), current_organization(scope), current_library(scope), line_of_changes(scope)
    files = (
        (contents.file_name(record), record_lines(passage, passage.layouts[record.noun])) for record in contents.RECORDS
    )
    return writing.write_archive(target, files, partial(manifest.manifest_of, *head))
