"""The whole policy: which role holds which permission, and the register of every action and read with the permission it needs.

A permission is named `subject:verb`. The decorators only attach data; `application.run` and `application.ask` look it up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ParamSpec, TypeVar

from plumbline.kit.actor import Actor, Role
from plumbline.kit.errors import Forbidden

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Permission(StrEnum):
    """Sorted; `subject:verb`."""

    API_KEYS_MANAGE = "api-keys:manage"
    API_KEYS_OWN = "api-keys:own"
    BOMS_EDIT = "boms:edit"
    CATALOG_EDIT = "catalog:edit"
    CHANGE_ORDERS_EDIT = "change-orders:edit"
    CHANGE_ORDERS_REVIEW = "change-orders:review"
    COMPONENTS_ARCHIVE = "components:archive"
    COMPONENTS_EDIT = "components:edit"
    COMPONENTS_RELEASE = "components:release"
    CONFIGURATION_EDIT = "configuration:edit"
    FILES_UPLOAD = "files:upload"
    LIBRARY_ARCHIVE = "library:archive"
    LIBRARY_EDIT = "library:edit"
    LIBRARY_READ = "library:read"
    MARKS_OWN = "marks:own"
    MEMBERS_MANAGE = "members:manage"


_VIEW_ONLY = frozenset(
    # Whoever is asked to review something decides and comments, also without the right to edit.
    {Permission.LIBRARY_READ, Permission.MARKS_OWN, Permission.API_KEYS_OWN, Permission.CHANGE_ORDERS_REVIEW}
)
_EDITOR = _VIEW_ONLY | {
    Permission.CHANGE_ORDERS_EDIT,
    Permission.COMPONENTS_EDIT,
    Permission.BOMS_EDIT,
    Permission.FILES_UPLOAD,
}
_MANAGER = _EDITOR | {
    Permission.COMPONENTS_ARCHIVE,
    Permission.COMPONENTS_RELEASE,
    Permission.CATALOG_EDIT,
    Permission.CONFIGURATION_EDIT,
}

HELD_BY: dict[Role, frozenset[Permission]] = {
    Role.VIEW_ONLY: _VIEW_ONLY,
    Role.EDITOR: _EDITOR,
    Role.MANAGER: _MANAGER,
    Role.ADMINISTRATOR: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Verb:
    """An entry of the register: an action (it may write) or a read."""

    name: str
    room: str
    kind: str
    needs: Permission
    summary: str


VERBS: dict[Callable[..., object], Verb] = {}


def action(*, needs: Permission) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Declares a function of a `UnitOfWork` to be an action: one transaction, one permission."""
    return _register("action", needs)


def read(*, needs: Permission) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Declares a function of a `Scope` to be a read that surfaces may ask."""
    return _register("read", needs)


def require(actor: Actor, function: Callable[..., object]) -> Verb:
    """The register's entry of the function, or a refusal: everything is forbidden that declares nothing."""
    verb = VERBS.get(function)
    if verb is None:
        raise Forbidden(f"{function.__qualname__} declares no permission and cannot be called from outside.")
    if verb.needs not in HELD_BY[actor.role]:
        needed = ", ".join(role for role in Role if verb.needs in HELD_BY[role])
        raise Forbidden(
            f"Not authorized: {verb.name.replace('_', ' ')} needs the permission {verb.needs}, which the role {actor.role} lacks.",
            hint=f"Roles that hold it: {needed}.",
        )
    return verb


def permission_table() -> str:
    """Every verb with its permission and the roles that may: the text committed under schemas/."""
    verbs = sorted(VERBS.values(), key=lambda verb: (verb.room, verb.kind, verb.name))
    header = ["verb", "needs", *Role]
    rows = [
        [
            f"{verb.room}.{verb.name} ({verb.kind})",
            verb.needs,
            *("yes" if verb.needs in HELD_BY[role] else "-" for role in Role),
        ]
        for verb in verbs
    ]
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows]
    ]
    return "\n".join(lines) + "\n"


def _register(kind: str, needs: Permission) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    def register(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        summary = (function.__doc__ or "").strip().split("\n")[0]
        VERBS[function] = Verb(function.__name__, function.__module__.split(".")[1], kind, needs, summary)
        return function

    return register
