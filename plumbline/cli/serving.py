"""What `serve` and `demo` share: a socket, uvicorn on it, the worker beside it, and a stop that finishes what was begun."""

from __future__ import annotations

import errno
import gc
import signal
import socket
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from plumbline.api.asgi import build_asgi
from plumbline.application import Application
from plumbline.cli.background import running_worker
from plumbline.cli.errors import PortTaken
from plumbline.cli.process_log import log_as_json
from plumbline.settings import Settings

BACKLOG = 1024
STOP_SECONDS_MAX = 30
KEEP_ALIVE_SECONDS = 30
HEAD_BYTES_MAX = 64 * 1024


class BoundedHttp(HttpToolsProtocol):
    """The parser puts no bound on the head of a request; this closes a connection whose head does not end."""

    _reads_head = False
    _head_bytes = 0

    def on_message_begin(self) -> None:
        self._reads_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._reads_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._reads_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self.transport.close()


class AnnouncedServer(uvicorn.Server):
    """Says that it serves once it does, and once a signal is sure to stop it."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        spare_the_garbage_collector()
        self._announce()


def spare_the_garbage_collector() -> None:
    """What was made at the start lives as long as the process and need not be looked through again; an answer makes thousands of
    short-lived objects and no cycles. Collecting seldom saves a tenth of the time and costs a few megabytes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def serve_until_stopped(
    application: Application, settings: Settings, *, with_worker: bool, announce: Callable[[str], None]
) -> None:
    """Returns after SIGTERM or SIGINT, once every request that was begun has been answered. Raises PortTaken."""
    with _listening(settings.web.host, settings.web.port) as listener:
        log_as_json()
        host, port = listener.getsockname()[:2]
        config = uvicorn.Config(
            build_asgi(application, settings),
            loop="uvloop",
            http=BoundedHttp,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS_MAX,
        )
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        server = AnnouncedServer(config, lambda: announce(address))
        # uvicorn takes the signals over while it serves and raises them again afterwards, when nothing is left to interrupt.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, server.handle_exit)
        with running_worker(application, settings, wanted=with_worker):
            server.run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """Bound before anything is announced, so that a port that is taken is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            why = "is taken by another program" if error.errno == errno.EADDRINUSE else "may not be used by this user"
            raise PortTaken(f"Port {port} on {host} {why}.", hint="Choose another one: --port 8001") from error
        raise PortTaken(f"Nothing can listen on {host}: {error.strerror or error}.", hint="Check --host.") from error
    except OverflowError as error:
        raise PortTaken(f"{port} is no port.", expected="0 to 65535") from error
