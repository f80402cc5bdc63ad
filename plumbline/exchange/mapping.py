"""What a user says about the columns of tables, in YAML: taken back as it was proposed, edited or written by hand.

    tables:
      - file: boards/bom.csv
        separator: semicolon
        columns:
          IITCODE: number
          Manuf Code 2: mpn 2
          Mouser PN: sku of Mouser
          Unit Price: price in CHF
          Prepared: specification

A mapping of titles alone, `{"Qty per board": quantity}`, speaks of all tables.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from plumbline.exchange.bounds import TEXT_MAX
from plumbline.exchange.columns import SAID, SOURCE_ROLES, Column, Role, folded_title
from plumbline.exchange.errors import InvalidColumnMapping, UnknownColumnRole
from plumbline.exchange.model import ColumnMapping, ReadOptions, TableMapping
from plumbline.kit.errors import PathPart

SPECIFICATION = "specification"
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1250", "windows-1251", "windows-1252",
    "iso-8859-1", "iso-8859-2", "iso-8859-15", "mac-roman", "cp437", "cp850", "koi8-r", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr",
)  # fmt: skip
"""What people's spreadsheets write. Python knows codecs that are no encodings of text, so others are refused."""
TABLES_MAX = 2_000
TITLES_MAX = 500
_ROLE = re.compile(r"([a-z_]+)(?: ([1-9]\d?))?(?: of (\S.{0,79}))?(?: in ([A-Z]{3}))?")
_KEYS = ("file", "sheet", "encoding", "separator", "header_row", "ignored", "columns")


def column_said(title: str, meaning: str, path: tuple[PathPart, ...] = ("columns",)) -> Column:
    """The column as the text says it is; refuses what is no meaning of a column."""
    if meaning == SPECIFICATION:
        return Column(title, None, SAID, _REASON)
    match = _ROLE.fullmatch(meaning.strip())
    if match is None or match[1] not in list(Role):
        roles = f"one of {', '.join(Role)}, {SPECIFICATION}"
        raise UnknownColumnRole(f"Column {title} cannot be a {meaning[:80]}.", path=(*path, title), expected=roles)
    role, number, shop, currency = Role(match[1]), match[2], match[3] or "", match[4] or ""
    if (number or shop or currency) and role not in SOURCE_ROLES:
        raise UnknownColumnRole(
            f"Column {title} cannot be a {meaning[:80]}: a part has one {role}.",
            path=(*path, title),
            expected=f"a number, a shop or a currency only after one of {', '.join(sorted(SOURCE_ROLES))}",
        )
    group = "" if number in (None, "1") and not shop else f"{shop.casefold()} {number or 1}".strip()
    return Column(title, role, SAID, _REASON, group, shop, currency)


_REASON = "the mapping says so"


def meaning_of(column: Column, groups: Mapping[str, int]) -> str:
    """The text that `column_said` reads as this column. `groups`: the number of each group, among those of its shop."""
    if column.role is None:
        return SPECIFICATION
    words = [str(column.role)]
    if column.role not in SOURCE_ROLES:
        return words[0]
    number = groups.get(column.group, 1)
    words += [str(number)] if number > 1 else []
    words += [f"of {column.supplier}"] if column.supplier else []
    words += [f"in {column.currency}"] if column.currency else []
    return " ".join(words)


def group_numbers(columns: Iterable[Column]) -> dict[str, int]:
    """Groups of one shop counted in their order; those of makers have their number."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    for column in columns:
        if column.group and column.group not in found:
            shop = column.supplier.casefold()
            counts[shop] = counts.get(shop, 0 if shop else 1) + 1
            found[column.group] = counts[shop] if shop or not column.group.isdigit() else int(column.group)
    return found


def header_key(titles: Iterable[str]) -> str:
    """Names a set of titles, whatever their order, letter case and signs: what a mapping is remembered under."""
    folded = sorted({folded for title in titles if (folded := folded_title(title))})
    return hashlib.sha256("\n".join(folded).encode()).hexdigest()


def table_mapping(options: ReadOptions, file: str, sheet: str | None = None) -> TableMapping:
    """What the user says about a table: the first entry that speaks of it, and the titles meant for all."""
    found = next((each for each in options.tables if _is_about(each, file, sheet)), TableMapping())
    return TableMapping(
        found.file,
        found.sheet,
        found.encoding,
        found.separator,
        found.header_row,
        found.ignored,
        {**options.columns, **found.columns},
    )


def _is_about(mapping: TableMapping, file: str, sheet: str | None) -> bool:
    is_file = mapping.file in (None, file) or mapping.file == PurePosixPath(file).name
    return is_file and (mapping.sheet is None or sheet is None or mapping.sheet == sheet)


def read_mapping(document: object) -> tuple[dict[str, str], tuple[TableMapping, ...]]:
    """Titles for all tables, and what is said of single ones; refuses anything else, with its path."""
    if not isinstance(document, dict):
        raise _invalid("The mapping is no object.", (), "titles and their roles, or `tables`")
    if "tables" not in document:
        return _columns(document, ()), ()
    if set(document) != {"tables"} or not isinstance(document["tables"], list):
        raise _invalid("`tables` stands alone and is a list.", ("tables",), "a list of tables")
    if len(document["tables"]) > TABLES_MAX:
        raise _invalid(f"There are {len(document['tables'])} tables.", ("tables",), f"at most {TABLES_MAX}")
    return {}, tuple(_table(entry, ("tables", index)) for index, entry in enumerate(document["tables"]))


def remembered_form(titles: Sequence[str], columns: object) -> ColumnMapping:
    """What a library keeps of a mapping; refuses more, or other things, than a mapping can say."""
    if not 0 < len(titles) <= TITLES_MAX or not all(len(title) <= TEXT_MAX for title in titles):
        raise _invalid("The titles are none, or too many or too long.", ("titles",), f"1 to {TITLES_MAX} titles")
    checked = _columns(columns, ("columns",))
    if not all(len(title) <= TEXT_MAX for title in checked):
        raise _invalid("A title is too long.", ("columns",), f"at most {TEXT_MAX} characters")
    return ColumnMapping(header_key(titles), tuple(titles), checked)


def _table(entry: object, path: tuple[PathPart, ...]) -> TableMapping:
    if not isinstance(entry, dict):
        raise _invalid("A table is no object.", path, f"an object with some of {', '.join(_KEYS)}")
    for name in entry:
        if name not in _KEYS:
            raise _invalid(f"{name} is unknown.", (*path, str(name)), f"one of {', '.join(_KEYS)}")
    row = entry.get("header_row")
    if row is not None and (not isinstance(row, int) or isinstance(row, bool) or row < 1):
        raise _invalid(
            f"header_row is {row!r:.40}.", (*path, "header_row"), "a number from 1 on, as the spreadsheet shows it"
        )
    ignored = entry.get("ignored", False)
    if not isinstance(ignored, bool):
        raise _invalid(f"ignored is {ignored!r:.40}.", (*path, "ignored"), "true or false")
    return TableMapping(
        file=_text(entry, "file", path),
        sheet=_text(entry, "sheet", path),
        encoding=_encoding(_text(entry, "encoding", path), path),
        separator=_separator(_text(entry, "separator", path), path),
        header_row=row,
        ignored=ignored,
        columns=_columns(entry.get("columns", {}), (*path, "columns")),
    )


def _columns(entry: object, path: tuple[PathPart, ...]) -> dict[str, str]:
    if not isinstance(entry, dict) or not all(isinstance(meaning, str) for meaning in entry.values()):
        raise _invalid("The columns are no object of texts.", path, 'such as {"Qty per board": "quantity"}')
    if len(entry) > TITLES_MAX:
        raise _invalid(f"There are {len(entry)} columns.", path, f"at most {TITLES_MAX}")
    for title, meaning in entry.items():
        column_said(str(title), meaning, path)
    return {str(title): meaning for title, meaning in entry.items()}


def _text(entry: Mapping[str, object], name: str, path: tuple[PathPart, ...]) -> str | None:
    text = entry.get(name)
    if text is None or isinstance(text, str):
        return text
    raise _invalid(f"{name} is {text!r:.40}.", (*path, name), "a text")


def _encoding(name: str | None, path: tuple[PathPart, ...]) -> str | None:
    if name is None or name.casefold() in ENCODINGS:
        return name and name.casefold()
    raise _invalid(f"The encoding {name[:40]} is not read.", (*path, "encoding"), f"one of {', '.join(ENCODINGS)}")


def _separator(name: str | None, path: tuple[PathPart, ...]) -> str | None:
    if name is None or name in SEPARATORS:
        return SEPARATORS.get(name or "")
    if len(name) == 1 and name.isprintable() and not name.isalnum() and name not in "\"' ":
        return name
    raise _invalid(
        f"{name[:40]} is no separator.", (*path, "separator"), f"one of {', '.join(SEPARATORS)}, or one sign"
    )


def _invalid(sentence: str, path: Sequence[PathPart], expected: str) -> InvalidColumnMapping:
    return InvalidColumnMapping(sentence, path=tuple(path), expected=expected)
