"""What is under change: adding components, choosing what they are to become, bringing them up to date, taking them off."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access.permissions import Permission, action
from plumbline.catalog.reads import catalog
from plumbline.change_orders.actions.saving import loaded, saved
from plumbline.change_orders.errors import (
    ChangeOrderMissing,
    InvalidChangeOrder,
    ItemInOtherOrder,
    ItemTwice,
    StateRefused,
)
from plumbline.change_orders.model import ChangeOrder, Item, ItemWish, Status
from plumbline.change_orders.proposals import proposal
from plumbline.change_orders.reads.orders import Review, orders_holding
from plumbline.change_orders.store import orders as store
from plumbline.components.actions.lock import lock_components, unlock_components
from plumbline.components.actions.update import refuse_move, refuse_stale
from plumbline.components.model import Component
from plumbline.components.reads import components_by_ids
from plumbline.kit.errors import PathPart
from plumbline.numbering.reads import revision_scheme
from plumbline.storage.unit_of_work import UnitOfWork

ITEMS_MAX = 2000
Path = tuple[PathPart, ...]


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def add_items(
    work: UnitOfWork, order_id: str, wishes: Sequence[ItemWish], *, expected_version: int | None = None
) -> ChangeOrder:
    """Puts components under change, each with the status and the revision that it is to get."""
    review = loaded(work, order_id, expected_version)
    _refuse_closed_to_items(review)
    new_items(work, review, wishes, ("input",))
    return saved(work, review, "items").order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def update_items(
    work: UnitOfWork, order_id: str, wishes: Sequence[ItemWish], *, expected_version: int | None = None
) -> ChangeOrder:
    """Chooses other statuses and revisions for components that are items; without a wish the scheme chooses again."""
    review = loaded(work, order_id, expected_version)
    _refuse_closed_to_items(review)
    by_component = {review.components[each.component_key].id: each for each in review.items}
    for index, wish in enumerate(wishes):
        item = by_component.get(wish.component)
        if item is None:
            raise _no_item(review, wish.component, ("input", index, "itemId"))
        component = review.components[item.component_key]
        status_id, revision, chosen = _proposed(work, review, component, wish, ("input", index))
        changed = item._replace(proposed_status_id=status_id, proposed_revision=revision, is_revision_chosen=chosen)
        store.update_part(work.connection, changed)
    return saved(work, review, "items").order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def refresh_items(
    work: UnitOfWork, order_id: str, item_ids: Sequence[str] | None = None, *, expected_version: int | None = None
) -> ChangeOrder:
    """Items that have moved on are looked at in their newest version; revisions that nobody chose are worked out again. All items
    without `item_ids`."""
    review = loaded(work, order_id, expected_version)
    _refuse_closed_to_items(review)
    wanted = _items(review, item_ids)
    refreshed = [refreshed_item(work, review, each) for each in wanted]
    for before, after in zip(wanted, refreshed, strict=True):
        if before != after:
            store.update_part(work.connection, after)
    if refreshed == wanted:
        return review.order
    return saved(work, review, "items").order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def remove_items(
    work: UnitOfWork, order_id: str, item_ids: Sequence[str], *, expected_version: int | None = None
) -> ChangeOrder:
    """Takes items off, by their own ids or those of their components."""
    review = loaded(work, order_id, expected_version)
    _refuse_closed_to_items(review)
    gone = _items(review, item_ids)
    store.delete_parts(work.connection, Item, [each.id for each in gone])
    unlock_components(work, review.order.id, [review.components[each.component_key] for each in gone])
    return saved(work, review, "items").order


def new_items(work: UnitOfWork, review: Review, wishes: Sequence[ItemWish], path: Path) -> None:
    """Called by the verbs that have looked at the state already."""
    count = len(review.items) + len(wishes)
    if not wishes or count > ITEMS_MAX:
        raise InvalidChangeOrder(
            f"{review.order.number} would have {count} items.", path=path, expected=f"1 to {ITEMS_MAX} items"
        )
    components = components_by_ids(work, [each.component for each in wishes], path=path[-1])
    _refuse_twice(review, components, path)
    first = max((each.position for each in review.items), default=0) + 1
    new = [
        _new_item(work, review, component, wish, first + index, (*path, index))
        for index, (component, wish) in enumerate(zip(components, wishes, strict=True))
    ]
    store.insert_parts(work.connection, work.library_id, new)
    if review.order.status == Status.ON_HOLD:
        refuse_held_elsewhere(work, review, components)
        lock_components(work, components, review.order.id, review.order.number, refuses_edits=False)


def refreshed_item(work: UnitOfWork, review: Review, item: Item) -> Item:
    component = review.components[item.component_key]
    wish = ItemWish(
        component.id,
        status=item.proposed_status_id,
        revision=item.proposed_revision if item.is_revision_chosen else None,
    )
    _, revision, _ = _proposed(work, review, component, wish, ("items", component.cpn))
    return item._replace(component_version=component.version, proposed_revision=revision)


def refuse_held_elsewhere(work: UnitOfWork, review: Review, components: Sequence[Component]) -> None:
    """A component is an item of one open change order at a time."""
    holding = orders_holding(work, components)
    for component in components:
        for other in holding[component.key]:
            if other.id != review.order.id:
                raise ItemInOtherOrder(
                    f"{component.cpn} is in {other.number}, which is {other.status}.",
                    path=("items",),
                    expected="components that no other open change order has",
                    hint=f"Take it out of one of the two, or wait until {other.number} is resolved.",
                )


def _refuse_closed_to_items(review: Review) -> None:
    """Under review nothing comes or goes: what is looked at stays what it is."""
    if review.order.status not in (Status.DRAFT, Status.ON_HOLD):
        raise StateRefused(
            f"The items of a change order that is {review.state} stay as they are.",
            path=("id",),
            expected=f"one that is {Status.DRAFT} or {Status.ON_HOLD}",
            hint="Put it on hold to change its items." if review.order.status == Status.OPEN else None,
        )


def _refuse_twice(review: Review, components: Sequence[Component], path: Path) -> None:
    seen = {each.component_key for each in review.items}
    for index, component in enumerate(components):
        if component.key in seen:
            raise ItemTwice(
                f"{component.cpn} is in {review.order.number} already.",
                path=(*path, index),
                expected="each component once",
            )
        seen.add(component.key)
        if component.is_archived:
            raise InvalidChangeOrder(
                f"{component.cpn} is archived.", path=(*path, index), expected="a component in use", hint="Restore it."
            )


def _new_item(
    work: UnitOfWork, review: Review, component: Component, wish: ItemWish, position: int, path: Path
) -> Item:
    refuse_stale(component, wish.version, path)
    status_id, revision, chosen = _proposed(work, review, component, wish, path)
    return Item(
        id=work.new_id(),
        change_order_id=review.order.id,
        position=position,
        component_key=component.key,
        component_version=component.version,
        proposed_status_id=status_id,
        proposed_revision=revision,
        is_revision_chosen=chosen,
    )


def _proposed(
    work: UnitOfWork, review: Review, component: Component, wish: ItemWish, path: Path
) -> tuple[str, str | None, bool]:
    known = catalog(work)
    present = known.status_by_id[component.status_id]
    status = present if wish.status is None else known.status(wish.status, (*path, "proposedStatusId"))
    refuse_move(work, present, status, (*path, "proposedStatusId"))
    return proposal(revision_scheme(work), component, status, wish.revision, review.order.type, path)


def _items(review: Review, wanted: Sequence[str] | None) -> list[Item]:
    if wanted is None:
        return list(review.items)
    known = {each.id: each for each in review.items}
    known |= {review.components[each.component_key].id: each for each in review.items}
    for index, each in enumerate(wanted):
        if each not in known:
            raise _no_item(review, each, ("itemIds", index))
    return list({known[each].id: known[each] for each in wanted}.values())


def _no_item(review: Review, wanted: str, path: Path) -> ChangeOrderMissing:
    return ChangeOrderMissing(
        f"{review.order.number} has no item {wanted[:80]!r}.",
        path=path,
        expected="the id of an item, or of its component",
    )
