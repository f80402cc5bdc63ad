"""A change order to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.actions.review import decide_stage
from plumbline.change_orders.jobs import resume_validated, submit_validated
from plumbline.change_orders.model import ChangeOrder, ItemWish, NewChangeOrder, ReviewerWish, StageWish
from plumbline.components.model import Component
from plumbline.configuration.actions import create_template
from plumbline.testing.callers import Caller, Team


def template_text(*stages: str, more: str = "") -> str:
    """A template with a stage of each approval type named, `Unanimous` or `Majority:2` with a minimum."""
    listed = "".join(
        f"    - name: Stage {place}\n      types: [Unanimous, Majority, Minimum]\n      default: {kind.partition(':')[0]}\n"
        f"      minReviewers: {kind.partition(':')[2] or 1}\n"
        for place, kind in enumerate(stages, start=1)
    )
    return (
        'version: "1.0"\ndescription: For tests\nschema_type: change_order_scheme\ndetails:\n  info:\n    groups: []\n'
        f"stages:\n  open:\n{listed}{more}"
    )


class Desk:
    """Change orders in few words."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self._templates = 0

    def template(self, *stages: str, more: str = "") -> str:
        self._templates += 1
        name = f"For tests {self._templates}"
        return self.team.manager.run(create_template, name, template_text(*stages, more=more)).id

    def draft(
        self,
        components: Sequence[Component],
        *reviewers: Sequence[Caller],
        stages: Sequence[str] = ("Unanimous",),
        more: str = "",
        by: Caller | None = None,
        **fields: Any,
    ) -> ChangeOrder:
        """`reviewers`: those of each stage, in their order."""
        seats = tuple(
            StageWish(f"Stage {place}", reviewers=tuple(ReviewerWish(each.actor.user_id) for each in people))
            for place, people in enumerate(reviewers, start=1)
        )
        new = NewChangeOrder(
            name="Better brackets",
            template=self.template(*stages, more=more),
            items=tuple(ItemWish(each.id) for each in components),
            stages=seats,
            **fields,
        )
        return (by or self.team.engineer).run(create_change_order, new)

    def submitted(self, *arguments: Any, **options: Any) -> ChangeOrder:
        order = self.draft(*arguments, **options)
        return self.submit(order, by=options.get("by"))

    def submit(self, order: ChangeOrder, by: Caller | None = None) -> ChangeOrder:
        return submit_validated(self.team.application, (by or self.team.engineer).actor, order.id)

    def resume(self, order: ChangeOrder) -> ChangeOrder:
        return resume_validated(self.team.application, self.team.engineer.actor, order.id)

    def approve(self, order: ChangeOrder, by: Caller, **options: Any) -> ChangeOrder:
        return by.run(decide_stage, order.id, "APPROVED", **options)

    def reject(self, order: ChangeOrder, by: Caller, **options: Any) -> ChangeOrder:
        return by.run(decide_stage, order.id, "REJECTED", **{"note": "Not yet.", **options})


@pytest.fixture
def desk(team: Team) -> Desk:
    return Desk(team)
