"""`plumbline archive import`: a library from an archive, with its ids and its whole history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from plumbline.access.reads import library_addresses
from plumbline.archives.actions import Imported, import_library
from plumbline.cli.init import make_private_folder
from plumbline.cli.opening import chosen_settings, opened
from plumbline.cli.options import AsJson, Store
from plumbline.cli.output import print_json, progress
from plumbline.cli.whole_files import opened_to_read
from plumbline.settings import Settings


def import_archive(
    file: Path,
    *,
    store: Store | None = None,
    library: str | None = None,
    as_json: AsJson = False,
) -> None:
    """Bring a library in from an archive, all or nothing: into a new data folder or database, or beside the libraries of one.

    Its members come along. Who has the e-mail address of a user of this server is that user; the others become users without a password.

    Parameters
    ----------
    file
        The archive.
    library
        Another name for the library, where its own is taken.
    """
    settings = chosen_settings(store)
    with opened_to_read(file) as content, _nothing_left_of_a_refusal(settings):
        make_private_folder(settings)
        application = opened(settings)
        try:
            imported = import_library(
                application.database,
                application.clock,
                application.new_id,
                content,
                name=library,
                tell=progress,
            )
        finally:
            progress("")
            application.database.close()
    _say(imported, settings, as_json)


@contextmanager
def _nothing_left_of_a_refusal(settings: Settings) -> Iterator[None]:
    """An empty database in a new folder would look as if something had been imported. What was there before stays as it was."""
    folder = Path(settings.database.data)
    file = folder / "plumbline.db"
    is_ours = not settings.database.url and not file.exists()
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        yield
    except BaseException:
        if is_ours and (not file.exists() or _is_empty(settings)):
            for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
                (folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # somebody has put something else into it
                for each in missing:
                    each.rmdir()
        raise


def _is_empty(settings: Settings) -> bool:
    """Somebody else may have founded a library there while the archive was checked."""
    application = opened(settings)
    try:
        return not library_addresses(application.database)
    finally:
        application.database.close()


def _say(imported: Imported, settings: Settings, as_json: bool) -> None:
    counts = {each.name.removesuffix(".jsonl"): each.records for each in imported.manifest.files}
    address = f"@{imported.organization.slug}/{imported.library.slug}"
    if as_json:
        owner, home = imported.organization, imported.library
        print_json(
            {
                "organization": {"id": owner.id, "slug": owner.slug},
                "library": {"id": home.id, "slug": home.slug},
                "changes": imported.manifest.changes.number,
                "records": counts,
            }
        )
        return
    where = "--database-url …" if settings.database.url else f"--data {settings.database.data}"
    print(f"Imported {address}: {counts['components']} components, {imported.manifest.changes.number} changes.")
    print("API keys do not travel. Create one for the library's first Administrator:")
    print(f'  plumbline keys create "First key" {where} --library {address}')
