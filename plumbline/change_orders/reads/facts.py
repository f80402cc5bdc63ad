"""What validations look at, read in one snapshot."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from plumbline.access.permissions import Permission, read
from plumbline.access.reads import users_by_ids
from plumbline.boms.model import BomLine
from plumbline.boms.reads import lines_of, ring_if_released
from plumbline.catalog.reads import catalog, prepared_rules
from plumbline.change_orders.facts import ItemFacts, OrderFacts
from plumbline.change_orders.model import OrderType
from plumbline.change_orders.reads.orders import Review, last_runs, orders_holding, review_of
from plumbline.change_orders.templates import template_of
from plumbline.components.model import Component
from plumbline.components.reads import attribute_values_of, components_by_keys, find_components
from plumbline.numbering.reads import revision_scheme
from plumbline.storage.unit_of_work import Scope


@read(needs=Permission.LIBRARY_READ)
def facts_of(scope: Scope, order_id: str) -> OrderFacts:
    """About the change order as it is now, its items in their newest versions."""
    review = review_of(scope, order_id)
    components = list(review.components.values())
    lines = lines_of(scope, components)
    named = components_by_keys(scope, list({line.child_key for each in lines.values() for line in each}))
    run = last_runs(scope, [review.order.id]).get(review.order.id)
    return OrderFacts(
        order=review.order,
        digest=review.digest,
        template=template_of(review.order.template),
        items=_items(scope, review, lines),
        stages=review.stages,
        reviewers=review.reviewers,
        verdicts={
            (each.stage_id, each.reviewer_id): (each.verdict, each.note, each.decided_at) for each in review.decisions
        },
        named=named,
        named_by_id=_substitutes(scope, lines),
        catalog=catalog(scope),
        checkers=prepared_rules(scope),
        scheme=revision_scheme(scope),
        people=users_by_ids(scope, _people(review)),
        ring=() if _releases_nothing(review) else ring_if_released(scope, components),
        library_id=scope.library_id,
        configuration_change=scope.configuration_change or 0,
        is_valid=None if run is None else run.state == "PASS",
    )


def _releases_nothing(review: Review) -> bool:
    return review.order.type == OrderType.DCO or not review.items


def _items(scope: Scope, review: Review, lines: dict[int, list[BomLine]]) -> list[ItemFacts]:
    components = list(review.components.values())
    values = attribute_values_of(scope, components)
    holding = orders_holding(scope, components)
    return [
        ItemFacts(
            item=each,
            component=review.components[each.component_key],
            values={value.attribute_id: value.value for value in values[each.component_key]},
            lines=lines[each.component_key],
            others=[other for other in holding[each.component_key] if other.id != review.order.id],
        )
        for each in review.items
    ]


def _substitutes(scope: Scope, lines: dict[int, list[BomLine]]) -> dict[str, Component]:
    ids = {
        substitute
        for each in lines.values()
        for line in each
        if line.substitutes != "[]"
        for substitute in orjson.loads(line.substitutes)
    }
    return {each.id: each for each in find_components(scope, sorted(ids))}


def _people(review: Review) -> Sequence[str]:
    people = {review.order.created_by, review.order.updated_by}
    people |= {person for each in review.components.values() for person in (each.created_by, each.updated_by)}
    people |= {each.user_id for each in review.reviewers if each.user_id is not None}
    people |= {told["userId"] for stage in review.stages for told in orjson.loads(stage.notify) if "userId" in told}
    return sorted(people)
