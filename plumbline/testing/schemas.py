"""The files under schemas/: what the outside, a reviewer or an auditor would want to see change. Generated, committed, compared.

python -m plumbline.testing.schemas            writes them
python -m plumbline.testing.schemas --check    says which are not up to date, and fails
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

import plumbline.bootstrap
from plumbline.access.permissions import permission_table
from plumbline.api.hub.schema import hub_sdl
from plumbline.archives.reference import record_schema_text, schemas_of_records
from plumbline.configuration.schemes import schema_names, schema_text
from plumbline.kit.events import event_catalogue
from plumbline.storage.schema import metadata

FOLDER = Path(__file__).parents[2] / "schemas"


def sql_of(dialect: Dialect) -> str:
    """Every table and index, in the order in which they can be made."""
    statements = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        statements += [
            str(CreateIndex(i).compile(dialect=dialect)) for i in sorted(table.indexes, key=lambda i: str(i.name))
        ]
    return ";\n\n".join("\n".join(line.rstrip() for line in each.splitlines()) for each in statements) + ";\n"


GENERATED: dict[str, Callable[[], str]] = {
    "sqlite.sql": lambda: sql_of(sqlite.dialect()),
    "postgresql.sql": lambda: sql_of(postgresql.dialect()),  # type: ignore[no-untyped-call]  # the same
    "permissions.txt": permission_table,
    "events.txt": lambda: "\n".join(event_catalogue()) + "\n",
    "hub.graphql": hub_sdl,
    **{f"archive/{name}.schema.json": partial(record_schema_text, name) for name in schemas_of_records()},
    **{f"configuration/{name}.schema.json": partial(schema_text, name) for name in schema_names()},
}


def outdated() -> list[str]:
    return [name for name, make in GENERATED.items() if not _is_current(FOLDER / name, make())]


def write() -> None:
    for name, make in GENERATED.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(make(), encoding="utf-8")


def _is_current(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    assert plumbline.bootstrap.JOBS, "importing the rooms registers their tables and verbs"
    if arguments == ["--check"]:
        names = outdated()
        for name in names:
            print(f"schemas/{name} is not up to date; run `make schemas` and look at the difference.")
        return 1 if names else 0
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
