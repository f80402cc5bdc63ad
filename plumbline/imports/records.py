"""How imports travel in an archive: those that were applied, which are a part of the library's past and may be undone where it goes. What
is still under way stays where its files are."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, JsonValue

from plumbline.imports.model import MAPPING_LENGTH_MAX, ImportState
from plumbline.kit.record_model import (
    Change,
    Form,
    Id,
    Moment,
    Names,
    Only,
    OnTheLine,
    Record,
    Stored,
    UserId,
    Whole,
    about,
    up_to,
)

Text = Annotated[str, up_to()]
ImportChange = Annotated[Change | None, OnTheLine.OF_CHANGES]


class OptionsForm(Form):
    """What a user decided about an import. What an earlier release did not store has its default."""

    model_config = ConfigDict(alias_generator=None)

    into: Text | None = Field(
        None, description="Part number of the component that the one top of the import stands for."
    )
    format: Text | None = Field(None, description="The format of the files, where the user said it.")
    inherit_lines: bool = Field(True, description="Whether variants have the lines of their templates.")
    mapping: Annotated[str, up_to(MAPPING_LENGTH_MAX)] | None = Field(
        None, description="What the columns of tables mean, in YAML, where the user said it."
    )
    matches: dict[str, str] = Field({}, description="Key of a part to the part number that it is, or to `new`.")


class ImportRecord(Record, noun="imports", table="imports"):
    """An import of files over the network that was applied, and perhaps undone."""

    only: ClassVar[Only | None] = Only("state", (ImportState.APPLIED, ImportState.UNDONE))
    derived_columns = ("keeps_results",)

    id: Id = about("Its id.")
    state: Literal["APPLIED", "UNDONE"] = about("Whether it still stands.")
    options: Annotated[OptionsForm, Stored.JSON] = about("What its user decided.")
    format: Annotated[str, up_to(200)] | None = about("The format of the files, as recognised.")
    counts: Annotated[dict[str, Whole] | None, Stored.JSON] = about("How much it made and changed, by kind.")
    digest: Annotated[str, up_to(200)] | None = about("Of the plan that was looked at.")
    problems: Annotated[tuple[dict[str, JsonValue], ...], Stored.JSON] = about(
        "What was wrong on the way, as refusals."
    )
    change_number: ImportChange = about("The change that it made; null if it changed nothing.")
    undone_by: ImportChange = about("The change that undid it.")
    created_by: UserId = about("Who began it.")
    created_at: Moment = about("When it was begun.")
    updated_at: Moment = about("When its state last changed.")

    def derived(self) -> dict[str, object]:
        """What was read and planned stays where the files were."""
        return {"keeps_results": False}


class ImportFileRecord(Record, noun="import-files", table="import_files"):
    """A file that an import was read from: its name and size. Its bytes are not kept."""

    import_id: Annotated[Id, Names("imports")] = about("The import.")
    position: Whole = about("Its place among the files of the import.")
    upload_id: Id = about("The upload that brought it, long since swept.")
    name: Annotated[str, up_to(2000)] = about("Its name.")
    size: Whole = about("Its bytes.")


RECORDS = (ImportRecord, ImportFileRecord)
