"""A part master with categories, parameters, sources in four currencies and BOMs; with and without lines that variants inherit."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from plumbline.boms.reads import rolled_up_cost
from plumbline.catalog.model import unit_of_measure
from plumbline.catalog.reads import catalog
from plumbline.components.reads import attribute_values_of, sources_of
from plumbline.exchange.catalog_steps import category_paths

INHERITED = {"yes": True, "no": False}


@pytest.fixture(scope="module", params=INHERITED)
def inherited(request) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def demo(fresh_import, inherited):
    return fresh_import("inventree-demo", inherit_lines=INHERITED[inherited])


@pytest.fixture(scope="module")
def expected(data_set):
    return data_set("inventree-demo").expected


@pytest.fixture(scope="module")
def key_of_pk(demo):
    return {str(part.origin.row): part.key for part in demo.data.parts}


def test_every_part_with_its_counts(demo, expected, key_of_pk, inherited):
    known = demo.team.viewer.ask(catalog)
    paths = category_paths(known.categories)
    everything = demo.all_components()
    values = demo.team.viewer.ask(attribute_values_of, everything)
    sources = demo.team.viewer.ask(sources_of, everything)
    assert len(everything) == 414
    for row in expected("expected_parts.csv"):
        component = demo.components[key_of_pk[row["pk"]]]
        own_sources = [each.source for each in sources[component.key]]
        assert component.name == row["name"]
        assert "/".join(paths[component.category_id]) == row["category_path"]
        assert component.unit_of_measure == (unit_of_measure(row["units"]) or "EACH")
        assert (component.revision or "") == row["revision"]
        assert len(values[component.key]) == int(row["parameters"])
        assert sum(len(source.offers) for source in own_sources) == int(row["supplier_parts"])
        assert sum(bool(source.mpn) for source in own_sources) == int(row["manufacturer_parts"])
        if inherited == "no":
            assert len(demo.lines[component.key]) == int(row["bom_lines"])


def test_every_category_with_its_level(demo, expected):
    known = demo.team.viewer.ask(catalog)
    paths = category_paths(known.categories)
    direct = Counter("/".join(paths[each.category_id]) for each in demo.all_components())
    levels = {"/".join(path): len(path) - 1 for path in paths.values()}
    rows = expected("expected_categories.csv")
    assert len(rows) == 27
    for row in rows:
        assert levels[row["path"]] == int(row["level"])
        assert direct[row["path"]] == int(row["parts_directly_in_it"])


def test_totals_of_parameters_sources_and_prices(demo):
    everything = demo.all_components()
    values = demo.team.viewer.ask(attribute_values_of, everything)
    sources = [each.source for found in demo.team.viewer.ask(sources_of, everything).values() for each in found]
    offers = [offer for source in sources for offer in source.offers]
    currencies = Counter(offer.currency for offer in offers for _ in offer.breaks)
    assert sum(len(found) for found in values.values()) == 1194
    assert len({offer.sku for offer in offers}) == len(offers) == 773
    assert currencies == {"USD": 642, "CNY": 120, "CAD": 120, "AUD": 119}
    assert sum(currencies.values()) == 1001
    assert len({source.mpn for source in sources if source.mpn}) == 187


def test_every_assembly(demo, expected, key_of_pk, inherited):
    rows = [row for row in expected("expected_assemblies.csv") if row["inherited_lines_included"] == inherited]
    assert rows
    for row in rows:
        key = key_of_pk[row["assembly_pk"]]
        counted = demo.counted(key)
        assert len(demo.lines[demo.components[key].key]) == int(row["direct_lines"])
        assert len(counted.leaves) == int(row["distinct_leaf_parts"])
        assert max(counted.levels.values()) == int(row["deepest_level"])
        assert sum(Decimal(counted.totals[leaf]) for leaf in counted.leaves) == Decimal(row["total_leaf_qty"])


def test_the_flat_list_of_every_assembly(demo, expected, key_of_pk, inherited):
    rows = [row for row in expected("expected_flat.csv") if row["inherited_lines_included"] == inherited]
    found = Counter()
    by_key = {each.key: each for each in demo.all_components()}
    for pk in {row["assembly_pk"] for row in rows}:
        counted = demo.counted(key_of_pk[pk])
        for leaf in counted.leaves:
            unit, level = by_key[leaf].unit_of_measure, counted.levels[leaf]
            found[pk, demo.key_of[leaf], Decimal(counted.totals[leaf]), unit, level] += 1
    assert found == Counter(
        (
            row["assembly_pk"],
            key_of_pk[row["part_pk"]],
            Decimal(row["qty_per_assembly"]),
            unit_of_measure(row["units"]) or "EACH",
            int(row["deepest_level"]),
        )
        for row in rows
    )


def test_prices_of_packs_are_kept_per_piece(demo):
    """Every price that was stated comes back as pack price; the exact ones to the last digit, the others within a rounding."""
    for part in demo.data.parts:
        component = demo.components[part.key]
        sources = demo.team.viewer.ask(sources_of, [component])[component.key] if part.sources else []
        offers = {offer.sku: offer for each in sources for offer in each.source.offers}
        for stated in (offer for source in part.sources for offer in source.offers):
            kept = offers[stated.sku]
            assert kept.pack_quantity == stated.pack_quantity
            for before, after in zip(stated.price_breaks, kept.breaks, strict=True):
                assert after.quantity == before.quantity * stated.pack_quantity
                assert abs(after.unit_price * stated.pack_quantity - before.price) < Decimal("1e-9")


def test_a_price_per_litre_follows_from_the_price_of_a_tin(demo):
    """What is under half a litre is bought by the smallest break; the table needs an eighth of a litre of red paint."""
    paint = demo.components["Red Paint"]
    tins = [offer for each in demo.team.viewer.ask(sources_of, [paint])[paint.key] for offer in each.source.offers]
    quarter = next(offer for offer in tins if offer.pack_quantity == Decimal("0.25"))
    assert all(step.quantity % Decimal("0.25") == 0 for step in quarter.breaks)
    cost = demo.team.viewer.ask(rolled_up_cost, demo.components["Red Chair"])
    assert paint.key in {line.component_key for line in cost.lines}


def test_what_lines_say_beside_their_quantity_is_not_lost(demo):
    lines = [line for found in demo.lines.values() for line in found]
    consumables = [line for line in demo.data.lines if line.is_consumable]
    assert sum("Consumable" in line.notes for line in lines) == len(consumables) > 0
    substitutes = sum(len(line.substitutes) for line in demo.data.lines)
    assert sum(line.substitutes.count('"') // 2 for line in lines) == substitutes > 0
    assert "C1, C2, C5, C9, C12" in {line.reference_designators for line in lines}
