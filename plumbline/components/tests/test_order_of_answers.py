"""Answers to lists of keys come in the order asked, on every database and under every plan of its own."""

from __future__ import annotations

import random

from plumbline.components.reads import components_by_keys
from plumbline.components.view import View, ViewMode
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing import make
from plumbline.testing.callers import Team


def test_components_come_in_the_order_of_the_keys_in_every_view(team: Team) -> None:
    made = make.components(team.engineer, *(f"Part {number}" for number in range(60)))
    with team.application.asking(team.viewer.actor) as asked:
        now = change_number_now(asked.scope)
    keys = [each.key for each in made]
    random.Random(4).shuffle(keys)
    for view in (View(), View(ViewMode.WORKING, now)):
        assert list(team.viewer.ask(components_by_keys, [*keys, *keys[:3]], view=view)) == keys
