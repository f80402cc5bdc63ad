"""Tables with a header that names their columns: CSV, TSV, XLSX, XLS and ODS, flat or in levels."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from plumbline.exchange.amounts import number_in
from plumbline.exchange.bounds import check_row_count
from plumbline.exchange.columns import Header, Role, header_in
from plumbline.exchange.dividing import divided_rows
from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.footer import footer_start
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import ImportedData, ImportedLine, Origin, ReadOptions, Severity
from plumbline.exchange.records import Record, common_currency, part_of, parts_in, rows_in
from plumbline.exchange.sheets import TABLE_SUFFIXES, Sheet, sheets_of
from plumbline.exchange.structure import structure_of
from plumbline.exchange.telling_apart import told_apart, with_library_references, with_own_words
from plumbline.exchange.totals import pieces

NAME = "table"
_INSTANCE = re.compile(r"(.+?)[-_ ](\d{1,4})")


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says why, when a file is named like a table; whether it has a header shows when it is read."""
    tables = [file.name for file in files if file.suffix in TABLE_SUFFIXES]
    return f"{tables[0]} is named like a table" if tables else None


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    """Every sheet with a header, each an assembly or a tree of its own; parts of the same key are the same part."""
    gatherer = Gatherer()
    stated: dict[str, dict[Decimal, Origin]] = defaultdict(dict)
    sheets = [(sheet, header_in(sheet, options.columns)) for sheet in _sheets(files, gatherer)]
    headed = [(sheet, header) for sheet, header in sheets if header is not None]
    if not headed:
        raise UnreadableFile(
            f"No sheet of {files[0].name} has a row that names its columns.",
            path=(files[0].name,),
            expected="a header such as Part Number, Name, Quantity",
            hint="Name the columns in a column mapping if their titles are unusual.",
        )
    found = [_records(sheet, header, gatherer) for sheet, header in headed]
    tables = with_own_words(told_apart(found, gatherer))
    for (sheet, header), records in zip(headed, tables, strict=True):
        _read_sheet(sheet, header, records, _name(sheet, headed, options), gatherer)
        for record in records:
            total = number_in(record.text(Role.STATED_TOTAL))
            if total is not None:
                stated[record.key].setdefault(total, record.origin)
    _tell_headless(sheets, gatherer)
    _tell_totals(stated, gatherer)
    _tell_equal_assemblies(gatherer)
    return gatherer.data(NAME)


def _sheets(files: Sequence[NamedFile], gatherer: Gatherer) -> Iterator[Sheet]:
    rows = 0
    for file in files:
        if file.suffix not in TABLE_SUFFIXES:
            gatherer.tell(
                Severity.INFO, "FILE_IGNORED", f"{file.name} is no table and was not read.", Origin(file.name)
            )
            continue
        for sheet in sheets_of(file):
            rows += len(sheet.rows)
            check_row_count(rows, file=file.name)
            gatherer.notices.extend(sheet.notices)
            yield sheet


def _records(sheet: Sheet, header: Header, gatherer: Gatherer) -> Sequence[Record]:
    """The parts of a table without its footer, of which each row is told."""
    rows = with_library_references(rows_in(sheet, header, gatherer), header, gatherer)
    is_list = header.has(Role.QUANTITY) or header.has(Role.DESIGNATORS)
    end = footer_start(rows, has_quantities=header.has(Role.QUANTITY)) if is_list else len(rows)
    for row in rows[end:]:
        said = " | ".join(dict.fromkeys((*row.texts.values(), *row.attributes.values())))
        sentence = f"Below the last part stands a row that is none: {said}"
        has_number = (
            Role.NUMBER in row.texts or Role.MPN in row.texts
        )  # names of approvers stand there too, so it is asked
        gatherer.tell(Severity.WARNING if has_number else Severity.INFO, "FOOTER_ROW", sentence, row.origin)
    return tuple(divided_rows(parts_in(rows[:end], header, sheet.origin(), gatherer), gatherer))


def _name(sheet: Sheet, headed: Sequence[tuple[Sheet, Header]], options: ReadOptions) -> str:
    """The file's own name, with the sheet's where several sheets of the file are read."""
    stem = options.top_name or NamedFile(sheet.file, b"").stem
    alone = sum(other.file == sheet.file for other, _ in headed) == 1
    return stem if alone or sheet.name is None else f"{stem} {sheet.name}"


def _read_sheet(sheet: Sheet, header: Header, records: Sequence[Record], name: str, gatherer: Gatherer) -> None:
    currency = common_currency(records)
    for record in records:
        gatherer.add_part(part_of(record, currency))
    structure_of(header)(records, header, name, sheet.origin(), gatherer)


def _tell_headless(sheets: Sequence[tuple[Sheet, Header | None]], gatherer: Gatherer) -> None:
    for sheet, header in sheets:
        if header is None and sheet.rows:
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
