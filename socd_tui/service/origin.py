"""Connections to the service: which certificates are trusted, which proxy is used, and what went wrong.

This machine is reached without a proxy. As plain http is allowed only to this machine, it is never proxied.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

from socd_tui.model.errors import ServiceError, Unreachable, UntrustedCertificate
from socd_tui.model.token import is_loopback
from socd_tui.service.httpx_alone import httpx
from socd_tui.service.reply import proxy_error
from socd_tui.service.retry import RETRIED

_PASSING = {str(status) for status in RETRIED}
"""Statuses of a proxy that may be over soon."""


def open_transport(origin: httpx.URL, connections: int) -> httpx.AsyncHTTPTransport:
    """A pool of at most `connections` to the origin. Blocks for tens of milliseconds to read certificates.

    Raises UntrustedCertificate when the certificates that the environment names cannot be read,
    Unreachable when it names a proxy of an unknown kind.
    """
    try:
        # httpx wants a context for plain http too: an empty one takes no time and trusts no certificate.
        context = (
            _trusted_certificates() if origin.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        )
    except OSError:
        raise UntrustedCertificate(
            "The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read.",
            "Correct or unset that variable.",
        ) from None
    try:
        return httpx.AsyncHTTPTransport(
            verify=context,
            trust_env=False,
            limits=httpx.Limits(max_connections=connections),
            proxy=proxy_for(origin),
        )
    except (ValueError, ImportError, httpx.InvalidURL):
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
    context = httpx.create_ssl_context()
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        context.load_default_certs()
    return context


def proxy_for(origin: httpx.URL) -> str | None:
    """The proxy's address from the environment or the system's settings; None for a direct connection."""
    if is_loopback(str(origin)) or proxy_bypass(origin.raw_host.decode("ascii")):
        return None
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def connection_error(error: Exception, host: str) -> ServiceError:
    """Our error for one that httpx or the system raised when a connection failed."""
    untrusted = next((e for e in _causes(error) if isinstance(e, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return UntrustedCertificate(
            f"The certificate of {host} is not trusted ({untrusted.verify_message}).",
            "If your company inspects TLS, point SSL_CERT_FILE to its certificate authority.",
        )
    if isinstance(error, httpx.ProxyError):
        status = re.match(r"[45]\d\d\b", str(error))
        refused = proxy_error(int(status[0]) if status else None, host)
        # What is wrong with the request stays wrong; a proxy that fails may have recovered in a moment.
        repeated = status is None or status[0] in _PASSING
        return Unreachable(refused.message, refused.next_step) if repeated else refused
    connected = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
    happened = "broke" if connected else "could not be made"
    return Unreachable(
        f"The connection to {host} {happened}.", "Check the network, and HTTPS_PROXY if you are behind one."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
