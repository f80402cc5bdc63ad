"""Change orders in every state, as years of reviews leave them behind."""

from __future__ import annotations

from datetime import UTC, datetime

from plumbline.boms.reads import lines_of
from plumbline.change_orders.actions.comments import add_comment, edit_comment, resolve_comment
from plumbline.change_orders.actions.delegating import delegate_review, end_delegation
from plumbline.change_orders.actions.drafting import create_change_order, update_change_order
from plumbline.change_orders.actions.items import refresh_items, remove_items
from plumbline.change_orders.actions.review import (
    close_change_order,
    decide_stage,
    hold_change_order,
    reset_change_order,
    withdraw_change_order,
)
from plumbline.change_orders.jobs import resume_validated, submit_validated, validate_change_order
from plumbline.change_orders.model import (
    ChangeOrder,
    ChangeOrderEdit,
    ItemWish,
    NewChangeOrder,
    NewComment,
    OrderType,
    ReviewerWish,
    StageWish,
)
from plumbline.change_orders.reads.orders import items_of
from plumbline.components.actions.update import update_components
from plumbline.components.model import Component, ComponentChange
from plumbline.components.reads import components_by_keys
from plumbline.configuration.actions import create_rule, create_template
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team
from plumbline.validations.model import NewRule, OnFailure

TEMPLATE = """\
version: "1.0"
description: A form, and two stages
schema_type: change_order_scheme
details:
  info:
    groups:
      - name: Cost
        fields:
          - {name: cost, type: currency, label: Cost, validations: {min: 0}}
          - {name: areas, type: list, label: Areas, multiSelect: true, options: [{label: A, value: a}, {label: B, value: b}]}
          - {name: due, type: date, label: Due}
stages:
  open:
    - {name: Drawings, types: [Unanimous, Majority], default: Unanimous}
    - name: Board
      types: [Minimum]
      default: Minimum
      notifyList: {emails: [board@example.com]}
"""
WAITS_FOR_NOBODY = """\
version: "1.0"
description: Waits for somebody who is not here
schema_type: change_order_scheme
details: {info: {groups: []}}
stages:
  open:
    - name: Review
      types: [Unanimous]
      default: Unanimous
      reviewers: {users: [{email: long-gone@example.com, isRequired: true}]}
"""
RULE = """
exports.validate = async (data) => {
  console.info("items", data.items.length);
  return { valid: false, message: "Nobody has looked at the drawings €" };
};
"""


def reviewed(team: Team, *, told: str) -> None:
    """`told`: a user who is told of every second stage, member of the library at that time."""
    desk = _Desk(team, told)
    boss = team.administrator
    boss.run(create_template, "Two Stages", TEMPLATE)
    boss.run(create_template, "Nobody", WAITS_FOR_NOBODY)
    boss.run(create_rule, NewRule("Drawings", RULE, on_failure=OnFailure.WARNING))
    _drafted(desk)
    _approved(desk)
    _documented(desk)
    _talked_about(desk, desk.submitted("Open"))
    _waiting(desk)
    _edited_on_hold(desk)
    _given_up(desk)
    later = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC)
    team.manager.run(delegate_review, team.viewer.actor.user_id, *later)
    called_off = team.manager.run(delegate_review, team.engineer.actor.user_id, *later)
    team.manager.run(end_delegation, called_off.id)


class _Desk:
    """Change orders of one library in few words."""

    def __init__(self, team: Team, told: str) -> None:
        self.team, self.told = team, told

    def draft(self, name: str, *components: Component, order_type: OrderType = OrderType.ECO) -> ChangeOrder:
        """Two reviewers, then one."""
        team = self.team
        two, one = (team.manager, team.viewer), (team.administrator,)
        stages = (
            StageWish("Drawings", reviewers=_seats(two)),
            StageWish("Board", reviewers=_seats(one), notify=(self.told, "board@example.com")),
        )
        contents = {"cost": "1234567890.12", "areas": ["a", "b"], "due": "2026-12-24"}
        items = tuple(ItemWish(each.id) for each in components or (make.component(team.engineer, f"{name} part"),))
        new = NewChangeOrder(name, order_type, "Why €", "Two Stages", contents, items, stages)
        return team.engineer.run(create_change_order, new)

    def submitted(self, name: str, *components: Component, order_type: OrderType = OrderType.ECO) -> ChangeOrder:
        drafted = self.draft(name, *components, order_type=order_type)
        return submit_validated(self.team.application, self.team.engineer.actor, drafted.id)

    def approved(self, order: ChangeOrder) -> ChangeOrder:
        for caller in (self.team.manager, self.team.viewer, self.team.administrator):
            order = caller.run(decide_stage, order.id, "APPROVED")
        return order


def _seats(people: tuple[Caller, ...]) -> tuple[ReviewerWish, ...]:
    first, *others = people
    required = ReviewerWish(first.actor.user_id, is_required=True, is_required_to_approve=True)
    return (required, *(ReviewerWish(each.actor.user_id) for each in others))


def _drafted(desk: _Desk) -> None:
    """One that waits for nobody who is here and fails its validations, and one whose item was taken off after it was spoken of."""
    engineer = desk.team.engineer
    empty = engineer.run(create_change_order, NewChangeOrder("Nothing yet", OrderType.MCO, template="Nobody"))
    assert validate_change_order(desk.team.application, engineer.actor, empty.id).state == "FAIL"
    one, other = make.component(engineer, "Stays"), make.component(engineer, "Taken off")
    draft = desk.draft("Draft", one, other)
    engineer.run(add_comment, draft.id, NewComment("Too much", item=other.id))
    engineer.run(remove_items, draft.id, [other.id])


def _approved(desk: _Desk) -> None:
    """One that is resolved and one that is closed; a stage was decided anew on the way."""
    part = make.component(desk.team.engineer, "Bracket")
    order = desk.submitted("Better brackets", make.assembly(desk.team.engineer, "Shelf", [(part, 2)]), part)
    desk.team.manager.run(decide_stage, order.id, "APPROVED", note="At first sight")
    assert desk.approved(order).release_change is not None
    desk.team.engineer.run(close_change_order, desk.approved(desk.submitted("Closed")).id)


def _documented(desk: _Desk) -> None:
    """A documentation order proposes no revision and releases nothing."""
    desk.approved(desk.submitted("New manual", order_type=OrderType.DCO))


def _talked_about(desk: _Desk, order: ChangeOrder) -> None:
    team = desk.team
    top = make.assembly(team.engineer, "Talked about", [(make.component(team.engineer, "Part of it"), 1)])
    draft = desk.draft("With comments", top)
    line = team.viewer.ask(lines_of, [top])[top.key][0]
    begins = team.manager.run(add_comment, draft.id, NewComment("Why one?", item=top.id, line=line.line_id))
    team.engineer.run(add_comment, draft.id, NewComment("It is enough.", parent=begins.id))
    team.manager.run(edit_comment, draft.id, begins.id, "Why only one?")
    team.manager.run(resolve_comment, draft.id, begins.id)
    team.viewer.run(add_comment, order.id, NewComment("Who pays?", field="cost"))
    team.manager.run(decide_stage, order.id, "APPROVED")


def _waiting(desk: _Desk) -> None:
    """One that waits for the Administrator, whose item others want to change as well."""
    part = make.component(desk.team.engineer, "Wanted by two")
    order = desk.submitted("Waits for the board", part)
    desk.draft("Comes second", part)
    for caller in (desk.team.manager, desk.team.viewer):
        caller.run(decide_stage, order.id, "APPROVED")


def _edited_on_hold(desk: _Desk) -> None:
    """One under review again with other content than was decided about, and one that is on hold still."""
    team = desk.team
    order = desk.submitted("Second thoughts")
    team.manager.run(decide_stage, order.id, "APPROVED")
    team.engineer.run(hold_change_order, order.id)
    [item] = team.engineer.ask(items_of, [order.id])[order.id]
    component = team.engineer.ask(components_by_keys, [item.component_key])[item.component_key]
    team.engineer.run(update_components, [ComponentChange(component.id, name="Thought over")])
    team.engineer.run(refresh_items, order.id)
    team.engineer.run(update_change_order, ChangeOrderEdit(order.id, contents={"cost": "2"}))
    resume_validated(team.application, team.engineer.actor, order.id)
    team.engineer.run(hold_change_order, desk.submitted("On hold").id)


def _given_up(desk: _Desk) -> None:
    """Rejected, withdrawn, both closed, and a draft again."""
    team = desk.team
    for verb in (None, close_change_order, reset_change_order):
        order = desk.submitted("Rejected")
        team.viewer.run(decide_stage, order.id, "REJECTED", note="Not yet.")
        if verb is not None:
            team.engineer.run(verb, order.id)
    for is_closed in (False, True):
        order = team.engineer.run(withdraw_change_order, desk.submitted("Withdrawn").id)
        if is_closed:
            team.engineer.run(close_change_order, order.id)
