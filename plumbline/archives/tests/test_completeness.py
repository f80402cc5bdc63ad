"""Nothing is forgotten: every table and every column travels, or somebody said why not; every field is on the page."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

import plumbline.bootstrap
from plumbline.archives.actions import LAWS
from plumbline.archives.contents import IN_THE_MANIFEST, LEFT_OUT, RECORDS
from plumbline.archives.reference import reference_text
from plumbline.catalog.records import ConditionForm, LimitsForm, PartForm, SpecRuleForm
from plumbline.catalog.registry.rules import Condition, Limits, Part, SpecRule
from plumbline.imports.model import ImportOptions
from plumbline.imports.records import OptionsForm
from plumbline.kit.record_model import Form, Record, Stored, layout_of
from plumbline.storage.schema import metadata

assert plumbline.bootstrap.JOBS, "importing the rooms registers their tables"

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "archive.md"
OF_THE_LIBRARY = {"library_id", "key"}
"""Columns that say where a row lies, and nothing about it."""

every_record = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.noun)


def test_every_table_is_archived_or_left_out_with_a_reason() -> None:
    archived = [record.table for record in RECORDS]
    assert len(set(archived)) == len(archived)
    assert {*archived, *IN_THE_MANIFEST, *LEFT_OUT} == set(metadata.tables), (
        "say in archives/contents.py what becomes of a new table"
    )
    assert all(len(reason) > 10 for reason in (*IN_THE_MANIFEST.values(), *LEFT_OUT.values()))


@every_record
def test_every_column_is_a_field_or_worked_out_or_withheld_with_a_reason(record: type[Record]) -> None:
    columns = [field.column for field in layout_of(record).fields]
    told = [*columns, *record.derived_columns, *record.withheld_columns]
    assert sorted(told) == sorted(set(metadata.tables[record.table].columns.keys()) - OF_THE_LIBRARY)
    assert all(len(reason) > 10 for reason in record.withheld_columns.values())


@every_record
def test_no_row_number_leaves_the_database(record: type[Record]) -> None:
    """A column that refers to a row by its key travels as the id of that row."""
    table = metadata.tables[record.table]
    for field in layout_of(record).fields:
        foreign = {key.column for key in table.c[field.column].foreign_keys}
        assert (field.stored is Stored.KEY) == any(column.name == "key" for column in foreign), field
        if foreign:
            assert {column.table.name for column in foreign} == {_table_of(field.names)}, field


@every_record
def test_what_a_record_names_stands_before_it(record: type[Record]) -> None:
    nouns = [each.noun for each in RECORDS]
    for field in layout_of(record).fields:
        if field.names is not None:
            assert nouns.index(field.names) <= nouns.index(record.noun), field


def test_every_row_that_holds_for_a_while_keeps_laws() -> None:
    spanned = {record.noun for record in RECORDS if "to_change" in metadata.tables[record.table].c}
    assert spanned <= {law.noun for law in LAWS}
    assert {law.noun for law in LAWS} <= {record.noun for record in RECORDS}


def test_the_page_tells_every_field_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(reference_text()), (
        "put plumbline.archives.reference.reference_text() under the heading of the files"
    )


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        (OptionsForm, ImportOptions),
        (SpecRuleForm, SpecRule),
        (PartForm, Part),
        (ConditionForm, Condition),
        (LimitsForm, Limits),
    ],
)
def test_a_form_has_every_field_of_what_a_column_keeps_as_json(form: type[Form], kept: type) -> None:
    assert set(form.model_fields) == {field.name for field in fields(kept)}


def _table_of(noun: str | None) -> str | None:
    return next((record.table for record in RECORDS if record.noun == noun), None)
