"""Validations of a change order: the built-in ones, rules of the library, and what stands between them and a review."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from plumbline.boms.actions import release_components
from plumbline.change_orders.actions.drafting import update_change_order
from plumbline.change_orders.actions.items import update_items
from plumbline.change_orders.actions.review import submit_change_order
from plumbline.change_orders.checks import CHECKS
from plumbline.change_orders.errors import StaleChangeOrder, ValidationFailed
from plumbline.change_orders.jobs import submit_validated, validate_change_order
from plumbline.change_orders.model import ChangeOrderEdit, ItemWish
from plumbline.change_orders.payload import payload_of
from plumbline.change_orders.reads.facts import facts_of
from plumbline.change_orders.reads.orders import last_runs, results_of, review_of
from plumbline.components.actions.update import archive_components, update_components
from plumbline.components.model import ComponentChange, ReleaseRequest
from plumbline.configuration.actions import create_rule, update_rule
from plumbline.kit.errors import Forbidden, Refusal
from plumbline.testing import make
from plumbline.validations.model import NewRule, RuleChange

CHEAP = """
exports.validate = async (data) => {
  console.info("items", data.items.length, data.components === data.items);
  const dear = data.items.filter((item) => item.name.startsWith("Gold"));
  return { valid: dear.length === 0, message: dear.map((item) => item.cpn + " is dear").join("; ") };
};
"""


def validated(team, order, by=None):
    """Results by name."""
    caller = by or team.engineer
    run = validate_change_order(team.application, caller.actor, order.id)
    return run, {each.name: each for each in team.viewer.ask(results_of, [run.id])[run.id]}


def failing(team, order):
    _, results = validated(team, order)
    return {name: each.message for name, each in results.items() if each.state != "PASS"}


def test_a_sound_order_passes_every_check(team, desk):
    order = desk.draft([make.component(team.engineer)], [team.manager])
    run, results = validated(team, order)
    assert (run.state, run.sequence, run.fail_count, run.warning_count) == ("PASS", 1, 0, 0)
    assert list(results) == [each.name for each in CHECKS]
    assert {each.type for each in results.values()} == {"SYSTEM"}


def test_each_check_finds_what_it_is_for(team, desk):
    """One problem after the other, each told by the check of its name and by no other that fails."""
    child, gone = make.components(team.engineer, "Child", "Gone")
    top = make.assembly(team.engineer, "Top", [(child, 1)])
    assert set(failing(team, desk.draft([top], [team.manager]))) == {"Children must be released, or items themselves"}
    assert failing(team, desk.draft([top, child], [team.manager])) == {}
    low = desk.draft([top, child], [team.manager])
    team.engineer.run(update_items, low.id, [ItemWish(top.id, status="Production")])
    assert set(failing(team, low)) == {"Children must be at or above the status of their parents"}
    team.manager.run(release_components, [ReleaseRequest(child.id)])
    released = desk.draft([child], [team.manager])
    assert set(failing(team, released)) == {"Items must have something to release"}
    team.engineer.run(update_components, [ComponentChange(child.id, name="Changed child")])
    assert set(failing(team, desk.draft([top], [team.manager]))) == {"Changed children should be items as well"}
    with_gone = make.assembly(team.engineer, "With gone", [(gone, 1)])
    draft = desk.draft([with_gone, gone], [team.manager])
    team.manager.run(archive_components, [gone.id])
    assert "is archived" in failing(team, draft)["Cross-references must be valid"]


def test_rules_of_the_library_run_and_their_logs_are_kept(team, desk):
    rule = team.manager.run(create_rule, NewRule(name="Cheap parts", code=CHEAP))
    order = desk.draft([make.component(team.engineer, "Gold ring")], [team.manager])
    run, results = validated(team, order)
    found = results["Cheap parts"]
    assert (run.state, found.state, found.type, found.rule_id) == ("FAIL", "FAIL", "CUSTOM", rule.id)
    assert "is dear" in found.message
    assert found.logs == '[{"message":"items 1 true","type":"info"}]'
    with pytest.raises(ValidationFailed, match="fails 1 of 18"):
        desk.submit(order)
    team.manager.run(update_rule, rule.id, RuleChange(on_failure="WARNING"))
    run, results = validated(team, order)
    assert (run.state, run.warning_count, results["Cheap parts"].state) == ("PASS", 1, "WARNING")
    assert desk.submit(order).status == "OPEN"


def test_a_rule_that_is_switched_off_does_not_run(team, desk):
    team.manager.run(create_rule, NewRule(name="Off", code=CHEAP, is_active=False))
    _, results = validated(team, desk.draft([make.component(team.engineer, "Gold")], [team.manager]))
    assert "Off" not in results


def test_nothing_goes_into_review_that_was_not_validated_as_it_is(team, desk):
    part = make.component(team.engineer)
    order = desk.draft([part], [team.manager])
    with pytest.raises(StaleChangeOrder, match="was not validated"):
        team.engineer.run(submit_change_order, order.id)
    validated(team, order)
    team.engineer.run(update_change_order, ChangeOrderEdit(order.id, name="Other"))
    with pytest.raises(StaleChangeOrder):
        team.engineer.run(submit_change_order, order.id)
    validated(team, order)
    team.manager.run(create_rule, NewRule(name="New rule", code=CHEAP))
    with pytest.raises(StaleChangeOrder):
        team.engineer.run(submit_change_order, order.id)
    validated(team, order)
    team.engineer.run(submit_change_order, order.id)


def test_a_child_that_changes_between_validation_and_submission_is_noticed(team, desk):
    child = make.component(team.engineer)
    team.manager.run(release_components, [ReleaseRequest(child.id)])
    top = make.assembly(team.engineer, "Top", [(child, 1)])
    order = desk.draft([top], [team.manager])
    validated(team, order)
    team.manager.run(archive_components, [child.id])
    with pytest.raises(StaleChangeOrder):
        team.engineer.run(submit_change_order, order.id)
    with pytest.raises(ValidationFailed):
        desk.submit(order)


def test_edits_while_it_is_submitted_never_slip_into_review_unvalidated(team, desk):
    """Twenty times somebody renames a part to what a rule forbids while somebody else submits."""
    team.manager.run(create_rule, NewRule(name="Cheap parts", code=CHEAP))
    for number in range(20):
        part = make.component(team.engineer, f"Tin {number}")
        order = desk.draft([part], [team.manager])
        outcome = []

        def rename(part=part, outcome=outcome):
            try:
                team.engineer.run(update_components, [ComponentChange(part.id, name="Gold")])
                outcome.append("renamed")
            except Refusal as refusal:  # whichever comes first
                outcome.append(refusal.reason)

        other = threading.Thread(target=rename)
        other.start()
        with suppress(ValidationFailed, StaleChangeOrder):
            submit_validated(team.application, team.engineer.actor, order.id)
        other.join()
        review = team.viewer.ask(review_of, order.id)
        if review.order.status == "OPEN":
            (item,) = review.items
            assert review.components[item.component_key].name == f"Tin {number}", outcome


def test_viewers_do_not_validate(team, desk):
    order = desk.draft([make.component(team.engineer)], [team.manager])
    with pytest.raises(Forbidden):
        validate_change_order(team.application, team.viewer.actor, order.id)
    assert team.viewer.ask(last_runs, [order.id]) == {}


def test_rules_are_given_every_field_that_their_authors_know(team, desk):
    part = make.component(team.engineer, "Resistor", category="Resistor", attributes={"Resistance": "4k7"})
    order = desk.draft([part], [team.manager], description="Why")
    payload = payload_of(team.viewer.ask(facts_of, order.id))
    head = payload["change_order"]
    assert {
        "id", "name", "description", "status", "resolution", "libraryId", "isValid", "createdAt", "updatedAt", "createdBy",
        "updatedBy", "contents", "stages",
    } <= set(head)  # fmt: skip
    assert (head["status"], head["resolution"], head["createdBy"]["name"]) == ("draft", "pending", "Edith")
    (stage,) = head["stages"]
    assert (stage["decisionState"], stage["decisionMethod"], stage["decisionMinimumCount"]) == (
        "pending",
        "unanimous",
        None,
    )
    assert stage["reviewers"][0]["user"]["primaryEmail"].startswith("mary")
    (item,) = payload["items"]
    assert {
        "id", "itemId", "itemVersion", "proposedRevision", "proposedStatusId", "proposedStatus", "name", "description", "type",
        "eid", "statusId", "status", "categoryId", "category", "version", "revisionValue", "revisionType", "state", "releasedAt",
        "createdAt", "updatedAt", "attributeValues", "attributes",
    } <= set(item)  # fmt: skip
    assert item["attributes"]["Resistance"] == {"value": "4.7", "unit": "kΩ"}
    assert item["attributes"]["RoHS"] is None
    assert {"id", "name", "type", "source", "sourceKey", "unit"} == set(item["category"]["attributes"][0])
    assert (item["type"], item["state"], item["revisionValue"]) == ("PART", "MODIFIED", None)
