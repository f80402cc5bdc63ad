"""Timing: processor time of this process, best and median of several batches, and ratios to a floor measured beside it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

BATCHES = 7


class Measured(NamedTuple):
    """Milliseconds for one call: processor time and clock time, each as the median of the batches."""

    cpu_ms: float
    wall_ms: float


def measured(call: Callable[[], object], *, calls: int = 1, batches: int = BATCHES) -> Measured:
    """After one warm-up call."""
    call()
    cpu, wall = [], []
    for _ in range(batches):
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        for _ in range(calls):
            call()
        cpu.append((time.process_time() - cpu_start) / calls)
        wall.append((time.perf_counter() - wall_start) / calls)
    return Measured(statistics.median(cpu) * 1e3, statistics.median(wall) * 1e3)


def paired(
    one: Callable[[], object], other: Callable[[], object], *, calls: int, batches: int = 15
) -> tuple[Measured, Measured, float]:
    """Both in turn, A B A B …, so that a machine that changes its speed changes it for both; the ratio is the median of the pairs."""
    one()
    other()
    pairs = [(measured_once(one, calls), measured_once(other, calls)) for _ in range(batches)]
    ratio = statistics.median(a.cpu_ms / b.cpu_ms for a, b in pairs)
    return _median([a for a, _ in pairs]), _median([b for _, b in pairs]), ratio


def measured_once(call: Callable[[], object], calls: int) -> Measured:
    cpu_start, wall_start = time.process_time(), time.perf_counter()
    for _ in range(calls):
        call()
    return Measured((time.process_time() - cpu_start) / calls * 1e3, (time.perf_counter() - wall_start) / calls * 1e3)


def _median(all_of_them: list[Measured]) -> Measured:
    return Measured(
        statistics.median(each.cpu_ms for each in all_of_them), statistics.median(each.wall_ms for each in all_of_them)
    )
