"""Lengths of time as they are typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socd_tui.model.errors import UsageError
from socd_tui.model.typed_duration import parse_duration, written

LEAST, MOST = timedelta(seconds=1), timedelta(days=1)


def parsed(text: str, *, bare_s: bool = False) -> timedelta:
    return parse_duration(text, least=LEAST, most=MOST, example="30m", bare_s=bare_s)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("30min", 1800),
        ("1.5h", 5400),
        ("1h30m", 5400),
        (" 1H 30M ", 5400),
        ("1d", 86_400),
    ],
)
def test_it_is_understood_and_written_again(text: str, seconds: int) -> None:
    length = parsed(text)
    assert length == timedelta(seconds=seconds)
    assert parsed(written(length)) == length


@pytest.mark.parametrize(
    "text", ["", "30", "0s", "-5m", "2d", "m", "1m1h", "9" * 30, "1e3s", "٣m", "30m\x1b[2J"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="Write it as 30m"):
        parsed(text)


def test_a_number_alone_is_seconds_where_that_is_meant() -> None:
    assert parsed("60", bare_s=True) == timedelta(minutes=1)
