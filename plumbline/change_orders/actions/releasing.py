"""What approval does to the items: all of them get their revision and status, or nothing happens at all. No verb of its own."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.boms.actions import release_components
from plumbline.change_orders.model import OrderType
from plumbline.change_orders.reads.orders import Review
from plumbline.components.model import Component, ReleaseRequest
from plumbline.storage.unit_of_work import UnitOfWork


def released(work: UnitOfWork, review: Review) -> Sequence[Component]:
    """The items as released; none of a documentation order."""
    if review.order.type == OrderType.DCO:
        return ()
    requests = [
        ReleaseRequest(
            review.components[each.component_key].id,
            revision=each.proposed_revision,
            status=each.proposed_status_id,
            expected_version=each.component_version,
        )
        for each in review.items
    ]
    return release_components(work, requests, change_order_id=review.order.id)
