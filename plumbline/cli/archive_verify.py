"""`plumbline archive verify`: whether an archive can be imported, tried out."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from plumbline.archives.actions import try_archive
from plumbline.bootstrap import open_application
from plumbline.cli.options import AsJson
from plumbline.cli.output import print_json, progress
from plumbline.cli.whole_files import opened_to_read


def verify(file: Path, *, as_json: AsJson = False) -> None:
    """Check an archive: its sums, every record, and that it can be imported, which is tried in a database that is thrown away.

    The trial takes about five times the size of the archive in the folder for temporary files (TMPDIR).

    Parameters
    ----------
    file
        The archive.
    """
    with opened_to_read(file) as content, TemporaryDirectory(prefix="plumbline-verify-") as folder:
        scratch = open_application(f"sqlite:///{Path(folder) / 'scratch.db'}")
        try:
            trial = try_archive(scratch.database, scratch.clock, scratch.new_id, content, tell=progress)
        finally:
            progress("")
            scratch.database.close()
    manifest, differing = trial.manifest, list(trial.differing)
    address = f"@{manifest.organization.slug}/{manifest.library.slug}"
    records = sum(each.records for each in manifest.files)
    if as_json:
        print_json({"library": address, "changes": manifest.changes.number, "records": records, "differing": differing})
        return
    print(f"{file} holds {address} whole: {records} records, {manifest.changes.number} changes. It can be imported.")
    if differing:
        print(f"Archived again, these files come out in another order or spelling: {', '.join(differing)}.")
    else:
        print("Archived again, it comes out the same, byte by byte.")
