"""The server as a process of its own: how long until it answers, and how much memory it takes after work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks.products import LargeProduct
from benchmarks.structures import COST, FLAT, INDENTED, TOPS


def report(address: str, key: str, product: LargeProduct, folder: Path) -> list[str]:
    starts = []
    for _ in range(3):
        process, url, seconds = _started(address, folder)
        starts.append(seconds)
        _stop(process)
    process, url, _ = _started(address, folder)
    try:
        idle = _memory_mb(process.pid)
        for document, component in (
            (FLAT, product.top),
            (INDENTED, product.top),
            (TOPS, product.shared),
            (COST, product.top),
        ):
            for _ in range(5):
                _ask(url, key, document, component.id)
        busy = _memory_mb(process.pid)
    finally:
        _stop(process)
    return [
        f"start to first answer: {sorted(starts)[1]:.2f} s (goal <= 1.5); loading the libraries below it alone "
        f"{_floor_of_start():.2f} s",
        f"server memory: {idle:.0f} MB idle, {busy:.0f} MB after the large product (goal <= 300)",
    ]


def _floor_of_start() -> float:
    """Seconds for Python to load SQLAlchemy, graphql-core, Starlette, uvicorn and cyclopts, and nothing of ours."""
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        modules = "import sqlalchemy, graphql, starlette.applications, uvicorn, cyclopts"
        subprocess.run([sys.executable, "-c", modules], check=True)
        seconds.append(time.perf_counter() - began)
    return sorted(seconds)[1]


def _started(address: str, folder: Path) -> tuple[subprocess.Popen[bytes], str, float]:
    port = 18_000 + os.getpid() % 1000
    environment = {**os.environ, "PLUMBLINE_DATABASE_URL": address}
    command = [str(Path(sys.executable).with_name("plumbline")), "serve", "--data", str(folder), "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    while time.perf_counter() - began < 20:
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=1)
            return process, url, time.perf_counter() - began
        except OSError:
            time.sleep(0.01)
    raise TimeoutError("the server did not answer within 20 s")


def _ask(url: str, key: str, document: str, component_id: str) -> None:
    body = json.dumps({"query": document, "variables": {"id": component_id}}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"content-type": "application/json", "x-api-key": key})
    answer = json.load(urllib.request.urlopen(request, timeout=60))
    assert "errors" not in answer, answer


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(10)
