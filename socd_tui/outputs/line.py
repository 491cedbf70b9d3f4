"""The figures in one line, for tmux, waybar, a prompt: a template with fields, and what each bar would obey.

A key's name is somebody else's text, and bars and prompts obey what they are given: tmux `#[…]`, waybar its
markup, zsh `%`, polybar `%{…}`. So what any of them obeys is taken out of names, unless the line is made for
the one that shows it: then it is escaped by that one's rules.

Nothing here takes long to import: what the fields say is made elsewhere, or was made before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from socd_tui.charts.number import age
from socd_tui.clock import duration
from socd_tui.model.line_values import LineValues
from socd_tui.model.record import dataclass
from socd_tui.model.text import inert, quoted

UNKNOWN = "?"
TEMPLATE = "{mark}{worst}  cap {cap}  err {errors}  429 {throttled}  {age}"

FIELDS: Mapping[str, str] = {
    "mark": "!! or ! before what is grave",
    "worst": "the worst finding, or ok",
    "findings": "how many findings",
    "keys": "how many keys",
    "requests": "requests of all keys",
    "busiest": "the key with the most",
    "share": "its share of them",
    "cap": "the most that a key used of its day limit",
    "minute": "of its minute limit",
    "over": "keys that reached a limit",
    "near": "keys near one",
    "errors": "share of 4xx and 5xx without 429",
    "client": "share of 4xx without 429",
    "throttled": "requests refused with 429",
    "refused": "their share",
    "days": "days of the window",
    "age": "how old the figures are",
    "session": "what is left of the session",
}
"""What each field says. Help lists them."""

_FOREIGN = ("worst", "busiest")
"""Fields with a name in them."""
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_OBEYED = re.compile(r"[#%$`\\<>&{}|^\"~]")
"""What some bar or prompt obeys."""
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What changes by itself: the time, and what is left of the session."""

    now: datetime
    """This machine's clock."""
    expires_at: datetime | None = None
    is_signed_in: bool = False


def _plain(text: str) -> str:
    return text


def _doubled(mark: str) -> Callable[[str], str]:
    return lambda text: text.replace(mark, 2 * mark)


def _in_markup(text: str) -> str:
    """As Pango wants it, which waybar draws with."""
    return "".join(_MARKUP.get(char, char) for char in text)


ESCAPES: Mapping[str, Callable[[str], str]] = {
    "plain": _plain,
    "tmux": _doubled("#"),
    "zsh": _doubled("%"),
    "waybar": _in_markup,
}
"""By what the line is made for: what a value is escaped by."""


def line(template: str, values: LineValues, moment: Moment, made_for: str) -> tuple[str, list[str]]:
    """The line, and a sentence for each field that there is not: it stays as it was typed."""
    escape, mistakes = ESCAPES[made_for], []

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return found[0][0]
        if name not in FIELDS:
            mistakes.append(_no_field(name))
            return found[0]
        text = _said(name, values, moment)
        return escape(_OBEYED.sub("_", text) if made_for == "plain" and name in _FOREIGN else text)

    text = inert(_FIELD.sub(value, " ".join(template.splitlines())), 2_000).strip()
    return text if made_for != "waybar" else _for_waybar(text, values), mistakes


def _no_field(name: str) -> str:
    from socd_tui.model.nearest import nearest  # it takes longer to import than all else here

    return f"There is no field {quoted(inert(name[:40]))}. {nearest(name, FIELDS)}".rstrip()


def _said(name: str, values: LineValues, moment: Moment) -> str:
    if name == "age":
        return age(values.asked_at, moment.now) if values.asked_at else UNKNOWN
    if name == "session":
        return _session(moment)
    return values.fields.get(name, "" if name == "mark" else UNKNOWN)


def _session(moment: Moment) -> str:
    if not moment.is_signed_in:
        return "none"
    if moment.expires_at is None:
        return UNKNOWN
    return duration(moment.expires_at - moment.now) if moment.expires_at > moment.now else "ended"


def _for_waybar(text: str, values: LineValues) -> str:
    """What a custom module with `return-type: json` takes."""
    tooltip = "\n".join(map(_in_markup, values.sentences))
    return json.dumps({"text": text, "tooltip": tooltip, "class": values.gravity}, ensure_ascii=True)
