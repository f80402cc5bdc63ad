"""Reads a `revision_scheme_config` into its model, and is the door to all that is known about revisions.

What the API documents leave open is settled so: a delimiter stands in front of its segment, and the default delimiter does not apply to
the first one; the first segment is required unless it says otherwise, later ones are not; `transitions` and `blacklist` may stand at
the top or under `validation`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plumbline.kit.document_faults import Faults
from plumbline.kit.late import LateModule
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering.errors import RevisionSchemeInvalid
from plumbline.numbering.revision_model import Revision, RevisionScheme, StatusDefinition
from plumbline.numbering.revision_order import REVISION_LENGTH_MAX, compare_revisions, sort_key
from plumbline.numbering.revision_parsing import format_revision, is_revision, parse_revision, shape
from plumbline.numbering.revision_sequence import completed, first_revision, next_revision

if TYPE_CHECKING:
    from plumbline.numbering import revision_language, revision_reading
else:  # they load pydantic, which takes longer than the rest of this room: not when a server starts
    revision_language = LateModule("plumbline.numbering.revision_language")
    revision_reading = LateModule("plumbline.numbering.revision_reading")

__all__ = [
    "REVISION_LENGTH_MAX",
    "Revision",
    "RevisionScheme",
    "StatusDefinition",
    "compare_revisions",
    "first_revision",
    "format_revision",
    "is_revision",
    "may_move",
    "next_revision",
    "parse_revision",
    "revision_scheme_from",
    "sort_key",
]


def revision_scheme_from(document: YamlDocument) -> RevisionScheme:
    """The scheme; raises RevisionSchemeInvalid with every fault at once."""
    faults = Faults(RevisionSchemeInvalid, document, page=revision_language.PAGE)
    scheme = revision_reading.scheme_as_written(document, faults)
    faults.raise_if_any()
    assert scheme is not None  # or a fault was raised
    check_examples(scheme, faults)
    faults.raise_if_any()
    return scheme


def check_examples(scheme: RevisionScheme, faults: Faults) -> None:
    """Every status can have a revision, and its examples are such."""
    for index, by_status in enumerate(scheme.schemes):
        if completed(scheme, by_status, ()) is None:
            message = "The blacklist leaves no revision at all."
            faults.add(("schemes", index, "segments"), message, expected=shape(scheme, by_status))
            continue
        for number, example in enumerate(by_status.examples):
            if not is_revision(scheme, by_status.status, example):
                message = f"The example {example!r} is no revision of the status {by_status.status!r}."
                place = ("schemes", index, "examples", number)
                faults.add(place, message, expected=shape(scheme, by_status))


def may_move(scheme: RevisionScheme, from_status: str, to_status: str) -> bool:
    """Whether a component of one status may get another; staying is always allowed, and anything if the scheme does not say."""
    if from_status == to_status or scheme.transitions is None:
        return True
    return to_status in scheme.transitions.get(from_status, ())
