"""`manifest.json`: what an archive is, whose it is, and what is in it. Two archives of the same library have the same manifest, byte by
byte: nothing in it tells when or where it was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import orjson
from pydantic import Field, StringConstraints, ValidationError

from plumbline.access.accounts import NAME_LENGTH_MAX
from plumbline.access.model import Library, Organization
from plumbline.archives.checking import faults_of
from plumbline.archives.errors import InvalidArchive, UnknownArchiveVersion
from plumbline.kit.record_model import Form, Id, Moment, Whole, about, up_to

FORMAT = "plumbline-archive"
FORMAT_VERSION = 1
MANIFEST_NAME = "manifest.json"
MANIFEST_BYTES_MAX = 1024 * 1024

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$")]
Name = Annotated[str, up_to(NAME_LENGTH_MAX, length_min=1)]


class ProductForm(Form):
    """A program that writes archives."""

    name: Annotated[str, up_to(100)] = about("Plumbline.")
    version: Annotated[str, up_to(100)] = about("Its version.")


class OrganizationForm(Form):
    """An organization: it owns libraries."""

    id: Id = about("Its id.")
    slug: Slug = about("What addresses call it: the `acme` of `@acme/main-library`.")
    name: Name = about("Its name.")
    created_at: Moment = about("When it was created.")


class LibraryForm(Form):
    """A library: everything in the archive belongs to it."""

    id: Id = about("Its id.")
    slug: Slug = about("What addresses call it: the `main-library` of `@acme/main-library`.")
    name: Name = about("Its name.")
    created_at: Moment = about("When it was created.")


class LineOfChangesForm(Form):
    """How far the library's line of changes has come."""

    number: Whole = about("The number of the last change, which is also how many there are.")
    changed_at: Moment = about("When it was made.")
    configuration_change: Whole | None = about("The last change to catalog, schemes or configuration documents.")


class FileForm(Form):
    """One file of the archive."""

    name: Annotated[str, up_to(100)] = about("Its name in the archive.")
    records: Whole = about("How many lines it has, which is how many records.")
    bytes: Whole = about("Its size, unfolded.")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = about("The SHA-256 of its bytes, unfolded.")


class Manifest(Form):
    """What an archive is, whose it is, and what is in it."""

    format: Literal["plumbline-archive"] = about("Tells that this is an archive of a library.")
    format_version: Literal[1] = about("The version of the format; another one means other rules.")
    product: ProductForm = about("What wrote the archive.")
    organization: OrganizationForm = about("The organization that the library belongs to.")
    library: LibraryForm = about("The library.")
    changes: LineOfChangesForm = about("How far its line of changes has come.")
    files: Annotated[tuple[FileForm, ...], Field(max_length=100)] = about("Every other file of the archive, in order.")


def manifest_of(
    product_version: str,
    organization: Organization,
    library: Library,
    changes: tuple[int, str, int | None],
    files: Sequence[FileForm],
) -> Manifest:
    """`changes`: the number and the moment of the last one, and the last one of the configuration."""
    number, changed_at, configuration_change = changes
    return Manifest.model_validate(
        {
            "format": FORMAT,
            "formatVersion": FORMAT_VERSION,
            "product": {"name": "Plumbline", "version": product_version},
            "organization": _named(organization),
            "library": _named(library),
            "changes": {"number": number, "changedAt": changed_at, "configurationChange": configuration_change},
            "files": tuple(files),
        }
    )


def _named(each: Organization | Library) -> dict[str, str]:
    return {"id": each.id, "slug": each.slug, "name": each.name, "createdAt": each.created_at}


def manifest_bytes(manifest: Manifest) -> bytes:
    return orjson.dumps(
        manifest.model_dump(mode="json", by_alias=True), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def read_manifest(content: bytes) -> Manifest:
    try:
        wire = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InvalidArchive(f"{MANIFEST_NAME} is no JSON: {error}.", path=(MANIFEST_NAME,)) from error
    if not isinstance(wire, dict) or wire.get("format") != FORMAT:
        raise InvalidArchive(
            f"{MANIFEST_NAME} does not belong to an archive of a library.",
            path=(MANIFEST_NAME, "format"),
            expected=f'"format": "{FORMAT}"',
        )
    version = wire.get("formatVersion")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise UnknownArchiveVersion(
            f"The archive is of version {str(version)[:40]} of its format.",
            path=(MANIFEST_NAME, "formatVersion"),
            expected=f"version {FORMAT_VERSION}",
            hint="Import it with the Plumbline that wrote it, or with a newer one.",
        )
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise faults_of(error, MANIFEST_NAME) from None
