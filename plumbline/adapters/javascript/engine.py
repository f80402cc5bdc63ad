"""QuickJS as a WebAssembly module, and its host: what the module gets when it asks for the world.

The module is that of the package `quickjs-rs`. The package's own Python is left out: it gives the module the standard streams and the real
clock, and its limits of time and memory do not hold against every program.
"""

from __future__ import annotations

import importlib.util
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import wasmtime

STACK_BYTES = 2 << 20
"""For calls within the guest, some 2,000 of JavaScript's; the most that wasmtime gives. Deeper ones end the rule."""
TICK_SECONDS = 0.005

_BAD_FILE = 8
_CLOCK_MAX = 2**63 - 1
_WASI = "wasi_snapshot_preview1"


class Guest(Protocol):
    """What the host must know of the guest that is calling it."""

    @property
    def elapsed_ms(self) -> int: ...


@dataclass(slots=True)
class Host:
    """Answers the module. One guest at a time."""

    moment_ms: int = 0
    """What rules take for now, in milliseconds since 1970."""
    guest: Guest | None = None

    def clock(self, caller: wasmtime.Caller, kind: int, _precision: int, place: int) -> int:
        """It stands, but for what a rule waits: see timers in `prelude.js`. The second kind counts from the start of the rule."""
        elapsed = self.guest.elapsed_ms if self.guest else 0
        milliseconds = self.moment_ms + elapsed if kind == 0 else elapsed
        # A rule can put the clock forward by more than it can show.
        _memory(caller).write(caller, struct.pack("<Q", min(milliseconds * 1_000_000, _CLOCK_MAX)), place)
        return 0

    def random(self, caller: wasmtime.Caller, place: int, length: int) -> int:
        """The same for all: a rule that tosses a coin still answers the same for the same change order."""
        _memory(caller).write(caller, bytes(length), place)
        return 0

    def environment_sizes(self, caller: wasmtime.Caller, count: int, length: int) -> int:
        _memory(caller).write(caller, bytes(4), count)
        _memory(caller).write(caller, bytes(4), length)
        return 0

    def exit(self, code: int) -> None:
        raise GuestStopped(f"the engine gave up with {code}")


class GuestStopped(Exception):
    """The engine itself found that it cannot go on."""


class Deadline:
    """Ends the guest that runs when its time is over. A thread looks at the clock; the interpreter is free while a guest computes."""

    def __init__(self, engine: wasmtime.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._end = float("inf")
        self._running = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        with self._lock:
            self._end = time.monotonic() + seconds
        self._running.set()
        try:
            yield
        finally:
            self._running.clear()
            # Under the lock, so that an end that was seen just now does not hit the next guest.
            with self._lock:
                self._end = float("inf")

    def _watch(self) -> None:
        while True:
            self._running.wait()
            time.sleep(TICK_SECONDS)
            with self._lock:
                if time.monotonic() >= self._end:
                    self._engine.increment_epoch()


class Engine:
    """The compiled module, ready to be instantiated."""

    def __init__(self, memory_bytes: int, cache: Path | None) -> None:
        """`cache` is a folder that keeps the compiled module for the next process; None to do without. What lies there is run as it is."""
        self.memory_bytes = memory_bytes
        self.host = Host()
        self._engine = wasmtime.Engine(_configured())
        self._module = _module(self._engine, cache)
        self._linker = _linked(self._engine, self.host)
        self.deadline = Deadline(self._engine)

    def instance(self) -> tuple[wasmtime.Store, Mapping[str, object]]:
        """A new one, with nothing of any other. Its memory cannot grow beyond `memory_bytes`; whoever lets the deadline pass is stopped."""
        store = wasmtime.Store(self._engine)
        store.set_limits(memory_size=self.memory_bytes, instances=1, memories=1, tables=2)
        store.set_epoch_deadline(1)
        return store, self._linker.instantiate(store, self._module).exports(store)


def _configured() -> wasmtime.Config:
    config = wasmtime.Config()
    config.epoch_interruption = True
    config.max_wasm_stack = STACK_BYTES
    config.memory_init_cow = (
        False  # An instance gets all its memory from an image of ours; this would keep a file open for its own.
    )
    return config


def _module(engine: wasmtime.Engine, cache: Path | None) -> wasmtime.Module:
    """Compiling takes most of a second, loading what was compiled a millisecond."""
    compiled = cache / _compiled_name() if cache else None
    if compiled is not None and compiled.exists():
        with suppress(wasmtime.WasmtimeError):  # of another kind of machine
            return wasmtime.Module.deserialize(engine, compiled.read_bytes())
    module = wasmtime.Module.from_file(engine, str(_guest_file()))
    if compiled is not None:
        with suppress(OSError):  # a home that may not be written to: the next process compiles again
            _keep(compiled, bytes(module.serialize()))
    return module


def _compiled_name() -> str:
    """A file name for the compiled module that no other release shares."""
    return f"quickjs-{version('quickjs-rs')}-wasmtime-{version('wasmtime')}.cwasm"


def _keep(file: Path, content: bytes) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.chmod(0o600)
    draft.replace(file)


def _guest_file() -> Path:
    package = importlib.util.find_spec("quickjs_rs")
    assert package is not None
    assert package.submodule_search_locations is not None
    return Path(package.submodule_search_locations[0]) / "_guest.wasm"


def _linked(engine: wasmtime.Engine, host: Host) -> wasmtime.Linker:
    """Everything that the module imports, and so everything that it can reach."""
    linker = wasmtime.Linker(engine)
    whole, wide = wasmtime.ValType.i32, wasmtime.ValType.i64

    def define(room: str, name: str, parameters: str, answer: Callable[..., object], *, sees_memory: bool) -> None:
        kinds = [whole() if each == "i" else wide() for each in parameters]
        results = [] if name == "proc_exit" else [whole()]
        linker.define_func(room, name, wasmtime.FuncType(kinds, results), answer, access_caller=sees_memory)

    define(_WASI, "clock_time_get", "iIi", host.clock, sees_memory=True)
    define(_WASI, "random_get", "ii", host.random, sees_memory=True)
    define(_WASI, "environ_sizes_get", "ii", host.environment_sizes, sees_memory=True)
    define(_WASI, "environ_get", "ii", _done, sees_memory=False)
    define(_WASI, "proc_exit", "i", host.exit, sees_memory=False)
    # There are no files, not even the standard streams.
    define(_WASI, "fd_close", "i", _no_such_file, sees_memory=False)
    define(_WASI, "fd_fdstat_get", "ii", _no_such_file, sees_memory=False)
    define(_WASI, "fd_seek", "iIii", _no_such_file, sees_memory=False)
    define(_WASI, "fd_write", "iiii", _no_such_file, sees_memory=False)
    # The module asks now and then whether to stop. It need not: the deadline stops it in places where it does not ask, too.
    define("env", "host_interrupt", "", _done, sees_memory=False)
    # `import` finds nothing.
    define("env", "host_module_normalize", "iiiii", _nothing, sees_memory=False)
    define("env", "host_module_load", "iii", _nothing, sees_memory=False)
    # No function of the host is ever given to JavaScript.
    define("env", "host_call", "iiiii", _no_such_function, sees_memory=False)
    return linker


def _memory(caller: wasmtime.Caller) -> wasmtime.Memory:
    memory = caller["memory"]
    assert isinstance(memory, wasmtime.Memory)
    return memory


def _done(*_: int) -> int:
    return 0


def _nothing(*_: int) -> int:
    return 0


def _no_such_file(*_: int) -> int:
    return _BAD_FILE


def _no_such_function(*_: int) -> int:
    return -1
