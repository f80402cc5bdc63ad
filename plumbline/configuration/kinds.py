"""The kinds of configuration documents, and where each lies in a folder of files."""

from __future__ import annotations

import re
from typing import NamedTuple


class Kind(NamedTuple):
    """`file` is where the one document of the kind lies, or the folder of those that are told apart by a name."""

    schema_type: str
    label: str
    file: str
    scheme: str
    """Its folder under /static/schemes; empty for what has no JSON Schema."""
    has_names: bool = False


REGISTRY = Kind("category_registry", "category registry", "categories.yaml", "categories")
CATEGORY_SET = Kind("category_set", "category set", "sets", "category-sets", True)
NUMBERING = Kind("id_generation_scheme", "part number scheme", "numbering.yaml", "numbering")
REVISIONS = Kind("revision_scheme_config", "revision scheme", "revisions.yaml", "revisions")
TEMPLATE = Kind("change_order_scheme", "change order template", "change-orders", "change-orders", True)
VALIDATIONS = Kind("validations", "list of validation rules", "validations.yaml", "validations")
VALIDATION_CODE = Kind("validation_code", "validation rule", "", "", True)
EXPORT = Kind("export_template", "export template", "exports", "exports", True)
TESTS = Kind("configuration_tests", "configuration test", "tests", "tests", True)

KINDS = {
    each.schema_type: each
    for each in (REGISTRY, CATEGORY_SET, NUMBERING, REVISIONS, TEMPLATE, VALIDATIONS, VALIDATION_CODE, EXPORT, TESTS)
}

NAME_LENGTH_MAX = 100
_SAFE_NAME = re.compile(r"[\w][\w ().+&,'-]*", re.ASCII)
"""Names of documents are names of files on every system."""


class DocumentName(NamedTuple):
    """Which document of a library: its kind, and its name where the kind has names."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        label = KINDS[self.kind].label
        return f"{label} {self.name!r}" if self.name else label


def is_safe_name(name: str) -> bool:
    return len(name) <= NAME_LENGTH_MAX and _SAFE_NAME.fullmatch(name) is not None and name[-1] not in " ."


def path_of(document: DocumentName) -> str:
    """Where `pull` writes the document."""
    kind = KINDS[document.kind]
    if kind is VALIDATION_CODE:
        return document.name
    if kind is CATEGORY_SET:
        name, _, version = document.name.partition("@")
        return f"{kind.file}/{name}/{version}.yaml"
    return f"{kind.file}/{document.name}.yaml" if kind.has_names else kind.file
