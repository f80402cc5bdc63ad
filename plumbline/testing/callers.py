"""Callers that speak: `engineer.run(create_components, …)`, `viewer.ask(list_components, …)`, each with the rights of its role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Concatenate, ParamSpec, TypeVar

from plumbline.access.actions import add_member, create_api_key
from plumbline.access.model import NewMember
from plumbline.application import Application
from plumbline.founding import found_organization
from plumbline.kit.actor import Actor, Role
from plumbline.storage.unit_of_work import Scope, UnitOfWork

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody at work in one library."""

    application: Application
    actor: Actor

    def run(
        self,
        action: Callable[Concatenate[UnitOfWork, Parameters], Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Result:
        return self.application.run(self.actor, action, *arguments, **options)

    def ask(
        self,
        read: Callable[Concatenate[Scope, Parameters], Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Result:
        return self.application.ask(self.actor, read, *arguments, **options)

    def key(self, surface: str = "hub") -> str:
        """A new API key of this caller."""
        return self.run(create_api_key, "test key", surface=surface).secret


@dataclass(frozen=True, slots=True)
class Team:
    """A library of its own, with one caller of each role."""

    application: Application
    administrator: Caller
    manager: Caller
    engineer: Caller
    viewer: Caller

    def of_role(self, role: Role) -> Caller:
        return {
            Role.ADMINISTRATOR: self.administrator,
            Role.MANAGER: self.manager,
            Role.EDITOR: self.engineer,
            Role.VIEW_ONLY: self.viewer,
        }[role]


def new_team(application: Application) -> Team:
    """A new organization with a library and its people. Every team is a stranger to every other."""
    number = next(_numbers)
    founded = found_organization(
        application,
        organization=f"Acme {number} {application.new_id()[:8]}",
        library="Main Library",
        administrator=NewMember(f"ada{number}-{application.new_id()[:8]}@acme.example", "Ada", Role.ADMINISTRATOR),
    )
    administrator = Caller(application, founded.actor)

    def colleague(name: str, role: Role) -> Caller:
        new = NewMember(f"{name}{number}-{application.new_id()[:8]}@acme.example", name.title(), role)
        member = administrator.run(add_member, new)
        return Caller(application, replace(founded.actor, user_id=member.user.id, role=role))

    return Team(
        application,
        administrator,
        colleague("mary", Role.MANAGER),
        colleague("edith", Role.EDITOR),
        colleague("vera", Role.VIEW_ONLY),
    )
