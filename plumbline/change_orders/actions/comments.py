"""What people say about a change order, in threads that can be resolved."""

from __future__ import annotations

from plumbline.access.permissions import Permission, action
from plumbline.boms.reads import lines_of
from plumbline.change_orders.actions.saving import loaded, saved
from plumbline.change_orders.errors import ChangeOrderMissing, InvalidChangeOrder, NotOwner
from plumbline.change_orders.model import Comment, NewComment
from plumbline.change_orders.reads.orders import Review, comments_of
from plumbline.change_orders.store import orders as store
from plumbline.components.fields import checked_text
from plumbline.storage.unit_of_work import UnitOfWork

TEXT_LENGTH_MAX = 20_000
FIELD_LENGTH_MAX = 200
COMMENTS_MAX = 10_000


@action(needs=Permission.CHANGE_ORDERS_REVIEW)
def add_comment(work: UnitOfWork, order_id: str, new: NewComment) -> Comment:
    """Begins a thread about the order, an item, a field or a line, or answers in one; an answer is about what its thread is about."""
    review = loaded(work, order_id)
    present = comments_of(work, [review.order.id])[review.order.id]
    if len(present) >= COMMENTS_MAX:
        raise InvalidChangeOrder(
            f"{review.order.number} has {len(present)} comments.", path=("input",), expected=f"at most {COMMENTS_MAX}"
        )
    thread = None if new.parent is None else _thread(present, new.parent)
    if thread is None:
        item_id = _item(review, new.item)
        field, line_id = _field(new.field), _line(work, review, item_id, new.line)
    else:
        item_id, field, line_id = thread.item_id, thread.field, thread.line_id
    comment = Comment(
        id=work.new_id(),
        change_order_id=review.order.id,
        parent_id=None if thread is None else thread.id,
        item_id=item_id,
        field=field,
        line_id=line_id,
        text=_text(new.text),
        created_by=work.actor.user_id,
        created_at=work.change.changed_at,
    )
    store.insert_parts(work.connection, work.library_id, [comment])
    saved(work, review, "comments")
    return comment


@action(needs=Permission.CHANGE_ORDERS_REVIEW)
def edit_comment(work: UnitOfWork, order_id: str, comment_id: str, text: str) -> Comment:
    """By its author only."""
    review = loaded(work, order_id)
    comment = _comment(work, review, comment_id)
    if comment.created_by != work.actor.user_id:
        raise NotOwner("Only its author edits a comment.", path=("commentId",), expected="a comment of the caller")
    return _saved(work, review, comment._replace(text=_text(text), edited_at=work.change.changed_at))


@action(needs=Permission.CHANGE_ORDERS_REVIEW)
def resolve_comment(work: UnitOfWork, order_id: str, comment_id: str, *, resolved: bool = True) -> Comment:
    """Settles a thread, or takes it up again."""
    review = loaded(work, order_id)
    comment = _comment(work, review, comment_id)
    if comment.parent_id is not None:
        raise InvalidChangeOrder("An answer is resolved with its thread.", path=("commentId",), expected="a thread")
    if (comment.resolved_at is not None) == resolved:
        return comment
    moment, user = (work.change.changed_at, work.actor.user_id) if resolved else (None, None)
    return _saved(work, review, comment._replace(resolved_at=moment, resolved_by=user))


def _saved(work: UnitOfWork, review: Review, comment: Comment) -> Comment:
    store.update_part(work.connection, comment)
    saved(work, review, "comments")
    return comment


def _comment(work: UnitOfWork, review: Review, comment_id: str) -> Comment:
    for each in comments_of(work, [review.order.id])[review.order.id]:
        if each.id == comment_id:
            return each
    raise ChangeOrderMissing(f"There is no comment {comment_id[:80]!r}.", path=("commentId",))


def _thread(present: list[Comment], parent_id: str) -> Comment:
    """Threads have one level: an answer to an answer stands in the same thread."""
    by_id = {each.id: each for each in present}
    found = by_id.get(parent_id)
    if found is None:
        raise ChangeOrderMissing(f"There is no comment {parent_id[:80]!r}.", path=("input", "parentId"))
    return found if found.parent_id is None else by_id[found.parent_id]


def _item(review: Review, wanted: str | None) -> str | None:
    if wanted is None:
        return None
    for each in review.items:
        if wanted in (each.id, review.components[each.component_key].id):
            return each.id
    raise ChangeOrderMissing(f"{review.order.number} has no item {wanted[:80]!r}.", path=("input", "itemId"))


def _field(wanted: str | None) -> str | None:
    return None if wanted is None else checked_text(wanted, FIELD_LENGTH_MAX, ("input", "field"), required=True)


def _line(work: UnitOfWork, review: Review, item_id: str | None, wanted: str | None) -> str | None:
    if wanted is None:
        return None
    item = next((each for each in review.items if each.id == item_id), None)
    if item is None:
        raise InvalidChangeOrder(
            "A line belongs to an item.", path=("input", "lineId"), expected="itemId beside lineId"
        )
    component = review.components[item.component_key]
    if wanted not in {each.line_id for each in lines_of(work, [component])[component.key]}:
        raise ChangeOrderMissing(f"{component.cpn} has no line {wanted[:80]!r}.", path=("input", "lineId"))
    return wanted


def _text(text: str) -> str:
    return checked_text(text, TEXT_LENGTH_MAX, ("input", "text"), required=True)
