"""How the rows of numbering travel in an archive, so that no number is given out a second time."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from plumbline.kit.record_model import WHOLE_MAX, Record, about, up_to


class NumberCounterRecord(Record, noun="number-counters", table="number_counters"):
    """How far a counter of the numbering scheme has come."""

    scope: Annotated[str, up_to(600, length_min=1)] = about("The counter, and the context in which it counts.")
    last_value: Annotated[int, Field(ge=-WHOLE_MAX, le=WHOLE_MAX)] = about("The value that it gave out last.")


class IssuedNumberRecord(Record, noun="issued-numbers", table="issued_numbers"):
    """A part number that was given out, whatever became of it."""

    number: Annotated[str, up_to(500, length_min=1)] = about("The number.")


RECORDS = (NumberCounterRecord, IssuedNumberRecord)
