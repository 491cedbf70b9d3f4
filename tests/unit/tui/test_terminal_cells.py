"""What is written in place of whole pictures shows the same, and is only what differs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.tui.cell_style import PLAIN, between, changed
from socd_tui.tui.terminal_cells import SYNC_END, SYNC_START, TerminalCells

WIDTH, HEIGHT = 24, 5

STYLES = (
    "",
    "1",
    "2",
    "4;31",
    "7",
    "1;4;97;41",
    "38;5;17",
    "38;2;1;2;3;48;2;4;5;6",
    "1;38;2;1;2;3;48;2;4;5;6",
    "38;2;9;9;9;48;2;4;5;6",
    "9;100",
)
LETTERS = "ab█▓ ·é    "


class Terminal:
    """A terminal of pyte's, and what was written to it."""

    def __init__(self, width: int = WIDTH) -> None:
        self.screen = pyte.Screen(width, HEIGHT)
        self._stream = pyte.Stream(self.screen)

    def write(self, data: str) -> None:
        self._stream.feed(data)

    @property
    def shown(self) -> list[list[object]]:
        """Each cell as it is seen: the ink of a blank is not."""
        cells = [[self.screen.buffer[y][x] for x in range(self.screen.columns)] for y in range(HEIGHT)]
        return [
            [
                (cell.bg if cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
                 else cell)
                for cell in row
            ]
            for row in cells
        ]  # fmt: skip


def placed(x: int, y: int, *pieces: tuple[str, str]) -> str:
    """As Textual writes: where, and each piece with all of its style, which ends with it."""
    text = "".join(f"\x1b[{codes}m{text}\x1b[0m" if codes else text for codes, text in pieces)
    return f"\x1b[{y + 1};{x + 1}H{text}"


@st.composite
def lines(draw: st.DrawFn, letters: str = LETTERS) -> str:
    y, x = draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 2))
    room = WIDTH - x
    pieces: list[tuple[str, str]] = []
    while room > 0 and draw(st.booleans() if pieces else st.just(True)):
        text = draw(st.text(letters, min_size=1, max_size=min(room, 9)))
        text = text[: room // 2] if any(letter in text for letter in "漢字") else text
        pieces.append((draw(st.sampled_from(STYLES)), text))
        room -= sum(2 if letter in "漢字" else 1 for letter in text)
    ends = "\n" if y < HEIGHT - 1 and draw(st.booleans()) else ""  # Textual's, but never in the last line
    return placed(x, y, *pieces) + ends


def pictures(letters: str = LETTERS) -> st.SearchStrategy[list[str]]:
    return st.lists(st.lists(lines(letters), min_size=1, max_size=6).map("".join), min_size=1, max_size=6)


def both(written: Iterable[str], *, erases: bool = False) -> None:
    naive, ours, cells = Terminal(), Terminal(), TerminalCells()
    cells.erases = erases
    for data in written:
        naive.write(data)
        ours.write(cells.changes(data))
        assert ours.shown == naive.shown
        assert ours.screen.cursor.attrs == pyte.Screen(1, 1).cursor.attrs, "what follows is not coloured"


@given(pictures())
def test_the_terminal_shows_what_it_would_have_shown(written: list[str]) -> None:
    both(written)


@given(pictures("a█" + 9 * " "))
def test_what_is_erased_is_as_if_blanks_had_been_written(written: list[str]) -> None:
    both(written, erases=True)


@given(pictures(LETTERS + "漢字"))
def test_letters_of_two_columns_are_shown_as_they_would_have_been(written: list[str]) -> None:
    both(written)


@given(pictures())
def test_what_is_shown_already_is_not_written_again(written: list[str]) -> None:
    cells = TerminalCells()
    whole = "".join(written) + "\x1b[1;1H"
    cells.changes(whole)
    settled = cells.changes(whole)  # lines may lie over each other
    assert cells.changes(whole) == settled
    if whole.count("H") == 2:
        assert settled == ""


@given(pictures())
def test_after_something_else_has_written_all_is_written_again(written: list[str]) -> None:
    cells, fresh = TerminalCells(), Terminal()
    for data in written:
        cells.changes(data)
    cells.forget()
    naive = Terminal()
    naive.write(written[-1])
    fresh.write(cells.changes(written[-1]))
    assert fresh.shown == naive.shown


@pytest.mark.parametrize("before", STYLES)
@pytest.mark.parametrize("after", STYLES)
def test_a_style_leads_to_another(before: str, after: str) -> None:
    first, second = changed(PLAIN, before), changed(PLAIN, after)
    assert first is not None
    assert second is not None
    naive, ours = Terminal(), Terminal()
    naive.write(f"\x1b[{before}mx\x1b[0;{after}mx")
    ours.write(f"\x1b[{before}mx{between(first, second) if first != second else ''}x")
    assert ours.shown == naive.shown


def test_one_letter_that_differs_is_one_letter_written() -> None:
    cells = TerminalCells()
    style = "38;2;1;2;3;48;2;4;5;6"
    cells.changes(placed(0, 0, (style, "1,234 requests")) + "\x1b[1;1H")
    assert cells.changes(placed(0, 0, (style, "1,235 requests")) + "\x1b[1;1H") == (
        f"\x1b[4C\x1b[{style}m5\x1b[H\x1b[m"
    )


def test_from_one_colour_to_another_only_the_ink_is_told() -> None:
    cells = TerminalCells()
    written = cells.changes(placed(0, 0, ("31;44", "a "), ("1;32;44", "b"), ("44", " c")))
    assert written == "\x1b[H\x1b[31;44ma \x1b[1;32mb \x1b[0;44mc\x1b[m"


def test_a_colour_is_told_once_for_all_that_has_it() -> None:
    cells = TerminalCells()
    rows = "".join(placed(0, y, ("31", "red"), ("32", "green")) for y in range(HEIGHT))
    written = cells.changes(rows)
    assert [written.count(code) for code in ("31m", "32m")] == [1, 1]


def test_blanks_are_erased_and_stepped_over() -> None:
    cells = TerminalCells()
    cells.erases = True
    before, after = ("44", "x" * 24), ("44", f"x{' ' * 14}x{' ' * 8}")
    cells.changes(placed(0, 0, before) + "\x1b[1;1H")
    assert cells.changes(placed(0, 0, after) + "\x1b[1;1H") == (
        "\x1b[C\x1b[44m\x1b[14X\x1b[14Cx\x1b[8X\x1b[H\x1b[m"
    )


def test_the_next_line_is_reached_by_the_shortest_way() -> None:
    cells = TerminalCells()
    shown = "".join(placed(0, y, ("", "x" * WIDTH)) for y in range(3)) + "\x1b[1;1H"
    cells.changes(shown)
    written = cells.changes("".join(placed(11, y, ("", text)) for y, text in enumerate(("ab", "c", "d"))))
    assert written == "\x1b[11Cab\x1b[2D\x1b[Bc\x1b[D\x1b[Bd"
    # From the last column the cursor may be in the next line already.
    written = cells.changes("".join(placed(WIDTH - 2, y, ("", "ab")) for y in range(2)))
    assert written == f"\x1b[1;{WIDTH - 1}Hab\x1b[2;{WIDTH - 1}Hab"


def test_blanks_are_written_with_what_stands_on_their_line() -> None:
    cells = TerminalCells()
    shown = placed(0, 0, ("44", "x" * 20)) + placed(0, 1, ("44", "x" * 20)) + "\x1b[1;1H"
    cells.changes(shown)
    written = cells.changes(
        placed(0, 0, ("31;44", "aa"), ("44", f"{'x' * 12}      "))
        + placed(0, 1, ("44", "x" * 14), ("44", "      "))
        + "\x1b[1;1H"
    )
    assert written == "\x1b[31;44maa\x1b[12C      \x1b[2;15H      \x1b[H\x1b[m"


@pytest.mark.parametrize(
    ("term", "erases"),
    [("xterm-256color", True), ("linux", True), ("screen", False), ("nonsense", False), ("", False)],
)
def test_whether_a_terminal_erases_in_colour_is_what_terminfo_knows(term: str, erases: bool) -> None:
    command = "from socd_tui.tui.terminal_pen import erases_in_colour as e; print(e(1))"
    environ = {**os.environ, "TERM": term}
    # Asked once a process.
    done = subprocess.run(
        [sys.executable, "-c", command], env=environ, check=True, capture_output=True, text=True
    )
    assert done.stdout == f"{erases}\n"


def test_without_curses_nothing_is_erased() -> None:
    command = (
        "import sys; sys.modules['_curses'] = None;"
        "from socd_tui.tui.terminal_pen import erases_in_colour as e; print(e(1))"
    )
    done = subprocess.run([sys.executable, "-c", command], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_lines_that_are_laid_are_shown_as_those_that_are_written() -> None:
    laid, written = Terminal(), Terminal()
    written.write(placed(2, 1, ("31", "red "), ("4;32", " green")) + "\x1b[1;1H")
    laid.write(TerminalCells().laid([(1, 2, [("red ", "31"), (" green", "4;32")])], (0, 0)))
    assert laid.shown == written.shown
    assert (laid.screen.cursor.y, laid.screen.cursor.x) == (0, 0)


def test_a_picture_in_which_nothing_differs_is_nothing() -> None:
    cells = TerminalCells()
    line = placed(0, 0, ("1", "line"))
    assert "".join(map(cells.changes, [SYNC_START, line, SYNC_END])).startswith(SYNC_START)
    assert "".join(map(cells.changes, [SYNC_START, line, SYNC_END])) == ""


@pytest.mark.parametrize(
    "harmless",
    ["\x1b[?25l", "\x1b[?1003h\x1b[?1006h", "\x1b]52;c;YQ==\x07", "\x1b[>1u", "\x07", "\x1b[?2026$p"],
)
def test_what_changes_no_cell_is_passed_on_and_nothing_is_forgotten(harmless: str) -> None:
    cells = TerminalCells()
    line = placed(0, 0, ("1", "line"))
    cells.changes(line)
    assert cells.changes(harmless) == harmless
    assert cells.changes(line) == ""


@pytest.mark.parametrize(
    "other", ["\x1b[2J", "\x1b[?1049h", "\x1bc", "\x1b[1;1Hx\x1b[K", "\x1b[38;9mx", "x\ty"]
)
def test_what_is_not_known_is_passed_on_and_the_screen_is_written_anew(other: str) -> None:
    cells = TerminalCells()
    line = placed(0, 0, ("1", "line"))
    cells.changes(line)
    assert cells.changes(other) == other
    assert "line" in cells.changes(line)
