"""The folders are this user's alone, and where the platform's custom puts them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from platformdirs import PlatformDirs

from socd_tui.model.errors import StoreError
from socd_tui.store.paths import Paths, private_dir

NAMES = ("config", "data", "state", "cache")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def test_xdg_variables_are_honoured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    assert Paths.default() == Paths(*(tmp_path / name / "socd-tui" for name in NAMES))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the custom of Linux")
def test_without_them_the_home_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"XDG_{name.upper()}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    folders = (".config", ".local/share", ".local/state", ".cache")
    assert Paths.default() == Paths(*(tmp_path / folder / "socd-tui" for folder in folders))


def test_without_any_home_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(path: str) -> str:
        return path  # what os.path.expanduser does for a user id without an entry

    for name in NAMES:
        monkeypatch.delenv(f"XDG_{name.upper()}_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", homeless)
    with pytest.raises(StoreError, match="Set HOME"):
        Paths.default()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the library is asked")
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"XDG_DATA_HOME": "/elsewhere/"},
        {"XDG_DATA_HOME": "", "XDG_STATE_HOME": "/a/../b//c"},
        {"HOME": "/"},
        {"HOME": "/home/me/"},
        {"HOME": ""},
        {"HOME": "relative", "XDG_DATA_HOME": "/elsewhere"},
        {"XDG_CACHE_HOME": "relative"},
        {"XDG_CACHE_HOME": "~/cache"},
    ],
)
def test_they_are_where_the_library_has_them(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"XDG_{name.upper()}_HOME", raising=False)
    for name, value in {"HOME": "/home/me", **variables}.items():
        monkeypatch.setenv(name, value)
    theirs = PlatformDirs("socd-tui", appauthor=False)
    assert Paths.default() == Paths(
        theirs.user_config_path, theirs.user_data_path, theirs.user_state_path, theirs.user_cache_path
    )


def test_importing_it_does_not_load_platformdirs() -> None:
    code = "import sys, socd_tui.store.paths; sys.exit('platformdirs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_under_one_folder(tmp_path: Path) -> None:
    assert Paths.under(tmp_path) == Paths(*(tmp_path / name for name in NAMES))
    assert list(tmp_path.iterdir()) == []


def test_a_private_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    os.umask(0)
    assert private_dir(tmp_path / "a" / "b") is False
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700


def test_parents_that_exist_are_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private_dir(tmp_path / "a")
    assert mode(tmp_path) == 0o755


@pytest.mark.parametrize("loose", [0o755, 0o770, 0o701, 0o777])
def test_a_loose_folder_is_tightened_once(tmp_path: Path, loose: int) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    folder.chmod(loose)
    assert private_dir(folder) is True
    assert mode(folder) == 0o700
    assert private_dir(folder) is False


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real").chmod(0o755)
    for name, target in (("link", "real"), ("dangling", "nowhere")):
        (tmp_path / name).symlink_to(tmp_path / target)
        with pytest.raises(StoreError, match="symbolic link"):
            private_dir(tmp_path / name)
    assert mode(tmp_path / "real") == 0o755
    assert not (tmp_path / "nowhere").exists()


def test_below_a_link_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    private_dir(tmp_path / "link" / "a")
    assert mode(tmp_path / "real" / "a") == 0o700


@as_root
def test_another_users_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(0o755)
    os.chown(tmp_path / "a", 54321, -1)
    with pytest.raises(StoreError, match="another user"):
        private_dir(tmp_path / "a")
    assert mode(tmp_path / "a") == 0o755


def test_what_is_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "file", tmp_path / "fifo", tmp_path / "file" / "below", tmp_path / "nul\0"):
        with pytest.raises(StoreError) as refusal:
            private_dir(path)
        assert str(path).split("\0")[0] in refusal.value.message
        assert refusal.value.next_step


def test_a_hostile_folder_name_is_shown_harmless(tmp_path: Path) -> None:
    (tmp_path / "\x1b]52;c;x\x07").write_text("")
    with pytest.raises(StoreError) as refusal:
        private_dir(tmp_path / "\x1b]52;c;x\x07")
    assert str(refusal.value).isprintable()
