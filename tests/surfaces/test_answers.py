"""What answers hold where it is easy to get wrong: items reached in two ways, aliases, older versions, numbers without bounds."""

from __future__ import annotations

from decimal import Decimal

from plumbline.boms.actions import edit_boms
from plumbline.boms.model import BomEdit, LineChange, NewLine
from plumbline.boms.reads import lines_of
from plumbline.components.actions.update import update_components
from plumbline.components.model import ComponentChange
from plumbline.testing import make


def test_items_through_edges_and_through_nodes_hold_what_either_asks_for(documented) -> None:
    text = """{ component { findAll(filter: { cpns: ["ABC-100"] }) {
        edges { node { createdBy { name } children { child { name } } } }
        nodes { createdBy { role } children { quantity child { cpn status { name } } } }
    } } }"""
    found = documented.hub.data(text)["component"]["findAll"]
    assert found["edges"][0]["node"] == {"createdBy": {"name": "Edith"}, "children": [{"child": {"name": "Sensor"}}]}
    child = {"quantity": 4.0, "child": {"cpn": "ABC-200", "status": {"name": "Production"}}}
    assert found["nodes"] == [{"createdBy": {"role": "EDITOR"}, "children": [child]}]


def test_an_alias_that_means_two_things_is_refused(documented) -> None:
    answer = documented.hub.answer("{ components { edges { node { a: name } } nodes { a: cpn } } }")
    assert answer.codes == {"BAD_USER_INPUT"}
    assert answer.errors[0]["extensions"]["reason"] == "CONFLICTING_ALIASES"


def test_every_field_of_a_role_may_have_an_alias(documented) -> None:
    data = documented.hub.data("{ roles { edges { node { title: name people: members { count: totalCount } } } } }")
    assert data["roles"]["edges"][0] == {"node": {"title": "View Only", "people": {"count": 1}}}


def test_an_older_version_shows_what_it_had(hub_of, team) -> None:
    bolt, nut = make.components(team.engineer, "Bolt", "Nut", category="Screw", attributes={"Mass": "1 g"})
    frame = make.assembly(team.engineer, "Frame", [(bolt, 4)])
    (line,) = team.viewer.ask(lines_of, [frame])[frame.key]
    team.engineer.run(update_components, [ComponentChange(frame.id, attributes={"Mass": "5 g"}, labels=("old",))])
    team.engineer.run(
        edit_boms, [BomEdit(frame.id, add=(NewLine(nut.id, Decimal(2)),), change=(LineChange(line.line_id, quantity=Decimal(8)),))]
    )  # fmt: skip
    change = ComponentChange(frame.id, attributes={"Mass": "6 g"}, labels=(), sources=(make.source("Acme", "F-1"),))
    team.engineer.run(update_components, [change])
    text = """query ($id: ID!, $version: Int) { component { findOne(id: $id, version: $version) {
        version labels attributeValues sources { mpn } children { quantity child { name } }
    } } }"""

    def at(version: int | None) -> dict[str, object]:
        return hub_of(team.viewer).data(text, {"id": frame.id, "version": version})["component"]["findOne"]

    four, eight = {"quantity": 4.0, "child": {"name": "Bolt"}}, {"quantity": 8.0, "child": {"name": "Bolt"}}
    two = {"quantity": 2.0, "child": {"name": "Nut"}}
    assert (at(1)["children"], at(1)["attributeValues"]["Mass"]) == ([], None)
    assert (at(2)["children"], at(2)["labels"]) == ([four], [])
    assert (at(3)["children"], at(3)["labels"]) == ([four], ["old"])
    assert at(3)["attributeValues"]["Mass"] == {"value": "5", "unit": "g"}
    assert (at(4)["children"], at(4)["sources"]) == ([eight, two], [])
    assert (at(5)["children"], at(5)["labels"], at(5)["sources"]) == ([eight, two], [], [{"mpn": "F-1"}])
    assert at(None) == at(5)


def test_an_indented_bom_has_pages_of_up_to_ten_thousand_rows(documented) -> None:
    text = '{ bom { indented(cpn: "TOP-001", first: 10000) { nodes { level path cpn totalQuantity } } } }'
    rows = documented.hub.data(text)["bom"]["indented"]["nodes"]
    assert [tuple(row.values()) for row in rows] == [
        (1, "1", "ABC-100", "1"), (2, "1.1", "ABC-200", "4"), (1, "2", "CPN-003", "2"),
    ]  # fmt: skip


def test_the_longest_quantities_multiply_exactly_through_thirty_levels(hub_of, team) -> None:
    part = make.component(team.engineer, "Grain", sources=(make.source("Acme", "G-1", (1, "999999999.123456789012")),))
    quantity = "999999999.999999999999"
    for level in range(30):
        part = make.assembly(team.engineer, f"Level {level}", [(part, quantity)])
    text = """query ($id: ID!) { bom {
        flat(id: $id) { nodes { quantity } }
        cost(id: $id, buildQuantity: "2.5") { total perTop }
        indented(id: $id) { nodes { totalQuantity } }
    } }"""
    found = hub_of(team.viewer).data(text, {"id": part.id})["bom"]
    scaled = int(quantity.replace(".", "")) ** 30
    assert int(found["flat"]["nodes"][0]["quantity"].replace(".", "")) == scaled
    assert found["indented"]["nodes"][-1]["totalQuantity"] == found["flat"]["nodes"][0]["quantity"]
    assert len(found["cost"]["perTop"].split(".")[1]) <= 6


def test_a_change_is_seen_by_what_the_same_document_asks_next(hub) -> None:
    text = """mutation { component {
        create(inputs: [{ name: "Bolt" }, { name: "Nut" }]) { cpn isFavorite createdBy { name } category { name } children { id } }
    } }"""
    made = hub.data(text)["component"]["create"]
    assert [each["cpn"] for each in made] == ["000-00001", "000-00002"]
    assert made[0] | {"cpn": ""} == {
        "cpn": "", "isFavorite": False, "createdBy": {"name": "Ada"}, "category": {"name": "Uncategorized"}, "children": [],
    }  # fmt: skip
