"""The SQLite file behind the history: readable by this user only, and checked before it is used.

A file that is damaged, or nothing this program writes, is renamed, and an empty one takes its place: a
broken history never stops the program. One of an earlier version becomes one of this version in the first
transaction that writes to it; one of a later version is left as it is.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from socd_tui.clock import Clock
from socd_tui.model.errors import StoreError
from socd_tui.store import schema
from socd_tui.store.paths import (
    Stamp,
    another_users,
    descriptor_of,
    no_plain_file,
    printable,
    private_dir,
    second_name,
    stamp_of,
    store_error,
)

MOVED_ASIDE_KEPT = 3
"""Renamed unusable files that stay on the disk; older ones are deleted."""

_PAUSE_S = 0.02
"""Between two tries to lock the folder, in seconds."""

_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_DAMAGED = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_CONSTRAINT,
)
"""What no statement of ours comes to in a file of ours."""
_LARGEST = 4 << 30
"""Bytes of a file that is used: 10,000 keys need a tenth of it for ten years."""
_LARGEST_VALUE = 1 << 28
"""Bytes of one value: the last figures of 10,000 keys need half of it."""


class Database:
    """Connections to one file, a new one for each call, so that calls may come from any thread.

    All methods raise StoreError when the file cannot be used; a write waits up to `busy_s` seconds for
    another process that writes. `notices` are sentences to show the person once.
    """

    def __init__(self, path: Path, clock: Clock, busy_s: float) -> None:
        self.path = path
        self.notices: list[str] = []
        self._clock = clock
        self._busy_s = busy_s
        self._checked_inode: int | None = None
        """The inode of the file that passed the check, which reads all of the file and so runs only once."""
        self._damaged_inode: int | None = None
        """The inode of one that did, and then could not be used."""

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in one write transaction: all of it is written, or nothing. Makes the file."""
        with self._open(make=True) as db:
            db.execute("BEGIN IMMEDIATE")
            with db:
                schema.migrate(db)
                yield db

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the file as it is at one moment; empty, and none is made, without a file.

        Tables of this version may be missing in a file of an earlier one.
        """
        with self._open(make=False) as db:
            db.execute("BEGIN")
            schema.refuse_newer(db)
            yield db

    def shrink(self) -> None:
        """Return the space of deleted rows to the disk; does nothing while others use the file."""
        with suppress(StoreError), self._open(make=False) as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def exists(self) -> bool:
        return os.path.lexists(self.path)

    def state(self) -> Stamp:
        """What is another once anybody has written: who only reads changes nothing."""
        return stamp_of(self.path, self.path.with_name(f"{self.path.name}-wal"))

    def size(self) -> int:
        """Bytes on the disk, SQLite's log files included; 0 without a file."""
        total = 0
        for path in _database_files(self.path):
            with suppress(OSError):  # the last process to use a log removes it
                total += path.stat().st_size
        return total

    @contextmanager
    def _open(self, *, make: bool) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connect_checked(make)) as db:
                db.execute("PRAGMA synchronous = NORMAL")
                db.execute("PRAGMA temp_store = MEMORY")  # nothing of it in a shared folder
                yield db
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter of a sentence of SQLite's
            if _is_damage(error):
                self._damaged_inode = self._checked_inode
            self._checked_inode = None
            raise _sqlite_error(self.path, error) from None
        except schema.Newer:
            raise StoreError(
                f"{printable(self.path)} was written by a newer socd-tui and is left as it is.",
                "Update socd-tui; or move the file away, and a new history begins.",
            ) from None
        except OSError as error:
            raise store_error(self.path, "used", error) from None

    def _connect_checked(self, make: bool) -> sqlite3.Connection:
        """A connection to the file, checked; to an empty database in memory where no file is to be made."""
        folder = self.path.parent
        if make or self.exists():
            if private_dir(folder):
                self.notices.append(f"{printable(folder)} was open to other users; now it is yours alone.")
            with _locked(folder, self.path, self._busy_s):
                while make or self.exists():
                    if self._check(make):
                        return self._connect()
        db = sqlite3.connect(":memory:")
        schema.create(db)
        return db

    def _connect(self) -> sqlite3.Connection:
        where = f"{self.path.absolute().as_uri()}?mode=rw"  # never made by SQLite, which heeds the umask
        db = sqlite3.connect(where, timeout=self._busy_s, isolation_level=None, uri=True)
        db.text_factory = _text
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
        return db

    def _check(self, make: bool) -> bool:
        """Whether the file can be used; one that cannot has been renamed."""
        inode = self._secure(make)
        if inode != self._checked_inode:
            if inode == self._damaged_inode:
                flaw: str | None = "was damaged"
            elif self.path.stat().st_size > _LARGEST:
                flaw = f"was larger than {_LARGEST >> 30} GiB"
            else:
                with closing(self._connect()) as db:
                    flaw = _flaw(db)
            if flaw:
                self._move_aside(flaw)
                return False
            self._checked_inode = inode
        return True

    def _secure(self, make: bool) -> int:
        """Make sure of a plain file that belongs to this user and that nobody else can read.

        Returns its inode. Creates the file if `make`. Raises StoreError for a link of either kind, anything
        but a plain file, or another user's.
        """
        with suppress(FileExistsError):
            if make:
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
                self._checked_inode = None  # a deleted file's inode is given out again
        for path in _database_files(self.path):
            with suppress(FileNotFoundError):
                status = path.lstat()
                if stat.S_ISLNK(status.st_mode):
                    raise store_error(path, "used", OSError(errno.ELOOP, ""))
                if not stat.S_ISREG(status.st_mode):
                    raise no_plain_file(path)
                if status.st_uid != os.geteuid():
                    raise another_users(path)
                if status.st_nlink > 1:
                    raise second_name(path)
                if status.st_mode & 0o077:
                    path.chmod(0o600)
                    self.notices.append(
                        f"{printable(path)} was open to other users; now only you can read it."
                    )
        return self.path.lstat().st_ino

    def _move_aside(self, flaw: str) -> None:
        aside = self.path.with_name(f"history-corrupt-{self._clock():%Y%m%dT%H%M%S%fZ}.sqlite3")
        # The logs first: beside a new file they would be taken for its own.
        for old, new in zip(_database_files(self.path), _database_files(aside), strict=True):
            with suppress(FileNotFoundError):
                old.rename(new)
        self.notices.append(f"The history {flaw}. It starts anew; the old file is {printable(aside)}.")
        self._forget_old()

    def _forget_old(self) -> None:
        """Delete all but the newest renamed files, and logs without one: a kill came in between."""
        folder = self.path.parent
        kept = sorted(folder.glob("history-corrupt-*.sqlite3"))[-MOVED_ASIDE_KEPT:]
        of_kept = {each for path in kept for each in _database_files(path)}
        for path in folder.glob("history-corrupt-*.sqlite3*"):
            if path not in of_kept:
                path.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path, path: Path, busy_s: float) -> Iterator[None]:
    """A lock on the folder, so that only one thread of one process at a time prepares the file.

    Without it two could rename a damaged file at once, the second one the new file that the first has
    made; and closing the descriptor that created the file would drop the locks of another thread's
    connection to it. Raises StoreError when another, perhaps a stopped one, does not let go of it in time.
    """
    with descriptor_of(folder, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        ends = time.monotonic() + busy_s
        while not _lock(descriptor):
            if time.monotonic() > ends:
                raise _busy(path)
            time.sleep(_PAUSE_S)
        yield


def _lock(descriptor: int) -> bool:
    """Whether it is locked; some network filesystems cannot lock a folder: then there is no lock."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _text(stored: bytes) -> str:
    """A text, whatever its bytes are; it is checked where it is used."""
    return stored.decode("utf-8", "replace")


def _flaw(db: sqlite3.Connection) -> str | None:
    """Why the file cannot be used, as the end of "The history …"; None when it can. Raises schema.Newer."""
    try:
        return schema.flaw(db)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if not _is_damage(error):
            raise
        return "was damaged"


def _database_files(path: Path) -> tuple[Path, ...]:
    """The log files that SQLite keeps beside the database, then the database itself."""
    return tuple(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal", ""))


def _is_damage(error: Exception) -> bool:
    return isinstance(error, UnicodeDecodeError) or _result_code(error) in _DAMAGED


def _sqlite_error(path: Path, error: Exception) -> StoreError:
    code = _result_code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _busy(path)
    if _is_damage(error):
        return StoreError(f"{printable(path)} is damaged.", "It is moved aside the next time it is used.")
    return store_error(path, "used", OSError(_ERRNO.get(code, errno.EIO), ""))


def _busy(path: Path) -> StoreError:
    return StoreError(f"{printable(path)} is in use by another socd-tui.", "Try again in a moment.")


def _result_code(error: Exception) -> int:
    """SQLite's primary result code; 0 for an error that Python's own module raises."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
