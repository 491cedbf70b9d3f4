"""What status codes usually mean to this API's clients."""

from __future__ import annotations

WORDS = {
    200: "OK",
    201: "created",
    204: "no content",
    301: "moved",
    302: "found elsewhere",
    304: "not modified",
    400: "bad request",
    401: "key missing, wrong or expired",
    403: "tier or scope does not allow it",
    404: "not found",
    408: "request timed out",
    422: "unprocessable",
    429: "throttled by a rate limit",
    500: "server error",
    502: "bad gateway",
    503: "unavailable",
    504: "gateway timed out",
}


def code_named(code: int) -> str:
    """404 not found: the code with its words, if it has any."""
    return f"{code} {WORDS.get(code, '')}".rstrip()
