"""Members, roles and keys: who can give what, how keys end, and that nothing can be read back from what is kept."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from plumbline.access.accounts import NAME_LENGTH_MAX, checked_email, checked_name, checked_password, slug_of
from plumbline.access.actions import (
    KEY_LIFE_DAYS_MAX,
    add_member,
    change_role,
    create_api_key,
    record_key_use,
    remove_member,
    rename_library,
    revoke_api_key,
)
from plumbline.access.credentials import hash_password, key_digest, new_key_text, password_matches
from plumbline.access.errors import (
    AlreadyTaken,
    ApiKeyMissing,
    InvalidAccount,
    InvalidExpiry,
    LastAdministrator,
    MemberMissing,
    RoleTooHigh,
)
from plumbline.access.jobs import DEAD_KEYS_KEPT_DAYS, forget_dead_keys
from plumbline.access.model import NewMember
from plumbline.access.permissions import HELD_BY, VERBS, Permission
from plumbline.access.reads import api_keys, caller, current_library, key_holder, members, users_by_ids
from plumbline.application import Application
from plumbline.kit.actor import Role
from plumbline.kit.errors import Forbidden
from plumbline.testing import make
from plumbline.testing.callers import Team


def newcomer(team: Team, role: Role = Role.EDITOR) -> NewMember:
    return NewMember(f"n-{team.application.new_id()}@acme.example", "Newcomer", role)


@settings(max_examples=5, deadline=None)  # argon2 takes its time, as it should
@given(password=st.text(st.characters(categories=["L", "M", "N", "P", "S"]), min_size=12, max_size=40))
def test_a_password_is_known_again_and_never_kept(password: str) -> None:
    stored = hash_password(password)
    assert password not in stored
    assert stored != hash_password(password), "salted"
    assert password_matches(stored, password)
    assert not password_matches(stored, password + "x")
    assert not password_matches(None, password)
    assert not password_matches("no hash", password)


@given(random_bytes=st.binary(min_size=40, max_size=40))
def test_what_is_kept_of_a_key_does_not_open_anything(random_bytes: bytes) -> None:
    key = new_key_text(random_bytes)
    assert key.text.startswith(f"plk_{key.prefix}_")
    assert key.text.count("_") >= 2
    assert key.digest == key_digest(key.text) != key_digest(key.digest)
    assert key.text not in key.digest


def test_a_key_opens_its_library_until_it_is_revoked(team: Team, application: Application) -> None:
    issued = team.engineer.run(create_api_key, "CI")
    holder = key_holder(application.database, key_digest(issued.secret))
    assert holder is not None
    assert (holder.library.id, holder.role) == (team.engineer.actor.library_id, Role.EDITOR)
    assert holder.key.revoked_at is None
    revoked = team.engineer.run(revoke_api_key, issued.key.id)
    assert team.engineer.run(revoke_api_key, issued.key.id) == revoked, "twice is as good as once"
    holder = key_holder(application.database, key_digest(issued.secret))
    assert holder is not None
    assert holder.key.revoked_at == revoked.revoked_at is not None


def test_no_secret_of_a_key_is_in_the_database(team: Team, application: Application) -> None:
    issued = team.engineer.run(create_api_key, "CI")
    with application.database.reading() as connection:
        kept = connection.execute(text("SELECT * FROM api_keys WHERE id = :id"), {"id": issued.key.id}).one()
        told = connection.execute(text("SELECT payload FROM outbox WHERE kind = 'access.api_key_created'")).scalars()
        assert not any(issued.secret in str(value) for value in kept)
        assert not any(issued.secret in payload for payload in told)


@pytest.mark.parametrize("days", [0, -1, KEY_LIFE_DAYS_MAX + 1])
def test_a_key_lives_for_some_time_and_not_for_ever(team: Team, days: int) -> None:
    with pytest.raises(InvalidExpiry):
        team.engineer.run(create_api_key, "CI", life_days=days)
    issued = team.engineer.run(create_api_key, "CI", life_days=1)
    assert issued.key.expires_at is not None
    assert issued.key.expires_at > issued.key.created_at


def test_others_keys_are_seen_and_ended_by_administrators_only(team: Team) -> None:
    mine = team.engineer.run(create_api_key, "Mine").key
    assert mine in team.engineer.ask(api_keys)
    assert mine not in team.manager.ask(api_keys)
    with pytest.raises(ApiKeyMissing):
        team.manager.run(revoke_api_key, mine.id)
    assert mine in team.administrator.ask(api_keys)
    assert team.administrator.run(revoke_api_key, mine.id).revoked_at is not None


def test_the_use_of_a_key_is_kept_without_a_change_of_the_library(team: Team, application: Application) -> None:
    key = team.engineer.run(create_api_key, "CI").key
    record_key_use(application.database, application.clock, key.id)
    assert next(each for each in team.engineer.ask(api_keys) if each.id == key.id).last_used_at is not None


def test_dead_keys_are_forgotten_long_after(team: Team, application: Application) -> None:
    ended = team.engineer.run(create_api_key, "Ended", life_days=1).key
    living = team.engineer.run(create_api_key, "Living", life_days=KEY_LIFE_DAYS_MAX).key

    def later() -> datetime:
        return datetime.now(UTC) + timedelta(days=DEAD_KEYS_KEPT_DAYS + 2)

    assert forget_dead_keys(application.database, later) >= 1
    kept = {each.id for each in team.engineer.ask(api_keys)}
    assert ended.id not in kept
    assert living.id in kept


def test_a_member_who_leaves_takes_the_keys_along(team: Team, application: Application) -> None:
    secret = team.engineer.key()
    team.administrator.run(remove_member, team.engineer.actor.user_id)
    assert key_holder(application.database, key_digest(secret)) is None
    with pytest.raises(MemberMissing):
        team.administrator.run(remove_member, team.engineer.actor.user_id)
    with pytest.raises(MemberMissing):
        team.engineer.ask(caller)


def test_who_was_here_keeps_the_name_and_who_never_was_has_none(team: Team, strangers: Team) -> None:
    make.component(team.engineer)
    gone, foreign = team.engineer.actor.user_id, strangers.engineer.actor.user_id
    team.administrator.run(remove_member, gone)
    assert {user.id for user in team.viewer.ask(users_by_ids, [gone, foreign]).values()} == {gone}


def test_only_administrators_manage_members_so_nobody_raises_himself(team: Team) -> None:
    for member in (team.viewer, team.engineer, team.manager):
        with pytest.raises(Forbidden):
            member.run(change_role, member.actor.user_id, Role.ADMINISTRATOR)
        with pytest.raises(Forbidden):
            member.run(add_member, newcomer(team, Role.VIEW_ONLY))


def test_nobody_gives_a_role_above_his_own(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the table ever let a Manager manage members, he still makes no Administrator."""
    monkeypatch.setitem(HELD_BY, Role.MANAGER, HELD_BY[Role.MANAGER] | {Permission.MEMBERS_MANAGE})
    for act in (
        lambda: team.manager.run(add_member, newcomer(team, Role.ADMINISTRATOR)),
        lambda: team.manager.run(change_role, team.manager.actor.user_id, Role.ADMINISTRATOR),
        lambda: team.manager.run(change_role, team.viewer.actor.user_id, Role.ADMINISTRATOR),
    ):
        with pytest.raises(RoleTooHigh):
            act()
    assert team.manager.run(change_role, team.viewer.actor.user_id, Role.MANAGER).role is Role.MANAGER


def test_the_last_administrator_stays(team: Team) -> None:
    own = team.administrator.actor.user_id
    with pytest.raises(LastAdministrator):
        team.administrator.run(change_role, own, Role.MANAGER)
    with pytest.raises(LastAdministrator):
        team.administrator.run(remove_member, own)
    other = team.administrator.run(add_member, newcomer(team, Role.ADMINISTRATOR))
    assert team.administrator.run(change_role, own, Role.MANAGER).role is Role.MANAGER
    assert [each.user.id for each in team.viewer.ask(members) if each.role is Role.ADMINISTRATOR] == [other.user.id]


def test_a_member_is_added_once(team: Team) -> None:
    new = newcomer(team)
    member = team.administrator.run(add_member, new)
    with pytest.raises(AlreadyTaken):
        team.administrator.run(add_member, NewMember(f"  {new.email.upper()} ", "Again", Role.EDITOR))
    assert [each for each in team.viewer.ask(members) if each.user.id == member.user.id] == [member]


def test_the_table_only_grows_with_the_role() -> None:
    roles = list(Role)
    for lower, higher in itertools.pairwise(roles):
        assert HELD_BY[lower] < HELD_BY[higher]
    assert HELD_BY[Role.ADMINISTRATOR] == frozenset(Permission)
    assert list(Permission) == sorted(Permission)
    needed = {verb.needs for verb in VERBS.values()}
    assert set(Permission) - needed == {Permission.API_KEYS_MANAGE}, (
        "which widens what two verbs of one's own keys show"
    )


def test_a_library_is_renamed_and_keeps_its_address(team: Team) -> None:
    before = team.viewer.ask(current_library)
    after = team.administrator.run(rename_library, "  New   Name ")
    assert (after.name, after.slug) == ("New Name", before.slug)
    assert team.viewer.ask(current_library) == after


@given(words=st.text(max_size=120))
def test_names_and_addresses_are_made_fit_or_refused(words: str) -> None:
    for check in (lambda: checked_name(words, "name"), lambda: slug_of(words), lambda: checked_email(words)):
        try:
            found = check()
        except InvalidAccount:
            continue
        assert 1 <= len(found) <= 254
        assert found == found.strip()


def test_bounds_of_accounts() -> None:
    assert slug_of("Acme Robotics & Co.") == "acme-robotics-co"
    assert checked_email(" Ada@ACME.example ") == "ada@acme.example"
    with pytest.raises(InvalidAccount):
        checked_name("x" * (NAME_LENGTH_MAX + 1), "name")
    for password in ("short", "x" * 201):
        with pytest.raises(InvalidAccount):
            checked_password(password)
