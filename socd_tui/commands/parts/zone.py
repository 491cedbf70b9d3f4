"""The zone this machine is set to, with its daylight saving."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from socd_tui.clock import Clock

LOCALTIME = Path("/etc/localtime")


def local_zone(clock: Clock, environ: Mapping[str, str] = os.environ, localtime: Path = LOCALTIME) -> tzinfo:
    """From TZ, else from what the system's zone file links to, else the offset from UTC at this moment."""
    link = str(localtime.resolve()) if localtime.is_symlink() else ""
    for name in (environ.get("TZ", "").removeprefix(":"), link.partition("zoneinfo/")[2]):
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return clock().astimezone().tzinfo or UTC
