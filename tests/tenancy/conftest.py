"""Libraries that hold the same things under the same names and numbers, so that only ids tell whose a row is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from plumbline.access.actions import add_member, create_api_key
from plumbline.access.model import ApiKey, NewMember, Organization
from plumbline.access.reads import organizations_of_caller
from plumbline.boms.actions import release_components
from plumbline.boms.model import BomLine
from plumbline.boms.reads import lines_of
from plumbline.catalog.actions import create_attributes, create_categories
from plumbline.catalog.model import Attribute, AttributeType, Category, CategoryType, NewAttribute, NewCategory, Status
from plumbline.catalog.reads import catalog
from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.jobs import submit_validated
from plumbline.change_orders.model import ChangeOrder, ItemWish, NewChangeOrder, ReviewerWish, StageWish
from plumbline.change_orders.reads.orders import items_of, last_runs, reviewers_of, stages_of
from plumbline.components.actions.mark import mark_component
from plumbline.components.model import Component, MarkKind, ReleaseRequest
from plumbline.components.reads import components_by_ids, sources_of
from plumbline.configuration.actions import create_template
from plumbline.founding import found_organization
from plumbline.kit.actor import Role
from plumbline.kit.ids import random_id
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team, new_team
from plumbline.testing.plugin import shared_application


@dataclass(frozen=True)
class World:
    """A library and what is in it: a product of two levels, its parts with every kind of detail, one released."""

    team: Team
    organization: Organization
    category: Category
    attribute: Attribute
    status: Status
    screw: Component
    leg: Component
    top: Component
    line: BomLine
    source_id: str
    key: ApiKey
    held: Component
    """Under review in `order`."""
    order: ChangeOrder

    @property
    def administrator(self) -> Caller:
        return self.team.administrator

    @property
    def parts(self) -> list[Component]:
        return [self.screw, self.leg, self.top]

    def fresh(self) -> Component:
        """A component more, that a test may change."""
        return make.component(self.administrator, "Fresh")

    def draft(self, component: Component) -> ChangeOrder:
        return drafted(self.team, component)

    @property
    def run_id(self) -> str:
        return self.administrator.ask(last_runs, [self.order.id])[self.order.id].id

    def of_order(self, read: Callable[..., Any]) -> list[Any]:
        return list(self.administrator.ask(read, [self.order.id])[self.order.id])

    def change_number(self) -> int:
        with self.administrator.application.asking(self.administrator.actor) as asked:
            return change_number_now(asked.scope)

    def ids(self) -> set[str]:
        """Every id of the library that a caller could come to know, or guess."""
        actor = self.administrator.actor
        found = {actor.library_id, actor.organization_id, self.line.line_id, self.source_id, self.key.id}
        found |= {
            each.actor.user_id
            for each in (self.team.administrator, self.team.manager, self.team.engineer, self.team.viewer)
        }
        found |= {each.id for each in self.parts} | {self.held.id, self.order.id}
        found |= {each.id for read in (items_of, stages_of, reviewers_of) for each in self.of_order(read)}
        found.add(self.run_id)
        known = self.administrator.ask(catalog)
        for entries in (known.statuses, known.categories, known.attributes):
            found |= {each.id for each in entries}
        return found


TEMPLATE = """\
version: "1.0"
description: One stage, which waits for all
schema_type: change_order_scheme
details: {info: {groups: []}}
stages: {open: [{name: Review, types: [Unanimous], default: Unanimous}]}
"""


def drafted(team: Team, component: Component) -> ChangeOrder:
    """By an Editor; everybody has a seat."""
    people = (team.administrator, team.manager, team.engineer, team.viewer)
    seats = tuple(ReviewerWish(each.actor.user_id) for each in people)
    stages = (StageWish("Review", reviewers=seats),)
    new = NewChangeOrder("Better", template="One Stage", items=(ItemWish(component.id),), stages=stages)
    return team.engineer.run(create_change_order, new)


def submitted(team: Team, order: ChangeOrder) -> ChangeOrder:
    return submit_validated(team.application, team.engineer.actor, order.id)


def build(team: Team) -> World:
    boss = team.administrator
    boss.run(create_template, "One Stage", TEMPLATE)
    attribute = boss.run(create_attributes, [NewAttribute("Clamping Torque", AttributeType.NUMBER, "Nm")])[0]
    category = boss.run(
        create_categories, [NewCategory("Special Screw", CategoryType.MECHANICAL, attributes=("Clamping Torque",))]
    )[0]
    screw = make.component(
        boss, "Screw", category=category.id, description="Holds things", eid="E-1", labels=("hot",),
        attributes={"Clamping Torque": "2 Nm"}, aliases=(("legacy", "OLD-1"),), sources=(make.source("Bossard", "B1", (1, "0.10")),),
    )  # fmt: skip
    leg = make.assembly(boss, "Leg", [(screw, 8)])
    top = make.assembly(boss, "Table", [(leg, 4), (screw, 3)])
    boss.run(mark_component, screw.id, MarkKind.FAVORITE)
    boss.run(release_components, [ReleaseRequest(screw.id), ReleaseRequest(leg.id)])
    held = make.component(boss, "Held")
    order = submitted(team, drafted(team, held))
    screw, leg, top = boss.ask(components_by_ids, [screw.id, leg.id, top.id])
    return World(
        team,
        boss.ask(organizations_of_caller)[0],
        category,
        attribute,
        boss.ask(catalog).statuses[0],
        screw,
        leg,
        top,
        boss.ask(lines_of, [leg])[leg.key][0],
        boss.ask(sources_of, [screw])[screw.key][0].id,
        boss.run(create_api_key, "A key").key,
        held,
        order,
    )


def neighbour_of(world: World) -> World:
    """Another library of the same organization, with people of its own."""
    application = world.administrator.application
    mark = random_id()[:8]

    def person(name: str, role: Role) -> NewMember:
        return NewMember(f"{name}-{mark}@acme.example", name, role)

    founded = found_organization(
        application,
        organization=world.organization.name,
        library=f"Library {mark}",
        administrator=person("Nora", Role.ADMINISTRATOR),
    )
    administrator = Caller(application, founded.actor)
    assert founded.organization.id == world.organization.id

    def colleague(name: str, role: Role) -> Caller:
        member = administrator.run(add_member, person(name, role))
        return Caller(application, replace(founded.actor, user_id=member.user.id, role=role))

    return build(
        Team(
            application,
            administrator,
            colleague("Mo", Role.MANAGER),
            colleague("Eve", Role.EDITOR),
            colleague("Vic", Role.VIEW_ONLY),
        )
    )


@cache
def _worlds(dialect: str) -> dict[str, World]:
    application = shared_application(dialect)
    home = build(new_team(application))
    return {"home": home, "other organization": build(new_team(application)), "same organization": neighbour_of(home)}


@pytest.fixture
def home(dialect: str) -> World:
    return _worlds(dialect)["home"]


@pytest.fixture(params=["other organization", "same organization"])
def stranger(request: pytest.FixtureRequest, dialect: str) -> World:
    """Somebody with every right in a library of his own."""
    return _worlds(dialect)[str(request.param)]
