"""The example library, exported in every view by every template that comes along; and prices as the cost roll-up has them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from plumbline.boms.actions import edit_boms
from plumbline.boms.model import BomEdit, NewLine
from plumbline.boms.reads import exploded, rolled_up_cost, rolled_up_quantities
from plumbline.components.actions.update import update_components
from plumbline.components.model import Component, ComponentChange
from plumbline.components.reads import component_by_cpn, view_as_of, view_as_released
from plumbline.components.view import RELEASED, WORKING, ViewMode
from plumbline.exchange.errors import ExportTooLarge, InvalidExportTemplate
from plumbline.exchange.exporting.fields import FIELDS
from plumbline.exchange.exporting.sheet import ROWS_MAX
from plumbline.exchange.exporting.shipped import chosen_template, shipped_names
from plumbline.exchange.exporting.template import ExportTemplate, template_from_text
from plumbline.exchange.reads.lists import exported_bom
from plumbline.kit.clock import from_iso
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team, new_team
from plumbline.testing.databases import DIALECTS
from plumbline.testing.plugin import shared_application
from plumbline.testing.scenarios.library import ExampleLibrary, build


@dataclass(frozen=True)
class Home:
    team: Team
    example: ExampleLibrary
    top: Component

    @property
    def viewer(self) -> Caller:
        return self.team.viewer

    def view(self, name: str):
        if name == "WORKING":
            return WORKING
        if name == "RELEASED":
            return RELEASED
        if name == "AS_OF":
            moment = self.viewer.ask(component_by_cpn, self.example.top, view=RELEASED).released_at
            return self.viewer.ask(view_as_of, ViewMode.WORKING, from_iso(moment))
        return self.viewer.ask(view_as_released, self.top.id, "A")


@pytest.fixture(scope="module", params=DIALECTS)
def home(request) -> Home:
    team = new_team(shared_application(str(request.param)))
    example = build(team.administrator)
    return Home(team, example, team.viewer.ask(component_by_cpn, example.top))


def template(kind: str, *columns: str, more: str = "") -> ExportTemplate:
    listed = "\n".join(f"  - {each}" for each in columns)
    return template_from_text(f"schema_type: export_template\nname: t\nkind: {kind}\n{more}columns:\n{listed}\n")


def dicts(caller: Caller, top: Component, wanted: ExportTemplate, **options) -> list[dict]:
    """Every row, page by page."""
    found: list[dict] = []
    at_change = None
    while True:
        page = caller.ask(exported_bom, top, wanted, at_change=at_change, offset=len(found), limit=50, **options)
        titles = [column.title for column in page.columns]
        found += [dict(zip(titles, row.cells, strict=True)) for row in page.rows]
        at_change = page.at_change
        if not page.has_next:
            return found


VIEWS = ("WORKING", "RELEASED", "AS_OF", "AS_RELEASED")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_template_shows_the_product_in_every_view(home, view, name):
    chosen = home.view(view)
    wanted = chosen_template(name, None)
    rows = dicts(home.viewer, home.top, wanted, view=chosen)
    if wanted.kind == "indented":
        lines, _ = home.viewer.ask(exploded, home.top, view=chosen)
        assert [(row["Level"], row["Total quantity"]) for row in rows] == [(line.level, line.total) for line in lines]
    else:
        quantity = {"assembly-house": "Quantity", "purchasing": "Quantity", "kicad": "Qty"}[name]
        counted = home.viewer.ask(
            rolled_up_quantities, home.top, view=chosen, include_do_not_place=wanted.include_do_not_place
        )
        assert sum(row[quantity] for row in rows) == sum(counted.totals[key] for key in counted.leaves)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", ["indented", "flat", "parts"])
@pytest.mark.parametrize("built", ["1", "250"])
def test_the_prices_of_all_rows_are_the_cost_roll_up(home, view, kind, built):
    chosen = home.view(view)
    wanted = template(kind, "field: extended_price", "field: unit_price", more=f"build_quantity: {built}\n")
    rows = dicts(home.viewer, home.top, wanted, view=chosen)
    cost = home.viewer.ask(rolled_up_cost, home.top, view=chosen, build_quantity=Decimal(built))
    assert cost.total > 0
    assert sum(row["Extended price"] for row in rows if row["Extended price"] is not None) == cost.total


def test_an_assembly_costs_what_is_in_it(home):
    rows = dicts(home.viewer, home.top, template("indented", "field: level", "field: rolled_up_price", "field: cpn"))
    direct = [row["Rolled up price"] for row in rows if row["Level"] == 1 and row["Rolled up price"] is not None]
    assert sum(direct) == home.viewer.ask(rolled_up_cost, home.top).total


def test_views_show_what_changed_between_them(home):
    wanted = template("flat", "field: cpn", "field: total_quantity", "field: revision")
    shown = {name: dicts(home.viewer, home.top, wanted, view=home.view(name)) for name in VIEWS}
    assert shown["WORKING"] != shown["RELEASED"]
    assert shown["RELEASED"] != shown["AS_RELEASED"]
    assert {row["Revision"] for row in shown["AS_RELEASED"]} >= {"A"}
    assert any(row["Revision"] == "B" for row in shown["RELEASED"])


def test_every_field_has_a_value_somewhere_in_the_example(home):
    columns = [
        f"field: {name}"
        if not meaning.has_name
        else "field: attribute.Mass"
        if name == "attribute"
        else "field: alias.LEGACY"
        for name, meaning in FIELDS.items()
    ]
    for kind in ("indented", "flat", "parts"):
        wanted = template(
            kind, *(f"{{ {each}, title: '{each}' }}" for each in columns), more="include_do_not_place: true\n"
        )
        rows = dicts(home.viewer, home.top, wanted)
        empty = {title for title in columns if all(row[title] in (None, "") for row in rows)}
        places = set() if kind == "indented" else {"field: path", "field: parent", "field: quantity"}
        assert empty - places <= {
            "field: eid",
            "field: labels",
            "field: link",
            "field: datasheet",
            "field: description",
        }


def test_attributes_are_shown_as_typed_or_as_numbers_and_unknown_ones_refused(home):
    columns = [
        "{ field: attribute.resistance, title: text }",
        "{ field: attribute.Resistance, title: n, format: number }",
    ]
    rows = dicts(home.viewer, home.top, template("flat", "field: name", *columns))
    assert {"10k": Decimal(10_000), "50 mΩ": Decimal("0.05")}.items() <= {row["text"]: row["n"] for row in rows}.items()
    with pytest.raises(InvalidExportTemplate, match="no attribute 'Resistence'") as told:
        dicts(home.viewer, home.top, template("flat", "field: attribute.Resistence", "field: attribute.Nonsense"))
    assert told.value.hint == "Did you mean 'Resistance'?"
    assert len(told.value.also) == 1
    optional = template("flat", "{ field: attribute.Nonsense, otherwise: [cpn], is_optional: true }")
    assert all(row["Nonsense"] for row in dicts(home.viewer, home.top, optional))


def test_pages_show_the_moment_of_the_first(team):
    parts = make.components(team.engineer, "Screw", "Nut", "Washer")
    top = make.assembly(team.engineer, "Box", [(each, 2) for each in parts])
    wanted = template("indented", "field: name", "field: quantity")
    first = team.viewer.ask(exported_bom, top, wanted, limit=1)
    team.engineer.run(edit_boms, [BomEdit(top.id, replace_all=(NewLine(parts[0].id, Decimal(9)),))])
    team.engineer.run(update_components, [ComponentChange(parts[1].id, name="Hex nut")])
    rest = team.viewer.ask(exported_bom, top, wanted, at_change=first.at_change, offset=1)
    assert [row.cells for row in (*first.rows, *rest.rows)] == [("Screw", 2), ("Nut", 2), ("Washer", 2)]
    assert not rest.has_next
    now = team.viewer.ask(exported_bom, top, wanted)
    assert [row.cells for row in now.rows] == [("Screw", 9)]


def test_what_is_not_placed_is_listed_if_wanted_and_costs_nothing(team):
    source = make.source("Acme", "A-1", (1, "0.5"), (10, "0.25"))
    part = make.component(team.engineer, "Resistor", sources=(source,))
    top = make.component(team.engineer, "Board", category="PCBA")
    lines = (
        NewLine(part.id, Decimal(3), reference_designators="R1-R3", notes="near J1"),
        NewLine(part.id, Decimal(2), reference_designators="R8, R9", is_do_not_place=True),
    )
    team.engineer.run(edit_boms, [BomEdit(top.id, add=lines)])
    columns = [
        "reference_designators",
        "designator_ranges",
        "total_quantity",
        "do_not_place",
        "extended_price",
        "notes",
    ]
    shown = [f"{{ field: {each}, title: {each} }}" for each in columns]
    everything = dicts(team.viewer, top, template("flat", *shown, more="include_do_not_place: true\n"))
    assert [tuple(row.values()) for row in everything] == [
        ("R1, R2, R3", "R1-R3", 3, False, Decimal("1.5"), "near J1"),
        ("R8, R9", "R8, R9", 2, True, None, None),
    ]
    assert [tuple(row.values()) for row in dicts(team.viewer, top, template("flat", *shown))] == [
        tuple(everything[0].values())
    ]
    indented = dicts(team.viewer, top, template("indented", *shown, more="include_do_not_place: true\n"))
    assert indented == everything


def test_a_product_without_lines_is_an_empty_list(team):
    part = make.component(team.engineer, "Alone")
    for kind in ("indented", "flat", "parts"):
        assert dicts(team.viewer, part, template(kind, "field: cpn", "field: rolled_up_price")) == []


def test_a_list_has_an_end(team):
    part = make.component(team.engineer, "Alone")
    with pytest.raises(ExportTooLarge, match="more than 1000000 rows"):
        team.viewer.ask(exported_bom, part, template("flat", "field: cpn"), offset=ROWS_MAX)
