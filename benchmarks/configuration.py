"""A large registry read and resolved, and a plan on a library of 100,000 components. Floors: the YAML parser alone on the same text, and
the database handing over what the plan has to look at."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial

import yaml
from sqlalchemy import text

from benchmarks.measuring import measured
from plumbline.catalog.registry.reading import registry_package
from plumbline.catalog.registry.resolution import resolve
from plumbline.catalog.registry.shelf import Shelf
from plumbline.components.actions.create import create_components
from plumbline.components.model import NewComponent
from plumbline.configuration.actions import apply_configuration
from plumbline.configuration.model import File, Plan
from plumbline.configuration.reads import plan_configuration
from plumbline.kit.yaml_source import load_yaml
from plumbline.testing.callers import Caller

CATEGORIES = 500
GROUPS, SPECS_PER_GROUP = 8, 5
COMPONENTS = 100_000
BATCH = 10_000
OTHER_NUMBERS = """\
version: "1.0"
schema_type: id_generation_scheme
settings: { allow_override: false }
elements:
  - { type: list, name: category, required: true, values: "${{ duro.categories }}" }
  - { type: constant, value: "/", name: slash }
  - { type: numeric_counter, name: sequence, required: true, format: { min_value: 1, max_value: 999999 } }
examples: ["100/000001"]
"""


def report(caller: Caller) -> list[str]:
    return [*_registry(), *_plans(caller)]


def registry_of(specs: str = "") -> str:
    """500 categories with 40 specs each, by eight groups; `specs` goes into the first spec of each group."""
    lines = ['version: "1.0"', "schema_type: category_registry", "commonSpecs:"]
    for group in range(GROUPS):
        lines.append(f"  group{group}:")
        lines += [
            f"    spec{spec}: {{ name: Spec {group}.{spec}, type: number, unit: mm{specs if spec == 0 else ''} }}"
            for spec in range(SPECS_PER_GROUP)
        ]
    lines.append("categories:")
    references = ", ".join(f'{{ $ref: "#/commonSpecs/group{group}/*" }}' for group in range(GROUPS))
    for category in range(CATEGORIES):
        lines.append(
            f'  - {{ code: "{category + 100}", type: MECHANICAL, name: Category {category}, specs: [{references}] }}'
        )
    return "\n".join(lines) + "\n"


def _registry() -> list[str]:
    written = registry_of(", validation: { minimum: 0, maximum: 1000 }")

    def load() -> int:
        return len(resolve(registry_package(load_yaml(written, "categories.yaml")), Shelf()).categories)

    def parse() -> int:
        return sum(1 for _ in yaml.parse(written, Loader=yaml.CSafeLoader))

    assert load() == CATEGORIES
    whole, floor = measured(load, calls=3), measured(parse, calls=3)
    return [
        f"registry of {CATEGORIES} categories x {GROUPS * SPECS_PER_GROUP} specs read and resolved: {whole.wall_ms:.0f} ms "
        f"(goal <= 500), {_peak_megabytes(load):.0f} MB at most; "
        f"its events alone {floor.wall_ms:.0f} ms; ratio {whole.wall_ms / floor.wall_ms:.1f}"
    ]


def _plans(caller: Caller) -> list[str]:
    caller.run(apply_configuration, [File("categories.yaml", registry_of())], complete=False, allow=["all"])
    for batch in _batches():
        caller.run(create_components, batch)
    stricter = File("categories.yaml", registry_of(", validation: { minimum: 0, maximum: 1000 }"))
    required = File("categories.yaml", registry_of(", required: Design"))
    numbers = File("numbering.yaml", OTHER_NUMBERS)
    floor = _floor(caller)
    rows = []
    for name, file in (
        ("limits on 8 specs of all categories", stricter),
        ("8 specs required", required),
        ("other numbers", numbers),
    ):
        ask = partial(caller.ask, plan_configuration, [file], complete=False)
        seconds, plan = _timed(ask)
        megabytes = _peak_megabytes(ask)
        affected = sum(effect.components for step in plan.steps for effect in step.effects)
        rows.append(
            f"plan on {COMPONENTS} components, {name}: {seconds:.2f} s (goal <= 3), {len(plan.steps)} steps, {affected} effects, "
            f"{megabytes:.0f} MB at most; reading all components alone {floor:.2f} s; ratio {seconds / floor:.1f}"
        )
    return rows


def _batches() -> Iterator[list[NewComponent]]:
    for start in range(0, COMPONENTS, BATCH):
        yield [
            NewComponent(
                f"Part {number}",
                str(100 + number % CATEGORIES),
                attributes={f"Spec {group}.0": f"{number % 1100} mm" for group in range(0, GROUPS, 2)},
            )
            for number in range(start, start + BATCH)
        ]


def _peak_megabytes(call: Callable[[], object]) -> float:
    """What Python holds at most while the call runs, beyond what it held before."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return peak


def _timed(ask: Callable[[], Plan]) -> tuple[float, Plan]:
    """The second of two: the first one reads the documents."""
    ask()
    began = time.perf_counter()
    plan = ask()
    return time.perf_counter() - began, plan


def _floor(caller: Caller) -> float:
    """Seconds for the database to hand over every newest version."""
    statement = text(
        "SELECT c.key, c.cpn, v.category_id, v.status_id FROM component_versions v JOIN components c ON c.key = v.component_key"
        " WHERE v.library_id = :id AND v.to_change = 9007199254740991"
    )
    with caller.application.database.reading() as connection:
        return (
            measured(lambda: connection.execute(statement, {"id": caller.actor.library_id}).fetchall()).wall_ms / 1000
        )
