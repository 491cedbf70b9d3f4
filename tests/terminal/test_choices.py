"""What a person chooses on the screen is there again at the next start, unless they want it forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.terminal.pseudo import Terminal, environment

LIGHT, DARK = b"48;2;251;250;247", b"48;2;16;20;24"


@pytest.fixture
def environ(live: DemoServer, tmp_path: Path) -> dict[str, str]:
    return environment(
        tmp_path, SOCD_BASE_URL=live.base_url, SOCD_SESSION_TOKEN=live.token, TZ="Asia/Kolkata"
    )


def kept(home: Path) -> list[Path]:
    return sorted((home / "state" / "socd-tui").glob("choices-*"))


def chosen(environ: dict[str, str]) -> None:
    """Somebody takes the light theme, a window of two weeks and local hours, and leaves at once."""
    with Terminal(environ=environ, size=(90, 30)) as terminal:
        terminal.shows("  7 d ", "Production SIEM", "total")
        assert DARK in terminal.output
        terminal.type("t]5u")
        terminal.shows("14 d", "IST")
        terminal.type("q")
        assert terminal.ended() == 0


def test_theme_window_and_zone_are_there_again_and_reset_view_forgets_them(
    environ: dict[str, str], tmp_path: Path
) -> None:
    chosen(environ)
    assert [path.stat().st_mode & 0o777 for path in kept(tmp_path)] == [0o600]
    with Terminal(environ=environ, size=(90, 30)) as terminal:
        terminal.shows(" 14 d ", "Production SIEM")
        assert LIGHT in terminal.output
        assert DARK not in terminal.output
        terminal.type("5")
        terminal.shows("IST")
        terminal.type("q")
        assert terminal.ended() == 0
    with Terminal("--reset-view", environ=environ, size=(90, 30)) as terminal:
        terminal.shows("  7 d ", "Production SIEM")
        assert LIGHT not in terminal.output
        terminal.type("q")
        assert terminal.ended() == 0
    assert kept(tmp_path) == []


def test_the_command_line_wins_and_is_not_taken_for_a_choice(environ: dict[str, str], tmp_path: Path) -> None:
    chosen(environ)
    before = kept(tmp_path)[0].read_bytes()
    for options in (("--days", "3", "--theme", "socd-dark"), ("--ascii",)):
        with Terminal(*options, environ=environ, size=(90, 30)) as terminal:
            terminal.shows("  3 d " if "--days" in options else " 14 d ", "Production SIEM")
            assert (DARK if "--theme" in options else LIGHT) in terminal.output
            terminal.type("q")
            assert terminal.ended() == 0
        assert kept(tmp_path)[0].read_bytes() == before


def test_what_was_chosen_wins_over_the_settings_until_it_is_what_they_say(
    environ: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "config" / "socd-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("days = 30\n")
    for keys, days in (("[", 14), ("]", 30)):
        with Terminal(environ=environ, size=(90, 30)) as terminal:
            terminal.shows("Production SIEM", "total")
            terminal.type(keys)
            terminal.shows(f" {days} d ")
            terminal.type("q")
            assert terminal.ended() == 0
        assert len(kept(tmp_path)) == (days != 30)
        with Terminal(environ=environ, size=(90, 30)) as terminal:
            terminal.shows(f" {days} d ")
            terminal.type("q")
            assert terminal.ended() == 0


def test_a_damaged_file_is_told_of_once_and_the_program_starts_as_at_first(
    environ: dict[str, str], tmp_path: Path
) -> None:
    chosen(environ)
    kept(tmp_path)[0].write_bytes(b"{")
    with Terminal(environ=environ, size=(120, 30)) as terminal:
        terminal.shows("  7 d ", "is damaged")
        terminal.type("q")
        assert terminal.ended() == 0
    assert [path.suffix for path in kept(tmp_path)] == [".damaged"]


def test_of_the_demo_nothing_is_kept(tmp_path: Path) -> None:
    with Terminal("--demo", environ=environment(tmp_path), size=(90, 30)) as terminal:
        terminal.shows("  7 d ", "Production SIEM", "total")
        terminal.type("t]")
        terminal.shows(" 14 d ")
        terminal.type("q")
        assert terminal.ended() == 0
    assert kept(tmp_path) == []
