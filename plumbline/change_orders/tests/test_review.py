"""From a draft to a release, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from plumbline.access.actions import add_member
from plumbline.access.model import NewMember
from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, NewLine
from plumbline.boms.reads import lines_of
from plumbline.change_orders.actions.comments import add_comment, edit_comment, resolve_comment
from plumbline.change_orders.actions.delegating import delegate_review, end_delegation
from plumbline.change_orders.actions.drafting import delete_change_order, update_change_order
from plumbline.change_orders.actions.items import add_items, refresh_items, remove_items, update_items
from plumbline.change_orders.actions.review import (
    close_change_order,
    hold_change_order,
    reopen_change_order,
    reset_change_order,
    withdraw_change_order,
)
from plumbline.change_orders.errors import (
    ChangeOrderMissing,
    DecisionNoteMissing,
    InvalidChangeOrder,
    ItemTwice,
    NotOwner,
    NotReviewer,
    StaleChangeOrder,
    StateRefused,
    ValidationFailed,
)
from plumbline.change_orders.model import (
    ChangeOrderEdit,
    ItemWish,
    NewComment,
    OrderFilter,
    ReviewerWish,
    StageWish,
)
from plumbline.change_orders.reads.orders import (
    awaiting_caller,
    change_order_by_id,
    decisions_of,
    list_change_orders,
    review_of,
    suggested_items,
)
from plumbline.components.actions.update import archive_components, update_components
from plumbline.components.errors import ComponentLocked, StatusMoveRefused
from plumbline.components.model import ComponentChange, ComponentState, ReleaseRequest
from plumbline.components.reads import component_by_cpn, find_components, releases_of, view_as_released
from plumbline.configuration.actions import apply_configuration
from plumbline.configuration.model import File
from plumbline.kit.actor import Role
from plumbline.kit.errors import Forbidden
from plumbline.kit.paging import PageRequest
from plumbline.testing import make
from plumbline.testing.callers import Caller

AUTO = "  resolved:\n    resolutions:\n      onapproval: [AUTO_CLOSE]\n      onrejection: [MANUAL_CLOSE]\n"


def state(order):
    return f"{order.status} {order.resolution}"


def now_of(team, component):
    return team.viewer.ask(find_components, [component.id])[0]


def renamed(team, component, name):
    return team.engineer.run(update_components, [ComponentChange(component.id, name=name)])[0]


def test_approval_releases_every_item_with_its_revision(team, desk):
    screw = make.component(team.engineer, "Screw")
    bracket = make.assembly(team.engineer, "Bracket", [(screw, 4)])
    order = desk.submitted([screw, bracket], [team.manager, team.viewer])
    assert (order.number, state(order)) == ("ECO-00001", "OPEN PENDING")
    assert state(desk.approve(order, team.viewer)) == "OPEN PENDING"
    done = desk.approve(order, team.manager, note="Fine.")
    assert state(done) == "RESOLVED APPROVED"
    for each in (screw, bracket):
        component = now_of(team, each)
        assert (component.state, component.revision) == (ComponentState.RELEASED, component.released_revision)
        (release,) = team.viewer.ask(releases_of, each.id)
        assert (release.change_order_id, release.change) == (order.id, done.release_change)
    assert state(team.engineer.run(close_change_order, order.id)) == "CLOSED APPROVED"


def test_the_baseline_of_a_release_stays_what_it_was(team, desk):
    screw = make.component(team.engineer, "Screw")
    bracket = make.assembly(team.engineer, "Bracket", [(screw, 4)])
    desk.approve(desk.submitted([screw, bracket], [team.manager]), team.manager)
    label = now_of(team, bracket).released_revision
    renamed(team, screw, "Longer screw")
    desk.approve(desk.submitted([screw], [team.manager]), team.manager)
    view = team.viewer.ask(view_as_released, bracket.id, label)
    (then,) = team.viewer.ask(find_components, [screw.id], view=view)
    (line,) = team.viewer.ask(lines_of, [now_of(team, bracket)], view=view)[bracket.key]
    assert (then.name, line.quantity) == ("Screw", "4")


def test_stages_open_one_after_the_other_and_a_template_closes_by_itself(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager], [team.administrator], stages=("Unanimous", "Minimum:1"), more=AUTO)
    with pytest.raises(NotReviewer):
        desk.approve(order, team.administrator)
    assert [each.id for each in team.manager.ask(awaiting_caller)] == [order.id]
    assert team.administrator.ask(awaiting_caller) == []
    desk.approve(order, team.manager)
    assert [each.id for each in team.administrator.ask(awaiting_caller)] == [order.id]
    assert state(desk.approve(order, team.administrator)) == "CLOSED APPROVED"


def test_a_rejection_needs_a_reason_and_the_order_can_be_worked_over(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager])
    with pytest.raises(DecisionNoteMissing):
        desk.reject(order, team.manager, note="  ")
    rejected = desk.reject(order, team.manager, note="Too long.")
    assert state(rejected) == "RESOLVED REJECTED"
    assert now_of(team, part).state is ComponentState.MODIFIED
    assert state(team.engineer.run(reset_change_order, order.id)) == "DRAFT PENDING"
    renamed(team, part, "Shorter")
    with pytest.raises(ValidationFailed):
        desk.submit(order)
    team.engineer.run(refresh_items, order.id)
    desk.submit(order)
    assert state(desk.approve(order, team.manager)) == "RESOLVED APPROVED"
    kept = team.viewer.ask(decisions_of, [order.id])[order.id]
    assert [(each.verdict, each.note, each.ended_at is None) for each in kept] == [
        ("REJECTED", "Too long.", False),
        ("APPROVED", "", True),
    ]


def test_what_is_under_review_is_locked_and_on_hold_it_is_not(team, desk):
    child, other = make.components(team.engineer, "Child", "Other")
    team.manager.run(release_components, [ReleaseRequest(child.id), ReleaseRequest(other.id)])
    parent = make.assembly(team.engineer, "Parent", [(child, 1)])
    order = desk.submitted([parent], [team.manager])
    for edit in (
        lambda: renamed(team, parent, "Other name"),
        lambda: team.manager.run(archive_components, [parent.id]),
        lambda: make_line(team, parent, other),
    ):
        with pytest.raises(ComponentLocked, match="ECO-00001"):
            edit()
    renamed(team, child, "Children are free")
    with pytest.raises(NotOwner):
        other_engineer(team).run(hold_change_order, order.id)
    assert state(team.engineer.run(hold_change_order, order.id)) == "ON_HOLD PENDING"
    renamed(team, parent, "Now it can")
    with pytest.raises(ValidationFailed):
        desk.submitted([now_of(team, parent)], [team.manager])
    with pytest.raises(ValidationFailed):
        desk.resume(order)
    team.engineer.run(refresh_items, order.id)
    desk.resume(order)
    with pytest.raises(ComponentLocked):
        renamed(team, parent, "Locked again")
    assert state(desk.approve(order, team.manager)) == "RESOLVED APPROVED"
    renamed(team, parent, "Free again")


def make_line(team, parent, child):
    return team.engineer.run(edit_boms, [BomEdit(parent.id, add=(NewLine(child.id, Decimal(1)),))])


def other_engineer(team):
    member = team.administrator.run(
        add_member, NewMember(f"other-{team.application.new_id()[:8]}@acme.example", "Other", Role.EDITOR)
    )
    return Caller(team.application, replace(team.engineer.actor, user_id=member.user.id))


def test_a_change_of_content_reopens_the_stages_that_decided_about_other_content(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager], [team.administrator], stages=("Unanimous", "Unanimous"))
    desk.approve(order, team.manager)
    team.engineer.run(update_change_order, ChangeOrderEdit(order.id, description="Something else after all"))
    review = team.viewer.ask(review_of, order.id)
    assert [each.state for each in review.stages] == ["PENDING", "PENDING"]
    assert review.decisions == ()
    with pytest.raises(NotReviewer):
        desk.approve(order, team.administrator)
    desk.approve(order, team.manager)
    assert state(desk.approve(order, team.administrator)) == "RESOLVED APPROVED"


def test_a_decision_is_about_the_content_that_was_looked_at(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager])
    seen = team.manager.ask(review_of, order.id).digest
    team.engineer.run(update_change_order, ChangeOrderEdit(order.id, name="Other words"))
    with pytest.raises(StaleChangeOrder):
        desk.approve(order, team.manager, expected_digest=seen)
    desk.approve(order, team.manager, expected_digest=team.manager.ask(review_of, order.id).digest)


def test_a_reviewer_may_think_again_while_the_stage_is_open(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager, team.administrator, team.viewer], stages=("Majority:3",))
    desk.reject(order, team.manager)
    desk.approve(order, team.manager)
    assert state(desk.approve(order, team.viewer)) == "RESOLVED APPROVED"
    assert len(team.viewer.ask(decisions_of, [order.id])[order.id]) == 3


def test_stand_ins_decide_with_both_names_on_record(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager])
    now = team.application.clock()
    with pytest.raises(NotReviewer):
        desk.approve(order, team.viewer)
    made = team.manager.run(
        delegate_review, team.viewer.actor.user_id, now - timedelta(days=1), now + timedelta(days=1)
    )
    assert [each.id for each in team.viewer.ask(awaiting_caller)] == [order.id]
    assert state(desk.approve(order, team.viewer)) == "RESOLVED APPROVED"
    (decision,) = team.viewer.ask(decisions_of, [order.id])[order.id]
    assert (decision.reviewer_id, decision.decided_by) == (team.manager.actor.user_id, team.viewer.actor.user_id)
    team.manager.run(end_delegation, made.id)
    second = desk.submitted([renamed(team, part, "Once more")], [team.manager])
    with pytest.raises(NotReviewer):
        desk.approve(second, team.viewer)


def test_only_managers_name_a_stand_in_for_somebody_else(team):
    now = team.application.clock()
    until = now + timedelta(days=1)
    with pytest.raises(NotOwner):
        team.viewer.run(delegate_review, team.viewer.actor.user_id, now, until, user=team.manager.actor.user_id)
    team.manager.run(delegate_review, team.viewer.actor.user_id, now, until, user=team.engineer.actor.user_id)


def test_items_are_once_in_an_order_and_in_one_open_order(team, desk):
    first, second = make.components(team.engineer, "First", "Second")
    order = desk.draft([first], [team.manager])
    with pytest.raises(ItemTwice):
        team.engineer.run(add_items, order.id, [ItemWish(first.id)])
    team.engineer.run(add_items, order.id, [ItemWish(second.id)])
    team.engineer.run(remove_items, order.id, [first.id])
    desk.submit(order)
    with pytest.raises(ValidationFailed) as refusal:
        desk.submitted([second], [team.manager])
    assert f"Item {second.cpn} exists in Change Order ECO-00001" in refusal.value.also[0].message
    desk.submitted([first], [team.manager])
    with pytest.raises(StateRefused):
        team.engineer.run(add_items, order.id, [ItemWish(first.id)])


def test_an_order_that_is_not_complete_is_not_submitted(team, desk):
    part = make.component(team.engineer)
    for order, problem in (
        (desk.draft([], [team.manager]), "has no items"),
        (desk.draft([part], []), "has 0 reviewers and needs 1"),
        (desk.draft([part], [team.manager], stages=("Majority:2",)), "has 1 reviewers and needs 2"),
    ):
        with pytest.raises(ValidationFailed) as refusal:
            desk.submit(order)
        assert problem in refusal.value.also[0].message


REVISIONS = """\
version: "1.0"
schema_type: revision_scheme_config
status_order: [Design, Prototype, Production, Obsolete]
schemes:
  - {status: Design, segments: {major: {type: integer, required: true, min_value: 1, max_value: 99}}}
  - {status: Prototype, segments: {major: {type: integer, required: true, min_value: 1, max_value: 99}}}
  - {status: Production, segments: {major: {type: letter, required: true, min_value: A, max_value: ZZ}}}
  - {status: Obsolete, segments: {major: {type: letter, required: true, min_value: A, max_value: ZZ}}}
transitions:
  allowed:
    - {from: Design, to: [Production]}
    - {from: Production, to: [Obsolete]}
"""


def test_the_revision_scheme_proposes_revisions_and_holds_the_moves_of_statuses(team, desk):
    team.manager.run(apply_configuration, [File("revisions.yaml", REVISIONS)], complete=False)
    part = make.component(team.engineer)
    order = desk.draft([part], [team.manager])
    assert proposed(team, order) == ("1", False)
    with pytest.raises(StatusMoveRefused):
        team.engineer.run(update_items, order.id, [ItemWish(part.id, status="Prototype")])
    team.engineer.run(update_items, order.id, [ItemWish(part.id, status="Production")])
    assert proposed(team, order) == ("A", False)
    team.engineer.run(update_items, order.id, [ItemWish(part.id, status="Production", revision="C")])
    assert proposed(team, order) == ("C", True)
    desk.submit(order)
    desk.approve(order, team.manager)
    assert now_of(team, part).released_revision == "C"
    again = desk.draft([renamed(team, part, "Better")], [team.manager])
    assert proposed(team, again) == ("D", False)


def proposed(team, order):
    (item,) = team.viewer.ask(review_of, order.id).items
    return item.proposed_revision, item.is_revision_chosen


def test_documentation_orders_release_nothing(team, desk):
    part = make.component(team.engineer)
    order = desk.draft([part], [team.manager], type="DCO")
    with pytest.raises(InvalidChangeOrder, match="DCO"):
        team.engineer.run(update_items, order.id, [ItemWish(part.id, revision="Z")])
    desk.submit(order)
    done = desk.approve(order, team.manager)
    assert (done.number, state(done)) == ("DCO-00001", "RESOLVED APPROVED")
    assert team.viewer.ask(releases_of, part.id) == []
    assert now_of(team, part).version == part.version


def test_withdrawn_and_closed_orders_come_back_as_drafts(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager])
    assert state(team.engineer.run(withdraw_change_order, order.id)) == "RESOLVED WITHDRAWN"
    renamed(team, part, "Free")
    assert state(team.engineer.run(close_change_order, order.id)) == "CLOSED WITHDRAWN"
    assert state(team.engineer.run(reopen_change_order, order.id)) == "DRAFT PENDING"


def test_an_edit_says_which_version_it_saw(team, desk):
    part = make.component(team.engineer)
    order = desk.draft([part], [team.manager])
    team.engineer.run(update_change_order, ChangeOrderEdit(order.id, order.version, name="First"))
    with pytest.raises(StaleChangeOrder):
        team.engineer.run(update_change_order, ChangeOrderEdit(order.id, order.version, name="Second"))


def test_viewers_decide_and_do_not_write(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.viewer])
    with pytest.raises(Forbidden):
        team.viewer.run(hold_change_order, order.id)
    desk.approve(order, team.viewer)


def test_orders_are_found_by_number_and_never_by_strangers(team, strangers, desk):
    part = make.component(team.engineer)
    order = desk.draft([part], [team.manager])
    for wanted in (order.id, "ECO-00001", "eco-1", "1"):
        assert team.viewer.ask(change_order_by_id, wanted).id == order.id
    for wanted in ("MCO-00001", "2", "nonsense", order.id.upper()):
        with pytest.raises(Exception, match="no change order"):
            team.viewer.ask(change_order_by_id, wanted)
    with pytest.raises(Exception, match="no change order"):
        strangers.viewer.ask(change_order_by_id, order.id)


def test_reviewers_can_be_added_to_a_stage_to_come(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager], [team.administrator], stages=("Unanimous", "Unanimous"))
    wish = StageWish("Stage 2", approval_type="Minimum", reviewers=(ReviewerWish(team.viewer.actor.user_id),))
    with pytest.raises(NotOwner):
        other_engineer(team).run(update_change_order, ChangeOrderEdit(order.id, stages=(wish,)))
    team.engineer.run(update_change_order, ChangeOrderEdit(order.id, stages=(wish,)))
    desk.approve(order, team.manager)
    assert state(desk.approve(order, team.viewer)) == "RESOLVED APPROVED"
    assert team.viewer.ask(component_by_cpn, part.cpn).released_revision is not None


def test_drafts_are_thrown_away_and_their_numbers_are_not_given_out_again(team, desk):
    part = make.component(team.engineer)
    order = desk.draft([part], [team.manager])
    with pytest.raises(NotOwner):
        other_engineer(team).run(delete_change_order, order.id)
    team.engineer.run(delete_change_order, order.id)
    with pytest.raises(ChangeOrderMissing):
        team.viewer.ask(change_order_by_id, order.id)
    assert team.viewer.ask(list_change_orders, PageRequest()).items == []
    second = desk.submitted([part], [team.manager])
    assert second.number == "ECO-00002"
    with pytest.raises(StateRefused):
        team.engineer.run(delete_change_order, second.id)


def test_lists_are_filtered_and_paged_in_the_order_of_numbers(team, desk):
    first, second, third = (make.component(team.engineer, name) for name in ("One", "Two", "Three"))
    drafts = [desk.draft([each], [team.manager], type=kind) for each, kind in ((first, "ECO"), (second, "MCO"))]
    opened = desk.submitted([third], [team.manager])

    def listed(**wanted):
        page = team.viewer.ask(list_change_orders, PageRequest(10), narrowed_to=OrderFilter(**wanted), counted=True)
        assert page.total == len(page.items)
        return [each.id for each in page.items]

    assert listed() == [opened.id, drafts[1].id, drafts[0].id]
    assert listed(statuses=("OPEN",)) == [opened.id]
    assert listed(types=("MCO",)) == [drafts[1].id]
    assert listed(component_key=first.key) == [drafts[0].id]
    assert listed(text="BETTER") == [opened.id, drafts[1].id, drafts[0].id]
    assert listed(created_by=(team.manager.actor.user_id,)) == []
    page = team.viewer.ask(list_change_orders, PageRequest(2))
    rest = team.viewer.ask(list_change_orders, PageRequest(2, page.cursors[-1]))
    assert [each.id for each in (*page.items, *rest.items)] == listed()
    assert (page.has_next, rest.has_next) == (True, False)


def test_suggestions_follow_what_an_item_is_made_of(team, desk):
    screw, nut, plate = make.components(team.engineer, "Screw", "Nut", "Plate")
    team.manager.run(release_components, [ReleaseRequest(nut.id)])
    frame = make.assembly(team.engineer, "Frame", [(screw, 4), (nut, 4)])
    top = make.assembly(team.engineer, "Top", [(frame, 1), (plate, 1)])
    order = desk.draft([top, plate], [team.manager])
    found = team.viewer.ask(suggested_items, order.id)
    assert [(each.cpn, why) for each, why in found] == [
        (frame.cpn, f"{frame.cpn} is part of {top.cpn} and was never released."),
        (screw.cpn, f"{screw.cpn} is part of {frame.cpn} and was never released."),
    ]


def test_comments_stand_in_threads_at_their_places_and_are_settled(team, desk):
    screw = make.component(team.engineer, "Screw")
    team.manager.run(release_components, [ReleaseRequest(screw.id)])
    frame = make.assembly(team.engineer, "Frame", [(screw, 4)])
    order = desk.submitted([frame], [team.manager])
    (line,) = team.viewer.ask(lines_of, [frame])[frame.key]
    asked = team.viewer.run(add_comment, order.id, NewComment("Why four?", item=frame.id, line=line.line_id))
    answer = team.engineer.run(add_comment, order.id, NewComment("One each corner", parent=asked.id))
    deeper = team.viewer.run(add_comment, order.id, NewComment("I see", parent=answer.id))
    (item,) = team.viewer.ask(review_of, order.id).items
    assert {(each.item_id, each.line_id) for each in (asked, answer, deeper)} == {(item.id, line.line_id)}
    assert (asked.parent_id, answer.parent_id, deeper.parent_id) == (None, asked.id, asked.id)
    with pytest.raises(NotOwner):
        team.engineer.run(edit_comment, order.id, asked.id, "Why five?")
    assert team.viewer.run(edit_comment, order.id, asked.id, "Why six?").edited_at is not None
    settled = team.manager.run(resolve_comment, order.id, asked.id)
    assert settled.resolved_by == team.manager.actor.user_id
    assert team.manager.run(resolve_comment, order.id, asked.id, resolved=False).resolved_at is None
    for wrong in (
        NewComment("x", item=screw.id),
        NewComment("x", line=line.line_id),
        NewComment("x", item=frame.id, line="0"),
    ):
        with pytest.raises((ChangeOrderMissing, InvalidChangeOrder)):
            team.viewer.run(add_comment, order.id, wrong)
    assert state(desk.approve(order, team.manager)) == "RESOLVED APPROVED", (
        "words change nothing that was decided about"
    )


def test_only_managers_take_reviewers_off_a_stage_under_review_and_what_was_decided_may_be_enough_then(team, desk):
    part = make.component(team.engineer)
    order = desk.submitted([part], [team.manager, team.viewer])
    desk.approve(order, team.viewer)
    alone = StageWish("Stage 1", reviewers=(ReviewerWish(team.viewer.actor.user_id),))
    for weaker in (alone, StageWish("Stage 1", approval_type="Minimum")):
        with pytest.raises(NotOwner, match="only managers"):
            team.engineer.run(update_change_order, ChangeOrderEdit(order.id, stages=(weaker,)))
    everybody = (team.manager, team.viewer, team.administrator)
    more = StageWish("Stage 1", reviewers=tuple(ReviewerWish(each.actor.user_id) for each in everybody))
    assert state(team.engineer.run(update_change_order, ChangeOrderEdit(order.id, stages=(more,)))) == "OPEN PENDING"
    assert (
        state(team.manager.run(update_change_order, ChangeOrderEdit(order.id, stages=(alone,)))) == "RESOLVED APPROVED"
    )
    assert now_of(team, part).state is ComponentState.RELEASED
