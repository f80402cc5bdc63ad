"""The process of the rules: `python -m plumbline.adapters.javascript.process SECONDS MEMORY_BYTES CACHE`.

It answers over its standard output what it is asked over its standard input (`frames`), and ends when nobody asks any more.
"""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import orjson

from plumbline.adapters.javascript.bounds import bind_this_process, grant_processor_seconds, leave_the_network
from plumbline.adapters.javascript.engine import Engine
from plumbline.adapters.javascript.frames import (
    CHANGE_ORDER,
    LOAD_SECONDS,
    LOADED,
    MOMENT,
    READY,
    TOO_LARGE,
    Broken,
    receive,
    send,
)
from plumbline.adapters.javascript.judging import Court, TooLarge

IDLE_SECONDS = 600
"""After which the process ends by itself, and gives back its memory; the next rule starts another."""

_QUESTIONS, _ANSWERS = 0, 1
_SPARE_SECONDS = 2.0


def main(seconds: float, memory_bytes: int, cache: Path | None) -> None:
    leave_the_network()
    court = Court(Engine(memory_bytes, cache), seconds)
    bind_this_process(memory_bytes)
    send(_ANSWERS, READY)
    try:
        while True:
            signal.alarm(IDLE_SECONDS)
            question = receive(_QUESTIONS, bytes_max=len(CHANGE_ORDER) + MOMENT.size + memory_bytes)
            signal.alarm(0)
            grant_processor_seconds(max(seconds, LOAD_SECONDS) + _SPARE_SECONDS)
            send(_ANSWERS, _answer(court, question[:1], question[1:]))
    except Broken:
        return  # the server is gone


def _answer(court: Court, kind: bytes, content: bytes) -> bytes:
    if kind != CHANGE_ORDER:
        return orjson.dumps(court.judge(content))
    (microseconds,) = MOMENT.unpack_from(content)
    try:
        court.load(content[MOMENT.size :], datetime.fromtimestamp(microseconds / 1_000_000, UTC))
    except TooLarge:
        return TOO_LARGE
    return LOADED


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3] else None)
