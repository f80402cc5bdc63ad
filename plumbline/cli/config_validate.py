"""`plumbline config validate`: every fault of configuration files at once, without a server."""

from __future__ import annotations

from plumbline.cli.config_folder import configured
from plumbline.cli.config_plan import Paths
from plumbline.cli.options import AsJson
from plumbline.cli.output import note, print_json
from plumbline.configuration.documents import named, read_documents
from plumbline.kit.errors import Refusal


def validate(*paths: Paths, as_json: AsJson = False) -> int:
    """Check a folder, or single files: structure, references, patterns, examples, and what holds between the files."""
    count = 0
    faults: list[Refusal] = []
    notices: list[str] = []
    for files in configured(paths).values():
        try:
            found = read_documents(named(files))
        except Refusal as refusal:
            faults += [refusal, *refusal.also]
            continue
        count += len(found.texts)
        notices += found.notices
    if faults and not as_json:
        first, *others = faults
        first.also = tuple(others)
        raise first
    if as_json:
        print_json(
            {
                "isValid": not faults,
                "documents": count,
                "notices": notices,
                "faults": [each.as_fields() for each in faults],
            }
        )
        return 1 if faults else 0
    for notice in notices:
        note(f"note: {notice}")
    print(f"{count} documents, no fault.")
    return 0
