"""From the bytes of an answer to JSON, whatever the bytes are.

A few hundred kilobytes of gzip can become gigabytes, a few kilobytes of brackets can exhaust the stack,
and a login page is not JSON. Each becomes one typed error that says what to do; nothing here can use
more memory than the caps allow.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import NoReturn

from socd_tui.model.errors import Malformed, TooLarge

MAX_BYTES = 8 * 1024 * 1024
"""Cap of an answer before and after inflating: some fifty times 90 days with a row for each hour."""

MAX_DEPTH = 64
"""Nested arrays and objects allowed; the documented answers have five."""

MAX_DIGITS = 18
"""Longest whole number kept exact: any 64-bit count. Python refuses to read 4,300 digits and more."""

_WBITS = {"gzip": (31,), "x-gzip": (31,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}
"""zlib window settings to try. "deflate" should come with a zlib header, but some servers leave it out."""


def inflate(raw: bytes, encoding: str = "", limit: int = MAX_BYTES) -> bytes:
    """The body without its `Content-Encoding`, never more than `limit` bytes.

    What follows the end of the compressed stream is ignored. Raises TooLarge and Malformed.
    """
    encoding = encoding.strip().lower()
    if not raw or encoding in ("", "identity"):
        return _within(raw, limit)
    if encoding not in _WBITS:
        raise Malformed(
            "The service's answer is compressed in a way this program did not ask for.",
            "A proxy in between may have changed it.",
        )
    for wbits in _WBITS[encoding]:
        stream = zlib.decompressobj(wbits)
        try:
            # One byte more than allowed is enough to know, and all that a bomb gets to write.
            decoded = _within(stream.decompress(_within(raw, limit), limit + 1), limit)
        except zlib.error:
            continue
        if stream.eof:
            return decoded
    raise Malformed("The service's answer is damaged or was cut short.", _AGAIN)


def parse_json(body: bytes) -> object:
    """The body as Python values. Raises Malformed for anything that is not JSON up to `MAX_DEPTH` deep.

    Oddities a lenient reader can live with pass: a byte order mark, NaN and infinities (as floats), lone
    surrogates (as they are). Whole numbers beyond `MAX_DIGITS` become floats, infinity if need be.
    """
    try:
        text = body.decode("utf-8-sig", "surrogatepass").strip()
    except UnicodeDecodeError:
        _not_json()
    if not text:
        raise Malformed("The service sent an empty answer.", _AGAIN)
    if text.startswith("<"):
        raise web_page()
    try:
        value: object = json.loads(text, parse_int=_whole_number)
    except ValueError:
        _not_json()
    except RecursionError:
        _too_deep()
    if _deeper_than(value, MAX_DEPTH):
        _too_deep()
    return value


def web_page() -> Malformed:
    """The error for HTML where JSON was due: a login page, a proxy's notice, a wrong address."""
    return Malformed(
        "The service answered with a web page instead of data.",
        "Check the base URL, and that no proxy or login page answers in its place.",
    )


_AGAIN = "Try again; if it stays, the service or a proxy in between is at fault."


def _within(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise TooLarge(
            f"The service's answer is larger than {limit // 1024 // 1024} MiB and was dropped.",
            "A shorter window makes a smaller answer.",
        )
    return data


def _not_json() -> NoReturn:
    # `from None`: the decoder's own error carries the whole body.
    raise Malformed("The service's answer is not JSON, or was cut short.", _AGAIN) from None


def _too_deep() -> NoReturn:
    raise Malformed(f"The service's answer is nested more than {MAX_DEPTH} deep.", _AGAIN) from None


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits.lstrip("-")) <= MAX_DIGITS else float(digits)


def _deeper_than(value: object, depth: int) -> bool:
    """Whether arrays and objects nest deeper, found level by level: recursion is what is being avoided."""
    level = [value]
    for _ in range(depth):
        level = [child for node in level for child in _children(node) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(node: object) -> Iterable[object]:
    match node:
        case dict():
            return node.values()
        case list():
            return node
        case _:
            return ()
