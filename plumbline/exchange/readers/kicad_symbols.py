"""KiCad symbol libraries (`.kicad_sym`, KiCad 6 and later): each symbol is a part, its properties are what is known about it.

A symbol that extends another one has the properties of that one and its own over them. Left out, and counted in a notice: power
symbols, symbols that are kept off bills of materials, and symbols that only serve others as a template.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plumbline.exchange.bounds import check_field_count, check_row_count
from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import ImportedData, ImportedPart, Origin, ReadOptions, Severity
from plumbline.exchange.part_fields import PartFields, one_line, part_fields
from plumbline.exchange.readers.expressions import Node, parsed
from plumbline.exchange.readers.kicad_words import properties, starts_with, tell_encoding, unescaped_name

NAME = "kicad-symbols"
SUFFIX = ".kicad_sym"
_ROOT = "kicad_symbol_lib"
_KEPT = frozenset({"symbol", "property", "extends", "power", "in_bom"})
_EXTENDS_MAX = 20
"""KiCad allows one level; more than a few are a circle."""


@dataclass(frozen=True, slots=True)
class _Symbol:
    library: str
    name: str
    fields: Mapping[str, str]
    is_power: bool
    is_in_bom: bool
    extends: str | None
    origin: Origin


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says which file is a symbol library."""
    for file in files:
        if file.suffix == SUFFIX and starts_with(file, _ROOT):
            return f"{file.name} is a KiCad symbol library"
    return None


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    gatherer = Gatherer()
    libraries = [file for file in files if file.suffix == SUFFIX]
    if not libraries:
        raise UnreadableFile(
            f"{files[0].name} is no symbol library.", path=(files[0].name,), expected=f"a {SUFFIX} file"
        )
    rows = 0
    taken: dict[str, str] = {}
    for file in files:
        if file.suffix != SUFFIX:
            sentence = f"{file.name} is no symbol library and was not read."
            gatherer.tell(Severity.INFO, "FILE_IGNORED", sentence, Origin(file.name))
            continue
        tell_encoding(file, gatherer)
        symbols: dict[str, _Symbol] = {}
        for symbol in _symbols(file):
            rows += 1
            check_row_count(rows, file=file.name)
            _tell_second(symbols.get(symbol.name), symbol, gatherer)
            symbols[symbol.name] = symbol
        _add_symbols(file, symbols, taken, gatherer)
    return gatherer.data(NAME)


def _tell_second(first: _Symbol | None, symbol: _Symbol, gatherer: Gatherer) -> None:
    if first is not None and (first.fields, first.extends) != (symbol.fields, symbol.extends):
        sentence = f"The symbol {symbol.name} stands at {first.origin} too and differs there; the one here was taken."
        gatherer.tell(Severity.WARNING, "SYMBOL_TWICE", sentence, symbol.origin)


def _symbols(file: NamedFile) -> Iterator[_Symbol]:
    for node in parsed(file, _ROOT, _KEPT).all("symbol"):
        extends = node.text("extends")
        yield _Symbol(
            library=file.stem,
            name=unescaped_name(node.texts[0]) if node.texts else "",
            fields=properties(node),
            is_power=_is_power(node),
            is_in_bom=node.flag("in_bom", default=True),
            extends=unescaped_name(extends) if extends else None,
            origin=Origin(file.name, row=node.row),
        )


def _is_power(node: Node) -> bool:
    return node.first("power") is not None or properties(node).get("Reference", "").startswith("#")


def _add_symbols(file: NamedFile, symbols: Mapping[str, _Symbol], taken: dict[str, str], gatherer: Gatherer) -> None:
    """`taken` holds the maker's numbers that parts go by already, with their symbols."""
    resolved: dict[str, _Symbol] = {}
    field_count = 0
    for name, symbol in symbols.items():
        resolved[name] = _resolved(symbol, symbols, gatherer)
        field_count += len(resolved[name].fields)
        check_field_count(field_count, file=file.name)
    fields = {name: part_fields(symbol.fields) for name, symbol in resolved.items()}
    templates = _templates(symbols, fields)
    left_out: Counter[str] = Counter()
    for name, symbol in resolved.items():
        reason = _reason_to_leave_out(symbol, name in templates)
        if reason:
            left_out[reason] += 1
        else:
            gatherer.add_part(_part(symbol, fields[name], taken, gatherer))
    for reason, count in left_out.items():
        sentence = f"{count} symbols of {file.name} were left out: they are {reason}."
        gatherer.tell(Severity.INFO, "SYMBOLS_LEFT_OUT", sentence, Origin(file.name))


def _resolved(symbol: _Symbol, symbols: Mapping[str, _Symbol], gatherer: Gatherer) -> _Symbol:
    """The symbol with what it has from the ones it extends."""
    chain = [symbol]
    while chain[-1].extends is not None:
        below = symbols.get(chain[-1].extends)
        if below is None or len(chain) > _EXTENDS_MAX:
            why = "which is not in the library" if below is None else "and so on without an end"
            sentence = f"{symbol.name} extends {chain[-1].extends}, {why}; it was read as it stands."
            gatherer.tell(Severity.ERROR, "TEMPLATE_MISSING", sentence, symbol.origin)
            break
        chain.append(below)
    fields: dict[str, str] = {}
    for each in reversed(chain):
        fields.update((name, text) for name, text in each.fields.items() if text or name not in fields)
    return _Symbol(
        library=symbol.library,
        name=symbol.name,
        fields=fields,
        is_power=any(each.is_power for each in chain),
        is_in_bom=symbol.is_in_bom,
        extends=symbol.extends,
        origin=symbol.origin,
    )


def _templates(symbols: Mapping[str, _Symbol], fields: Mapping[str, PartFields]) -> frozenset[str]:
    """Symbols that others extend and that cannot be bought themselves, while those others can."""
    extended = {
        symbol.extends for name, symbol in symbols.items() if symbol.extends in symbols and _can_be_bought(fields[name])
    }
    return frozenset(name for name in extended if name is not None and not _can_be_bought(fields[name]))


def _can_be_bought(fields: PartFields) -> bool:
    return fields.number is not None or bool(fields.sources)


def _reason_to_leave_out(symbol: _Symbol, is_template: bool) -> str | None:
    if symbol.is_power:
        return "power symbols"
    if not symbol.is_in_bom:
        return "kept off bills of materials"
    return "templates of others" if is_template or symbol.name.startswith("~") else None


def _part(symbol: _Symbol, fields: PartFields, taken: dict[str, str], gatherer: Gatherer) -> ImportedPart:
    return ImportedPart(
        key=_key(symbol, fields, taken, gatherer),
        name=symbol.name,
        origin=symbol.origin,
        number=fields.number,
        description=fields.description,
        category_path=fields.category_path,
        attributes=_with_reference(symbol, fields),
        extra=fields.extra,
        sources=fields.sources,
        link=fields.link,
    )


def _with_reference(symbol: _Symbol, fields: PartFields) -> Mapping[str, str]:
    """The letters that designators of the part begin with are a property of the symbol and worth keeping."""
    reference = symbol.fields.get("Reference", "").strip()
    return {"Reference": reference, **fields.attributes} if reference else fields.attributes


def _key(symbol: _Symbol, fields: PartFields, taken: dict[str, str], gatherer: Gatherer) -> str:
    """The part's own number; else the maker's, unless another symbol has it already; else the name that KiCad knows it by."""
    own_name = one_line(f"{symbol.library}:{symbol.name}")
    if fields.number is not None or fields.mpn is None:
        return fields.number or own_name
    first = taken.setdefault(fields.mpn, own_name)
    if first == own_name:
        return fields.mpn
    sentence = f"{own_name} has the part number {fields.mpn} of {first}; it goes by its own name."
    gatherer.tell(Severity.WARNING, "KEY_SHARED", sentence, symbol.origin)
    return own_name
