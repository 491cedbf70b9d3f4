"""Old or new, never torn, and nobody else's to read."""

from __future__ import annotations

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import StoreError
from socd_tui.store.atomic import read_edited, read_private, sweep, write_new, write_private

CAP = 10_000
NO_PROCESS = 2**22 + 1
"""Above the highest process id Linux or macOS gives out."""


@pytest.fixture(autouse=True)
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def limited(code: str, *arguments: str) -> str:
    """What `code` prints where no file may grow beyond 4,096 bytes: a disk that fills up in mid-write."""
    prologue = (
        "import resource, sys; from pathlib import Path; sys.dont_write_bytecode = True\n"
        "from socd_tui.model.errors import StoreError\n"
        "from socd_tui.store.atomic import *; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
    )
    run = subprocess.run([sys.executable, "-c", prologue + code, *arguments], capture_output=True, text=True)
    assert run.stderr == ""
    return run.stdout


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert read_private(path, CAP) is None
    for data in (b"old", b"", b"new\0\xff" * 1000):
        write_private(path, data)
        assert read_private(path, CAP) == data
        assert mode(path) == 0o600
        assert names(tmp_path) == ["a"]


def test_a_loose_or_linked_destination_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("untouched")
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    (tmp_path / "loose").write_text("old")
    (tmp_path / "loose").chmod(0o666)
    for name in ("link", "loose"):
        write_private(tmp_path / name, b"new")
        assert not (tmp_path / name).is_symlink()
        assert mode(tmp_path / name) == 0o600
    assert (tmp_path / "victim").read_text() == "untouched"


def test_a_full_disk_leaves_the_export_that_was_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    told = limited(
        "from socd_tui.store.export import replace_export\n"
        "try: replace_export(Path(sys.argv[1]), 'x' * 5000)\nexcept StoreError as error: print(error)",
        str(path),
    )
    assert "could not be written" in told
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_disk_that_fills_up_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_private(path, b"old")
    message = limited(
        "try: write_private(Path(sys.argv[1]), b'x' * 5000)\nexcept StoreError as error: print(error)",
        str(path),
    )
    assert message == f"{path} could not be written: File too large. Free some space, then try again.\n"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(
    "where", ["file/below", "missing/below", "folder", "nul\0", "x" * 300, "\ud800", "proc"]
)
def test_what_cannot_be_written_is_a_store_error(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "proc").symlink_to("/proc/self")
    before = names(tmp_path)
    path = tmp_path / where if where != "proc" else Path("/proc/self/a")
    for write in (write_private, write_new):
        with pytest.raises(StoreError) as refusal:
            write(path, b"data")
        assert refusal.value.next_step
    assert names(tmp_path) == before


def test_a_file_and_then_the_name_it_got_are_flushed_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[bool, int, bool]] = []
    path, flush = tmp_path / "a", os.fsync

    def observed(descriptor: int) -> None:
        status = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(status.st_mode)
        flushed.append((is_folder, 0 if is_folder else status.st_size, path.exists()))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", observed)
    for write in (write_private, write_new):
        path.unlink(missing_ok=True)
        flushed.clear()
        write(path, b"data")
        assert flushed == [(False, 4, False), (True, 0, True)]


def test_an_interrupt_in_mid_write_leaves_no_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    for write in (write_private, write_new):
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "a", b"data")
    assert names(tmp_path) == []


WRITER = """
import os, sys
from pathlib import Path
from socd_tui.store.atomic import write_private
while True:
    for letter in (b"a", b"b"):
        write_private(Path(sys.argv[1]), letter * 300_000)
        os.write(1, letter)
"""


def test_a_kill_at_any_moment_leaves_one_whole_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    chance = random.Random(20261122)
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.read(chance.randrange(1, 20))
            for _ in range(chance.randrange(2000)):
                pass  # the kill then falls anywhere in the next write
            writer.send_signal(signal.SIGKILL)
        content = path.read_bytes()
        assert content in (b"a" * 300_000, b"b" * 300_000)
        sweep(tmp_path)
        assert names(tmp_path) == ["a"]


def test_a_sweep_takes_only_what_dead_processes_left(tmp_path: Path) -> None:
    stale = [f".socd-tui-{NO_PROCESS}-00c0ffee.tmp", f".socd-tui-{10**30}-00c0ffee.tmp"]
    kept = [
        f".socd-tui-{os.getpid()}-00c0ffee.tmp",
        ".socd-tui-1-00c0ffee.tmp",
        f".socd-tui-{NO_PROCESS}-mine.tmp",
        "session.json",
        ".other.tmp",
    ]
    for name in (*stale, *kept):
        (tmp_path / name).write_text("")
    sweep(tmp_path)
    assert names(tmp_path) == sorted(kept)
    sweep(tmp_path / "missing")
    sweep(tmp_path / "session.json")


def test_a_loose_file_is_tightened_and_told_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"data")
    path.chmod(0o644)
    notices: list[str] = []
    assert read_private(path, CAP, notices=notices) == b"data"
    assert mode(path) == 0o600
    assert read_private(path, CAP, notices=notices) == b"data"
    assert len(notices) == 1
    assert str(path) in notices[0]


def test_more_than_the_cap_is_refused(tmp_path: Path) -> None:
    write_private(tmp_path / "a", b"12345")
    assert read_private(tmp_path / "a", 5) == b"12345"
    with pytest.raises(StoreError, match="larger than 4 bytes"):
        read_private(tmp_path / "a", 4)


def test_only_a_plain_file_of_ones_own_is_read(tmp_path: Path) -> None:
    write_private(tmp_path / "real", b"data")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    write_private(tmp_path / "twice", b"data")
    (tmp_path / "second").hardlink_to(tmp_path / "twice")
    os.mkfifo(tmp_path / "fifo")  # without O_NONBLOCK this test would never end
    for name, reason in (
        ("twice", "second name"),
        ("link", "symbolic link"),
        ("dangling", "symbolic link"),
        ("folder", "not a plain file"),
        ("fifo", "not a plain file"),
        ("/dev/zero", "not a plain file"),
    ):
        with pytest.raises(StoreError, match=reason):
            read_private(tmp_path / name, CAP)
    for missing in ("missing", "real/below"):
        assert read_private(tmp_path / missing, CAP) is None
    with pytest.raises(StoreError):
        read_private(tmp_path / "nul\0", CAP)


def test_another_users_file_is_refused(tmp_path: Path) -> None:
    path = Path("/etc/passwd")
    if os.geteuid() == 0:
        path = tmp_path / "a"
        path.write_text("planted")
        os.chown(path, 54321, -1)
    before = mode(path)
    with pytest.raises(StoreError, match="another user"):
        read_private(path, CAP)
    assert mode(path) == before


def test_what_a_person_edits_may_be_a_link_and_open_to_others(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"data")
    (tmp_path / "real").chmod(0o644)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("real", "link"):
        assert read_edited(tmp_path / name, CAP) == b"data"
    assert mode(tmp_path / "real") == 0o644
    assert read_edited(tmp_path / "missing", CAP) is None
    with pytest.raises(StoreError, match="leads nowhere"):
        read_edited(tmp_path / "dangling", CAP)
    with pytest.raises(StoreError, match="larger than 3 bytes"):
        read_edited(tmp_path / "real", 3)
    with pytest.raises(StoreError, match="not a plain file"):
        read_edited(tmp_path, CAP)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_a_person_edits_is_their_own_or_roots(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"data")
    for user in (1, 54321):
        os.chown(path, user, -1)
        with pytest.raises(StoreError, match="another user"):
            read_edited(path, CAP)
    assert read_edited(Path("/etc/passwd"), 1_000_000)


def test_a_new_file_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "a-3.json").symlink_to(tmp_path / "nowhere")
    written = [write_new(tmp_path / "a.json", str(number).encode()) for number in range(3)]
    assert [path.name for path in written] == ["a.json", "a-2.json", "a-4.json"]
    assert [path.read_text() for path in written] == ["0", "1", "2"]
    assert [mode(path) for path in written] == [0o600] * 3
    assert not (tmp_path / "nowhere").exists()
    assert len(names(tmp_path)) == 4
    assert write_new(tmp_path / "plain", b"").name == "plain"
    assert write_new(tmp_path / "plain", b"").name == "plain-2"


@pytest.fixture(params=["links", "no links"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(_self: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if request.param == "no links":
        monkeypatch.setattr(Path, "hardlink_to", unsupported)


@pytest.mark.usefixtures("links")
def test_writers_at_once_each_get_a_name(tmp_path: Path) -> None:
    def write(number: int) -> None:
        write_new(tmp_path / "a.json", str(number).encode())

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(path.read_text()) for path in tmp_path.iterdir()) == list(range(12))
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
    assert {"a.json", "a-12.json"} <= set(names(tmp_path))


@pytest.mark.parametrize("without", ["", "Path.hardlink_to = lambda *_: open('/missing')\n"])
def test_a_new_file_on_a_full_disk_leaves_nothing(tmp_path: Path, without: str) -> None:
    code = (
        "try: write_new(Path(sys.argv[1]), b'x' * 5000)\nexcept StoreError as error: print(error.next_step)"
    )
    assert limited(without + code, str(tmp_path / "a.json")) == "Free some space, then try again.\n"
    assert names(tmp_path) == []


@pytest.mark.parametrize("folder", [".", "..", "/", ""])
def test_a_folder_is_no_name_for_a_new_file(folder: str) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        write_new(Path(folder), b"data")


@given(st.text(max_size=60))
def test_any_typed_name_is_written_or_a_store_error(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "typed"
    folder.mkdir(exist_ok=True)
    try:
        path = write_new(folder / name.replace("/", "_"), b"data")
    except StoreError:
        assert names(folder) == []
        return
    assert path.read_bytes() == b"data"
    path.unlink()
