"""Files that are whole or absent: a full disk or a kill in mid-write leaves the old content, or none.

Everything is written to a temporary beside its destination, flushed to the disk and only then given its
name. All files are 0600 from the call that creates them, whatever the umask.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from socd_tui.model.errors import StoreError
from socd_tui.store.paths import keep_private, refused, shown

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a FIFO that nobody writes to would wait forever.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

# Named by process and not after the destination, whose own name may already be as long as allowed.
_TEMPORARY = re.compile(r"\.socd-tui-([0-9]+)-[0-9a-f]{8}\.tmp")


def write_private(path: Path, data: bytes) -> None:
    """Make `data` the content of `path`, in one step. A symbolic link there is replaced, not followed.

    The folder must exist. Raises StoreError, with the old content still in place.
    """
    with _written(path), _temporary(path.parent, data) as temporary:
        temporary.replace(path)
        _flush(path.parent)


def write_new(path: Path, data: bytes) -> Path:
    """Write `data` to `path`, or to `name-2`, `name-3`, … if that exists; answers which. Never overwrites.

    Raises StoreError, leaving nothing behind.
    """
    candidate, number = path, 1
    with _written(path):
        if path.is_dir():
            raise StoreError(f"{shown(path)} is a folder.", "Give the name of a file.")
        with _temporary(path.parent, data) as temporary:
            while not _published(temporary, candidate, data):
                number += 1
                candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
            _flush(path.parent)
    return candidate


def read_private(path: Path, cap: int, *, notices: list[str] | None = None) -> bytes | None:
    """The content of a file that is this user's alone; None when there is none.

    Looser rights are taken away, which `notices` then tells in a sentence. Raises StoreError for a
    symbolic link, anything else than a plain file, another user's file, and more than `cap` bytes.
    """
    try:
        descriptor = os.open(path, _READ)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise refused(path, "read", error) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise StoreError(f"{shown(path)} is not a plain file.", "Remove it, or move it away.")
        if keep_private(descriptor, path, 0o600) and notices is not None:
            notices.append(f"{shown(path)} was open to other users; now only you can read it.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(cap + 1)
    except OSError as error:
        raise refused(path, "read", error) from None
    finally:
        os.close(descriptor)
    if len(data) > cap:
        raise StoreError(f"{shown(path)} is larger than {cap:,} bytes.", "Remove it, or move it away.")
    return data


def sweep(folder: Path) -> None:
    """Remove what killed runs left in one of our own folders; temporaries of living processes stay."""
    with suppress(OSError):
        for path in folder.iterdir():
            match = _TEMPORARY.fullmatch(path.name)
            if match and not _alive(int(match[1])):
                path.unlink(missing_ok=True)


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """Turn the system's refusals into a StoreError about `path`."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL or a lone surrogate in a typed path
        raise refused(path, "written", error) from None


@contextmanager
def _temporary(folder: Path, data: bytes) -> Iterator[Path]:
    """A file in `folder` that holds `data`, on the disk; gone afterwards unless it was renamed."""
    path = folder / f".socd-tui-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    _create(path, data)
    try:
        yield path
    finally:
        _remove(path)


def _published(temporary: Path, path: Path, data: bytes) -> bool:
    """Give the temporary its final name unless something has that name: link fails then, as O_EXCL does."""
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
    """A new file with `data`, flushed to the disk, or none at all."""
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
    with suppress(OSError):  # mostly: renamed. Else what went wrong before is the news, not this
        path.unlink()


def _flush(folder: Path) -> None:
    """Put the folder's new entry on the disk. Some filesystems cannot: the file itself is whole anyway."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # under another user
    return True
