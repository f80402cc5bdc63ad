"""The status and the revision that an item is to get, where nobody says, and whether they can be (pure)."""

from __future__ import annotations

from typing import NamedTuple

from plumbline.catalog.model import Status
from plumbline.change_orders.errors import InvalidChangeOrder
from plumbline.change_orders.model import OrderType
from plumbline.components.fields import REVISION_LENGTH_MAX, checked_text
from plumbline.components.model import Component
from plumbline.kit.errors import PathPart
from plumbline.numbering.revision_scheme import RevisionScheme, next_revision

Path = tuple[PathPart, ...]


class Proposal(NamedTuple):
    status_id: str
    revision: str | None
    is_chosen: bool
    """Whether somebody chose the revision."""


def proposal(
    scheme: RevisionScheme,
    component: Component,
    status: Status,
    revision: str | None,
    order_type: str,
    path: Path = (),
) -> Proposal:
    """`status` is the one that is wanted, the present one where nobody wants another. A documentation order releases nothing, so it
    proposes neither."""
    if order_type == OrderType.DCO:
        if revision is not None or status.id != component.status_id:
            raise InvalidChangeOrder(
                f"A {OrderType.DCO} changes neither revision nor status of {component.cpn}.",
                path=path,
                expected=f"items without them, or the type {OrderType.ECO} or {OrderType.MCO}",
            )
        return Proposal(component.status_id, None, False)
    if revision is None:
        return Proposal(status.id, next_revision(scheme, status.name, component.released_revision), False)
    return Proposal(status.id, checked_text(revision, REVISION_LENGTH_MAX, (*path, "revision"), required=True), True)
