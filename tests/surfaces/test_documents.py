"""Every document of the API documents that this version serves, word for word: the shape of the answer, and values that make sense.

The texts lie under documents/, one file each; a constant in them that cannot exist here is replaced as the test says. Those under
documents/not_yet/ belong to later work: until then they are refused by name, and nothing else happens.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.model import ItemWish, NewChangeOrder
from plumbline.configuration.actions import create_rule, update_rule
from plumbline.testing import make
from plumbline.validations.model import NewRule, RuleChange
from plumbline.validations.reads import validation_rules

FOLDER = Path(__file__).parent / "documents"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def document(name: str) -> str:
    return (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")


def example_filter(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"filter_bom_components.{name}.json").read_text(encoding="utf-8"))


class Nullable:
    def __init__(self, shape: object) -> None:
        self.shape = shape


def refuse_other_shape(value: object, shape: object, place: str = "data") -> None:
    """A dict has exactly these keys in this order; a list has one item or more, all of one shape; a pattern is of a whole text."""
    if isinstance(shape, Nullable):
        if value is not None:
            refuse_other_shape(value, shape.shape, place)
    elif isinstance(shape, dict):
        assert isinstance(value, dict), place
        assert list(value) == list(shape), place
        for key, below in shape.items():
            refuse_other_shape(value[key], below, f"{place}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), place
        assert value, f"{place} is empty"
        for index, item in enumerate(value):
            refuse_other_shape(item, shape[0], f"{place}[{index}]")
    elif isinstance(shape, re.Pattern):
        assert isinstance(value, str), place
        assert shape.fullmatch(value), f"{place}: {value}"
    else:
        assert type(value) is shape, f"{place}: {value!r}"


def nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def names(items: list[dict[str, Any]]) -> set[str]:
    return {each["name"] for each in items}


@pytest.mark.parametrize("name", ["hello_world", "get_all_libraries"])
def test_hello_world_lists_the_libraries(documented, name) -> None:
    answer = documented.hub.answer(document(name))
    refuse_other_shape(answer.body, {"data": {"organization": {"findAll": [{"libraries": [{"id": ID, "name": str}]}]}}})
    assert answer.data["organization"]["findAll"][0]["libraries"][0]["name"] == "Main Library"


def test_hello_world_as_the_bare_document(documented) -> None:
    answer = documented.hub.send(document("hello_world").encode(), "application/graphql")
    assert answer.data == documented.hub.data(document("hello_world"))


def test_first_page_of_components(documented) -> None:
    data = documented.hub.data(document("components_first_page"))
    node = {"id": ID, "name": str, "partNumber": str, "revision": Nullable(str), "status": str}
    refuse_other_shape(data, {"components": {"edges": [{"node": node}]}})
    found = {each["partNumber"]: each for each in nodes(data["components"])}
    assert found["CPN-001"]["status"] == "Prototype"
    assert found["ABC-200"]["revision"] == "B"
    assert "ABC-300" not in found, "archived components leave the lists"


def test_first_page_of_products(documented) -> None:
    data = documented.hub.data(document("products_first_page"))
    node = {"id": ID, "name": str, "version": int, "components": {"totalCount": int}}
    refuse_other_shape(data, {"products": {"edges": [{"node": node}]}})
    assert [(each["name"], each["components"]["totalCount"]) for each in nodes(data["products"])] == [("Lamp", 2)]


def test_components_filtered(documented) -> None:
    data = documented.hub.data(document("components_filtered"))
    refuse_other_shape(data, {"components": {"edges": [{"node": {"id": ID, "name": str, "partNumber": str}}]}})
    found = {each["partNumber"] for each in nodes(data["components"])}
    assert found == {"ABC-100", "ABC-200"}, "neither the archived nor the obsolete one is ACTIVE"


def test_components_ordered_by_creation_newest_first(documented) -> None:
    data = documented.hub.data(document("components_ordered"))
    refuse_other_shape(data, {"components": {"edges": [{"node": {"id": ID, "name": str, "createdAt": MOMENT}}]}})
    moments = [each["createdAt"] for each in nodes(data["components"])]
    assert moments == sorted(moments, reverse=True)
    assert moments[0].startswith("2024-02")
    assert moments[-1].startswith("2023-06")


def test_components_after_a_cursor(documented) -> None:
    text = document("components_after_a_cursor")
    first = documented.hub.data(text.replace("first: 10", "first: 3").replace('after: "cursor_value"', ""))
    shape = {
        "components": {
            "pageInfo": {"hasNextPage": bool, "endCursor": str},
            "edges": [{"cursor": str, "node": {"id": ID}}],
        }
    }
    refuse_other_shape(first, shape)
    cursor = first["components"]["pageInfo"]["endCursor"]
    assert cursor == first["components"]["edges"][-1]["cursor"]
    rest = documented.hub.data(text.replace("cursor_value", cursor))
    refuse_other_shape(rest, shape)
    ids = [each["id"] for page in (first, rest) for each in nodes(page["components"])]
    assert len(ids) == len(set(ids)) == len(documented.parts) - 1, "every component once, without the archived one"
    assert rest["components"]["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("example_name", "expected"),
    [
        ("prototypes_of_two_makers", {"Amplifier"}),
        ("part_numbers_of_a_year", {"Amplifier", "Capacitor for 47uH choke", "Bracket"}),
        ("modified_capacitors", {"Capacitor for 47uH choke"}),
        ("nested_conditions", {"Sensor", "Capacitor for 47uH choke"}),
    ],
)
def test_component_search_with_the_filters_of_the_documents(documented, example_name, expected) -> None:
    data = documented.hub.data(document("filter_bom_components"), example_filter(example_name))
    refuse_other_shape(data, {"componentSearch": {"nodes": [{"id": ID, "name": str, "status": str}]}})
    assert names(data["componentSearch"]["nodes"]) == expected


def test_component_details_by_id(documented) -> None:
    component = documented.parts["ABC-200"]
    data = documented.hub.data(document("get_component_details"), {"componentId": component.id})
    node = {
        "id": ID,
        "cpn": str,
        "name": str,
        "description": str,
        "revision": Nullable(str),
        "status": str,
        "category": {"name": str, "code": str},
        "sources": [{"manufacturer": str, "mpn": str}],
        "specs": [{"name": str, "value": str, "unit": Nullable(str)}],
    }
    refuse_other_shape(data, {"components": {"get": {"connection": {"edges": [{"node": node}]}}}})
    (found,) = nodes(data["components"]["get"]["connection"])
    assert (found["id"], found["cpn"], found["revision"], found["status"]) == (
        component.id,
        "ABC-200",
        "B",
        "Production",
    )
    assert found["category"] == {"name": "Sensor", "code": "370"}
    assert found["sources"] == [{"manufacturer": "Analog Devices", "mpn": "ADXL345"}]
    assert {"name": "Voltage", "value": "3.3", "unit": "V"} in found["specs"]
    assert {"name": "Package", "value": "LGA", "unit": None} in found["specs"]


def test_the_component_of_a_webhook(documented) -> None:
    component = documented.parts["ABC-100"]
    data = documented.hub.data(document("get_component"), {"id": component.id})
    node = {"id": ID, "cpn": str, "name": str, "description": str, "revision": Nullable(str), "status": str}
    refuse_other_shape(data, {"components": {"get": {"connection": {"edges": [{"node": node}]}}}})
    (found,) = nodes(data["components"]["get"]["connection"])
    assert found == {
        "id": component.id, "cpn": "ABC-100", "name": "Sensor board", "description": "Measures light",
        "revision": None, "status": "Design",
    }  # fmt: skip


def test_the_component_of_a_webhook_that_is_gone(documented) -> None:
    """The client of the documents reads `edges[0]?.node`: nothing is found, and nothing is refused."""
    data = documented.hub.data(document("get_component"), {"id": "00000000-0000-4000-8000-000000000000"})
    assert data == {"components": {"get": {"connection": {"edges": []}}}}


def test_roles(documented) -> None:
    data = documented.hub.data(document("roles"))
    node = {"id": str, "name": str, "permissions": [str], "members": {"totalCount": int}}
    refuse_other_shape(data, {"roles": {"edges": [{"node": node}]}})
    assert [each["name"] for each in nodes(data["roles"])] == ["View Only", "Editor", "Manager", "Administrator"]
    assert {each["members"]["totalCount"] for each in nodes(data["roles"])} == {1}


@pytest.mark.parametrize(("name", "field"), [("library_current", "current"), ("library_get_active", "getActive")])
def test_the_library_of_the_key(documented, name, field) -> None:
    data = documented.hub.data(document(name))
    refuse_other_shape(data, {"library": {field: {"id": ID, "name": str}}})
    assert data["library"][field]["id"] == documented.team.engineer.actor.library_id


def test_attributes_of_a_library(documented) -> None:
    library_id = documented.team.engineer.actor.library_id
    data = documented.hub.data(document("attribute_find_all").replace("your-library-uuid", library_id))
    refuse_other_shape(data, {"attribute": {"findAll": [{"id": ID, "name": str}]}})
    assert {"Mass", "Resistance"} <= names(data["attribute"]["findAll"])


def test_attributes_as_a_connection(documented) -> None:
    data = documented.hub.data(document("attribute_list"))
    refuse_other_shape(data, {"attribute": {"list": {"edges": [{"node": {"id": ID, "name": str}}]}}})


def test_categories_with_their_attributes(documented) -> None:
    data = documented.hub.data(document("category_attributes"))
    attribute = {"id": ID, "name": str, "type": str, "source": str, "sourceKey": Nullable(str), "unit": Nullable(str)}
    category = {"id": ID, "name": str, "type": str, "attributes": [attribute]}
    refuse_other_shape(data, {"category": {"findAll": [category]}})
    assert {each["type"] for each in data["category"]["findAll"]} == {"PART", "ASSEMBLY", "DOCUMENT"}


def test_the_user_of_the_key(documented) -> None:
    data = documented.hub.data(document("user_current"))
    refuse_other_shape(data, {"user": {"current": {"id": ID, "name": str, "primaryEmail": str}}})
    assert data["user"]["current"]["id"] == documented.team.engineer.actor.user_id


def test_one_component_with_every_field_of_the_documents(documented) -> None:
    component = documented.parts["ABC-100"]
    data = documented.hub.data(document("component_find_one"), {"id": component.id})
    person = {"id": ID, "name": str, "primaryEmail": str}
    shape = {
        "id": ID, "name": str, "description": str, "cpn": str, "revisionValue": Nullable(str), "version": int,
        "status": {"id": ID, "name": str, "mapsTo": str, "color": str},
        "category": {"id": ID, "name": str, "type": str},
        "state": str, "eid": str, "createdAt": MOMENT, "updatedAt": MOMENT, "createdBy": person, "updatedBy": person,
        "labels": [str], "isPinned": bool, "isBookmarked": bool, "isArchived": bool,
    }  # fmt: skip
    refuse_other_shape(data, {"component": {"findOne": shape}})
    found = data["component"]["findOne"]
    assert (found["version"], found["state"], found["category"]["type"]) == (3, "MODIFIED", "ASSEMBLY")
    assert found["status"]["mapsTo"] == "DESIGN"
    assert (found["createdBy"]["name"], found["updatedBy"]["name"]) == ("Edith", "Mary")
    assert found["labels"] == ["indoor", "light"]


def test_find_all_pages_through_a_filtered_list(documented) -> None:
    text = document("component_find_all")
    wanted = {"categoryType": "PART", "name": "sensor"}
    first = documented.hub.data(text, {"filter": wanted, "first": 1})["component"]["findAll"]
    shape = {
        "edges": [{"node": {"id": ID, "name": str, "cpn": str, "status": {"name": str}}, "cursor": str}],
        "pageInfo": {"hasNextPage": bool, "endCursor": str},
        "totalCount": int,
    }
    refuse_other_shape(first, shape)
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    after = first["pageInfo"]["endCursor"]
    second = documented.hub.data(text, {"filter": wanted, "first": 1, "after": after})["component"]["findAll"]
    assert second["pageInfo"]["hasNextPage"] is False
    assert {nodes(page)[0]["cpn"] for page in (first, second)} == {"ABC-200", "ABC-400"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"names": ["Amplifier", "choke"]}, {"CPN-001", "CPN-002"}),
        ({"exactNames": ["Bracket"]}, {"CPN-003"}),
        ({"cpns": ["CPN-003", "ABC-999"]}, {"CPN-003"}),
        ({"eid": "E-100"}, {"ABC-100"}),
        ({"isArchived": True}, {"ABC-300"}),
        ({"categoryType": "ASSEMBLY"}, {"ABC-100", "TOP-001"}),
        ({"statusId": "Prototype"}, {"CPN-001"}),
        ({"categoryId": "Machined Part"}, {"CPN-003", "CPN-004"}),
        ({"mpns": ["ADXL345"]}, {"ABC-200"}),
    ],
)
def test_find_all_with_each_filter_of_the_documents(documented, wanted, expected) -> None:
    by_name = documented.hub.data("{ status { findAll { id name } } category { findAll { id name } } }")
    for field, room in (("statusId", "status"), ("categoryId", "category")):
        if field in wanted:
            found = [each["id"] for each in by_name[room]["findAll"] if each["name"] == wanted[field]]
            wanted = {field: found[0]}
    data = documented.hub.data(document("component_find_all"), {"filter": wanted})
    assert {each["cpn"] for each in nodes(data["component"]["findAll"])} == expected


def test_filter_by_a_tree(documented) -> None:
    data = documented.hub.data(document("component_filter"))
    node = {"id": ID, "name": str, "cpn": str}
    refuse_other_shape(data, {"component": {"filter": {"edges": [{"node": node}], "totalCount": int}}})
    found = nodes(data["component"]["filter"])
    assert {each["cpn"] for each in found} == {"CPN-002", "CPN-003", "CPN-004"}
    assert data["component"]["filter"]["totalCount"] == 3


def test_search_bar(documented) -> None:
    data = documented.hub.data(document("component_search"))
    refuse_other_shape(
        data, {"component": {"search": {"edges": [{"node": {"id": ID, "name": str}}], "totalCount": int}}}
    )
    assert names(nodes(data["component"]["search"])) == {"Amplifier"}


def test_create_update_and_delete_components(hub) -> None:
    made = hub.data(
        document("component_create"), {"inputs": [{"name": "Bracket", "categoryId": "110"}, {"name": "Nut"}]}
    )
    shape = {"id": ID, "cpn": str, "name": str, "status": {"name": str}}
    refuse_other_shape(made, {"component": {"create": [shape]}})
    bracket, nut = made["component"]["create"]
    assert (bracket["cpn"], bracket["status"]["name"], nut["name"]) == ("110-00001", "Design", "Nut")
    change = {"id": bracket["id"], "expectedVersion": 1, "name": "Angle bracket"}
    changed = hub.data(document("component_update"), {"inputs": [change]})
    refuse_other_shape(changed, {"component": {"update": [{"id": ID, "version": int, "name": str}]}})
    assert changed["component"]["update"] == [{"id": bracket["id"], "version": 2, "name": "Angle bracket"}]
    deleted = hub.data(document("component_delete"), {"ids": [nut["id"]]})
    assert deleted == {"component": {"delete": [nut["id"]]}}
    rest = hub.data(document("components_first_page"))
    assert [each["partNumber"] for each in nodes(rest["components"])] == ["110-00001"]


def test_create_template(hub) -> None:
    """The starter template as the page shows it, brought into one line as the page says."""
    starter = (FOLDER / "create_template.yaml").read_text(encoding="utf-8")
    line = yaml.safe_dump(yaml.safe_load(starter), default_flow_style=True, width=100_000, sort_keys=False)
    assert line.count("\n") == 1
    wanted = {"name": "My Engineering Review Process", "configYAML": line}
    made = hub.data(document("create_template"), {"input": wanted})
    template = made["changeOrders"]["createTemplate"]
    shape = {"id": ID, "name": str, "config": dict, "library": {"id": ID, "name": str}, "createdAt": MOMENT}
    refuse_other_shape(template, shape)
    assert list(template["config"])[:3] == ["version", "description", "schema_type"]
    assert template["config"]["version"] == "1.0"
    again = hub.answer(document("create_template"), {"input": wanted})
    assert again.codes == {"CONFLICT"}


RULE = {
    "name": "Mass: every part has one",
    "code": "exports.validate = async (data) => ({ valid: true });\r\n",
    "description": " Sums need it ",
    "onFailure": "warning",
    "isActive": True,
    "type": "custom",
    "version": "1.0",
}


@pytest.mark.parametrize("library", [{}, {"libraryId": ""}, {"libraryId": None}])
def test_validation_rules_are_created_listed_and_updated(hub, library) -> None:
    made = hub.data(document("validations_create"), {"input": {**RULE, **library}})
    refuse_other_shape(made, {"validations": {"create": {"id": ID, "name": str}}})
    data = hub.data(document("validations_list"))
    node = {
        "id": ID, "name": str, "type": str, "version": str, "code": str, "description": Nullable(str),
        "onFailure": str, "isActive": bool, "library": {"id": ID, "name": str},
    }  # fmt: skip
    refuse_other_shape(data, {"validations": {"list": {"edges": [{"node": node}]}}})
    (found,) = nodes(data["validations"]["list"])
    assert {name: found[name] for name in RULE} == {**RULE, "onFailure": "WARNING"}
    assert found["id"] == made["validations"]["create"]["id"]
    off = {"id": found["id"], "input": {"isActive": False}}
    changed = hub.data(document("validations_update"), off)
    assert changed == {"validations": {"update": {"id": found["id"], "name": RULE["name"]}}}
    (after,) = nodes(hub.data(document("validations_list"))["validations"]["list"])
    assert after == {**found, "isActive": False}, "an inactive rule is listed, and nothing else has changed"


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (None, 1),
        ({}, 1),
        ({"type": "custom"}, 1),
        ({"type": "CUSTOM"}, 1),
        ({"type": "system"}, 0),
        ({"libraryId": ""}, 1),
        ({"libraryId": "own", "type": "Custom"}, 1),
    ],
)
def test_validation_rules_are_filtered(hub, wanted, count) -> None:
    hub.data(document("validations_create"), {"input": RULE})
    if wanted and wanted.get("libraryId"):
        wanted["libraryId"] = hub.caller.actor.library_id
    data = hub.data(document("validations_list_filtered"), {"filter": wanted})
    assert len(nodes(data["validations"]["list"])) == count
    other = hub.answer(document("validations_list_filtered"), {"filter": {"libraryId": "another"}})
    assert other.codes == {"FORBIDDEN"}


def test_create_and_list_change_orders_of_the_first_documents(hub) -> None:
    part = make.component(hub.caller, "Resistor")
    drawing = make.component(hub.caller, "Drawing", category="Drawing")
    text = document("create_change_order").replace('"comp_123"', f'"{part.id}", "{drawing.id}"')
    made = hub.data(text)
    refuse_other_shape(made, {"createChangeOrder": {"changeOrder": {"id": ID, "number": str}}})
    listed = hub.data(document("change_orders_first_page"))
    affected = {"components": [{"id": ID, "name": str}], "documents": [{"id": ID, "title": str}]}
    node = {"id": ID, "number": str, "title": str, "status": str, "affectedItems": affected}
    refuse_other_shape(listed, {"changeOrders": {"edges": [{"node": node}]}})
    (order,) = nodes(listed["changeOrders"])
    assert (order["number"], order["title"], order["status"]) == (
        "ECO-00001",
        "Update Component Specifications",
        "DRAFT",
    )
    assert order["affectedItems"]["documents"] == [{"id": drawing.id, "title": "Drawing"}]


FORBIDS = """exports.validate = (data) => {
  console.log("looking"); console.info("at", data.items.length); console.warn("careful"); console.error("bad");
  return { valid: false, message: "Part number must have an associated drawing document" };
};"""


@pytest.fixture
def validated(hub) -> tuple[Any, str]:
    """A change order with two runs: one that a rule of the library fails, and one before the rule."""
    part = make.component(hub.caller, "Resistor")
    wanted = NewChangeOrder("Cheaper resistors", items=(ItemWish(part.id),))
    order = hub.caller.run(create_change_order, wanted)
    hub.data(document("validate_change_order"), {"changeOrderId": order.id})
    hub.caller.run(create_rule, NewRule("Drawings", FORBIDS, on_failure="WARNING"))
    return hub, order.id


SUMMARY = {"passCount": int, "failCount": int, "warningCount": int}


def test_validate_a_change_order(validated) -> None:
    hub, order = validated
    made = hub.data(document("validate_change_order"), {"changeOrderId": order})["changeOrders"]["validate"]
    result = {"node": {"name": str, "state": str, "errorMessage": Nullable(str)}}
    run = {"id": ID, "state": str, "summary": SUMMARY, "results": {"edges": [result]}}
    refuse_other_shape(made, {"id": ID, "isValid": bool, "validationRun": run})
    assert (made["id"], made["isValid"], made["validationRun"]["state"]) == (order, False, "FAIL")
    found = {each["name"]: each for each in nodes(made["validationRun"]["results"])}
    assert found["Items must not exist in other OPEN Change Orders"]["state"] == "PASS"
    assert found["Required fields must be populated"]["state"] == "FAIL"
    assert found["Drawings"]["errorMessage"] == "Part number must have an associated drawing document"
    assert made["validationRun"]["summary"] == {"passCount": 15, "failCount": 2, "warningCount": 1}


def test_the_latest_validation_with_its_logs(validated) -> None:
    hub, order = validated
    hub.data(document("validate_change_order"), {"changeOrderId": order})
    found = nodes(
        hub.data(document("get_latest_validation"), {"changeOrderId": order})["changeOrders"]["get"]["connection"]
    )
    (node,) = found
    assert (node["id"], node["name"], node["isValid"]) == (order, "Cheaper resistors", False)
    run = node["latestValidationRun"]
    refuse_other_shape(run["createdBy"], {"name": str})
    last = nodes(run["results"])[-1]
    assert list(last) == ["name", "validationType", "state", "onFailure", "errorMessage", "logs"]
    assert (last["validationType"], last["state"], last["onFailure"]) == ("CUSTOM", "WARNING", "WARNING")
    assert last["logs"] == {
        "error": [{"message": "bad"}],
        "info": [{"message": "at 1"}],
        "all": [
            {"message": "looking", "type": "log"},
            {"message": "at 1", "type": "info"},
            {"message": "careful", "type": "warn"},
            {"message": "bad", "type": "error"},
        ],
    }


def test_the_history_of_validations(validated) -> None:
    hub, order = validated
    hub.data(document("validate_change_order"), {"changeOrderId": order})
    (node,) = nodes(
        hub.data(document("get_validation_history"), {"changeOrderId": order})["changeOrders"]["get"]["connection"]
    )
    runs = nodes(node["validationRuns"])
    assert node["validationRuns"]["totalCount"] == 2
    assert [each["summary"]["warningCount"] for each in runs] == [1, 0]
    assert all(each["collectionId"] == order and MOMENT.fullmatch(each["createdAt"]) for each in runs)
    (compared,) = nodes(
        hub.data(document("compare_validation_runs"), {"changeOrderId": order})["changeOrders"]["get"]["connection"]
    )
    assert compared["latestValidationRun"] == nodes(compared["validationRuns"])[0]


def test_custom_validations_show_the_rule_as_it_ran(validated) -> None:
    hub, order = validated
    hub.data(document("validate_change_order"), {"changeOrderId": order})
    rule = next(each for each in hub.caller.ask(validation_rules))
    hub.caller.run(update_rule, rule.id, RuleChange(code=FORBIDS + "// later", version="2.0.0"))
    (node,) = nodes(
        hub.data(document("get_custom_validation_details"), {"changeOrderId": order})["changeOrders"]["get"][
            "connection"
        ]
    )
    results = nodes(node["latestValidationRun"]["results"])
    shape = {"id": ID, "name": str, "type": str, "version": str, "code": str, "library": {"id": ID, "name": str}}
    refuse_other_shape(results[-1]["validationRule"], shape)
    assert (results[-1]["validationRule"]["code"], results[-1]["validationRule"]["version"]) == (FORBIDS, "1.0.0")
    assert {each["validationRule"] for each in results[:-1]} == {None}
    (failed,) = nodes(
        hub.data(document("get_failed_validations"), {"changeOrderId": order})["changeOrders"]["get"]["connection"]
    )
    states = [each["state"] for each in nodes(failed["latestValidationRun"]["results"])]
    assert (states.count("FAIL"), states.count("WARNING")) == (2, 1)


TWICE = """
query ($id: ID!) { changeOrders { get(filter: { ids: [$id] }) { connection { nodes { latestValidationRun { results { nodes {
  one: validationRule { createdBy { name } } two: validationRule { createdBy { name role } }
} } } } } } } }
"""


def test_a_rule_that_is_selected_twice_shows_each_time_what_was_asked(validated) -> None:
    hub, order = validated
    hub.data(document("validate_change_order"), {"changeOrderId": order})
    (found,) = hub.data(TWICE, {"id": order})["changeOrders"]["get"]["connection"]["nodes"]
    last = found["latestValidationRun"]["results"]["nodes"][-1]
    assert last["one"]["createdBy"] == {"name": "Ada"}
    assert last["two"]["createdBy"] == {"name": "Ada", "role": "ADMINISTRATOR"}


NOT_YET = {
    "documents_first_page": ("documents and files", "documents"),
    "create_document": ("documents and files", "createDocument"),
    "datarooms": ("datarooms", "datarooms"),
    "assign_user_role": ("datarooms", "assignUserRole"),
    "create_webhook": ("webhooks", "webhooks"),
    "get_my_webhooks": ("webhooks", "webhooks"),
    "get_webhook": ("webhooks", "webhooks"),
    "update_webhook": ("webhooks", "webhooks"),
    "add_webhook_events": ("webhooks", "webhooks"),
    "remove_webhook_events": ("webhooks", "webhooks"),
    "archive_webhook": ("webhooks", "webhooks"),
    "get_webhook_logs": ("webhooks", "webhooks"),
    "get_logs": ("webhooks", "webhooks"),
}
"""Document → the work it belongs to, and the name in it that the schema does not know yet."""


@pytest.mark.parametrize("name", NOT_YET)
def test_documents_of_later_work_are_refused_by_name(hub_of, documented, name) -> None:
    _work, unknown = NOT_YET[name]
    answer = documented.hub.answer(document(f"not_yet/{name}"), {"changeOrderId": "1", "webhookId": "1", "input": {}})
    assert answer.status == 400
    assert answer.codes == {"GRAPHQL_VALIDATION_FAILED"}
    assert "data" not in answer.body
    assert any(f"'{unknown}'" in each["message"] for each in answer.errors), answer.errors


def test_every_document_is_tried_here() -> None:
    later = {file.stem for file in (FOLDER / "not_yet").glob("*.graphql")}
    assert later == set(NOT_YET)
    text = Path(__file__).read_text(encoding="utf-8")
    files = [file.stem for file in FOLDER.glob("*.graphql")] + [
        file.stem.split(".")[1] for file in FOLDER.glob("*.json")
    ]
    assert [name for name in files if f'"{name}"' not in text] == []
