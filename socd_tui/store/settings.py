"""Preferences from `config.toml`. Only what is mistaken is left out, with a sentence that names its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from socd_tui.model.days import DEFAULT_DAYS, RANGE
from socd_tui.model.errors import StoreError, UsageError
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.setting import declared, settings_of
from socd_tui.model.text import REPLACEMENT, clip, counted, decoded, folded, inert, quoted_value
from socd_tui.model.threshold import Thresholds, thresholds_of
from socd_tui.model.window import answered_by_service
from socd_tui.store.atomic import read_edited
from socd_tui.store.mistakes import Mistake, line_of
from socd_tui.store.own_themes import own_themes
from socd_tui.store.paths import printable
from socd_tui.store.profiles import profiles_in

FILE = "config.toml"
MIN_REFRESH_S, MAX_REFRESH_S = 60, 86_400
"""Seconds. The service's answers count as fresh for a minute, so refreshing more often brings nothing."""
MAX_BYTES = 1 << 20
_TOLD = 5
"""Mistakes that are told one by one: a file that is not about settings at all may have thousands."""
_LONGEST_NAME, _LONGEST_KEYS = 200, 100
"""Characters of a name that are looked at, and of the keys of one binding."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What `config.toml` can set, and the defaults."""

    theme: str = declared(
        "socd-dark", words="The colours of the screen.", key="theme", option="--theme", choice="theme"
    )
    view: str = declared(
        "overview", title="first view", words="The view that the program opens with.", option="--view"
    )
    days: int = declared(
        DEFAULT_DAYS,
        title="window",
        words="How many days back the figures look.",
        unit="d",
        key="window.choose",
        option="--days",
        choice="days",
    )
    ascii: bool = declared(
        False,
        title="glyphs",
        words="What bars and maps are drawn with.",
        said={True: "ASCII", False: "blocks", "full": "blocks", "shade": "shades", "ascii": "ASCII"},
        key="glyphs",
        option="--ascii",
        variable="SOCD_ASCII",
        choice="glyphs",
    )
    live: bool = declared(
        True,
        words="Whether figures are asked for by itself while somebody looks.",
        said={True: "on", False: "off"},
        key="refresh.auto",
    )
    refresh_s: int = declared(
        MIN_REFRESH_S,
        title="refresh",
        words=f"The pause between two refreshes by itself; {MIN_REFRESH_S} s or more.",
        unit="s",
    )
    keys: Mapping[str, str] = declared(
        make=dict, words="Keys of the keyboard that are others than usual, by the ids that help lists."
    )
    """Binding id to keys, e.g. `"export" = "x"`."""
    owners: Mapping[str, tuple[str, ...]] = declared(
        make=dict,
        words="Who pays for which keys: key ids, prefixes or patterns of names.",
        how="o on a row of the bill",
        written=True,
    )
    """Owner to key ids, prefixes or name patterns, in the order of the file."""
    thresholds: Mapping[str, float | str] = declared(
        make=lambda: Thresholds().written,
        words="What `check` fails at, by the names that --fail-at takes.",
    )
    themes: Mapping[str, Mapping[str, str]] = declared(
        make=dict, title="own themes", words="Themes of your own, beside those of the program."
    )
    """Themes of the person's own: name to colours by role."""
    profiles: Mapping[str, Mapping[str, str]] = declared(
        make=dict, words="Accounts by name, each with a session and a history of its own, for --profile."
    )
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    """In which line of the file each of them stands, of those that do."""


NAMES = tuple(settings_of(Settings))
"""Of all that the file can set."""


@dataclass(frozen=True)
class Names:
    """The names that the file may use, which the caller knows and the store does not."""

    views: Sequence[str]
    themes: Sequence[str]
    bindings: Sequence[str]
    roles: Sequence[str] = ()
    """What a theme has colours for."""


def load_settings(folder: Path, names: Callable[[], Names]) -> tuple[Settings, list[str]]:
    """The settings of a folder's file, or the defaults; see `read_settings`."""
    return read_settings(folder / FILE, names) or (Settings(), [])


def read_settings(
    path: Path, names: Callable[[], Names], most_told: int = _TOLD
) -> tuple[Settings, list[str]] | None:
    """The settings, and one sentence for each mistake: file, line, and the nearest valid name; None: no file.

    `names` is called only when there is a file. A file that cannot be read or parsed is one mistake.
    """
    try:
        data = read_edited(path, MAX_BYTES)
        if data is None:
            return None
        import tomllib

        text = decoded(data)
        if REPLACEMENT in text:
            raise StoreError(f"{printable(path)} is no text.")
        document = tomllib.loads(text)
    except StoreError as error:
        return Settings(), [f"{error.message} The default settings are used."]
    except (ValueError, RecursionError) as error:  # numbers too long, tables too deep, and what is no TOML
        why = inert(str(error)) if isinstance(error, tomllib.TOMLDecodeError) else "it cannot be understood"
        return Settings(), [f"{printable(path)}: {clip(why, 200)}; the defaults are used."]
    settings, mistakes, used = _understood(document, names())
    lines = {name: line_of(text, name) for name in used}
    told = [f"{printable(path)}, {mistake.told(text)}" for mistake in mistakes[:most_told]]
    if more := len(mistakes) - len(told):
        told.append(f"{printable(path)}: {counted(more, 'other setting')} cannot be used either.")
    return replace(settings, lines=lines), told


def _understood(
    document: Mapping[str, object], names: Names
) -> tuple[Settings, list[Mistake], tuple[str, ...]]:
    """The settings that the document has, its mistakes in their order, tables last, and what it sets."""
    values: dict[str, object] = {}
    mistakes = []
    themes, wrong_themes = own_themes(document.get("themes"), names.themes, names.roles)
    names = replace(names, themes=(*names.themes, *themes))
    for name, value in document.items():
        mistake = _mistake(name, value, names)
        if mistake:
            mistakes.append(mistake)
        else:
            values[name] = value
    used = tuple(values)
    values["keys"], wrong = _bindings(document.get("keys"), names)
    mistakes += wrong
    values["owners"], wrong = owners_in(document.get("owners"))
    values["thresholds"], unfit = _thresholds(document.get("thresholds"))
    values["profiles"], mistaken = profiles_in(document.get("profiles"))
    values["themes"] = themes
    mistakes += [*wrong, *unfit, *mistaken, *wrong_themes]
    return Settings(**values), mistakes, used  # type: ignore[arg-type]  # checked by _mistake


def _mistake(name: str, value: object, names: Names) -> Mistake | None:
    """Why this setting cannot be used; None when it can."""
    problem = ""
    match name, value:
        case _ if name not in NAMES:
            return Mistake(name, f"there is no setting {quoted_value(name)}.", name, NAMES)
        case ("theme" | "view", _):
            allowed = names.themes if name == "theme" else names.views
            if value not in allowed:
                meant = value if isinstance(value, str) else ""
                advice = f" Choose from {', '.join(allowed)}."
                return Mistake(name, f"{quoted_value(value)} is no {name}.", meant, allowed, advice)
        case ("days", int()) if type(value) is int and answered_by_service(value):
            pass
        case ("days", _):
            problem = f"days is a whole number from {RANGE}."
        case ("refresh_s", int()) if type(value) is int and MIN_REFRESH_S <= value <= MAX_REFRESH_S:
            pass
        case ("refresh_s", _):
            problem = f"refresh_s is a whole number of seconds, {MIN_REFRESH_S} or more (up to a day)."
        case _ if isinstance(getattr(Settings(), name), bool) and not isinstance(value, bool):
            problem = f"{name} is true or false."
        case ("owners", _) if not isinstance(value, dict):
            problem = "owners is a table of names and their keys."
        case ("thresholds", _) if not isinstance(value, dict):
            problem = "thresholds is a table of names and numbers, as day = 80."
        case ("profiles", _) if not isinstance(value, dict):
            problem = "profiles is a table of names and what each sets, [profiles.NAME]."
        case ("themes", _) if not isinstance(value, dict):
            problem = "themes is a table of names and their colours, [themes.NAME]."
        case ("keys", _) if not isinstance(value, dict):
            problem = "keys is a table of binding ids and keys."
    return Mistake(name, problem) if problem else None


def _bindings(table: object, names: Names) -> tuple[dict[str, str], list[Mistake]]:
    """Keys by binding id, and the entries that cannot be used."""
    bindings: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for name, value in _flatten(table if isinstance(table, dict) else {}):
        if name not in names.bindings:
            what = f"there is no binding {quoted_value(name)}."
            mistakes.append(Mistake(name, what, name, names.bindings))
        elif not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= _LONGEST_KEYS:
            what = f'the keys of {quoted_value(name)} are a text like "x" or "ctrl+x,f5".'
            mistakes.append(Mistake(name, what))
        else:
            bindings[name] = value
    return bindings, mistakes


def owners_in(table: object) -> tuple[dict[str, tuple[str, ...]], list[Mistake]]:
    """Keys by owner, and the entries that cannot be used.

    A single key may stand without a list around it. Owners of one name are one, however it is written.
    """
    owners: dict[str, tuple[str, ...]] = {}
    mistakes: list[Mistake] = []
    spelt: dict[str, str] = {}
    for name, value in _flatten(table if isinstance(table, dict) else {}):
        entries = value if isinstance(value, list) else [value]
        keys = tuple(entry for entry in entries if isinstance(entry, str) and entry)
        if len(keys) == len(entries):
            owner = spelt.setdefault(folded(name), name)
            owners[owner] = (*owners.get(owner, ()), *keys)
        else:
            what = f"the keys of {quoted_value(name)} are a list of key ids, prefixes or name patterns."
            mistakes.append(Mistake(name, what, table="owners"))
    return owners, mistakes


def _thresholds(table: object) -> tuple[Mapping[str, float | str], list[Mistake]]:
    """Those of the table, in place of the usual ones, and the entries that cannot be used."""
    fit: dict[str, object] = {}
    mistakes = []
    for name, value in table.items() if isinstance(table, dict) else ():
        try:
            thresholds_of({name: value})
        except UsageError as error:
            mistakes.append(Mistake(name, str(error), table="thresholds"))
        else:
            fit[name] = value
    return thresholds_of(fit).written, mistakes


def _flatten(table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Each value with its dotted name: `view.series = "s"` and `"view.series" = "s"` mean the same."""
    open_tables = [("", iter(table.items()))]  # no recursion: a name may have thousands of dots
    while open_tables:
        prefix, entries = open_tables[-1]
        name, value = next(entries, (None, None))
        if name is None:
            open_tables.pop()
        elif isinstance(value, dict):
            open_tables.append((f"{prefix}{name}."[-_LONGEST_NAME:], iter(value.items())))
        else:
            yield f"{prefix}{name}"[-_LONGEST_NAME:], value
