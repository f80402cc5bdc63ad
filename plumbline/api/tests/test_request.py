from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from plumbline.access.actions import change_role, create_api_key, remove_member, revoke_api_key
from plumbline.access.errors import KeyRefused, WrongTenant
from plumbline.access.reads import api_keys, current_library, organizations_of_caller
from plumbline.api.request import COLD_DOCUMENT_COST, HOLDER_SECONDS_MAX, USE_RECORDED_SECONDS, Entrance
from plumbline.kit.actor import Role
from plumbline.kit.clock import from_iso
from plumbline.kit.errors import RateLimited
from plumbline.settings import RateLimitSettings
from plumbline.testing.callers import Caller, Team

UNLIMITED = RateLimitSettings()


class Seconds:
    """A monotonic clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def entrance(team: Team, seconds: Seconds):
    entrance = Entrance(team.application, UNLIMITED, monotonic=seconds)
    yield entrance
    entrance.close()


def address(caller: Caller) -> tuple[str, str]:
    return caller.ask(organizations_of_caller)[0].slug, caller.ask(current_library).slug


def test_a_key_makes_its_holder_the_actor(team: Team, entrance: Entrance):
    key = team.engineer.key()
    for headers in ({"x-api-key": key}, {"authorization": f"Bearer {key}"}, {"authorization": f"bearer  {key} "}):
        actor = entrance.admit(headers, "hub")
        assert (actor.user_id, actor.library_id, actor.organization_id, actor.role, actor.surface) == (
            team.engineer.actor.user_id,
            team.engineer.actor.library_id,
            team.engineer.actor.organization_id,
            Role.EDITOR,
            "hub",
        )


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(team: Team, seconds: Seconds):
    issued = team.engineer.run(create_api_key, "soon ended", life_days=1)
    revoked = team.engineer.run(create_api_key, "revoked")
    team.engineer.run(revoke_api_key, revoked.key.id)
    later = replace(team.application, clock=lambda: from_iso(issued.key.expires_at or ""))
    entrance = Entrance(later, UNLIMITED, monotonic=seconds)
    wrong = [
        {},
        {"x-api-key": ""},
        {"x-api-key": "   "},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {team.engineer.key()}"},
        {"x-api-key": "plk_abcdefgh_unknown"},
        {"x-api-key": "plk_\udcff\x00'; DROP TABLE api_keys"},
        {"x-api-key": "k" * 100_000},
        {"x-api-key": issued.secret.upper()},
        {"x-api-key": issued.secret[:-1]},
        {"x-api-key": issued.secret},
        {"x-api-key": revoked.secret},
        {"x-api-key": team.engineer.key("mfg")},
    ]
    told = set()
    for headers in wrong:
        with pytest.raises(KeyRefused) as refused:
            entrance.admit(headers, "hub")
        told.add((refused.value.code, refused.value.message, refused.value.hint))
    entrance.close()
    assert len(told) == 1


def test_a_key_works_until_the_moment_it_ends(team: Team, seconds: Seconds):
    issued = team.engineer.run(create_api_key, "one day", life_days=1)
    end = from_iso(issued.key.expires_at or "")
    just_before = replace(team.application, clock=lambda: end - timedelta(milliseconds=1))
    entrance = Entrance(just_before, UNLIMITED, monotonic=seconds)
    assert entrance.admit({"x-api-key": issued.secret}, "hub").key_id == issued.key.id
    entrance.close()


def test_a_surface_takes_only_its_own_keys(team: Team, entrance: Entrance):
    key = team.engineer.key("mfg")
    with pytest.raises(KeyRefused):
        entrance.admit({"x-api-key": key}, "hub")
    assert entrance.admit({"x-api-key": key}, "mfg").surface == "mfg"


def test_a_revoked_key_is_refused_within_a_second(team: Team, entrance: Entrance, seconds: Seconds):
    issued = team.engineer.run(create_api_key, "to be revoked")
    headers = {"x-api-key": issued.secret}
    entrance.admit(headers, "hub")
    team.engineer.run(revoke_api_key, issued.key.id)
    seconds.now += HOLDER_SECONDS_MAX
    with pytest.raises(KeyRefused):
        entrance.admit(headers, "hub")


def test_another_role_and_a_removal_work_within_a_second(team: Team, entrance: Entrance, seconds: Seconds):
    headers = {"x-api-key": team.engineer.key()}
    entrance.admit(headers, "hub")
    team.administrator.run(change_role, team.engineer.actor.user_id, Role.VIEW_ONLY)
    seconds.now += HOLDER_SECONDS_MAX
    assert entrance.admit(headers, "hub").role == Role.VIEW_ONLY
    team.administrator.run(remove_member, team.engineer.actor.user_id)
    seconds.now += HOLDER_SECONDS_MAX
    with pytest.raises(KeyRefused):
        entrance.admit(headers, "hub")


def test_tenant_headers_may_say_what_the_key_says_anyway(team: Team, entrance: Entrance):
    organization, library = address(team.engineer)
    key = team.engineer.key()
    right = [
        {"x-organization": f"@{organization}"},
        {"x-organization": organization.upper()},
        {"x-library": f"@{organization}/{library}"},
        {"x-library": f"{organization}/{library}"},
        {"x-library": library},
        {"x-library": f"@{library}"},
        {"x-organization": f" @{organization} ", "x-library": f"@{organization}/{library}"},
    ]
    for headers in right:
        assert entrance.admit({"x-api-key": key, **headers}, "hub").library_id == team.engineer.actor.library_id


def test_tenant_headers_of_others_are_refused_whether_or_not_they_exist(
    team: Team, strangers: Team, entrance: Entrance
):
    organization, library = address(team.engineer)
    other, _ = address(strangers.engineer)
    key = team.engineer.key()
    wrong = [
        {"x-organization": f"@{other}"},
        {"x-organization": "@nobody"},
        {"x-organization": ""},
        {"x-library": f"@{other}/{library}"},
        {"x-library": f"@{organization}/other"},
        {"x-library": ""},
        {"x-organization": f"@{organization}", "x-library": f"@{other}/{library}"},
    ]
    for headers in wrong:
        with pytest.raises(WrongTenant) as refused:
            entrance.admit({"x-api-key": key, **headers}, "hub")
        assert refused.value.code == "FORBIDDEN"


def test_each_key_has_a_rate_of_its_own_and_the_wait_it_is_told(team: Team, seconds: Seconds):
    entrance = Entrance(team.application, RateLimitSettings(per_minute=60, burst=3), monotonic=seconds)
    mine, yours = {"x-api-key": team.engineer.key()}, {"x-api-key": team.viewer.key()}
    for _ in range(3):
        entrance.admit(mine, "hub")
    with pytest.raises(RateLimited) as limited:
        entrance.admit(mine, "hub")
    entrance.admit(yours, "hub")
    seconds.now += limited.value.retry_after
    entrance.admit(mine, "hub")
    entrance.close()


def test_a_cold_document_is_paid_with_the_next_request(team: Team, seconds: Seconds):
    entrance = Entrance(team.application, RateLimitSettings(per_minute=60, burst=10), monotonic=seconds)
    headers = {"x-api-key": team.engineer.key()}
    actor = entrance.admit(headers, "hub")
    entrance.charge_cold_document(actor)
    admitted = 0
    with pytest.raises(RateLimited):
        for _ in range(10):
            entrance.admit(headers, "hub")
            admitted += 1
    entrance.close()
    assert admitted == 10 - 1 - COLD_DOCUMENT_COST


def test_nobody_escapes_the_limit_by_owing_more_than_a_burst(team: Team, seconds: Seconds):
    entrance = Entrance(team.application, RateLimitSettings(per_minute=60, burst=5), monotonic=seconds)
    headers = {"x-api-key": team.engineer.key()}
    actor = entrance.admit(headers, "hub")
    for _ in range(100):
        entrance.charge_cold_document(actor)
    with pytest.raises(RateLimited) as limited:
        entrance.admit(headers, "hub")
    seconds.now += limited.value.retry_after
    entrance.admit(headers, "hub")
    entrance.close()


def test_the_last_use_is_recorded_once_a_minute_at_most(team: Team, seconds: Seconds):
    issued = team.engineer.run(create_api_key, "used")
    started = team.application.clock()
    moments = [started]
    application = replace(team.application, clock=lambda: moments[-1])

    def last_use() -> str | None:
        return {key.id: key.last_used_at for key in team.engineer.ask(api_keys)}[issued.key.id]

    def use_once() -> str | None:
        entrance = Entrance(application, UNLIMITED, monotonic=seconds)
        entrance.admit({"x-api-key": issued.secret}, "hub")
        entrance.close()
        return last_use()

    first = use_once()
    assert first is not None
    assert from_iso(first) == started
    moments.append(started + timedelta(seconds=USE_RECORDED_SECONDS - 1))
    assert use_once() == first
    moments.append(started + timedelta(seconds=USE_RECORDED_SECONDS))
    assert from_iso(use_once() or "") == moments[-1]


def test_one_entrance_notes_a_busy_key_once(team: Team, entrance: Entrance, seconds: Seconds):
    headers = {"x-api-key": team.engineer.key()}
    for _ in range(50):
        entrance.admit(headers, "hub")
    assert len(entrance._uses._noted) == 1
    assert entrance._uses._waiting <= 1


def test_a_database_that_cannot_record_the_use_fails_no_request(team: Team, seconds: Seconds):
    def broken_clock():
        raise OSError("no clock")

    headers = {"x-api-key": team.engineer.key()}
    entrance = Entrance(team.application, UNLIMITED, monotonic=seconds)
    # The recording alone uses this application's clock; the entrance keeps the one that works.
    entrance._uses._application = replace(team.application, clock=broken_clock)
    actor = entrance.admit(headers, "hub")
    entrance.close()
    assert actor.user_id == team.engineer.actor.user_id
