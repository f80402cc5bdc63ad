"""Out of one server, into an empty one of the other kind, and out again: equal. And everything goes on from there."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import orjson
import pytest
from sqlalchemy import text

from plumbline.access.actions import add_member, create_api_key
from plumbline.access.credentials import key_digest
from plumbline.access.errors import AlreadyTaken
from plumbline.access.model import NewMember
from plumbline.access.reads import api_keys, library_addresses, members
from plumbline.application import Application
from plumbline.archives.actions import try_archive
from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.graphs import GRAPHS
from plumbline.boms.model import BomEdit, NewLine
from plumbline.bootstrap import open_application
from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.actions.review import decide_stage
from plumbline.change_orders.lifecycle import STATES, State
from plumbline.change_orders.model import NewChangeOrder, Resolution, Status
from plumbline.change_orders.reads.orders import items_of, list_change_orders, stages_of
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.errors import ComponentLocked
from plumbline.components.model import ComponentChange, NewComponent, ReleaseRequest
from plumbline.components.reads import components_by_keys, versions_of
from plumbline.configuration.actions import roll_back_configuration
from plumbline.configuration.reads import configuration_drift
from plumbline.definitions.reads import configuration_history, definitions_in_force
from plumbline.imports.actions.undo import undo_import
from plumbline.imports.model import ImportState
from plumbline.imports.reads import list_imports
from plumbline.kit.actor import Role
from plumbline.kit.paging import PageRequest
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing import make
from plumbline.testing.archives import archived, brought_in, manifest_in, tampered
from plumbline.testing.callers import Caller, Team, new_team
from plumbline.testing.databases import fresh_address
from plumbline.testing.scenarios.lived import Lived, lived_through, reconfigured


def test_from_one_server_to_an_empty_one_and_back_the_archives_are_equal(
    lived: Lived, empty_server: Application
) -> None:
    first = archived(lived.boss)
    _, there = brought_in(empty_server, first)
    second = archived(there)
    assert manifest_in(second) == manifest_in(first)
    assert second == first, "not only the manifest: every byte"
    back = open_application(fresh_address(lived.boss.application.database.dialect))
    _, here_again = brought_in(back, second)
    assert archived(here_again) == first
    back.database.close()


def test_a_catalog_that_was_replaced_and_partly_came_back_travels_with_its_past(
    team: Team, empty_server: Application
) -> None:
    boss = reconfigured(team)
    first = archived(boss)
    _, there = brought_in(empty_server, first)
    assert archived(there) == first
    assert there.ask(definitions_in_force) == boss.ask(definitions_in_force)
    assert there.ask(configuration_drift) == boss.ask(configuration_drift)
    assert there.ask(configuration_history) == boss.ask(configuration_history)
    rolled = there.run(roll_back_configuration, 1, allow=["all"])
    assert rolled.version is not None
    assert rolled.version.number == boss.ask(configuration_history)[0].number + 1


def test_work_goes_on_where_it_stopped(empty_server: Application, team: Team) -> None:
    """The same things done in both libraries have the same outcome: numbers, versions, revisions, changes."""
    lived = lived_through(team)
    _, there = brought_in(empty_server, archived(lived.boss))
    assert worked_on(there, lived) == worked_on(lived.boss, lived)


def worked_on(boss: Caller, lived: Lived) -> object:
    GRAPHS.clear()  # kept by library: one process seldom has the same library in two databases
    made = [
        boss.run(create_components, [NewComponent(f"New {category}", category)])[0].cpn
        for category in ("Mechanical Assembly", "Resistor", "Lathe")
    ]
    part = make.component(boss, "Part")
    top = boss.run(edit_boms, [BomEdit(lived.top.id, add=(NewLine(part.id, Decimal(3)),))])[0]
    renamed = boss.run(update_components, [ComponentChange(top.id, expected_version=top.version, name="Another")])[0]
    released = boss.run(release_components, [ReleaseRequest(part.id), ReleaseRequest(renamed.id)])
    history = [(each.number, each.change, each.revision) for each in boss.ask(versions_of, top.id)]
    with boss.application.asking(boss.actor) as asked:
        change = change_number_now(asked.scope)
    return made, part.cpn, [(each.version, each.released_revision) for each in released], history, change


def test_imports_that_were_applied_come_along_and_can_be_undone(empty_server: Application, team: Team) -> None:
    lived = lived_through(team)
    _, there = brought_in(empty_server, archived(lived.boss))
    here = {each.id: each for each in lived.boss.ask(list_imports, PageRequest()).items}
    travelled = there.ask(list_imports, PageRequest()).items
    assert {each.state for each in here.values()} == {ImportState.OPEN, ImportState.APPLIED, ImportState.UNDONE}
    assert [here[each.id] for each in travelled] == travelled
    assert {each.state for each in travelled} == {ImportState.APPLIED, ImportState.UNDONE}
    standing = next(each for each in travelled if each.state == ImportState.APPLIED)
    undone = [boss.run(undo_import, standing.id).undone_by for boss in (there, lived.boss)]
    assert undone[0] == undone[1]


def test_reviews_go_on_where_they_stopped(empty_server: Application, team: Team) -> None:
    """Change orders in every state; whoever is told of a stage is known by his e-mail address, though nothing else names him."""
    boss = lived_through(team).boss
    orders = boss.ask(list_change_orders, PageRequest(first=100)).items
    assert {State(Status(each.status), Resolution(each.resolution)) for each in orders} == set(STATES)
    tom = NewMember(f"tom-{boss.actor.user_id[:8]}@acme.example", "Tom of this server", Role.VIEW_ONLY)
    told = new_team(empty_server).administrator.run(add_member, tom).user
    _, there = brought_in(empty_server, archived(boss))
    assert there.ask(list_change_orders, PageRequest(first=100)).items == orders
    by_name = {each.name: each for each in orders}
    waiting, under_review = by_name["Waits for the board"], by_name["Open"]
    stages = there.ask(stages_of, [waiting.id])[waiting.id]
    assert {"userId": told.id} in orjson.loads(stages[1].notify)
    [item] = there.ask(items_of, [under_review.id])[under_review.id]
    held = there.ask(components_by_keys, [item.component_key])[item.component_key]
    with pytest.raises(ComponentLocked):
        there.run(update_components, [ComponentChange(held.id, name="Edited under review")])
    assert there.run(decide_stage, waiting.id, "APPROVED").resolution == Resolution.APPROVED
    following = there.run(create_change_order, NewChangeOrder("Next", template="Two Stages"))
    assert following.sequence == len(orders) + 1


def test_users_are_known_by_their_email_and_others_cannot_sign_in_yet(lived: Lived, empty_server: Application) -> None:
    boss = lived.boss
    ada = next(each.user for each in boss.ask(members) if each.role is Role.ADMINISTRATOR)
    host = new_team(empty_server).administrator
    known = host.run(
        add_member, NewMember(ada.email, "Ada of this server", Role.VIEW_ONLY, "a good long password")
    ).user
    assert known.id != ada.id
    _, there = brought_in(empty_server, archived(boss))
    here = {each.user.email: each for each in there.ask(members)}
    assert here[ada.email].user == known, "she keeps her name and her password"
    assert here[ada.email].role is Role.ADMINISTRATOR
    assert {(each.user.email, each.role) for each in boss.ask(members)} == {
        (m.user.email, m.role) for m in here.values()
    }
    assert there.actor.user_id == known.id
    assert there.ask(api_keys) == []
    assert there.run(create_api_key, "First").key.user_id == known.id
    assert set(passwords(empty_server, [each.user.id for each in here.values()]).values()) >= {None}
    assert [each for each in passwords(empty_server, [known.id]).values() if each], "hers"


def passwords(application: Application, ids: list[str]) -> dict[str, str | None]:
    with application.database.reading() as connection:
        rows = connection.execute(text("SELECT id, password_hash FROM users")).tuples().all()
    return {user: hashed for user, hashed in rows if user in ids}


def test_no_secret_leaves(lived: Lived) -> None:
    secret = lived.team.engineer.key()
    with zipfile.ZipFile(io.BytesIO(archived(lived.boss))) as file:
        everything = b"".join(file.read(name) for name in file.namelist())
    for trace in (secret, "password_hash", "passwordHash", key_digest(secret), "$argon2"):
        assert trace.encode() not in everything


def test_a_server_that_has_the_library_refuses_it_and_keeps_its_own(lived: Lived, empty_server: Application) -> None:
    archive = archived(lived.boss)
    _, there = brought_in(empty_server, archive)
    make.component(there, "Newer than the archive")
    before = archived(there)
    with pytest.raises(AlreadyTaken, match="has the library"):
        brought_in(empty_server, archive, name="Another Name")
    assert archived(there) == before


def test_a_name_that_is_taken_is_refused_and_another_can_be_given(
    lived: Lived, team: Team, empty_server: Application
) -> None:
    brought_in(empty_server, archived(lived.boss))
    same_names = tampered(
        archived(team.administrator),
        manifest=lambda manifest: manifest.update(
            organization=_manifest_of(lived)["organization"],
            library={**manifest["library"], "slug": _manifest_of(lived)["library"]["slug"]},
        ),
    )
    with pytest.raises(AlreadyTaken, match="another library"):
        brought_in(empty_server, same_names)
    imported, _ = brought_in(empty_server, same_names, name="Second Library")
    assert imported.library.slug == "second-library"
    assert imported.organization.id == lived.boss.actor.organization_id, "they are in one organization now"
    assert len(library_addresses(empty_server.database)) == 2


def _manifest_of(lived: Lived) -> dict[str, dict[str, str]]:
    return orjson.loads(manifest_in(archived(lived.boss)))  # type: ignore[no-any-return]  # as the archive has it


def test_a_trial_says_that_an_archive_comes_out_as_it_went_in(lived: Lived, empty_server: Application) -> None:
    archive = archived(lived.boss)
    trial = try_archive(empty_server.database, empty_server.clock, empty_server.new_id, io.BytesIO(archive))
    assert trial.differing == ()
    assert trial.manifest.library.id == lived.boss.actor.library_id


def test_an_archive_that_others_wrote_may_order_and_space_it_otherwise(lived: Lived, empty_server: Application) -> None:
    other = tampered(archived(lived.boss), {"statuses.jsonl": lambda lines: lines.reverse()})
    trial = try_archive(empty_server.database, empty_server.clock, empty_server.new_id, io.BytesIO(other))
    assert trial.differing == ("statuses.jsonl",)
