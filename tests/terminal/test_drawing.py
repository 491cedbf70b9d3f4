"""What reaches the terminal: the first screen, a tour, and which bytes it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import renamed, service
from tests.journeys.test_looking import HOSTILE
from tests.terminal.pseudo import ALTERNATE_SCREEN, CURSOR, PASTE, PROGRAM, Terminal, environment

ANSWERED = ("Production", "over", "x usual")
"""On the first screen once the figures are there and what is usual is known."""

PROGRESS = re.compile(r" \d+/\d+ ")
"""In the rule while a refresh runs."""


def opened(*arguments: str, environ: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> Terminal:
    terminal = Terminal(*arguments, environ=environ, size=size)
    terminal.until(lambda: all(words in terminal.text for words in ANSWERED))
    terminal.until(lambda: not PROGRESS.search(terminal.lines[2]))
    terminal.taken_over()
    terminal.settled()
    return terminal


def test_the_demo_opens_with_every_key_and_no_account(environ: dict[str, str]) -> None:
    with opened("--demo", environ=environ) as terminal:
        for name in ("Production", "threat-note", "MISP sync", "SOAR", "dev sandbox", "1 not found"):
            assert name in terminal.text
        assert terminal.text.split("\n")[0].rstrip().endswith("demo")
        assert b"signed out" not in terminal.output, "the demo signs in by itself"
        assert terminal.private_modes()[ALTERNATE_SCREEN] is True
        assert terminal.private_modes()[PASTE] is True
        assert terminal.private_modes()[CURSOR] is False


def test_it_lives_on_where_the_terminal_grows_behind_an_open_line(environ: dict[str, str]) -> None:
    """What is behind the line, with a message over it, has its former size for a moment."""
    with opened("--demo", environ=environ, size=(120, 28)) as terminal:
        terminal.type("y")
        terminal.settled()
        terminal.type("/")
        terminal.shows("filter Overview")
        terminal.resize(120, 40)
        terminal.settled()
        terminal.type("siem")
        terminal.shows("1 of 10")
        assert len(terminal.lines) == 40


def test_the_views_are_toured_by_number(environ: dict[str, str]) -> None:
    with opened("--demo", environ=environ) as terminal:
        for key, word in (
            ("2", "Series"),
            ("3", "/api/v1/iocs"),
            ("4", "fine: 200"),
            ("5", "429"),
            ("6", "minute"),
            ("7", "owner, key"),
        ):
            terminal.type(key)
            terminal.shows(word)
            terminal.shows("threat-notebook")
        terminal.type("1")
        terminal.shows("SOAR")


def test_arrow_keys_and_the_mouse_arrive_and_a_step_writes_what_differs_and_no_more(
    environ: dict[str, str],
) -> None:
    with opened("--demo", environ=environ) as terminal:
        terminal.until(lambda: "runs away" in terminal.lines[-2])
        terminal.settled()
        before = len(terminal.output)
        terminal.type("\x1b[B")
        terminal.until(lambda: "MISP sync" in terminal.lines[-2])
        # A step of the cursor writes what differs and no more: the whole screen is some 4,000.
        assert len(terminal.output) - before < 1_000
        rows = enumerate(terminal.lines)
        line = next(y for y, text in rows if re.match(r" SOAR enrichment +\d", text))
        terminal.type(f"\x1b[<0;5;{line + 1}M\x1b[<0;5;{line + 1}m")
        terminal.until(lambda: "SOAR enrichment" in terminal.lines[-2])
        terminal.type("\x1b[<65;5;8M")
        terminal.until(lambda: "dev sandbox" in terminal.lines[-2])
        terminal.type("\x1b[H")
        terminal.until(lambda: any(line.startswith("▸Production SIEM") for line in terminal.lines))


def test_the_window_may_be_dragged_to_any_size_and_back(environ: dict[str, str]) -> None:
    with opened("--demo", environ=environ) as terminal:
        for size in ((20, 5), (1, 1), (300, 100), (40, 12), (120, 36)):
            terminal.resize(*size)
            terminal.settled()
            assert terminal.process.poll() is None
        terminal.until(lambda: "runs away" in terminal.lines[-2])


def test_what_something_else_wrote_on_the_screen_is_drawn_over_at_ctrl_l(environ: dict[str, str]) -> None:
    with opened("--demo", environ=environ, size=(100, 30)) as terminal:
        terminal.settled()
        drawn = terminal.text
        terminal.interfere(b"\x1b[2J\x1b[5;5HBroadcast message from root")
        terminal.shows("Broadcast message from root")
        assert "? help" not in terminal.text
        terminal.type("\x0c")
        terminal.until(lambda: terminal.text == drawn)


def test_what_was_written_key_by_key_is_what_is_drawn_at_once(environ: dict[str, str]) -> None:
    with opened("--demo", environ=environ, size=(130, 40)) as terminal:
        for key in [
            "2",
            "1",
            "j",
            "j",
            "3",
            "5",
            "6",
            "1",
            "8",
            "j",
            "1",
            "z",
            "4",
            "z",
            "t",
            "2",
            "1",
            "space",
            "7",
        ]:
            before = len(terminal.output)
            terminal.type(" " if key == "space" else key)
            terminal.until(lambda before=before: len(terminal.output) > before)  # type: ignore[misc]
            terminal.settled()
            written = cells(terminal)
            terminal.type("\x0c")
            terminal.settled()
            assert cells(terminal) == written, key


@pytest.mark.parametrize("size", [(130, 40), (80, 24)])
def test_what_is_opened_and_closed_is_what_is_drawn_at_once(
    environ: dict[str, str], size: tuple[int, int]
) -> None:
    def changed(keys: str) -> list[list[tuple[str, ...]]]:
        before = len(terminal.output)
        terminal.type(keys)
        terminal.until(lambda: len(terminal.output) > before)
        terminal.settled(0.3)
        return cells(terminal)

    with opened("--demo", environ=environ, size=size) as terminal:
        for key in ("?", ":", "/", ",", "s", "S", "E", "w"):
            written = changed(key)
            for width in (size[0] - 1, size[0]):
                terminal.resize(width, size[1])
                terminal.settled(0.3)
            # Its cursor blinks.
            terminal.until(lambda written=written: cells(terminal) == written)  # type: ignore[misc]
            written = changed(_KEYS["ESC"])
            assert changed("\x0c") == written, key


def test_what_is_opened_is_written_once(environ: dict[str, str]) -> None:
    with opened("--demo", environ=environ) as terminal:
        terminal.settled()
        before = len(terminal.output)
        terminal.type("?")
        terminal.shows("What the numbers mean")
        terminal.settled()
        assert terminal.output[before:].count(b"What the numbers mean") == 1


def test_what_is_typed_and_pasted_with_the_key_that_opens_a_line_goes_into_it(
    environ: dict[str, str],
) -> None:
    with opened("--demo", environ=environ, size=(120, 30)) as terminal:
        terminal.type("/SO\x1b[200~AR\x1b[201~")
        terminal.shows("filter Overview: SOAR")
        terminal.type(_KEYS["ESC"])
        terminal.until(lambda: "filter Overview:" not in terminal.text)
        terminal.type("3:SOAR")
        terminal.shows("go to: SOAR", "/api/v1/iocs")


def cells(terminal: Terminal) -> list[list[tuple[str, ...]]]:
    """Each cell below the header, which tells ages, as it is seen: of a blank, its ground."""
    buffer, width = terminal.screen.buffer, terminal.screen.columns
    rows = [[buffer[y][x] for x in range(width)] for y in range(1, terminal.screen.lines)]
    return [
        [(each.bg,) if each.data == " " else (each.data, each.fg, each.bg, str(each.bold)) for each in row]
        for row in rows
    ]


def test_a_size_in_the_environment_does_not_keep_the_window_from_being_dragged(tmp_path: Path) -> None:
    environ = environment(tmp_path, COLUMNS="80", LINES="24")
    with opened("--demo", environ=environ, size=(100, 30)) as terminal:
        assert "? help" in terminal.lines[29]
        terminal.resize(130, 40)
        terminal.until(lambda: "? help" in terminal.lines[39])


def test_a_folder_that_was_deleted_is_told_and_exports_go_home(tmp_path: Path) -> None:
    folder, environ = tmp_path / "deleted", environment(tmp_path / "home")
    folder.mkdir()
    program = ("/bin/sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", *PROGRAM)
    with Terminal("--demo", environ=environ, size=(120, 36), program=program, folder=folder) as terminal:
        terminal.shows("The current folder is gone", *ANSWERED)
        terminal.type("e")
        terminal.shows("Exported to socd-overview")
    assert len(list((tmp_path / "home").glob("socd-overview-*.json"))) == 1


VIEWS_AND_HELP = "} 2 } } 3 4 5 6 7 } ? ESC"
EVERYTHING = "c 2 3 4 ENTER ESC 5 6 ENTER ESC 7 1 c ? ESC w 9 1 ENTER ESC E ESC PALETTE t ESC t R"
"""All there is to open: views beside the window before, details, help, prompts, palette, themes, messages."""

# Escape as kitty's key protocol has it: a bare one would be a key only once nothing follows it for a while.
_KEYS = {"ESC": "\x1b[27u", "ENTER": "\r", "PALETTE": "\x10"}


def toured(terminal: Terminal, keys: str) -> Terminal:
    """Presses the keys in turn and quits."""
    for key in keys.split():
        terminal.type(_KEYS.get(key, key))
        terminal.settled(for_s=0.04)
    terminal.type("\x11")  # ctrl+q, which nothing that is open takes for itself
    assert terminal.ended() == 0
    return terminal


def test_no_color_sends_not_one_colour_and_what_is_underlined_for_want_of_it_is_words_without_blanks(
    tmp_path: Path,
) -> None:
    with opened("--demo", environ=environment(tmp_path, NO_COLOR="1")) as terminal:
        terminal.until(lambda: "runs away" in terminal.lines[-2])
        rows = [terminal.screen.buffer[y] for y in range(terminal.screen.lines)]
        runs = [
            "".join(cell.data for cell in run)
            for row in rows
            for underlined, run in groupby(
                (row[x] for x in range(terminal.screen.columns)), key=lambda cell: cell.underscore
            )
            if underlined
        ]
        assert runs
        assert [run for run in runs if run != run.strip()] == []
        assert toured(terminal, EVERYTHING).colours() == set()


def test_an_empty_no_color_means_colours(tmp_path: Path) -> None:
    with opened("--demo", environ=environment(tmp_path, NO_COLOR="")) as terminal:
        assert "38" in terminal.colours()


def test_the_option_no_color_is_as_good_as_the_variable(environ: dict[str, str]) -> None:
    with opened("--demo", "--no-color", environ=environ) as terminal:
        assert terminal.colours() == set()


def test_ascii_draws_ascii_only(environ: dict[str, str]) -> None:
    with opened("--demo", "--ascii", environ=environ) as terminal:
        assert [char for char in toured(terminal, EVERYTHING).drawn() if not char.isascii()] == []


@pytest.fixture(scope="module")
def hostile() -> Iterator[DemoServer]:
    with service(Clock()) as server:
        renamed(server, "Production over", *HOSTILE[1:])
        yield server


def test_hostile_names_add_no_sequence_that_a_harmless_run_does_not_send(
    hostile: DemoServer, environ: dict[str, str]
) -> None:
    signed_in = {"SOCD_BASE_URL": hostile.base_url, "SOCD_SESSION_TOKEN": hostile.token}
    kinds = []
    for arguments, extra in ((("--demo",), {}), ((), signed_in)):
        with opened(*arguments, environ={**environ, **extra}) as terminal:
            kinds.append(toured(terminal, VIEWS_AND_HELP).sequences())
    assert kinds[1] <= kinds[0]
    assert not any(char < " " and char not in "\r\n" for char in terminal.drawn())
