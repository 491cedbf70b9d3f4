"""The key list in pages of every form: what is followed, what never is, and what is told of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import Malformed, ServiceError, SessionExpired, Unreachable
from socd_tui.service.answer import PLAIN_PATH, Answer
from socd_tui.service.listing import Listed, list_keys
from socd_tui.service.pages import LONGEST_CURSOR, MAX_PAGES

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
ORIGIN = "https://example.org"
KEYS = "/api/v1/keys"
UNSAID = "The service does not say how to ask for the rest."
CIRCLE = "The service gives the same page again."
AWAY = "The next page is at another address, where the session token is not sent."

Reply = Callable[[str, Mapping[str, str]], object]


def rows(*numbers: int) -> list[dict[str, int]]:
    return [{"id": number} for number in numbers]


class Pages:
    """Answers every request with what `reply` makes of it; an Answer may have headers."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        assert PLAIN_PATH.fullmatch(path)
        self.asked.append((path, dict(params or {})))
        sent = self.reply(path, params or {})
        if isinstance(sent, Exception):
            raise sent
        return sent if isinstance(sent, Answer) else Answer(sent, NOW, NOW)


def listed(reply: Reply) -> tuple[Listed, Pages]:
    pages = Pages(reply)
    return asyncio.run(list_keys(pages.get, ORIGIN)), pages


def two_pages(more: dict[str, Any]) -> tuple[Listed, Pages]:
    sent = iter(({"data": rows(1, 2, 3), **more}, {"data": rows(4)}))
    return listed(lambda _, __: next(sent))


def only(payload: object) -> tuple[int, str, str]:
    """Of a list that is the same whatever is asked: its rows, and what is said of it."""
    found, _ = listed(lambda _, __: payload)
    told = [(problem.message, problem.next_step) for problem in found.problems] or [("", "")]
    assert len(told) == 1
    return len(found.rows), *told[0]


@pytest.mark.parametrize(
    "payload",
    [
        {"data": rows(1, 2, 3)},
        rows(1, 2, 3),
        {"data": {"keys": rows(1, 2, 3)}},
        {"results": rows(1, 2, 3), "count": 3, "next": None, "previous": None},
        {"data": rows(1, 2, 3), "meta": {"total": 3}},
        {"data": rows(1, 2, 3), "meta": {"total": 2, "has_more": False}},
        {"data": rows(1, 2, 3), "has_more": False, "next_cursor": "abc"},
        {"data": rows(1, 2, 3), "meta": {"next_cursor": ""}, "links": {"next": None}},
        {"data": rows(1, 2, 3), "pagination": {"page": 1, "total_pages": 1}},
        *({"data": rows(1, 2, 3), "meta": {"total": total}} for total in (None, True, -5, "many", 10**400)),
        *({"data": rows(1, 2, 3), "meta": meta} for meta in (None, "x", 3)),
    ],
)
def test_a_whole_list_is_no_problem(payload: object) -> None:
    assert only(payload) == (3, "", "")


@pytest.mark.parametrize(
    "more",
    [
        {"meta": {"total": 7}},
        {"meta": {"total": "7"}},
        {"total": 7},
        {"count": 7},
        {"total_count": 7},
        {"totalCount": 7},
        {"pagination": {"total": 7, "page": 1, "per_page": 3}},
        {"meta": {"pagination": {"totalItems": 7}}},
        {"pagination": {"total_items": 7, "has_more": True}},
        {"meta": {"total": 7, "count": 3}},
    ],
)
def test_fewer_keys_than_the_service_counts_are_an_incomplete_list(more: dict[str, Any]) -> None:
    told = "The list of keys is incomplete: 3 of 7 keys."
    assert only({"data": rows(1, 2, 3), **more}) == (3, told, UNSAID)


@pytest.mark.parametrize(
    "more",
    [
        {"has_more": True},
        {"meta": {"hasMore": "true"}},
        {"count": 3, "has_next": True},
        {"pagination": {"page": 1, "total_pages": 3}},
        {"pageInfo": {"hasNextPage": True}},
    ],
)
def test_more_of_which_nothing_is_known_is_an_incomplete_list(more: dict[str, Any]) -> None:
    told = "The list of keys is incomplete: 3 keys, and the service has more."
    assert only({"data": rows(1, 2, 3), **more}) == (3, told, UNSAID)


@pytest.mark.parametrize(
    ("more", "path", "params"),
    [
        ({"meta": {"next_cursor": "abc", "has_more": True}}, KEYS, {"cursor": "abc"}),
        ({"next_cursor": "a/b+c=="}, KEYS, {"cursor": "a/b+c=="}),
        ({"nextCursor": "abc"}, KEYS, {"cursor": "abc"}),
        ({"next": "abc"}, KEYS, {"cursor": "abc"}),
        ({"pagination": {"next_cursor": "abc"}}, KEYS, {"cursor": "abc"}),
        ({"response_metadata": {"next_cursor": "abc"}}, KEYS, {"cursor": "abc"}),
        ({"pageInfo": {"hasNextPage": True, "endCursor": "abc"}}, KEYS, {"cursor": "abc"}),
        ({"nextPageToken": "abc"}, KEYS, {"pageToken": "abc"}),
        ({"next_page_token": "abc"}, KEYS, {"page_token": "abc"}),
        ({"meta": {"next_page": 2}}, KEYS, {"page": "2"}),
        ({"next": 2}, KEYS, {"page": "2"}),
        ({"next": "/api/v1/keys?page=2&size=3"}, KEYS, {"page": "2", "size": "3"}),
        ({"links": {"next": "/api/v1/keys/more"}}, f"{KEYS}/more", {}),
        ({"_links": {"next": {"href": "?after=x"}}}, KEYS, {"after": "x"}),
        ({"paging": {"next": f"{ORIGIN}/api/v1/keys?after=x#top"}}, KEYS, {"after": "x"}),
        ({"next": f"{ORIGIN}:443/api/v1/keys?after=x"}, KEYS, {"after": "x"}),
    ],
)
def test_the_next_page_is_asked_for_where_it_is_a_cursor_or_a_path_of_the_service(
    more: dict[str, Any], path: str, params: dict[str, str]
) -> None:
    found, pages = two_pages(more)
    assert pages.asked == [(KEYS, {}), (path, params)]
    assert (len(found.rows), found.problems) == (4, ())


@pytest.mark.parametrize(
    ("link", "cursor"), [(f"{ORIGIN}/api/v1/keys?page=2", ""), ("/api/v1/keys?page=2", ""), ("", "abc")]
)
def test_headers_may_say_where_the_next_page_is(link: str, cursor: str) -> None:
    sent = iter((Answer({"data": rows(1)}, NOW, NOW, link, cursor), {"data": rows(2)}))
    found, pages = listed(lambda _, __: next(sent))
    assert pages.asked[1:] == [(KEYS, {"page": "2"} if link else {"cursor": "abc"})]
    assert (len(found.rows), found.problems) == (2, ())


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/v1/keys?page=2",
        "https://example.org.evil.example/api/v1/keys",
        "http://example.org/api/v1/keys?page=2",
        "https://example.org:8443/api/v1/keys",
        "https://user@example.org/api/v1/keys",
        "https://:secret@example.org/api/v1/keys",
        "//evil.example/api/v1/keys",
        "ftp://example.org/keys",
        "https://[/keys",
        "/api/v1/keys%2f..%2fadmin",
        "/api/v1/keys/\r\nX: 1",
        "/api//v1/keys",
        "/?page=2",
        f"?page={'9' * LONGEST_CURSOR}",
    ],
)
@pytest.mark.parametrize("by_header", [False, True])
def test_no_page_leads_anywhere_else(link: str, by_header: bool) -> None:
    payload = {"data": rows(1, 2, 3), **({} if by_header else {"next": link})}
    found, pages = listed(lambda _, __: Answer(payload, NOW, NOW, next_link=link if by_header else ""))
    assert pages.asked == [(KEYS, {})]
    (problem,) = found.problems
    assert "incomplete: 3 keys, and the service has more" in problem.message
    assert "address" in problem.next_step


@given(st.text())
def test_whatever_a_next_page_is_called_only_plain_paths_are_asked_for(link: str) -> None:
    for more in ({"next": link}, {"next_cursor": link}):
        two_pages(more)  # `get` asserts it


def test_pages_that_go_round_in_a_circle_end() -> None:
    found, pages = listed(lambda _, __: {"data": rows(1, 2, 3), "meta": {"next_cursor": "abc"}})
    assert len(pages.asked) == 2
    assert len(found.rows) == 3
    assert [problem.next_step for problem in found.problems] == [CIRCLE]


def test_a_cursor_that_comes_again_ends_them_too() -> None:
    number = iter(range(100))
    found, pages = listed(lambda _, __: {"data": rows(next(number)), "next_cursor": "abc", "total": 9})
    assert len(pages.asked) == 2
    assert [problem.message for problem in found.problems] == ["The list of keys is incomplete: 2 of 9 keys."]


def test_at_most_a_hundred_pages_are_asked_for() -> None:
    number = iter(range(1_000))
    found, pages = listed(lambda _, __: {"data": rows(at := next(number)), "next_cursor": f"c{at}"})
    assert len(pages.asked) == len(found.rows) == MAX_PAGES == 100
    assert "100 pages" in found.problems[0].next_step


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (Unreachable("No connection."), "No connection."),
        (Malformed("The answer is not JSON."), "not JSON"),
        ({"data": None}, "form this program does not know"),
    ],
)
def test_a_later_page_that_fails_leaves_the_earlier_ones(later: object, why: str) -> None:
    sent = iter(({"data": rows(1, 2, 3), "next_cursor": "abc", "meta": {"total": 7}}, later))
    found, _ = listed(lambda _, __: next(sent))
    assert len(found.rows) == 3
    (problem,) = found.problems
    assert problem.message == "The list of keys is incomplete: 3 of 7 keys."
    assert why in problem.next_step


@pytest.mark.parametrize("error", [Unreachable("No connection."), SessionExpired("Ended.")])
def test_a_first_page_that_fails_is_the_failure(error: ServiceError) -> None:
    with pytest.raises(type(error)):
        listed(lambda _, __: error)


def test_a_session_that_ends_betweentwo_pages_is_the_failure() -> None:
    sent = iter(({"data": rows(1), "next_cursor": "abc"}, SessionExpired("Ended.")))
    with pytest.raises(SessionExpired):
        listed(lambda _, __: next(sent))
