"""Validation rules over the platform API, past what the documents of real clients ask."""

from __future__ import annotations

import pytest

CREATE = "mutation ($input: CreateValidationRuleInput!) { validations { create(input: $input) { id name onFailure } } }"
UPDATE = (
    "mutation ($id: ID!, $input: UpdateValidationRuleInput!) { validations { update(id: $id, input: $input) { id } } }"
)
PAGE = """
query ($pagination: PaginationInput) {
  validations { list(pagination: $pagination) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }
}
"""
EVERYTHING = """{ validations { list { nodes {
  id name type version code description onFailure isActive path createdAt updatedAt
  library { id name } createdBy { name role } updatedBy { name role }
} } } }"""
CODE = "exports.validate = () => ({ valid: true });"


def create(hub, name: str) -> str:
    made = hub.data(CREATE, {"input": {"name": name, "code": CODE}})
    return str(made["validations"]["create"]["id"])


def test_little_makes_a_rule(hub) -> None:
    given = {"name": "Mass", "code": CODE, "isActive": None, "onFailure": None, "version": None, "type": None}
    made = hub.data(CREATE, {"input": given})["validations"]["create"]
    assert made["onFailure"] == "ERROR"
    [found] = hub.data(EVERYTHING)["validations"]["list"]["nodes"]
    assert (found["version"], found["isActive"], found["description"]) == ("1.0.0", True, None)
    assert found["path"] == "validations/mass.js"
    assert found["createdBy"] == {"name": "Ada", "role": "ADMINISTRATOR"}


def test_the_list_is_whole_without_a_page_and_comes_in_pages_where_they_are_asked_for(hub) -> None:
    names = [f"Rule {number:02}" for number in range(55)]
    for name in reversed(names):
        create(hub, name)
    whole = hub.data(PAGE)["validations"]["list"]
    assert [each["name"] for each in whole["nodes"]] == names
    assert (whole["totalCount"], whole["pageInfo"]["hasNextPage"]) == (55, False)
    first = hub.data(PAGE, {"pagination": {"first": 30}})["validations"]["list"]
    after = first["pageInfo"]["endCursor"]
    second = hub.data(PAGE, {"pagination": {"first": 30, "after": after}})["validations"]["list"]
    assert [each["name"] for page in (first, second) for each in page["nodes"]] == names
    assert hub.answer(PAGE, {"pagination": {"first": 0}}).codes == {"BAD_USER_INPUT"}


def test_a_list_costs_as_many_statements_whatever_its_length(hub, counted_statements) -> None:
    counts = []
    for number in range(3):
        create(hub, f"Rule {number}")
        hub.data(EVERYTHING)  # what is kept of the configuration is made
        with counted_statements() as statements:
            hub.data(EVERYTHING)
        counts.append(statements.count)
    assert counts[0] == counts[2] <= 8


def test_what_is_wrong_is_told_at_its_place_and_all_at_once(hub) -> None:
    answer = hub.answer(CREATE, {"input": {"name": " ", "code": "none", "onFailure": "maybe", "version": ""}})
    told = {each["extensions"]["inputPath"][0]: each["extensions"] for each in answer.errors}
    assert set(told) == {"name", "code", "onFailure", "version"}
    assert {each["reason"] for each in told.values()} == {"INVALID_VALIDATION_RULE"}
    assert told["code"]["hint"].startswith("Assign the function: exports.validate = async")


@pytest.mark.parametrize("field", ["code", "onFailure", "isActive", "version"])
def test_only_a_description_can_be_taken_away(hub, field: str) -> None:
    rule_id = create(hub, "Mass")
    answer = hub.answer(UPDATE, {"id": rule_id, "input": {field: None}})
    assert (answer.codes, answer.errors[0]["extensions"]["inputPath"]) == ({"BAD_USER_INPUT"}, [field])
    hub.data(UPDATE, {"id": rule_id, "input": {"description": None}})
    hub.data(UPDATE, {"id": rule_id, "input": {}})


def test_a_name_is_taken_and_a_rule_may_be_missing(hub) -> None:
    create(hub, "Mass")
    taken = hub.answer(CREATE, {"input": {"name": "MASS", "code": CODE}})
    assert (taken.codes, taken.errors[0]["extensions"]["reason"]) == ({"CONFLICT"}, "VALIDATION_RULE_NAME_TAKEN")
    for text in ('{ validations { get(id: "nothing") { name } } }', UPDATE):
        missing = hub.answer(text, {"id": "nothing", "input": {}} if text is UPDATE else {})
        assert missing.codes == {"NOT_FOUND"}


def test_everybody_reads_rules_and_those_of_others_are_not_there(hub_of, team, strangers) -> None:
    rule_id = create(hub_of(team.manager), "Mass")
    text = f'{{ validations {{ get(id: "{rule_id}") {{ code }} }} }}'
    assert hub_of(team.viewer).data(text) == {"validations": {"get": {"code": CODE}}}
    assert hub_of(strangers.administrator).answer(text).codes == {"NOT_FOUND"}
    assert hub_of(strangers.administrator).data(PAGE)["validations"]["list"]["totalCount"] == 0
