"""Opens connections to the service: which certificates are trusted, and which proxy is used.

This machine is reached without a proxy. As plain http is allowed only to this machine, it is never proxied.
"""

from __future__ import annotations

import os
import ssl
from urllib.request import getproxies, proxy_bypass

import httpx

from socd_tui.model.errors import Unreachable, UntrustedCertificate
from socd_tui.model.token import is_loopback


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
            proxy=_proxy_for(origin),
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        # Without the proxy's address, which may contain a password.
        raise Unreachable(
            "The proxy set in the environment is of an unknown kind.",
            "Set HTTPS_PROXY to http://host:port, or list the service in NO_PROXY.",
        ) from None


def _trusted_certificates() -> ssl.SSLContext:
    """Trusts certifi's bundle and the system's, or only what SSL_CERT_FILE or SSL_CERT_DIR names.

    A company that inspects TLS adds its own certificate authority to the system's bundle.
    """
    context = httpx.create_ssl_context()
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        context.load_default_certs()
    return context


def _proxy_for(origin: httpx.URL) -> str | None:
    """The proxy's address from the environment or the system's settings; None for a direct connection."""
    if is_loopback(str(origin)) or proxy_bypass(origin.raw_host.decode("ascii")):
        return None
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
