"""Takes a command line apart as bash, or cmd.exe, does: browsers copy requests as such."""

from __future__ import annotations

import re

COMMAND = re.compile(r"\s*(?:[$%#]\s+)?(?:(?:curl|wget|https?|xh)(?:\.exe)?|-b|-H|--cookie|--header)[\s=]")
"""The beginning of a request that was copied as a command, or of one of its options."""

_PIECE = re.compile(
    r"""\\\n | \$'(?P<ansi>(?:[^'\\]|\\.)*)' | '(?P<single>[^']*)' | "(?P<double>(?:[^"\\]|\\.)*)"
      | \\(?P<escaped>.) | (?P<plain>[^\s'"\\$]+) | (?P<gap>\s+) | (?P<stray>.)""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)


def shell_words(line: str) -> list[str]:
    """A command's arguments as bash sees them, or as cmd.exe does when the line is quoted with carets."""
    if '^"' in line:
        line = re.sub(r"\^(.)", r"\1", line, flags=re.DOTALL)
    words = [""]
    for piece in _PIECE.finditer(line):
        kind = piece.lastgroup
        if kind == "gap":
            words.append("")
        elif kind in ("ansi", "double"):
            words[-1] += _ESCAPE.sub(_unescaped, piece[kind])
        elif kind is not None:
            words[-1] += piece[kind]
    return words


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else escape[3]
