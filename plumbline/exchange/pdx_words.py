"""The words of PDX packages (IPC-2571 and IPC-2578) that are both written and read here.

What the standard has no word for stands in `AdditionalAttributes`: the library's own attributes in a group of that name, and what is
needed to bring a package back as it was (`Name`, `Unit`, `Do not place` and so on) in the group of this product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

PACKAGE = "ProductDataeXchangePackage"
FILE = "pdx.xml"
SUFFIX = ".pdx"

ATTRIBUTES_GROUP = "Attributes"
OWN_GROUP = "Plumbline"
NAME, DESCRIPTION, CATEGORY, STATUS, EID = "Name", "Description", "Category", "Status", "EID"
UNIT, DO_NOT_PLACE, DATASHEET = "Unit", "Do not place", "Datasheet"
AS_REQUIRED = "AS_REQUIRED"
"""The unit of measure that the standard has a word for."""
AS_NEEDED, PER_ASSEMBLY = "AsNeeded", "PerAssembly"

LIFECYCLE = {"DESIGN": "Design", "PROTOTYPE": "Prototype", "PRODUCTION": "Production", "OBSOLETE": "Obsolete"}
SOURCE_STATUS = {"PROPOSED": "UnderQualification", "APPROVED": "Approved", "OBSOLETE": "Obsolete"}
CLASSIFICATION = {"PART": "Part", "ASSEMBLY": "Assembly", "DOCUMENT": "Document"}


def path_text(steps: Sequence[str]) -> str:
    """`Electrical/Resistors`; a slash inside a name has a backslash before it."""
    return "/".join(re.sub(r"([\\/])", r"\\\1", step) for step in steps)


def path_steps(text: str) -> tuple[str, ...]:
    """What `path_text` was given."""
    written = re.findall(r"(?:\\.|[^/\\])+", text, re.DOTALL)
    return tuple(re.sub(r"\\(.)", r"\1", step, flags=re.DOTALL) for step in written)
