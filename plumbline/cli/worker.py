"""`plumbline worker`: the background work by itself, beside any number of servers on the same database."""

from __future__ import annotations

import signal
import threading

from plumbline.cli.background import new_worker
from plumbline.cli.opening import chosen_settings, opened_library_server
from plumbline.cli.options import Store
from plumbline.cli.process_log import log_as_json


def worker(*, store: Store | None = None) -> None:
    """Run the background worker by itself, until SIGTERM or Ctrl-C; the job in hand is finished first."""
    settings = chosen_settings(store)
    application = opened_library_server(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log_as_json()
    print("Plumbline's worker waits for jobs (stop with Ctrl-C)", flush=True)
    try:
        new_worker(application, settings).run_until(stop)
    finally:
        application.database.close()
