"""What commands say: tables for people, JSON for programs, refusals and progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

import orjson

from plumbline.kit.errors import Refusal

REFUSALS_SHOWN_MAX = 20


class ExactNumber(str):
    """An exact decimal as the API writes it; in JSON a number of the same digits, so that nothing is rounded on the way out."""

    __slots__ = ()


def print_json(value: object) -> None:
    """One line in a pipe, indented on a terminal."""
    options = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_SUBCLASS
    if sys.stdout.isatty():
        options |= orjson.OPT_INDENT_2
    sys.stdout.buffer.write(orjson.dumps(value, default=_exact_number, option=options))
    sys.stdout.buffer.flush()


def print_table(header: Sequence[str], rows: Sequence[Sequence[object]], *, title: str | None = None) -> None:
    """A drawn table on a terminal; tab-separated lines in a pipe, one per row, the header first."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [list(header), *cells]:
            print("\t".join(" ".join(cell.split()) for cell in row))
        return
    rich_table = import_module("rich.table")
    table = rich_table.Table(*header, title=title, title_justify="left")
    text = import_module("rich.text").Text
    for row in cells:
        table.add_row(*(text(cell) for cell in row))
    import_module("rich.console").Console().print(table)


def one_line(text: str) -> str:
    """What a program of somebody else says, without what could move a cursor."""
    return "".join(each if each.isprintable() else "\ufffd" for each in " ".join(text.split()))


def report(refusal: Refusal) -> None:
    """Message, place, expectation and hint of every fault, on stderr; a message in one line, whoever wrote it."""
    progress("")
    refusals = list(_all(refusal))
    for each in refusals[:REFUSALS_SHOWN_MAX]:
        print(f"error: {one_line(each.message)}", file=sys.stderr)
        details = {"at": _place(each), "expected": each.expected, "hint": each.hint}
        for name, text in details.items():
            if text:
                print(f"  {name}: {text}", file=sys.stderr)
    if len(refusals) > REFUSALS_SHOWN_MAX:
        print(f"… and {len(refusals) - REFUSALS_SHOWN_MAX} more", file=sys.stderr)


def progress(sentence: str) -> None:
    """Says on a terminal what takes so long; an empty sentence clears the line."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{sentence}", end="", file=sys.stderr, flush=True)


def note(sentence: str) -> None:
    """Something worth knowing that is not the answer."""
    print(sentence, file=sys.stderr)


def _exact_number(value: object) -> orjson.Fragment:
    if isinstance(value, ExactNumber):
        return orjson.Fragment(str(value))
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _all(refusal: Refusal) -> Iterator[Refusal]:
    yield refusal
    for other in refusal.also:
        yield from _all(other)


def _place(refusal: Refusal) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in refusal.path).lstrip(".")
