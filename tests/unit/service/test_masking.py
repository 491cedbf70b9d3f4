"""Secrets in what the service sends: none is left in a text, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.service.masking import SEARCHED, masked, masked_json, masked_path
from tests.documented import DETAIL, FLAT, LIST, NESTED

SECRET = "k001SECRETSECRET"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/api/v1/iocs?api_key=sk_live_{SECRET}&limit=5", "/api/v1/iocs?api_key=sk_live_…&limit=5"),
        (f"/api/v1/keys/sk_live_{SECRET}/usage", "/api/v1/keys/sk_live_…/usage"),
        ("/a?token=abcdefghijklmnop", "/a?token=abcdefgh…"),
        ("/a?TOKEN=abcdefghijklmnop#x", "/a?TOKEN=abcdefgh…#x"),
        ("/a?access_token=short&b=1", "/a?access_token=…&b=1"),
        ("/a?x=1;password=hunter2hunter2", "/a?x=1;password=hunter2h…"),
        ("/a?X-Amz-Signature=0123456789abcdef", "/a?X-Amz-Signature=01234567…"),
        ("/a?client_secret=0123456789abcdef", "/a?client_secret=01234567…"),
        (f"/a%3Fapi_key%3Dsk_live_{SECRET}", "/a?api_key=sk_live_…"),
        (f"/a?api%5Fkey={SECRET}", "/a?api_key=k001SECR…"),
        ("https://user:hunter2hunter2@example.com/a", "https://user:hun…@example.com/a"),
        ("/a?accessToken=abcdefghijklmnop", "/a?accessToken=abcdefgh…"),
        ("/a?clientSecret=abcdefghijklmnop&secretKey=short", "/a?clientSecret=abcdefgh…&secretKey=…"),
        ("/a?api_key[]=abcdefghijklmnop", "/a?api_key[]=abcdefgh…"),
        ("/a?auth[token]=abcdefghijklmnop", "/a?auth[token]=abcdefgh…"),
        ("/a?next=%2Fb%253Fapi_key%253Dabcdefghijklmnop", "/a?next=/b?api_key=abcdefgh…"),
        ("/a?auth=Bearer%20abcdefghijklmnop", "/a?auth=Bearer abcdefgh…"),
        ("/hook/ghp_abcdefghijklmnopqrstuvwxyz0123", "/hook/ghp_abcd…"),
        ("/jwt/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl", "/jwt/eyJhbGci…"),
    ],
)
def test_of_a_secret_in_a_path_only_the_beginning_is_left(path: str, shown: str) -> None:
    assert masked_path(path) == shown


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/iocs",
        "/api/v1/keys/00000000-0000-4000-8000-000000000001/usage?days=30",
        "/api/v1/lookup?type=sha256&value=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "/a?sort=key&monkey=1&tokens=5&keyword=malware&design=x&inside=y",
        "/api/v1/token/refresh",
        "/100%25",
        "/a%20b",
        "sk_live_zIc8",
    ],
)
def test_what_is_no_secret_stays(path: str) -> None:
    assert masked_path(path) == path


def test_the_documented_payloads_stay() -> None:
    for payload in (FLAT, NESTED, LIST, DETAIL):
        assert masked_json(payload) == payload


@given(st.text("abcXYZ0123_-", min_size=12, max_size=60))
def test_no_part_of_a_key_beyond_its_beginning_is_left_anywhere(secret: str) -> None:
    key = f"sk_live_{secret}"
    for text in (f"/a/{key}", f"/a?api_key={key}", f"x {key}.", f"/a?q={key}&b=1"):
        assert secret not in masked_path(text)
        assert secret not in masked(text)


@given(st.text(max_size=80))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert masked_path(masked_path(text)) == masked_path(text)


def test_an_endless_path_is_cut() -> None:
    for hostile in (
        "eyJ-" * 100_000,
        "token=" * 100_000,
        "://" * 100_000,
        "%25" * 100_000,
        "sk_live_" * 100_000,
    ):
        assert len(masked_path(hostile)) <= SEARCHED + 1
