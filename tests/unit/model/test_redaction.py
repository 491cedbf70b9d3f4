"""What is taken out of a text that nobody planned: a secret, in whatever form it got there."""

from __future__ import annotations

import json
import textwrap
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from socd_tui.model.redaction import HIDDEN, LEAST, redacted
from socd_tui.model.session import Secret, known_secrets
from tests.trust.canary import Canary

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5"
OPAQUE = "s3cret/with+odd=signs&é"


@pytest.mark.parametrize("secret", [TOKEN, OPAQUE])
@pytest.mark.parametrize("before", ["", "a", "ab", "Cookie: sb-access-token="])
def test_no_form_of_a_secret_is_left(secret: str, before: str) -> None:
    whole = f"{before}{secret}; other=1"
    for text in (
        whole,
        quote(whole, safe=""),
        json.dumps(whole, ensure_ascii=False),
        b64encode(whole.encode()).decode(),
        urlsafe_b64encode(whole.encode()).decode(),
        whole.encode().hex(),
    ):
        left = redacted(f"it failed: {text} was not expected", [secret])
        assert HIDDEN in left
        for part in secret.split("."):
            core = b64encode(part.encode()).decode().rstrip("=")[2:-2]
            for form in (part, quote(part, safe=""), core, part.encode().hex()):
                assert form not in left
        assert left.startswith("it failed: ")
        assert left.endswith(" was not expected")


@pytest.mark.parametrize("part", TOKEN.split("."))
def test_a_part_of_a_token_is_a_secret_too(part: str) -> None:
    assert part not in redacted(f"cannot decode {part!r}", [TOKEN])


def test_a_token_that_nobody_has_told_us_of_is_taken_out_by_its_looks() -> None:
    assert redacted(f"got {TOKEN}!", []) == "got ****!"
    assert redacted(f"got {TOKEN.lower()}!", []) == "got ****!"
    assert redacted(f"got {TOKEN[:30]}", []) == "got ****"
    assert redacted("got eyJhb", []) == "got eyJhb"


@given(st.text(max_size=200).filter(lambda text: "eyJ" not in text))
def test_what_holds_no_secret_stays(text: str) -> None:
    assert redacted(text, [TOKEN, ""]) == text or any(part in text for part in TOKEN.split("."))


def test_eight_characters_are_a_secret_and_seven_are_in_any_text() -> None:
    assert redacted("the code is 12345678.", ["12345678"]) == "the code is ****."
    assert redacted("the code is 1234567.", ["1234567"]) == "the code is 1234567."
    parted = "abcdefgh.1234567.QWERTYUIOPASDFGH"
    assert redacted("abcdefgh or 1234567 or QWERTYUIOPASDFGH", [parted]) == "**** or 1234567 or ****"


def test_twelve_characters_in_a_row_give_a_secret_away_wherever_they_are_cut_from() -> None:
    for start in range(len(LONG) - 11):
        assert redacted(f"<{LONG[start : start + 12]}>", [LONG]) == "<****>"
    for start in range(len(LONG) - 10):
        assert redacted(f"<{LONG[start : start + 11]}>", [LONG]) == f"<{LONG[start : start + 11]}>"


def test_each_stretch_that_is_secret_is_one_mark_and_the_rest_stays() -> None:
    assert redacted(LONG, [LONG]) == "****"
    assert redacted(f"{LONG} and {LONG}", [LONG]) == "**** and ****"
    assert redacted("abcdefghijklmnopqr", ["abcdefghijkl", "ghijklmnopqr"]) == "****"
    assert redacted("ghijklmnopqr, abcdefghijkl", ["abcdefghijkl", "ghijklmnopqr"]) == "****, ****"
    assert redacted("nothing", [LONG]) == "nothing"
    assert redacted("", [LONG]) == ""


LONG = "s3cret/with+odd=signs&no\\dots~{}"
"""Its characters are written differently in each form."""


@pytest.mark.parametrize(
    "write",
    [
        lambda secret: secret,
        lambda secret: secret.upper(),
        lambda secret: secret[::-1],
        lambda secret: quote(secret, safe=""),
        lambda secret: json.dumps(secret)[1:-1],
        lambda secret: secret.encode().hex(),
        lambda secret: secret.encode().hex().upper(),
        lambda secret: "".join(f"%{ord(char):02X}" for char in secret),
        lambda secret: "".join(f"\\x{ord(char):02x}" for char in secret),
        lambda secret: "".join(f"\\u{ord(char):04x}" for char in secret),
        lambda secret: "".join(f"&#{ord(char)};" for char in secret),
        lambda secret: "".join(f"&#x{ord(char):x};" for char in secret),
        lambda secret: "".join(f"{char}\\0" for char in secret),
        lambda secret: "".join(f"{char}\\x00" for char in secret),
    ],
)
def test_of_a_text_with_a_secret_in_it_nothing_else_goes(write: Callable[[str], str]) -> None:
    for secret in (LONG, LONG[:12], LONG[-8:]):
        assert redacted(f"failed: <{write(secret)}> in it", [secret]) == "failed: <****> in it"


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "y", "yz", "xyz"])
def test_in_base64_what_the_neighbours_alone_decide_stays(
    encode: Callable[[bytes], bytes], before: str, after: str
) -> None:
    """Four characters of it are three bytes: one at an edge has bits of the secret and of its neighbour."""
    for secret in (LONG, "?>~?>~?>"):
        encoded = encode(f"{before}{secret}{after}".encode()).decode()
        first, end = -(-len(before) * 8 // 6), len(before + secret) * 8 // 6
        left = redacted(f"<{encoded}>", [secret])
        assert left == f"<{encoded[:first]}****{encoded[end:]}>"


@given(st.text(st.characters() | st.characters(categories=["Cs"]), min_size=LEAST, max_size=30))
@example("\udcff\ud800" * 8)
def test_any_text_can_be_a_secret(secret: str) -> None:
    left = redacted(f"<{secret}>", [secret])
    assert secret not in left or sum(char not in " \0\t\r\n\"'`,|" for char in secret) < LEAST


def test_whatever_was_ever_a_secret_is_known_as_one() -> None:
    Secret(OPAQUE)
    assert OPAQUE in known_secrets()
    assert OPAQUE not in repr(known_secrets.__globals__["_SECRETS"])


@pytest.mark.parametrize(
    "write",
    [
        lambda token: token[20:40],
        lambda token: "\n    ".join(textwrap.wrap(token, 20)),
        lambda token: token.lower(),
        lambda token: token[::-1],
        lambda token: token.encode().hex(" ", 4),
        lambda token: "".join(f"\\u{ord(char):04x}" for char in token),
        lambda token: "".join(f"%{ord(char):02X}" for char in token),
        lambda token: "".join(f"&#{ord(char)};" for char in token),
        lambda token: repr(token.encode("utf-16-le")),
        lambda token: token.encode("utf-16-le").decode("latin-1"),
        lambda token: json.dumps(json.dumps([token])),
    ],
)
def test_it_is_found_cut_wrapped_folded_and_escaped(write: Callable[[str], str]) -> None:
    for token in (TOKEN, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.x-Y_z0123456789"):
        left = redacted(f"it failed: {write(token)} was not expected", [token])
        assert Canary((token,)).form_in(left.encode()) == ""
        assert left.startswith("it failed: ")
        assert left.endswith(" was not expected")
