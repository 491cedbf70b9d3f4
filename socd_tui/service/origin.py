"""The way to the service: TLS trust and proxies. This machine is never proxied, so plain http never is."""

from __future__ import annotations

import os
import ssl
from urllib.request import getproxies, proxy_bypass

import httpx

from socd_tui.model.errors import Unreachable, UntrustedCertificate
from socd_tui.model.token import is_loopback


def open_transport(origin: httpx.URL, connections: int) -> httpx.AsyncHTTPTransport:
    """A connection pool to the origin. Blocks for some tens of milliseconds to read certificates.

    Raises UntrustedCertificate or Unreachable when what the environment asks for cannot be had.
    """
    try:
        # For plain http httpx still wants a context: an empty one costs nothing and trusts nobody.
        context = _trust() if origin.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
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
            proxy=_proxy(origin),
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        # Without the address, which may hold a password.
        raise Unreachable(
            "The proxy set in the environment is of an unknown kind.",
            "Set HTTPS_PROXY to http://host:port, or list the service in NO_PROXY.",
        ) from None


def _trust() -> ssl.SSLContext:
    """certifi's bundle and the system's, or only what SSL_CERT_FILE or SSL_CERT_DIR names.

    The system's store is where a company that inspects TLS puts its own authority.
    """
    context = httpx.create_ssl_context()
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        context.load_default_certs()
    return context


def _proxy(origin: httpx.URL) -> str | None:
    if is_loopback(str(origin)) or proxy_bypass(origin.raw_host.decode("ascii")):
        return None
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
