"""One rule in a guest of its own, from its code to its answer."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import orjson
import wasmtime

from plumbline.adapters.javascript.engine import Engine, GuestStopped
from plumbline.adapters.javascript.frames import LOAD_SECONDS
from plumbline.adapters.javascript.guest import RESERVE_BYTES, GuestFault, Handle, Image, PromiseState, QuickJs, Thrown
from plumbline.adapters.javascript.log import HEAD, SHARED_BYTES, kept_lines
from plumbline.validations.ports import (
    LOG_BYTES_MAX,
    LOG_LINES_MAX,
    MESSAGE_LENGTH_MAX,
    Ending,
    LogLine,
    RuleAnswer,
)

TRACE_LINES_MAX = 10

_PRELUDE = Path(__file__).with_name("prelude.js")
_OUT_OF_MEMORY = "InternalError: out of memory"
_NO_ROOM_FOR_THE_ERROR = "null"
"""The engine throws null when it finds no memory for the error that says so. A rule may throw null, too."""
_FAULTS = (wasmtime.Trap, wasmtime.WasmtimeError, GuestStopped, GuestFault, ValueError)
"""What a guest can do other than answer and throw. ValueError is what texts and numbers are that are none."""


class Prelude(NamedTuple):
    """The functions of `prelude.js`, the same in every copy of the context."""

    load: Handle
    judge: Handle
    call_timer: Handle
    told: Handle


class TooLarge(Exception):
    """The change order does not fit into the memory of a rule."""


class Court:
    """Judges change orders by rules, one after the other, each rule in a new copy of the context into which the change order was read."""

    def __init__(self, engine: Engine, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds
        self._prelude, self._ready = self._prepared()
        self._loaded: Image | None = None

    def load(self, payload: bytes, moment: datetime) -> None:
        """Reads a change order for the rules that follow. Raises TooLarge."""
        self._loaded = None
        self._engine.host.moment_ms = int(moment.timestamp() * 1_000)
        try:
            with self._guest(self._ready, LOAD_SECONDS) as guest:
                guest.call(self._prelude.load, guest.parsed(payload))
                self._loaded = guest.image()
        except (*_FAULTS, Thrown) as fault:
            raise TooLarge from fault

    def judge(self, code: bytes) -> RuleAnswer:
        """Never raises for what a rule does."""
        assert self._loaded is not None
        started = time.monotonic()
        with self._guest(self._loaded, self._seconds) as guest:
            answer = self._judged(guest, code)
            logs = _logs(guest)
        seconds = time.monotonic() - started
        return RuleAnswer(answer.ended, answer.valid, answer.message, logs, seconds, answer.trace)

    def _judged(self, guest: QuickJs, code: bytes) -> RuleAnswer:
        try:
            try:
                return _answer(guest.text(self._settled(guest, code)))
            except Thrown as thrown:
                is_full = self._is_full(guest)
                guest.lift_memory_limit()
                answer = _thrown(guest.text(guest.call(self._prelude.told, *_given(thrown))))
                if answer.message == _OUT_OF_MEMORY or (is_full and answer.message == _NO_ROOM_FOR_THE_ERROR):
                    return self._out_of_memory()
                return answer
        except Thrown:
            return self._fault(guest, None)
        except _FAULTS as fault:
            return self._fault(guest, fault)

    def _settled(self, guest: QuickJs, code: bytes) -> Handle:
        """The text with which the prelude answers. Promises first; when there is nothing else to do, the next timer."""
        promise = guest.call(self._prelude.judge, guest.string(code))
        while (state := guest.promise_state(promise)) is PromiseState.PENDING:
            if not guest.run_jobs() and not guest.is_true(guest.call(self._prelude.call_timer)):
                raise _Unsettled
        result = guest.promise_result(promise)
        if state is PromiseState.REJECTED:
            raise Thrown(result)
        return result

    def _fault(self, guest: QuickJs, fault: Exception | None) -> RuleAnswer:
        trap = fault.trap_code if isinstance(fault, wasmtime.Trap) else None
        if isinstance(fault, _Unsettled):
            return _without_answer(Ending.UNSETTLED, "The rule waits for a promise that nothing settles.")
        if trap is wasmtime.TrapCode.INTERRUPT:
            return _without_answer(Ending.TIMED_OUT, f"The rule ran for more than {self._seconds:g} s.")
        if trap is wasmtime.TrapCode.STACK_OVERFLOW:
            return _without_answer(Ending.TOO_DEEP, "The rule's calls or values are nested too deeply.")
        if self._is_full(guest):
            return self._out_of_memory()
        return _without_answer(Ending.KILLED, "The rule stopped the engine that ran it.")

    def _is_full(self, guest: QuickJs) -> bool:
        return guest.memory_bytes > self._engine.memory_bytes - 2 * RESERVE_BYTES

    def _out_of_memory(self) -> RuleAnswer:
        return _without_answer(
            Ending.OUT_OF_MEMORY, f"The rule needs more than {self._engine.memory_bytes >> 20} MiB of memory."
        )

    @contextmanager
    def _guest(self, image: Image | None, seconds: float) -> Iterator[QuickJs]:
        with self._engine.deadline.within(seconds):
            guest = QuickJs(self._engine, image)
            try:
                yield guest
            finally:
                guest.close()

    def _prepared(self) -> tuple[Prelude, Image]:
        with self._guest(None, LOAD_SECONDS) as guest:
            bounds = [guest.evaluate(str(bound)) for bound in (MESSAGE_LENGTH_MAX, LOG_BYTES_MAX, LOG_LINES_MAX)]
            functions = guest.call(
                guest.evaluate(_PRELUDE.read_text(encoding="utf-8")), guest.share(SHARED_BYTES), *bounds
            )
            names = ("load", "judge", "callTimer", "told")
            prelude = Prelude(*(guest.property(functions, name) for name in names))
            return prelude, guest.image()


class _Unsettled(GuestFault):
    """Nothing is left to do, and the promise is still pending."""


def _given(thrown: Thrown) -> tuple[Handle, ...]:
    return () if thrown.value is None else (thrown.value,)


def _logs(guest: QuickJs) -> tuple[LogLine, ...]:
    _, used = HEAD.unpack(guest.shared(0, HEAD.size))
    return kept_lines(guest.shared(HEAD.size, min(2 * used, SHARED_BYTES - HEAD.size)))


def _answer(text: str) -> RuleAnswer:
    said = orjson.loads(text)
    return RuleAnswer(Ending(said["ended"]), said["valid"], said["message"])


def _thrown(text: str) -> RuleAnswer:
    said = orjson.loads(text)
    return RuleAnswer(Ending.THREW, None, said["text"], trace=_trace(said["trace"]))


def _trace(stack: str) -> str:
    """The lines of it that lie in the rule. How the engine came there is ours and tells its author nothing."""
    lines = [line.strip().replace("<input>", "rule") for line in stack.splitlines() if re.search(r"<input>:\d", line)]
    return "\n".join(lines[:TRACE_LINES_MAX])


def _without_answer(ended: Ending, message: str) -> RuleAnswer:
    return RuleAnswer(ended, None, message)
