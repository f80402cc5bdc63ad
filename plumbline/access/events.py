"""What happened in access."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kit.events import Event


@dataclass(frozen=True, slots=True)
class LibraryRenamed(Event):
    library_id: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberAdded(Event):
    user_id: str
    role: str


@dataclass(frozen=True, slots=True)
class MemberRoleChanged(Event):
    user_id: str
    role: str
    previous_role: str


@dataclass(frozen=True, slots=True)
class MemberRemoved(Event):
    user_id: str


@dataclass(frozen=True, slots=True)
class ApiKeyCreated(Event):
    api_key_id: str
    user_id: str
    prefix: str


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Event):
    api_key_id: str
    user_id: str
