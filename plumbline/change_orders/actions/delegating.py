"""Standing in for a reviewer who is away. A decision keeps both: whose seat it was, and who decided."""

from __future__ import annotations

from datetime import datetime

from plumbline.access.permissions import Permission, action
from plumbline.access.reads import member
from plumbline.change_orders.errors import ChangeOrderMissing, InvalidDelegation, NotOwner
from plumbline.change_orders.model import Delegation
from plumbline.change_orders.reads.orders import delegations
from plumbline.change_orders.store import orders as store
from plumbline.kit.actor import Role
from plumbline.kit.clock import to_iso
from plumbline.storage.unit_of_work import UnitOfWork

DELEGATIONS_MAX = 1000
"""Of a library, past ones that nobody called off among them."""


@action(needs=Permission.CHANGE_ORDERS_REVIEW)
def delegate_review(
    work: UnitOfWork, delegate: str, starts_at: datetime, ends_at: datetime, *, user: str | None = None
) -> Delegation:
    """Names who decides for a reviewer meanwhile; managers can do it for somebody who is away already."""
    absent = work.actor.user_id if user is None else member(work, user).user.id
    _refuse_others(work, absent)
    stand_in = member(work, delegate).user.id
    if stand_in == absent:
        raise InvalidDelegation(
            "Nobody stands in for himself.", path=("delegateId",), expected="another member of the library"
        )
    if ends_at <= starts_at:
        raise InvalidDelegation(
            f"The time ends at {to_iso(ends_at)}, before it begins.",
            path=("endsAt",),
            expected=f"after {to_iso(starts_at)}",
        )
    if len(delegations(work)) >= DELEGATIONS_MAX:
        raise InvalidDelegation(
            "The library has too many delegations.",
            path=(),
            expected=f"at most {DELEGATIONS_MAX}",
            hint="Call old ones off.",
        )
    new = Delegation(
        id=work.new_id(),
        user_id=absent,
        delegate_id=stand_in,
        starts_at=to_iso(starts_at),
        ends_at=to_iso(ends_at),
        created_by=work.actor.user_id,
        created_at=work.change.changed_at,
    )
    store.insert_delegation(work.connection, work.library_id, new)
    return new


@action(needs=Permission.CHANGE_ORDERS_REVIEW)
def end_delegation(work: UnitOfWork, delegation_id: str) -> Delegation:
    """Calls it off. What was decided meanwhile stays decided."""
    found = next((each for each in delegations(work) if each.id == delegation_id), None)
    if found is None:
        raise ChangeOrderMissing(f"There is no delegation {delegation_id[:80]!r}.", path=("id",))
    _refuse_others(work, found.user_id)
    store.end_delegation(work.connection, found.id, work.change.changed_at)
    return found._replace(ended_at=work.change.changed_at)


def _refuse_others(work: UnitOfWork, absent: str) -> None:
    is_manager = work.actor.role in (Role.MANAGER, Role.ADMINISTRATOR)
    if not is_manager and absent != work.actor.user_id:
        raise NotOwner(
            "Only managers name who stands in for somebody else.",
            path=("userId",),
            expected=f"the caller, or the role {Role.MANAGER} or {Role.ADMINISTRATOR}",
        )
