"""Documents read as models: where a fault is told, whatever the keys are called."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, Field, Tag

from plumbline.kit.document_model import (
    DocumentModel,
    Switch,
    Text,
    Version,
    compiles,
    form_by_type,
    forms,
    read_model,
    tag,
)
from plumbline.kit.errors import InvalidInput, PathPart
from plumbline.kit.yaml_source import load_yaml

ODD_NAMES = ["<g>", "<round>", "round", "[key]", "<", "1.10"]


class Refused(InvalidInput):
    """The document is wrong."""


class RoundModel(DocumentModel):
    type: Literal["round"]
    radius: int = 1


class SquareModel(DocumentModel):
    type: Literal["square"]
    side: int = 1


Shape = Annotated[
    Annotated[RoundModel, Tag(tag("round"))] | Annotated[SquareModel, Tag(tag("square"))],
    forms(form_by_type, ["round", "square"]),
]


class DrawingModel(DocumentModel):
    version: Version | None = None
    is_shown: Switch = True
    pattern: Annotated[Text, AfterValidator(compiles)] | None = None
    shapes: dict[Annotated[Text, Field(max_length=10)], Shape] | None = None


def faults_of(text: str) -> dict[tuple[PathPart, ...], str]:
    with pytest.raises(Refused) as caught:
        read_model(DrawingModel, load_yaml(text, "drawing.yaml"), Refused)
    return {
        fault.path or (): fault.message for fault in (caught.value, *caught.value.also) if isinstance(fault, Refused)
    }


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_fault_within_a_form_is_told_under_the_name_that_its_author_gave(name: str) -> None:
    text = f"shapes:\n  '{name}': {{type: round, side: 2, radius: x}}\n"
    found = faults_of(text)
    assert set(found) == {("shapes", name, "side"), ("shapes", name, "radius")}
    column = text.index("side") - text.index("\n")
    assert found["shapes", name, "side"] == f"drawing.yaml:2:{column}: 'side' means nothing here."


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_value_of_no_form_is_told_under_its_name(name: str) -> None:
    assert set(faults_of(f"shapes: {{'{name}': 5}}\n")) == {("shapes", name)}
    assert set(faults_of(f"shapes: {{'{name}': {{type: oval}}}}\n")) == {("shapes", name, "type")}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_key_that_means_nothing_is_told_whatever_it_is_called(name: str) -> None:
    assert faults_of(f"'{name}': 1\n") == {(name,): f"drawing.yaml:1:1: {name!r} means nothing here."}


def test_a_wrong_key_is_told_at_the_key() -> None:
    name = "<a long name>"
    assert faults_of(f"shapes:\n  {name}: {{type: round}}\n") == {
        ("shapes", name): "drawing.yaml:2:3: The text has 13 characters; at most 10 are allowed."
    }


@pytest.mark.parametrize("version", ["2.0", "1", "1.0000", "x1.0", "1.0x"])
def test_a_version_is_1_and_a_number(version: str) -> None:
    assert read_model(DrawingModel, load_yaml("version: 1.10\n"), Refused).version == "1.10"
    assert faults_of(f"version: {version}\n") == {
        ("version",): f"drawing.yaml:1:10: {version!r} is not a version of this language."
    }


@pytest.mark.parametrize("word", ["yes", "'true'", "1"])
def test_a_switch_is_true_or_false(word: str) -> None:
    assert read_model(DrawingModel, load_yaml("is_shown: false\n"), Refused).is_shown is False
    assert "true or false" in faults_of(f"is_shown: {word}\n")["is_shown",]


def test_a_pattern_that_cannot_be_used_is_told_with_the_place_in_it() -> None:
    assert faults_of("pattern: '^(a'\n")["pattern",].endswith("At character 2 of the pattern.")
