"""The figures of a row: of a key, of an owner's keys together, or of all."""

from __future__ import annotations

from socd_tui.analysis.bill import Charge, Group, bill
from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import Standing
from socd_tui.charts.canvas import Canvas
from socd_tui.charts.number import forms
from socd_tui.charts.table import Column
from socd_tui.model.lens import Lens
from socd_tui.model.record import replace
from socd_tui.model.text import inert
from socd_tui.model.usage import ratio
from socd_tui.views.parts.change import change_measures
from socd_tui.views.parts.measure import Measure, Measures
from socd_tui.views.parts.names import key_measures, key_words
from socd_tui.views.parts.refreshed import Before
from socd_tui.views.parts.share import bar_measure

BillRow = Charge | Group


def owner_name(owner: str | None) -> str:
    """Whose it is, as shown."""
    return "unassigned" if owner is None else inert(owner)


def _standing(row: BillRow) -> Standing | None:
    return row.standing if isinstance(row, Charge) else None


def _requests(row: BillRow, canvas: Canvas) -> tuple[str, ...]:
    """The count; an ellipsis while a key's answer is on its way."""
    standing = _standing(row)
    waiting = standing is not None and standing.usage is None and standing.problem is None
    glyphs = canvas.glyphs
    return (glyphs.ellipsis,) if waiting else forms(row.used.requests, glyphs.unknown)


def _indented(row: BillRow, _: Canvas) -> tuple[str, ...]:
    """A key's name below its owner's."""
    standing = _standing(row)
    return tuple([f"  {form}" for form in key_words(standing)]) if standing else ("  ",)


MEASURES: Measures[BillRow] = Measures(
    (
        Measure(
            name="owner",
            read=lambda row: owner_name(row.owner),
            kind="text",
            column=Column("owner", "left", drop=3, floor=10, cut="end"),
            after="key",
            role="faint",
            in_json=False,
            meaning="who is named for the key in config.toml, [owners]: by id, prefix or name pattern",
        ),
        *key_measures(_standing),
        Measure(
            name="tier",
            read=lambda row: standing.key.tier if (standing := _standing(row)) else None,
            kind="text",
            in_json=False,
        ),
        Measure(
            name="requests",
            read=lambda row: row.used.requests,
            column=Column("requests"),
            words=_requests,
            aliases=("req",),
            meaning="all answers in the window, 429 included",
            source="total_requests, summary.totalRequests",
        ),
        Measure(
            name="let_through",
            read=lambda row: row.let_through,
            confidence="derived",
            meaning="requests less those refused, with 429, and with 401 or 403 of a key that has ended: "
            "what the price is shared by",
        ),
        Measure(
            name="share",
            read=lambda row: row.share,
            kind="ratio",
            column=Column("share", drop=2),
            after="change",
            meaning="of the requests of all keys in the picture that answered",
        ),
        bar_measure(
            lambda row: row.share,
            lambda row: "data" if isinstance(row, Charge) else "ink",
            drop=7,
            floor=6,
        ),
        Measure(
            name="errors",
            read=lambda row: row.used.failed,
            column=Column("errors", drop=6),
            called="errors, err%",
            meaning="4xx + 5xx, 429 included; err% is of the key's or owner's requests",
        ),
        Measure(
            name="error_ratio",
            read=lambda row: ratio(row.used.failed, row.used.requests),
            kind="ratio",
            column=Column("err%", drop=4),
        ),
        Measure(
            name="throttled",
            read=lambda row: row.used.throttled,
            column=Column("429", drop=5),
            meaning="answers refused by a rate limit; part of 4xx",
            source="by_status, rateLimitHits.total",
        ),
        Measure(
            name="usd",
            read=lambda row: row.cents,
            kind="cents",
            column=Column("est. $", drop=1),
            after="bar",
            meaning="the price of Pro ($299 for 30 days, from the documentation) for the days of the window, "
            "shared among Pro keys by requests let through; no invoice: the service bills the plan",
        ),
        Measure(name="usd_per_month", read=lambda row: row.cents_a_month, kind="cents", in_files=False),
        *change_measures(lambda row: row.change, drop=3),
    )
)
"""Of keys in one list, each with its owner."""

GROUPED = MEASURES.without("owner").replacing(
    "key", replace(key_measures(_standing, "owner, key")[0], words=_indented, role="ink")
)
"""As drawn with each owner above the keys."""


def with_period(period: str) -> Measures[BillRow]:
    """As in a file, which is sent on without its notes: each row says which dates its figures are of."""
    dates: Measure[BillRow] = Measure(name="period", read=lambda _: period, kind="text")
    return MEASURES.replacing("usd", dates, MEASURES["usd"])


def of_owners(period: str) -> Measures[BillRow]:
    """The same with a row for each owner."""
    keys: Measure[BillRow] = Measure(
        name="keys", read=lambda row: len(row.charges) if isinstance(row, Group) else 1
    )
    measures = with_period(period).without("key", "prefix", "key_id", "tier")
    return measures.replacing("owner", measures["owner"], keys)


def before_refresh(known: Known, lens: Lens) -> Before[Charge]:
    """The lines of keys that had figures when the newest refresh began and have some now, as they were."""
    charges = bill(known.earlier, lens).charges if known.earlier else ()
    by_key = {each.standing.key.id: each for each in charges if each.standing.usage}
    return Before({key_id: each for key_id, each in by_key.items() if known.usage(key_id)})
