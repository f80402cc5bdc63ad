"""Messages over a pipe: four bytes of length, then so many bytes. The server asks, the process of the rules answers each question once."""

from __future__ import annotations

import os
import select
import struct
import time

READY = b"ready"
"""Said once, before the first question."""
CHANGE_ORDER = b"P"
"""Begins a message that brings a moment and the change order for the rules that follow; answered with LOADED or TOO_LARGE."""
MOMENT = struct.Struct("<q")
"""Microseconds since 1970."""
LOADED, TOO_LARGE = b"loaded", b"too large"
RULE = b"R"
"""Begins a message that brings the code of a rule; answered with a RuleAnswer as JSON."""

LOAD_SECONDS = 10.0
"""For reading a change order; the largest take a tenth of it."""
PIECE_BYTES = 1 << 20

_LENGTH = struct.Struct("<I")


class Broken(Exception):
    """The other side is gone, or says what nobody says."""


class Late(Exception):
    """The other side took longer than it may."""


def receive(pipe: int, *, bytes_max: int, deadline: float | None = None) -> bytes:
    """Waits for as long as it takes without a `deadline` (of the monotonic clock). Raises Broken, Late."""
    (length,) = _LENGTH.unpack(_read(pipe, _LENGTH.size, deadline))
    if length > bytes_max:
        raise Broken(f"a message of {length} bytes")
    return _read(pipe, length, deadline)


def send(pipe: int, *parts: bytes, deadline: float | None = None) -> None:
    """One message of all parts; a `deadline` needs a pipe that does not block. Raises Broken, Late."""
    _write(pipe, _LENGTH.pack(sum(map(len, parts))), deadline)
    for part in parts:
        _write(pipe, part, deadline)


def _read(pipe: int, length: int, deadline: float | None) -> bytes:
    pieces = []
    while length:
        _wait(pipe, select.POLLIN, deadline)
        piece = os.read(pipe, min(length, PIECE_BYTES))
        if not piece:
            raise Broken("the pipe has ended")
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def _write(pipe: int, content: bytes, deadline: float | None) -> None:
    rest = memoryview(content)
    while rest:
        _wait(pipe, select.POLLOUT, deadline)
        try:
            rest = rest[os.write(pipe, rest[:PIECE_BYTES]) :]
        except BlockingIOError:
            continue
        except BrokenPipeError:
            raise Broken("nobody reads the pipe") from None


def _wait(pipe: int, event: int, deadline: float | None) -> None:
    """`poll` and not `select`: a server has more than 1,024 open files."""
    if deadline is None:
        return
    waiting = select.poll()
    waiting.register(pipe, event)
    if not waiting.poll(max(0.0, deadline - time.monotonic()) * 1_000):
        raise Late
