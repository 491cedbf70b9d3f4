"""Accounts that a person has named: the tables `[profiles.NAME]` of `config.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from socd_tui.model.errors import UsageError
from socd_tui.model.nearest import choices
from socd_tui.model.record import replace
from socd_tui.model.text import clip, inert, quoted_value
from socd_tui.model.token import normal_origin
from socd_tui.store.mistakes import Mistake
from socd_tui.store.paths import Paths

TABLE, BASE_URL = "profiles", "base_url"
NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""Of a profile, which is also that of its folder."""
DEFAULT = "default"
"""What the account is called that there is without a profile."""

Profiles = Mapping[str, Mapping[str, str]]
"""What each of them sets, by name."""


def profiles_in(tables: object) -> tuple[dict[str, dict[str, str]], list[Mistake]]:
    """The profiles, and the entries that cannot be used."""
    found: dict[str, dict[str, str]] = {}
    mistakes: list[Mistake] = []
    for name, table in (tables if isinstance(tables, dict) else {}).items():
        problem, where = "", f"{TABLE}.{name}"
        alike = next((each for each in found if each.lower() == name.lower()), None)
        if not NAME.fullmatch(name):
            where = f'{TABLE}."{name}"'
            problem = f"{quoted_value(name)} is no name for a profile: it is of letters, digits, - and _."
        elif name.lower() == DEFAULT:
            problem = f"{quoted_value(name)} is the account without a profile. Give yours another name."
        elif alike is not None:
            both = f"{quoted_value(name)} and {quoted_value(alike)}"
            problem = f"{both} would have one folder. Give one another name."
        elif not isinstance(table, dict):
            problem = f"the profile {quoted_value(name)} is a table, [{TABLE}.{name}] with {BASE_URL}."
        if problem:
            mistakes.append(Mistake(where, problem))
        else:
            profile, wrong = _profile(where, table)
            mistakes += wrong
            if not wrong:  # what is meant for another service would be sent to the usual one
                found[name] = profile
    return found, mistakes


def _profile(where: str, table: Mapping[str, object]) -> tuple[dict[str, str], list[Mistake]]:
    """What it sets, and whatever of it cannot be used."""
    mistakes = []
    found = {}
    for key, value in table.items():
        if key != BASE_URL:
            what = f"there is no setting {quoted_value(key)} of a profile."
            mistakes.append(Mistake(key, what, key, (BASE_URL,), table=where))
            continue
        try:
            found[BASE_URL] = normal_origin(value if isinstance(value, str) else "")
        except UsageError as error:
            mistakes.append(Mistake(key, str(error), table=where))
    return found, mistakes


def profile_named(typed: str, there: Profiles) -> str:
    """The profile that is meant; empty for the account without one. Raises UsageError for an unknown one."""
    if typed == DEFAULT:
        return ""
    if typed not in there:
        names = (*there, DEFAULT)
        advice = choices(typed, names) if there else f"Add [{TABLE}.NAME] with {BASE_URL} to config.toml."
        raise UsageError(f"There is no profile '{clip(inert(typed), 40)}'.", advice)
    return typed


def paths_of(profile: str, paths: Paths) -> Paths:
    """Where all that is kept of a profile lies: in folders of its own; settings are the same for all."""
    if not profile:
        return paths
    return replace(paths, data=paths.data / TABLE / profile, state=paths.state / TABLE / profile)
