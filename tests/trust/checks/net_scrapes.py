"""The port of `serve-metrics`, called by names that are not this machine's, and held by endless clients."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from time import monotonic

from socd_tui.exporter.page import Page
from socd_tui.exporter.server import MOST_CONNECTIONS, MetricsServer
from socd_tui.model.lens import Lens
from socd_tui.outputs.metrics.family import Reading
from tests.fleets import looked_at
from tests.trust.check import Check, Outcome, Trial

READ_S = 0.2
"""How long a request may take here, where twenty-five times as long would only be waited for."""
IN_TIME_S = 5.0
"""In which a scrape is answered, on a machine that does other things."""
HEAD = 8 << 20
"""Bytes of one header: more than the buffers of two sockets hold."""

NAMES = (
    *(
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:80",
        "0.0.0.0",
        "[::]",
    ),
    *(
        "127.0.0.1@evil.example",
        "127.0.0.1:80@evil.example",
        "evil.example#localhost",
        "localhost,evil.example",
    ),
    *(
        "",
        " ",
        ":80",
        "127.0.0.1:",
        "127.0.0.1:80:80",
        "[::1",
        "::1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "localhost.",
    ),
    *(
        "xn--localhost-4ya",
        "ＬＯＣＡＬＨＯＳＴ",
        "lоcalhost",
        "127.0.0.1\tevil.example",
        "localhost evil.example",
    ),
)
"""What a web page can be called, and what can be taken for this machine."""


class _Careless(BaseHTTPRequestHandler):
    """Whoever comes gets what there is."""

    page: Page

    def do_GET(self) -> None:
        text = self.page.text("prometheus", zipped=False)
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


class _CarelessServer(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # not the HTTPServer's, which asks the name service who that is
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def handle_error(self, *_: object) -> None:
        pass


Serve = Callable[[Page], TCPServer]


def _careful(page: Page) -> TCPServer:
    return MetricsServer(0, page, lambda: True, read_s=READ_S)


def _careless(page: Page) -> TCPServer:
    _Careless.page = page
    return _CarelessServer(("127.0.0.1", 0), _Careless)


@contextmanager
def _serving(serve: Serve) -> Iterator[int]:
    known, lens = looked_at("flat")
    page = Page(Reading(known=known, lens=lens or Lens(), is_up=True), stale_after_s=900, elapsed_s=monotonic)
    page.show(Reading(known=known, lens=lens, is_up=True))
    server = serve(page)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), IN_TIME_S)


def _asked(port: int, host: str) -> bytes:
    """What is answered; nothing where the connection is closed."""
    with suppress(OSError), _connected(port) as connection:
        head = f"GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        data = b""
        while received := connection.recv(1 << 20):
            data += received
        return data
    return b""


def _taken(port: int) -> bool:
    """Whether a header without an end is read to the last byte."""
    with suppress(OSError), _connected(port) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\n")
        for _ in range(HEAD >> 16):
            connection.sendall(b"X-Long: " + b"x" * ((1 << 16) - 10) + b"\r\n")
        return True
    return False


def _scraped_s(port: int) -> float:
    """How long it takes until a scrape is answered that is tried again and again."""
    began_s = monotonic()
    while monotonic() - began_s < 2 * IN_TIME_S:
        if b"socd_key_info" in _asked(port, "127.0.0.1"):
            break
    return monotonic() - began_s


def attack(trial: Trial, serve: Serve) -> Outcome:
    faults, names = [], _names(trial)
    with _serving(serve) as port, ExitStack() as stack:
        before = threading.active_count()
        faults += [f"answered {name!r}" for name in names if b"socd_" in _asked(port, name)]
        if _taken(port):
            faults.append(f"read a head of {HEAD >> 20} MiB")
        held = trial.count(3 * MOST_CONNECTIONS, 400)
        for _ in range(held):
            stack.enter_context(_connected(port)).sendall(b"GET /metrics HTTP/1.1\r\n")
        slowest_s = _scraped_s(port)
        threads = threading.active_count() - before
        if slowest_s > IN_TIME_S:
            faults.append(f"a scrape took {slowest_s:.1f} s beside {held} clients that never end")
        if threads > MOST_CONNECTIONS:
            faults.append(f"{threads} threads for {held} clients that never end")
    return Outcome(
        f"{len(names):,} other names, a head of {HEAD >> 20} MiB, {held} clients that never end",
        f"{len(faults):,} answered, read or held up; a scrape beside them took {slowest_s:.1f} s",
        tuple(faults),
    )


def _names(trial: Trial) -> Sequence[str]:
    """And, where there is time, such with other letters in them."""
    random = trial.random()
    letters = "abcz019.-:[]@#%_ "
    made = ["".join(random.choices(letters, k=random.randint(1, 30))) for _ in range(trial.count(20, 2_000))]
    return (*NAMES, *(f"127.0.0.1{each}x" for each in made))


CHECK = Check(
    name="net_scrapes",
    must_show="who calls the exporter by another name than this machine's learns nothing; nobody holds it up",
    ours=lambda trial: attack(trial, _careful),
    naive=lambda trial: attack(trial, _careless),
    naive_is="http.server, a thread for each connection",
)
