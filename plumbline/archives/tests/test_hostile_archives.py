"""Archives that were broken, tampered with or made up: each refused with its place, and nothing of it kept."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import func, literal, select, union_all

from plumbline.access.errors import LastAdministrator
from plumbline.application import Application
from plumbline.archives.contents import file_names
from plumbline.archives.errors import InvalidArchive, OversizeArchive, UnknownArchiveVersion
from plumbline.archives.reading import Archive
from plumbline.imports.reads import list_imports
from plumbline.kit.errors import Refusal
from plumbline.kit.paging import PageRequest
from plumbline.storage.schema import metadata
from plumbline.testing.archives import archived, brought_in, contents_of, tampered, zipped
from plumbline.testing.callers import Team, new_team
from plumbline.testing.scenarios.lived import Lived

LONG_AGO = "2001-01-01T00:00:00.000Z"
OTHER_ID = "00000000-0000-4000-8000-000000000000"

Records = list[dict[str, Any]]


def refusal_of(application: Application, archive: bytes) -> Refusal:
    """Of an import, after which the server is as it was."""
    before = rows(application)
    with pytest.raises(Refusal) as raised:
        brought_in(application, archive)
    assert rows(application) == before
    return raised.value


def rows(application: Application) -> dict[str, int]:
    """How many rows each table of the server has."""
    counts = [
        select(literal(name).label("name"), func.count().label("rows")).select_from(table)
        for name, table in metadata.tables.items()
    ]
    with application.database.reading() as connection:
        return {row.name: row.rows for row in connection.execute(union_all(*counts))}


def put(field: str, value: object, at: int = 0) -> Callable[[Records], None]:
    return lambda records: records[at].__setitem__(field, value)


def swapped(records: Records) -> None:
    records[3], records[4] = records[4], records[3]


def a_ring(records: Records) -> None:
    """A line of a child gets its grandparent as its own child."""
    parents = {each["parentId"] for each in records if each["toChange"] is None}
    line = next(each for each in records if each["toChange"] is None and each["childId"] in parents)
    back = next(each for each in records if each["toChange"] is None and each["parentId"] == line["childId"])
    back["childId"] = line["parentId"]


def first_again(records: Records) -> None:
    records.append(records[0])


def in_force_twice(records: Records) -> None:
    records.append({**records[0], "version": 99})


def in_capitals(records: Records) -> None:
    records[0]["email"] = records[0]["email"].upper()


def in_itself(records: Records) -> None:
    records[0]["childId"] = records[0]["parentId"]


def one_number_for_two(records: Records) -> None:
    records[1]["cpn"] = records[0]["cpn"]


def no_list(records: Records) -> None:
    next(each for each in records if each["text"].startswith("["))["text"] = "CE"


def without_versions(records: Records) -> None:
    last = {each["componentId"]: each["number"] for each in records}
    records.remove(next(each for each in records if last[each["componentId"]] == 1))


def with_a_gap(records: Records) -> None:
    records.remove(next(each for each in records if each["number"] > 1 and each["toChange"] is not None))


def ended(records: Records) -> None:
    next(each for each in records if each["toChange"] is None and each["fromChange"] < 17)["toChange"] = 17


def upside_down(records: Records) -> None:
    records.reverse()


def of(records: Records, **wanted: object) -> dict[str, Any]:
    """The first record with these fields."""
    return next(each for each in records if wanted.items() <= each.items())


def elsewhere(records: Records, named: dict[str, Any]) -> None:
    other = next(each for each in records if each["changeOrderId"] != named["changeOrderId"])
    named["stageId"] = other["stageId"]


def decided_elsewhere(records: Records) -> None:
    elsewhere(records, next(each for each in records if each["endedAt"] is not None))


def counted_twice(records: Records) -> None:
    """A reviewer decides a stage again, and what was decided before counts still."""
    counts = of(records, endedAt=None)
    records.append({**counts, "id": OTHER_ID})


def in_no_thread(records: Records) -> None:
    answer = next(each for each in records if each["parentId"] is not None)
    answer["changeOrderId"] = next(
        each["changeOrderId"] for each in records if each["changeOrderId"] != answer["changeOrderId"]
    )


def told_by_null(records: Records) -> None:
    records[0]["notify"] = [{"userId": None, "email": "a@example.com"}]


# File, what is done to its records, the line that is told, and what is said of it.
TAMPERED: dict[str, tuple[str, Callable[[Records], Any], int | None, str]] = {
    "a line that is no JSON": ("statuses.jsonl", lambda _: b'{"id":\n', 1, "is no JSON"),
    "a line that is no object": ("statuses.jsonl", lambda _: b"[]\n", 1, "is a list"),
    "NaN": ("attributes.jsonl", lambda _: b'{"id":NaN}\n', 1, "is no JSON"),
    "an empty line": ("statuses.jsonl", lambda _: b"\n", 1, "is no JSON"),
    "a field too many": ("statuses.jsonl", put("secret", 1, 2), 3, "secret is no field of this record"),
    "a field too few": ("statuses.jsonl", lambda records: records[1].pop("color"), 2, "color is missing"),
    "an id that is none": ("components.jsonl", put("id", "1", 4), 5, "id is '1'"),
    "a number for a text": ("components.jsonl", put("cpn", 7), 1, "cpn is 7"),
    "a text for a number": ("component-versions.jsonl", put("number", "1"), 1, "number is '1'"),
    "a text too long": ("component-versions.jsonl", put("name", "x" * 501), 1, "name is 'xxx"),
    "the character NUL": ("component-versions.jsonl", put("name", "a\0b"), 1, "name is"),
    "a moment that is none": ("components.jsonl", put("createdAt", "yesterday"), 1, "createdAt is 'yesterday'"),
    "a month that is none": ("components.jsonl", put("createdAt", "2026-13-01T00:00:00.000Z"), 1, "createdAt is"),
    "a word that is none of those": ("statuses.jsonl", put("mapsTo", "HEAVEN"), 1, "mapsTo is 'HEAVEN'"),
    "a quantity of nothing": ("bom-lines.jsonl", put("quantity", "0"), 1, "quantity is '0'"),
    "a quantity that JSON would read otherwise": ("bom-lines.jsonl", put("quantity", "007"), 1, "quantity is '007'"),
    "an infinite number": ("attribute-values.jsonl", put("number", "Infinity"), 1, "number is 'Infinity'"),
    "a number too large for a binary one": ("attribute-values.jsonl", put("number", "9" * 310), 1, "number is"),
    "a price that is none": ("sources.jsonl", put("offers", [{"distributor": "x"}]), 1, "offers.0.sku is missing"),
    "designators twice": ("bom-lines.jsonl", put("referenceDesignators", "R1, R1"), 1, "referenceDesignators is"),
    "a rule that is none": ("category-attributes.jsonl", put("rule", {"name": "x", "type": "?"}), 1, "rule.type is"),
    "a list that is none": ("attribute-values.jsonl", no_list, None, "is no list"),
    "a user whom nobody knows": ("components.jsonl", put("createdBy", OTHER_ID), 1, f"createdBy names {OTHER_ID}"),
    "a component that nobody knows": ("bom-lines.jsonl", put("childId", OTHER_ID, 7), 8, f"childId names {OTHER_ID}"),
    "a substitute that nobody knows": ("bom-lines.jsonl", put("substitutes", [OTHER_ID]), 1, "substitutes names"),
    "a category before its parent": ("categories.jsonl", upside_down, None, "parentId names"),
    "a component twice": ("components.jsonl", first_again, None, "cannot be kept"),
    "a number twice": ("components.jsonl", one_number_for_two, 2, "cannot be kept"),
    "a user twice": ("users.jsonl", first_again, None, "a second time"),
    "an e-mail address in capitals": ("users.jsonl", in_capitals, 1, "email is"),
    "an e-mail address that is none": ("users.jsonl", put("email", "nobody"), 1, "email is 'nobody'"),
    "a change before its time": (
        "change-sets.jsonl",
        put("changedAt", LONG_AGO, 5),
        6,
        "does not follow the change before",
    ),
    "a component without versions": ("component-versions.jsonl", without_versions, None, "has no first version"),
    "a version that is missing": ("component-versions.jsonl", with_a_gap, None, "does not join on"),
    "a newest version that ended": ("component-versions.jsonl", ended, None, "does not join on"),
    "a value of no version": (
        "attribute-values.jsonl",
        put("fromVersion", 99),
        1,
        "does not begin and end with versions",
    ),
    "a line that ends at once": ("bom-lines.jsonl", put("toVersion", 2), 1, "does not begin and end with versions"),
    "a value twice at once": ("attribute-values.jsonl", first_again, 1, "another one of the same"),
    "a line twice at once": ("bom-lines.jsonl", first_again, 1, "the same line holds already"),
    "two releases at once": ("releases.jsonl", first_again, 1, "another release"),
    "a release of what was not saved": ("releases.jsonl", put("version", 99), 1, "names a version that was not saved"),
    "a component in itself": ("bom-lines.jsonl", in_itself, 1, "puts a component into itself"),
    "a ring of components": ("bom-lines.jsonl", a_ring, None, "makes a component part of itself"),
    "a number that was not given out": ("issued-numbers.jsonl", lambda each: each.pop(0), None, "not among the issued"),
    "a change order of no state": (
        "change-orders.jsonl",
        lambda records: of(records, status="OPEN").update(resolution="APPROVED"),
        None,
        "status and a resolution that do not go together",
    ),
    "a change order approved by nothing": (
        "change-orders.jsonl",
        lambda records: of(records, resolution="APPROVED").update(releaseChange=None),
        None,
        "approved by no change",
    ),
    "a change order beyond its counter": (
        "change-orders.jsonl",
        put("sequence", 1_000, 3),
        4,
        "number that its counter has not reached",
    ),
    "a template that nobody can read": ("change-orders.jsonl", put("template", "version: 9"), 1, "template is"),
    "a form that its template does not have": (
        "change-orders.jsonl",
        lambda records: of(records, name="Draft").update(contents={"cost": "much"}),
        None,
        "contents is",
    ),
    "an item of no version": ("change-order-items.jsonl", put("componentVersion", 99), 1, "was not saved"),
    "an item that nothing holds": ("component-locks.jsonl", lambda records: records.pop(), None, "not held by"),
    "a component that nothing lets go": (
        "component-locks.jsonl",
        put("holderId", OTHER_ID),
        None,
        "held by",
    ),
    "a component that is held otherwise": (
        "component-locks.jsonl",
        lambda records: records[0].update(refusesEdits=not records[0]["refusesEdits"]),
        1,
        "not as its state wants",
    ),
    "a seat in another review": (
        "change-order-reviewers.jsonl",
        lambda records: elsewhere(records, records[0]),
        1,
        "stage of another change order",
    ),
    "a decision of another review": (
        "change-order-decisions.jsonl",
        decided_elsewhere,
        None,
        "stage of another change order",
    ),
    "two decisions that count": ("change-order-decisions.jsonl", counted_twice, None, "cannot be kept"),
    "an answer in no thread": ("change-order-comments.jsonl", in_no_thread, None, "answers no beginning"),
    "a stranger who is told": (
        "change-order-stages.jsonl",
        put("notify", [{"userId": OTHER_ID}]),
        1,
        f"notify names {OTHER_ID}",
    ),
    "somebody who is told and is nobody": ("change-order-stages.jsonl", told_by_null, 1, "notify.0 is"),
    "an absence that ends before it begins": ("review-delegations.jsonl", put("endsAt", LONG_AGO), 1, "ends before"),
    "a run that counts otherwise": ("validation-runs.jsonl", put("passCount", 99), 1, "other counts than its results"),
    "two documents in force": ("configuration-documents.jsonl", in_force_twice, 1, "another version of the document"),
}


@pytest.mark.parametrize("what", sorted(TAMPERED))
def test_what_cannot_be_is_refused_with_its_place(lived: Lived, empty_server: Application, what: str) -> None:
    file, change, line, said = TAMPERED[what]
    refusal = refusal_of(empty_server, tampered(archived(lived.boss), {file: change}))
    assert isinstance(refusal, InvalidArchive), refusal
    assert said in refusal.message, refusal.message
    place = refusal.place
    assert place is not None
    assert place.file in (file, "components.jsonl", "change-order-items.jsonl")
    assert refusal.message.startswith(f"{place.file}, line {place.line}")
    if line is not None:
        assert (place.file, place.line) == (file, line)


def test_a_change_that_never_was_is_named_nowhere(lived: Lived, empty_server: Application) -> None:
    archive = archived(lived.boss)
    for file, field in (
        ("bom-lines.jsonl", "toChange"),
        ("statuses.jsonl", "retiredChange"),
        ("events.jsonl", "changeNumber"),
    ):
        refusal = refusal_of(empty_server, tampered(archive, {file: put(field, 10_000)}))
        assert refusal.message.startswith(f"{file}, line 1: {field} names the change 10000"), refusal.message


def test_the_line_of_changes_has_as_many_as_it_says(lived: Lived, empty_server: Application) -> None:
    archive = archived(lived.boss)
    for change in ({"number": 3}, {"configurationChange": 10_000}):
        altered = tampered(archive, manifest=lambda manifest, change=change: manifest["changes"].update(change))  # type: ignore[misc]  # bound early
        assert "manifest.json: changes." in refusal_of(empty_server, altered).message


def test_changes_out_of_their_order_are_put_in_it_by_their_numbers(lived: Lived, empty_server: Application) -> None:
    """The order of lines says nothing where numbers do."""
    archive = archived(lived.boss)
    _, there = brought_in(empty_server, tampered(archive, {"change-sets.jsonl": swapped}))
    assert contents_of(archived(there))["components.jsonl"] == contents_of(archive)["components.jsonl"]


def test_options_of_an_import_that_an_earlier_release_did_not_store_have_defaults(
    lived: Lived, empty_server: Application
) -> None:
    older = tampered(archived(lived.boss), {"imports.jsonl": put("options", {"into": "TOP-1"})})
    _, there = brought_in(empty_server, older)
    again = archived(there)
    first = orjson.loads(contents_of(again)["imports.jsonl"].splitlines()[0])
    assert first["options"]["into"] == "TOP-1"
    assert there.ask(list_imports, PageRequest()).items, "and they are shown"


def test_every_fault_of_a_record_is_told_at_once(lived: Lived, empty_server: Application) -> None:
    wrong = {"id": "x", "name": None, "extra": True}
    refusal = refusal_of(
        empty_server, tampered(archived(lived.boss), {"statuses.jsonl": lambda records: records[1].update(wrong)})
    )
    told = [refusal, *refusal.also]
    assert {each.path for each in told} == {("statuses.jsonl", 2, name) for name in wrong}
    assert refusal.expected == "a UUID of 36 characters in small letters"


def test_a_library_without_an_administrator_is_refused(lived: Lived, empty_server: Application) -> None:
    def demoted(records: Records) -> None:
        for each in records:
            each["role"] = "Editor"

    refusal = refusal_of(empty_server, tampered(archived(lived.boss), {"members.jsonl": demoted}))
    assert isinstance(refusal, LastAdministrator)


def test_what_belongs_to_another_library_of_the_server_cannot_be_named(lived: Lived, empty_server: Application) -> None:
    """A foreign key would not mind."""
    stranger: Team = new_team(empty_server)
    foreign = contents_of(archived(stranger.administrator))
    category = orjson.loads(foreign["categories.jsonl"].splitlines()[0])["id"]
    attribute = orjson.loads(foreign["attributes.jsonl"].splitlines()[0])["id"]
    user = stranger.viewer.actor.user_id
    archive = archived(lived.boss)
    for file, field, value in (
        ("component-versions.jsonl", "categoryId", category),
        ("attribute-values.jsonl", "attributeId", attribute),
        ("category-attributes.jsonl", "categoryId", category),
        ("categories.jsonl", "parentId", category),
        ("members.jsonl", "userId", user),
        ("releases.jsonl", "releasedBy", user),
    ):
        refusal = refusal_of(empty_server, tampered(archive, {file: put(field, value)}))
        assert f"{file}, line 1: {field} names {value}" in refusal.message, refusal.message


def test_an_id_that_another_library_of_the_server_has_is_refused(lived: Lived, empty_server: Application) -> None:
    stranger = new_team(empty_server).administrator
    status = orjson.loads(contents_of(archived(stranger))["statuses.jsonl"].splitlines()[0])["id"]
    archive = archived(lived.boss)
    own = orjson.loads(contents_of(archive)["statuses.jsonl"].splitlines()[0])["id"]
    names = contents_of(archive)
    renamed = {
        name: lambda _, name=name: names[name].replace(own.encode(), status.encode())
        for name in names
        if name != "manifest.json"
    }
    refusal = refusal_of(empty_server, tampered(archive, renamed))
    assert refusal.message.startswith("statuses.jsonl, line 1 cannot be kept")


def test_the_format_and_its_version_are_asked_first(lived: Lived, empty_server: Application) -> None:
    archive = archived(lived.boss)
    for version in (2, 0, "1", True, None, 1.5):
        altered = tampered(
            archive, manifest=lambda manifest, version=version: manifest.update(formatVersion=version, new=1)
        )  # type: ignore[misc]  # bound early
        assert isinstance(refusal_of(empty_server, altered), UnknownArchiveVersion)
    other = tampered(archive, manifest=lambda manifest: manifest.update(format="zip"))
    assert "does not belong to an archive" in refusal_of(empty_server, other).message
    unknown = refusal_of(
        empty_server, tampered(archive, manifest=lambda manifest: manifest["library"].update(slug="../x"))
    )
    assert unknown.path == ("manifest.json", "library", "slug")


def test_sums_are_checked_before_anything_is_written(lived: Lived, empty_server: Application) -> None:
    files = contents_of(archived(lived.boss))
    for name in ("users.jsonl", "events.jsonl"):
        flipped = files[name].replace(b"2026", b"2025", 1) if b"2026" in files[name] else files[name][:-2] + b"X\n"
        for content, said in (
            (flipped, "not what was archived"),
            (files[name][:-1], f"has {len(files[name]) - 1} bytes"),
            (files[name] + b"{}\n", "has more bytes"),
            (b"", "has 0 bytes"),
        ):
            refusal = refusal_of(empty_server, zipped({**files, name: content}))
            assert isinstance(refusal, InvalidArchive)
            assert said in refusal.message
            assert refusal.path == (name,)


def test_names_outside_and_names_of_no_file_are_refused(lived: Lived, empty_server: Application) -> None:
    files = contents_of(archived(lived.boss))
    for name in ("../evil", "/etc/passwd", "a/../../b", "..\\evil", "C:\\evil", "\\\\host\\evil"):
        assert "a place outside of it" in refusal_of(empty_server, zipped({**files, name: b""})).message
    for name in ("notes.txt", "folder/", "USERS.jsonl", "users.jsonl "):
        assert "exactly the files of the format" in str(refusal_of(empty_server, zipped({**files, name: b""})).expected)
    missing = {name: content for name, content in files.items() if name != "sources.jsonl"}
    assert "sources.jsonl" in refusal_of(empty_server, zipped(missing)).message
    twice = io.BytesIO(archived(lived.boss))
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("users.jsonl", b"")
    assert "two files of one name" in refusal_of(empty_server, twice.getvalue()).message


def test_bombs_do_not_go_off(lived: Lived, empty_server: Application) -> None:
    archive = archived(lived.boss)
    zeros = tampered(archive, {"issued-numbers.jsonl": lambda _: b"0" * 50_000_000 + b"\n"})
    assert len(zeros) < 1_000_000
    bomb = refusal_of(empty_server, zeros)
    assert isinstance(bomb, OversizeArchive)
    assert bomb.path == ("issued-numbers.jsonl",)
    lying = tampered(
        archive, {"issued-numbers.jsonl": lambda _: b"0" * 50_000_000 + b"\n"}, _stating("issued-numbers.jsonl", 10)
    )
    assert "more bytes, where the manifest states 10" in refusal_of(empty_server, lying).message
    endless = _incompressible_line(9 * 1024 * 1024)
    assert isinstance(
        refusal_of(empty_server, tampered(archive, {"issued-numbers.jsonl": lambda _: endless})), OversizeArchive
    )
    vast = refusal_of(empty_server, tampered(archive, manifest=_stating("events.jsonl", 2**45)))
    assert isinstance(vast, OversizeArchive)
    manifest = zipped({**contents_of(archive), "manifest.json": b" " * 2_000_000})
    assert isinstance(refusal_of(empty_server, manifest), OversizeArchive)


def _stating(name: str, size: int) -> Callable[[dict[str, Any]], None]:
    def change(manifest: dict[str, Any]) -> None:
        next(each for each in manifest["files"] if each["name"] == name)["bytes"] = size

    return change


def _incompressible_line(size: int) -> bytes:
    return random.Random(1).randbytes(size // 2).hex().encode() + b"\n"


def test_a_large_directory_is_refused_wherever_its_size_stands() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for number in range(20_000):
            file.writestr(f"{number:0>40}", b"")
    plain = target.getvalue()
    end = plain.rfind(b"PK\x05\x06")
    size, offset = struct.unpack("<LL", plain[end + 12 : end + 20])
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 20_000, 20_000, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    small = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 46, offset, 0)
    crafted = plain[:end] + large + locator + small
    assert len(zipfile.ZipFile(io.BytesIO(crafted)).infolist()) == 20_000, "so the reader of zips takes it"
    for content in (plain, crafted):
        with pytest.raises(OversizeArchive, match="directory"):
            Archive(io.BytesIO(content), file_names())
    with pytest.raises(InvalidArchive, match="points to another"):
        Archive(io.BytesIO(plain[:end] + b" " * len(large) + locator + small), file_names())


def test_an_archive_of_more_than_the_plain_form_holds_is_read(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past two gigabytes the writer of zips adds the large form of the end; here it does so sooner."""
    contents = contents_of(archived(lived.boss))
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1_000)
    large = zipped(contents)
    assert b"PK\x06\x06" in large
    Archive(io.BytesIO(large), file_names()).check_sums()


def test_files_that_are_no_archive_are_refused(lived: Lived, empty_server: Application) -> None:
    archive = archived(lived.boss)
    for content in (
        b"",
        b"PK\x05\x06",
        b"hello " * 1000,
        archive[: len(archive) // 2],
        archive[:-30],
        zipped({"a.txt": b"x"}),
    ):
        assert isinstance(refusal_of(empty_server, content), InvalidArchive)


def test_a_broken_byte_anywhere_is_noticed(lived: Lived) -> None:
    """Or changes nothing: a few bytes of a zip mean nothing to anybody."""
    archive = archived(lived.boss)
    files = contents_of(archive)
    chance = random.Random(7)
    noticed = 0
    for _ in range(200):
        broken = bytearray(archive)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        try:
            Archive(io.BytesIO(bytes(broken)), file_names()).check_sums()
        except (InvalidArchive, OversizeArchive, UnknownArchiveVersion):
            noticed += 1
        else:
            assert contents_of(bytes(broken)) == files
    assert noticed > 180
