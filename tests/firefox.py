"""A profile of Firefox as it lies on the disk, with its cookies."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.clock import NOW

SCHEMA = """
CREATE TABLE moz_cookies (
    id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, value TEXT, host TEXT,
    path TEXT, expiry INTEGER, lastAccessed INTEGER, creationTime INTEGER, isSecure INTEGER,
    isHttpOnly INTEGER, inBrowserElement INTEGER DEFAULT 0, sameSite INTEGER DEFAULT 0,
    schemeMap INTEGER DEFAULT 0, isPartitionedAttributeSet INTEGER DEFAULT 0, updateTime INTEGER,
    CONSTRAINT moz_uniqueid UNIQUE (name, host, path, originAttributes))
"""
VERSION = 17
"""Of the schema; ends are in milliseconds since 16."""
HOST = "socdefenders.ai"
USUAL = ".mozilla/firefox"


@dataclass
class Profile:
    """One that the browser has open while it lives: what it wrote last stands in the file beside."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.browser = sqlite3.connect(self.folder / "cookies.sqlite", check_same_thread=False)
        self.browser.execute("PRAGMA journal_mode = WAL")
        self.browser.execute("PRAGMA wal_autocheckpoint = 0")
        self.browser.execute(f"PRAGMA user_version = {VERSION}")
        self.browser.execute(SCHEMA)
        self.browser.commit()

    def cookie(
        self,
        name: str,
        value: str | None,
        host: str = HOST,
        *,
        container: str = "",
        ends: datetime = NOW + timedelta(days=400),
    ) -> Profile:
        """It sets one, in place of one of the same name."""
        at = int(NOW.timestamp() * 1_000_000)
        self.browser.execute(
            "INSERT OR REPLACE INTO moz_cookies (originAttributes, name, value, host, path, expiry,"
            " lastAccessed, creationTime, updateTime, isSecure, isHttpOnly) VALUES (?,?,?,?,'/',?,?,?,?,1,0)",
            (container, name, value, host, int(ends.timestamp() * 1000), at, at, at),
        )
        self.browser.commit()
        return self


def installed(home: Path, *names: str, below: str = USUAL) -> list[Profile]:
    """Firefox in a home folder, with a profile of each name; it starts with the last one."""
    root = home / below
    folders = [f"{number}abc.{name}" for number, name in enumerate(names)]
    profiles = [Profile(root / folder) for folder in folders]
    parts = [
        f"[Profile{number}]\nName={name}\nIsRelative=1\nPath={folder}\n"
        for number, (name, folder) in enumerate(zip(names, folders, strict=True))
    ]
    ini = (
        f"[General]\nStartWithLastProfile=1\nVersion=2\n\n[Install4F96]\nDefault={folders[-1]}\nLocked=1\n\n"
    )
    (root / "profiles.ini").write_text(ini + "\n".join(parts))
    return profiles
