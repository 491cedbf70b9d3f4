"""What an answer says is read in place where that takes less than to begin a thread for it."""

from __future__ import annotations

import gzip
import json

import pytest

from socd_tui.service.payload import Documented
from socd_tui.service.reply import MOST_AT_ONCE, MOST_JSON_AT_ONCE, Reply

USAGE = {"data": {"window_days": 7, "total_requests": 12}}


def reply(body: bytes) -> Reply:
    return Reply(200, {"content-encoding": "gzip"}, gzip.compress(body))


def test_a_small_answer_is_read_in_place() -> None:
    figures = reply(json.dumps(USAGE).encode()).at_once()
    assert isinstance(figures, Documented)
    assert figures.told == USAGE["data"]
    limits = {"data": {"rate_limit_per_minute": 100}}
    assert reply(json.dumps(limits).encode()).at_once() == limits


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"",
        json.dumps(["x" * MOST_JSON_AT_ONCE]).encode(),
        bytes(MOST_AT_ONCE * 5),  # that many zeros are small on their way
    ],
)
def test_what_takes_longer_or_has_to_be_explained_is_not(body: bytes) -> None:
    assert reply(body).at_once() is None
