"""What a rule writes while it runs lies in its own memory, where the host reads it afterwards, however the rule ended.

A call of the host for each line would take a tenth of a millisecond, and rules write a line for each item. First comes the time that timers
have put the clock forward (a double, in milliseconds), then how many units of text are in use; then line after line as units of
UTF-16: the first letter of its kind, its length in two units, its text. `prelude.js` writes it.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator

from plumbline.validations.ports import LOG_BYTES_MAX, LOG_LINES_MAX, LogKind, LogLine

HEAD = struct.Struct("<dI4x")
SHARED_BYTES = HEAD.size + 2 * ((LOG_BYTES_MAX + 1) + 3 * (LOG_LINES_MAX + 1))
"""For a line and a unit more than are kept, by which it shows that something was cut; a unit becomes a byte at least."""

LOG_CUT = f"The log is cut here: a rule may write {LOG_LINES_MAX} lines and {LOG_BYTES_MAX} bytes."

_KINDS = {ord(each[0]): each for each in LogKind}
_LINE = struct.Struct("<HHH")


def kept_lines(written: bytes) -> tuple[LogLine, ...]:
    """What of the lines (after the head) is kept, and if that is not all, a line that says so. Raises ValueError for what are no lines."""
    kept: list[LogLine] = []
    room = LOG_BYTES_MAX
    for line in _lines(written):
        content = line.text.encode()
        if len(content) <= room and len(kept) < LOG_LINES_MAX:
            room -= len(content)
            kept.append(line)
            continue
        if room and len(kept) < LOG_LINES_MAX:
            kept.append(LogLine(line.kind, content[:room].decode(errors="ignore")))
        return (*kept, LogLine(LogKind.WARN, LOG_CUT))
    return tuple(kept)


def _lines(written: bytes) -> Iterator[LogLine]:
    place = 0
    while place < len(written):
        if place + _LINE.size > len(written):
            raise ValueError("half a line")
        kind, low, high = _LINE.unpack_from(written, place)
        place += _LINE.size
        end = place + 2 * (low + (high << 16))
        if kind not in _KINDS or end > len(written):
            raise ValueError("no line")
        # Not `decode`: that would look for a module of the encoding, in a process that may open no files.
        yield LogLine(_KINDS[kind], codecs.utf_16_le_decode(written[place:end], "replace")[0])
        place = end
