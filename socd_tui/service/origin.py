"""Connections to the service: which certificates are trusted, which proxy is used, and what went wrong.

This machine is reached without a proxy. As plain http is allowed only to this machine, it is never proxied.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from socd_tui.model.errors import ServiceError, Unreachable, UntrustedCertificate
from socd_tui.model.token import is_loopback
from socd_tui.service.httpcore_alone import httpcore
from socd_tui.service.reply import proxy_error
from socd_tui.service.retry import RETRIED

_PASSING = {str(status) for status in RETRIED}
"""Statuses of a proxy that may be over soon."""

_PROXIES = {
    "http": httpcore.AsyncHTTPProxy,
    "https": httpcore.AsyncHTTPProxy,
    "socks5": httpcore.AsyncSOCKSProxy,
    "socks5h": httpcore.AsyncSOCKSProxy,
}
"""By the scheme of a proxy's address. Those of SOCKS raise RuntimeError where `socksio` is not installed."""

IDLE_S = 5.0
"""Seconds after which a connection that nobody used is not used again."""


def open_transport(origin: str, connections: int) -> httpcore.AsyncConnectionPool:
    """A pool of at most `connections` to the origin. Blocks for tens of milliseconds to read certificates.

    Raises UntrustedCertificate when the certificates that the environment names cannot be read,
    Unreachable when it names a proxy of an unknown kind.
    """
    try:
        context = _trusted_certificates() if origin.startswith("https:") else None
    except OSError:
        raise UntrustedCertificate(
            "The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read.",
            "Correct or unset that variable.",
        ) from None
    try:
        pool = _pool_by(proxy_for(origin))
        return pool(ssl_context=context, max_connections=connections, keepalive_expiry=IDLE_S)
    except (ValueError, TypeError, RuntimeError):
        # Without the proxy's address, which may contain a password.
        raise Unreachable(
            "The proxy set in the environment is of an unknown kind.",
            "Set HTTPS_PROXY to http://host:port, or list the service in NO_PROXY.",
        ) from None


def _trusted_certificates() -> ssl.SSLContext:
    """Trusts certifi's bundle and the system's, or only what SSL_CERT_FILE or SSL_CERT_DIR names.

    A company that inspects TLS adds its own certificate authority to the system's bundle. Raises OSError for
    a file without an end, as a FIFO or a device: reading it would not end either.
    """
    named = os.environ.get("SSL_CERT_FILE")
    if named and not Path(named).is_file():
        raise OSError
    if named:
        return ssl.create_default_context(cafile=named)
    if folder := os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    return httpcore.default_ssl_context()


def proxy_for(origin: str) -> str | None:
    """The proxy's address from the environment or the system's settings; None for a direct connection."""
    if is_loopback(origin):
        return None
    from urllib.request import getproxies, proxy_bypass  # takes 4 ms to load

    if proxy_bypass(urlsplit(origin).hostname or ""):
        return None
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _pool_by(proxy: str | None) -> Callable[..., httpcore.AsyncConnectionPool]:
    """What makes a pool of connections by this proxy.

    Raises ValueError for one of an unknown kind, TypeError for an address that is not of ASCII.
    """
    if proxy is None:
        return httpcore.AsyncConnectionPool
    address = urlsplit(proxy)
    if address.scheme not in _PROXIES:
        raise ValueError(address.scheme)
    name, password = (unquote_to_bytes(said or "") for said in (address.username, address.password))
    auth = (name, password) if name or password else None
    return partial(_PROXIES[address.scheme], proxy_url=httpcore.URL(proxy), proxy_auth=auth)


def connection_error(error: Exception, origin: str) -> ServiceError:
    """Our error for one that httpcore or the system raised when a connection failed."""
    host = urlsplit(origin).hostname or origin
    untrusted = next((e for e in _causes(error) if isinstance(e, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return UntrustedCertificate(
            f"The certificate of {host} is not trusted ({untrusted.verify_message}).",
            "If your company inspects TLS, point SSL_CERT_FILE to its certificate authority.",
        )
    if isinstance(error, httpcore.ProxyError):
        status = re.match(r"[45]\d\d\b", str(error))
        refused = proxy_error(int(status[0]) if status else None, host)
        # What is wrong with the request stays wrong; a proxy that fails may have recovered in a moment.
        repeated = status is None or status[0] in _PASSING
        return Unreachable(refused.message, refused.next_step) if repeated else refused
    connected = not isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout)
    happened = "broke" if connected else "could not be made"
    return Unreachable(
        f"The connection to {host} {happened}.", "Check the network, and HTTPS_PROXY if you are behind one."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
