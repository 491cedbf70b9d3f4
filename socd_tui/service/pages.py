"""The pages of the key list: which rows one holds, how many keys there are, and how to ask for the next one.

The documentation knows one page; lists of other services, and of this one, come in pages of many forms.
What cannot be followed is told: keys that are missing are never silently missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from socd_tui.model.errors import Malformed
from socd_tui.model.record import dataclass
from socd_tui.service.answer import PLAIN_PATH, Answer
from socd_tui.service.scalar import count, member

MAX_PAGES = 100
"""Pages that are asked for at most."""

LONGEST_CURSOR = 4_096
"""Characters of a cursor, which becomes part of an address."""

_ROWS = ("data", "results", "items", "keys", "api_keys")
_SECTIONS = (
    "meta",
    "pagination",
    "paging",
    "page_info",
    "pageInfo",
    "links",
    "_links",
    "response_metadata",
    "data",
)
_TOTALS = ("total", "count", *(f"total_{of}" for of in ("count", "items", "keys", "results", "records")))
_TOTALS += ("totalCount", "totalItems", "totalKeys", "totalResults", "totalRecords")
_MORE = ("has_more", "hasMore", "has_next", "hasNext", "has_next_page", "hasNextPage")
_PAGE, _PAGES = (
    ("page", "current_page", "currentPage"),
    ("total_pages", "totalPages", "last_page", "page_count"),
)
_CURSORS = {
    "next_cursor": "cursor",
    "nextCursor": "cursor",
    "end_cursor": "cursor",
    "endCursor": "cursor",
    "next_page_token": "page_token",
    "nextPageToken": "pageToken",
    "next_token": "next_token",
    "nextToken": "nextToken",
    "next_page": "page",
    "nextPage": "page",
    "next_offset": "offset",
}
"""By the name under which the next page is told the parameter that asks for it."""


class Target(NamedTuple):
    """What to ask for: a path, and parameters in their order."""

    path: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """One page of the list."""

    rows: tuple[object, ...]
    total: int | None
    """How many keys there are, when the service counts them."""
    has_more: bool
    """Whether it says that there is another page."""
    next: Target | None
    """Where that is; None for the last page, and where it may not or cannot be asked for."""
    obstacle: str = ""
    """Why the next page cannot be asked for."""


def read_page(answer: Answer, asked: Target, origin: str) -> Page:
    """The page. Raises Malformed when it holds no list.

    Addresses that are not of the `origin` are not followed.
    """
    rows = rows_of(answer.payload)
    sections = list(_sections(answer.payload))
    totals = [
        read for section in sections for name in _TOTALS if isinstance(read := count(section.get(name)), int)
    ]
    said = _says_more(sections)
    target: Target | str | None = None if said is False else _next(answer, sections, asked, origin)
    obstacle = target if isinstance(target, str) else ""
    has_more = bool(said) or target is not None
    if has_more:
        totals = [total for total in totals if total > len(rows)]  # else it counts the rows of this page
    return Page(
        rows=tuple(rows),
        total=max(totals, default=None),
        has_more=has_more,
        next=target if isinstance(target, Target) else None,
        obstacle=obstacle,
    )


def rows_of(payload: object) -> list[object]:
    """The rows of a page, wherever it keeps them. Raises Malformed when it holds none."""
    rows = _rows(payload)
    if rows is None:
        raise Malformed(
            "The key list came in a form this program does not know.", "Update socd-tui or report it."
        )
    return rows


def _rows(payload: object) -> list[object] | None:
    if isinstance(payload, list):
        return payload
    for name in _ROWS:
        if isinstance(rows := member(payload, name), list):
            return rows
    within = member(payload, "data")
    return _rows(within) if isinstance(within, dict) else None


def _sections(payload: object, depth: int = 3) -> Iterator[Mapping[str, object]]:
    """The answer itself and the parts of it that speak of pages."""
    if isinstance(payload, dict) and depth:
        yield payload
        for name in _SECTIONS:
            yield from _sections(payload.get(name), depth - 1)


def _says_more(sections: list[Mapping[str, object]]) -> bool | None:
    """Whether there is another page; None when nothing says so."""
    words = {"true": True, "false": False}
    for section in sections:
        for name in _MORE:
            said = section.get(name)
            said = words.get(said.strip().lower()) if isinstance(said, str) else said
            if isinstance(said, bool):
                return said
        page, pages = (_number(section, names) for names in (_PAGE, _PAGES))
        if page is not None and pages is not None:
            return page < pages
    return None


def _number(section: Mapping[str, object], names: tuple[str, ...]) -> int | None:
    return next((read for name in names if isinstance(read := count(section.get(name)), int)), None)


def _next(
    answer: Answer, sections: list[Mapping[str, object]], asked: Target, origin: str
) -> Target | str | None:
    """Where the next page is; a sentence where it may not be asked for; None without one."""
    for section in sections:
        link = section.get("next")
        link = link.get("href") if isinstance(link, dict) else link
        if isinstance(link, str) and link.strip():
            return _linked(link.strip(), asked, origin) if _is_address(link) else _cursor("cursor", link)
        if isinstance(link, int) and not isinstance(link, bool):
            return _cursor("page", str(link))
        for name, parameter in _CURSORS.items():
            value = section.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                return _cursor(parameter, str(value).strip())
    if answer.next_link:
        return _linked(answer.next_link, asked, origin)
    return _cursor("cursor", answer.next_cursor) if answer.next_cursor else None


def _is_address(text: str) -> bool:
    return text.strip().startswith(("/", "?")) or "://" in text or "?" in text


def _cursor(parameter: str, value: str) -> Target | str:
    if len(value) > LONGEST_CURSOR or not value.isprintable():
        return "What the service gives to ask for the next page is no cursor."
    return Target(LIST.path, ((parameter, value),))


def _linked(link: str, asked: Target, origin: str) -> Target | str:
    """The address, when it is a plain path of the service itself."""
    away = "The next page is at another address, where the session token is not sent."
    try:
        here = urlsplit(urljoin(f"{origin}{asked.path}", link))
        there = urlsplit(origin)
        same = _origin(here) == _origin(there)
        if not same or here.username is not None or here.password is not None:
            return away
        query = parse_qsl(here.query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return "The address of the next page is none."
    if not PLAIN_PATH.fullmatch(here.path) or len(link) > LONGEST_CURSOR:
        return "The address of the next page is not one that is asked for."
    return Target(here.path, tuple(query))


def _origin(address: SplitResult) -> tuple[str, str | None, int | None]:
    ports = {"https": 443, "http": 80}
    return address.scheme, address.hostname, address.port or ports.get(address.scheme)


LIST = Target("/api/v1/keys")
"""The first page."""
