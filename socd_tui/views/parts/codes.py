"""Status codes in words so few that they are never cut; what to do about one says what it usually means."""

from __future__ import annotations

WORDS = {
    200: "OK",
    201: "created",
    204: "no content",
    301: "moved",
    302: "found elsewhere",
    304: "not modified",
    400: "bad request",
    401: "unauthorized",
    403: "forbidden",
    404: "not found",
    408: "timed out",
    422: "unprocessable",
    429: "throttled",
    500: "server error",
    502: "bad gateway",
    503: "unavailable",
    504: "gateway timeout",
}


def code_named(code: int) -> str:
    """404 not found: the code with its words, if it has any."""
    return f"{code} {WORDS.get(code, '')}".rstrip()
