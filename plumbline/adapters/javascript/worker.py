"""One process of the rules as the server sees it: started when it is needed, asked within a time, killed without regret."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from plumbline.adapters.javascript.frames import (
    CHANGE_ORDER,
    LOAD_SECONDS,
    LOADED,
    MOMENT,
    READY,
    RULE,
    Broken,
    Late,
    receive,
    send,
)
from plumbline.settings import RuleSettings
from plumbline.validations.ports import (
    LOG_BYTES_MAX,
    LOG_LINES_MAX,
    MESSAGE_LENGTH_MAX,
    Ending,
    LogKind,
    LogLine,
    RuleAnswer,
)

GRACE_SECONDS = 0.5
"""Over the time of a rule, before the process is killed: it ends a rule in time by itself, unless something is wrong with it."""
START_SECONDS = 30.0
"""The first start of a release compiles the engine, which takes a second of an idle processor."""
ANSWER_BYTES_MAX = 1 << 20


class Lost(Exception):
    """The process died, was killed, or said what it never says."""


class LostInTime(Lost):
    """It was killed because it did not answer in time."""


class Worker:
    """Used by one thread at a time. Nothing is started before the first question, and again after a process was lost."""

    def __init__(self, settings: RuleSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.rules_run = 0
        """By the present process."""

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def load(self, payload: bytes, moment: datetime) -> bool:
        """Brings the change order for the rules that follow; False if that is too large. Raises Lost."""
        if len(payload) > self._settings.memory_bytes:
            return False
        parts = (CHANGE_ORDER, MOMENT.pack(round(moment.timestamp() * 1_000_000)), payload)
        try:
            answer = self._answer(LOAD_SECONDS, *parts)
        except Lost:
            # It may have ended since it was last asked. No rule was running, so a new one may be asked the same.
            answer = self._answer(LOAD_SECONDS, *parts)
        return answer == LOADED

    def judge(self, code: str) -> RuleAnswer:
        """Of the change order that was loaded last. Raises Lost; then it has to be loaded again."""
        self.rules_run += 1
        content = self._answer(self._settings.seconds, RULE, code.encode(errors="replace"))
        try:
            return _rule_answer(orjson.loads(content))
        except (ValueError, KeyError, TypeError) as fault:
            self.stop()
            raise Lost("it answered nonsense") from fault

    def stop(self) -> None:
        process, self._process = self._process, None
        self.rules_run = 0
        if process is not None:
            process.kill()
            # Waits for the process, too, and closes the pipes.
            process.communicate()

    def _answer(self, seconds: float, *question: bytes) -> bytes:
        try:
            process = self._running()
            deadline = time.monotonic() + seconds + GRACE_SECONDS
            send(_asking(process), *question, deadline=deadline)
            return receive(_answering(process), bytes_max=ANSWER_BYTES_MAX, deadline=deadline)
        except Late as late:
            self.stop()
            raise LostInTime("it did not answer in time") from late
        except (Broken, OSError) as fault:
            self.stop()
            raise Lost("it died") from fault

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = _started(self._settings)
            try:
                deadline = time.monotonic() + START_SECONDS
                receive(_answering(self._process), bytes_max=len(READY), deadline=deadline)
            except Late:
                raise Broken("it does not start") from None
        return self._process


def _started(settings: RuleSettings) -> subprocess.Popen[bytes]:
    """It gets no environment but where Python finds its modules, and no open file but its two pipes."""
    process = subprocess.Popen(
        _command(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        bufsize=0,
        start_new_session=True,  # Ctrl-C is for the server, which finishes what was begun.
    )
    os.set_blocking(_asking(process), False)
    return process


def _command(settings: RuleSettings) -> list[str]:
    program = [sys.executable, "-P", "-m", "plumbline.adapters.javascript.process"]
    return [*program, str(settings.seconds), str(settings.memory_bytes), _cache(os.environ)]


def _cache(environment: Mapping[str, str]) -> str:
    """The folder in which the process may keep the engine that it compiled; empty if there is none that is safe.

    What lies there is run as it is, so nobody else may be able to write it.
    """
    home = environment.get("HOME")
    caches = environment.get("XDG_CACHE_HOME") or (home and str(Path(home) / ".cache"))
    if not caches:
        return ""
    folder = Path(caches) / "plumbline"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
    except OSError:
        return ""
    return str(folder) if state.st_uid == os.geteuid() and not state.st_mode & 0o022 else ""


def _asking(process: subprocess.Popen[bytes]) -> int:
    assert process.stdin is not None
    return process.stdin.fileno()


def _answering(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    return process.stdout.fileno()


def _rule_answer(said: Mapping[str, Any]) -> RuleAnswer:
    """Raises ValueError, KeyError or TypeError for anything that an honest process does not say."""
    logs = tuple(LogLine(LogKind(line["kind"]), _text(line["text"])) for line in said["logs"])
    valid, message = said["valid"], said["message"]
    if (
        not isinstance(valid, bool | None)
        or len(message or "") > MESSAGE_LENGTH_MAX
        or len(logs) > LOG_LINES_MAX + 1
        or sum(len(line.text) for line in logs) > 2 * LOG_BYTES_MAX
    ):
        raise ValueError("out of bounds")
    message = None if message is None else _text(message)
    return RuleAnswer(Ending(said["ended"]), valid, message, logs, float(said["seconds"]), _text(said["trace"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
