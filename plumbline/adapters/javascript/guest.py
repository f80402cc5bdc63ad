"""One instance of the engine. Values of JavaScript are handles here: numbers that the engine gives out for them."""

from __future__ import annotations

import ctypes
import struct
from enum import IntEnum
from typing import NamedTuple

import wasmtime

from plumbline.adapters.javascript.engine import Engine
from plumbline.adapters.javascript.log import HEAD

Handle = int

PAGE_BYTES = 1 << 16
MEMORY_BYTES_MAX = (1 << 32) - 1
"""Of any WebAssembly module with addresses of 32 bits."""
RESERVE_BYTES = 2 << 20
"""Of its memory that the engine keeps from rules, so that it can still say that one took all there was."""

_OK, _THREW = 0, 1

_MARK = b"Here lie the bytes that the host reads."


class Thrown(Exception):
    """JavaScript threw."""

    def __init__(self, value: Handle | None) -> None:
        """`value` is what was thrown; None if not even that could be had."""
        super().__init__("JavaScript threw")
        self.value = value


class GuestFault(Exception):
    """The engine answered what it never answers."""


class PromiseState(IntEnum):
    PENDING = 0
    FULFILLED = 1
    REJECTED = 2


class Image(NamedTuple):
    """All that an instance is: its memory, where in it the stack stands, and where it writes what the host reads."""

    memory: bytes
    stack_pointer: int
    shared: int


class QuickJs:
    """A new instance, empty or as an image says. Used by one thread, thrown away with `close`.

    Every method that runs code of the guest may be stopped by the engine's deadline (wasmtime.Trap), and raises Thrown when JavaScript
    throws.
    """

    def __init__(self, engine: Engine, image: Image | None = None) -> None:
        self._host = engine.host
        self._host.guest = self
        self._store, self._exports = engine.instance()
        memory, stack_pointer = self._exports["memory"], self._exports["__stack_pointer"]
        assert isinstance(memory, wasmtime.Memory)
        assert isinstance(stack_pointer, wasmtime.Global)
        self._memory, self._stack_pointer = memory, stack_pointer
        if image is None:
            self._shared = 0
            self._call("set_memory_limit", min(max(engine.memory_bytes - RESERVE_BYTES, 1), MEMORY_BYTES_MAX))
        else:
            self._shared = image.shared
            self._become(image)

    def close(self) -> None:
        """Gives its memory back now, and not when the garbage is collected."""
        self._host.guest = None
        self._store.close()

    @property
    def elapsed_ms(self) -> int:
        """How far the guest has put its clock forward."""
        return int(HEAD.unpack(self.shared(0, HEAD.size))[0]) if self._shared else 0

    @property
    def memory_bytes(self) -> int:
        return self._memory.data_len(self._store)

    def image(self) -> Image:
        start = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        return Image(
            ctypes.string_at(start, self.memory_bytes), int(self._stack_pointer.value(self._store)), self._shared
        )

    def lift_memory_limit(self) -> None:
        """Lets the engine use its reserve: a rule has ended, and must be asked how."""
        self._call("set_memory_limit", MEMORY_BYTES_MAX)

    def evaluate(self, code: str) -> Handle:
        content = code.encode()
        return self._answer("eval_code", self._put(content), len(content))

    def call(self, function: Handle, *arguments: Handle) -> Handle:
        place = self._put(struct.pack(f"<{len(arguments)}i", *arguments))
        return self._answer("call_function", function, self._call("new_undefined"), place, len(arguments))

    def property(self, value: Handle, name: str) -> Handle:
        content = name.encode()
        return self._answer("get_prop", value, self._put(content), len(content))

    def share(self, length: int) -> Handle:
        """A Uint8Array whose bytes the host can read at any time, even when the guest was stopped in the middle of something. Nobody tells
        where they lie, so they are found by a mark."""
        place = self._put(_MARK.ljust(length, b"\0"))
        array = self._answer("new_uint8array", place, length)
        self._memory.write(self._store, bytes(len(_MARK)), place)
        self._call("qjs_free", place, length)
        memory = self.image().memory
        self._shared = memory.find(_MARK)
        if self._shared < 0 or memory.find(_MARK, self._shared + 1) >= 0:
            raise GuestFault("no such bytes")
        self._memory.write(self._store, bytes(len(_MARK)), self._shared)
        return array

    def shared(self, start: int, length: int) -> bytes:
        return self._read(self._shared + start, length)

    def string(self, content: bytes) -> Handle:
        return self._call("new_string", self._put(content), len(content))

    def parsed(self, json: bytes) -> Handle:
        place = self._put(json)
        value = self._answer("new_from_json", place, len(json))
        self._call("qjs_free", place, len(json))
        return value

    def text(self, value: Handle) -> str:
        if self._call("get_string", value) != _OK:
            raise GuestFault("no text")
        length, place = self._call("qjs_last_len"), self._call("qjs_last_ptr")
        content = self._read(place, length)
        self._call("qjs_result_free")
        return content.decode()

    def is_true(self, value: Handle) -> bool:
        return bool(self._answer("get_bool", value))

    def promise_state(self, promise: Handle) -> PromiseState:
        return PromiseState(self._answer("promise_state", promise))

    def promise_result(self, promise: Handle) -> Handle:
        """What it was settled with, either way."""
        place = self._put(bytes(4))
        self._call("promise_result", promise, place)
        return self._whole(place)

    def run_jobs(self) -> bool:
        """Some thousands of those that promises have waiting; False if there was none."""
        return self._call("execute_pending_jobs") != 0

    def _become(self, image: Image) -> None:
        missing = len(image.memory) - self.memory_bytes
        if missing > 0:
            self._memory.grow(self._store, missing // PAGE_BYTES)
        ctypes.memmove(self._memory.data_ptr(self._store), image.memory, len(image.memory))
        self._stack_pointer.set_value(self._store, wasmtime.Val.i32(image.stack_pointer))

    def _answer(self, name: str, *arguments: int) -> int:
        """Of a function that writes its answer to a place and answers whether it could."""
        place = self._put(bytes(4))
        status = self._call(name, *arguments, place)
        if status == _THREW:
            raise Thrown(self._thrown())
        if status != _OK:
            raise GuestFault(f"{name} answered {status}")
        return self._whole(place)

    def _thrown(self) -> Handle | None:
        place = self._put(bytes(4))
        return self._whole(place) if self._call("last_exception", place) == _OK else None

    def _call(self, name: str, *arguments: int) -> int:
        function = self._exports[name]
        assert isinstance(function, wasmtime.Func)
        return int(function(self._store, *arguments) or 0)

    def _put(self, content: bytes) -> int:
        place = self._call("qjs_alloc", len(content))
        if place == 0 and content:
            raise GuestFault("no memory")
        self._memory.write(self._store, content, place)
        return place

    def _whole(self, place: int) -> int:
        return int(struct.unpack("<i", self._read(place, 4))[0])

    def _read(self, place: int, length: int) -> bytes:
        if place < 0 or length < 0 or place + length > self.memory_bytes:
            raise GuestFault("a place outside its memory")
        return bytes(self._memory.read(self._store, place, place + length))
