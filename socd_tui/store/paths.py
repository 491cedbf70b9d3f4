"""Where this program keeps its things, in folders nobody else can look into."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from socd_tui.model.errors import StoreError
from socd_tui.model.text import inert

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
_NEXT_ELSE = "Choose another place or name, or check the disk."


@dataclass(frozen=True)
class Paths:
    """The four folders; none of them needs to exist. `private_dir` makes the one that is written to."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @classmethod
    def default(cls) -> Paths:
        """This person's folders, by the XDG variables or the platform's custom.

        Raises StoreError where there is no home at all, as in a container run under a made-up user.
        """
        from platformdirs import PlatformDirs  # costs some 10 ms that `--help` need not pay

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


def private_dir(path: Path) -> bool:
    """Make sure `path` is a folder of this user with mode 0700; missing parents are made the same way.

    Answers whether its mode had been looser. Raises StoreError when it cannot be made, is a symbolic
    link or something else than a folder, or belongs to another user.
    """
    try:
        for folder in (*reversed(path.parents), path):
            if not folder.is_dir():
                folder.mkdir(0o700, exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (OSError, ValueError) as error:  # ValueError: a NUL in a configured path
        raise refused(path, "made", error) from None
    try:
        return keep_private(descriptor, path, 0o700)
    finally:
        os.close(descriptor)


def keep_private(descriptor: int, path: Path, mode: int) -> bool:
    """Refuse (StoreError) what another user owns; take group's and others' rights away if they have any.

    Works on the open file, so that `path` cannot be swapped in between. Answers whether it tightened.
    """
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid():
        raise StoreError(f"{shown(path)} belongs to another user.", "Run this as that user, or move it away.")
    if not status.st_mode & _OTHERS:
        return False
    try:
        os.fchmod(descriptor, mode)
    except OSError as error:
        raise refused(path, "made private", error) from None
    return True


def refused(path: Path, what: str, error: OSError | ValueError) -> StoreError:
    """What the system said when `path` could not be `what` ("read", "written"), and the next step."""
    code = (error.errno if isinstance(error, OSError) else None) or errno.EINVAL
    if code in (errno.ELOOP, errno.ENOTDIR, errno.EEXIST) and path.is_symlink():
        return StoreError(f"{shown(path)} is a symbolic link, which is not followed.", "Remove the link.")
    return StoreError(f"{shown(path)} could not be {what}: {os.strerror(code)}.", _NEXT.get(code, _NEXT_ELSE))


def shown(path: Path) -> str:
    """The path for a message: folder names may come from an archive somebody else packed."""
    return inert(str(path))
