"""How what a library remembers of the columns of tables travels in an archive."""

from __future__ import annotations

from typing import Annotated

from plumbline.kit.record_model import Moment, Record, Stored, UserId, about, up_to


class ColumnMappingRecord(Record, noun="column-mappings", table="column_mappings"):
    """What somebody said about the columns of a table, for the next one with the same titles."""

    header: Annotated[str, up_to(64, length_min=1)] = about("SHA-256 of the titles, folded and sorted.")
    titles: Annotated[tuple[Annotated[str, up_to()], ...], Stored.JSON] = about("The titles of the header.")
    columns: Annotated[dict[str, str], Stored.JSON] = about("Title to meaning.")
    saved_at: Moment = about("When it was said.")
    saved_by: UserId = about("By whom.")


RECORDS = (ColumnMappingRecord,)
