"""`config.toml` as the program obeys it: what it starts with, what wins over it, what is told of mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from socd_tui.charts.palettes import PALETTES
from socd_tui.service.demo import DemoServer
from tests.command import Done, ran
from tests.terminal.pseudo import Terminal, environment


@pytest.fixture
def environ(live: DemoServer, tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, SOCD_BASE_URL=live.base_url, SOCD_SESSION_TOKEN=live.token)


def prefer(home: Path, text: str) -> Path:
    """Writes the config.toml of the person who lives there."""
    path = home / "config" / "socd-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def shown(environ: dict[str, str], *arguments: str) -> Done:
    return ran(environ, "show", *arguments)


def tells(terminal: Terminal, sentence: str) -> None:
    """Waits for a message, which may be wrapped anywhere."""
    words = "".join(sentence.split())
    terminal.until(lambda: words in "".join(terminal.text.replace("▌", "").split()))


def test_the_program_starts_with_theme_view_days_glyphs_and_keys_of_the_persons_own(
    environ: dict[str, str], tmp_path: Path
) -> None:
    prefer(
        tmp_path,
        """
        theme = "socd-light"
        view = "endpoints"
        days = 3
        ascii = true
        [keys]
        export = "x"
        view.series = "v,f6"
        """,
    )
    light = next(palette for palette in PALETTES if palette.name == "socd-light")
    ground = ";".join(str(int(light.background[n : n + 2], 16)) for n in (1, 3, 5))
    with Terminal(environ=environ, size=(90, 24), folder=tmp_path) as terminal:
        terminal.shows("3 Endpoints", "  3 d ", "/api/v1/iocs")
        assert f"48;2;{ground}".encode() in terminal.output
        terminal.type("e2x")
        terminal.shows("Exported to socd-endpoints-3d")
        terminal.type("v")
        terminal.shows("requests/day")
        terminal.type("?")
        terminal.shows("x      export this view as JSON")
        assert all(char.isascii() for char in terminal.drawn())
        terminal.type("qq")
        assert terminal.ended() == 0
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_what_is_said_on_the_command_line_wins(environ: dict[str, str], tmp_path: Path) -> None:
    prefer(tmp_path, 'view = "endpoints"\ndays = 3\ntheme = "socd-light"\n')
    options = ("--view", "status", "--days", "5", "--theme", "socd-contrast")
    with Terminal(*options, environ=environ) as terminal:
        terminal.shows("4 Status", "  5 d ")
        assert b"48;2;0;0;0" in terminal.output
        terminal.type("q")
        assert terminal.ended() == 0
    assert (
        json.loads(shown(environ, "series", "--days", "5", "--format", "json").stdout)["window"]["days"] == 5
    )


def test_a_printed_view_has_the_persons_own_window_and_glyphs(
    environ: dict[str, str], tmp_path: Path
) -> None:
    assert json.loads(shown(environ, "series", "--format", "json").stdout)["window"]["days"] == 7
    prefer(tmp_path, "days = 3\nascii = true\n")
    done = shown(environ, "series")
    assert " 3 d " in done.stdout
    assert done.stdout.isascii()
    assert "config.toml" not in done.stderr


def test_mistakes_are_told_with_their_place_and_the_nearest_name_and_nothing_stops(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = prefer(tmp_path, 'dayz = 3\ntheme = "socd-lihgt"\ndays = 400\n\n[keys]\nexprot = "x"\n')
    done = shown(environ, "series", "--format", "json")
    assert done.stderr.splitlines()[0] == (
        f"socd-tui: {path}, line 1: there is no setting 'dayz'. The nearest is 'days'."
    )
    assert f"{path}, line 3: days is a whole number from 1 to 90." in done.stderr
    assert json.loads(done.stdout)["window"]["days"] == 7
    # Messages of the UI are as wide as this terminal, so that nothing else stands in their lines.
    with Terminal(environ=environ, size=(72, 45)) as terminal:
        terminal.shows("1 Overview", " 7 d ", "Production SIEM")
        tells(terminal, f"{path}, line 2: 'socd-lihgt' is no theme. The nearest is 'socd-light'.")
        tells(terminal, f"{path}, line 6: there is no binding 'exprot'. The nearest is 'export'.")
        terminal.type("q")
        assert terminal.ended() == 0


def test_a_file_that_is_no_toml_is_told_with_its_line_and_the_defaults_hold(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = prefer(tmp_path, "days = 3\ntheme = \n")
    done = shown(environ, "series", "--format", "json")
    assert done.stderr.startswith(f"socd-tui: {path}: ")
    assert "line 2" in done.stderr
    assert json.loads(done.stdout)["window"]["days"] == 7
