"""What is taken out of a text that nobody planned: a secret, in whatever form it got there."""

from __future__ import annotations

import json
import textwrap
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.redaction import HIDDEN, redacted
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
    assert redacted(f"got {TOKEN}!", []) == f"got {HIDDEN}!"
    assert "eyJhbGci" not in redacted(f"got {TOKEN[:30]}", [])


@given(st.text(max_size=200).filter(lambda text: "eyJ" not in text))
def test_what_holds_no_secret_stays(text: str) -> None:
    assert redacted(text, [TOKEN, ""]) == text or any(part in text for part in TOKEN.split("."))


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
