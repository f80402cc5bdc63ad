"""A change order of the example library: what is in work there, submitted for review."""

from __future__ import annotations

from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.jobs import submit_validated
from plumbline.change_orders.model import ChangeOrder, ItemWish, NewChangeOrder, ReviewerWish, StageWish
from plumbline.components.model import ComponentState
from plumbline.components.reads import list_components
from plumbline.kit.paging import PAGE_SIZE_MAX, PageRequest
from plumbline.testing.callers import Caller
from plumbline.testing.scenarios.library import STATUS_RELEASED


def put_into_review(administrator: Caller) -> ChangeOrder:
    """Everything that is newer than its release, or has none. It waits for the administrator's own decision."""
    page = administrator.ask(list_components, PageRequest(PAGE_SIZE_MAX))
    in_work = [each for each in page.items if each.state is ComponentState.MODIFIED]
    new = NewChangeOrder(
        name="Filter and light of the imaging head",
        description="The camera sees stray light above 800 nm.",
        contents={
            "reason": "design",
            "details": "A long-pass filter, and the bracket and the ring that make room for it.",
        },
        items=tuple(ItemWish(each.id, status=STATUS_RELEASED) for each in in_work),
        stages=(StageWish("Review", reviewers=(ReviewerWish(administrator.actor.user_id),)),),
    )
    order = administrator.run(create_change_order, new)
    return submit_validated(administrator.application, administrator.actor, order.id)
