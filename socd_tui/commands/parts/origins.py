"""What the command line, the environment and the terminal have decided, for the page of all preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socd_tui.model.setting import Setting, settings_of
from socd_tui.store.paths import printable
from socd_tui.store.profiles import BASE_URL, DEFAULT
from socd_tui.store.settings import FILE, Settings
from socd_tui.tui.settings import Given, Origins, Preference

if TYPE_CHECKING:
    from socd_tui.commands.parts.command import Options
    from socd_tui.commands.parts.context import World
    from socd_tui.store.choices import Choices

SHOWN = "what the terminal can show"

_FIXED = {"demo": "the demo", "cache": "what is stored", "file": "an export"}
"""What is looked at, where it is not the service."""


def origins(world: World[Options], usual: Choices) -> Origins:
    """Where each value comes from that is there before anything is chosen: `usual`."""
    given = {}
    for name, setting in settings_of(Settings).items():
        of = setting.choice or name
        if source := winner(world, setting):
            given[of] = Given(world.glyphs.level if of == "glyphs" else typed(world, setting), source)
    if "glyphs" not in given and world.glyphs.level != "full" and not world.settings.ascii:
        given["glyphs"] = Given(world.glyphs.level, SHOWN)
    if fixed := _FIXED.get(world.mode):
        given["live"] = Given(False, f"{fixed} is not live by itself")
        given["coached"] = Given(None, f"{fixed} has none")
    return Origins(
        settings=world.settings,
        file=printable(world.paths.config / FILE),
        mistakes=world.mistakes,
        usual=usual,
        given=given,
        besides=(account(world), service(world), colours(world)),
    )


def typed(world: World[Options], setting: Setting) -> object:
    """What the option of the setting was given; None where it was not."""
    return getattr(world.options, setting.option.lstrip("-").replace("-", "_")) if setting.option else None


def winner(world: World[Options], setting: Setting) -> str:
    """What has won over the file; empty where nothing has."""
    if typed(world, setting):
        return f"{setting.option} on the command line"
    if setting.variable and world.environ.get(setting.variable) == "1":
        return f"{setting.variable} in the environment"
    return ""


def account(world: World[Options]) -> Preference:
    return Preference(
        "account",
        world.profile or DEFAULT,
        "--profile on the command line" if world.options.profile else "default",
        "The account that is looked at: each profile has a session, a history and choices of its own.",
        ("--profile, and [profiles.NAME] in config.toml",),
    )


def service(world: World[Options]) -> Preference:
    source = "default"
    if world.mode == "demo":
        source = "--demo"
    elif world.options.base_url:
        source = "--base-url on the command line"
    elif BASE_URL in world.settings.profiles.get(world.profile, {}):
        source = f"[profiles.{world.profile}] in {FILE}"
    elif world.environ.get("SOCD_BASE_URL"):
        source = "SOCD_BASE_URL in the environment"
    return Preference(
        "service",
        world.origin,
        source,
        "The service that is asked, and the only one that its session token is sent to.",
        ("--base-url", f"{BASE_URL} of a profile in {FILE}", "SOCD_BASE_URL in the environment"),
    )


def colours(world: World[Options]) -> Preference:
    source = SHOWN
    if world.options.no_color:
        source = "--no-color on the command line"
    elif world.environ.get("NO_COLOR"):
        source = "NO_COLOR in the environment"
    value = "sixteen" if world.sixteen else "all"
    return Preference(
        "colours",
        value if world.colour else "none",
        source,
        "How many colours are drawn with; whatever they say, words say, too.",
        ("--no-color", "NO_COLOR in the environment"),
    )
