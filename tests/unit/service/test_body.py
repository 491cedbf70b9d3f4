"""Bytes to JSON: bombs, truncation, depth and odd numbers each end in one typed error or in a value."""

from __future__ import annotations

import gzip
import json
import math
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import Malformed, TooLarge
from socd_tui.service.body import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_VALUES,
    MAX_WIDE_BYTES,
    inflate,
    parse_json,
)
from tests.account import key_row

JSON = b'{"data": [1, 2, 3]}'


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (JSON, ""),
        (JSON, "identity"),
        (gzip.compress(JSON), "gzip"),
        (gzip.compress(JSON), " GZip "),
        (gzip.compress(JSON), "x-gzip"),
        (zlib.compress(JSON), "deflate"),
        (raw_deflate(JSON), "deflate"),
        (gzip.compress(JSON) + b"trailing garbage", "gzip"),
    ],
    ids=range(8),  # gzip data holds the time: no two runs would agree on the names
)
def test_it_inflates(raw: bytes, encoding: str) -> None:
    assert inflate(raw, encoding) == JSON


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "aes128gcm", "\x1b[2J"])
def test_an_encoding_nobody_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(Malformed, match="compressed in a way") as caught:
        inflate(JSON, encoding)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (gzip.compress(JSON)[:-9], "gzip"),
        (gzip.compress(JSON)[:3], "gzip"),
        (b"not gzip", "gzip"),
        (gzip.compress(JSON)[:-8] + b"\0" * 8, "gzip"),
        (zlib.compress(JSON)[:-6], "deflate"),
        (b"\xff\xff", "deflate"),
    ],
    ids=range(6),
)
def test_a_damaged_stream_is_malformed(raw: bytes, encoding: str) -> None:
    with pytest.raises(Malformed, match="damaged or was cut short"):
        inflate(raw, encoding)


def test_the_cap_is_exact() -> None:
    exact = b" " * MAX_BYTES
    assert len(inflate(exact)) == MAX_BYTES
    assert len(inflate(gzip.compress(exact), "gzip")) == MAX_BYTES
    for raw, encoding in [(exact + b" ", ""), (gzip.compress(exact + b" "), "gzip"), (exact + b" ", "gzip")]:
        with pytest.raises(TooLarge, match="8 MiB"):
            inflate(raw, encoding)


def test_a_bomb_costs_no_more_than_the_cap() -> None:
    bomb = gzip.compress(b"\0" * (64 * 1024 * 1024), 9)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            inflate(bomb, "gzip")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * MAX_BYTES


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", ""]))
def test_any_bytes_end_in_bytes_or_a_typed_error(raw: bytes, encoding: str) -> None:
    with suppress(Malformed):
        parse_json(inflate(raw, encoding))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty answer"),
        (b" \r\n", "empty answer"),
        (b"\xef\xbb\xbf", "empty answer"),
        (b"<!doctype html><title>Sign in</title>", "web page"),
        (b"\n <html>", "web page"),
        (b'{"data": [1, 2', "cut short"),
        (b'{"data": "abc', "cut short"),
        (b"upstream timed out", "not JSON"),
        (b'{"a": 1} {"b": 2}', "not JSON"),
        (b'{"name": "\xff\xfe"}', "not JSON"),
        (b"\x1f\x8b\x08", "not JSON"),
    ],
)
def test_what_is_not_json_says_what_to_do(body: bytes, message: str) -> None:
    with pytest.raises(Malformed, match=message) as caught:
        parse_json(body)
    assert caught.value.next_step


def test_a_byte_order_mark_is_tolerated() -> None:
    assert parse_json(b"\xef\xbb\xbf" + JSON) == {"data": [1, 2, 3]}


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_the_depth_limit_is_exact(opening: str, closing: str) -> None:
    def nested(depth: int, leaf: str) -> bytes:
        return (opening * depth + leaf + closing * depth).encode()

    parse_json(nested(MAX_DEPTH, "1"))
    for depth in (MAX_DEPTH + 1, 1_000, 100_000):
        with pytest.raises(Malformed, match="nested"):
            parse_json(nested(depth, "1"))


def test_brackets_in_a_string_are_not_depth() -> None:
    assert parse_json(json.dumps("[" * 1000).encode()) == "[" * 1000


def test_depth_without_end_is_refused_too() -> None:
    with pytest.raises(Malformed):
        parse_json(b"[" * MAX_VALUES)


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("999999999999999999", 999_999_999_999_999_999),
        ("-999999999999999999", -999_999_999_999_999_999),
        ("1000000000000000000", 1e18),
        ("9" * 5000, math.inf),
        ("-" + "9" * 5000, -math.inf),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        ("1e999", math.inf),
    ],
)
def test_numbers_of_any_size_are_read(literal: str, value: float) -> None:
    read = parse_json(literal.encode())
    assert read == value
    assert type(read) is type(value)


def test_nan_is_a_float() -> None:
    read = parse_json(b'{"p95": NaN}')
    assert isinstance(read, dict)
    assert math.isnan(read["p95"])


@pytest.mark.parametrize("body", [b'"\\ud800"', b'"\xed\xa0\x80"'])
def test_lone_surrogates_are_kept(body: bytes) -> None:
    assert parse_json(body) == "\ud800"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@given(json_values)
def test_ordinary_json_arrives_unchanged(value: object) -> None:
    assert parse_json(inflate(gzip.compress(json.dumps(value).encode()), "gzip")) == value


@pytest.mark.parametrize("piece", [b"[],", b'{"a":1},', b"1,"])
def test_more_values_than_any_answer_has_are_refused_before_they_are_made(piece: bytes) -> None:
    with pytest.raises(TooLarge, match="values"):
        parse_json(b"[" + piece * (MAX_VALUES + 1) + b"1]")


def test_a_list_of_ten_thousand_keys_is_read() -> None:
    rows = [key_row(number, name="\U0001f511") for number in range(10_000)]
    body = json.dumps({"data": rows}).encode()
    assert parse_json(body) == {"data": rows}


def test_characters_that_take_four_bytes_are_read_in_answers_of_three_megabytes() -> None:
    text = "\U0001f511" + "a" * (MAX_WIDE_BYTES - 6)
    assert parse_json(json.dumps(text, ensure_ascii=False).encode()) == text
    with pytest.raises(TooLarge, match="3 MiB"):
        parse_json(json.dumps(text + "a", ensure_ascii=False).encode())
