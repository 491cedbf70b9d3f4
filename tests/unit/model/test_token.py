"""Every way a person may copy a session gives its access token; everything else a fixed sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
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
from socd_tui.model.text import decoded
from socd_tui.model.token import (
    MAX_PASTE,
    MAX_TOKEN,
    account_of,
    is_loopback,
    mask,
    normal_origin,
    parse_token,
)
from tests.build import jwt
from tests.clock import NOW
from tests.pasted import (
    ARRAY,
    CHUNKS,
    COPIED,
    END,
    ENDED,
    FORMS,
    JWT,
    OBJECT,
    PACKED,
    REFRESH,
    THIRD,
    base64,
    har,
)

Answer = TypeVar("Answer")

REFUSALS = {
    " ".join(value)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, tuple) and len(value) == 2
}
"""All sentences the module can refuse with: fixed, so none can quote what was pasted."""


@pytest.mark.parametrize("pasted", COPIED.values(), ids=COPIED)
def test_the_token_is_found_in_whatever_people_copy(pasted: str) -> None:
    token = parse_token(pasted, NOW)
    assert token.secret.reveal() == JWT
    assert token.expires_at == END


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_token_is_found_in_a_file_of_any_encoding(encoding: str) -> None:
    assert parse_token(decoded(har().encode(encoding)), NOW).secret.reveal() == JWT


def test_what_is_written_under_a_whole_token_is_no_part_of_it() -> None:
    header = base64('{"alg":"HS256","typ":"JWT"}')
    whole = f"{header}.{JWT.split('.')[1]}.{'s' * 43}"
    for after in ("\nThanks", "\n-- \nAnn", "\nAnn\n"):
        assert parse_token(f"sb-access-token={whole}{after}", NOW).secret.reveal() == whole
        assert parse_token(whole + after, NOW).secret.reveal() == whole


def test_a_cookies_end_tells_which_of_two_is_live_where_the_token_does_not() -> None:
    rows = [
        f"x.ai\tFALSE\t/\tTRUE\t{at}\tsb-access-token\topaque-token-number-{at}" for at in (1, 1_795_999_999)
    ]
    assert parse_token("\n".join(rows), NOW).secret.reveal() == "opaque-token-number-1795999999"
    with pytest.raises(UsageError, match="expired"):
        parse_token(rows[0], NOW)


@pytest.mark.parametrize(
    "form",
    [
        "sb-access-token={}; sb-access-token={}",
        "Cookie: sb-access-token={}\nCookie: sb-access-token={}",
        "Bearer {}\nAuthorization: Bearer {}",
        "sb-access-token\t{}\tx.ai\nsb-access-token\t{}\ty.ai",
        '[{{"name":"sb-access-token","value":"{}"}},{{"name":"sb-access-token","value":"{}"}}]',
        "sb-access-token={}; authorization: Bearer {}",
        "it is {} or {}",
    ],
)
def test_several_sessions_are_refused_rather_than_one_of_them_chosen(form: str) -> None:
    other = jwt(sub="7c2d", exp=int(END.timestamp()))
    with pytest.raises(UsageError, match="several different session tokens"):
        parse_token(form.format(JWT, other), NOW)
    assert parse_token(form.format(JWT, JWT), NOW).secret.reveal() == JWT
    assert parse_token(form.format(ENDED, JWT), NOW).secret.reveal() == JWT


@pytest.mark.parametrize(
    "pasted",
    [
        f"sb-refresh-token\t{REFRESH}\tx.ai\t/",
        f"sb-refresh-token: {REFRESH}",
        json.dumps([{"name": "sb-refresh-token", "value": REFRESH}]),
        f'"refresh_token": "{JWT}"',
        f"sb-refresh-token={JWT}",
    ],
)
def test_a_refresh_token_is_refused_with_the_reason(pasted: str) -> None:
    with pytest.raises(UsageError, match="refresh token") as refusal:
        parse_token(pasted, NOW)
    assert "sb-access-token" in refusal.value.next_step


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


def test_more_than_8_mib_are_not_searched_and_more_than_64_kib_are_no_token() -> None:
    assert parse_token("a" * MAX_TOKEN)
    with pytest.raises(UsageError, match="64 KiB"):
        parse_token("a" * (MAX_TOKEN + 1))
    with pytest.raises(UsageError, match="8 MiB"):
        parse_token("\u00e9" * (MAX_PASTE // 2 + 1))


LONG = 2**17
HOSTILE = [
    *("sb-", "sb-a-auth-token=", "sb-a-auth-token.0=", "-auth-token", "sb-access-token:", "sb-access-token "),
    *(
        "sb-access-token\t",
        "sb-access-token\n",
        "bearer ",
        "curl ",
        '"access_token":"',
        '{"a":',
        "{",
        "[",
        "%5B",
    ),
    *(
        "ey.",
        "eyJ.eyJ.a ",
        "refresh_token eyJ.eyJ.a ",
        "\n",
        "a\n",
        "\t",
        "a\t",
        " ",
        "'",
        '"',
        '\\"',
        "$'",
        "^",
    ),
    *(";", ">", "> ", "\u200b", "\0a"),
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("start", ["", "curl ", 'curl ^"', "sb-a", "eyJ", "base64-", "sb-access-token", "["])
def test_no_paste_takes_long(start: str, piece: str) -> None:
    """Some 20 ms, as many as 100; a search that is quadratic in the length of the text takes ten seconds."""
    pasted = start + piece * ((LONG - len(start)) // len(piece))
    began = process_time()
    with suppress(UsageError):
        parse_token(pasted, NOW)
    assert process_time() - began < 4


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
