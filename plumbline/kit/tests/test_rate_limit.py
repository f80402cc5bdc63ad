"""GCRA as a promise: never more than burst plus rate, never less, and the wait it names is the wait it takes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plumbline.kit.errors import RateLimited
from plumbline.kit.rate_limit import RateLimiter, admit

RATES = st.floats(0.01, 1_000)
BURSTS = st.integers(1, 50)
GAPS = st.lists(st.floats(0, 20), max_size=60)
STARTS = st.floats(0, 1e9)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def admitted_moments(start: float, gaps: list[float], rate: float, burst: int) -> list[float]:
    state, now, moments = None, start, []
    for gap in gaps:
        now += gap
        state, wait = admit(state, now, rate, burst)
        if wait == 0.0:
            moments.append(now)
    return moments


@given(STARTS, GAPS, RATES, BURSTS)
def test_no_window_admits_more_than_the_burst_and_the_rate(
    start: float, gaps: list[float], rate: float, burst: int
) -> None:
    moments = admitted_moments(start, gaps, rate, burst)
    for first in range(len(moments)):
        for last in range(first, len(moments)):
            allowed = burst + rate * (moments[last] - moments[first])
            assert last - first + 1 <= allowed + 1e-3 + rate * 2e-4


@given(STARTS, GAPS, RATES, BURSTS)
def test_waiting_as_told_always_succeeds_and_a_little_less_never(
    start: float, gaps: list[float], rate: float, burst: int
) -> None:
    state, now = None, start
    for gap in gaps:
        now += gap
        state, wait = admit(state, now, rate, burst)
        if wait:
            assert admit(state, now + wait, rate, burst).is_admitted
            assert not admit(state, now + wait * 0.9 - 2e-4, rate, burst).is_admitted


@given(STARTS, RATES, BURSTS)
def test_a_new_key_gets_its_burst_and_then_waits_one_interval(start: float, rate: float, burst: int) -> None:
    state = None
    for _ in range(burst):
        state, wait = admit(state, start, rate, burst)
        assert wait == 0.0
    assert admit(state, start, rate, burst).retry_after == pytest.approx(1 / rate, rel=1e-3, abs=2e-4)


@given(STARTS, RATES, BURSTS, st.integers(1, 200))
def test_a_caller_at_the_steady_rate_is_never_refused(start: float, rate: float, burst: int, count: int) -> None:
    state = None
    for number in range(count):
        state, wait = admit(state, start + number / rate, rate, burst)
        assert wait == 0.0


@given(STARTS, RATES, BURSTS, st.integers(1, 30))
def test_refused_requests_change_nothing(start: float, rate: float, burst: int, count: int) -> None:
    assume(burst / rate > 1e-3)
    state = None
    for _ in range(burst):
        state, _ = admit(state, start, rate, burst)
    once = admit(state, start, rate, burst)
    for _ in range(count):
        assert admit(once.state, start, rate, burst) == once


@given(RATES, BURSTS, st.floats(0.1, 50))
def test_a_cost_counts_as_that_many_requests(rate: float, burst: int, cost: float) -> None:
    assume(cost <= burst)
    state, wait = admit(None, 0.0, rate, burst, cost=cost)
    assert wait == 0.0
    assert state == pytest.approx(cost / rate)


def test_a_clock_that_steps_back_refuses_for_longer_but_recovers() -> None:
    state, _ = admit(None, 100.0, 1.0, 1.0)
    late = admit(state, 90.0, 1.0, 1.0)
    assert late.retry_after == pytest.approx(11.0)
    assert admit(late.state, 101.0, 1.0, 1.0).is_admitted


def test_a_cost_that_can_never_be_paid_is_a_fault_of_the_program() -> None:
    with pytest.raises(AssertionError):
        admit(None, 0.0, 1.0, 5.0, cost=6.0)


def test_limiter_keeps_keys_apart_and_names_whole_seconds() -> None:
    clock = Clock()
    limiter = RateLimiter(0.4, 2, monotonic=clock)
    limiter.check("a")
    limiter.check("a")
    limiter.check("b")
    with pytest.raises(RateLimited) as caught:
        limiter.check("a")
    assert caught.value.retry_after == 3
    assert caught.value.message == "Too many requests: 0.4 per second, 2 at once."
    clock.now += caught.value.retry_after
    limiter.check("a")


def test_limiter_forgets_the_key_that_asked_longest_ago() -> None:
    clock = Clock()
    limiter = RateLimiter(1, 1, keys_max=3, monotonic=clock)
    for key in ("a", "b", "c", "a", "d"):
        limiter.decide(key)
    assert len(limiter) == 3
    assert not limiter.decide("a").is_admitted
    assert limiter.decide("b").is_admitted, "forgotten, so new"


def test_limiter_admits_exactly_the_burst_under_many_threads() -> None:
    limiter = RateLimiter(0.001, 100, monotonic=Clock())
    with ThreadPoolExecutor(8) as pool:
        decisions = list(pool.map(lambda _number: limiter.decide("a").is_admitted, range(400)))
    assert decisions.count(True) == 100
