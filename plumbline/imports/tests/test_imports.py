"""Imports over the network, from the announcement to the end, with a real worker on both databases."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import orjson
import pytest
from sqlalchemy import update

from plumbline.access.actions import change_role, remove_member
from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, NewLine
from plumbline.boms.reads import lines_of, structure
from plumbline.bootstrap import JOBS, JobKind
from plumbline.components.actions.update import update_components
from plumbline.components.model import Component, ComponentChange, ReleaseRequest
from plumbline.components.reads import (
    aliases_of,
    attribute_values_of,
    component_by_cpn,
    list_components,
    sources_of,
    versions_of,
)
from plumbline.exchange.errors import ImportTooLarge
from plumbline.exchange.reads.mappings import column_mappings
from plumbline.files.jobs import sweep_expired_uploads
from plumbline.files.model import NewUpload
from plumbline.files.pieces import append
from plumbline.files.reads import uploads_by_ids
from plumbline.imports.actions.steps import (
    READ_JOB,
    cancel_import,
    create_import,
    options_of,
    read_import,
    start_applying,
)
from plumbline.imports.actions.undo import undo_import
from plumbline.imports.errors import ImportMissing, ImportMovedOn, ImportStateRefused, InvalidImportOptions
from plumbline.imports.jobs import RESULTS_KEPT_DAYS, read_files_of_import, sweep_results
from plumbline.imports.lifecycle import AFTER, Verb, state_after
from plumbline.imports.model import MAPPING_LENGTH_MAX, Import, ImportOptions, ImportState
from plumbline.imports.reading import USUAL, Bounds
from plumbline.imports.reads import files_of_imports, import_by_id, list_imports
from plumbline.imports.results import mapping_of, progress_of
from plumbline.kit.actor import Role
from plumbline.kit.errors import Forbidden
from plumbline.kit.paging import PageRequest
from plumbline.storage.job_queue import ATTEMPTS_MAX, jobs
from plumbline.testing import make
from plumbline.testing.callers import Team, new_team
from plumbline.testing.hostile_files import big_table
from plumbline.worker.loop import Worker

TABLE = """\
Level,Part Number,Name,Quantity,Reference,Manufacturer,MPN,Revision
0,TOP-1,Lamp,1,,,,
1,BRD-1,Board,1,,,,
2,R-1,Resistor 10k,2,"R1,R2",Yageo,RC0603FR-0710KL,
2,C-1,Capacitor 100n,1,C1,Murata,GRM188R71H104KA93D,A
1,SCR-1,Screw M3x8,4,,,,
"""


def work(team: Team) -> None:
    Worker(team.application, JOBS).run_due()


def sent(team: Team, files: Mapping[str, str | bytes], **options: Any) -> Import:
    """Announced, and every byte here."""
    contents = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    new = [NewUpload(name, len(each), hashlib.sha256(each).hexdigest()) for name, each in contents.items()]
    made = team.engineer.run(create_import, new, ImportOptions(**options))
    listed = team.engineer.ask(files_of_imports, [made])[made.id]
    for upload in team.engineer.ask(uploads_by_ids, [each.upload_id for each in listed]):
        if upload.size:
            append(team.application.files, upload, 0, contents[upload.name])
    return made


def now(team: Team, each: Import) -> Import:
    return team.viewer.ask(import_by_id, each.id)


def planned(team: Team, files: Mapping[str, str | bytes], **options: Any) -> Import:
    made = sent(team, files, **options)
    team.engineer.run(read_import, made.id)
    work(team)
    return now(team, made)


def applied(team: Team, text: str = TABLE, **options: Any) -> Import:
    made = planned(team, {"lamp.csv": text}, **options)
    assert made.state == ImportState.PLANNED, made.problems
    team.manager.run(start_applying, made.id)
    work(team)
    return now(team, made)


def in_use(team: Team) -> list[Component]:
    return [each for each in team.viewer.ask(list_components, PageRequest(1000)).items if not each.is_archived]


def reasons(each: Import) -> list[str]:
    return [problem["reason"] for problem in orjson.loads(each.problems)]


def content(team: Team) -> dict[str, object]:
    """Everything that an import may touch, by part number, without what counts versions."""
    shown = in_use(team)
    values, sources, aliases, lines = (
        team.viewer.ask(read, shown) for read in (attribute_values_of, sources_of, aliases_of, lines_of)
    )
    neutral = dict.fromkeys(("version", "updated_at", "updated_by"), None)
    return {
        each.cpn: (
            each._replace(**neutral),  # type: ignore[arg-type]  # for comparison only
            sorted((value.attribute_id, value.value.text) for value in values[each.key]),
            [(source.id, source.source) for source in sources[each.key]],
            sorted((alias.kind, alias.value) for alias in aliases[each.key]),
            [line._replace(key=0) for line in lines[each.key]],
        )
        for each in shown
    }


def by_alias(team: Team, number: str) -> Component:
    return team.viewer.ask(component_by_cpn, number)


def test_files_are_sent_read_planned_looked_at_and_applied(team: Team) -> None:
    made = sent(team, {"lamp.csv": TABLE})
    assert (made.state, team.viewer.ask(list_components, PageRequest()).items) == ("OPEN", [])
    assert team.engineer.run(read_import, made.id).state == "READING"
    work(team)
    plan = now(team, made)
    assert (plan.state, plan.format, plan.problems) == ("PLANNED", "table", "[]")
    assert plan.counts is not None
    assert '"created":5' in plan.counts
    assert team.viewer.ask(list_components, PageRequest()).items == [], "a plan changes nothing"
    assert team.manager.run(start_applying, made.id, plan.digest).state == "APPLYING"
    work(team)
    done = now(team, made)
    assert (done.state, done.problems) == ("APPLIED", "[]")
    assert done.change_number is not None
    top = by_alias(team, "TOP-1")
    graph = team.viewer.ask(structure)
    assert len(graph.children(top.key)) == 2
    assert team.viewer.ask(list_imports, PageRequest()).items == [done]


def test_while_it_is_applied_an_import_says_how_far_it_has_come(team: Team) -> None:
    """From outside of the transaction, which shows nothing of itself."""
    rows = "".join(f"P-{each},Part {each},1\n" for each in range(2_500))
    made = planned(team, {"parts.csv": f"Part Number,Name,Quantity\n{rows}"})
    team.manager.run(start_applying, made.id)
    heard: list[dict[str, object] | None] = []
    files = team.application.files
    usual = files.replace

    class Listening:
        def __getattr__(self, name: str) -> object:
            return getattr(files, name)

        def replace(self, key: str, content: bytes) -> None:
            usual(key, content)
            heard.append(progress_of(files, made.id))

    Worker(replace(team.application, files=Listening()), JOBS).run_due()  # type: ignore[arg-type]  # all that the work uses
    assert now(team, made).state == "APPLIED"
    told = dict.fromkeys((each["what"], each["total"]) for each in heard if each is not None)
    assert list(told) == [("planning", 2_501), ("creating parts", 2_501), ("writing assemblies", 1)]


def test_the_same_files_again_change_nothing(team: Team) -> None:
    applied(team)
    before = content(team)
    again = applied(team)
    assert (again.state, again.change_number) == ("APPLIED", None)
    assert content(team) == before


def test_a_library_that_moved_on_is_planned_again_before_anything_is_applied(team: Team) -> None:
    applied(team)
    other = planned(team, {"lamp.csv": TABLE.replace("Resistor 10k", "Resistor 10k 1%")})
    part = by_alias(team, "R-1")
    team.engineer.run(update_components, [ComponentChange(part.id, description="somebody was here")])
    before = content(team)
    team.engineer.run(start_applying, other.id, other.digest)
    work(team)
    refused = now(team, other)
    assert refused.state == "PLANNED"
    assert "PLAN_OUTDATED" in refused.problems
    assert content(team) == before
    team.engineer.run(read_import, other.id)
    work(team)
    team.engineer.run(start_applying, other.id, now(team, other).digest)
    work(team)
    assert (now(team, other).state, by_alias(team, "R-1").name) == ("APPLIED", "Resistor 10k 1%")


def test_files_that_cannot_be_read_say_why_and_can_be_read_with_other_options(team: Team) -> None:
    failed = planned(team, {"lamp.csv": TABLE}, format="inventree")
    assert failed.state == "FAILED"
    assert "UNREADABLE_FILE" in failed.problems
    team.engineer.run(read_import, failed.id, ImportOptions())
    work(team)
    assert (now(team, failed).state, now(team, failed).problems) == ("PLANNED", "[]")


def test_what_is_missing_of_a_file_is_told_and_can_be_sent_afterwards(team: Team) -> None:
    data = TABLE.encode()
    made = team.engineer.run(create_import, [NewUpload("lamp.csv", len(data))], ImportOptions())
    team.engineer.run(read_import, made.id)
    work(team)
    assert now(team, made).state == "FAILED"
    assert "UPLOAD_INCOMPLETE" in now(team, made).problems
    [file] = team.engineer.ask(files_of_imports, [made])[made.id]
    append(team.application.files, team.engineer.ask(uploads_by_ids, [file.upload_id])[0], 0, data)
    team.engineer.run(read_import, made.id)
    work(team)
    assert now(team, made).state == "PLANNED"


@pytest.mark.parametrize(
    ("name", "hostile", "reason"),
    [
        ("bom.xlsx", b"PK\x03\x04 this is no workbook", "UNREADABLE_FILE"),
        ("bom.xml", b'<!DOCTYPE a [<!ENTITY b "bb">]><export><x>&b;</x></export>', "UN"),
        ("bom.csv", b"", "UNREADABLE_FILE"),
        ("bom.csv", b"a,b\n" + b"x" * 20_000 + b",1\n", "IMPORT_TOO_LARGE"),
        ("bom.exe", b"MZ\x90\x00", "UNKNOWN_FORMAT"),
    ],
)
def test_a_hostile_file_fails_its_own_import_only(team: Team, name: str, hostile: bytes, reason: str) -> None:
    failed = planned(team, {name: hostile})
    assert failed.state == "FAILED"
    assert reason in failed.problems


def test_an_import_that_is_given_up_is_never_applied_and_its_files_go(team: Team) -> None:
    made = planned(team, {"lamp.csv": TABLE})
    assert team.engineer.run(cancel_import, made.id).state == "CANCELLED"
    for verb in (read_import, start_applying, cancel_import, undo_import):
        with pytest.raises(ImportStateRefused):
            team.manager.run(verb, made.id)
    work(team)
    assert team.viewer.ask(list_components, PageRequest()).items == []
    application = team.application
    assert sweep_expired_uploads(application.database, application.clock, application.files) >= 1
    [file] = team.viewer.ask(files_of_imports, [made])[made.id]
    assert list(application.files.sizes(f"uploads/{file.upload_id}")) == []


def test_cancelled_while_it_is_read_stays_cancelled(team: Team) -> None:
    made = sent(team, {"lamp.csv": TABLE})
    team.engineer.run(read_import, made.id)
    team.engineer.run(cancel_import, made.id)
    work(team)
    assert now(team, made).state == "CANCELLED"


def test_what_nobody_took_up_for_a_month_is_given_up_with_all_that_was_kept_for_it(own_application) -> None:
    team = new_team(own_application)
    waiting, done = planned(team, {"lamp.csv": TABLE}), applied(team, TABLE.replace("Lamp", "Torch"))
    database, files = own_application.database, own_application.files
    assert sweep_results(database, own_application.clock, files) == 0
    later = datetime.now(UTC) + timedelta(days=RESULTS_KEPT_DAYS, minutes=1)
    assert sweep_results(database, lambda: later, files) == 2
    assert sweep_results(database, lambda: later, files) == 0
    assert (now(team, waiting).state, now(team, done).state) == ("CANCELLED", "APPLIED")
    assert list(files.sizes("imports")) == []
    assert team.manager.run(undo_import, done.id).state == "UNDONE", "the line of changes has what undoing needs"


def test_whoever_left_the_library_changes_it_no_more(team: Team) -> None:
    made = planned(team, {"lamp.csv": TABLE})
    team.engineer.run(start_applying, made.id)
    team.administrator.run(remove_member, team.engineer.actor.user_id)
    work(team)
    assert team.viewer.ask(list_components, PageRequest()).items == []
    refused = now(team, made)
    assert (refused.state, reasons(refused)) == ("PLANNED", ["IMPORT_USER_LEFT"])
    team.manager.run(start_applying, made.id)
    work(team)
    assert now(team, made).state == "APPLIED", "somebody else takes it over"


def test_what_is_to_be_read_for_somebody_who_left_fails(team: Team) -> None:
    made = sent(team, {"lamp.csv": TABLE})
    team.engineer.run(read_import, made.id)
    team.administrator.run(remove_member, team.engineer.actor.user_id)
    work(team)
    failed = now(team, made)
    assert (failed.state, reasons(failed)) == ("FAILED", ["IMPORT_USER_LEFT"])


def test_who_may_no_longer_edit_is_told_so_on_his_import(team: Team) -> None:
    made = sent(team, {"lamp.csv": TABLE})
    team.engineer.run(read_import, made.id)
    team.administrator.run(change_role, team.engineer.actor.user_id, Role.VIEW_ONLY)
    work(team)
    failed = now(team, made)
    assert (failed.state, reasons(failed)) == ("FAILED", ["FORBIDDEN"])


def test_a_reader_that_is_killed_fails_its_import_and_the_worker_goes_on(team: Team) -> None:
    large, small = (sent(team, {"list.csv": each}) for each in (big_table(60_000), TABLE))
    for each in (large, small):
        team.engineer.run(read_import, each.id)
    bounds = {large.id: Bounds(seconds=1)}
    reading = JobKind(
        lambda app, payload: read_files_of_import(app, payload, bounds.get(str(payload["import"]), USUAL)), 0
    )
    Worker(team.application, {**JOBS, READ_JOB: reading}).run_due()
    failed = now(team, large)
    assert (failed.state, reasons(failed)) == ("FAILED", ["IMPORT_FILES_UNREADABLE"])
    assert now(team, small).state == "PLANNED"


def test_an_import_that_no_worker_came_back_from_is_told_so(team: Team) -> None:
    """As if every attempt had ended with its worker: the queue hands the job out, and nobody records anything."""
    made = sent(team, {"lamp.csv": TABLE})
    for verb, state in ((read_import, "FAILED"), (start_applying, "PLANNED")):
        team.engineer.run(verb, made.id)
        with team.application.database.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.state == "DUE").values(attempts=ATTEMPTS_MAX))
        work(team)
        given_up = now(team, made)
        assert (given_up.state, reasons(given_up)) == (state, ["REFUSED"])
        team.engineer.run(read_import, made.id)
        work(team)
        assert now(team, made).state == "PLANNED", "it can be tried again"


def test_options_that_another_release_stored_are_understood(team: Team) -> None:
    made = sent(team, {"lamp.csv": TABLE})
    for stored, understood in (
        ('{"into": "TOP-1", "colour": "red"}', ImportOptions(into="TOP-1")),
        ("{}", ImportOptions()),
    ):
        assert options_of(made._replace(options=stored)) == understood


def test_undone_is_as_if_it_had_never_been_and_history_keeps_it(team: Team) -> None:
    applied(team)
    part = by_alias(team, "C-1")
    before = content(team)
    changed = TABLE.replace("Resistor 10k", "Resistor 12k").replace("RC0603FR-0710KL", "RC0603FR-0712KL")
    changed = changed.replace("2,C-1,Capacitor 100n,1,C1,Murata,GRM188R71H104KA93D,A\n", "")
    changed = changed.replace("1,SCR-1,Screw M3x8,4,,,,", "1,SCR-1,Screw M3x8,6,,,,\n1,NUT-1,Nut M3,6,,,,")
    second = applied(team, changed)
    assert content(team) != before
    undone = team.manager.run(undo_import, second.id)
    assert (undone.state, content(team)) == ("UNDONE", before)
    assert part.cpn in before
    assert len(team.viewer.ask(versions_of, by_alias(team, "R-1").id)) == 3, "made, changed, put back"
    assert applied(team, changed).state == "APPLIED", "and what was undone can be imported once more"
    with pytest.raises(ImportStateRefused):
        team.manager.run(undo_import, second.id)


def test_undoing_the_first_import_leaves_an_empty_list(team: Team) -> None:
    first = applied(team)
    team.manager.run(undo_import, first.id)
    assert in_use(team) == []
    assert applied(team).state == "APPLIED"


def test_an_import_of_nothing_new_is_undone_without_a_change(team: Team) -> None:
    applied(team)
    before = content(team)
    again = applied(team)
    undone = team.manager.run(undo_import, again.id)
    assert (undone.state, undone.undone_by, content(team)) == ("UNDONE", None, before)


def changes_it(team: Team) -> str:
    part = by_alias(team, "R-1")
    team.engineer.run(update_components, [ComponentChange(part.id, name="Better name")])
    return f"{part.cpn} was changed"


def releases_it(team: Team) -> str:
    part = by_alias(team, "C-1")
    team.manager.run(release_components, [ReleaseRequest(part.id, "A")])
    return f"{part.cpn} was released"


def uses_it(team: Team) -> str:
    part, other = by_alias(team, "SCR-1"), make.component(team.engineer, category="Mechanical Assembly")
    team.engineer.run(edit_boms, [BomEdit(other.id, add=(NewLine(part.id, Decimal(2)),))])
    return f"{part.cpn} was used elsewhere"


def edits_its_lines(team: Team) -> str:
    board, screw = by_alias(team, "BRD-1"), by_alias(team, "SCR-1")
    team.engineer.run(edit_boms, [BomEdit(board.id, add=(NewLine(screw.id, Decimal(1)),))])
    return f"{board.cpn} was changed"


@pytest.mark.parametrize("happened", [changes_it, releases_it, uses_it, edits_its_lines])
def test_what_somebody_did_since_is_not_undone_over_his_head(team: Team, happened: Any) -> None:
    first = applied(team)
    told = happened(team)
    before = content(team)
    with pytest.raises(ImportMovedOn, match=told):
        team.manager.run(undo_import, first.id)
    assert (now(team, first).state, content(team)) == ("APPLIED", before)


def test_who_may_what(team: Team) -> None:
    made = planned(team, {"lamp.csv": TABLE})
    for verb in (read_import, start_applying, cancel_import):
        with pytest.raises(Forbidden):
            team.viewer.run(verb, made.id)
    team.engineer.run(start_applying, made.id)
    work(team)
    with pytest.raises(Forbidden):
        team.engineer.run(undo_import, made.id)
    team.manager.run(undo_import, made.id)


def test_what_cannot_be_an_import_is_refused(team: Team) -> None:
    for files in ([], [NewUpload("a.csv", 1)] * 2_001, [NewUpload(f"{each}.csv", 50 * 2**20) for each in range(5)]):
        with pytest.raises(ImportTooLarge):
            team.engineer.run(create_import, files, ImportOptions())
    for options in (
        ImportOptions(into="x" * 501),
        ImportOptions(mapping="x" * (MAPPING_LENGTH_MAX + 1)),
        ImportOptions(matches={"x" * 501: "new"}),
    ):
        with pytest.raises(InvalidImportOptions):
            team.engineer.run(create_import, [NewUpload("a.csv", 1)], options)
    for unknown in ("", "nonsense", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(ImportMissing):
            team.viewer.ask(import_by_id, unknown)


def test_what_was_proposed_can_be_corrected_and_given_back(team: Team) -> None:
    made = planned(team, {"lamp.csv": TABLE})
    proposal = mapping_of(team.application.files, made.id)
    assert proposal is not None
    assert "separator: comma" in proposal
    assert "MPN: mpn" in proposal
    team.engineer.run(read_import, made.id, ImportOptions(mapping=proposal.replace("MPN: mpn", "MPN: notes")))
    work(team)
    team.engineer.run(start_applying, made.id)
    work(team)
    [line, *_] = team.viewer.ask(lines_of, [by_alias(team, "BRD-1")])[by_alias(team, "BRD-1").key]
    assert line.notes == "RC0603FR-0710KL"
    wrong = planned(team, {"lamp.csv": TABLE}, mapping="tables: [")
    assert wrong.state == ImportState.FAILED
    assert "YAML" in wrong.problems


def test_options_reach_the_reader(team: Team) -> None:
    target = make.component(team.engineer, category="Mechanical Assembly")
    odd = "Teil,Menge,Wozu\nWinkel,3,Halter\nBlech,2,Deckel\n"
    made = applied(team, odd, into=target.cpn, mapping="{ Teil: name, Menge: quantity, Wozu: notes }")
    assert options_of(made).into == target.cpn
    assert [line.quantity for line in team.viewer.ask(lines_of, [target])[target.key]] == ["3", "2"]


def test_the_newest_imports_come_first_page_by_page(team: Team) -> None:
    made = [sent(team, {"a.csv": f"Name,Quantity\nPart {each},1\n"}) for each in range(5)]
    first = team.viewer.ask(list_imports, PageRequest(2))
    second = team.viewer.ask(list_imports, PageRequest(3, first.cursors[-1]))
    assert {each.id for each in (*first.items, *second.items)} == {each.id for each in made}
    assert (first.has_next, second.has_next) == (True, False)


def test_the_life_of_an_import_is_this_table() -> None:
    allowed = {
        (state, verb): state_after(state, verb) for state, verb in product(ImportState, Verb) if state in AFTER[verb][0]
    }
    assert "\n".join(f"{state} {verb} {after}" for (state, verb), after in sorted(allowed.items())) == LIFE
    for state, verb in product(ImportState, Verb):
        if (state, verb) not in allowed:
            with pytest.raises(ImportStateRefused):
                state_after(state, verb)


LIFE = """\
APPLIED undo UNDONE
APPLYING applied APPLIED
APPLYING refused PLANNED
FAILED cancel CANCELLED
FAILED read READING
OPEN cancel CANCELLED
OPEN read READING
PLANNED apply APPLYING
PLANNED cancel CANCELLED
PLANNED read READING
READING cancel CANCELLED
READING failed FAILED
READING planned PLANNED"""


def test_what_was_said_about_columns_is_remembered_for_the_next_upload(team):
    odd = "Foo,Bar,Baz\nA-1,Bolt,4\n"
    failed = planned(team, {"odd.csv": odd})
    assert failed.state == ImportState.FAILED
    proposal = mapping_of(team.application.files, failed.id)
    assert proposal is not None
    assert "# row 1: Foo | Bar | Baz" in proposal
    said = planned(team, {"odd.csv": odd}, mapping="{ Foo: number, Bar: name, Baz: quantity }")
    assert team.viewer.ask(column_mappings) == []
    team.engineer.run(start_applying, said.id)
    work(team)
    (known,) = team.viewer.ask(column_mappings)
    assert (known.titles, known.columns) == (("Foo", "Bar", "Baz"), {"Foo": "number", "Bar": "name", "Baz": "quantity"})
    assert planned(team, {"next.csv": "Baz,FOO,Bar\n2,A-2,Nut\n"}).state == ImportState.PLANNED
