"""What the terminal says that it can show."""

from __future__ import annotations

import sys
from collections.abc import Mapping


def in_browser(environ: Mapping[str, str]) -> bool:
    """Whether `textual-serve` runs the program, which shows it in a browser: there is no terminal then."""
    return environ.get("TEXTUAL_DRIVER") == "textual.drivers.web_driver:WebDriver"


def has_terminal(environ: Mapping[str, str]) -> bool:
    """Whether there is one that the UI can be drawn on, and keys come from."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return (
        not in_browser(environ) and environ.get("TERM") != "dumb" and all(each.isatty() for each in streams)
    )


def has_many_colours(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says that it has 256 colours or all."""
    kind = environ.get("TERM", "").rpartition("-")[2]
    if in_browser(environ):
        return True
    return environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or kind in (
        "256color",
        "direct",
        "kitty",
        "ghostty",
        "alacritty",
    )


def shows_unicode(environ: Mapping[str, str]) -> bool:
    """What the terminal is set to, and what Python was told to write.

    In the C locale, in POSIX's and in one that is not installed Python sets LC_CTYPE to C.UTF-8 by itself
    (PEP 538) and goes on in UTF-8 (PEP 540): then the person's own names say what the terminal shows.
    """
    if in_browser(environ):
        return True
    import locale

    character_set = locale.getencoding()
    said = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if said and sys.flags.utf8_mode and environ.get("PYTHONUTF8") != "1":
        by_itself = not environ.get("LC_ALL") and said in ("C.UTF-8", "C.utf8", "UTF-8")
        character_set = environ.get("LANG", "") if by_itself else said
    return all("utf" in name.lower() for name in (character_set, sys.stdout.encoding or "utf-8"))
