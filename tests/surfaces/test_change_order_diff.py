"""`changeOrders { diff report rulePayload }`: what a change order changes, for programs, for people and for rules."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, NewLine
from plumbline.change_orders.actions.comments import add_comment
from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.actions.items import add_items
from plumbline.change_orders.actions.review import decide_stage
from plumbline.change_orders.jobs import submit_validated
from plumbline.change_orders.model import ItemWish, NewChangeOrder, NewComment, ReviewerWish, StageWish
from plumbline.change_orders.report import ROWS_MAX
from plumbline.components.actions.update import update_components
from plumbline.components.model import ComponentChange, ReleaseRequest
from plumbline.components.reads import find_components
from plumbline.testing import make

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "change-orders.md"
USE = "{ topCount tops { quantity component { cpn category { name } } } }"
DIFF = f"""query ($id: ID!, $itemIds: [ID!], $from: Int, $first: Int, $after: String) {{
  changeOrders {{ diff(id: $id, itemIds: $itemIds, fromVersion: $from) {{
    changeOrder {{ number status }}
    items(first: $first, after: $after) {{
      totalCount pageInfo {{ hasNextPage endCursor }}
      nodes {{
        item {{ itemVersion proposedRevision proposedStatus {{ name }} component {{ name category {{ name }} }} inFlight {{ number }} }}
        diff {{
          component {{ name }} fromVersion fromRevision toVersion toRevision count
          differences(first: 50) {{ totalCount nodes {{ area name before after line {{ before {{ quantity child {{ cpn }} }} after {{
            quantity child {{ cpn status {{ name }} }}
          }} }} }} }}
        }}
        impact {{ component {{ cpn }} released {USE} working {USE} cost {{ after missingAfter {{ cpn }} }} }}
      }}
    }}
  }} }}
}}"""
REPORT = """query ($id: ID!, $format: ReportFormat!, $currency: String) {
  changeOrders { report(id: $id, format: $format, currency: $currency) }
}"""
DIFF_STATEMENTS_MAX, REPORT_STATEMENTS_MAX = 50, 45


def reported(hub, order_id: str, form: str = "TEXT") -> str:
    return str(hub.data(REPORT, {"id": order_id, "format": form})["changeOrders"]["report"])


def compared(hub, order_id: str, **options: object):
    return hub.data(DIFF, {"id": order_id, **options})["changeOrders"]["diff"]


def drafted(team, *components, **fields):
    """Reviewed by the manager, filled in so that it can be submitted."""
    new = NewChangeOrder(
        name=fields.pop("name", "Better frames"),
        contents={"reason": "cost", "details": "As said"},
        items=tuple(ItemWish(each.id) for each in components),
        stages=(StageWish("Review", reviewers=(ReviewerWish(team.manager.actor.user_id),)),),
        **fields,
    )
    return team.engineer.run(create_change_order, new)


def approved(team, order):
    submit_validated(team.application, team.engineer.actor, order.id)
    return team.manager.run(decide_stage, order.id, "APPROVED")


@pytest.fixture
def frames(team):
    """Three that were released with a bolt each, in a table, and have got a nut each since."""
    bolt, nut = make.components(team.engineer, "Bolt", "Nut")
    made = [make.assembly(team.engineer, f"Frame {number}", [(bolt, 4)]) for number in range(3)]
    table = make.assembly(team.engineer, "Table", [(each, 2) for each in made])
    team.manager.run(release_components, [ReleaseRequest(each.id, "A") for each in (bolt, nut, *made, table)])
    return team.engineer.run(edit_boms, [BomEdit(each.id, add=(NewLine(nut.id, Decimal(1)),)) for each in made])


def test_items_come_in_pages_each_with_its_differences_and_impact(hub_of, team, frames) -> None:
    hub, order = hub_of(team.viewer), drafted(team, *frames)
    first = compared(hub, order.id, first=2)
    assert first["changeOrder"] == {"number": order.number, "status": "DRAFT"}
    assert (first["items"]["totalCount"], first["items"]["pageInfo"]["hasNextPage"]) == (3, True)
    second = compared(hub, order.id, first=2, after=first["items"]["pageInfo"]["endCursor"])
    found = first["items"]["nodes"] + second["items"]["nodes"]
    assert [each["item"]["component"]["name"] for each in found] == ["Frame 0", "Frame 1", "Frame 2"]
    for each, frame in zip(found, frames, strict=True):
        assert each["diff"]["component"]["name"] == frame.name
        assert (each["diff"]["fromRevision"], each["diff"]["toVersion"], each["diff"]["count"]) == (
            "A",
            frame.version,
            1,
        )
        [line] = each["diff"]["differences"]["nodes"]
        assert (line["area"], line["line"]["before"], line["line"]["after"]["quantity"]) == ("LINE", None, 1)
        assert each["impact"]["component"]["cpn"] == frame.cpn
        assert [(top["quantity"]) for top in each["impact"]["released"]["tops"]] == ["2"]


def test_some_items_from_some_version(hub_of, team, frames) -> None:
    hub, order = hub_of(team.viewer), drafted(team, *frames)
    wanted = [frames[2].id, frames[0].id]
    found = compared(hub, order.number, itemIds=wanted, **{"from": 0})["items"]["nodes"]
    assert [each["item"]["component"]["name"] for each in found] == ["Frame 0", "Frame 2"], "in the order of the items"
    assert all(each["diff"]["fromVersion"] is None and each["diff"]["count"] > 5 for each in found)
    missing = hub.answer(DIFF, {"id": order.id, "itemIds": [frames[0].id, "nothing"]})
    assert missing.errors[0]["extensions"]["inputPath"] == ["itemIds", 1]
    assert hub.answer(DIFF, {"id": order.id, "from": 99}).errors[0]["extensions"]["reason"] == "VERSION_MISSING"
    assert hub.answer(DIFF, {"id": order.id, "first": 101}).codes == {"BAD_USER_INPUT"}
    assert hub.answer(DIFF, {"id": "ECO-99"}).codes == {"NOT_FOUND"}


def test_a_page_costs_as_many_statements_whatever_its_length(hub_of, team, counted_statements) -> None:
    counts = []
    for size in (2, 12):
        bolt, nut = make.components(team.engineer, "Bolt", "Nut")
        made = [make.assembly(team.engineer, f"Frame {number}", [(bolt, 4)]) for number in range(size)]
        table = make.assembly(team.engineer, "Table", [(each, 2) for each in made])
        team.manager.run(release_components, [ReleaseRequest(each.id, "A") for each in (bolt, nut, *made, table)])
        team.engineer.run(edit_boms, [BomEdit(each.id, add=(NewLine(nut.id, Decimal(1)),)) for each in made])
        order = drafted(team, *made)
        drafted(team, *made, name="Another")
        hub = hub_of(team.viewer)
        compared(hub, order.id)  # what is kept of the structure is made
        with counted_statements() as data:
            assert len(compared(hub, order.id)["items"]["nodes"]) == size
        with counted_statements() as text:
            reported(hub, order.id)
        counts.append((data.count, text.count))
    assert counts[0] == counts[1]
    assert counts[0][0] <= DIFF_STATEMENTS_MAX
    assert counts[0][1] <= REPORT_STATEMENTS_MAX


def test_what_is_approved_is_compared_as_it_was_released_whatever_happens_next(hub_of, team, frames) -> None:
    hub, order = hub_of(team.viewer), drafted(team, frames[0])
    approved(team, order)
    team.engineer.run(update_components, [ComponentChange(frames[0].id, name="Frame of another day")])
    [found] = compared(hub, order.id)["items"]["nodes"]
    assert (found["diff"]["fromRevision"], found["diff"]["toRevision"]) == ("A", "B")
    assert {each["name"] for each in found["diff"]["differences"]["nodes"]} == {"revision", "added"}
    text = reported(hub, order.id)
    assert "of another day: version" in text
    assert "stale" not in text, "what was reviewed is done with"


def test_there_is_nothing_new_about_what_was_released_as_it_is(hub_of, team, frames) -> None:
    team.manager.run(release_components, [ReleaseRequest(frames[0].id, "B")])
    [frame] = team.viewer.ask(find_components, [frames[0].id])
    order = drafted(team, frame)
    [found] = compared(hub_of(team.viewer), order.id)["items"]["nodes"]
    assert (found["diff"]["fromRevision"], found["diff"]["count"]) == ("B", 0)


def test_a_report_tells_the_review_in_its_order(hub_of, team, frames) -> None:
    hub, order = hub_of(team.viewer), drafted(team, *frames, description="Because\nof the nuts")
    other = drafted(team, frames[1], name="Something else")
    team.engineer.run(add_comment, order.id, NewComment("Why four?", item=frames[0].id, field="name"))
    submit_validated(team.application, team.engineer.actor, order.id)
    team.manager.run(decide_stage, order.id, "REJECTED", note="Not all three")
    text = reported(hub, order.id)
    lines = text.splitlines()
    assert lines[0] == f"{order.number} Better frames"
    assert "  State: RESOLVED and REJECTED" in lines
    assert lines.index("  Because") + 1 == lines.index("  of the nuts")
    told = next(line for line in lines if "REJECTED" in line and "Not all three" in line)
    assert told.endswith(" UTC: Not all three")
    assert any(line.endswith(f" on {frames[0].cpn}, name: Why four?") for line in lines)
    assert f"  {frames[1].cpn} Frame 1: {other.number} Something else (DRAFT)" in lines
    headings = [line for line, below in pairwise(lines) if below and set(below) == {"="}]
    assert headings == [
        "Review", "Validation", "Comments", "Items", "Differences", "Impact", "In flight on the same parts",
    ]  # fmt: skip


def test_what_people_wrote_is_no_markup_and_the_rest_is_counted(hub_of, team, frames) -> None:
    order = drafted(team, frames[0], name="<b>*bold*</b>", description="# Heading\n" * 60)
    for number in range(ROWS_MAX + 5):
        team.engineer.run(add_comment, order.id, NewComment(f"[{number}](http://x) `code`"))
    markdown = reported(hub_of(team.viewer), order.id, "MARKDOWN")
    assert f"# {order.number} \\<b\\>\\*bold\\*\\</b\\>\n" in markdown
    assert markdown.count("> \\# Heading\n") == 50
    assert "> … and 10 more lines" in markdown
    assert "\\[0\\](http://x) \\`code\\`" in markdown
    assert f"[{ROWS_MAX - 1}\\]" in markdown
    assert f"[{ROWS_MAX}\\]" not in markdown
    assert "- … and 5 more\n" in markdown


def test_a_change_order_of_documents_proposes_no_revision(hub_of, team, frames) -> None:
    order = drafted(team, frames[0], type="DCO")
    text = reported(hub_of(team.viewer), order.id)
    assert f"  {frames[0].cpn} Frame 0: version {frames[0].version}, 1 difference\n" in text


def test_rules_get_the_payload_of_the_order(hub_of, team, frames) -> None:
    order = drafted(team, frames[0])
    payload = hub_of(team.viewer).data(
        "query ($id: ID!) { changeOrders { rulePayload(id: $id) } }", {"id": order.number}
    )
    found = payload["changeOrders"]["rulePayload"]
    assert set(found) == {"change_order", "items"}
    assert (found["change_order"]["id"], found["change_order"]["status"]) == (order.id, "draft")
    assert [each["cpn"] for each in found["items"]] == [frames[0].cpn]
    assert len(found["items"][0]["children"]) == 2


def test_items_that_are_added_are_compared_too(hub_of, team, frames) -> None:
    order = drafted(team)
    assert compared(hub_of(team.viewer), order.id)["items"]["nodes"] == []
    assert "Differences" not in reported(hub_of(team.viewer), order.id)
    team.engineer.run(add_items, order.id, [ItemWish(frames[0].id)])
    assert len(compared(hub_of(team.viewer), order.id)["items"]["nodes"]) == 1


def test_the_example_of_the_page_is_answered(hub_of, team, frames) -> None:
    query = re.search(r"```graphql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert query is not None
    order = drafted(team, frames[0])
    found = hub_of(team.viewer).data(query[1], {"id": order.number})["changeOrders"]
    assert found["report"].startswith(f"# {order.number} Better frames\n")
    assert found["diff"]["items"]["nodes"][0]["diff"]["count"] == 1
