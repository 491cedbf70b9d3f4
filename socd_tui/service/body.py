"""Decodes the bytes of an answer to JSON, within limits of size and depth.

A few hundred kilobytes of gzip can become gigabytes, a few kilobytes of brackets can exhaust the stack,
and a login page is not JSON. Each raises one typed error that says what to do; nothing here can use
more memory than the limits allow.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from itertools import chain
from typing import NoReturn

from socd_tui.model.errors import Malformed, TooLarge
from socd_tui.model.text import clip, inert

MAX_BYTES = 8 * 1024 * 1024
"""Largest answer before and after inflating: some fifty times 90 days with a row for each hour."""

MAX_VALUES = 250_000
"""Values in an answer, about: a list of 10,000 keys has 170,000. 8 MiB of "[]," would become 240 MiB."""

MAX_WIDE_BYTES = 3 * 1024 * 1024
"""Largest answer with a character beyond the first 65,536 in it: Python then needs four bytes for each."""

MAX_DEPTH = 64
"""Nested arrays and objects allowed; the documented answers have five."""

MAX_DIGITS = 18
"""Longest integer kept exact: enough for any 64-bit count. Python refuses to parse 4,300 digits and more."""

_TRY_AGAIN = "Try again; if it stays, the service or a proxy in between is at fault."

_SHORTER = "A shorter window makes a smaller answer."

_WIDE = re.compile(rb"[\xf0-\xf4]")
"""Begins such a character in UTF-8."""

_DIGITS = bytes(ord("0") if chr(byte) in "0123456789" else ord(" ") for byte in range(256))
_LONG_INTEGER = b"0" * (MAX_DIGITS + 1)

_NESTING = {dict, list}

_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)).difference(b"[]{}"))

_WBITS = {"gzip": (31,), "x-gzip": (31,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}
"""zlib window settings to try. "deflate" should come with a zlib header, but some servers leave it out."""


def inflate(raw: bytes, encoding: str = "", limit: int = MAX_BYTES) -> bytes:
    """The body without its `Content-Encoding`, at most `limit` bytes.

    Bytes after the end of the compressed stream are ignored. Raises TooLarge when the body is larger,
    Malformed when it is damaged or in an encoding that was not asked for.
    """
    encoding = encoding.strip().lower()
    if not raw or encoding in ("", "identity"):
        return _capped(raw, limit)
    if encoding not in _WBITS:
        raise Malformed(
            "The service's answer is compressed in a way this program did not ask for.",
            "A proxy in between may have changed it.",
        )
    for wbits in _WBITS[encoding]:
        stream = zlib.decompressobj(wbits)
        try:
            # One byte more than allowed shows that it is too large; no more than that is decompressed.
            decoded = _capped(stream.decompress(_capped(raw, limit), limit + 1), limit)
        except zlib.error:
            continue
        if stream.eof:
            return decoded
    raise Malformed("The service's answer is damaged or was cut short.", _TRY_AGAIN)


def parse_json(body: bytes, *, deepest: int = MAX_DEPTH) -> object:
    """The body as Python values.

    Raises Malformed when it is not JSON, or more than `deepest` levels deep, TooLarge when it would take much
    more memory than `MAX_BYTES`.
    Accepted though not valid: a byte order mark, NaN and infinities (as floats), lone surrogates (kept).
    Integers of more than `MAX_DIGITS` digits become floats, the largest of them infinity.
    """
    if sum(map(body.count, (b"[", b"{", b","))) > MAX_VALUES:
        raise TooLarge(f"The service's answer has more than {MAX_VALUES:,} values.", _SHORTER)
    if len(body) > MAX_WIDE_BYTES and _WIDE.search(body):
        raise _too_large_error(MAX_WIDE_BYTES)
    try:
        text = body.decode("utf-8-sig", "surrogatepass").strip()
    except UnicodeDecodeError:
        _raise_not_json()
    if not text:
        raise Malformed("The service sent an empty answer.", _TRY_AGAIN)
    if text.startswith("<"):
        raise web_page_error()
    try:
        # Python's decoder is several times as fast where it makes all integers itself.
        long = _LONG_INTEGER in body.translate(_DIGITS)
        value: object = json.loads(text, parse_int=_parse_integer if long else None)
    except ValueError:
        _raise_not_json()
    except RecursionError:
        _raise_too_deep()
    if _is_deeper(value, deepest):
        _raise_too_deep()
    return value


def is_shallow(body: bytes) -> bool:
    """Whether JSON nests no more than `MAX_DEPTH` deep, by its brackets alone.

    Those in texts count, too, and can make a deep body look shallow, as deep as its parser lets it be.
    """
    brackets = body.translate(_ONE_KIND, _NO_BRACKETS)
    for _ in range(MAX_DEPTH):
        if not brackets:
            break
        brackets = brackets.replace(b"[]", b"")  # the innermost ones
    return not brackets


def web_page_error() -> Malformed:
    """The error for HTML in place of JSON: a login page, a proxy's notice, a wrong address."""
    return Malformed(
        "The service answered with a web page instead of data.",
        "Check the base URL, and that no proxy or login page answers in its place.",
    )


def wrong_kind_error(kind: str) -> Malformed:
    """The error for a body that is no JSON and does not say that it is."""
    return Malformed(f"The service sent {clip(inert(kind), 40)} in place of JSON.", _TRY_AGAIN)


def _capped(data: bytes, limit: int) -> bytes:
    """The data itself. Raises TooLarge when it is more than `limit` bytes."""
    if len(data) > limit:
        raise _too_large_error(limit)
    return data


def _too_large_error(limit: int) -> TooLarge:
    return TooLarge(
        f"The service's answer is larger than {limit // 1024 // 1024} MiB and was dropped.", _SHORTER
    )


def _raise_not_json() -> NoReturn:
    # `from None`: the decoder's own error carries the whole body.
    raise Malformed("The service's answer is not JSON, or was cut short.", _TRY_AGAIN) from None


def _raise_too_deep() -> NoReturn:
    raise Malformed(f"The service's answer is nested more than {MAX_DEPTH} deep.", _TRY_AGAIN) from None


def _parse_integer(digits: str) -> int | float:
    return int(digits) if len(digits.lstrip("-")) <= MAX_DIGITS else float(digits)


def _is_deeper(value: object, depth: int) -> bool:
    """Whether arrays and objects nest deeper than `depth`; level by level, as recursion could fail."""
    level = [value]
    for _ in range(depth):
        children = list(chain.from_iterable(map(_children, level)))
        if _NESTING.isdisjoint(map(type, children)):
            return False
        level = [child for child in children if type(child) in _NESTING]
    return True


def _children(node: object) -> Iterable[object]:
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
