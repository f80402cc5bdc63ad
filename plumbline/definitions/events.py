"""What happened to a library's configuration."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kit.events import Event


@dataclass(frozen=True, slots=True)
class ConfigurationChanged(Event):
    number: int
    origin: str
    reason: str
