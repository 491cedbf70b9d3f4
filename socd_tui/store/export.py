"""Writes exports: never a part of one, and over another file only where that one was named."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from socd_tui.model.errors import StoreError
from socd_tui.model.lens import Lens
from socd_tui.store.atomic import sweep, write_new, write_private
from socd_tui.store.paths import NAME_ANOTHER, no_plain_file, printable, store_error


def default_path(folder: Path, lens: Lens, now: datetime) -> Path:
    """`folder`/socd-<view>-<days>d-<UTC time>.json; `now` in UTC."""
    return folder / f"socd-{lens.view}-{lens.days}d-{now:%Y%m%dT%H%M%SZ}.json"


def export(path: Path, text: str) -> Path:
    """Write the text and a final newline in UTF-8; if `path` exists, to `path` with a number.

    What a killed export left in that folder is removed. Returns the path written to. Raises StoreError.
    """
    sweep(path.parent)
    return write_new(path, f"{text}\n".encode())


def replace_export(path: Path, text: str) -> None:
    """The same in place of a file of that name, in one step; who may read that one may read the new one.

    Raises StoreError; the old file is then still there, whole.
    """
    rights = check_replaceable(path)
    sweep(path.parent)
    write_private(path, f"{text}\n".encode(), rights)


def check_replaceable(path: Path) -> int:
    """The rights that a file written to `path` is to have: those of the one it replaces, else its owner's.

    Raises StoreError for what is there and is no plain file, and where nothing can be: what takes long is
    not begun then. A link is neither followed nor replaced, as /dev/stdout is one.
    """
    try:
        with suppress(FileNotFoundError):
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                raise StoreError(f"{printable(path)} is a folder.", NAME_ANOTHER)
            if stat.S_ISLNK(mode):
                raise store_error(path, "written", OSError(errno.ELOOP, ""))
            if not stat.S_ISREG(mode):
                raise no_plain_file(path, NAME_ANOTHER)
            return stat.S_IMODE(mode) & 0o666
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    except (OSError, ValueError) as error:
        raise store_error(path, "written", error) from None
    return 0o600
