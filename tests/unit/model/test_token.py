"""Every way a person may copy a session gives its access token; everything else a fixed sentence."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from time import process_time
from typing import TypeVar
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from socd_tui.model import token as module
from socd_tui.model.errors import UsageError
from socd_tui.model.session import Secret
from socd_tui.model.token import MAX_PASTE, account_of, is_loopback, mask, normal_origin, parse_token
from tests.build import jwt

Answer = TypeVar("Answer")

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
END = NOW + timedelta(minutes=42)
REFRESH = "v1.refresh-canary-Zm9vYmFy"

REFUSALS = {
    " ".join(value)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, tuple) and len(value) == 2
}
"""All sentences the module can refuse with: fixed, so none can quote what was pasted."""


def base64(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


JWT = jwt(sub="6a1b", role="authenticated", exp=int(END.timestamp()), email="ana@example.org", pad="x" * 500)
FIELDS = {"access_token": JWT, "refresh_token": REFRESH, "token_type": "bearer", "user": {"name": 'A; "B" C'}}
OBJECT = json.dumps(FIELDS, separators=(",", ":"))
ARRAY = json.dumps([JWT, REFRESH, None, None, None])
PACKED = "base64-" + base64(OBJECT)
THIRD = len(PACKED) // 3
CHUNKS = f"sb-abc-auth-token.0={PACKED[:THIRD]}; sb-abc-auth-token.1={PACKED[THIRD:]}"
HEADER = f"theme=dark; sb-access-token={JWT}; sb-refresh-token={REFRESH}; _ga=GA1.1"

FORMS = {
    "bare": JWT,
    "spaces and newlines around": f"\n  {JWT} \r\n",
    "wrapped by the terminal": "\n".join(JWT[at : at + 80] for at in range(0, len(JWT), 80)),
    "quoted": f'"{JWT}"',
    "quoted wrapped, Windows line ends": "'" + "\r\n".join([JWT[:99], JWT[99:]]) + "'",
    "byte order mark": "\ufeff" + JWT,
    "bearer": f"Bearer {JWT}",
    "authorization header": f"authorization: bearer {JWT}",
    "named": f"sb-access-token={JWT}",
    "named and quoted": f'sb-access-token="{JWT}";',
    "named, all in quotes": f'"sb-access-token={JWT}"',
    "cookies": HEADER,
    "cookie header": f"Cookie: {HEADER}",
    "headers": f"GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b; sb-access-token={JWT}\r\nAccept: */*\r\n",
    "curl -b": f"curl 'https://x/api/v1/keys' \\\n  -H 'accept: */*' \\\n  -b '{HEADER}' \\\n  --compressed",
    "curl -b, token last": f"curl 'https://x/' -b 'a=b; sb-access-token={JWT}' -H 'accept: */*'",
    "curl -H": f"curl 'https://socdefenders.ai/' -H 'cookie: {HEADER}' -H 'x: y'",
    "curl double quotes": f'curl "https://socdefenders.ai/" -H "Cookie: {HEADER}" --compressed',
    "curl dollar quotes": f"curl 'https://x' -b $'a=it\\'s\\u0021; sb-access-token={JWT}' -H 'x: y'",
    "curl cmd": f'curl ^"https://x^" ^\r\n  -b ^"a=^%^20; sb-access-token={JWT}^" ^\r\n  -H ^"x: y^"',
    "curl bearer": f"curl 'https://x' -H 'apikey: {jwt(role='anon')}' -H 'authorization: Bearer {JWT}'",
    "curl options only": f"-H 'cookie: {HEADER}'",
    "curl, raw JSON": f"curl 'https://x' -b 'sb-abc-auth-token={ARRAY}' -H 'x: y'",
    "object": OBJECT,
    "object, pretty": json.dumps(FIELDS, indent=2),
    "object, a bearer by name": json.dumps({"name": "bearer 0123456789abcdefghij", **FIELDS}),
    "array": ARRAY,
    "object in its cookie": f"sb-abc-auth-token={quote(OBJECT)}",
    "object in its cookie, raw": f"sb-abc-auth-token={OBJECT}",
    "array in its cookie": f"a=b; sb-abc-auth-token={quote(ARRAY)}; c=d",
    "packed": PACKED,
    "packed without its prefix": PACKED.removeprefix("base64-"),
    "packed array without its prefix": base64(ARRAY),
    "packed in its cookie": f"sb-abc-auth-token={PACKED}",
    "packed and URL-encoded": f"sb-abc-auth-token={quote(PACKED)}%3D",
    "packed under the documented name": f"sb-access-token={PACKED}",
    "chunks": CHUNKS,
    "chunks backwards": "; ".join(reversed(CHUNKS.split("; "))),
    "chunks line by line": CHUNKS.replace("; ", "\n"),
    "chunks URL-encoded": "; ".join(
        f"sb-abc-auth-token.{number}={quote(part)}" for number, part in enumerate([OBJECT[:50], OBJECT[50:]])
    ),
    "chunks, then a left-over after a gap": f"{CHUNKS}; sb-abc-auth-token.3=left-over",
    "chunks and an empty whole": f"sb-abc-auth-token=; {CHUNKS}",
    "whole and left-over chunks": f"sb-abc-auth-token.0=left-over; sb-abc-auth-token={PACKED}",
    "empty documented cookie": f"sb-access-token=; {CHUNKS}",
    "code verifier beside": f"sb-abc-auth-token-code-verifier=base64-Zm9v; {CHUNKS}",
}


@pytest.mark.parametrize("pasted", FORMS.values(), ids=FORMS)
def test_every_form_of_one_session_gives_the_same_token(pasted: str) -> None:
    token = parse_token(pasted, NOW)
    assert token.secret.reveal() == JWT
    assert token.expires_at == END
    assert REFRESH not in repr(token)


@pytest.mark.parametrize(
    "pasted", ["", " \n", '""', "sb-access-token=", "hello", "Bearer", "[]", "{}", "Cookie: a=b"]
)
def test_what_holds_no_token_is_refused(pasted: str) -> None:
    with pytest.raises(UsageError, match=r"Nothing was pasted|no session token") as refusal:
        parse_token(pasted)
    assert "sb-access-token" in refusal.value.next_step


@pytest.mark.parametrize(
    "pasted",
    [
        f"sb-refresh-token={REFRESH}",
        json.dumps({"refresh_token": REFRESH}),
        json.dumps([None, REFRESH]),
        "base64-" + base64(json.dumps({"refresh_token": REFRESH})),
        base64(json.dumps({"refresh_token": REFRESH})),
        f"sb-access-token={quote(json.dumps([None, REFRESH]))}",
        f"sb-abc-auth-token.1={PACKED[THIRD:]}",
        f"sb-abc-auth-token={REFRESH}",
    ],
)
def test_a_refresh_token_is_never_taken_for_the_access_token(pasted: str) -> None:
    with pytest.raises(UsageError):
        parse_token(pasted)


def test_a_cut_paste_gives_the_whole_token_or_none() -> None:
    for length in range(0, len(PACKED), 7):
        try:
            token = parse_token(f"sb-abc-auth-token={PACKED[:length]}")
        except UsageError:
            continue
        assert token.secret.reveal() == JWT


@pytest.mark.parametrize("key", ["sk_live_zIc8abcdefghijklmnopqrst", "Bearer sk_live_abcdefghijklmnopqrst"])
@pytest.mark.parametrize("around", ["{}", "sb-access-token={}", "curl https://x -H 'Authorization: {}'"])
def test_an_api_key_is_refused_with_the_reason(key: str, around: str) -> None:
    with pytest.raises(UsageError, match="API key") as refusal:
        parse_token(around.format(key))
    assert "browser" in refusal.value.next_step


@pytest.mark.parametrize(
    "pasted",
    [jwt(role="anon"), jwt(role="service_role", exp=9e9), "sb_secret_" + "a" * 30, "sb_publishable_x"],
)
def test_a_project_key_is_refused(pasted: str) -> None:
    with pytest.raises(UsageError, match="key of the site's project"):
        parse_token(pasted)


def test_a_person_who_is_anonymous_to_the_service_still_has_a_session() -> None:
    assert parse_token(jwt(role="anon", sub="6a1b"))


def test_an_expired_token_is_refused_only_when_the_time_is_given() -> None:
    with pytest.raises(UsageError, match="expired"):
        parse_token(JWT, END)
    assert parse_token(JWT, END - timedelta(seconds=1)) == parse_token(JWT)


@pytest.mark.parametrize("exp", [None, True, "1800000000", 1e30, 10**300, -(10**300), [], {}])
def test_an_end_that_is_no_date_is_unknown(exp: object) -> None:
    assert parse_token(jwt(sub="6a1b", exp=exp), NOW).expires_at is None


@pytest.mark.parametrize("exp", ["NaN", "Infinity", "1e999", "9" * 5000, "[" * 20_000])
def test_claims_no_parser_should_choke_on(exp: str) -> None:
    claims = base64('{"sub":"6a1b","exp":' + exp + "}")
    assert parse_token(f"sb-access-token=eyJhIjoxfQ.{claims}.c2ln", NOW).expires_at is None


@pytest.mark.parametrize("opaque", ["0123456789abcdefghij", "a.b-c_d~e0123456789+=="])
def test_a_long_bare_word_may_be_an_opaque_token(opaque: str) -> None:
    assert parse_token(f" {opaque}\n").secret.reveal() == opaque
    assert parse_token(f"Bearer {opaque}").secret.reveal() == opaque


@pytest.mark.parametrize(
    "pasted", ["0123456789abcdefghi", "a word and another one, long enough", "csrf=0123456789abcdef0123"]
)
def test_other_words_are_not(pasted: str) -> None:
    with pytest.raises(UsageError, match="no session token"):
        parse_token(pasted)


def test_under_the_documented_name_any_word_is_believed_but_no_sentence() -> None:
    assert parse_token("a=b; sb-access-token=opaque; c=d").secret.reveal() == "opaque"
    for value in ("two words", 'in"side', "caf\u00e9", "a,b", "a\x00b", "sb-access-token is what"):
        with pytest.raises(UsageError):
            parse_token(f"sb-access-token={value}")


def test_the_documented_cookie_wins() -> None:
    assert parse_token(f"{CHUNKS}; sb-access-token=opaque").secret.reveal() == "opaque"


def test_more_than_64_kib_is_refused() -> None:
    assert parse_token("a" * MAX_PASTE)
    for pasted in ("a" * (MAX_PASTE + 1), "\u00e9" * (MAX_PASTE // 2 + 1)):
        with pytest.raises(UsageError, match="64 KiB"):
            parse_token(pasted)


@pytest.mark.parametrize(
    "piece",
    ["sb-", "sb-a-auth-token=", "sb-a-auth-token.0=", "\n", "'", '"', '\\"', "$'", "^", ";", "bearer ", "%5B",
     '"access_token":"', "ey.", "-auth-token", " ", "{", "[", "a\n", "curl "],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "curl ", 'curl ^"', "sb-a", "eyJ", "base64-"])
def test_no_paste_takes_long(start: str, piece: str) -> None:
    """Some 20 ms at the cap; matching that is quadratic in its length takes minutes."""
    pasted = start + piece * ((MAX_PASTE - len(start)) // len(piece))
    began = process_time()
    with suppress(UsageError):
        parse_token(pasted)
    assert process_time() - began < 5


PIECES = st.sampled_from(
    [JWT, PACKED, OBJECT, ARRAY, REFRESH, "sb-access-token=", "sb-abc-auth-token", ".0=", "=", "; ", "\n",
     "Bearer ", "curl ", "-b '", "'", '"', "$'", "\\", "^", "Cookie: ", "%", "{", "[",
     "base64-", "eyJ", ".", "sk_live_"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES | st.text(max_size=5)).map("".join)))
@example("\ud800")
@example("eyJ" + "A" * 65000)
def test_any_text_gives_a_clean_token_or_a_fixed_refusal(pasted: str) -> None:
    token = outcome(partial(parse_token, pasted, NOW))
    if token is None:
        return
    value = token.secret.reveal()
    assert value.isascii()
    assert value.isprintable()
    assert not set(value) & set(' ",;\\')
    assert parse_token(f"sb-access-token={value}").secret.reveal() == value


@given(st.text(min_size=1, max_size=3000))
def test_a_mask_shows_four_characters_and_a_tenth_at_most(value: str) -> None:
    masked = mask(Secret(value))
    head, _, tail = masked.rpartition("…")
    assert value.startswith(head)
    assert len(head) <= min(4, len(value) / 10)
    assert tail == f"({len(value)} characters)"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://socdefenders.ai", "https://socdefenders.ai"),
        (" HTTPS://SOCDefenders.ai:443/\n", "https://socdefenders.ai"),
        ("https://socdefenders.ai:8443/", "https://socdefenders.ai:8443"),
        ("https://socdefenders.ai:80", "https://socdefenders.ai:80"),
        ("http://LocalHost:80", "http://localhost"),
        ("http://127.8.9.1:08000", "http://127.8.9.1:8000"),
        ("http://[0:0:0::1]:8000/", "http://[::1]:8000"),
        ("https://[2001:DB8::0]", "https://[2001:db8::]"),
        ("https://[::FFFF:127.0.0.1]", "https://[::ffff:7f00:1]"),
        ("https://[0:0:0:0:0:ffff:0a00:0001]:8443", "https://[::ffff:a00:1]:8443"),
    ],
)
def test_an_origin_is_exact(url: str, origin: str) -> None:
    assert normal_origin(url) == origin
    assert normal_origin(origin) == origin


@pytest.mark.parametrize(
    "url",
    ["", "socdefenders.ai", "ftp://socdefenders.ai", "https://", "https:///x", "https://user@x.ai", "https://a:b@x.ai",
     "https://@x.ai", "https://x.ai/api", "https://x.ai//", "https://x.ai?", "https://x.ai/#", "https://x.ai:0",
     "https://x.ai:65536", "https://x.ai:", "https://x.ai:+443", "https://x.ai:\u0664\u0664", "https://b\u00fccher.de",
     "https://x .ai", "https://x\n.ai", "https://x.ai\\@y", "https://[::1]x", "https://[::1%25lo]", "https://[x]",
     "https://..", "https://%78.ai"],
)  # fmt: skip
def test_anything_beside_scheme_host_and_port_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not of the form"):
        normal_origin(url)


@pytest.mark.parametrize(
    "host",
    ["socdefenders.ai", "127.0.0.1.nip.io", "localhost.example", "128.0.0.1", "0.0.0.0", "127.0.0.01",
     "127.1", "2130706433", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::2]", "10.0.0.1"],
)  # fmt: skip
def test_plain_http_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(UsageError, match="unencrypted"):
        normal_origin(f"http://{host}")
    assert not is_loopback(f"https://{host}")


@given(st.text())
@example("http://[::1")
def test_any_text_is_an_origin_or_a_fixed_refusal(url: str) -> None:
    is_loopback(url)
    for candidate in (url, f"https://{url}", f"http://localhost{url}"):
        origin = outcome(partial(normal_origin, candidate))
        assert origin is None or normal_origin(origin) == origin


def outcome(call: Callable[[], Answer]) -> Answer | None:
    """What the call answers; None when it refuses, as it may only with one of the fixed sentences."""
    try:
        return call()
    except UsageError as error:
        refusal = error
    assert str(refusal) in REFUSALS
    assert refusal.__context__ is None
    return None


def test_an_account_is_told_from_another_without_its_token_or_name() -> None:
    def token(**claims: object) -> Secret:
        return Secret(jwt(**claims))

    mine, later = token(sub="u1", iss="a", exp=1), token(sub="u1", iss="a", exp=2)
    assert account_of(mine) == account_of(later) != account_of(token(sub="u2", iss="a"))
    assert account_of(mine) != account_of(token(sub="u1", iss="b"))
    assert "u1" not in account_of(mine)
    assert account_of(token(exp=1)) == account_of(Secret("opaque")) == account_of(token(sub=7)) == ""
