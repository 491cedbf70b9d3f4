"""Writes exports: never over another file, and never a part of one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socd_tui.model.lens import Lens
from socd_tui.store.atomic import sweep, write_new


def default_path(folder: Path, lens: Lens, now: datetime) -> Path:
    """`folder`/socd-<view>-<days>d-<UTC time>.json; `now` in UTC."""
    return folder / f"socd-{lens.view}-{lens.days}d-{now:%Y%m%dT%H%M%SZ}.json"


def export(path: Path, text: str) -> Path:
    """Write the text and a final newline in UTF-8; if `path` exists, to `path` with a number.

    What a killed export left in that folder is removed. Returns the path written to. Raises StoreError.
    """
    sweep(path.parent)
    return write_new(path, f"{text}\n".encode())
