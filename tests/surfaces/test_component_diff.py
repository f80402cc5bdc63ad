"""`component { diff impact }`: the shapes that programs get, page by page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, LineChange, NewLine
from plumbline.boms.reads import lines_of
from plumbline.components.actions.update import update_components
from plumbline.components.model import ComponentChange, ReleaseRequest
from plumbline.testing import make

DIFF = """query ($id: ID!, $first: Int, $after: String, $fromRevision: String, $toRevision: String) {
  component { diff(id: $id, fromRevision: $fromRevision, toRevision: $toRevision) {
    component { cpn version } fromVersion fromRevision toVersion toRevision count
    differences(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { area kind subject name before after sameQuantity line { kinds fields before { quantity } after { child { name } } } }
    }
  } }
}"""
IMPACT = """query ($id: ID!) { component { impact(id: $id) {
  component { name }
  released { topCount tops { quantity component { name } } }
  working { directCount ancestorCount topCount tops { quantity component { name } } }
  cost { before after change unit isComplete missingAfterCount missingAfter { name } }
  mass { change unit } leadTime { before after change unit }
} } }"""


@pytest.fixture
def frame(team):
    """Released as A with four bolts, worked on since, in a table that was released with five frames."""
    bolt = make.component(
        team.engineer,
        "Bolt",
        attributes={"Mass": "2 g"},
        sources=(make.source("Acme", "B-1", (1, "0.25"), lead_time_days=5),),
    )
    nut = make.component(team.engineer, "Nut")
    frame = make.assembly(team.engineer, "Frame", [(bolt, 4)])
    table = make.assembly(team.engineer, "Table", [(frame, 5)])
    team.manager.run(release_components, [ReleaseRequest(each.id, "A") for each in (bolt, frame, table)])
    [line] = team.viewer.ask(lines_of, [frame])[frame.key]
    edit = BomEdit(
        frame.id, change=(LineChange(line.line_id, quantity=Decimal(6)),), add=(NewLine(nut.id, Decimal(1)),)
    )
    team.engineer.run(edit_boms, [edit])
    return team.engineer.run(update_components, [ComponentChange(frame.id, attributes={"Mass": "1 kg"})])[0]


def test_differences_come_in_pages(hub_of, team, frame) -> None:
    hub = hub_of(team.viewer)
    found = hub.data(DIFF, {"id": frame.id, "first": 2})["component"]["diff"]
    released = frame.version - 2
    assert found["component"] == {"cpn": frame.cpn, "version": frame.version}
    assert (found["fromVersion"], found["fromRevision"]) == (released, "A")
    assert (found["toVersion"], found["toRevision"], found["count"]) == (frame.version, "A", 3)
    page = found["differences"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    assert page["nodes"][0] == {
        "area": "ATTRIBUTE", "kind": "ADDED", "subject": None, "name": "Mass", "before": None, "after": "1 kg", "sameQuantity": False,
        "line": None,
    }  # fmt: skip
    assert page["nodes"][1]["line"] == {
        "kinds": ["REQUANTIFIED"], "fields": ["quantity"], "before": {"quantity": 4.0}, "after": {"child": {"name": "Bolt"}},
    }  # fmt: skip
    following = {"id": frame.id, "first": 2, "after": page["pageInfo"]["endCursor"]}
    [last] = hub.data(DIFF, following)["component"]["diff"]["differences"]["nodes"]
    assert (last["area"], last["kind"], last["before"]) == ("LINE", "ADDED", None)
    assert last["after"].startswith("1 × ")


def test_a_revision_names_the_version_that_was_released_as_it(hub_of, team, frame) -> None:
    hub = hub_of(team.viewer)
    since = hub.data(DIFF, {"id": frame.id})["component"]["diff"]
    assert hub.data(DIFF, {"id": frame.id, "fromRevision": "A"})["component"]["diff"] == since
    before = hub.data(DIFF, {"id": frame.id, "toRevision": "A"})["component"]["diff"]
    assert (before["fromVersion"], before["toRevision"]) == (None, "A")
    assert {each["kind"] for each in before["differences"]["nodes"]} == {"ADDED"}


def test_the_impact_names_the_products_and_what_is_not_known(hub_of, team, frame) -> None:
    found = hub_of(team.viewer).data(IMPACT, {"id": frame.id})["component"]["impact"]
    table = {"quantity": "5", "component": {"name": "Table"}}
    assert found["component"] == {"name": "Frame"}
    assert found["released"] == {"topCount": 1, "tops": [table]}
    assert found["working"] == {"directCount": 1, "ancestorCount": 1, "topCount": 1, "tops": [table]}
    assert found["cost"] == {
        "before": "1", "after": "1.5", "change": "0.5", "unit": "USD", "isComplete": False,
        "missingAfterCount": 1, "missingAfter": [{"name": "Nut"}],
    }  # fmt: skip
    assert found["mass"] == {"change": "4", "unit": "g"}
    assert found["leadTime"] == {"before": "5", "after": "5", "change": "0", "unit": "d"}


def test_reports_have_two_forms_and_may_tell_the_impact(hub_of, team, frame) -> None:
    text = """query ($id: ID!) { component {
      diff(id: $id) { text: report whole: report(impact: true) marked: report(format: MARKDOWN) }
      impact(id: $id) { report(format: MARKDOWN) }
    } }"""
    found = hub_of(team.viewer).data(text, {"id": frame.id})["component"]
    head = f"{frame.cpn} Frame"
    assert found["diff"]["text"].startswith(f"{head}\n  Version ")
    assert found["diff"]["whole"].startswith(found["diff"]["text"])
    assert "Released products: 1 (5 in " in found["diff"]["whole"]
    assert found["diff"]["marked"].startswith(f"## {head}\n\nVersion ")
    assert found["impact"]["report"].startswith(f"## {head}\n\n- Released products: 1 (5 in ")


def test_a_diff_of_thousands_of_lines_fits_into_pages_of_the_largest_size(hub_of, team) -> None:
    parts = make.components(team.engineer, *(f"Part {number}" for number in range(1200)))
    board = make.assembly(team.engineer, "Board", [(part, 1) for part in parts])
    found = hub_of(team.viewer).data(DIFF, {"id": board.id, "first": 1000})["component"]["diff"]["differences"]
    assert sum(each["area"] == "LINE" for each in found["nodes"]) == 1000 - (found["totalCount"] - 1200)
    assert found["pageInfo"]["hasNextPage"]
