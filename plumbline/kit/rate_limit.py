"""Rate limits by GCRA: a burst at once, then a steady rate, with the exact wait for whoever comes too early.

The whole state of a key is one moment: when its bucket would be empty again (the "theoretical arrival time" of the algorithm). It fits in
one column, so the same decision serves several processes over a table; `RateLimiter` keeps it in memory for one process.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from plumbline.kit.errors import RateLimited

SLACK_SECONDS = 1e-4
"""Moments are floats, and seconds since 1970 resolve to a quarter of a microsecond: whoever waited as told must be let in all the same. It
adds nothing in the long run, because the charge is full."""
KEYS_MAX = 100_000


class Decision(NamedTuple):
    """`retry_after` is 0.0 for a request that is let in, else the seconds until the same request would be."""

    state: float
    retry_after: float

    @property
    def is_admitted(self) -> bool:
        return self.retry_after == 0.0


def admit(state: float | None, now: float, rate: float, burst: float, *, cost: float = 1.0) -> Decision:
    """Decides one request: `rate` units per second in the long run, at most `burst` at once; `state` is None for a new key.

    A refused request does not change the state, so hammering does not lengthen the wait. A cost above `burst` could never be paid."""
    assert rate > 0, f"rate {rate}"
    assert 0 < cost <= burst, f"cost {cost}, burst {burst}"
    empty_at = now if state is None else max(state, now)
    charged = empty_at + cost / rate
    wait = charged - burst / rate - now
    if wait <= SLACK_SECONDS:
        return Decision(charged, 0.0)
    return Decision(empty_at, wait)


class RateLimiter:
    """One limit over many keys (an API key, an address), for one process. Safe for threads.

    At most `keys_max` keys are remembered; the one that asked longest ago is forgotten first, which at worst gives it a new burst.
    """

    def __init__(
        self, rate: float, burst: float, *, keys_max: int = KEYS_MAX, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate = rate
        self.burst = burst
        self._keys_max = keys_max
        self._monotonic = monotonic
        self._states: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._states)

    def decide(self, key: str, *, cost: float = 1.0) -> Decision:
        with self._lock:
            decision = admit(self._states.get(key), self._monotonic(), self.rate, self.burst, cost=cost)
            self._states[key] = decision.state
            self._states.move_to_end(key)
            if len(self._states) > self._keys_max:
                self._states.popitem(last=False)
        return decision

    def check(self, key: str, *, cost: float = 1.0) -> None:
        """Raises RateLimited, with the wait in whole seconds, for a request that comes too early."""
        decision = self.decide(key, cost=cost)
        if not decision.is_admitted:
            seconds = math.ceil(decision.retry_after)
            raise RateLimited(
                f"Too many requests: {self.rate:g} per second, {self.burst:g} at once.", retry_after=seconds
            )
