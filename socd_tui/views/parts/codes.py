"""What status codes usually mean to this API's clients."""

from __future__ import annotations

from collections.abc import Mapping

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

BRIEF = WORDS | {
    401: "key refused",
    403: "forbidden",
    408: "timed out",
    429: "throttled",
    504: "timed out",
}
"""The same where there is less room."""


def code_named(code: int, words: Mapping[int, str] = WORDS) -> str:
    """404 not found: the code with its words, if it has any."""
    return f"{code} {words.get(code, '')}".rstrip()
