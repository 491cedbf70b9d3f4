"""Which keys ask a program to leave that does not answer."""

from __future__ import annotations

import pytest

from socd_tui.tui.ward import asked_for


@pytest.mark.parametrize("keys", [b"\x03", b"abc\x03", b"\x1b[99;5u", b"\x1b[99;5:1u"])
@pytest.mark.parametrize("quits", [True, False])
def test_ctrl_c_asks_as_a_signal_does(keys: bytes, quits: bool) -> None:
    assert asked_for(keys, quits=quits) == 2


@pytest.mark.parametrize(
    "keys", [b"q", b"\x11", b"\x1b[113u", b"\x1b[113;1u", b"\x1b[113;;113u", b"\x1b[113;5u"]
)
def test_q_asks_for_an_end_where_it_is_no_part_of_a_text(keys: bytes) -> None:
    assert asked_for(keys, quits=True) == 0
    assert asked_for(keys, quits=False) is None


@pytest.mark.parametrize("keys", [b"", b"quit", b"Q", b"c", b"\x1b[A", b"\x1b[99u", b"\x1b[113;3u"])
def test_other_keys_ask_for_nothing(keys: bytes) -> None:
    assert asked_for(keys, quits=True) is None
