"""Takes the access token of one host, and nothing else, out of Firefox's cookie store.

Firefox keeps cookies in SQLite (`cookies.sqlite`, table `moz_cookies`), which it may be writing to: a private
copy is read. The site's own cookie has the refresh token behind the access token, in one value, so a value is
read from its beginning, a few characters at a time, and no further than where the access token ends.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import tempfile
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from socd_tui.model.errors import StoreError, UsageError
from socd_tui.model.jwt import moment
from socd_tui.model.record import dataclass
from socd_tui.model.session import COOKIE
from socd_tui.model.token import MAX_TOKEN, Token, parse_token
from socd_tui.store.atomic import is_running
from socd_tui.store.paths import Stamp, printable, stamp_of, store_error

FILE = "cookies.sqlite"
PREFIX = "socd-tui-cookies-"
"""With which the name of a copy's folder begins, before the number of the process."""
_LARGEST = 1 << 29
"""Bytes of a store that is copied: cookies of some years are a hundredth of it."""
_TRIES = 3
"""Copies that are made when the browser writes meanwhile."""
_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
]
_COPY = "Copy the cookie in the browser and paste it: `socd-tui login`."

# What the cookies are, without what they hold. A partitioned one belongs to the site inside another one.
_COOKIES = """
SELECT id, name, host, originAttributes, expiry FROM moz_cookies
WHERE host IN (?, ?) AND originAttributes NOT LIKE '%partitionKey%'
AND (name = ? OR name GLOB 'sb-*-auth-token' OR name GLOB 'sb-*-auth-token.[0-9]*')
ORDER BY lastAccessed DESC, id DESC
"""
_CHUNK = re.compile(r"(?P<name>.*)\.(?P<number>[0-9]{1,3})")
_WHOLE = -1
"""The number of a cookie that is no chunk."""
_PACKED = ("WyJ", "eyJhY2N")
"""How a session begins that is in base64 without saying so: `["` and `{"acc`."""
_WORD = re.compile(r"[\w.~+/=:@!*-]+", re.ASCII)


@dataclass(frozen=True)
class Taken:
    """A token that a store holds, and whether it had ended by the time that was asked about."""

    token: Token
    container: str
    """Of the browser's containers; empty for what is in none."""
    is_named: bool
    """It was in the documented cookie."""
    has_ended: bool


def tokens_of(store: Path, host: str, now: datetime) -> list[Taken]:
    """The access tokens of this host in a cookie store. Raises StoreError when it cannot be read."""
    for _ in range(_TRIES):
        try:
            with _copied(store) as db:
                found = db.execute(_COOKIES, (host, f".{host}", COOKIE)).fetchall()
                return list(_taken(db, found, now))
        except sqlite3.Error:  # copied while it was being written
            continue
    raise StoreError(f"{printable(store)} cannot be read as Firefox's cookies.", _COPY)


def _taken(db: sqlite3.Connection, found: list[Any], now: datetime) -> Iterator[Taken]:
    """Of each cookie that has an access token: the documented one, or the site's, whole or in chunks."""
    jars: dict[tuple[str, str, str], dict[int, tuple[int, bool]]] = {}
    for row, name, host, container, ends in found:
        chunk = _CHUNK.fullmatch(name)
        whole, number = (chunk["name"], int(chunk["number"])) if chunk else (name, _WHOLE)
        jars.setdefault((container, host, whole), {}).setdefault(number, (row, _has_ended(ends, now)))
    for (container, _, name), rows in jars.items():
        for parts in ([rows[_WHOLE]] if _WHOLE in rows else [], _chunks(rows)):
            secret = access_token(_characters(db, [row for row, _ in parts]), name == COOKIE)
            with suppress(UsageError):
                token = parse_token(f"{COOKIE}={secret or ''}")
                ended = any(each for _, each in parts) or _is_over(token.expires_at, now)
                yield Taken(token, container, name == COOKIE, ended)


def _chunks(rows: Mapping[int, tuple[int, bool]]) -> list[tuple[int, bool]]:
    """Up to the first missing one: later ones are of an earlier session."""
    chunks: list[tuple[int, bool]] = []
    while len(chunks) in rows:
        chunks.append(rows[len(chunks)])
    return chunks


def access_token(value: Iterator[str], is_bare: bool) -> str | None:
    """The access token that a cookie's value has, whose characters are asked for no further than it needs.

    `is_bare` is whether the value may be the token itself, and not a session in JSON.
    """
    plain = _without_percents(value)
    begin = "".join(islice(plain, 7))
    if begin == "base64-":
        plain = _from_base64(plain)
    else:
        plain = chain(begin, plain)
        if begin.startswith(_PACKED):
            plain = _from_base64(plain)
    first = next(plain, "")
    if first in ("{", "["):
        return _first_of(plain, is_object=first == "{")
    word = "".join(islice(chain(first, plain), MAX_TOKEN + 1)) if is_bare else ""
    return word if len(word) <= MAX_TOKEN and _WORD.fullmatch(word) else None


def _first_of(json: Iterator[str], *, is_object: bool) -> str | None:
    """The string that comes first in a JSON array, or in an object under `access_token`; None for another."""
    if is_object and (_string(json, '"') != "access_token" or _solid(json) != ":"):
        return None
    return _string(json, '"')


def _string(json: Iterator[str], quote: str) -> str | None:
    if _solid(json) != quote:
        return None
    found = ""
    for char in islice(json, MAX_TOKEN):
        if char == quote:
            return found
        found += char
    return None


def _solid(json: Iterator[str]) -> str:
    return next((char for char in json if not char.isspace()), "")


def _without_percents(value: Iterator[str]) -> Iterator[str]:
    for char in value:
        code = "".join(islice(value, 2)) if char == "%" else ""
        yield chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{2}", code) else char


def _from_base64(packed: Iterator[str]) -> Iterator[str]:
    """Three characters at a time, which is as little as can be told of it."""
    while four := "".join(islice(packed, 4)):
        try:
            yield from urlsafe_b64decode(four.ljust(4, "=")).decode("latin-1")
        except ValueError:
            return


def _characters(db: sqlite3.Connection, rows: Iterable[int]) -> Iterator[str]:
    """Of the values of these rows, one after the other; what is not asked for is not read."""
    for row in rows:
        with (
            suppress(sqlite3.OperationalError),
            db.blobopen("moz_cookies", "value", row, readonly=True) as value,
        ):
            while char := value.read(1):
                yield chr(char[0])


def _has_ended(ends: object, now: datetime) -> bool:
    """By the cookie's own end: seconds since 1970, or milliseconds as newer versions have it."""
    if not isinstance(ends, int):
        return False
    return _is_over(moment(ends / 1000 if ends > 10**11 else ends), now)


def _is_over(ends: datetime | None, now: datetime) -> bool:
    return ends is not None and ends <= now


@contextmanager
def _copied(store: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a private copy, whose files have no name any more: they end with the connection.

    No signal ends the program while they have one.
    """
    sweep_copies()
    with ExitStack() as opened:
        with _signals_waiting(), tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as folder:
            uri = f"{_copy(store, Path(folder)).as_uri()}?mode=ro"
            db = opened.enter_context(closing(sqlite3.connect(uri, uri=True, check_same_thread=False)))
            db.execute("PRAGMA query_only = ON")
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens all of its files
        yield db


def _copy(store: Path, folder: Path) -> Path:
    """Of the store and what Firefox has not yet moved into it, as both stood at one moment."""
    sources = _files(store)
    copies = [folder / source.name for source in sources]
    try:
        for copy in copies:
            os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        for _ in range(_TRIES):
            before = list(map(_written, sources))
            if sum(size for _, size in before) > _LARGEST:
                raise StoreError(f"{printable(store)} is larger than any cookie store.", _COPY)
            for source, copy, (_, size) in zip(sources, copies, before, strict=True):
                if size:
                    shutil.copyfile(source, copy)
            if list(map(_written, sources)) == before:
                break
    except (OSError, shutil.SpecialFileError) as error:
        raise store_error(store, "read", error) from None
    if not _written(copies[1])[1]:
        copies[1].unlink(missing_ok=True)
    return copies[0]


def stamp(store: Path) -> Stamp:
    """What is another one when the browser has written to the store."""
    return stamp_of(*_files(store))


def _files(store: Path) -> list[Path]:
    """The store, and what Firefox has not yet moved into it."""
    return [store, store.with_name(f"{store.name}-wal")]


def _written(path: Path) -> tuple[int, int]:
    """When it was last written, and its size; nothing of what is not there."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return 0, 0
    return status.st_mtime_ns, status.st_size


@contextmanager
def _signals_waiting() -> Iterator[None]:
    """Those that end the program arrive when the copy has no name any more."""
    mask: Callable[..., set[signal.Signals]] | None = getattr(signal, "pthread_sigmask", None)
    if mask is None:
        yield
        return
    before = mask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        mask(signal.SIG_SETMASK, before)


def sweep_copies() -> None:
    """Remove what killed runs have left behind."""
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            number = path.name.removeprefix(PREFIX).partition("-")[0]
            if number.isdecimal() and not is_running(int(number)) and path.stat().st_uid == os.geteuid():
                shutil.rmtree(path, ignore_errors=True)
