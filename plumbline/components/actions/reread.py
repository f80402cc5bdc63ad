"""Values whose attribute got another type or unit: what was derived from their texts is derived again. Called by the configuration."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.catalog.attributes import TypedValue
from plumbline.components.store import survey
from plumbline.storage.unit_of_work import UnitOfWork


def read_values_anew(work: UnitOfWork, values: Sequence[tuple[int, TypedValue]]) -> None:
    """By the keys of their rows. Versions stay as they are: what somebody typed does not change, nor does who typed it."""
    if values:
        survey.read_values_anew(work.connection, values)
