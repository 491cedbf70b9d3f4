"""How the price is shared, and what makes a share too large."""

from __future__ import annotations

from socd_tui.analysis.bill import Bill
from socd_tui.model.text import inert
from socd_tui.views.bill.measures import owner_name
from socd_tui.views.parts.names import label


def basis(bill: Bill) -> tuple[str, ...]:
    """How the price is shared, or why it is not, in the widest form first."""
    if bill.price is None:
        return "no Pro key in the picture, so no price to share", "no Pro key, so no price to share"
    if not _is_shared(bill):
        return (f"no estimate: {'requests are unknown' if bill.requests is None else 'no requests yet'}",)
    return (
        f"estimated share of the ${bill.price}/month plan by requests",
        f"est. share of ${bill.price}/month by requests",
    )


def doubts(bill: Bill, keys: int) -> tuple[str, ...]:
    """What makes a share too large, and what the owners in the settings do not settle.

    `keys` is how many the account has.
    """
    shown, silent = len(bill.charges), bill.silent
    narrowed = f"{shown} of {keys} keys are in the picture and share the whole price"
    part = "its part" if silent == 1 else "their part"
    unheard = f"{silent} of {shown} keys did not answer; the others share {part}"
    return (
        *([narrowed] if bill.price is not None and shown < keys else []),
        *([unheard] if silent and _is_shared(bill) else []),
        *(f"no key matches '{inert(entry)}' of {owner_name(owner)}" for owner, entry in bill.unmatched),
        *(
            f"{label(key, 24)} is claimed by {' and '.join(map(owner_name, owners))}; "
            f"{owner_name(owners[0])} has it"
            for key, owners in bill.disputed
        ),
    )


def _is_shared(bill: Bill) -> bool:
    return any(charge.part.cents is not None for charge in bill.charges)
