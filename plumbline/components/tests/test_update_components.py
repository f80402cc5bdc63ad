"""Updating components: versions, staleness, archiving, releases."""

from __future__ import annotations

import pytest

from plumbline.access.permissions import VERBS
from plumbline.boms.actions import release_components
from plumbline.components.actions.mark import mark_component
from plumbline.components.actions.update import archive_components, restore_components, update_components
from plumbline.components.errors import AliasTaken, ComponentMissing, InvalidRelease, NothingToRelease, StaleVersion
from plumbline.components.filter import Field, Operator, Where
from plumbline.components.model import Component, ComponentChange, ComponentState, MarkKind, ReleaseRequest
from plumbline.components.reads import (
    attribute_values_of,
    component_at_version,
    components_by_ids,
    list_components,
    sources_of,
    versions_of,
    view_as_of,
    view_as_released,
)
from plumbline.components.view import RELEASED, View, ViewMode
from plumbline.kit.clock import from_iso
from plumbline.kit.errors import Forbidden
from plumbline.kit.paging import PageRequest
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing import make
from plumbline.testing.callers import Team


def change(team: Team, component: Component, **fields: object) -> Component:
    return team.engineer.run(update_components, [ComponentChange(component.id, **fields)])[0]  # type: ignore[arg-type]


def change_number(team: Team) -> int:
    with team.application.asking(team.viewer.actor) as asked:
        return change_number_now(asked.scope)


def test_a_change_makes_the_next_version_and_the_old_one_stays(team: Team) -> None:
    first = make.component(team.engineer, "Bracket", attributes={"Mass": "10 g"})
    second = change(team, first, name="Long bracket", attributes={"Mass": "12 g", "Material": "Steel"})
    assert (second.version, second.name, second.cpn) == (2, "Long bracket", first.cpn)
    assert team.viewer.ask(component_at_version, first.id, 1).name == "Bracket"
    assert [each.number for each in team.viewer.ask(versions_of, first.id)] == [2, 1]
    values = team.viewer.ask(attribute_values_of, [second])[second.key]
    assert {each.value.text for each in values} == {"12 g", "Steel"}


def test_a_change_that_changes_nothing_makes_no_version_and_no_change_set(team: Team) -> None:
    source = make.source("Bossard", "1234567", (1, "0.05"))
    component = make.component(
        team.engineer, "Screw", sources=(source,), attributes={"Mass": "1 g"}, aliases=(("old", "X1"),)
    )
    before = change_number(team)
    same = change(
        team, component, name="Screw", sources=(source,), attributes={"Mass": "1 g"}, aliases=(("old", "X1"),)
    )
    assert same.version == 1
    assert change_number(team) == before


def test_a_stale_change_changes_nothing(team: Team) -> None:
    component = make.component(team.engineer)
    change(team, component, expected_version=1, name="Newer")
    with pytest.raises(StaleVersion) as refused:
        change(team, component, expected_version=1, name="Lost update")
    assert refused.value.expected == "2"
    assert team.viewer.ask(components_by_ids, [component.id])[0].name == "Newer"


def test_sources_keep_their_identity_while_their_offers_change(team: Team) -> None:
    component = make.component(
        team.engineer, sources=(make.source("TDK", "C1", (1, "0.10")), make.source("Murata", "G1"))
    )
    before = {each.source.mpn: each.id for each in team.viewer.ask(sources_of, [component])[component.key]}
    changed = change(team, component, sources=(make.source("TDK", "C1", (1, "0.08")), make.source("Kemet", "K1")))
    after = {each.source.mpn: each.id for each in team.viewer.ask(sources_of, [changed])[changed.key]}
    assert after["C1"] == before["C1"]
    assert set(after) == {"C1", "K1"}


def test_as_of_sees_what_was_there_then(team: Team) -> None:
    component = make.component(team.engineer, "First", attributes={"Mass": "1 g"})
    then = View(ViewMode.WORKING, change_number(team))
    change(team, component, name="Second", attributes={"Mass": "2 g"})
    make.component(team.engineer, "Later")
    page = team.viewer.ask(list_components, PageRequest(10), view=then, counted=True)
    assert [each.name for each in page.items] == ["First"]
    assert page.total == 1
    values = team.viewer.ask(attribute_values_of, page.items, view=then)[component.key]
    assert [each.value.text for each in values] == ["1 g"]
    moment = from_iso(team.viewer.ask(versions_of, component.id)[1].saved_at)
    assert team.viewer.ask(view_as_of, ViewMode.WORKING, moment).at_change is not None


def test_a_release_ties_the_newest_version_to_the_next_revision(team: Team) -> None:
    component = make.component(team.engineer, attributes={"Mass": "1 g"})
    released = team.manager.run(release_components, [ReleaseRequest(component.id)])[0]
    assert (released.revision, released.state) == ("A", ComponentState.RELEASED)
    modified = change(team, component, name="Better", attributes={"Mass": "2 g"})
    assert modified.state is ComponentState.MODIFIED
    [shown] = team.viewer.ask(components_by_ids, [component.id], view=RELEASED)
    assert (shown.name, shown.version) == ("Bracket", released.version)
    values = team.viewer.ask(attribute_values_of, [shown], view=RELEASED)[component.key]
    assert [each.value.text for each in values] == ["1 g"]
    again = team.manager.run(release_components, [ReleaseRequest(component.id, status="Production")])[0]
    assert (again.revision, again.state) == ("B", ComponentState.RELEASED)
    baseline = team.viewer.ask(view_as_released, component.id, "A")
    assert team.viewer.ask(components_by_ids, [component.id], view=baseline)[0].name == "Bracket"


def test_a_release_needs_something_new_and_a_later_revision(team: Team) -> None:
    component = make.component(team.engineer)
    team.manager.run(release_components, [ReleaseRequest(component.id, revision="B")])
    with pytest.raises(NothingToRelease):
        team.manager.run(release_components, [ReleaseRequest(component.id)])
    change(team, component, name="Better")
    with pytest.raises(InvalidRelease, match="does not follow B"):
        team.manager.run(release_components, [ReleaseRequest(component.id, revision="A")])


def test_archived_components_leave_lists_but_not_history(team: Team) -> None:
    component = make.component(team.engineer)
    team.manager.run(archive_components, [component.id])
    active = Where(Field.ARCHIVED, Operator.EQ, False)
    assert team.viewer.ask(list_components, PageRequest(5), narrowed_to=active).items == []
    assert team.viewer.ask(components_by_ids, [component.id])[0].is_archived
    team.manager.run(restore_components, [component.id])
    assert len(team.viewer.ask(list_components, PageRequest(5), narrowed_to=active).items) == 1


def test_marks_belong_to_one_user_and_make_no_version(team: Team) -> None:
    component = make.component(team.engineer)
    for _ in range(2):
        team.viewer.run(mark_component, component.id, MarkKind.FAVORITE)
    favorites = Where(Field.FAVORITE, Operator.EQ, True)
    assert len(team.viewer.ask(list_components, PageRequest(5), narrowed_to=favorites).items) == 1
    assert team.engineer.ask(list_components, PageRequest(5), narrowed_to=favorites).items == []
    assert team.viewer.ask(components_by_ids, [component.id])[0].version == 1


def test_an_alias_can_pass_from_one_component_to_another_only_when_free(team: Team) -> None:
    one, other = make.component(team.engineer, aliases=(("old", "N1"),)), make.component(team.engineer)
    with pytest.raises(AliasTaken):
        change(team, other, aliases=(("old", "N1"),))
    change(team, one, aliases=())
    assert change(team, other, aliases=(("old", "N1"),)).version == 2


def test_a_foreign_component_is_missing(team: Team, strangers: Team) -> None:
    component = make.component(team.engineer)
    with pytest.raises(ComponentMissing):
        strangers.engineer.run(update_components, [ComponentChange(component.id, name="Mine")])


def test_viewers_cannot_edit_and_editors_cannot_archive(team: Team) -> None:
    component = make.component(team.engineer)
    with pytest.raises(Forbidden, match="components:edit"):
        team.viewer.run(update_components, [ComponentChange(component.id, name="x")])
    with pytest.raises(Forbidden):
        team.engineer.run(archive_components, [component.id])
    assert VERBS[update_components].kind == "action"
