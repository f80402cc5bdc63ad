"""`plumbline users add|list|role|remove`."""

from __future__ import annotations

from typing import Any, Literal

from plumbline.cli.client import Client, connected
from plumbline.cli.errors import UserUnknown
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

RoleName = Literal["view-only", "editor", "manager", "administrator"]

USER = "{ id name email role }"
ADD = f"mutation Add($input: AddUserInput!) {{ user {{ add(input: $input) {USER} }} }}"
LIST = f"query List {{ user {{ findAll {USER} }} }}"
SET_ROLE = f"mutation SetRole($id: ID!, $role: Role!) {{ user {{ setRole(userId: $id, role: $role) {USER} }} }}"
REMOVE = f"mutation Remove($id: ID!) {{ user {{ remove(userId: $id) {USER} }} }}"


def add(
    email: str,
    *,
    role: RoleName,
    name: str | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Make somebody a member of the library; an unknown e-mail address becomes a new user.

    Parameters
    ----------
    email
        E-mail address.
    role
        What he may do.
    name
        Name of a new user; made of the e-mail address without.
    """
    wanted = {"email": email, "name": name or email.split("@")[0], "role": _role(role)}
    with connected(target) as client:
        _show(client.ask(ADD, {"input": wanted})["user"]["add"], as_json)


def list_users(*, target: Target | None = None, as_json: AsJson = False) -> None:
    """List the members of the library."""
    with connected(target) as client:
        users = client.ask(LIST)["user"]["findAll"]
    if as_json:
        print_json(users)
    else:
        print_table(("email", "name", "role", "id"), [(u["email"], u["name"], u["role"], u["id"]) for u in users])


def role(user: str, new_role: RoleName, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Give a member another role, from the next second on.

    Parameters
    ----------
    user
        E-mail address or id.
    new_role
        The role from now on.
    """
    with connected(target) as client:
        found = client.ask(SET_ROLE, {"id": _user_id(client, user), "role": _role(new_role)})
    _show(found["user"]["setRole"], as_json)


def remove(user: str, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Take a member out of the library; the keys that he holds in it end with it.

    Parameters
    ----------
    user
        E-mail address or id.
    """
    with connected(target) as client:
        _show(client.ask(REMOVE, {"id": _user_id(client, user)})["user"]["remove"], as_json)


def _user_id(client: Client, user: str) -> str:
    members = client.ask(LIST)["user"]["findAll"]
    found = [each["id"] for each in members if user.lower() in (each["id"], each["email"])]
    if not found:
        raise UserUnknown(f"{user} is not a member of this library.", path=("user",))
    return str(found[0])


def _role(role: str) -> str:
    return role.upper().replace("-", "_")


def _show(user: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(user)
    else:
        print(f"{user['email']} ({user['name']}): {user['role'] or 'no member any more'}")
