"""Services, proxies and addresses that want the session token to go where it does not belong."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import httpx

from tests.account import KEYS, flat, key_id, key_row
from tests.command import ran
from tests.loopback import CERTIFICATE, Behaviour, Loopback, Request, answer, answer_json
from tests.pasted import JWT
from tests.terminal.pseudo import environment
from tests.trust.canary import Canary
from tests.trust.check import Check, NotHere, Outcome, Trial

CANARY = Canary((JWT,))

PLANTED = "sb-access-token=planted; Path=/; Domain={host}"
"""A cookie of the same name, that each answer wants to set."""

STATUSES = (300, 301, 302, 303, 304, 305, 307, 308)

LIST = {"data": [key_row(1)], "meta": {"total": 1}}


@dataclass
class Street:
    """Servers on this machine: of three the service may be any, the others are strangers."""

    home: Path
    stack: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        def opened(**how: object) -> Loopback:
            return self.stack.enter_context(Loopback({}, **how))  # type: ignore[arg-type]

        try:
            self.servers = {
                "plain": opened(),
                "tls": opened(tls=True),
                "second": opened(host="127.0.0.2"),
                "six": opened(host="::1"),
                "stranger": opened(),
                "far": opened(host="127.0.0.3"),
                "proxy": opened(),
            }
        except OSError:
            self.stack.close()
            raise NotHere("the addresses 127.0.0.2 and ::1") from None
        for server in self.servers.values():
            server.behaviours = _Anything(self)
        self.misleading: Behaviour = answer_json(LIST)
        self.at = KEYS

    def answer(self, request: Request) -> None:
        """The service's, at the path under attack; anything else is answered well."""
        path = urlsplit(request.target).path
        if request.method == "CONNECT":
            self._impersonate(request)
        elif path == self.at:
            self.misleading(request)
        elif path.endswith("/usage"):
            answer_json(flat(), headers=self._cookies())(request)
        elif path == f"{KEYS}/{key_id(1)}":
            answer_json({"data": key_row(1)}, headers=self._cookies())(request)
        else:
            answer_json(LIST, headers=self._cookies())(request)

    def _cookies(self) -> dict[str, str]:
        return {"Set-Cookie": PLANTED.format(host="127.0.0.1")}

    def _impersonate(self, request: Request) -> None:
        """A proxy that answers in the service's place, with a certificate of its own."""
        request.send(b"HTTP/1.1 200 Connected\r\n\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        with suppress(OSError), context.wrap_socket(request.connection, server_side=True) as inside:
            said = inside.recv(65_536).decode("latin-1")
            headers = {"cookie": said, "host": "the proxy, in the service's place"}
            self.servers["proxy"].requests.append(Request("GET", "/", headers, inside, request.closing))

    def cookies(self) -> Iterator[tuple[str, str]]:
        """Each origin (as it was called) that a piece of the token came to, and the whole of what came."""
        for name, server in self.servers.items():
            for request in server.requests:
                said = f"{request.target}\n" + "\n".join(map(": ".join, request.headers.items()))
                if CANARY.form_in(said.encode("utf-8", "replace")):
                    scheme = "https" if name == "tls" else "http"
                    yield (
                        f"{scheme}://{request.headers.get('host', '?')}",
                        request.headers.get("cookie", said),
                    )

    def forget(self) -> None:
        for server in self.servers.values():
            server.requests.clear()


class _Anything(dict[str, Behaviour]):
    """Every path has the street's answer."""

    def __init__(self, street: Street) -> None:
        super().__init__()
        self._street = street

    def get(self, _: str, default: object = None) -> Behaviour:
        return self._street.answer


def misleading(street: Street) -> dict[str, Behaviour]:
    """By name: all the ways to send a client elsewhere."""
    stranger, far, tls = (urlsplit(street.servers[name].origin).netloc for name in ("stranger", "far", "tls"))
    port = street.servers["far"].port
    plain = street.servers["plain"].port
    cookie = {"Set-Cookie": PLANTED.format(host="127.0.0.3")}

    def to(location: str, status: int = 302) -> Behaviour:
        return lambda request: request.send(
            f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nSet-Cookie: {cookie['Set-Cookie']}\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )

    def page(**more: object) -> Behaviour:
        return answer_json({**LIST, **more}, headers=cookie)

    def link(address: str) -> Behaviour:
        return answer_json(LIST, headers={**cookie, "Link": f'<{address}>; rel="next"'})

    elsewhere = f"http://{far}/api/v1/keys"
    return {
        **{
            f"{status}": to(f"http://{stranger}/x", status)
            for status in (300, 301, 302, 303, 304, 305, 307, 308)
        },
        **{f"{status} far": to(elsewhere, status) for status in (301, 307)},
        "without a scheme": to(f"//{far}/x"),
        "without a host": to("/api/v1/elsewhere"),
        "another name of it": to(f"http://localhost:{plain}/x"),
        "a user name": to(f"http://127.0.0.1@{far}/x"),
        "a user name like the service": to(f"http://127.0.0.1:{plain}@{far}/x"),
        "to TLS": to(f"https://{tls}/x"),
        "a circle": to(KEYS),
        "three slashes": to(f"///{far}/x"),
        "backslashes": to(f"\\\\{far}\\x"),
        "slash, backslash": to(f"/\\{far}/x"),
        "one slash": to(f"http:/{far}/x"),
        "a blank before": to(f" \t{elsewhere}"),
        "a tab within": to(f"ht\ttp://{far}/x"),
        "capitals": to(f"HTTP://{far.upper()}/x"),
        "hexadecimal": to(f"http://0x7f000003:{port}/x"),
        "one number": to(f"http://2130706435:{port}/x"),
        "mapped": to(f"http://[::ffff:127.0.0.3]:{port}/x"),
        "ideographic stops": to(f"http://127。0。0。3:{port}/x"),
        "percent": to(f"http://127.0.0.1%2f@{far}/x"),
        "a fragment": to(f"http://{far}#@127.0.0.1:{plain}/x"),
        "Refresh": answer(b"", headers={**cookie, "Refresh": f"0; url={elsewhere}"}),
        "a page that refreshes": answer(
            f'<meta http-equiv="refresh" content="0; url={elsewhere}">'.encode(), kind="text/html"
        ),
        "Content-Location": answer_json(LIST, headers={**cookie, "Content-Location": elsewhere}),
        "Alt-Svc": answer_json(LIST, headers={**cookie, "Alt-Svc": f'h2="{far}"; ma=9999'}),
        "Link": link(elsewhere),
        "Link without a scheme": link(f"//{far}/api/v1/keys"),
        "Link with a user name": link(f"http://127.0.0.1:{plain}@{far}/api/v1/keys"),
        "Link to another name": link(f"http://localhost:{plain}{KEYS}"),
        "next": page(next=elsewhere),
        "next without a scheme": page(next=f"//{far}{KEYS}"),
        "next with backslashes": page(links={"next": f"/\\{far}{KEYS}"}),
        "next with a tab": page(links={"next": f"\t//{far}{KEYS}"}),
        "next with a colon": page(next=f":80@{far}{KEYS}?x"),
        "next with dots": page(next=f"/api/../../{far}{KEYS}?x"),
        "a cursor with a line": page(next_cursor=f"a HTTP/1.1\r\nHost: {far}\r\n\r\n"),
        "a cursor with a host": page(next_cursor=f"x&@{far}/#"),
        "an id that is an address": page(data=[key_row(1, id=f"@{far}/x"), key_row(2, id=f"//{far}/")]),
    }


def base_urls(street: Street) -> list[tuple[str, str | None]]:
    """What a person may set, and the one origin that may then see the cookie; None where it is refused."""
    plain, second, tls, six = (street.servers[name].origin for name in ("plain", "second", "tls", "six"))
    port, far = street.servers["plain"].port, urlsplit(street.servers["far"].origin).netloc
    return [
        (plain, plain),
        (f"{plain}/", plain),
        (f"HTTP://LOCALHOST:{port}", f"http://localhost:{port}"),
        (second, second),
        (tls, tls),
        (six, six),
        ("https://service.invalid", None),
        (f"http://127.0.0.1:{port}@{far}", None),
        (f"http://0.0.0.0:{port}", None),
        (f"http://[::ffff:127.0.0.1]:{port}", None),
        (f"http://127.0.0.1:{port}\\@{far}", None),
        (f"http://{far}#@127.0.0.1:{port}", None),
    ]


def proxies(street: Street) -> list[dict[str, str]]:
    proxy = street.servers["proxy"].origin
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
    return [{}, *({name: proxy} for name in names), dict.fromkeys(names, proxy)]


Asking = Callable[[dict[str, str], str], None]
"""Asks the service at a base URL for all there is, in an environment."""


def ask_ours(environ: dict[str, str], base_url: str) -> None:
    ran(environ, "show", "overview", "--base-url", base_url)


def ask_naively(environ: dict[str, str], base_url: str) -> None:
    with (
        mock.patch.dict("os.environ", environ, clear=True),
        suppress(httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError),
        httpx.Client(cookies={"sb-access-token": JWT}, follow_redirects=True, timeout=2) as client,
    ):
        answer = client.get(f"{base_url.rstrip('/')}{KEYS}").json()
        for row in answer["data"]:
            client.get(f"{base_url.rstrip('/')}{KEYS}/{row['id']}/usage").raise_for_status()
        if following := answer.get("next"):
            client.get(following)


def attack(trial: Trial, ask: Asking, most: int) -> Outcome:
    """All of it, or so many combinations."""
    street = Street(trial.home)
    with street.stack:
        ways = misleading(street)
        places = (KEYS, f"{KEYS}/{key_id(1)}/usage")
        every = list(product(ways, base_urls(street), proxies(street)))
        chosen = every if most >= len(every) else trial.random().sample(every, most)
        faults = []
        for number, (way, (base_url, origin), proxy) in enumerate(chosen):
            street.misleading, street.at = ways[way], places[number % 2 if "next" not in way else 0]
            street.forget()
            environ = environment(trial.home / "home", SOCD_SESSION_TOKEN=JWT, SSL_CERT_FILE=str(CERTIFICATE))
            environ = {name: value for name, value in environ.items() if not name.lower().endswith("_proxy")}
            environ |= proxy
            ask(environ, base_url)
            faults += [
                f"{way} at {street.at} of {base_url} with {proxy or 'no proxy'}: {fault}"
                for fault in _faults(street, origin)
            ]
        strangers = sum("the cookie came to" in fault for fault in faults)
        sizes = len(ways), len(base_urls(street)), len(proxies(street))
        of = "{} ways to lead astray × {} base URLs × {} proxies".format(*sizes)
        return Outcome(
            f"{len(chosen):,} of {of}" if len(chosen) < len(every) else of,
            f"{strangers} cookies to a second origin in {len(chosen):,} tries",
            tuple(faults),
        )


def _faults(street: Street, origin: str | None) -> Iterator[str]:
    seen = list(street.cookies())
    for where in {where for where, _ in seen} - {origin}:
        yield f"the cookie came to {where}"
    for where, cookie in seen:
        if where == origin and cookie != f"sb-access-token={JWT}":
            yield f"the cookie was sent as {cookie.replace(JWT, 'the token')!r}"
    if origin is not None and not seen:
        yield "nobody was asked"


def ours(trial: Trial) -> Outcome:
    return attack(trial, ask_ours, trial.count(40, 1_000_000))


def naive(trial: Trial) -> Outcome:
    return attack(trial, ask_naively, 60)


CHECK = Check(
    name="token_origin",
    must_show="the cookie reaches exactly one origin, the one it was stored for, and is the only one sent",
    ours=ours,
    naive=naive,
    naive_is="httpx's client with its cookies, following redirects",
)
