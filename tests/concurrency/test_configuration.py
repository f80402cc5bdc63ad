"""Several people configure one library at once, while others create parts in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from plumbline.catalog.reads import catalog
from plumbline.configuration.actions import apply_configuration
from plumbline.configuration.errors import ConfigurationMoved
from plumbline.configuration.model import File
from plumbline.configuration.reads import configuration_drift, configuration_state
from plumbline.definitions.reads import configuration_history
from plumbline.testing import make
from plumbline.testing.callers import Team

WRITERS = 8
ROUNDS = 5


def registry(name: str, number: int) -> list[File]:
    text = f"""\
categories:
  - {{ code: "200", type: MECHANICAL, name: Screw }}
  - {{ code: "300", type: MECHANICAL, name: {name} {number} }}
"""
    return [File("categories.yaml", text)]


def test_of_plans_made_against_one_state_exactly_one_is_applied(team: Team) -> None:
    for each_round in range(ROUNDS):
        state = team.viewer.ask(configuration_state)
        gate = Barrier(WRITERS)

        def apply(number: int, state: int = state, gate: Barrier = gate, each_round: int = each_round) -> bool:
            gate.wait(30)
            try:
                files = registry(f"Part {each_round}", number)
                team.manager.run(apply_configuration, files, complete=False, allow=["all"], expected_state=state)
            except ConfigurationMoved:
                return False
            return True

        with ThreadPoolExecutor(WRITERS) as pool:
            outcomes = list(pool.map(apply, range(WRITERS)))
        assert outcomes.count(True) == 1
        [active] = [each.name for each in team.viewer.ask(catalog).categories if each.code == "300"]
        assert active == f"Part {each_round} {outcomes.index(True)}"
    assert [each.number for each in team.viewer.ask(configuration_history)] == list(range(ROUNDS + 1, 0, -1))
    assert team.viewer.ask(configuration_drift) == ()


def test_parts_created_while_the_configuration_changes_are_in_a_category_that_exists(team: Team) -> None:
    team.manager.run(apply_configuration, registry("Part", 0), complete=False, allow=["all"])

    def create(number: int) -> str:
        return make.component(team.engineer, f"Screw {number}", category="Screw").cpn

    def configure(number: int) -> None:
        team.manager.run(apply_configuration, registry("Part", number), complete=False, allow=["all"])

    with ThreadPoolExecutor(WRITERS) as pool:
        made = [pool.submit(create, number) for number in range(40)]
        changed = [pool.submit(configure, number) for number in range(1, 11)]
        cpns = [each.result() for each in made]
        for each in changed:
            each.result()
    assert sorted(cpns) == [f"200-{number:05}" for number in range(1, 41)]
    [active] = [each.name for each in team.viewer.ask(catalog).categories if each.code == "300"]
    assert active.startswith("Part ")
