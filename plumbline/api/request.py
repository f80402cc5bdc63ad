"""From the headers of a request to who acts, the same for every surface: key, surface, tenant, rate."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from plumbline.access.actions import record_key_use
from plumbline.access.credentials import key_digest
from plumbline.access.errors import KeyRefused, WrongTenant
from plumbline.access.model import ApiKey, KeyHolder
from plumbline.access.reads import key_holder
from plumbline.application import Application
from plumbline.kit.actor import Actor
from plumbline.kit.clock import from_iso
from plumbline.kit.log import Log
from plumbline.kit.rate_limit import RateLimiter
from plumbline.settings import RateLimitSettings

KEY_LENGTH_MAX = 200
HOLDERS_MAX = 10_000
HOLDER_SECONDS_MAX = 1.0
"""How long a revoked key, a changed role or a removed member may still be believed."""
USE_RECORDED_SECONDS = 60.0
USES_WAITING_MAX = 1_000
COLD_DOCUMENT_COST = 3
"""Requests that a document costs on top when the server meets it first: reading and checking one takes about as long as answering three."""

Headers = Mapping[str, str]
Monotonic = Callable[[], float]

log = Log("plumbline.api.request")


def presented_key(headers: Headers) -> str:
    """From `x-api-key` or `Authorization: Bearer` (KiCad says Token); the first of them wins."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    key = headers.get("x-api-key") or (token if scheme.lower() in ("bearer", "token") else "")
    if not key.strip() or len(key) > KEY_LENGTH_MAX:
        raise refused_key()
    return key.strip()


def refused_key() -> KeyRefused:
    """One answer for every reason, so that nobody learns which keys exist."""
    return KeyRefused(
        "The API key is missing or not valid here.",
        expected="x-api-key: KEY, or Authorization: Bearer KEY",
        hint="A key ends by itself after its time, can be revoked, and opens one surface only. Create another one if yours has ended.",
    )


def refuse_other_tenant(headers: Headers, holder: KeyHolder) -> None:
    """`x-organization: @acme` and `x-library: @acme/main-library` may be left out, and must be right when they are there."""
    organization, library = holder.organization.slug, holder.library.slug
    named = headers.get("x-organization")
    if named is not None and _slug(named) != organization:
        raise WrongTenant(
            f"Not authorized: the key belongs to the organization @{organization}, not to {named[:60]!r}.",
            path=("x-organization",),
            expected=f"@{organization}",
        )
    named = headers.get("x-library")
    if named is not None and _slug(named) not in (library, f"{organization}/{library}"):
        raise WrongTenant(
            f"Not authorized: the key belongs to the library @{organization}/{library}, not to {named[:60]!r}.",
            path=("x-library",),
            expected=f"@{organization}/{library}",
        )


class Entrance:
    """Admits requests; shared by all surfaces and threads of a process."""

    def __init__(
        self, application: Application, limits: RateLimitSettings, *, monotonic: Monotonic = time.monotonic
    ) -> None:
        self._clock = application.clock
        self._keys = KeyRing(lambda digest: key_holder(application.database, digest), monotonic)
        self._uses = KeyUses(application, monotonic)
        self._rate = KeyRate(limits, monotonic) if limits.per_minute > 0 else None

    def admit(self, headers: Headers, surface: str) -> Actor:
        """Raises KeyRefused, RateLimited or WrongTenant."""
        holder = self._keys.holder(key_digest(presented_key(headers)))
        if holder is None or holder.key.surface != surface or self._has_ended(holder.key):
            raise refused_key()
        if self._rate is not None:
            self._rate.charge(holder.key.id)
        refuse_other_tenant(headers, holder)
        self._uses.note(holder.key)
        key = holder.key
        return Actor(key.user_id, holder.organization.id, key.library_id, holder.role, key.id, surface)

    def charge_cold_document(self, actor: Actor) -> None:
        """To be paid with the next request of the key."""
        if self._rate is not None and actor.key_id is not None:
            self._rate.owe(actor.key_id, COLD_DOCUMENT_COST)

    def close(self) -> None:
        """Waits until the last uses are recorded."""
        self._uses.close()

    def _has_ended(self, key: ApiKey) -> bool:
        return key.revoked_at is not None or (key.expires_at is not None and from_iso(key.expires_at) <= self._clock())


class KeyRing:
    """Key holders by digest, kept for a second. Unknown keys are not kept: they would push the known ones out."""

    def __init__(self, look_up: Callable[[str], KeyHolder | None], monotonic: Monotonic) -> None:
        self._look_up = look_up
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, KeyHolder]] = OrderedDict()
        self._lock = threading.Lock()

    def holder(self, digest: str) -> KeyHolder | None:
        asked_at = self._monotonic()
        with self._lock:
            kept = self._kept.get(digest)
        if kept is not None and asked_at - kept[0] < HOLDER_SECONDS_MAX:
            return kept[1]
        found = self._look_up(digest)
        with self._lock:
            self._kept.pop(digest, None)
            if found is not None:
                self._kept[digest] = (asked_at, found)
            if len(self._kept) > HOLDERS_MAX:
                self._kept.popitem(last=False)
        return found


class KeyRate:
    """The rate limit per key, with debts for work that is known only after it was done."""

    def __init__(self, limits: RateLimitSettings, monotonic: Monotonic) -> None:
        self._limiter = RateLimiter(limits.per_minute / 60, max(limits.burst, 1), monotonic=monotonic)
        self._debts: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def charge(self, key_id: str) -> None:
        """Raises RateLimited; a request that is refused leaves its debt standing."""
        with self._lock:
            debt = self._debts.get(key_id, 0.0)
            self._limiter.check(key_id, cost=min(1.0 + debt, self._limiter.burst))
            self._debts.pop(key_id, None)

    def owe(self, key_id: str, cost: float) -> None:
        with self._lock:
            self._debts[key_id] = self._debts.pop(key_id, 0.0) + cost
            if len(self._debts) > HOLDERS_MAX:
                self._debts.popitem(last=False)


class KeyUses:
    """Records when a key was last used: at most once a minute per key, on a thread of its own, and never in a request's way."""

    def __init__(self, application: Application, monotonic: Monotonic) -> None:
        self._application = application
        self._monotonic = monotonic
        self._noted: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()
        self._recorder = ThreadPoolExecutor(1, thread_name_prefix="plumbline-key-use")
        self._waiting = 0

    def note(self, key: ApiKey) -> None:
        now = self._monotonic()
        with self._lock:
            noted = self._noted.get(key.id)
            if (noted is not None and now - noted < USE_RECORDED_SECONDS) or self._waiting >= USES_WAITING_MAX:
                return
            self._noted.pop(key.id, None)
            self._noted[key.id] = now
            if len(self._noted) > HOLDERS_MAX:
                self._noted.popitem(last=False)
            if self._was_recorded_lately(key):
                return
            self._waiting += 1
        self._recorder.submit(self._record, key.id)

    def close(self) -> None:
        self._recorder.shutdown(wait=True)

    def _was_recorded_lately(self, key: ApiKey) -> bool:
        """By another process, or before a restart."""
        if key.last_used_at is None:
            return False
        age = self._application.clock() - from_iso(key.last_used_at)
        return age < timedelta(seconds=USE_RECORDED_SECONDS)

    def _record(self, key_id: str) -> None:
        try:
            record_key_use(self._application.database, self._application.clock, key_id)
        except Exception:
            log.warning("key_use_not_recorded", key_id=key_id, exc_info=True)
        finally:
            with self._lock:
                self._waiting -= 1


def _slug(named: str) -> str:
    return named.strip().removeprefix("@").lower()
