"""Exports: never over another file, never half a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from socd_tui.model.lens import Lens
from socd_tui.store.atomic import write_new


def default_path(folder: Path, lens: Lens, now: datetime) -> Path:
    """socd-<view>-<window>-<UTC time>.json"""
    return folder / f"socd-{lens.view}-{lens.days}d-{now:%Y%m%dT%H%M%SZ}.json"


def export(path: Path, text: str) -> Path:
    """Writes the text in UTF-8; a number is appended rather than overwrite. Returns where it went."""
    return write_new(path, f"{text}\n".encode())
