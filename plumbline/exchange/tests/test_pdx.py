"""PDX packages: the example product goes out in every view and comes back equal in another library; packages of other systems are read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from plumbline.boms.actions import edit_boms
from plumbline.boms.model import BomEdit, NewLine
from plumbline.components.actions.update import update_components
from plumbline.components.model import Component, ComponentChange, NewSource, SourceStatus
from plumbline.components.reads import aliases_of, component_by_cpn, view_as_of, view_as_released
from plumbline.components.view import RELEASED, WORKING, View, ViewMode
from plumbline.exchange.actions import apply_import
from plumbline.exchange.errors import ExportTooLarge, ImportTooLarge, UnreadableFile
from plumbline.exchange.exporting import pdx_writing
from plumbline.exchange.exporting.package import (
    LINES_OF_A_PAGE_MAX,
    Package,
    PackagedItem,
    PackagedLine,
    item_from_wire,
    item_on_wire,
    keys_of_page,
)
from plumbline.exchange.exporting.pdx_writing import write_pdx
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files, recognise
from plumbline.exchange.model import ImportedData, Severity
from plumbline.exchange.pdx_words import path_steps, path_text
from plumbline.exchange.reads.library import planned_import
from plumbline.exchange.reads.packages import packaged_product
from plumbline.kit.clock import from_iso
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team, new_team
from plumbline.testing.databases import DIALECTS
from plumbline.testing.plugin import shared_application
from plumbline.testing.scenarios.library import ExampleLibrary, build

CREATED = datetime(2026, 7, 1, 12, tzinfo=UTC)
NASTY = '=1+1 "Ω" <&>\nsecond\tline; \\/ ü 電阻 ]]>'


@dataclass(frozen=True)
class Home:
    team: Team
    example: ExampleLibrary

    @property
    def top(self) -> Component:
        return self.team.viewer.ask(component_by_cpn, self.example.top)

    def view(self, name: str) -> View:
        viewer = self.team.viewer
        if name == "AS_OF":
            moment = viewer.ask(component_by_cpn, self.example.top, view=RELEASED).released_at
            return viewer.ask(view_as_of, ViewMode.WORKING, from_iso(moment))
        if name == "AS_RELEASED":
            return viewer.ask(view_as_released, self.top.id, "A")
        return RELEASED if name == "RELEASED" else WORKING


@pytest.fixture(scope="module", params=DIALECTS)
def home(request) -> Home:
    team = new_team(shared_application(str(request.param)))
    home = Home(team, build(team.administrator))
    _make_it_harder(home)
    return home


def _make_it_harder(home: Home) -> None:
    """What the example does not have: a substitute that stands nowhere else, a line that is not placed, odd units and texts."""
    engineer, cpns = home.team.engineer, home.example.cpns
    part = engineer.ask(component_by_cpn, cpns["r-10k"])
    spare = make.assembly(home.team.manager, "Spare resistor", [(part, 2)])
    sources = (
        NewSource("Yageo & Söhne", 'RC "0402"', NASTY, "https://example.com/?a=1&b=2", SourceStatus.APPROVED),
        NewSource("Old Maker", "OM-1", status=SourceStatus.OBSOLETE),
    )
    engineer.run(
        update_components, [ComponentChange(part.id, name="Resistor <10 kΩ>", description=NASTY, sources=sources)]
    )
    line = NewLine(part.id, Decimal("0.125"), "METER", 7, "R900-R903, TP1", NASTY, True, (spare.id,))
    engineer.run(edit_boms, [BomEdit(home.top.id, add=(line, NewLine(part.id, Decimal(1), "AS_REQUIRED")))])


def packaged(caller: Caller, top: Component, *, view: View = WORKING, limit: int = 40) -> list[PackagedItem]:
    """Every item, page by page."""
    found: list[PackagedItem] = []
    at_change = None
    while True:
        page = caller.ask(packaged_product, top, view=view, at_change=at_change, offset=len(found), limit=limit)
        found += page.items
        at_change = page.at_change
        if not page.has_next:
            return found


def package_file(items: list[PackagedItem], name: str = "x.pdx") -> NamedFile:
    file = io.BytesIO()
    write_pdx(file, Package(items[0].cpn, "T", "WORKING", "Acme", iter(items)), CREATED)
    return NamedFile(name, file.getvalue())


def xml_of(file: NamedFile) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.namelist() == ["pdx.xml"]
        return ElementTree.fromstring(archive.read("pdx.xml"))


VIEWS = ("WORKING", "RELEASED", "AS_OF", "AS_RELEASED")


@pytest.mark.parametrize("view", VIEWS)
def test_a_package_holds_the_product_as_the_view_shows_it(home: Home, view: str) -> None:
    items = packaged(home.team.viewer, home.top, view=home.view(view))
    data = read_files([package_file(items)])
    assert data.format == "pdx"
    assert data.tops == (home.example.top,)
    assert [part.key for part in data.parts] == [item.cpn for item in items]
    assert [part.revision for part in data.parts] == [item.revision for item in items]
    wanted = [
        (item.cpn, line.cpn, Decimal(line.quantity), line.reference_designators)
        for item in items
        for line in item.lines
    ]
    lines = [(line.parent_key, line.child_key, line.quantity, line.reference_designators) for line in data.lines]
    assert lines == wanted
    assert len(lines) > 150
    assert [notice for notice in data.notices if notice.severity is not Severity.INFO] == []


def test_the_views_differ(home: Home) -> None:
    viewer = home.team.viewer
    counts = {view: sum(len(item.lines) for item in packaged(viewer, home.top, view=home.view(view))) for view in VIEWS}
    assert counts["WORKING"] > counts["RELEASED"], "what was added is not released"
    assert counts["AS_RELEASED"] < counts["RELEASED"], "a board was released again, with a line more"


def test_a_package_brought_back_home_changes_nothing(home: Home) -> None:
    data = read_files([package_file(packaged(home.team.viewer, home.top))])
    plan = home.team.viewer.ask(planned_import, data)
    assert plan.changes_nothing
    assert plan.counts.unchanged == len(data.parts)


def test_a_package_comes_back_equal_in_another_library(home: Home) -> None:
    items = packaged(home.team.viewer, home.top)
    other = new_team(home.team.application)
    result = other.manager.run(apply_import, read_files([package_file(items)]))
    assert (result.created, result.lines) == (len(items), sum(len(item.lines) for item in items))
    top = other.viewer.ask(component_by_cpn, result.tops[0])
    assert comparable(other.viewer, packaged(other.viewer, top)) == comparable(home.team.viewer, items)


def comparable(caller: Caller, items: list[PackagedItem]) -> list[PackagedItem]:
    """Without ids and with the numbers that the first library gave; statuses of sources are decided by each library itself."""
    shown = [caller.ask(component_by_cpn, item.cpn) for item in items]
    first = {}
    for component, aliases in zip(
        shown, map(caller.ask(aliases_of, shown).get, (each.key for each in shown)), strict=True
    ):
        first[component.cpn] = next((each.value for each in aliases or () if each.kind == "import"), component.cpn)
    found = [
        item._replace(
            id="",
            cpn=first[item.cpn],
            released_at=None,
            procurement="",
            eid=None,
            sources=tuple(source._replace(status="") for source in item.sources),
            lines=tuple(
                line._replace(
                    id="", cpn=first[line.cpn], substitutes=tuple(("", first[cpn]) for _, cpn in line.substitutes)
                )
                for line in item.lines
            ),
        )
        for item in items
    ]
    return sorted(found, key=lambda item: item.cpn)


def test_substitutes_that_stand_nowhere_else_come_last_and_once(home: Home) -> None:
    items = packaged(home.team.viewer, home.top, limit=7)
    numbers = [item.cpn for item in items]
    assert len(numbers) == len(set(numbers))
    inside = {items[0].cpn, *(line.cpn for item in items for line in item.lines)}
    outside = [item for item in items if item.cpn not in inside]
    assert outside == items[-len(outside) :]
    assert "Spare resistor" in [item.name for item in outside]
    assert all(item.lines == () for item in outside), "what is in them stands nowhere in the package"
    named = {cpn for item in items for line in item.lines for _, cpn in line.substitutes}
    assert {item.cpn for item in outside} == named - inside


def test_the_xml_follows_the_document_type(home: Home) -> None:
    root = xml_of(package_file(packaged(home.team.viewer, home.top)))
    assert root.tag == "ProductDataeXchangePackage"
    items = root.findall("Items/Item")
    ids = [item.get("itemUniqueIdentifier") for item in items]
    assert len(ids) == len(set(ids)), "an ID stands once"
    assert all(each and each[0].isalpha() for each in ids), "an ID begins with a letter"
    used = {each.get("billOfMaterialItemUniqueIdentifier") for each in root.iter("BillOfMaterialItem")}
    used |= {each.get("itemUniqueIdentifier") for each in root.iter("AlternateItem")}
    assert used <= set(ids), "every IDREF leads to an ID"
    assert [item.get("isTopLevel") for item in items] == ["Yes", *["No"] * (len(items) - 1)]
    assert {item.get("makeBuy") for item in items} <= {"Make", "Buy"}
    order = ["AdditionalAttributes", "BillOfMaterial", "ApprovedManufacturerList"]
    for item in items:
        names = [order.index(each.tag) for each in item]
        assert names == sorted(names)
    (not_placed,) = [each for each in root.iter("BillOfMaterialItem") if each.get("notes") == NASTY]
    assert [each.get("referenceDesignatorName") for each in not_placed.iter("ReferenceDesignator")] == [
        "R900", "R901", "R902", "R903", "TP1"
    ]  # fmt: skip


def test_the_wire_form_loses_nothing(home: Home) -> None:
    for item in packaged(home.team.viewer, home.top):
        assert item_from_wire(item_on_wire(item)) == item


def test_pages_hold_so_many_lines_and_at_least_one_component() -> None:
    keys, counts = [1, 2, 3, 4], {1: LINES_OF_A_PAGE_MAX + 5, 2: 3, 4: LINES_OF_A_PAGE_MAX}
    assert keys_of_page(keys, counts) == [1]
    assert keys_of_page(keys[1:], counts) == [2, 3]
    assert keys_of_page(keys[3:], counts) == [4]
    assert keys_of_page(keys, {}) == keys


@pytest.mark.parametrize("steps", [("a",), ("a/b", "c"), ("a\\", "b"), ("\\/", "/", "x\ny"), ()])
def test_category_paths_come_back(steps: tuple[str, ...]) -> None:
    assert path_steps(path_text(steps)) == steps


# --- writing without a library ----------------------------------------------------------------------------------------------------


def item(cpn: str, **values: object) -> PackagedItem:
    base = PackagedItem(
        cpn, cpn, f"Part {cpn}", "", "PART", ("Parts",), None, None, "Design", "DESIGN", "BUY", "EACH", None, {}, (), ()
    )
    return base._replace(**values)


def line(cpn: str, **values: object) -> PackagedLine:
    return PackagedLine(cpn, cpn, cpn, None, "1", "EACH", "EACH", None, (), "", False, ())._replace(**values)


def test_what_xml_cannot_hold_is_replaced() -> None:
    data = read_files([package_file([item("a", name="bell\x07 \ufffe end", attributes={"Finish": "a\x00b"})])])
    assert data.parts[0].name == "bell\ufffd \ufffd end"
    assert data.parts[0].attributes == {"Finish": "a\ufffdb"}


def test_items_are_written_as_they_come() -> None:
    """While the last item is made, the first are long in the file."""
    file = io.BytesIO()
    written: list[int] = []

    def items() -> Iterator[PackagedItem]:
        for number in range(20_000):
            written.append(file.tell())
            yield item(f"p{number}", description=f"{number * 7919 % 104729} " * 8)

    write_pdx(file, Package("p0", "T", "WORKING", "Acme", items()), CREATED)
    assert written[0] < 100
    assert written[-1] > 0.9 * file.tell()


def test_a_package_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdx_writing, "ITEMS_MAX", 2)
    with pytest.raises(ExportTooLarge):
        package_file([item("a"), item("b"), item("c")])
    monkeypatch.setattr(pdx_writing, "XML_BYTES_MAX", 300)
    with pytest.raises(ExportTooLarge):
        package_file([item("a"), item("b")])


# --- packages of other systems ----------------------------------------------------------------------------------------------------

FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<?pdx_version "1.0"?>
<!DOCTYPE ProductDataeXchangePackage [
<!ELEMENT ProductDataeXchangePackage ANY>
<!ATTLIST Item itemIdentifier CDATA #REQUIRED>
]>
<ProductDataeXchangePackage thisDocumentIdentifier="P1">
  <AdditionalAttributes groupLabel="Package"><AdditionalAttribute name="Site" value="Main"/></AdditionalAttributes>
  <Items>
    <Item itemIdentifier="A-1" itemUniqueIdentifier="i1" globalLifeCyclePhaseCode="Production" revisionIdentifier="B"
          globalProductUnitOfMeasureCode="ea" isTopLevel="Yes" description="Controller&#10;with cable" category="PCBA">
      <AdditionalAttributes groupLabel="Page Two">
        <AdditionalAttribute name="RoHS" value="yes"/><AdditionalAttribute name="Empty" value=""/>
      </AdditionalAttributes>
      <BillOfMaterial>
        <BillOfMaterialItem billOfMaterialItemIdentifier="R-1" billOfMaterialItemUniqueIdentifier="i2" itemQuantity="2.0"
            globalProductQuantityTypeCode="PerAssembly" proprietarySequenceIdentifier="10" notes="near U1">
          <ReferenceDesignators>
            <ReferenceDesignator referenceDesignatorName="R1"/><ReferenceDesignator referenceDesignatorName="R2"/>
          </ReferenceDesignators>
        </BillOfMaterialItem>
        <BillOfMaterialItem billOfMaterialItemIdentifier="R-1" itemQuantity="1">
          <AdditionalAttributes groupLabel="BOM"><AdditionalAttribute name="DNP" value="Y"/></AdditionalAttributes>
        </BillOfMaterialItem>
        <BillOfMaterialItem billOfMaterialItemIdentifier="GLUE" description="Glue" itemQuantity="x"
            globalProductQuantityTypeCode="AsNeeded"/>
        <BillOfMaterialItem itemQuantity="1"/>
      </BillOfMaterial>
      <Attachments><Attachment referenceName="a.pdf" isFileIn="Yes"/></Attachments>
    </Item>
    <Item itemIdentifier="R-1" itemUniqueIdentifier="i2" globalLifeCyclePhaseCode="Other" globalLifeCyclePhaseCodeOther="Beta"
          description="Resistor">
      <ApprovedManufacturerList>
        <ApprovedManufacturerListItem manufacturedBy="Yageo" manufacturerPartIdentifier="RC0402" description="10k"/>
        <ApprovedManufacturerListItem/>
      </ApprovedManufacturerList>
    </Item>
    <Item itemIdentifier="R-1" itemUniqueIdentifier="i3" revisionIdentifier="C" description="Resistor, newer"/>
    <Item description="nameless"/>
  </Items>
  <Attachments><Attachment referenceName="b.pdf" isFileIn="Yes"/></Attachments>
</ProductDataeXchangePackage>
"""


def zipped(**entries: str) -> NamedFile:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name.replace("__", "."), text)
    return NamedFile("foreign.pdx", file.getvalue())


@pytest.fixture(scope="module")
def foreign() -> ImportedData:
    return read_files([zipped(pdx__xml=FOREIGN, gerbers__zip="PK", drawing__pdf="%PDF")])


def test_a_package_is_recognised_in_its_archive_and_without() -> None:
    assert recognise([zipped(pdx__xml=FOREIGN)]).format == "pdx"
    assert recognise([NamedFile("any.xml", FOREIGN.encode())]).format == "pdx"


def test_items_of_another_system_become_parts(foreign: ImportedData) -> None:
    board, resistor, glue = foreign.parts
    assert (board.key, board.name, board.description) == ("A-1", "Controller", "Controller\nwith cable")
    assert (board.revision, board.status, board.unit, board.category_path) == ("B", "Production", "ea", ("PCBA",))
    assert board.attributes == {"RoHS": "yes"}
    assert (resistor.status, resistor.revision) == ("Beta", None)
    (source,) = resistor.sources
    assert (source.manufacturer, source.mpn, source.description) == ("Yageo", "RC0402", "10k")
    assert (glue.key, glue.name) == ("GLUE", "Glue")


def test_lines_of_another_system(foreign: ImportedData) -> None:
    placed, left_off, glue = foreign.lines
    assert (placed.child_key, placed.quantity, placed.item_number, placed.notes) == ("R-1", 2, "10", "near U1")
    assert placed.reference_designators == ("R1", "R2")
    assert (left_off.child_key, left_off.do_not_place, placed.do_not_place) == ("R-1", True, False)
    assert (glue.child_key, glue.quantity, glue.unit) == ("GLUE", None, "AS_REQUIRED")


def test_items_without_a_unique_identifier_go_by_their_own() -> None:
    package = """<ProductDataeXchangePackage><Items>
      <Item itemIdentifier="TOP"><BillOfMaterial>
        <BillOfMaterialItem billOfMaterialItemIdentifier="R-1" itemQuantity="2"/>
        <BillOfMaterialItem billOfMaterialItemIdentifier="C-1" itemQuantity="3">
          <AlternateItems><AlternateItem itemIdentifier="R-1"/></AlternateItems>
        </BillOfMaterialItem></BillOfMaterial></Item>
      <Item itemIdentifier="R-1"/><Item itemIdentifier="C-1"/><Item itemIdentifier="LAST"/>
    </Items></ProductDataeXchangePackage>"""
    data = read_files([zipped(pdx__xml=package)])
    assert [(line.child_key, line.quantity, line.substitutes) for line in data.lines] == [
        ("R-1", 2, ()),
        ("C-1", 3, ("R-1",)),
    ]


def test_what_a_package_leaves_open_is_told(foreign: ImportedData) -> None:
    codes = {notice.code: notice.sentence for notice in foreign.notices}
    assert set(codes) == {"ITEM_TWICE", "ITEM_MISSING", "ITEM_UNNAMED", "LINE_UNNAMED", "ATTACHMENTS_NOT_KEPT"}
    assert codes["ATTACHMENTS_NOT_KEPT"].startswith("2 attachments")


def test_an_archive_without_a_package_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"holds no pdx\.xml"):
        read_files([zipped(readme__txt="x")])


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (FOREIGN.replace("<!ELEMENT", '<!ENTITY a "aaaa"><!ELEMENT'), UnreadableFile),
        (FOREIGN.replace("<Items>", "<Items>" + "<Item>" * 200), ImportTooLarge),
        (FOREIGN.replace("Resistor, newer", "x" * 20_000), ImportTooLarge),
        (FOREIGN[:900], UnreadableFile),
    ],
)
def test_hostile_packages_are_refused(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_files([zipped(pdx__xml=text)])


def test_a_package_is_read_twice_without_a_change(home: Home, foreign: ImportedData) -> None:
    other = new_team(home.team.application)
    other.manager.run(apply_import, foreign)
    assert other.viewer.ask(planned_import, replace(foreign)).changes_nothing
