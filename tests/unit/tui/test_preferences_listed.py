"""Where each preference comes from: the page of them all is made from their declarations."""

from __future__ import annotations

from dataclasses import fields

import pytest

from socd_tui.charts.canvas import Canvas, plain
from socd_tui.charts.glyphs import ASCII, FULL
from socd_tui.commands.parts.command import Options
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.record import dataclass
from socd_tui.model.session import Secret
from socd_tui.model.setting import Setting, declared, settings_of
from socd_tui.store.choices import NAMES, Choices
from socd_tui.store.settings import Settings
from socd_tui.tui.keymap import keymap
from socd_tui.tui.remembered import choices_of
from socd_tui.tui.settings import HERE, REMEMBERED, Given, Origins, Preference, in_words, preferences
from socd_tui.tui.settings_page import drawn
from tests.build import jwt

USUAL = choices_of(Lens(), theme="socd-dark", glyphs="full")
KEYS = keymap()


def of(
    name: str,
    origins: Origins | None = None,
    screen: Choices = USUAL,
    kept: Choices | None = None,
    **now: object,
) -> Preference:
    found = preferences(origins or Origins(usual=USUAL), KEYS, screen, kept or Choices(), now)
    return next(each for each in found if each.name == name)


def test_everything_that_the_file_sets_is_declared_in_words() -> None:
    undeclared = {each.name for each in fields(Settings)} - {*settings_of(Settings)}
    assert undeclared == {"lines"}
    for kind in (Settings, Choices):
        for setting in settings_of(kind).values():
            assert setting.words.endswith(".")


def test_every_setting_and_every_choice_has_a_line() -> None:
    declared_ = settings_of(Settings)
    found = preferences(Origins(), KEYS, Choices(), Choices(), {})
    assert len({each.name for each in found}) == len(found)
    replaced = {setting.choice for setting in declared_.values()}
    assert len(found) == len(declared_) + len([name for name in NAMES if name not in replaced])
    assert replaced - {""} <= {*NAMES}


def test_what_a_declaration_names_exists() -> None:
    for setting in (*settings_of(Settings).values(), *settings_of(Choices).values()):
        assert setting.key in ("", *(key.id for key in KEYS))
        if setting.option:
            assert hasattr(Options(), setting.option.removeprefix("--"))


def test_a_preference_is_added_by_declaring_it() -> None:
    @dataclass(frozen=True)
    class More:
        beep: bool = declared(False, words="Whether it beeps.", title="sound")
        plain: int = 3

    assert settings_of(More) == {"beep": Setting(words="Whether it beeps.", title="sound")}
    assert More().beep is False


def test_a_value_comes_from_the_file_with_its_line_or_is_the_default() -> None:
    settings = Settings(view="bill", lines={"view": 7, "live": 9})
    origins = Origins(settings, usual=USUAL)
    assert (of("first view", origins).value, of("first view", origins).source) == (
        "bill",
        "config.toml, line 7",
    )
    assert of("live", origins).source == "config.toml, line 9"
    assert of("refresh", origins).source == "default"


def test_what_is_remembered_wins_over_the_file_and_a_choice_of_now_over_both() -> None:
    origins = Origins(Settings(theme="socd-light", lines={"theme": 1}), usual=Choices(theme="socd-light"))
    black = Choices(theme="socd-black")
    assert of("theme", origins, Choices(theme="socd-light")).source == "config.toml, line 1"
    assert of("theme", origins, black, black).source == REMEMBERED
    assert of("theme", origins, black).source == HERE


def test_the_command_line_is_named_until_something_else_is_chosen() -> None:
    origins = Origins(given={"days": Given(3, "--days on the command line")}, usual=Choices(days=7))
    assert of("window", origins, Choices(days=3), Choices(days=30)).source == "--days on the command line"
    assert of("window", origins, Choices(days=30), Choices(days=30)).source == REMEMBERED
    assert of("window", origins, Choices(days=7)).source == HERE


def test_live_may_be_other_than_the_file_says() -> None:
    assert (of("live").value, of("live", live=False).value) == ("on", "off")
    assert of("live", live=False).source == HERE
    demo = Origins(given={"live": Given(False, "the demo is not live by itself")}, usual=USUAL)
    assert of("live", demo, live=False).source == "the demo is not live by itself"
    assert of("live", demo, live=True).source == HERE


def test_owners_that_were_named_meanwhile_stand_in_the_file() -> None:
    assert of("owners", owners={"Ann": ("a",)}).source == "config.toml"
    assert of("owners", owners={}).source == "default"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "none"),
        ({}, "none"),
        (frozenset({"status", "bill"}), "bill, status"),
        ({"export": "x"}, "export x"),
        ({"Ann": ("a", "b"), "Bob": ()}, "Ann, Bob"),
        (
            {"bill": Sort("requests"), "status": Sort("code", False)},
            "bill by requests, status by code, ascending",
        ),
        ({"a\x1b[2Jb": ()}, "a\ufffd[2Jb"),
    ],
)
def test_values_are_told_in_words_and_inert(value: object, said: str) -> None:
    assert in_words(value, Setting(words="")) == said


def test_what_looks_like_a_token_is_not_shown() -> None:
    secret = Secret(jwt())
    assert secret.reveal()[:30] not in of("owners", owners={secret.reveal(): ("a",)}).value


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 36), (160, 45), (200, 50), (20, 6)])
@pytest.mark.parametrize("glyphs", [FULL, ASCII])
def test_the_page_is_as_large_as_the_screen_and_reaches_every_line(
    size: tuple[int, int], glyphs: object
) -> None:
    assert glyphs in (FULL, ASCII)
    canvas = Canvas(*size, glyphs=FULL if glyphs == FULL else ASCII)
    origins = Origins(
        usual=USUAL,
        file="/home/somebody/.config/socd-tui/config.toml",
        mistakes=("line 3: there is no setting 'x'.",),
    )
    found = preferences(origins, KEYS, USUAL, Choices(), {})
    for at, each in enumerate(found):
        lines = drawn(found, origins, at, canvas)
        assert len(lines) == size[1]
        shown = plain(lines)
        assert all(len(line) <= size[0] for line in shown.split("\n"))
        assert any(line[:1] in "▸>" and each.name in line for line in shown.split("\n") if line)


def test_mistakes_of_the_file_are_told_on_the_page() -> None:
    origins = Origins(usual=USUAL, mistakes=("line 3: there is no setting 'dyas'. The nearest is 'days'.",))
    found = preferences(origins, KEYS, USUAL, Choices(), {})
    assert "The nearest is 'days'." in plain(drawn(found, origins, 0, Canvas(80, 24)))
