"""Where the session token may go, and the way there: TLS trust and proxies.

The token goes to one origin only, over https, or over http to this machine. What names this machine is
never proxied, so plain http never is.
"""

from __future__ import annotations

import os
import re
import ssl
from ipaddress import ip_address
from urllib.request import getproxies, proxy_bypass

import httpx

from socd_tui.model.errors import Unreachable, UntrustedCertificate, UsageError

_HOST = re.compile(rb"[A-Za-z0-9._:-]+")


def checked_origin(origin: str) -> httpx.URL:
    """`scheme://host[:port]` as a URL to build addresses from. Raises UsageError for anything else.

    The same parser reads it here and when connecting, so both agree on what the host is.
    """
    try:
        url = httpx.URL(origin)
        _ = url.host  # spelled out from "xn--…" only when asked for, which may fail
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL()
    if url.raw_path != b"/" or url.userinfo or url.fragment or not _HOST.fullmatch(url.raw_host):
        raise UsageError(
            "The service's address is not of the form https://host.", "Give scheme and host, without a path."
        )
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host)):
        raise UsageError(
            "The session token is only sent over https, or over http to this machine.",
            "Give an address that starts with https://.",
        )
    return url


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its address, or by the one name that always means it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
            proxy=_proxy(origin.host),
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


def _proxy(host: str) -> str | None:
    if is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
