"""A session is taken out of Firefox when a person asks for it: one token, of one host, and no more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from socd_tui.store import firefox_cookies
from socd_tui.store.firefox_cookies import access_token
from tests.build import jwt, leaks
from tests.clock import NOW
from tests.command import Done, ran
from tests.firefox import Profile, installed
from tests.pasted import ARRAY, JWT, OBJECT, PACKED, REFRESH, THIRD
from tests.terminal.pseudo import environment

COOKIE, SITE = "sb-access-token", "sb-abc-auth-token"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files go there too, of which Python asks the environment only once."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def profile(home: Path) -> Profile:
    return installed(home, "default-release")[0]


def signing_in(home: Path, source: str = "firefox", *more: str) -> Done:
    return ran(environment(home), "login", "--from", source, *more)


def stored(home: Path) -> str:
    """The token that is now kept."""
    return str(json.loads((home / "data" / "socd-tui" / "session.json").read_text())["token"])


@pytest.mark.parametrize(
    "cookies",
    [
        {COOKIE: JWT, "sb-refresh-token": REFRESH},
        {SITE: PACKED},
        {SITE: PACKED.removeprefix("base64-")},
        {SITE: quote(OBJECT)},
        {SITE: OBJECT},
        {SITE: quote(ARRAY)},
        {f"{SITE}.0": PACKED[:THIRD], f"{SITE}.1": PACKED[THIRD:]},
        {f"{SITE}.1": PACKED[50:], f"{SITE}.0": PACKED[:50], f"{SITE}.3": "left over"},
        {COOKIE: OBJECT},
        {COOKIE: JWT, SITE: "base64-damaged"},
    ],
)
def test_the_token_that_the_browser_has_just_written_is_stored_like_a_pasted_one(
    home: Path, profile: Profile, cookies: dict[str, str]
) -> None:
    for name, value in cookies.items():
        profile.cookie(name, value)
    done = signing_in(home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Signed in to https://socdefenders.ai for 42 min" in done.stdout
    assert "profile 'default-release'" in done.stdout
    assert stored(home) == JWT
    assert not leaks(done.stdout.encode(), JWT)
    assert REFRESH not in f"{done}{(home / 'data' / 'socd-tui' / 'session.json').read_text()}"


def test_of_a_value_no_more_is_read_than_its_access_token() -> None:
    for value in (PACKED, OBJECT, quote(OBJECT), ARRAY, quote(ARRAY), PACKED.removeprefix("base64-")):
        read: list[str] = []

        def characters(value: str = value, read: list[str] = read) -> Iterator[str]:
            for char in value:
                read.append(char)
                yield char

        assert access_token(characters(), is_bare=False) == JWT
        rest = value[len(read) :]
        begun = value[: len(read)]
        assert REFRESH[:2] not in begun[-10:], begun[-10:]
        assert len(rest) > len(REFRESH)
    assert access_token(iter(json.dumps({"refresh_token": REFRESH, "access_token": JWT})), False) is None


@pytest.mark.parametrize(
    ("cookies", "told"),
    [
        ([], "has no session of socdefenders.ai. Sign in there in Firefox, in a window that is not private"),
        ([(COOKIE, JWT, "evil.example")], "has no session of socdefenders.ai"),
        ([(COOKIE, JWT, "socdefenders.ai.evil.example")], "has no session"),
        ([(COOKIE, JWT, ".ai")], "has no session"),
        ([(COOKIE, JWT, "www.socdefenders.ai")], "has no session"),
        ([("sb-refresh-token", REFRESH, "socdefenders.ai")], "has no session"),
        ([(COOKIE, "", "socdefenders.ai")], "has no session"),
        ([(COOKIE, None, "socdefenders.ai")], "has no session"),
        ([(COOKIE, "sk_live_0123456789abcdef", "socdefenders.ai")], "has no session"),
        ([(COOKIE, jwt(role="anon"), "socdefenders.ai")], "has no session"),
        (
            [(COOKIE, jwt(sub="a", exp=NOW.timestamp()), "socdefenders.ai")],
            "has expired. Reload the dashboard",
        ),
    ],
)
def test_a_host_without_a_session_is_told_so(
    home: Path, profile: Profile, cookies: list[tuple[str, str | None, str]], told: str
) -> None:
    for cookie in cookies:
        profile.cookie(*cookie)
    done = signing_in(home)
    assert (done.returncode, done.stdout) == (5, "")
    assert told in done.stderr
    assert not (home / "data" / "socd-tui" / "session.json").exists()


def test_a_cookie_that_has_ended_is_no_session(home: Path, profile: Profile) -> None:
    profile.cookie(COOKIE, JWT, ends=NOW - timedelta(seconds=1))
    assert "has expired" in signing_in(home).stderr


def test_the_one_of_the_whole_domain_counts_and_the_newest_of_one_account(
    home: Path, profile: Profile
) -> None:
    older = jwt(sub="6a1b", exp=int((NOW + timedelta(minutes=3)).timestamp()))
    profile.cookie(COOKIE, older).cookie(COOKIE, JWT, ".socdefenders.ai")
    assert signing_in(home).returncode == 0
    assert stored(home) == JWT


def test_outside_of_containers_counts_first_and_of_several_accounts_none_is_guessed(
    home: Path, profile: Profile
) -> None:
    other = jwt(sub="other", exp=int((NOW + timedelta(hours=1)).timestamp()))
    profile.cookie(COOKIE, JWT, container="^userContextId=1").cookie(
        COOKIE, other, container="^userContextId=2"
    )
    profile.cookie(COOKIE, other, container="^partitionKey=%28https%2Cexample.org%29")
    done = signing_in(home)
    assert done.returncode == 5
    assert "has sessions of 2 accounts with socdefenders.ai. Sign out of all but one" in done.stderr
    profile.cookie(SITE, PACKED)
    assert signing_in(home).returncode == 0
    assert stored(home) == JWT


def test_another_service_gets_its_own(home: Path, profile: Profile) -> None:
    profile.cookie(COOKIE, "A" * 40).cookie(COOKIE, JWT, "soc.example")
    done = signing_in(home, "firefox", "--base-url", "https://soc.example")
    assert done.returncode == 0
    assert json.loads((home / "data/socd-tui/session.json").read_text())["origin"] == "https://soc.example"
    assert stored(home) == JWT


def test_of_several_profiles_one_is_to_be_named(home: Path) -> None:
    work, usual = installed(home, "work", "default-release")
    (snapped,) = installed(home, "default-release", below="snap/firefox/common/.mozilla/firefox")
    work.cookie(COOKIE, JWT)
    done = signing_in(home)
    assert done.returncode == 2
    assert "Firefox has 3 profiles. Name one: firefox:work" in done.stderr
    assert f"firefox:{usual.folder.name} (the usual one)" in done.stderr
    assert signing_in(home, "firefox:work").returncode == 0
    assert stored(home) == JWT
    done = signing_in(home, "firefox:default-release")
    assert (done.returncode, "2 profiles of that name" in done.stderr) == (2, True)
    done = signing_in(home, "firefox:wrok")
    assert (done.returncode, "no profile 'wrok'. The nearest is 'work'" in done.stderr) == (2, True)
    Profile(work.folder.with_name("9xyz.of a group")).cookie(COOKIE, JWT)
    assert signing_in(home, "firefox:of a group").returncode == 0
    Profile(work.folder.with_name("8xyz.of a group")).cookie(COOKIE, JWT)
    done = signing_in(home, "firefox:of a group")
    assert (done.returncode, "2 profiles of that name. Name one: firefox:8xyz" in done.stderr) == (2, True)
    snapped.cookie(COOKIE, JWT)
    assert signing_in(home, f"firefox:{snapped.folder}").returncode == 0
    for folder in (home, "~nobody-of-that-name/x", "/" + 300 * "a"):
        done = signing_in(home, f"firefox:{folder}")
        assert (done.returncode, "no cookies of Firefox in" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "below",
    [
        ".config/mozilla/firefox",
        "snap/firefox/common/.mozilla/firefox",
        ".var/app/org.mozilla.firefox/.mozilla/firefox",
        "Library/Application Support/Firefox",
    ],
)
def test_wherever_it_was_installed_it_is_found(home: Path, below: str) -> None:
    installed(home, "default", below=below)[0].cookie(COOKIE, JWT)
    assert signing_in(home).returncode == 0


def test_without_firefox_or_with_another_browser_it_is_told(home: Path) -> None:
    done = signing_in(home)
    assert done.returncode == 5
    assert "There is no profile of Firefox with cookies here. Paste the cookie" in done.stderr
    done = signing_in(home, "chrome")
    assert done.returncode == 2
    assert "not from 'chrome': other browsers encrypt their cookies" in done.stderr
    done = signing_in(home, "firefx")
    assert "The nearest is 'firefox'" in done.stderr
    assert signing_in(home, "firefox", "--stdin").returncode == 2


def test_the_browser_may_be_writing_and_its_file_stays_as_it_is(home: Path, profile: Profile) -> None:
    profile.cookie(COOKIE, JWT)
    before = (profile.folder / "cookies.sqlite").read_bytes()
    profile.browser.execute("BEGIN EXCLUSIVE")
    assert signing_in(home).returncode == 0
    assert (profile.folder / "cookies.sqlite").read_bytes() == before
    assert list(home.glob(f"{firefox_cookies.PREFIX}*")) == []


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\0" + b"\1" * 4000])
def test_a_store_that_cannot_be_read_is_told_and_its_copy_is_gone(home: Path, content: bytes) -> None:
    (profile,) = installed(home, "default")
    profile.browser.close()
    for path in profile.folder.iterdir():
        path.unlink()
    (profile.folder / "cookies.sqlite").write_bytes(content)
    done = signing_in(home)
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be read as Firefox's cookies. Copy the cookie in the browser and paste it" in done.stderr
    assert list(home.glob(f"{firefox_cookies.PREFIX}*")) == []


def test_what_a_killed_run_left_behind_goes_and_what_a_running_one_has_stays(
    home: Path, profile: Profile
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, in_use = (home / f"{firefox_cookies.PREFIX}{number}-x" for number in (ended.pid, os.getpid()))
    for folder in (left, in_use):
        folder.mkdir()
        (folder / "cookies.sqlite").write_bytes(b"x")
    profile.cookie(COOKIE, JWT)
    assert signing_in(home).returncode == 0
    assert (left.exists(), in_use.exists()) == (False, True)


def test_a_signal_waits_until_the_copy_has_no_name(home: Path, profile: Profile) -> None:
    profile.cookie(COOKIE, JWT)
    seen: list[tuple[set[int], list[int]]] = []

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if event == "sqlite3.connect" and firefox_cookies.PREFIX in str(arguments[0]):
            folder = Path(str(arguments[0]).removeprefix("file://").partition("?")[0]).parent
            modes = [path.stat().st_mode & 0o777 for path in (folder, *sorted(folder.iterdir()))]
            seen.append((set(signal.pthread_sigmask(signal.SIG_BLOCK, [])), modes))

    sys.addaudithook(look)
    assert signing_in(home).returncode == 0
    ((waiting, modes),) = seen
    assert {signal.SIGINT, signal.SIGTERM, signal.SIGHUP} <= waiting
    assert modes == [0o700, 0o600, 0o600]
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_the_names_in_profiles_ini_are_text_and_nothing_else(home: Path) -> None:
    installed(home, "a\u202eb%(x)s", "two")
    done = signing_in(home)
    assert done.returncode == 2
    assert "\u202e" not in done.stderr
    (home / ".mozilla/firefox/profiles.ini").write_bytes(b"\xff\xfe[no\nini")
    assert signing_in(home).returncode == 5


def test_an_old_store_has_its_ends_in_seconds(home: Path, profile: Profile) -> None:
    profile.cookie(COOKIE, JWT)
    profile.browser.execute("UPDATE moz_cookies SET expiry = expiry / 1000")
    profile.browser.commit()
    assert signing_in(home).returncode == 0
    profile.browser.execute("UPDATE moz_cookies SET expiry = ?", (int(NOW.timestamp()),))
    profile.browser.commit()
    assert signing_in(home).returncode == 5
