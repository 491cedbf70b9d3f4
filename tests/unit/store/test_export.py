"""An export takes the place of another whole, and only where that is a file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from socd_tui.model.errors import StoreError
from socd_tui.store.export import replace_export


def test_who_may_read_the_file_that_is_replaced_may_read_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "socd.prom"
    replace_export(path, "first")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    replace_export(path, "second")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("second\n", 0o644)


def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("untouched")
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    with pytest.raises(StoreError, match="symbolic link"):
        replace_export(tmp_path / "link", "new")
    assert (tmp_path / "victim").read_text() == "untouched"
    assert (tmp_path / "link").is_symlink()
