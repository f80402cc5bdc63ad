"""A real board, released, and the list of its next revision imported over it: the differences are the change order."""

from __future__ import annotations

import pytest

from plumbline.boms.actions import release_components
from plumbline.boms.designators import parse_designators
from plumbline.boms.differences import ComponentDifferences
from plumbline.boms.model import BomLine
from plumbline.boms.reads import component_differences, impact_of
from plumbline.boms.report import ReportFormat, report
from plumbline.components.differences import VersionSpan
from plumbline.components.model import ReleaseRequest
from plumbline.components.reads import components_by_keys, sources_of
from plumbline.exchange.actions import apply_import
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ReadOptions

BOARD = "LimeSDR-USB"
NEWER = [
    ("LimeSDR-USB_1v4_BOMr4.xls", "LimeSDR-USB_1v4_BOMr7.xls"),
    ("LimeSDR-USB_1v4s_BOMr4.xls", "LimeSDR-USB_1v4s_BOMr7.xls"),
    ("LimeSDR-USB_1v4_BOMr7.xls", "LimeSDR-USB_1v4s_BOMr7.xls"),
]


@pytest.mark.parametrize(("older", "newer"), NEWER, ids=["plug", "socket", "plug to socket"])
def test_the_differences_since_the_release_are_the_change_order(fresh_import, data_set, older, newer):
    radio = fresh_import("limesdr-usb", older, top_name=BOARD)
    team, [top] = radio.team, radio.result.tops
    board = radio.by_cpn(top)
    [released] = team.manager.run(release_components, [ReleaseRequest(board.id)])
    data = read_files(data_set("limesdr-usb").files(newer), options=ReadOptions(top_name=BOARD))
    team.manager.run(apply_import, data)
    [found] = team.viewer.ask(component_differences, [VersionSpan(board.id)])
    assert found.before is not None
    assert (found.before.version, found.before.revision) == (released.version, released.revision)
    assert _by_place(team, found) == {
        (row["refdes"], row["mpn_from"], row["fitting_from"], row["mpn_to"], row["fitting_to"])
        for row in data_set("limesdr-usb").expected("expected_revision_diff.csv")
        if (row["from_file"], row["to_file"]) == (older, newer)
    }
    told = report([found], ReportFormat.MARKDOWN, impacts=team.viewer.ask(impact_of, [board.id]))
    assert len(told.splitlines()) < 40, "a change of a few places reads like one"
    [again] = team.viewer.ask(component_differences, [VersionSpan(board.id, found.after.version, released.version)])
    assert {(place, *there, *here) for place, here, there in _sides(team, found)} == {
        (place, *here, *there) for place, here, there in _sides(team, again)
    }


def _sides(team, found):
    return [(place, (mpn, fitting), (other, its)) for place, mpn, fitting, other, its in _by_place(team, found)]


def _by_place(team, found: ComponentDifferences) -> set[tuple[str, ...]]:
    """Which part stands at each place before and after, fitted or not, where that differs."""
    sides = [[line for each in found.lines if (line := getattr(each, side))] for side in ("before", "after")]
    keys = [line.child_key for side in sides for line in side]
    parts = team.viewer.ask(components_by_keys, keys)
    mpn_of = {key: each[0].source.mpn for key, each in team.viewer.ask(sources_of, list(parts.values())).items()}

    def told(lines: list[BomLine]) -> dict[str, tuple[str, str]]:
        return {
            place: (mpn_of[line.child_key], "NF" if line.is_do_not_place else "fitted")
            for line in lines
            for place in parse_designators(line.reference_designators)
        }

    before, after = (told(side) for side in sides)
    assert before.keys() == after.keys()
    return {(place, *before[place], *after[place]) for place in before if before[place] != after[place]}
