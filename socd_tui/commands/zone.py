"""The zone this machine is set to, with its daylight saving."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALTIME = Path("/etc/localtime")


def local_zone(environ: Mapping[str, str] = os.environ, localtime: Path = LOCALTIME) -> tzinfo:
    """From TZ, else from what the system's zone file links to, else today's offset from UTC."""
    link = str(localtime.resolve()) if localtime.is_symlink() else ""
    for name in (environ.get("TZ", "").removeprefix(":"), link.partition("zoneinfo/")[2]):
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return datetime.now().astimezone().tzinfo or UTC
