"""How the price is shared, what is left out, and what makes a share too large."""

from __future__ import annotations

from socd_tui.analysis.bill import MONTH, Bill, LeftOut
from socd_tui.charts.number import dollars, exact
from socd_tui.model.text import counted, inert, quoted
from socd_tui.views.bill.measures import owner_name
from socd_tui.views.parts.names import named


def basis(bill: Bill) -> tuple[str, ...]:
    """How the price is shared, or why it is not, in the widest form first."""
    if bill.price is None or bill.cents is None:
        return "no Pro key in the picture, so no price to share", "no Pro key, so no price to share"
    if not _is_shared(bill):
        return (f"no estimate: {_why_not(bill)}",)
    if bill.days == MONTH:
        return (
            f"estimated share of the ${bill.price}/month plan by requests let through",
            f"est. share of ${bill.price}/month by requests let through",
            f"est. ${bill.price}/month by requests let through",
        )
    cost = f"${dollars(bill.cents)}"
    part = f"{bill.days} of {MONTH} days" if bill.days < MONTH else f"{bill.days} days"
    return (
        f"estimated share of {cost}, {part} of the ${bill.price}/month plan, by requests let through",
        f"est. share of {cost} ({bill.days} d of ${bill.price}/month) by requests let through",
        f"est. {cost} of ${bill.price}/month by requests let through",
        f"{cost} of ${bill.price} by requests let through",
    )


def left_out(bill: Bill) -> tuple[str, ...]:
    """Whose requests share no price, in the widest form first; empty when all do."""
    if not bill.left_out:
        return ()
    keys = sum(each.keys for each in bill.left_out)
    return (
        f"left out: {'; '.join(map(_left_out, bill.left_out))}",
        f"left out: {'; '.join(_short(each) for each in bill.left_out)}",
        f"left out: {counted(keys, 'key')}",
    )


def _short(part: LeftOut) -> str:
    """3 keys (tier free)"""
    return f"{counted(part.keys, 'key')} ({part.reason})"


def _left_out(part: LeftOut) -> str:
    """3 keys, tier free, 12,340 requests let through"""
    requests = f", {exact(part.let_through)} requests let through" if part.let_through is not None else ""
    return f"{counted(part.keys, 'key')}, {part.reason}{requests}"


def _why_not(bill: Bill) -> str:
    if bill.silent == bill.payers:
        return "no Pro key has answered"
    answered = [charge for charge in bill.charges if charge.standing.usage]
    if any(charge.let_through is None for charge in answered):
        return "how many requests were let through is unknown"
    return "no requests yet"


def doubts(bill: Bill) -> tuple[str, ...]:
    """What makes a share too large, and what the owners in the settings do not settle."""
    payers, silent = bill.payers, bill.silent
    narrowed = f"{payers} of {bill.of_payers} Pro keys are in the picture and share the whole price"
    part = "its part" if silent == 1 else "their part"
    unheard = f"{silent} of {payers} Pro keys did not answer; the others share {part}"
    return (
        *([narrowed] if payers and payers < bill.of_payers else []),
        *([unheard] if silent and _is_shared(bill) else []),
        *(
            f"no key matches {quoted(inert(entry))} of {quoted(owner_name(owner))}"
            for owner, entry in bill.unmatched
        ),
        *(
            f"{named(key, 26)} is claimed by {' and '.join(quoted(owner_name(each)) for each in owners)}; "
            f"{quoted(owner_name(owners[0]))} has it"
            for key, owners in bill.disputed
        ),
    )


def _is_shared(bill: Bill) -> bool:
    return any(charge.cents is not None for charge in bill.charges)
