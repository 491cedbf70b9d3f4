"""Themes of a person's own: the tables `[themes.NAME]` of `config.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from socd_tui.model.colour import is_colour
from socd_tui.model.text import quoted_value
from socd_tui.store.mistakes import Mistake

TABLE = "themes"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
BASE = "base"
"""The theme that has what the person's own leaves out."""


def own_themes(
    tables: object, themes: Sequence[str], roles: Sequence[str]
) -> tuple[dict[str, dict[str, str]], list[Mistake]]:
    """Of each theme colours by role or ground, and the name of its base; and what cannot be used."""
    own: dict[str, dict[str, str]] = {}
    mistakes: list[Mistake] = []
    for name, table in (tables if isinstance(tables, dict) else {}).items():
        problem, where = "", f"{TABLE}.{name}"
        if not _NAME.fullmatch(name):
            where = f'{TABLE}."{name}"'
            problem = f"{quoted_value(name)} is no name for a theme: it is of letters, digits, - and _."
        elif name in themes:
            problem = f"{quoted_value(name)} is a theme of the program's own. Give yours another name."
        elif not isinstance(table, dict):
            problem = f"the theme {quoted_value(name)} is a table of roles and colours, [{TABLE}.{name}]."
        if problem:
            mistakes.append(Mistake(where, problem))
        else:
            own[name], wrong = _colours(where, table, themes, roles)
            mistakes += wrong
    return own, mistakes


def _colours(
    where: str, table: Mapping[str, object], themes: Sequence[str], roles: Sequence[str]
) -> tuple[dict[str, str], list[Mistake]]:
    colours: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for role, value in table.items():
        if role == BASE and value in themes:
            colours[role] = str(value)
        elif role == BASE:
            meant = value if isinstance(value, str) else ""
            advice = f" Choose from {', '.join(themes)}."
            mistakes.append(
                Mistake(role, f"{quoted_value(value)} is no theme.", meant, themes, advice, where)
            )
        elif role not in roles:
            names = (BASE, *roles)
            mistakes.append(
                Mistake(role, f"there is no role {quoted_value(role)}.", role, names, table=where)
            )
        elif not isinstance(value, str) or not is_colour(value):
            problem = f"{quoted_value(value)} is no colour for {role}: write it as in '#1a2b3c'."
            mistakes.append(Mistake(role, problem, table=where))
        else:
            colours[role] = value.lower()
    return colours, mistakes
