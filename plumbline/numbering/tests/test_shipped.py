import pytest

from plumbline.numbering.model import Choice, ChoiceLists
from plumbline.numbering.number import next_number, plan_number
from plumbline.numbering.revision_scheme import next_revision, revision_scheme_from
from plumbline.numbering.scheme import scheme_from
from plumbline.numbering.shipped import DEFAULTS, PresetKind, preset_document, preset_names

LIBRARY = ChoiceLists([Choice("410", "Screws"), Choice("591", "Resistors")], category="410")


@pytest.mark.parametrize("name", preset_names(PresetKind.NUMBERS))
def test_a_number_preset_is_read_without_a_warning(name: str) -> None:
    assert scheme_from(preset_document(PresetKind.NUMBERS, name)).warnings == ()


@pytest.mark.parametrize("name", preset_names(PresetKind.REVISIONS))
def test_a_revision_preset_covers_the_usual_statuses(name: str) -> None:
    scheme = revision_scheme_from(preset_document(PresetKind.REVISIONS, name))
    for status in ("Design", "Prototype", "Production", "Obsolete"):
        assert next_revision(scheme, status, None)


def test_the_defaults_are_shipped() -> None:
    for kind, name in DEFAULTS.items():
        assert name in preset_names(kind)


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("category-sequence", "410-00001", "410-00002"),
        ("sequence-only", "100000", "100001"),
        ("category-sequence-variant", "410-00001-00", "410-00002-00"),
    ],
)
def test_a_number_preset_counts_as_its_comment_says(name: str, first: str, second: str) -> None:
    plan = plan_number(scheme_from(preset_document(PresetKind.NUMBERS, name)), LIBRARY)
    one = next_number(plan, lambda scope: None, lambda text: False)
    assert one.text == first
    last = {scope.key: value for scope, value in one.counters}
    assert next_number(plan, lambda scope: last.get(scope.key), lambda text: False).text == second


@pytest.mark.parametrize("name", preset_names(PresetKind.NUMBERS))
@pytest.mark.parametrize("legacy", ["ASY-001-0000", "R 0805/10k", "№ 7", "X" * 100])
def test_numbers_from_before_can_be_kept(name: str, legacy: str) -> None:
    assert plan_number(scheme_from(preset_document(PresetKind.NUMBERS, name)), LIBRARY, number=legacy).number == legacy


def test_a_further_variant_of_a_part_is_made_by_naming_its_sequence() -> None:
    scheme = scheme_from(preset_document(PresetKind.NUMBERS, "category-sequence-variant"))
    rows = {"variant[base/category=410,base/sequence=00042]": 3}
    plan = plan_number(scheme, LIBRARY, overrides={"sequence": "00042"})
    issued = next_number(plan, lambda scope: rows.get(scope.key), lambda text: False)
    assert issued.text == "410-00042-04"


def test_the_letters_of_the_default_are_easy_to_tell_apart() -> None:
    scheme = revision_scheme_from(preset_document(PresetKind.REVISIONS, "letters"))
    assert next_revision(scheme, "Production", "H") == "J"
    assert next_revision(scheme, "Production", "Z") == "AA"
