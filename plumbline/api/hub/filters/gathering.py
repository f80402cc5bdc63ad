"""All faults of a filter in one refusal, each with its place on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import Filter
from plumbline.kit.errors import PathPart

FAULTS_MAX = 20
"""Faults that one answer names."""
Reading = tuple[Sequence[PathPart], Callable[[], Filter]]
"""Where something stands, and what reads it."""


def gathered(readings: Iterable[Reading]) -> list[Filter]:
    """What every reading answers; refuses, after the last one, with the faults of all."""
    found: list[Filter] = []
    faults: list[InvalidFilter] = []
    for path, read in readings:
        try:
            found.append(read())
        except InvalidFilter as fault:
            fault.within(*path)
            faults.append(fault)
    if faults:
        raise _together(faults)
    return found


def _together(faults: Sequence[InvalidFilter]) -> InvalidFilter:
    first, *others = [each for fault in faults for each in (fault, *fault.also)]
    for each in (first, *others):
        each.also = ()
    first.also = tuple(others[: FAULTS_MAX - 1])
    assert isinstance(first, InvalidFilter), "the first fault stands before those it carries"
    return first
