"""Libraries that hold the same things under the same names and numbers, so that only ids tell whose a row is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

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
from plumbline.components.actions.mark import mark_component
from plumbline.components.model import Component, MarkKind, ReleaseRequest
from plumbline.components.reads import components_by_ids, sources_of
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

    @property
    def administrator(self) -> Caller:
        return self.team.administrator

    @property
    def parts(self) -> list[Component]:
        return [self.screw, self.leg, self.top]

    def fresh(self) -> Component:
        """A component more, that a test may change."""
        return make.component(self.administrator, "Fresh")

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
        found |= {each.id for each in self.parts}
        known = self.administrator.ask(catalog)
        for entries in (known.statuses, known.categories, known.attributes):
            found |= {each.id for each in entries}
        return found


def build(team: Team) -> World:
    boss = team.administrator
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
