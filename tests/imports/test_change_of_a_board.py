"""The whole story of a change on a real board: released, changed by the list of its next revision, rejected, worked over, approved."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plumbline.boms.designators import parse_designators
from plumbline.boms.reads import component_differences, lines_of, rolled_up_quantities
from plumbline.change_orders.actions.comments import add_comment
from plumbline.change_orders.actions.drafting import create_change_order, update_change_order
from plumbline.change_orders.actions.items import add_items
from plumbline.change_orders.actions.review import close_change_order, decide_stage, reset_change_order
from plumbline.change_orders.errors import ValidationFailed
from plumbline.change_orders.jobs import submit_validated
from plumbline.change_orders.model import (
    ChangeOrderEdit,
    ItemWish,
    NewChangeOrder,
    NewComment,
    ReviewerWish,
    StageWish,
)
from plumbline.change_orders.reads.orders import review_of, suggested_items
from plumbline.components.differences import VersionSpan
from plumbline.components.errors import ComponentLocked
from plumbline.components.model import ComponentState
from plumbline.components.reads import (
    component_by_cpn,
    components_by_keys,
    releases_of,
    sources_of,
    view_as_of,
    view_as_released,
)
from plumbline.components.view import RELEASED, ViewMode
from plumbline.configuration.actions import create_template
from plumbline.exchange.actions import apply_import
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ReadOptions

BOARD, OLDER, NEWER = "LimeSDR-USB", "LimeSDR-USB_1v4_BOMr4.xls", "LimeSDR-USB_1v4_BOMr7.xls"
TEMPLATE = """version: "1.0"
description: Two stages, and a reason
schema_type: change_order_scheme
details:
  info:
    groups:
      - name: Why
        fields:
          - {name: reason, type: text, label: Reason, validations: {required: true}}
stages:
  open:
    - {name: Engineering, types: [Unanimous], default: Unanimous}
    - {name: Production, types: [Majority], default: Majority}
  resolved:
    resolutions: {onapproval: [AUTO_CLOSE], onrejection: [MANUAL_CLOSE], onwithdrawal: [MANUAL_CLOSE]}
"""


def test_a_board_is_released_changed_rejected_worked_over_and_approved(fresh_import, data_set):
    radio = fresh_import("limesdr-usb", OLDER, top_name=BOARD)
    team, board = radio.team, radio.by_cpn(radio.result.tops[0])
    engineer, clock = team.engineer, team.application.clock
    template = team.manager.run(create_template, "Two stages", TEMPLATE).id
    stages = (
        StageWish("Engineering", reviewers=(ReviewerWish(team.manager.actor.user_id),)),
        StageWish("Production", reviewers=(ReviewerWish(team.viewer.actor.user_id),)),
    )

    def ordered(name):
        new = NewChangeOrder(name, template=template, stages=stages, items=(ItemWish(board.id),))
        order = engineer.run(create_change_order, new)
        dragged = engineer.ask(suggested_items, order.id)
        if dragged:
            engineer.run(add_items, order.id, [ItemWish(each.id) for each, _ in dragged])
        return order, dragged

    def approved(order):
        submit_validated(team.application, engineer.actor, order.id)
        team.manager.run(decide_stage, order.id, "APPROVED")
        return team.viewer.run(decide_stage, order.id, "APPROVED")

    # The first release holds the board and everything on it.
    first, dragged = ordered("First release")
    assert len(dragged) == len({line.child_key for line in team.viewer.ask(lines_of, [board])[board.key]})
    with pytest.raises(ValidationFailed, match="fails 1 of"):
        submit_validated(team.application, engineer.actor, first.id)
    engineer.run(update_change_order, ChangeOrderEdit(first.id, contents={"reason": "Prototypes work"}))
    assert approved(first).status == "CLOSED"
    released = team.viewer.ask(component_by_cpn, board.cpn)
    assert released.state is ComponentState.RELEASED
    before = team.viewer.ask(rolled_up_quantities, released, view=RELEASED)
    quantities = {key: Decimal(count) for key, count in before.totals.items()}
    moment = clock()

    # The list of the next revision is the change.
    data = read_files(data_set("limesdr-usb").files(NEWER), options=ReadOptions(top_name=BOARD))
    team.manager.run(apply_import, data)
    second, dragged = ordered("Memory and fitting")
    assert sorted(why.rpartition(" and ")[2] for _, why in dragged) == [
        f"was changed since its revision {released.released_revision}.",  # the newer list says more about a connector
        "was never released.",
    ]
    engineer.run(update_change_order, ChangeOrderEdit(second.id, contents={"reason": "The memory is obsolete"}))
    [found] = team.viewer.ask(component_differences, [VersionSpan(board.id)])
    wanted = {
        (row["refdes"], row["mpn_from"], row["fitting_from"], row["mpn_to"], row["fitting_to"])
        for row in data_set("limesdr-usb").expected("expected_revision_diff.csv")
        if (row["from_file"], row["to_file"]) == (OLDER, NEWER)
    }
    assert len(wanted) == 6
    assert by_place(team, found) == wanted

    # Rejected with a comment on a line, worked over, and approved.
    submit_validated(team.application, engineer.actor, second.id)
    with pytest.raises(ComponentLocked):
        team.manager.run(
            apply_import, read_files(data_set("limesdr-usb").files(OLDER), options=ReadOptions(top_name=BOARD))
        )
    line = found.lines[0].after or found.lines[0].before
    team.manager.run(add_comment, second.id, NewComment("Which supplier?", item=board.id, line=line.line_id))
    team.manager.run(decide_stage, second.id, "REJECTED", note="Name the supplier of the memory.")
    assert team.viewer.ask(component_by_cpn, board.cpn).released_version == released.released_version
    engineer.run(reset_change_order, second.id)
    reason = "The memory is obsolete; ST delivers the new one"
    engineer.run(update_change_order, ChangeOrderEdit(second.id, contents={"reason": reason}))
    done = approved(second)
    assert (done.status, done.resolution) == ("CLOSED", "APPROVED")
    review = team.viewer.ask(review_of, second.id)
    assert {each.state for each in review.components.values()} == {ComponentState.RELEASED}
    with pytest.raises(Exception, match="CLOSED"):
        engineer.run(close_change_order, second.id)

    # The baseline of the first release, and every moment in between, are as they were.
    newest, oldest = team.viewer.ask(releases_of, board.id)
    assert (oldest.change_order_id, newest.change_order_id) == (first.id, second.id)
    for view in (
        team.viewer.ask(view_as_released, board.id, oldest.revision),
        team.viewer.ask(view_as_of, ViewMode.RELEASED, moment),
    ):
        then = team.viewer.ask(rolled_up_quantities, board, view=view)
        assert {key: Decimal(count) for key, count in then.totals.items()} == quantities
    now = team.viewer.ask(rolled_up_quantities, board, view=RELEASED)
    assert {key: Decimal(count) for key, count in now.totals.items()} != quantities


def by_place(team, found):
    """Which part stands at each place before and after, fitted or not, where that differs."""
    sides = [[line for each in found.lines if (line := getattr(each, side))] for side in ("before", "after")]
    parts = team.viewer.ask(components_by_keys, [line.child_key for side in sides for line in side])
    mpn_of = {key: each[0].source.mpn for key, each in team.viewer.ask(sources_of, list(parts.values())).items()}
    before, after = (
        {
            place: (mpn_of[line.child_key], "NF" if line.is_do_not_place else "fitted")
            for line in lines
            for place in parse_designators(line.reference_designators)
        }
        for lines in sides
    )
    return {(place, *before[place], *after[place]) for place in before if before[place] != after[place]}
