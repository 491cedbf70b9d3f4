"""The figures in one line, for tmux, waybar, a prompt: a template with fields, and what each bar would obey.

A key's name is somebody else's text, and bars and prompts obey what they are given: tmux `#[…]`, waybar its
markup, zsh `%`, polybar `%{…}`. So what any of them obeys is taken out of names, unless the line is made for
the one that shows it: then it is escaped by that one's rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from socd_tui.analysis.findings import Finding
from socd_tui.analysis.known import Known
from socd_tui.analysis.situation import Rate, Situation, situation
from socd_tui.analysis.standing import Standing, standings
from socd_tui.charts.number import age, percent, short
from socd_tui.clock import duration
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, visible
from socd_tui.model.nearest import nearest
from socd_tui.model.text import clip, clip_name, inert, quoted
from socd_tui.model.usage import ratio
from socd_tui.views.parts.words import WORDS

UNKNOWN = "?"
TEMPLATE = "{mark}{worst}  cap {cap}  err {errors}  429 {throttled}  {age}"
NAME = 24
"""Columns of a name."""

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_OBEYED = re.compile(r"[#%$`\\<>&{}|^\"~]")
"""What some bar or prompt obeys."""
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a line can be made of; None where nothing is stored."""

    known: Known | None
    lens: Lens
    now: datetime
    """This machine's clock, as the ages of answers are."""
    expires_at: datetime | None = None
    is_signed_in: bool = False

    @cached_property
    def rows(self) -> tuple[Standing, ...]:
        return standings(self.known, self.lens) if self.known else ()

    @cached_property
    def now_(self) -> Situation | None:
        return situation(self.known, self.rows) if self.known and self.rows else None

    @cached_property
    def findings(self) -> tuple[Finding, ...] | None:
        if self.known is None:
            return None
        found = self.known.findings(visible(self.known.fleet, self.lens))
        return tuple(each for each in found.worst_first if each.gravity != "none")


def _worst(told: Told) -> str:
    found = told.findings
    if found is None:
        return UNKNOWN
    return f"{_name(told, found[0].key)} {WORDS[found[0].kind]}" if found else "ok"


def _name(told: Told, key: ApiKey) -> str:
    """With what tells it from a namesake, where it has one."""
    has_namesake = any(row.has_namesake for row in told.rows if row.key.id == key.id)
    return clip_name(f"{key.name.shown}#{key.short}", NAME) if has_namesake else clip(key.name.shown, NAME)


def _mark(told: Told) -> str:
    gravity = told.findings[0].gravity if told.findings else "none"
    return {"high": "!! ", "medium": "! "}.get(gravity, "")


def _busiest(told: Told) -> str:
    busiest = told.now_.busiest if told.now_ else None
    return _name(told, busiest.key) if busiest else UNKNOWN


def _share(told: Told) -> str:
    busiest = told.now_.busiest if told.now_ else None
    return percent(busiest.share, UNKNOWN) if busiest else UNKNOWN


def _requests(told: Told) -> str:
    if told.known is None:
        return UNKNOWN
    sums = told.known.combined(visible(told.known.fleet, told.lens))
    return short(sums.requests if sums else None, UNKNOWN)


def _errors(told: Told) -> str:
    """4xx and 5xx, 429 left out on both sides."""
    now = told.now_
    if now is None or now.client.count is None or now.server.count is None:
        return UNKNOWN
    return percent(ratio(now.client.count + now.server.count, now.client.requests), UNKNOWN)


def _rate(pick: Callable[[Situation], Rate]) -> Callable[[Told], str]:
    return lambda told: percent(pick(told.now_).share, UNKNOWN) if told.now_ else UNKNOWN


def _limit(pick: Callable[[Situation], float | None]) -> Callable[[Told], str]:
    return lambda told: percent(pick(told.now_), UNKNOWN) if told.now_ else UNKNOWN


def _count(pick: Callable[[Situation], int | None]) -> Callable[[Told], str]:
    return lambda told: short(pick(told.now_), UNKNOWN) if told.now_ else UNKNOWN


def _age(told: Told) -> str:
    asked = told.known.asked_at(visible(told.known.fleet, told.lens)) if told.known else None
    return age(asked, told.now) if asked else UNKNOWN


def _session(told: Told) -> str:
    if not told.is_signed_in:
        return "none"
    if told.expires_at is None:
        return UNKNOWN
    return duration(told.expires_at - told.now) if told.expires_at > told.now else "ended"


@dataclass(frozen=True)
class Field:
    """One field of a template."""

    words: str
    make: Callable[[Told], str]


FIELDS: Mapping[str, Field] = {
    "mark": Field("!! or ! before what is grave", _mark),
    "worst": Field("the worst finding, or ok", _worst),
    "findings": Field(
        "how many findings", lambda told: UNKNOWN if told.findings is None else str(len(told.findings))
    ),
    "keys": Field("how many keys", lambda told: str(len(told.rows)) if told.known else UNKNOWN),
    "requests": Field("requests of all keys", _requests),
    "busiest": Field("the key with the most", _busiest),
    "share": Field("its share of them", _share),
    "cap": Field("the most that a key used of its day limit", _limit(lambda now: now.day.highest)),
    "minute": Field("of its minute limit", _limit(lambda now: now.minute.highest)),
    "over": Field("keys that reached a limit", _count(lambda now: now.over)),
    "near": Field("keys near one", _count(lambda now: now.near)),
    "errors": Field("share of 4xx and 5xx without 429", _errors),
    "client": Field("share of 4xx without 429", _rate(lambda now: now.client)),
    "throttled": Field("requests refused with 429", _count(lambda now: now.refused.count)),
    "refused": Field("their share", _rate(lambda now: now.refused)),
    "days": Field("days of the window", lambda told: str(told.lens.days)),
    "age": Field("how old the figures are", _age),
    "session": Field("what is left of the session", _session),
}
"""By name. Help lists them."""


def _plain(text: str) -> str:
    return text


def _doubled(mark: str) -> Callable[[str], str]:
    return lambda text: text.replace(mark, 2 * mark)


def in_markup(text: str) -> str:
    """As Pango wants it, which waybar draws with."""
    return "".join(_MARKUP.get(char, char) for char in text)


ESCAPES: Mapping[str, Callable[[str], str]] = {
    "plain": _plain,
    "tmux": _doubled("#"),
    "zsh": _doubled("%"),
    "waybar": in_markup,
}
"""By what the line is made for: what a value is escaped by."""


def line(template: str, told: Told, made_for: str) -> tuple[str, list[str]]:
    """The line, and a sentence for each field that there is not: it stays as it was typed."""
    escape, mistakes = ESCAPES[made_for], []
    made: dict[str, str] = {}

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return found[0][0]
        if name not in FIELDS:
            mistakes.append(f"There is no field {quoted(inert(name[:40]))}. {nearest(name, FIELDS)}".rstrip())
            return found[0]
        if name not in made:
            text = FIELDS[name].make(told)
            made[name] = escape(
                text if made_for != "plain" or name not in _FOREIGN else _OBEYED.sub("_", text)
            )
        return made[name]

    text = inert(_FIELD.sub(value, " ".join(template.splitlines())), 2_000).strip()
    return text if made_for != "waybar" else _for_waybar(text, told), mistakes


_FOREIGN = ("worst", "busiest")
"""Fields with a name in them."""


def _for_waybar(text: str, told: Told) -> str:
    """What a custom module with `return-type: json` takes."""
    from socd_tui.views.parts.findings import sentence  # a bar of another kind need not wait for it

    found = told.findings
    gravest = found[0].gravity if found else "none"
    return json.dumps(
        {
            "text": text,
            "tooltip": "\n".join(in_markup(sentence(each)) for each in found or ()),
            "class": "unknown" if found is None else gravest,
        },
        ensure_ascii=True,
    )
