"""What a terminal sends becomes keys or one pasted text, whatever pieces it comes in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.tui.intake import (
    AFTERMATH_S,
    LOST_END_S,
    LOST_REPLY_S,
    PASTE_END,
    PASTE_START,
    PAUSE_S,
    Intake,
    Item,
    Pasted,
)

LIMIT = 1000
PROSE = b"the quick brown fox quits the program at once\r"
MOUSE = b"\x1b[<64;10;10M"


def taken(*pieces: bytes, limit: int = LIMIT, apart_s: float = 0.0) -> list[Item]:
    """All that comes out when these come in, and then nothing more."""
    intake, now = Intake(limit), 0.0
    items: list[Item] = []
    for piece in pieces:
        items += intake.settle(now)
        items += intake.take(piece, now)
        now += apart_s
    if intake.due is not None:
        items += intake.settle(max(now, intake.due))
    assert intake.due is None
    return items


def keys(items: list[Item]) -> bytes:
    return b"".join(item for item in items if isinstance(item, bytes))


def texts(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Pasted)]


@pytest.mark.parametrize(
    "typed",
    [
        b"q",
        b"/requests>10k\r",
        b"\x1b",
        b"\x1b[",
        b"\x1b[A" * 300,
        MOUSE * 300,
        b"\x1b[M !!" * 300,
        b"j" * 200,
        b"\x1bx" * 100,
        "ä€".encode() * 5,
    ],
)
def test_keys_held_keys_and_the_wheel_come_through_as_they_are(typed: bytes) -> None:
    assert taken(typed) == [typed] or keys(taken(typed)) == typed
    assert texts(taken(typed)) == []


def test_a_person_types_for_hours() -> None:
    assert taken(*[b"q", b"ab"] * 5000, apart_s=0.08) == [b"q", b"ab"] * 5000


def test_an_unmarked_paste_is_a_text_and_no_keys() -> None:
    assert taken(PROSE) == [Pasted(PROSE.decode())]
    assert taken(PROSE, b"q", b"q\r") == [Pasted(PROSE.decode() + "qq\r")]
    assert taken(b"x" * 300) == [Pasted("x" * 300)]


def test_a_key_after_an_unmarked_paste_is_a_key_and_its_delayed_rest_is_not() -> None:
    assert taken(PROSE, b"q", apart_s=PAUSE_S) == [Pasted(PROSE.decode()), b"q"]
    assert texts(taken(PROSE, b"quit", apart_s=AFTERMATH_S - 0.01)) == [PROSE.decode(), "quit"]
    assert taken(PROSE, b"/quit\r", apart_s=AFTERMATH_S) == [Pasted(PROSE.decode()), b"/quit\r"]


@pytest.mark.parametrize("leave", [b"\x03", b"\x11"])
def test_ctrl_c_and_ctrl_q_are_keys_in_the_middle_of_an_unmarked_paste(leave: bytes) -> None:
    assert keys(taken(PROSE + leave)) == leave
    assert keys(taken(PROSE, leave)) == leave
    assert keys(taken(PROSE, leave * 5000, PROSE)) == leave * 5000


def test_the_wheel_ends_an_unmarked_paste() -> None:
    assert taken(PROSE, MOUSE) == [Pasted(PROSE.decode()), MOUSE]


@given(
    text=st.text(st.characters(exclude_characters="\x1b\x00", exclude_categories=["Cs"]), max_size=40),
    cuts=st.lists(st.integers(0, 60), max_size=5),
)
def test_a_marked_paste_is_whole_in_whatever_pieces(text: str, cuts: list[int]) -> None:
    data = b"k" + PASTE_START + text.encode() + PASTE_END + b"\x1b[B"
    edges = [0, *sorted(cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges) if start < end]
    items = taken(*pieces)
    assert texts(items) == [text]
    assert keys(items) == b"k\x1b[B"


@pytest.mark.parametrize("pieces", [(PASTE_START, PASTE_END), ()])
def test_of_a_paste_no_more_is_kept_than_the_limit(pieces: tuple[bytes, ...]) -> None:
    start, end = pieces or (b"", b"")
    items = taken(start, *[PROSE] * 1000, end, b"" if pieces else b"\x1b[B")
    (text,) = texts(items)
    assert len(text) == LIMIT
    assert text.startswith(PROSE.decode())
    assert keys(items) == (b"" if pieces else b"\x1b[B")


def test_a_marked_paste_without_an_end_is_over_after_a_while() -> None:
    items = taken(PASTE_START + PROSE + PASTE_END[:3], b"q", apart_s=LOST_END_S)
    assert items == [Pasted((PROSE + PASTE_END[:3]).decode()), b"q"]


def test_a_text_that_is_no_utf_8_is_taken_too() -> None:
    assert texts(taken(PASTE_START + b"\xff\x00a" + PASTE_END)) == ["\ufffda"]


REPLIES = (
    b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    b"\x1b]11;rgb:ffff/ffff/ffff\x07",
    b"\x1b]10;rgb:0000/0000/0000\x07\x1b]11;rgb:ffff/ffff/ffff\x07",
    b"\x1bP>|XTerm(388)\x1b\\",
    b"\x1bP1+r436f=323536\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b[?62;1;6;22c",
    b"\x1b[>41;388;0c",
    b"\x1b[0n",
    b"\x1b[24;80R",
    b"\x1b[?1u",
    b"\x1b[8;24;80t",
    b"\x1b[4;480;640t",
)
"""What terminals answer to questions: their colours, names, abilities, cursor and size."""


@pytest.mark.parametrize("reply", REPLIES)
def test_what_a_terminal_answers_is_no_key_in_whatever_pieces_it_comes(reply: bytes) -> None:
    assert taken(reply) == []
    assert keys(taken(b"j" + reply + b"k")) == b"jk"
    for at in range(1, len(reply)):
        assert keys(taken(reply[:at], reply[at:])) == b"", (reply[:at], reply[at:])
    assert keys(taken(*(bytes([byte]) for byte in reply), b"q")) == b"q"


def test_an_answer_whose_end_is_lost_swallows_no_more_than_half_a_second() -> None:
    assert keys(taken(b"\x1b]11;rgb:ffff", b"q", apart_s=LOST_REPLY_S)) == b"q"
    assert keys(taken(b"\x1b]11;rgb:ffff", b"\x03")) == b"\x03"
    assert keys(taken(b"\x1b]11;rgb:ffff", b"\x1b[A")) == b"\x1b[A"


@pytest.mark.parametrize(
    "typed",
    [
        b"\x1b]",
        b"\x1bP",
        b"\x1b_",
        b"\x1b[1;2R",
        b"\x1b[1;5A",
        b"\x1b[?2026;2$y",
        b"\x1b[48;24;80;1;1t",
        b"\x1b\\",
    ],
)
def test_keys_and_reports_that_look_alike_come_through(typed: bytes) -> None:
    assert keys(taken(typed)) == typed
    for at in range(1, len(typed)):
        assert keys(taken(typed[:at], typed[at:])) == typed


def test_what_is_pasted_stays_as_it_is_when_it_looks_like_an_answer() -> None:
    assert texts(taken(PASTE_START + REPLIES[0] + PASTE_END)) == [REPLIES[0].decode()]
