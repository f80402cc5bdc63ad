"""The template that a change order keeps, understood; and its stages as a new change order begins with them (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson

from plumbline.change_orders.model import Reviewer, ReviewStage, StageState
from plumbline.change_orders.template import FieldValue, NamedUser, NotifyList, Stage, Template
from plumbline.kit.late import LateModule
from plumbline.kit.quantity import canonical
from plumbline.kit.yaml_source import load_yaml

if TYPE_CHECKING:
    from plumbline.change_orders import template_reading
else:
    template_reading = LateModule("plumbline.change_orders.template_reading")

Members = Mapping[str, str]
"""User ids by id and by e-mail address, in small letters."""


@lru_cache(maxsize=256)
def template_of(text: str) -> Template:
    """A text that was checked when it came into force."""
    return template_reading.template_from(load_yaml(text, "template.yaml"))


def template_config_of(text: str) -> object:
    """The template's YAML as JSON."""
    return template_reading.template_config(load_yaml(text, "template.yaml"))


def wire_value(value: FieldValue) -> object:
    """A value of a field as JSON carries it; `checked_field_values` reads it as the same value."""
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def contents_text(values: Mapping[str, FieldValue]) -> str:
    return orjson.dumps({name: wire_value(value) for name, value in values.items()}).decode()


def first_stages(
    template: Template, order_id: str, members: Members, new_id: Callable[[], str]
) -> Iterator[tuple[ReviewStage, list[Reviewer]]]:
    """Every stage with the seats that the template names. Whoever is nobody here keeps a seat only if the stage waits for him."""
    for position, stage in enumerate(template.stages, start=1):
        made = ReviewStage(
            id=new_id(),
            change_order_id=order_id,
            position=position,
            name=stage.name,
            types=orjson.dumps([str(each) for each in stage.types]).decode(),
            approval_type=stage.default_type,
            minimum=stage.minimum,
            state=StageState.PENDING,
            notify=notify_text(stage.notify, members),
        )
        yield made, list(_seats(stage, made, members, new_id))


def _seats(stage: Stage, made: ReviewStage, members: Members, new_id: Callable[[], str]) -> Iterator[Reviewer]:
    for position, each in enumerate(stage.reviewers, start=1):
        user_id = user_named(each.user, members)
        is_awaited = each.is_required or each.is_required_to_approve
        if user_id is not None or is_awaited:
            yield Reviewer(
                id=new_id(),
                change_order_id=made.change_order_id,
                stage_id=made.id,
                position=position,
                user_id=user_id,
                named=each.user.email or each.user.id or "",
                is_required=each.is_required,
                is_required_to_approve=each.is_required_to_approve,
                is_of_template=True,
            )


def user_named(user: NamedUser, members: Members) -> str | None:
    return members.get(user.id or "") or members.get(user.email or "")


def notify_text(told: NotifyList, members: Members) -> str:
    """Users who are nobody here are left out: there is nobody to tell."""
    users = [found for each in told.users if (found := user_named(each, members)) is not None]
    entries = [{"userId": each} for each in dict.fromkeys(users)]
    return orjson.dumps([*entries, *({"email": each} for each in dict.fromkeys(told.emails))]).decode()
