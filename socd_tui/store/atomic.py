"""Atomic writes: after a full disk or a kill in mid-write a file has its old content, or does not exist.

Everything is written to a temporary file beside its destination, flushed to the disk and only then given
its name. All files have mode 0600 from the call that creates them, whatever the umask; one that takes the
place of an export may get that one's rights when it is complete.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from socd_tui.model.errors import StoreError
from socd_tui.store.paths import (
    MOVE,
    NAME_ANOTHER,
    another_users,
    descriptor_of,
    is_link,
    keep_private,
    no_plain_file,
    printable,
    second_name,
    store_error,
)

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

# Named by process and not after the destination, whose own name may already be as long as allowed.
_TEMPORARY = re.compile(r"\.socd-tui-([0-9]+)-[0-9a-f]{8}\.tmp")


def write_private(path: Path, data: bytes, rights: int = 0o600) -> None:
    """Replace the content of `path` by `data` in one step. A symbolic link there is replaced, not followed.

    The folder must exist. Raises StoreError when the file cannot be written; the old content is then
    still in place. Others get `rights` when it is complete.
    """
    with _store_errors(path), _temporary_file(path.parent, data) as temporary:
        if rights != 0o600:
            temporary.chmod(rights)
        temporary.replace(path)
        _sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> Path:
    """Write `data` to `path`, or to `name-2`, `name-3`, … if that exists. Never overwrites.

    Returns the path written to. Raises StoreError when none can be written; no file is left behind then.
    """
    candidate, number = path, 1
    with _store_errors(path):
        if path.is_dir():
            raise StoreError(f"{printable(path)} is a folder.", "Give the name of a file.")
        with _temporary_file(path.parent, data) as temporary:
            while not _publish(temporary, candidate, data):
                number += 1
                candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
            _sync_folder(path.parent)
    return candidate


def read_private(path: Path, cap: int, *, notices: list[str] | None = None) -> bytes | None:
    """The content of a file that only this user can read; None when there is no such file.

    If others could read or write it, its mode becomes 0600 and a sentence about that is added to
    `notices`. Raises StoreError for a link of either kind, anything but a plain file, another user's file,
    and more than `cap` bytes.
    """

    def check(descriptor: int, status: os.stat_result) -> None:
        if status.st_nlink > 1:
            raise second_name(path)
        if keep_private(descriptor, path, 0o600) and notices is not None:
            notices.append(f"{printable(path)} was open to other users; now only you can read it.")

    return _read(path, cap, os.O_NOFOLLOW, check)


def read_edited(path: Path, cap: int) -> bytes | None:
    """The content of a file that a person edits, which may be a link to one; None when there is none.

    Raises StoreError for anything but a plain file, one of another user but root, and more than `cap` bytes.
    """

    def check(_: int, status: os.stat_result) -> None:
        if status.st_uid not in (0, os.geteuid()):
            raise another_users(path)

    data = _read(path, cap, 0, check)
    if data is None and is_link(path):
        raise StoreError(f"{printable(path)} is a link that leads nowhere.", "Remove it, or mend it.")
    return data


def read_foreign(path: Path, cap: int) -> bytes | None:
    """The content of a file that anybody may have written; None when there is none.

    Raises StoreError for anything but a plain file, and more than `cap` bytes.
    """
    return _read(path, cap, 0, lambda _, __: None, NAME_ANOTHER)


def _read(
    path: Path, cap: int, flags: int, check: Callable[[int, os.stat_result], object], next_step: str = MOVE
) -> bytes | None:
    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to would wait forever.
        with descriptor_of(path, os.O_RDONLY | os.O_NONBLOCK | flags) as descriptor:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise no_plain_file(path, next_step)
            check(descriptor, status)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(cap + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise store_error(path, "read", error) from None
    if len(data) > cap:
        raise StoreError(f"{printable(path)} is larger than {cap:,} bytes.", next_step)
    return data


def sweep(folder: Path) -> None:
    """Remove the temporary files of killed runs from one of our own folders; those of running ones stay."""
    with suppress(OSError):
        for path in folder.iterdir():
            match = _TEMPORARY.fullmatch(path.name)
            if match and not is_running(int(match[1])):
                path.unlink(missing_ok=True)


@contextmanager
def _store_errors(path: Path) -> Iterator[None]:
    """Raises a StoreError about `path` where the system refuses to write."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL or a lone surrogate in a typed path
        raise store_error(path, "written", error) from None


@contextmanager
def _temporary_file(folder: Path, data: bytes) -> Iterator[Path]:
    """A new file in `folder` with `data`, flushed to the disk; removed at the end unless it was renamed."""
    path = folder / f".socd-tui-{os.getpid()}-{os.urandom(4).hex()}.tmp"
    _create(path, data)
    try:
        yield path
    finally:
        _remove(path)


def _publish(temporary: Path, path: Path, data: bytes) -> bool:
    """Give the temporary file its final name. Returns False when that name is taken.

    Linking fails then, as opening with O_EXCL does.
    """
    with suppress(FileExistsError):
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            raise
        except OSError:  # FAT and some network and container filesystems have no links
            _create(path, data)
        return True
    return False


def _create(path: Path, data: bytes) -> None:
    """Write `data` to a new file and flush it to the disk; if that fails, no file is left."""
    descriptor = os.open(path, _CREATE, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        _remove(path)
        raise


def _remove(path: Path) -> None:
    with suppress(OSError):  # mostly because it was renamed; else the first error is the one to report
        path.unlink()


def _sync_folder(folder: Path) -> None:
    """Flush the folder's new entry to the disk. Some filesystems cannot; the file itself is complete."""
    with suppress(OSError), descriptor_of(folder, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        os.fsync(descriptor)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # under another user
    return True
