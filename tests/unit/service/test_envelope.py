"""An error that comes with a good status: what is one, what is none, and in whose words it is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import ServerFailed
from socd_tui.model.session import Secret
from socd_tui.service.envelope import spoken_error
from tests.documented import DETAIL, FLAT, LIST, NESTED

TOKEN = Secret("eyJ.secret.token")


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"error": {"code": "internal", "message": "backend down"}}, "backend down"),
        ({"error": {"code": "internal", "message": None}}, "internal"),
        ({"error": "backend down"}, "backend down"),
        ({"error": True, "message": "backend down"}, "backend down"),
        ({"errors": [{"detail": "backend down"}]}, "backend down"),
        ({"errors": ["backend down", "and more"]}, "backend down"),
        ({"data": None, "error": {"message": "backend down"}}, "backend down"),
        ({"data": {"total_requests": 0}, "error": {"message": "backend down"}}, "backend down"),
        ({"data": {"error": {"message": "backend down"}}}, "backend down"),
        ({"success": False, "message": "backend down"}, "backend down"),
        ({"success": "false", "data": {"total_requests": 0}}, None),
        ({"ok": False, "error": "backend down"}, "backend down"),
        ({"success": False}, None),
        ({"message": "backend down"}, "backend down"),
        ({"code": "PGRST301", "details": None, "hint": None, "message": "backend down"}, "backend down"),
        ({"code": 401, "msg": "backend down"}, "backend down"),
        ({"type": "about:blank", "title": "Oops", "status": 500, "detail": "backend down"}, "backend down"),
        ({"statusCode": 500, "message": "backend down", "timestamp": "2026-07-01"}, "backend down"),
        ({"status": "error", "message": "backend down", "data": {}}, "backend down"),
    ],
)
def test_an_error_in_place_of_data_is_told_in_the_services_words(payload: object, said: str | None) -> None:
    error = spoken_error(payload, 200, TOKEN)
    assert type(error) is ServerFailed
    assert "an error in place of data (200)" in error.message
    assert (f"“{said}”" in error.message) if said else ("It says" not in error.message)


@pytest.mark.parametrize(
    "payload",
    [
        LIST,
        DETAIL,
        {"data": FLAT},
        {"data": NESTED},
        FLAT,
        {"data": [], "error": None, "errors": [], "message": None},
        {"data": FLAT, "success": True, "message": "fine", "error": {"code": None, "message": None}},
        {"data": {**FLAT, "errors": 12}},
        {"data": {"id": "x", "name": "y", "status": "active", "message": "z"}},
        {"data": {}},
        {},
        [],
        None,
        "error",
    ],
)
def test_data_is_no_error(payload: object) -> None:
    assert spoken_error(payload, 200, TOKEN) is None


def test_words_about_the_session_lead_to_the_next_step_and_the_token_is_masked() -> None:
    said: dict[str, Any] = {
        "message": f"Session {TOKEN.reveal()} expired, please sign in",
        "request_id": "r9",
    }
    error = spoken_error({"error": said}, 200, TOKEN)
    assert error is not None
    assert "Session **** expired, please sign in”. Request id: r9." in error.message
    assert "If the session has ended: Sign in to the dashboard" in error.next_step
    assert TOKEN.reveal() not in str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "error", "errors", "success", "message", "x"]), inner)
    ),
)


@given(JSON)
def test_no_payload_breaks_it(payload: object) -> None:
    error = spoken_error(payload, 200, TOKEN)
    assert error is None or error.message
