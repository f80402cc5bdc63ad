"""Every fragment of the API's page on revision schemes, made whole where the page shows a piece, and doing what its text says."""

from __future__ import annotations

from functools import cmp_to_key

import pytest

from plumbline.kit.yaml_source import load_yaml
from plumbline.numbering.errors import RevisionExhausted, RevisionInvalid, RevisionSchemeInvalid, StatusUnknown
from plumbline.numbering.revision_scheme import (
    RevisionScheme,
    compare_revisions,
    first_revision,
    is_revision,
    may_move,
    next_revision,
    parse_revision,
    revision_scheme_from,
)

HEAD = 'version: "1.0"\nschema_type: "revision_scheme_config"\n'
DESIGN = 'schemes: [{status: "Design", segments: {major: {type: "letter"}}}]\n'


def read(*fragments: str) -> RevisionScheme:
    """A document of these fragments; what the page leaves out is put in by the test."""
    return revision_scheme_from(load_yaml(HEAD + "\n".join(fragments), "revisions.yaml"))


def with_segment(fragment: str, before: str = "") -> RevisionScheme:
    """A scheme of the status Design whose segments are given, four levels deep as the page has them."""
    return read("schemes:\n  - status: Design\n    segments:\n" + before + fragment)


def climb(scheme: RevisionScheme, status: str, count: int, start: str | None = None) -> list[str]:
    found: list[str] = []
    for _ in range(count):
        found.append(next_revision(scheme, status, found[-1] if found else start))
    return found


def test_defaults() -> None:
    scheme = read(
        """
defaults:
  segments:
    integer:
      min_value: 1
      max_value: 999
    letter:
      min_value: "A"
      max_value: "ZZ"
  delimiter: "."
  empty_value: "-"
schemes:
  - status: "Design"
    segments: {major: {type: "letter"}, minor: {type: "integer"}}
"""
    )
    assert scheme.empty_value == "-"
    assert next_revision(scheme, "Design", "-") == "A"
    assert next_revision(scheme, "Design", "ZZ.998") == "ZZ.999"
    with pytest.raises(RevisionExhausted):
        next_revision(scheme, "Design", "ZZ.999")
    assert parse_revision(scheme, "Design", "B.1").values == ("B", "1")


STATUS_ORDER = """
status_order:
  - "Design"
  - "Prototype"
  - "Production"
  - "Obsolete"
"""


def test_status_order() -> None:
    scheme = read(STATUS_ORDER, DESIGN)
    assert scheme.status_order == ("Design", "Prototype", "Production", "Obsolete")
    assert {first_revision(scheme, status) for status in scheme.status_order} == {"A"}
    with pytest.raises(StatusUnknown):
        first_revision(scheme, "Retired")


def test_a_status_means_what_it_says_or_what_its_name_says_or_what_the_one_before_it_means() -> None:
    scheme = read(
        """
status_order:
  - Idea
  - Prototype
  - {name: Pilot, color: "#abcdef"}
  - {name: Series, maps_to: PRODUCTION}
  - End of sale
  - name: OBSOLETE
"""
        + DESIGN.replace("Design", "Idea")
    )
    assert [(each.name, each.maps_to, each.color) for each in scheme.status_definitions] == [
        ("Idea", "DESIGN", "#4C7EF3"),
        ("Prototype", "PROTOTYPE", "#8E5BD6"),
        ("Pilot", "PROTOTYPE", "#abcdef"),
        ("Series", "PRODUCTION", "#2E9E5B"),
        ("End of sale", "PRODUCTION", "#2E9E5B"),
        ("OBSOLETE", "OBSOLETE", "#8A8F98"),
    ]


def test_schemes() -> None:
    scheme = read(
        STATUS_ORDER,
        """
schemes:
  - status: "Design"
    description: "While the design is young"
    segments:
      major:
        type: "letter"
        delimiter: ""
        required: true
      minor:
        type: "integer"
        min_value: 1
        max_value: 99
        required: false
    examples:
      - "A"
      - "A.1"
""",
    )
    assert climb(scheme, "Design", 3) == ["A", "B", "C"]
    assert climb(scheme, "Design", 2, "A.98") == ["A.99", "B.1"]
    assert next_revision(scheme, "Design", "A", "minor") == "A.1"
    assert next_revision(scheme, "Prototype", "B.7") == "B.8"


def test_a_letter_segment() -> None:
    scheme = with_segment(
        """
      major:
        type: "letter"
        delimiter: ""
        required: true
        min_value: "A"
        max_value: "Z"
"""
    )
    made = climb(scheme, "Design", 26)
    assert "".join(made) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    with pytest.raises(RevisionExhausted):
        next_revision(scheme, "Design", "Z")


def test_an_integer_segment() -> None:
    scheme = with_segment(
        """
      minor:
        type: "integer"
        delimiter: "."
        required: false
        min_value: 1
        max_value: 99
""",
        "      major: {type: letter}\n",
    )
    assert [is_revision(scheme, "Design", text) for text in ("A", "A.1", "A.99", "A.0", "A.100", "A1", ".1")] == [
        True,
        True,
        True,
        False,
        False,
        False,
        False,
    ]


EITHER = """
      identifier:
        type: "either"  # letters as well as a number
        delimiter: ""
        required: true
"""


def test_an_either_segment() -> None:
    scheme = with_segment(EITHER)
    assert [is_revision(scheme, "Design", text) for text in ("A", "7", "ZZ", "999", "A1", "1A")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert (next_revision(scheme, "Design", "7"), next_revision(scheme, "Design", "G")) == ("8", "H")


VALIDATION = """
validation:
  allowed_segment_types:
    - "integer"
    - "letter"
    - "either"
  required_fields:
    - "status"
    - "segments.major"
  transitions:
    allowed:
      - from: "Design"
        to: ["Prototype", "Obsolete"]
      - from: "Prototype"
        to: ["Production", "Obsolete"]
"""


def test_validation() -> None:
    scheme = read(STATUS_ORDER, DESIGN, VALIDATION)
    allowed = {
        (one, other) for one in scheme.status_order for other in scheme.status_order if may_move(scheme, one, other)
    }
    assert allowed == {
        ("Design", "Prototype"),
        ("Design", "Obsolete"),
        ("Prototype", "Production"),
        ("Prototype", "Obsolete"),
        *((status, status) for status in scheme.status_order),
    }


def test_without_transitions_everything_is_allowed() -> None:
    scheme = read(STATUS_ORDER, DESIGN)
    assert all(may_move(scheme, one, other) for one in scheme.status_order for other in scheme.status_order)


def test_required_fields_are_demanded_of_every_scheme() -> None:
    with pytest.raises(RevisionSchemeInvalid, match=r"'segments\.major' is missing"):
        read("schemes:\n  - status: Design\n    segments:" + EITHER, VALIDATION.partition("  transitions:")[0])


def test_blacklist() -> None:
    scheme = read(
        """
blacklist:
  - "I"  # looks like 1
  - "O"  # looks like 0
  - "Q"  # looks like 0
  - "S"  # looks like 5
""",
        DESIGN,
    )
    made = climb(scheme, "Design", 60)
    assert "".join(made[:22]) == "ABCDEFGHJKLMNPRTUVWXYZ"
    assert not set("".join(made)) & set("IOQS")
    with pytest.raises(RevisionInvalid):
        parse_revision(scheme, "Design", "AI")


def test_a_scheme_for_design() -> None:
    scheme = read(
        """
schemes:
  - status: "Design"
    segments:
      major:
        type: "letter"
        required: true
"""
    )
    assert climb(scheme, "Design", 2) == ["A", "B"]


PRODUCTION = """
schemes:
  - status: "Production"
    segments:
      major:
        type: "letter"
        required: true
      minor:
        type: "integer"
        delimiter: "."
        required: true
"""


def test_a_scheme_for_production() -> None:
    scheme = read(PRODUCTION)
    assert climb(scheme, "Production", 2) == ["A.1", "A.2"]
    assert not is_revision(scheme, "Production", "A")
    assert next_revision(scheme, "Production", "A.2", "major") == "B.1"


def test_a_scheme_for_obsolete() -> None:
    scheme = read(
        """
schemes:
  - status: "Obsolete"
    segments:
      major:
        type: "either"
        required: true
"""
    )
    assert is_revision(scheme, "Obsolete", "3")
    assert is_revision(scheme, "Obsolete", "C")


def test_examples_of_letters() -> None:
    scheme = read(
        """
schemes:
  - status: "Design"
    segments:
      major:
        type: "letter"
    examples:
      - "A"
      - "B"
      - "C"
"""
    )
    assert tuple(climb(scheme, "Design", 3)) == scheme.schemes[0].examples


def test_examples_of_letters_and_numbers() -> None:
    scheme = read(
        """
schemes:
  - status: "Production"
    segments:
      major:
        type: "letter"
      minor:
        type: "integer"
        delimiter: "."
    examples:
      - "A.1"
      - "B.2"
      - "C.10"
"""
    )
    assert all(is_revision(scheme, "Production", each) for each in scheme.schemes[0].examples)
    assert is_revision(scheme, "Production", "A")  # a later segment may be left out unless it says otherwise


def test_the_order_of_revisions() -> None:
    climbing = ["1", "2", "10", "A", "A.1", "A.2", "A.10", "B", "Z", "AA", "AB"]
    assert sorted({*climbing}, key=cmp_to_key(compare_revisions)) == climbing
