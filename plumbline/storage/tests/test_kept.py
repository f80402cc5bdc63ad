"""What is kept by configuration, when threads with older and newer snapshots meet."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from plumbline.storage.kept import KeptByConfiguration


def at(library: str, change: int) -> Any:
    """All that is asked of a scope."""
    return SimpleNamespace(library_id=library, configuration_change=change)


def test_a_value_may_be_dropped_while_an_older_snapshot_makes_its_own() -> None:
    kept = KeptByConfiguration[str](kept_max=1)
    assert kept.get(at("a", 2), lambda: "newer") == "newer"

    def make_while_another_library_comes() -> str:
        kept.get(at("b", 1), lambda: "other")
        return "older"

    assert kept.get(at("a", 1), make_while_another_library_comes) == "older"


def test_an_older_snapshot_never_takes_the_place_of_a_newer_one() -> None:
    kept = KeptByConfiguration[str]()

    def make_while_a_newer_one_comes() -> str:
        kept.get(at("a", 2), lambda: "newer")
        return "older"

    assert kept.get(at("a", 1), make_while_a_newer_one_comes) == "older"
    assert kept.get(at("a", 2), lambda: "made again") == "newer"
