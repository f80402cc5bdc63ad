"""Libraries with a past: in which everything that can happen to one has happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from plumbline.access.actions import add_member, remove_member, rename_library
from plumbline.access.model import NewMember
from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, NewLine
from plumbline.boms.reads import lines_of
from plumbline.catalog.actions import create_attributes, create_categories
from plumbline.catalog.model import AttributeType, CategoryType, NewAttribute, NewCategory
from plumbline.change_orders.shipped import preset_text
from plumbline.components.actions.mark import mark_component
from plumbline.components.actions.update import archive_components, update_components
from plumbline.components.model import Component, ComponentChange, MarkKind, ReleaseRequest
from plumbline.components.reads import component_by_cpn, components_by_ids
from plumbline.configuration.actions import apply_configuration, create_template, roll_back_configuration
from plumbline.configuration.model import File
from plumbline.exchange.model import ImportedData, ImportedLine, ImportedPart, Origin
from plumbline.files.model import NewUpload
from plumbline.imports.actions.steps import create_import, import_at_once
from plumbline.imports.actions.undo import undo_import
from plumbline.imports.model import ImportOptions
from plumbline.kit.actor import Role
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team
from plumbline.testing.scenarios.library import build
from plumbline.testing.scenarios.reviewed import reviewed


@dataclass(frozen=True)
class Lived:
    """A library with a past."""

    team: Team
    top: Component
    """The example's product."""

    @property
    def boss(self) -> Caller:
        return self.team.administrator


REGISTRY = """\
version: "1.0"
categories:
  - code: "100"
    type: MECHANICAL
    name: Bracket
    specs:
      - { name: Width, type: number, unit: mm, validation: { minimum: 0.5 } }
      - { name: Finish, type: string, required: Production, validation: { enum: [Raw, Zinc] } }
  - { code: "900", type: ASSEMBLY, name: Mechanical Assembly }
"""


def lived_through(team: Team) -> Lived:
    """The example library, and what it does not have by itself."""
    boss = team.administrator
    example = build(boss)
    attribute = boss.run(create_attributes, [NewAttribute("Certificates", AttributeType.LIST)])[0]
    parent = boss.run(create_categories, [NewCategory("Machine", CategoryType.MECHANICAL, code="880")])[0]
    below = NewCategory(
        "Lathe", CategoryType.MECHANICAL, "879", parent_id=parent.id, attributes=("Certificates", "Mass")
    )
    category = boss.run(create_categories, [below])[0]
    lathe = make.component(
        boss, "Lathe €µ\u2028\U0001f529", category=category.id, labels=("hot", "ünïcode"),
        attributes={attribute.id: ["CE", "UL"], "Mass": "1.000000000001 kg"},
        aliases=(("legacy", "OLD-1"), ("import", "=1+1")), sources=(make.source("Maker", "M-1", (1, "0.10"), (1000, "0.0000001")),),
    )  # fmt: skip
    bed, machine = make.assembly(boss, "Bed", []), make.assembly(boss, "Machine", [(lathe, "0.000000000001")])
    boss.run(update_components, [ComponentChange(lathe.id, aliases=(("legacy", "OLD-2"),), attributes={"Mass": None})])
    boss.run(update_components, [ComponentChange(lathe.id, sources=(), attributes={"Mass": "2 lb"})])
    boss.run(release_components, [ReleaseRequest(lathe.id), ReleaseRequest(machine.id)])
    imported(boss)
    turned_round(boss, machine.id, bed.id)
    boss.run(archive_components, [make.component(boss, "Forgotten").id])
    for caller in (boss, team.viewer):
        caller.run(mark_component, machine.id, MarkKind.PINNED)
    boss.run(create_template, "Quick", preset_text("default"))
    boss.run(create_template, "Slow", preset_text("default"))
    boss.run(roll_back_configuration, 2, allow=["all"], reason="Slow was too slow")
    somebody_leaves(boss)
    told = boss.run(add_member, newcomer(boss, "Tom")).user.id
    reviewed(team, told=told)
    boss.run(remove_member, told)  # named by nothing but the lists of whom to tell
    boss.run(rename_library, "Renamed Library")
    boss.key()
    return Lived(team, boss.ask(component_by_cpn, example.top))


def imported(boss: Caller) -> None:
    """One import that stands, one that was undone, and one that is still under way."""
    boss.run(import_at_once, assembly_of("Lamp", "Bulb"))
    mistake = boss.run(import_at_once, assembly_of("Torch", "Battery"))[1]
    assert mistake is not None, "it made two parts"
    boss.run(undo_import, mistake.id)
    boss.run(create_import, [NewUpload("later.csv", 100)], ImportOptions())


def assembly_of(name: str, part: str) -> ImportedData:
    """From files: one change makes components and gives them lines, which is two versions of an assembly at once."""
    origin = Origin(f"{name.lower()}.csv")
    parts = tuple(ImportedPart(each, each, origin, f"{each.upper()}-1") for each in (name, part))
    return ImportedData("table", parts, (ImportedLine(name, part, Decimal(2), origin),), tops=(name,))


def turned_round(boss: Caller, one: str, other: str) -> None:
    """First the one contains the other, then the other the one: a ring in what ever was, and at no moment."""
    first, second = boss.ask(components_by_ids, [one, other])
    boss.run(edit_boms, [BomEdit(one, add=(NewLine(other, Decimal(1)),))])
    line = next(each for each in boss.ask(lines_of, [first])[first.key] if each.child_key == second.key)
    boss.run(edit_boms, [BomEdit(one, remove=(line.line_id,))])
    boss.run(edit_boms, [BomEdit(other, add=(NewLine(one, Decimal(1)),))])


def somebody_leaves(boss: Caller) -> None:
    """Who once changed something is known for ever, member or not."""
    leaver = boss.run(add_member, newcomer(boss, "Leo")).user
    make.component(Caller(boss.application, replace(boss.actor, user_id=leaver.id, role=Role.EDITOR)), "Last work")
    boss.run(remove_member, leaver.id)


def newcomer(boss: Caller, name: str) -> NewMember:
    return NewMember(f"{name.lower()}-{boss.actor.user_id[:8]}@acme.example", name, Role.EDITOR)


def reconfigured(team: Team) -> Caller:
    """A library whose whole catalog was replaced, so that most of it is kept for the past only, and partly came back."""
    boss = team.administrator
    boss.run(apply_configuration, [File("categories.yaml", REGISTRY)], complete=False, allow=["all"], reason="Ours")
    make.component(boss, "Holder", category="Bracket", attributes={"Width": "3 mm", "Finish": "Zinc"})
    wider = REGISTRY.replace("minimum: 0.5", "minimum: 10").replace("Zinc]", "Zinc, Gold]")
    boss.run(apply_configuration, [File("categories.yaml", wider)], complete=False, allow=["all"], reason="Wider")
    boss.run(roll_back_configuration, 2, allow=["all"], reason="Narrow again")
    return boss
