"""The whole list of keys, page by page, and what stands in the way of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from socd_tui.model.errors import Problem, ServiceError
from socd_tui.model.record import dataclass
from socd_tui.model.text import counted
from socd_tui.service.answer import Answer
from socd_tui.service.pages import LIST, MAX_PAGES, Page, read_page
from socd_tui.service.scalar import member

Get = Callable[[str, Mapping[str, str] | None], Awaitable[Answer]]


@dataclass(frozen=True)
class Listed:
    """What the service listed: the rows of all pages that could be had."""

    rows: tuple[object, ...]
    problems: tuple[Problem, ...]
    answer: Answer
    """The newest page's."""


async def list_keys(get: Get, origin: str) -> Listed:
    """All pages of the list. Raises what `get` raises of the first one, Malformed where it holds no list.

    A later page that fails, that leads away or in a circle, or that adds nothing ends the list, which is
    then told to be incomplete.
    """
    answer = await get(LIST.path, None)
    page, asked = read_page(answer, LIST, origin), {LIST}
    rows, seen, total = list(page.rows), _names(page), page.total
    while page.next is not None:
        if page.next in asked:
            return _listed(rows, total, _CIRCLE, answer)
        if len(asked) == MAX_PAGES:
            return _listed(rows, total, f"After {MAX_PAGES} pages no more were asked for.", answer)
        asked.add(page.next)
        try:
            answer = await get(page.next.path, dict(page.next.params))
            page = read_page(answer, page.next, origin)
        except ServiceError as error:
            return _listed(rows, total, f"The next page did not come: {error.message}", answer)
        if page.rows and seen.issuperset(_names(page)):
            return _listed(rows, total, _CIRCLE, answer)
        rows += page.rows
        seen |= _names(page)
        total = max(filter(None, (total, page.total)), default=None)
    return _listed(rows, total, page.obstacle or (_UNSAID if page.has_more else ""), answer)


_CIRCLE = "The service gives the same page again."
_UNSAID = "The service does not say how to ask for the rest."


def _names(page: Page) -> set[str]:
    """What tells the rows of the page from others."""
    return {repr(member(row, "id") or row) for row in page.rows}


def _listed(rows: list[object], total: int | None, obstacle: str, answer: Answer) -> Listed:
    """With a problem that says how many keys are missing, and why, unless all are there."""
    if total is not None and total > len(rows):
        counts = f"{len(rows):,} of {total:,} keys"
    elif obstacle and total is None:
        counts = f"{counted(len(rows), 'key')}, and the service has more"
    else:
        return Listed(tuple(rows), (), answer)
    message = f"The list of keys is incomplete: {counts}."
    problem = Problem(kind="incomplete_list", message=message, next_step=obstacle or _UNSAID)
    return Listed(tuple(rows), (problem,), answer)
