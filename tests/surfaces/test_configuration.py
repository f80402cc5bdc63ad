"""Configuration over the platform API: faults with their places, plans with their effects, and what is done with them."""

from __future__ import annotations

from plumbline.kit.paging import encode_cursor
from plumbline.testing import make

PLAN = """
query Plan($files: [ConfigurationFileInput!]!) {
  configuration {
    plan(files: $files, complete: false) {
      state isEmpty notices
      steps { key kind verdict text hint effects { text components examples { cpn detail } } }
      documents { path what diff }
    }
  }
}
"""
APPLY = """
mutation Apply($input: ApplyConfigurationInput!) {
  configuration {
    apply(input: $input) { plan { isEmpty } version { number reason createdBy { email } documents { path what } } }
  }
}
"""
VALIDATE = """
query Validate($files: [ConfigurationFileInput!]!) {
  configuration { validate(files: $files) { message reason file line column path expected hint page } }
}
"""
REGISTRY = """\
categories:
  - code: "200"
    type: MECHANICAL
    name: Screw
    specs: [{ name: Thread, type: string, validation: { pattern: "^M" } }]
"""


def files(text: str, path: str = "categories.yaml") -> list[dict[str, str]]:
    return [{"path": path, "text": text}]


def test_every_fault_of_a_file_comes_as_an_error_of_its_own_with_its_place(
    hub_of, shared_team, nothing_written
) -> None:
    wrong = REGISTRY.replace("type: MECHANICAL", "type: METAL").replace("name: Screw", "nme: Screw")
    with nothing_written(shared_team.viewer):
        answer = hub_of(shared_team.administrator).answer(APPLY, {"input": {"files": files(wrong)}})
    told = {each["message"].split(": ", 1)[0]: each["extensions"] for each in answer.errors}
    assert answer.codes == {"BAD_USER_INPUT"}
    assert set(told) == {"categories.yaml:3:11", "categories.yaml:4:5"}
    assert told["categories.yaml:4:5"]["place"] == {"file": "categories.yaml", "line": 4, "column": 5}
    assert told["categories.yaml:4:5"]["hint"] == "Did you mean 'name'?"
    assert told["categories.yaml:4:5"]["page"] == "docs/reference/configuration/categories.md"
    faults = hub_of(shared_team.viewer).data(VALIDATE, {"files": files(wrong)})["configuration"]["validate"]
    assert [(each["line"], each["column"]) for each in faults] == [(3, 11), (4, 5)]
    assert hub_of(shared_team.viewer).data(VALIDATE, {"files": files(REGISTRY)})["configuration"]["validate"] == []


def test_a_plan_names_the_components_and_an_apply_needs_them_allowed(hub_of, team) -> None:
    part = make.component(team.engineer, category="Screw", attributes={"Thread": "UNC 4-40"})
    plan = hub_of(team.viewer).data(PLAN, {"files": files(REGISTRY)})["configuration"]["plan"]
    [step] = [each for each in plan["steps"] if each["key"] == "spec.change:Screw / Thread"]
    assert step["verdict"] == "BREAKING"
    assert step["effects"][0]["components"] == 1
    assert step["effects"][0]["examples"][0]["cpn"] == part.cpn
    wanted = {"files": files(REGISTRY), "complete": False, "expectedState": plan["state"], "reason": "Metric only"}
    refused = hub_of(team.manager).answer(APPLY, {"input": wanted})
    assert refused.codes == {"CONFLICT"}
    assert any("--allow 'spec.change:Screw / Thread'" in each["extensions"]["hint"] for each in refused.errors)
    applied = hub_of(team.manager).data(APPLY, {"input": {**wanted, "allow": ["all"]}})["configuration"]["apply"]
    assert applied["version"]["reason"] == "Metric only"
    assert applied["version"]["documents"] == [{"path": "categories.yaml", "what": "CHANGE"}]
    late = hub_of(team.manager).answer(APPLY, {"input": {**wanted, "allow": ["all"]}})
    assert (late.codes, late.errors[0]["extensions"]["reason"]) == ({"CONFLICT"}, "CONFIGURATION_MOVED")
    found = hub_of(team.viewer).data(
        "query ($cpns: [String!]) { component { findAll(filter: { cpns: $cpns }) {"
        " nodes { specViolations { spec kind severity message expected rule } } } }"
        " configuration { violations { totalCount nodes { cpn violation { spec } } } } }",
        {"cpns": [part.cpn]},
    )
    [violation] = found["component"]["findAll"]["nodes"][0]["specViolations"]
    assert (violation["spec"], violation["kind"], violation["rule"]) == (
        "Thread",
        "pattern",
        "#/categories/Screw/Thread",
    )
    assert found["configuration"]["violations"]["nodes"] == [{"cpn": part.cpn, "violation": {"spec": "Thread"}}]


def test_the_history_is_read_page_by_page_and_a_cursor_of_another_list_is_refused(hub_of, team) -> None:
    hub_of(team.manager).data(APPLY, {"input": {"files": files(REGISTRY), "complete": False, "allow": ["all"]}})
    read = "query ($after: String) { configuration { history(first: 1, after: $after) {"
    read += " nodes { number } pageInfo { hasNextPage endCursor } } } }"
    hub = hub_of(team.viewer)
    first = hub.data(read, {})["configuration"]["history"]
    second = hub.data(read, {"after": first["pageInfo"]["endCursor"]})["configuration"]["history"]
    assert first["nodes"][0]["number"] == second["nodes"][0]["number"] + 1
    assert second["pageInfo"]["hasNextPage"] is False
    for position in ("x", 2**62, -1, None, True):
        answer = hub.answer(read, {"after": encode_cursor([position])})
        assert answer.codes == {"BAD_USER_INPUT"}, position


def test_editors_may_plan_and_not_apply(hub_of, team) -> None:
    answer = hub_of(team.engineer).answer(APPLY, {"input": {"files": files(REGISTRY), "allow": ["all"]}})
    assert answer.codes == {"FORBIDDEN"}
    assert not hub_of(team.engineer).data(PLAN, {"files": files(REGISTRY)})["configuration"]["plan"]["isEmpty"]
