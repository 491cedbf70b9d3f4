"""The folders this program stores files in, which only this user can read."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from socd_tui.model.errors import StoreError
from socd_tui.model.record import dataclass
from socd_tui.model.text import clip_middle, inert

FOLDER = "socd-tui"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

_SPACE = "Free some space, then try again."
_RIGHTS = "Check who may write there, or choose another place."
_NEXT = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: _SPACE,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.ENOENT: "Make its folder first, or choose another place.",
}
MOVE = "Remove it, or move it away."
"""To what lies where this program keeps something."""
NAME_ANOTHER = "Give the name of a file."
"""To what a person has named, and may be anything."""
_NEXT_OTHERWISE = "Choose another place or name, or check the disk."

Stamp: TypeAlias = tuple[tuple[str, int, int, int], ...]
"""Each file's name, inode, size in bytes, and when it was last written, in ns."""

LONGEST_SHOWN = 512
"""Columns of a path in a message."""


@dataclass(frozen=True)
class Paths:
    """The four folders. None of them needs to exist: `private_dir` creates one before it is written to."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @classmethod
    def default(cls) -> Paths:
        """The user's folders: from the XDG variables, else the platform's usual places.

        Raises StoreError when no home folder is known, as in a container under a user id without a name.
        """
        if folders := _by_custom_of_linux():
            return cls(*folders)
        from platformdirs import PlatformDirs

        dirs = PlatformDirs(FOLDER, appauthor=False)
        try:
            paths = cls(
                dirs.user_config_path, dirs.user_data_path, dirs.user_state_path, dirs.user_cache_path
            )
        except RuntimeError:  # newer platformdirs; older ones answer with a folder named "~"
            paths = None
        if paths is None or not all(path.is_absolute() for path in vars(paths).values()):
            raise StoreError(
                "Your home folder is unknown, so nothing can be stored.",
                "Set HOME, or all of XDG_{CONFIG,DATA,STATE,CACHE}_HOME, to full paths.",
            )
        return paths

    @classmethod
    def under(cls, folder: Path) -> Paths:
        """All four inside one folder: for the demo and for tests."""
        return cls(folder / "config", folder / "data", folder / "state", folder / "cache")


_CUSTOM = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
}
"""What the XDG base directory specification has in the place of a variable that is not set, in HOME."""


def _by_custom_of_linux() -> list[Path] | None:
    """The folders, where the variables say them plainly, so that `platformdirs`, 5 ms to load, has no say."""
    home = os.environ.get("HOME", "")
    named = [os.environ.get(variable) or str(Path(home, usual)) for variable, usual in _CUSTOM.items()]
    if sys.platform != "linux" or "ANDROID_ROOT" in os.environ or not all(map(os.path.isabs, [home, *named])):
        return None
    return [Path(each, FOLDER) for each in named]


def private_dir(path: Path) -> bool:
    """Make sure that `path` is a folder of this user with mode 0700; missing parents are created likewise.

    Returns whether other users had access to it before. Raises StoreError when it cannot be created, is
    a symbolic link or not a folder, or belongs to another user.
    """
    try:
        for folder in (*reversed(path.parents), path):
            if not folder.is_dir():
                folder.mkdir(0o700, exist_ok=True)
        with descriptor_of(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW) as descriptor:
            return keep_private(descriptor, path, 0o700)
    except (OSError, ValueError) as error:  # ValueError: a NUL in a configured path
        raise store_error(path, "made", error) from None


@contextmanager
def descriptor_of(path: Path, flags: int) -> Iterator[int]:
    """An open file or folder that is only read: a failed close loses nothing. Raises OSError, ValueError."""
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        with suppress(OSError):
            os.close(descriptor)


def keep_private(descriptor: int, path: Path, mode: int) -> bool:
    """Set `mode` on an open file or folder if group or others have any rights to it.

    Returns whether they had. Works on the descriptor, so that nobody can swap `path` in between. Raises
    StoreError when another user owns it.
    """
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid():
        raise another_users(path)
    if not status.st_mode & _OTHERS:
        return False
    try:
        os.fchmod(descriptor, mode)
    except OSError as error:
        raise store_error(path, "made private", error) from None
    return True


def store_error(path: Path, what: str, error: OSError | ValueError) -> StoreError:
    """The error to raise when `path` could not be `what` ("read", "written"): the reason and a next step."""
    code = (error.errno if isinstance(error, OSError) else None) or errno.EINVAL
    if code in (errno.ELOOP, errno.ENOTDIR, errno.EEXIST) and is_link(path):
        return StoreError(f"{printable(path)} is a symbolic link, which is not followed.", "Remove the link.")
    return StoreError(
        f"{printable(path)} could not be {what}: {os.strerror(code)}.", _NEXT.get(code, _NEXT_OTHERWISE)
    )


def is_link(path: Path) -> bool:
    """Whether it is a symbolic link; what cannot be looked at is none."""
    try:
        return path.is_symlink()
    except OSError:
        return False


def another_users(path: Path) -> StoreError:
    return StoreError(
        f"{printable(path)} belongs to another user.", "Run this as that user, or move it away."
    )


def no_plain_file(path: Path, next_step: str = MOVE) -> StoreError:
    return StoreError(f"{printable(path)} is not a plain file.", next_step)


def second_name(path: Path) -> StoreError:
    """Of a file with a hard link: whatever is done to it is done to the other one too."""
    return StoreError(f"{printable(path)} has a second name (a hard link), so it is not used.", MOVE)


def stamp_of(*paths: Path) -> Stamp:
    """What is another once anybody has written to one of these files: costs a glance at each.

    One that is empty, or cannot be looked at, is none.
    """
    found = []
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            if status.st_size:
                found.append((path.name, status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)


def printable(path: Path) -> str:
    """The path for a message, without control characters: others may have named the folders.

    One that fills the screen is cut in its middle.
    """
    return clip_middle(inert(str(path), limit=LONGEST_SHOWN * 16), LONGEST_SHOWN)
