"""What the process of the rules may take of the machine. It binds itself, for good, before it sees the first rule."""

from __future__ import annotations

import ctypes
import math
import os
import re
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

NICE = 5
"""Below the server that answers people; not so far that rules starve beside a busy one and run out of their time."""
COPIES = 4
"""How often the memory of a rule may be there at once: its own, the images that it came from, and the text of the change order."""

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38


def leave_the_network() -> None:
    """Into a name space without any, where the system allows it. Before the first thread: a user name space takes one of a single thread.
    Nothing in the process opens a socket anyway; this is for the day when somebody finds a hole in the engine."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def bind_this_process(memory_bytes: int) -> None:
    """No files, no processes, no core, and no more than some copies of a rule's memory beyond what is in use now.

    The address space is not bounded: WebAssembly reserves gigabytes of it that it never touches.
    """
    os.nice(NICE)
    for what, limit in (
        (resource.RLIMIT_DATA, _data_bytes() + COPIES * memory_bytes),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):  # a limit that the system already holds lower
            resource.setrlimit(what, (limit, limit))


def grant_processor_seconds(seconds: float) -> None:
    """From now on, for one rule. Should the server be gone and nobody kill this process, the kernel does."""
    end = math.ceil(time.process_time() + seconds)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (end if hard == resource.RLIM_INFINITY else min(end, hard), hard))


def _data_bytes() -> int:
    """What the kernel counts against RLIMIT_DATA; without /proc, a figure that is surely enough."""
    with suppress(OSError):
        found = re.search(r"VmData:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
        if found:
            return int(found[1]) * 1024
    return 1 << 30
