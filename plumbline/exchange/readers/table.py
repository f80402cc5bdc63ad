"""Tables with a header that names their columns: CSV, TSV, XLSX, XLS and ODS, flat or in levels."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from plumbline.exchange.amounts import number_in
from plumbline.exchange.bounds import check_row_count
from plumbline.exchange.columns import IDENTITY_ROLES, MAYBE, Role, folded_title
from plumbline.exchange.contents import read_by_contents
from plumbline.exchange.dividing import divided_rows
from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.footer import footer_start
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.grid import Sheet
from plumbline.exchange.headers import HEADER_ROWS_SEARCHED, Block, Header, blocks_in, header_in
from plumbline.exchange.indentation import with_levels_of_indentation
from plumbline.exchange.leftovers import tell_ignored_columns, with_all_kept
from plumbline.exchange.mapping import header_key, remembered_form, table_mapping
from plumbline.exchange.model import (
    ColumnMapping,
    ImportedData,
    ImportedLine,
    Origin,
    ReadOptions,
    Severity,
    TableMapping,
)
from plumbline.exchange.order_lists import order_list_in
from plumbline.exchange.records import Record, common_currency, part_of, parts_in, rows_in
from plumbline.exchange.row_costs import tell_cost
from plumbline.exchange.sections import with_continued_places, without_titles
from plumbline.exchange.sheets import TABLE_SUFFIXES, sheets_of
from plumbline.exchange.structure import structure_of
from plumbline.exchange.telling_apart import told_apart, with_known_numbers, with_library_references, with_own_words
from plumbline.exchange.totals import pieces

NAME = "table"
_NAMING_ROLES = (*IDENTITY_ROLES, Role.DESIGNATORS)
_INSTANCE = re.compile(r"(.+?)[-_ ](\d{1,4})")


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says why, when a file is named like a table; whether it has a header shows when it is read."""
    tables = [file.name for file in files if file.suffix in TABLE_SUFFIXES]
    return f"{tables[0]} is named like a table" if tables else None


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    """Every sheet with a header, each an assembly or a tree of its own; parts of the same key are the same part."""
    gatherer = Gatherer()
    stated: dict[str, dict[Decimal, Origin]] = defaultdict(dict)
    sheets = [(sheet, _blocks(sheet, options, gatherer)) for sheet in sheets_in(files, options, gatherer)]
    _tell_guesses(sheets, gatherer)
    tell_ignored_columns(sheets, gatherer)
    headed = [_Table(sheet, blocks) for sheet, blocks in sheets if blocks]
    if not headed:
        raise UnreadableFile(
            f"No sheet of {files[0].name} has a row that names its columns.",
            path=(files[0].name,),
            expected="a header such as Part Number, Name, Quantity",
            hint="Name the columns in a column mapping if their titles are unusual.",
        )
    names = _names(headed, options)
    found = [_records(table, name, gatherer) for table, name in zip(headed, names, strict=True)]
    tables = with_own_words(told_apart(with_known_numbers(found), gatherer))
    for table, name, records in zip(headed, names, tables, strict=True):
        _read_sheet(table, records, name, gatherer)
        for record in records:
            total = number_in(record.text(Role.STATED_TOTAL))
            if total is not None:
                stated[record.key].setdefault(total, record.origin)
    _tell_headless([sheet for sheet, blocks in sheets if not blocks], gatherer)
    _tell_totals(stated, gatherer)
    _tell_equal_assemblies(gatherer)
    return replace(gatherer.data(NAME), mappings=_said(sheets, options))


class _Table(NamedTuple):
    sheet: Sheet
    blocks: list[Block]

    @property
    def header(self) -> Header:
        return self.blocks[0].header


def _blocks(sheet: Sheet, options: ReadOptions, gatherer: Gatherer) -> list[Block]:
    mapping = table_mapping(options, sheet.file, sheet.name)
    remembered = remembered_for(sheet, options) if mapping == TableMapping() else None
    if remembered is not None:
        sentence = f"The columns of {sheet.origin()} are read as this library remembers them from an earlier import."
        gatherer.tell(Severity.INFO, "MAPPING_REMEMBERED", sentence, sheet.origin())
        mapping = replace(mapping, columns=remembered)
    blocks = blocks_of(sheet, mapping)
    _tell_unused(sheet, blocks, mapping, gatherer)
    return blocks


def remembered_for(sheet: Sheet, options: ReadOptions) -> Mapping[str, str] | None:
    """What the library remembers of the first row whose titles it knows."""
    if not options.remembered:
        return None
    keys = (header_key(row.cells) for row in sheet.rows[:HEADER_ROWS_SEARCHED])
    return next((options.remembered[key] for key in keys if key in options.remembered), None)


def blocks_of(sheet: Sheet, mapping: TableMapping) -> list[Block]:
    """The sheet's rows under the headers that name their columns; none where no row is a header that names parts."""
    if mapping.ignored:
        return []
    header = header_in(sheet, mapping.columns, mapping.header_row)
    if header is None:
        order_list = order_list_in(sheet)
        return [order_list] if order_list is not None else []
    blocks = with_levels_of_indentation(read_by_contents(blocks_in(sheet, header, mapping.columns)))
    return blocks if any(blocks[0].header.has(role) for role in _NAMING_ROLES) else []


def _said(sheets: Sequence[tuple[Sheet, Sequence[Block]]], options: ReadOptions) -> tuple[ColumnMapping, ...]:
    """What the user says about the headers that were read; of each header what is meant for its own titles."""
    found: dict[str, ColumnMapping] = {}
    for sheet, blocks in sheets:
        columns = table_mapping(options, sheet.file, sheet.name).columns
        header = blocks[0].header if blocks else None
        titles = {folded_title(title) for title in header.titles} if header else set()
        own = {title: meaning for title, meaning in columns.items() if folded_title(title) in titles}
        if header is not None and own:
            said = remembered_form([title for title in header.titles if title], own)
            found.setdefault(said.header, said)
    return tuple(found.values())


def _tell_unused(sheet: Sheet, blocks: Sequence[Block], mapping: TableMapping, gatherer: Gatherer) -> None:
    """Titles that the mapping names and no column has."""
    known = {folded_title(column.title) for block in blocks for column in block.header.columns}
    missing = [title for title in mapping.columns if folded_title(title) not in known]
    if missing and blocks:
        sentence = f"{sheet.origin()} has no column {', '.join(missing)}, which the mapping names."
        gatherer.tell(Severity.INFO, "MAPPING_UNUSED", sentence, sheet.origin())


def _tell_guesses(sheets: Sequence[tuple[Sheet, Sequence[Block]]], gatherer: Gatherer) -> None:
    """Columns that were read by guess, each once with the number of tables that it stands in."""
    found: dict[str, list[Sheet]] = defaultdict(list)
    for sheet, blocks in sheets:
        for column in {column.title: column for block in blocks for column in block.header.columns}.values():
            if column.role not in (None, Role.IGNORED) and column.confidence <= MAYBE:
                found[f"{column.title} was read as {column.role}: {column.reason}"].append(sheet)
    for guess, several in found.items():
        where = f", in {len(several)} tables" if len(several) > 1 else ""
        sentence = f"{guess}{where}. A column mapping says what is meant otherwise."
        gatherer.tell(Severity.INFO, "COLUMNS_GUESSED", sentence, several[0].origin())


def sheets_in(files: Sequence[NamedFile], options: ReadOptions, gatherer: Gatherer) -> Iterator[Sheet]:
    """Every table of the files, whether it has a header or not; what is no table is told."""
    rows = 0
    for file in files:
        if file.suffix not in TABLE_SUFFIXES:
            gatherer.tell(
                Severity.INFO, "FILE_IGNORED", f"{file.name} is no table and was not read.", Origin(file.name)
            )
            continue
        mapping = table_mapping(options, file.name)
        for sheet in sheets_of(file, encoding=mapping.encoding, separator=mapping.separator):
            rows += len(sheet.rows)
            check_row_count(rows, file=file.name)
            gatherer.notices.add(sheet.notices)
            yield sheet


def _records(table: _Table, name: str, gatherer: Gatherer) -> Sequence[Record]:
    """The parts of a table without its titles and its footer, of which each row is told."""
    sheet, header = table.sheet, table.header
    continued = with_continued_places(rows_in(sheet, table.blocks, gatherer))
    rows = with_library_references(continued, header, gatherer)
    if header.has(Role.QUANTITY) or header.has(Role.DESIGNATORS):
        end = footer_start(rows, has_quantities=header.has(Role.QUANTITY))
        _tell_footer(rows[end:], gatherer)
        tell_cost(rows[:end], rows[end:], gatherer)
        rows = rows[:end]
        if header.has(Role.QUANTITY):
            rows = without_titles(rows, header.row, gatherer)
    records = with_all_kept(parts_in(rows, header, name, sheet.origin(), gatherer), header, gatherer)
    return tuple(divided_rows(records, gatherer))


def _tell_footer(rows: Sequence[Record], gatherer: Gatherer) -> None:
    for row in rows:
        sentence = f"Below the last part stands a row that is none: {row.in_words}"
        has_number = (
            Role.NUMBER in row.texts or Role.MPN in row.texts
        )  # names of approvers stand there too, so it is asked
        gatherer.tell(Severity.WARNING if has_number else Severity.INFO, "FOOTER_ROW", sentence, row.origin)


def _names(headed: Sequence[_Table], options: ReadOptions) -> list[str]:
    """For each table the file's own name, with the sheet's where several sheets of the file are read; no two are the same.

    `mc2/bom.csv` and `mc4/bom.csv` are two products, and so are `bom.csv` and `bom.xlsx`: they would run together otherwise.
    """
    stems = [_with_sheet(options.top_name or NamedFile(table.sheet.file, b"").stem, table, headed) for table in headed]
    paths = [_with_sheet(table.sheet.file.rpartition(".")[0], table, headed) for table in headed]
    names = [path if stems.count(stem) > 1 else stem for stem, path in zip(stems, paths, strict=True)]
    return [
        _with_sheet(table.sheet.file, table, headed) if names.count(name) > 1 else name
        for name, table in zip(names, headed, strict=True)
    ]


def _with_sheet(name: str, table: _Table, headed: Sequence[_Table]) -> str:
    alone = sum(other.sheet.file == table.sheet.file for other in headed) == 1
    return name if alone or table.sheet.name is None else f"{name} {table.sheet.name}"


def _read_sheet(table: _Table, records: Sequence[Record], name: str, gatherer: Gatherer) -> None:
    currency = common_currency(records)
    for record in records:
        gatherer.add_part(part_of(record, currency))
    structure_of(table.header)(records, table.header, name, table.sheet.origin(), gatherer)


def _tell_headless(sheets: Sequence[Sheet], gatherer: Gatherer) -> None:
    for sheet in sheets:
        if sheet.rows:
            sentence = f"{sheet.origin()} has no row that names its columns and was not read."
            gatherer.tell(Severity.WARNING, "SHEET_IGNORED", sentence, sheet.origin())


def _tell_totals(stated: Mapping[str, Mapping[Decimal, Origin]], gatherer: Gatherer) -> None:
    """Holds what the author counted against what the lines add up to; the lines are what goes in."""
    if not stated:
        return
    counted = pieces(gatherer.lines, gatherer.tops())
    for key, totals in stated.items():
        for total, origin in totals.items():
            if counted.get(key, Decimal(0)) != total:
                sentence = f"{key} is counted {counted.get(key, Decimal(0))} times and stated {total} times; the lines were taken."
                gatherer.tell(Severity.WARNING, "TOTAL_DISAGREES", sentence, origin)


def _tell_equal_assemblies(gatherer: Gatherer) -> None:
    """`Wheel-1` and `Wheel-2` with the same lines are likely one assembly used twice; the file is followed, and it is said."""
    contents: dict[str, list[ImportedLine]] = defaultdict(list)
    for line in gatherer.lines:
        contents[line.parent_key].append(line)
    alike: dict[tuple[str, frozenset[ImportedLine]], list[str]] = defaultdict(list)
    for key, lines in contents.items():
        match = _INSTANCE.fullmatch(key)
        if match is not None:
            same = frozenset(replace(line, parent_key="", origin=Origin("")) for line in lines)
            alike[match[1], same].append(key)
    for (name, _), keys in alike.items():
        if len(keys) > 1:
            sentence = (
                f"{', '.join(keys)} hold the same lines; they were kept apart as in the file, and could be one {name}."
            )
            gatherer.tell(Severity.INFO, "EQUAL_ASSEMBLIES", sentence)
