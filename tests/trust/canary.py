"""Finds a session token in whatever was written: it decodes what it reads.

It knows nothing of how the program hides a token, so that neither can share the other's gap.
"""

from __future__ import annotations

import binascii
import html
import re
import stat
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

PIECE = 10
"""The secret is cut into pieces of this length: of any 19 characters of it in a row, one piece is whole."""

_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;:<=>?$ ]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")
_LAYOUT = re.compile(rb"[\s\"'`,|>+*]|\\\s|\xe2[\x94-\x96].")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{14,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){10,}")
_ESCAPED = re.compile(rb"\\+(?:u00([0-9a-fA-F]{2})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)


def _joined(data: bytes) -> Iterator[bytes]:
    """As one line: without what a terminal obeys, and without line ends, quotes and frames."""
    without = _ESCAPES.sub(b"", data)
    yield without
    yield _LAYOUT.sub(b"", without)


def _unescaped(data: bytes) -> Iterator[bytes]:
    def char(found: re.Match[bytes]) -> bytes:
        code = found[1] or found[2]
        return bytes([int(code, 16)]) if code else found[3]

    if b"\\" in data:
        yield _ESCAPED.sub(char, data)


def _percent(data: bytes) -> Iterator[bytes]:
    if b"%" in data:
        yield unquote_to_bytes(data)


def _entities(data: bytes) -> Iterator[bytes]:
    if b"&#" in data:
        yield html.unescape(data.decode("latin-1")).encode("latin-1", "replace")


def _unhexed(data: bytes) -> Iterator[bytes]:
    for found in _HEX.finditer(data):
        yield bytes.fromhex(found[0].decode())


def _unpacked(data: bytes) -> Iterator[bytes]:
    """All that may be base64, from each of four characters on."""
    for found in _BASE64.finditer(data):
        for start in range(4):
            run = found[0][start:].translate(bytes.maketrans(b"-_", b"+/"))
            try:
                yield b64decode(run[: len(run) // 4 * 4])
            except binascii.Error:
                continue


def _inflated(data: bytes) -> Iterator[bytes]:
    for wbits, magic in ((31, b"\x1f\x8b\x08"), (15, b"\x78\x9c"), (15, b"\x78\x01"), (15, b"\x78\xda")):
        at = data.find(magic)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj(wbits).decompress(data[at:], 1 << 24)
            at = data.find(magic, at + 1)


_READINGS: dict[str, Callable[[bytes], Iterable[bytes]]] = {
    "as it is": lambda data: [data],
    "without NULs": lambda data: [data.replace(b"\0", b"")],
    "backwards": lambda data: [data[::-1]],
    "escaped": _unescaped,
    "URL-encoded": _percent,
    "as HTML": _entities,
    "as hex": _unhexed,
    "as base64": _unpacked,
    "compressed": _inflated,
    "joined": _joined,
}


@dataclass(frozen=True)
class Canary:
    """Secrets that may be nowhere."""

    secrets: tuple[str, ...]

    def form_in(self, data: bytes) -> str:
        """How a piece of a secret stands in the data; empty without one. Two encodings deep."""
        pieces = {
            part[at : at + PIECE].lower().encode()
            for secret in self.secrets
            for part in secret.split(".")
            for at in range(0, len(part) - PIECE + 1, PIECE)
        }

        def holds(read: bytes) -> bool:
            folded = read.lower()
            return any(piece in folded for piece in pieces)

        for outer, first in _READINGS.items():
            for once in first(data):
                if holds(once):
                    return outer
                if outer != "as it is" and len(once) >= PIECE:
                    for inner, second in _READINGS.items():
                        if any(map(holds, second(once))):
                            return f"{outer}, {inner}"
        return ""

    def leaks(self, where: str, data: bytes) -> list[str]:
        """One sentence when the data holds a piece of a secret."""
        form = self.form_in(data)
        return [f"{where}: the token stands there {form}"] if form else []

    def leaks_under(self, folder: Path, *, kept: Path | None = None) -> list[str]:
        """A sentence for each file or name under the folder that holds a piece, but for the one place."""
        found = []
        for path in sorted(folder.rglob("*")):
            found += self.leaks(f"the name {path.name[:40]!r}", path.name.encode("utf-8", "surrogateescape"))
            if path == kept:
                if stat.S_IMODE(path.stat().st_mode) != 0o600:
                    found.append(f"{path.name} is readable for others")
            elif path.is_file() and not path.is_symlink():
                found += self.leaks(f"the file {path.relative_to(folder)}", path.read_bytes())
        return found
