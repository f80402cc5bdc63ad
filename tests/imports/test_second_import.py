"""An import of what is there already writes nothing at all, not even a change set."""

from __future__ import annotations

import pytest

from plumbline.exchange.actions import apply_import
from plumbline.exchange.reads.library import planned_import
from plumbline.storage.unit_of_work import change_number_now

SETS = [
    ("mendel90-dibond",),
    ("open-source-rover", "output_file.xlsx"),
    ("open-source-rover", "parts_list.csv"),
    ("inventree-demo",),
    ("jlcpcb-kicad-passives",),
    ("lumenpnp", "machine/pcb/mobo"),
    ("lumenpnp", "feeder/pcb/mobo"),
    ("wagiminator-power-boards",),
    ("odrive-v3", "BOM_v3.1.csv", "BOM_v3.4_24V.csv"),
    ("limesdr-usb", "LimeSDR-USB_1v4_BOMr7.xls"),
    ("limesdr-usb", "LimeSDR_1v2_BOMr1.xls"),
    ("pixhawk", "PX4FLOW1.3.1.sch"),
    ("pixhawk", "PX4IOv1.3.sch"),
    ("pixhawk", "sapog_reference_hardware.sch"),
    ("icub-boards", "bat", "ems4", "2foc"),
    ("messy-sheets", "mesospim/mesoSPIM-V5-parts-list-latest.xlsx"),
    ("messy-sheets", "emontx"),
    ("messy-sheets", "hackrf-jellybean"),
    ("messy-sheets", "duet-0.4"),
    ("messy-sheets", "libresolarbox/Bill of Materials.ods"),
    ("messy-sheets", "foot-contact-switch"),
    ("messy-sheets", "exa-spim/BOM.xlsx"),
    ("messy-sheets", "ulx3s"),
    ("messy-sheets", "libresolar-mppt"),
    ("gitplm-parts", "database"),
]


def change_number(caller) -> int:
    with caller.application.asking(caller.actor) as asked:
        return change_number_now(asked.scope)


@pytest.mark.parametrize("name", SETS, ids=lambda name: name[-1])
def test_a_second_import_changes_nothing(fresh_import, name):
    first = fresh_import(*name)
    caller = first.team.manager
    before = change_number(caller)
    assert first.result.created == len(first.data.parts)
    plan = caller.ask(planned_import, first.data)
    assert plan.changes_nothing, [step.changes for step in (*plan.parts, *plan.lines) if step.changes][:5]
    second = caller.run(apply_import, first.data)
    assert (second.created, second.updated, second.unchanged) == (0, 0, len(first.data.parts))
    assert (second.lines, second.tops) == (first.result.lines, first.result.tops)
    assert change_number(caller) == before
