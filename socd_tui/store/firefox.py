"""The session that Firefox holds: which of its profiles is meant, and the access token there is in it.

Nothing is looked at until a person names Firefox, and then one profile's cookies of one host.
"""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from socd_tui.model.errors import NotSignedIn, UsageError
from socd_tui.model.nearest import nearest
from socd_tui.model.record import dataclass
from socd_tui.model.session import Session
from socd_tui.model.text import inert, quoted
from socd_tui.model.token import account_of
from socd_tui.store.firefox_cookies import FILE, Taken, stamp, tokens_of
from socd_tui.store.paths import Stamp, printable

BROWSER: Literal["firefox"] = "firefox"

_FOLDERS = (
    ".mozilla/firefox",
    ".config/mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/config/mozilla/firefox",
    "Library/Application Support/Firefox",
    "AppData/Roaming/Mozilla/Firefox",
)
"""Below the home folder: as packages, XDG, Snap, Flatpak, macOS and Windows have it."""
_VARIABLES = {"XDG_CONFIG_HOME": "mozilla/firefox", "APPDATA": "Mozilla/Firefox"}
_MOST_PROFILES = 50
_PASTE = "Or paste the cookie: `socd-tui login`."


@dataclass(frozen=True)
class Profile:
    """One profile of Firefox that has cookies."""

    name: str
    folder: Path
    is_usual: bool = False
    """Firefox starts with it unless told otherwise."""

    def is_called(self, typed: str) -> bool:
        return typed in (self.name, self.folder.name, str(self.folder))


@dataclass(frozen=True)
class Firefox:
    """One profile, read anew whenever a session is needed; nothing of it is kept."""

    profile: Profile

    @property
    def path(self) -> Path:
        return self.profile.folder / FILE

    def stamp(self) -> Stamp:
        """What is another one when the browser has written cookies."""
        return stamp(self.path)

    def session(self, origin: str, now: datetime) -> Session:
        """The session it has with this origin. Raises NotSignedIn where it has none that has not ended."""
        host = (urlsplit(origin).hostname or "").lower()
        found = tokens_of(self.path, host, now)
        where = f"Firefox's profile {quoted(self.profile.name)}"
        if not found:
            raise NotSignedIn(
                f"{where} has no session of {host}.",
                f"Sign in there in Firefox, in a window that is not private, then try again. {_PASTE}",
            )
        live = [each for each in found if not each.has_ended]
        if not live:
            raise NotSignedIn(
                f"The session of {host} in {where} has expired.",
                "Reload the dashboard in Firefox, which renews it, then try again.",
            )
        token = _current(live, where, host).token
        return Session(token.secret, origin, token.expires_at, BROWSER)


def firefox(typed: str, home: Path | None, environ: Mapping[str, str]) -> Firefox:
    """The browser as it is typed, `firefox` or `firefox:PROFILE`.

    Raises UsageError for another one, for a profile that there is not, and where several may be meant;
    NotSignedIn where there is no Firefox.
    """
    browser, _, name = typed.partition(":")
    if browser.lower() != BROWSER:
        raise UsageError(
            f"A session is taken from Firefox, not from {quoted(inert(browser)[:40])}: "
            "other browsers encrypt their cookies.",
            f"{nearest(browser, [BROWSER])} Give firefox or firefox:PROFILE.".lstrip(),
        )
    if "/" in name or "\\" in name:
        folder, has_cookies = Path(name), False
        with suppress(OSError, ValueError, RuntimeError):  # a name too long, or of a user that there is not
            folder = folder.expanduser()
            has_cookies = (folder / FILE).is_file()
        if not has_cookies:
            raise UsageError(
                f"There are no cookies of Firefox in {printable(folder)}.", "Name a profile's folder."
            )
        return Firefox(Profile(folder.name, folder))
    there = list(profiles(home, environ))
    if not there:
        raise NotSignedIn(
            "There is no profile of Firefox with cookies here.", _PASTE.removeprefix("Or ").capitalize()
        )
    meant = [each for each in there if each.is_called(name)] if name else there
    meant = meant or [each for each in _unlisted(home, environ) if each.is_called(name)]
    if len(meant) == 1:
        return Firefox(meant[0])
    if not meant:
        names = [each.name for each in there]
        advice = f"{nearest(name, names)} {_choice(there)}".lstrip()
        raise UsageError(f"Firefox has no profile {quoted(inert(name)[:40])}.", advice)
    raise UsageError(f"Firefox has {len(meant)} profiles{' of that name' if name else ''}.", _choice(meant))


def profiles(home: Path | None, environ: Mapping[str, str]) -> Iterator[Profile]:
    """All that have cookies, of whatever way Firefox was installed; each folder once."""
    seen: set[Path] = set()
    for root in _roots(home, environ):
        ini = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            if not ini.read(root / "profiles.ini", encoding="utf-8"):
                continue
        except (configparser.Error, OSError, ValueError):
            continue
        usual = {ini[each].get("Default") for each in ini.sections() if each.startswith("Install")}
        for part in (ini[each] for each in ini.sections() if each.startswith("Profile")):
            path = part.get("Path")
            if not path or len(seen) >= _MOST_PROFILES:
                continue
            folder = Path(path) if part.get("IsRelative", "1") == "0" else root / path
            with suppress(OSError, ValueError):
                if folder.resolve() not in seen and (folder / FILE).is_file():
                    seen.add(folder.resolve())
                    is_usual = path in usual if usual else part.get("Default") == "1"
                    yield Profile(inert(part.get("Name") or folder.name, 80), folder, is_usual)


def _unlisted(home: Path | None, environ: Mapping[str, str]) -> Iterator[Profile]:
    """Those that `profiles.ini` does not have, too, as all but one of a group of profiles."""
    patterns = f"*/{FILE}", f"Profiles/*/{FILE}"
    files = (file for root in _roots(home, environ) for each in patterns for file in sorted(root.glob(each)))
    for folder in {file.parent.resolve(): file.parent for file in files}.values():
        yield Profile(folder.name.partition(".")[2] or folder.name, folder)


def _roots(home: Path | None, environ: Mapping[str, str]) -> Iterator[Path]:
    for variable, folder in _VARIABLES.items():
        if environ.get(variable):
            yield Path(environ[variable]) / folder
    if home is not None:
        yield from (home / folder for folder in _FOLDERS)


def _choice(there: list[Profile]) -> str:
    """How each of them is named, where one is to be chosen."""
    names = [each.name for each in there]
    called = []
    for each in there:
        folders = [other.folder.name for other in there]
        name = each.name if names.count(each.name) == 1 else each.folder.name
        name = name if folders.count(each.folder.name) == 1 or name == each.name else printable(each.folder)
        called.append(f"{BROWSER}:{inert(name)}{' (the usual one)' * each.is_usual}")
    return f"Name one: {', '.join(called)}."


def _current(live: list[Taken], where: str, host: str) -> Taken:
    """The surest one: outside of containers, of the documented cookie, and the last to end.

    Raises NotSignedIn where it may be of either of several accounts.
    """
    outside = [each for each in live if not each.container] or live
    surest = [each for each in outside if each.is_named] or outside
    accounts = {account_of(each.token.secret) for each in surest}
    if len(accounts) > 1:
        raise NotSignedIn(
            f"{where} has sessions of {len(accounts)} accounts with {host}.",
            "Sign out of all but one, or sign in to the one you want outside of its containers.",
        )
    return max(surest, key=lambda each: each.token.expires_at.timestamp() if each.token.expires_at else 0)
