"""What a change order says and holds: creating one, its fields, its reviewers, its items."""

from __future__ import annotations

import orjson

from plumbline.access.permissions import Permission, action
from plumbline.change_orders.actions.items import new_items
from plumbline.change_orders.actions.review import settled
from plumbline.change_orders.actions.saving import (
    loaded,
    require_owner,
    saved,
    with_stage_opened,
    without_decisions,
)
from plumbline.change_orders.actions.seating import with_wishes
from plumbline.change_orders.errors import InvalidChangeOrder, TemplateMissing
from plumbline.change_orders.events import ChangeOrderCreated, ChangeOrderDeleted
from plumbline.change_orders.field_values import checked_field_values
from plumbline.change_orders.lifecycle import DRAFT, Verb, state_after
from plumbline.change_orders.model import (
    ChangeOrder,
    ChangeOrderEdit,
    NewChangeOrder,
    OrderType,
    Resolution,
    Status,
)
from plumbline.change_orders.reads.orders import Review, member_ids
from plumbline.change_orders.store import orders as store
from plumbline.change_orders.store.laws import COUNTER
from plumbline.change_orders.templates import contents_text, first_stages, template_of
from plumbline.components.fields import checked_text
from plumbline.definitions.model import Definition
from plumbline.definitions.reads import definitions_in_force
from plumbline.kit.errors import PathPart
from plumbline.numbering.actions import next_in_sequence
from plumbline.storage.unit_of_work import UnitOfWork

TEMPLATE = "change_order_scheme"
DEFAULT_TEMPLATE = "default"
NAME_LENGTH_MAX = 200
DESCRIPTION_LENGTH_MAX = 20_000


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def create_change_order(work: UnitOfWork, new: NewChangeOrder) -> ChangeOrder:
    """A draft, with the stages of its template. The template is kept as it is now: later changes of it do not touch the order."""
    template = _template(work, new.template)
    values = checked_field_values(template_of(template.text), new.contents, may_be_incomplete=True)
    order_type, name, description = _type(new.type), _name(new.name), _description(new.description)
    moment, user = work.change.changed_at, work.actor.user_id
    order = ChangeOrder(
        id=work.new_id(),
        sequence=next_in_sequence(work, COUNTER),
        type=order_type,
        name=name,
        description=description,
        status=Status.DRAFT,
        resolution=Resolution.PENDING,
        template_id=template.id,
        template_name=template.name,
        template=template.text,
        contents=contents_text(values),
        version=1,
        created_by=user,
        created_at=moment,
        updated_by=user,
        updated_at=moment,
    )
    work.origin = f"change-order:{order.id}"
    store.insert_order(work.connection, work.library_id, order)
    review = _with_first_stages(work, order)
    review = with_wishes(work, review, new.stages)
    if new.items:
        new_items(work, review, new.items, ("items",))
    work.emit(ChangeOrderCreated(order.id, order.number, order.status, order.resolution))
    return order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def update_change_order(work: UnitOfWork, edit: ChangeOrderEdit) -> ChangeOrder:
    """Changes what the order says and who reviews it. Decisions about other content end, and their stages are reviewed again."""
    review = loaded(work, edit.id, edit.expected_version)
    state_after(review.state, Verb.EDIT)
    values = _edited(review, edit)
    fields = [name for name, value in values.items() if getattr(review.order, name) != value]
    if not fields and not edit.stages:
        return review.order
    if "type" in fields and (review.items or review.state != DRAFT):
        raise InvalidChangeOrder(
            f"{review.order.number} has items or reviewers at work, so that its type stays.",
            path=("type",),
            expected="a draft without items",
        )
    if edit.stages:
        require_owner(work, review, Verb.EDIT)
    review = with_wishes(work, review, edit.stages)
    review = saved(work, review, *fields, *(["stages"] if edit.stages else []), **values)
    review = with_stage_opened(work, without_decisions(work, review, of_other_content=True))
    # With other reviewers, what was decided so far may be enough.
    return settled(work, review).order if edit.stages and review.order.status == Status.OPEN else review.order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def delete_change_order(work: UnitOfWork, order_id: str, *, expected_version: int | None = None) -> ChangeOrder:
    """Throws a draft away. It leaves every list; what was written stays on record, and its number is not given out again."""
    review = loaded(work, order_id, expected_version)
    require_owner(work, review, Verb.DELETE)
    state_after(review.state, Verb.DELETE)
    order = saved(work, review, deleted_at=work.change.changed_at).order
    work.emit(ChangeOrderDeleted(order.id, order.number, order.status, order.resolution))
    return order


def _edited(review: Review, edit: ChangeOrderEdit) -> dict[str, str]:
    order = review.order
    contents = order.contents
    if edit.contents is not None:
        given = {**orjson.loads(order.contents), **edit.contents}
        # Outside of a draft nothing that is required may be taken away.
        is_draft = review.state == DRAFT
        contents = contents_text(checked_field_values(template_of(order.template), given, may_be_incomplete=is_draft))
    return {
        "name": order.name if edit.name is None else _name(edit.name),
        "description": order.description if edit.description is None else _description(edit.description),
        "type": order.type if edit.type is None else _type(edit.type),
        "contents": contents,
    }


def _with_first_stages(work: UnitOfWork, order: ChangeOrder) -> Review:
    stages, seats = [], []
    for stage, reviewers in first_stages(template_of(order.template), order.id, member_ids(work), work.new_id):
        stages.append(stage)
        seats.extend(reviewers)
    store.insert_parts(work.connection, work.library_id, stages)
    store.insert_parts(work.connection, work.library_id, seats)
    return Review(order, (), tuple(stages), tuple(seats), (), {})


def _template(work: UnitOfWork, wanted: str | None) -> Definition:
    """By id or name; without a wish the one called `default`, or the first by name."""
    found = definitions_in_force(work, TEMPLATE)
    by_name = {each.name.lower(): each for each in found.values()}
    if wanted is None:
        default = by_name.get(DEFAULT_TEMPLATE) or next((by_name[name] for name in sorted(by_name)), None)
        if default is None:
            raise TemplateMissing(
                "The library has no change order template.", path=("template",), hint="Create one, or install a preset."
            )
        return default
    chosen = next((each for each in found.values() if each.id == wanted), None) or by_name.get(wanted.strip().lower())
    if chosen is None:
        raise TemplateMissing(
            f"There is no change order template {wanted[:80]!r}.",
            path=("template",),
            expected=f"one of {', '.join(sorted(each.name for each in found.values()))}",
        )
    return chosen


def _type(wanted: str) -> OrderType:
    try:
        return OrderType(wanted.strip().upper())
    except ValueError:
        raise InvalidChangeOrder(
            f"{wanted[:40]!r} is no type of a change order.", path=("type",), expected=f"one of {', '.join(OrderType)}"
        ) from None


def _name(text: str) -> str:
    return _text(" ".join(text.split()), NAME_LENGTH_MAX, ("name",), required=True)


def _description(text: str) -> str:
    return _text(text, DESCRIPTION_LENGTH_MAX, ("description",), required=False)


def _text(text: str, length_max: int, path: tuple[PathPart, ...], *, required: bool) -> str:
    return checked_text(text, length_max, path, required=required)
