from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from plumbline.exchange.formats import read_files, recognise
from plumbline.exchange.model import ImportedData, PartKind, ReadOptions, Severity


@pytest.fixture(scope="module")
def demo(data_set):
    return data_set("inventree-demo")


@pytest.fixture(scope="module")
def both_ways(demo) -> dict[str, ImportedData]:
    files = demo.files()
    return {
        "yes": read_files(files),
        "no": read_files(files, options=ReadOptions(inherit_lines=False)),
    }


@pytest.fixture(scope="module")
def data(both_ways) -> ImportedData:
    return both_ways["no"]


def by_pk(data: ImportedData):
    return {part.origin.row: part for part in data.parts}


def test_the_file_is_recognised(demo):
    assert recognise(demo.files()).format == "inventree"


def test_every_part_with_its_fields_and_counts(demo, data):
    lines = Counter(line.parent_key for line in data.lines)
    pk_of = {part.key: part.origin.row for part in data.parts}
    found = {
        (str(part.origin.row), part.number or "", part.name, part.revision or "", "/".join(part.category_path),
         part.unit or "", part.kind is PartKind.ASSEMBLY, part.is_template, str(pk_of.get(part.variant_of, "")),
         part.is_active, len(part.attributes), sum(len(source.offers) for source in part.sources),
         sum(source.mpn is not None for source in part.sources), lines[part.key])
        for part in data.parts
    }  # fmt: skip
    wanted = {
        (r["pk"], r["ipn"], r["name"], r["revision"], r["category_path"],
         r["units"], r["assembly"] == "1", r["is_template"] == "1", r["variant_of_pk"],
         r["active"] == "1", int(r["parameters"]), int(r["supplier_parts"]),
         int(r["manufacturer_parts"]), int(r["bom_lines"]))
        for r in demo.expected("expected_parts.csv")
    }  # fmt: skip
    assert found == wanted
    assert len(found) == 414


def test_every_category(demo, data):
    direct = Counter(part.category_path for part in data.parts)
    found = {
        (str(category.origin.row), "/".join(category.path), len(category.path) - 1, direct[category.path])
        for category in data.categories
    }
    wanted = {
        (row["pk"], row["path"], int(row["level"]), int(row["parts_directly_in_it"]))
        for row in demo.expected("expected_categories.csv")
    }
    assert found == wanted
    assert len(data.categories) == 27


@pytest.mark.parametrize("inherited", ["no", "yes"])
def test_every_assembly_both_ways(demo, both_ways, explode, inherited):
    data = both_ways[inherited]
    parts = by_pk(data)
    for row in demo.expected("expected_assemblies.csv"):
        if row["inherited_lines_included"] != inherited:
            continue
        part = parts[int(row["assembly_pk"])]
        exploded = explode(data.lines, part.key)
        parents = {line.parent_key for line in data.lines}
        leaves = {key: quantity for key, quantity in exploded.quantity.items() if key not in parents}
        assert (row["ipn"], row["name"]) == (part.number or "", part.name)
        assert sum(line.parent_key == part.key for line in data.lines) == int(row["direct_lines"])
        assert len(leaves) == int(row["distinct_leaf_parts"])
        assert max(exploded.deepest.values()) == int(row["deepest_level"])
        assert sum(leaves.values()) == Decimal(row["total_leaf_qty"])


@pytest.mark.parametrize("inherited", ["no", "yes"])
def test_the_flat_list_of_every_assembly_both_ways(demo, both_ways, explode, inherited):
    data = both_ways[inherited]
    parts = by_pk(data)
    known = {part.key: part for part in data.parts}
    parents = {line.parent_key for line in data.lines}
    wanted = [row for row in demo.expected("expected_flat.csv") if row["inherited_lines_included"] == inherited]
    found = []
    for pk in dict.fromkeys(int(row["assembly_pk"]) for row in wanted):
        exploded = explode(data.lines, parts[pk].key)
        found += [
            (pk, parts[pk].name, known[key].origin.row, known[key].number or "", known[key].name, quantity,
             known[key].unit or "", exploded.deepest[key])
            for key, quantity in exploded.quantity.items()
            if key not in parents
        ]  # fmt: skip
    assert Counter(found) == Counter(
        (int(r["assembly_pk"]), r["assembly_name"], int(r["part_pk"]), r["part_ipn"], r["part_name"],
         Decimal(r["qty_per_assembly"]), r["units"], int(r["deepest_level"]))
        for r in wanted
    )  # fmt: skip


def test_totals_of_parameters_sources_and_prices(data):
    sources = [source for part in data.parts for source in part.sources]
    offers = [offer for source in sources for offer in source.offers]
    currencies = Counter(offer.currency for offer in offers for _ in offer.price_breaks)
    assert sum(len(part.attributes) for part in data.parts) == 1194
    assert len({source.mpn for source in sources if source.mpn}) == 187
    assert len({offer.sku for offer in offers}) == len(offers) == 773
    assert currencies == {"USD": 642, "CNY": 120, "CAD": 120, "AUD": 119}


def test_lines_keep_substitutes_consumables_references_and_fractions(data):
    lines = {(line.parent_key, line.child_key): line for line in data.lines}
    assert len(data.lines) == 228
    assert sum(len(line.substitutes) for line in data.lines) == 3
    assert sum(line.is_consumable for line in data.lines) == 3
    assert ("C1", "C2", "C5", "C9", "C12") in {line.reference_designators for line in data.lines}
    assert lines["Red Chair", "Red Paint"].quantity == Decimal("0.125")
    assert ("Screws",) in {line.reference_designators for line in data.lines}


def test_inherited_lines_say_where_they_come_from(both_ways):
    extra = [line for line in both_ways["yes"].lines if line.inherited_from]
    assert len(both_ways["yes"].lines) == 228 + len(extra)
    assert {line.inherited_from for line in extra} == {"Widget Assembly", "Round Table", "Square Table", "Chair"}


def test_values_carry_the_unit_of_their_template_unless_they_have_one(data):
    parts = {part.key: part for part in data.parts}
    assert parts["R_10R_0402_1%"].attributes["Resistance"] == "10 ohms"
    assert parts["R_10R_0402_1%"].attributes["Package"] == "0402"
    assert "47kohm" in {part.attributes.get("Resistance") for part in data.parts}


def test_packs_keep_their_size_in_the_unit_of_the_part(data):
    paint = next(part for part in data.parts if part.key == "Red Paint")
    assert paint.unit == "litres"
    assert Decimal("0.25") in {offer.pack_quantity for source in paint.sources for offer in source.offers}


def test_keys_are_numbers_or_names(data):
    parts = by_pk(data)
    assert parts[78].key == "widget.red.00"
    assert parts[94].key == "Round Table"
    assert not [part.key for part in data.parts if part.key.startswith("inventree:")]


def test_nothing_of_the_accounts_gets_in(data):
    """The fixture holds sign-ins; neither their hashes nor their mail addresses may reach the result."""
    text = repr(data)
    assert "pbkdf2" not in text
    assert "@example" not in text
    assert "auth.user" not in text


def test_nothing_was_unreadable(data):
    assert not [notice for notice in data.notices if notice.severity is Severity.ERROR]
