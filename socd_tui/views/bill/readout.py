"""What the line under the bill says of a key, or of all keys together."""

from __future__ import annotations

from socd_tui.analysis.bill import MONTH, Bill, Charge, Group
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import dollars, exact, percent
from socd_tui.model.text import clip, counted
from socd_tui.model.usage import ratio
from socd_tui.views.bill.measures import owner_name
from socd_tui.views.parts.change import change_part
from socd_tui.views.parts.names import name_beside
from socd_tui.views.parts.readout import added_part, error_part, read_out, requests_part

OWNER_BESIDE, COMPARED_BESIDE = 80, 120
"""From these widths a read-out line has room for the key, its owner and its requests, alone or compared."""


def of_key(known: Known, row: Charge, bill: Bill, width: int) -> Line:
    """Whose it is, what it used, and what that is of the price."""
    key, problem, used = row.standing.key, row.standing.problem, row.used
    if row.standing.usage is None:
        reasons = (problem.message, problem.next_step) if problem else ("waiting for its figures",)
        return read_out([name_beside(key, reasons[0], width), *reasons], width)
    requests, roomy = (
        requests_part(used.requests),
        width >= (COMPARED_BESIDE if row.change else OWNER_BESIDE),
    )
    if row.share is not None and (roomy or not row.change):
        requests += f" ({percent(row.share)})"
    owner, cents = clip(owner_name(row.owner), 16) if roomy else "", row.cents
    return read_out(
        [
            name_beside(key, f"{owner}  {requests}" if owner else requests, width),
            owner,
            requests,
            added_part(known, [key]),
            f"about ${dollars(cents)} of ${_cost(bill)}" if cents is not None else None,
            change_part(row.change, used.requests),
            f"{exact(row.let_through)} let through" if row.let_through is not None else None,
            error_part(used.failed, ratio(used.failed, used.requests)),
            f"{exact(used.throttled)} throttled" if used.throttled is not None else None,
        ],
        width,
    )


def of_together(known: Known, together: Group, bill: Bill, width: int, owner: str = "") -> Line:
    """What all keys used, or those of an owner, and of the price what they share."""
    used = together.used
    if not used.answered:
        return ()
    return read_out(
        [
            Span(clip(owner, 24) or f"{counted(used.keys, 'key')} together", "title"),
            counted(used.keys, "key") if owner else None,
            requests_part(used.requests),
            added_part(known, [row.standing.key for row in together.charges]),
            _priced(together.cents, bill, owner),
            change_part(together.change, used.requests),
            f"{exact(together.let_through)} let through" if together.let_through is not None else None,
            error_part(used.failed, ratio(used.failed, used.requests)),
        ],
        width,
    )


def _priced(cents: int | None, bill: Bill, owner: str) -> str | None:
    """The whole price, or about how much of it."""
    if cents is None:
        return None
    return f"about ${dollars(cents)} of ${_cost(bill)}" if owner else f"${_cost(bill)}"


def _cost(bill: Bill) -> str:
    """69.77 for 7 d, or 299/month"""
    if bill.days == MONTH or bill.cents is None:
        return f"{bill.price}/month"
    return f"{dollars(bill.cents)} for {bill.days} d"
