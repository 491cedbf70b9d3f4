"""The bill: whose keys used how much, and the plan's price shared among them to the cent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from socd_tui.charts.canvas import Canvas, line_width, plain
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.charts.sheet import as_csv, as_markdown, as_text
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.preferences import Preferences
from socd_tui.model.target import KeyTarget, OwnerTarget
from socd_tui.model.text import Text
from socd_tui.views.bill.pane import BillPane
from socd_tui.views.frame.scene import composed
from socd_tui.views.registry import view
from tests.build import drawn, figures, painted, pane, prepared, usage
from tests.build import fleet as account_of
from tests.build import key as made
from tests.fleets import FLEETS, all_unknown, demo, loading

Owners = Mapping[str, tuple[str, ...]]

KEYS = demo().keys
OWNERS = {"Ann Lee": ("MISP*", "soar ?nrichment"), "Bob": ("dev*",), "Zoe": (KEYS[0].id,)}
HOSTILE = {
    "\x1b[31mEve\u202e": ("MISP*",),
    "東京" * 40: ("dev*",),
    "=1+1": (KEYS[0].id,),
    "2,048": ("idle*",),
}


def seen(fleet: Fleet | None = None, owners: Owners = OWNERS, **looking: Any) -> BillPane:
    bill: BillPane = pane(fleet or demo(), lens(**looking), Preferences(owners))
    return bill


def figures_of(fleet: Fleet | None = None, owners: Owners = OWNERS, **looking: Any) -> Any:
    return figures(fleet or demo(), lens(**looking), Preferences(owners))


def lens(days: int = 30, **looking: Any) -> Lens:
    return Lens(view="bill", days=days, **looking)


def screen(
    width: int = 80,
    height: int = 24,
    fleet: Fleet | None = None,
    glyphs: Glyphs = FULL,
    owners: Owners = OWNERS,
    **looking: Any,
) -> list[str]:
    canvas = Canvas(width, height, glyphs)
    return drawn(fleet or demo(), lens(**looking), canvas, Preferences(owners)).split("\n")


def free() -> Fleet:
    """The account with every key on the Free plan."""
    return replace(demo(), keys=tuple(replace(key, tier=Text("free")) for key in KEYS))


def test_each_owner_is_followed_by_the_keys_and_nobodys_come_last() -> None:
    rows = [row[1:28].rstrip().split("#")[0] for row in screen()[1:15]]
    assert rows == [
        "Ann Lee", "  MISP sync", "  SOAR enrichment", "Zoe", "  Production SIEM",
        "Bob", "  dev sandbox", "  dev sandbox", "unassigned", "  threat-notebook", "  Old dashboard",
        "  Contractor read-only", "  idle-lab", "  ghost import",
    ]  # fmt: skip


def test_on_the_screen_the_heaviest_come_first_and_files_keep_the_order_of_the_settings() -> None:
    data = seen()
    for group in data.groups:
        told = [count for row in group.charges if (count := row.standing.requests) is not None]
        assert told == sorted(told, reverse=True)
    assert [group.owner for group in data.groups] == ["Ann Lee", "Zoe", "Bob", None]
    assert [owner["owner"] for owner in figures_of()["owners"]] == ["Ann Lee", "Bob", "Zoe", None]
    order = [key.name.shown for key in KEYS]
    unassigned = [order.index(row.standing.key.name.shown) for row in data.listed_groups[-1].charges]
    assert unassigned == sorted(unassigned)


def test_with_all_keys_in_focus_the_cursor_is_on_their_sum() -> None:
    told = screen(focus=None, landing=False)
    [at] = [line for line in told if line.startswith("▸")]
    assert at.startswith("▸total 9 of 10 keys")
    requests = sum(usage.requests or 0 for usage in seen().known.usages(KEYS))
    assert told[-1].startswith(f" 10 keys together  {requests:,} req  $299/month")


def test_an_owners_row_is_the_sum_of_the_keys_below() -> None:
    data = figures_of()
    owners = data["owners"]
    assert [owner["owner"] for owner in owners] == ["Ann Lee", "Bob", "Zoe", None]
    for owner in owners:
        for field in ("requests", "let_through", "errors", "throttled", "usd", "usd_per_month"):
            known = [key[field] for key in owner["keys"] if key[field] is not None]
            assert owner[field] == (pytest.approx(sum(known)) if known else None), field


def test_the_shares_add_up_to_the_price_to_the_cent_in_every_form() -> None:
    data = figures_of()
    owners = data["owners"]
    assert data["plan_usd_per_month"] == 299
    assert data["basis"] == "estimated by requests"
    for field in ("usd", "usd_per_month"):
        assert round(sum(owner[field] or 0 for owner in owners) * 100) == 29_900
    money = [row[-1] for row in seen().sheet().rows]
    assert sum(int(str(usd).replace(".", "")) for usd in money if usd is not None) == 29_900
    assert "299.00" in next(row for row in screen() if row.startswith(" total"))


@pytest.mark.parametrize(("width", "height"), [(160, 45), (120, 36), (80, 24), (60, 20), (40, 12), (40, 7)])
def test_who_what_share_and_price_are_on_screen_at_every_size(width: int, height: int) -> None:
    shown = "\n".join(screen(width, height, focus=KEYS[2].id))
    assert re.search(r"MISP sync\S* +106,920 29\.7% .*81\.04", shown)
    assert "$299/month" in shown
    assert "by requests let through" in shown


def test_the_read_out_line_says_whose_the_key_is_and_what_it_costs() -> None:
    assert screen(130, focus=KEYS[2].id)[-1] == (
        " MISP sync#h8HC  Ann Lee  106,920 req (29.7%)  about $81.04 of $299/month"
        "  81,170 let through  25,821 err (24.1%)"
    )


def test_a_key_without_an_answer_says_why_and_is_in_no_sum() -> None:
    rows = screen(focus=KEYS[9].id)
    assert rows[-1].endswith("The service does not know this key.  Refresh the key list.")
    assert any("total 9 of 10" in row for row in rows)
    assert not any("keys answered" in row for row in rows)
    assert screen(fleet=loading())[-1].endswith("waiting for its figures")


def test_a_price_shared_without_keys_that_did_not_answer_says_so() -> None:
    known = demo()
    one, two = (
        replace(known, usages={slot: each for slot, each in known.usages.items() if slot[0] not in gone})
        for gone in ((KEYS[0].id,), (KEYS[0].id, KEYS[2].id))
    )
    assert figures_of(known)["doubts"] == []
    for fleet, doubt in (
        (one, "1 of 4 Pro keys did not answer; the others share its part"),
        (two, "2 of 4 Pro keys did not answer; the others share their part"),
    ):
        assert figures_of(fleet)["doubts"] == [doubt]
        assert doubt in as_text(seen(fleet).sheet()).split("\n")
    assert figures_of(free())["doubts"] == []
    assert figures_of(only=(KEYS[0].id, KEYS[1].id, KEYS[9].id))["doubts"] == [
        "1 of 4 Pro keys are in the picture and share the whole price"
    ]


def test_sorted_keys_are_one_list_that_names_the_owner_of_each() -> None:
    rows = screen(sorts={"bill": Sort("usd")})
    assert re.search(r"owner +requests.*est\. \$▼", rows[0])
    assert [re.split(r"  +", row[1:])[0].split("#")[0] for row in rows[1:4]] == [
        "Production SIEM", "MISP sync", "SOAR enrichment",
    ]  # fmt: skip
    assert "Ann Lee" in rows[2]
    assert [row.standing.key.id for row in seen(sorts={"bill": Sort("owner", False)}).rows][:2] == [
        KEYS[2].id,
        KEYS[3].id,
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ann lee", ["MISP sync", "SOAR enrichment"]),
        ("usd>100", ["Production SIEM"]),
        ("let_through>100k", ["Production SIEM"]),
        ("err%>50", ["threat-notebook"]),
        (
            "unassigned",
            ["threat-notebook", "Old dashboard", "Contractor read-only", "idle-lab", "ghost import"],
        ),
    ],
)
def test_a_filter_keeps_keys_and_the_sums_are_of_those_kept(typed: str, kept: list[str]) -> None:
    data = seen(filters={"bill": typed})
    assert [row.standing.key.name.shown for row in data.rows] == kept
    assert data.total.used.keys == len(kept)
    usd = [row.cents for row in data.rows if row.cents is not None]
    assert data.total.cents == (sum(usd) if usd else None)
    assert set(usd) <= {row.cents for row in seen().rows}


@pytest.mark.parametrize("width", [160, 80, 60, 40])
def test_without_owners_all_keys_are_unassigned_and_the_screen_says_how_to_name_them(width: int) -> None:
    rows = screen(width, owners={})
    assert rows[1].startswith(" unassigned")
    assert any(row.startswith(" o names ") and "config.toml" in row for row in rows)
    assert not any("config.toml" in row for row in screen(width))
    owners = figures_of(owners={})["owners"]
    assert [owner["owner"] for owner in owners] == [None]


def test_on_the_free_plan_nothing_is_shared_and_nothing_is_made_up() -> None:
    shown = "\n".join(screen(fleet=free()))
    assert "no Pro key in the picture, so no price to share" in shown
    assert "est. $" not in shown
    data = figures_of(free())
    total: Any = data["total"]
    assert (data["plan_usd_per_month"], total["usd_per_month"], total["requests"]) == (None, None, 359_419)
    assert {row[-1] for row in seen(free()).sheet().rows} == {None}


def test_unknown_requests_leave_the_price_unshared() -> None:
    known = demo()
    silent = replace(known.usages[KEYS[0].id, 30], requests=None)
    data = seen(replace(known, usages={**known.usages, (KEYS[0].id, 30): silent}))
    assert {row.cents for row in data.rows} == {None}
    assert data.basis == ("no estimate: how many requests were let through is unknown",)
    assert seen(replace(known, usages={})).basis == ("no estimate: no Pro key has answered",)
    assert figures_of(all_unknown())["plan_usd_per_month"] is None


def test_what_the_owners_do_not_settle_is_told() -> None:
    owners = {"Ann": ("MISP*", "nobody *"), "Bob": ("*sync",)}
    assert seen(owners=owners).notes[-2:] == (
        "no key matches 'nobody *' of 'Ann'",
        "'MISP sync#h8HC' is claimed by 'Ann' and 'Bob'; 'Ann' has it",
    )


def test_keys_outside_the_picture_make_the_others_shares_larger_and_that_is_told() -> None:
    data = seen(only=(KEYS[0].id, KEYS[2].id))
    assert data.total.cents == 29_900
    assert "2 of 4 Pro keys are in the picture and share the whole price" in data.notes


def test_the_sheet_is_flat_rows_with_period_and_basis_below() -> None:
    written = as_text(seen().sheet()).split("\n")
    assert written[0].split() == [
        "owner", "key", "prefix", "tier", "requests", "let_through", "share", "errors", "error_ratio",
        "throttled", "period", "usd",
    ]  # fmt: skip
    assert re.fullmatch(r"Ann Lee +MISP sync +sk_live_h8HC +pro .* 81\.04", written[1])
    assert written[11:14] == [
        "2026-10-24 to 2026-11-22, UTC",
        "estimated share of the $299/month plan by requests let through",
        "left out: 6 keys, tier free, 14,401 requests let through",
    ]
    assert "estimated share" in as_markdown(seen().sheet())
    assert (
        as_csv(seen().sheet())
        .split("\n")[1]
        .startswith("Ann Lee,MISP sync,sk_live_h8HC,pro,106920,81170,0.2975,")
    )


def test_by_owner_a_file_has_one_row_for_each_and_the_same_sums() -> None:
    by_owner, by_key = (as_csv(seen(by=by).sheet()).split("\n") for by in ("owner", "key"))
    assert by_key == as_csv(seen().sheet()).split("\n")
    assert by_owner[0] == "owner,keys,requests,let_through,share,errors,error_ratio,throttled,period,usd"
    period = '"2026-10-24 to 2026-11-22, UTC"'
    assert by_owner[1] == f"Ann Lee,2,165854,140104,0.4615,27798,0.1676,25750,{period},139.88"
    assert by_owner[2] == f"Bob,2,7994,7994,0.0222,2048,0.2562,0,{period},"
    assert [row.split(",")[0] for row in by_owner[1:]] == ["Ann Lee", "Bob", "Zoe", "unassigned"]


@pytest.mark.parametrize(("days", "cents"), [(1, 997), (7, 6_977), (14, 13_953), (30, 29_900), (90, 89_700)])
def test_the_price_is_of_the_days_of_the_window(days: int, cents: int) -> None:
    data = figures_of(demo("flat", days), days=days)
    assert (data["plan_usd"], data["plan_usd_per_month"], data["prorated_days"]) == (cents / 100, 299, days)
    assert round(sum(owner["usd"] or 0 for owner in data["owners"]) * 100) == cents
    assert round(sum(owner["usd_per_month"] or 0 for owner in data["owners"]) * 100) == 29_900


def test_a_window_shorter_than_a_month_says_what_of_the_price_is_shared() -> None:
    rows = screen(120, fleet=demo("flat", 7), days=7, focus=KEYS[0].id)
    assert any("estimated share of $69.77, 7 of 30 days of the $299/month plan, by" in row for row in rows)
    assert re.search(r"about \$\d+\.\d\d of \$69\.77 for 7 d", rows[-1])
    narrow = screen(40, fleet=demo("flat", 7), days=7)
    assert " $69.77 of $299 by requests let through" in [row.rstrip() for row in narrow]


def test_a_window_longer_than_a_month_says_how_many_days_the_price_is_of() -> None:
    rows = screen(120, fleet=demo("flat", 90), days=90)
    assert any("estimated share of $897.00, 90 days of the $299/month plan, by" in row for row in rows)


def test_what_shares_no_price_is_a_line() -> None:
    assert " left out: 6 keys, tier free, 14,401 requests let through" in screen()
    assert not any("left out" in row for row in screen(fleet=free()))
    gone = replace(KEYS[0], revoked_at=KEYS[0].created_at)
    several = replace(demo(), keys=(gone, *KEYS[1:]))
    for width, told in (
        (120, "left out: 1 key, ended before the window, 149,605 requests let through; 6 keys, tier free"),
        (80, "left out: 1 key (ended before the window); 6 keys (tier free)"),
    ):
        [said] = [row.strip() for row in screen(width, fleet=several) if "left out" in row]
        assert said.startswith(told)
    [told] = figures_of()["left_out"]
    assert told == {"reason": "tier free", "keys": 6, "let_through": 14_401}


def test_names_of_owners_run_nothing_and_stay_whole_in_json() -> None:
    shown = "\n".join([*screen(160, owners=HOSTILE), as_text(seen(owners=HOSTILE).sheet())])
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\n'=1+1," in as_csv(seen(owners=HOSTILE).sheet())
    owners = figures_of(owners=HOSTILE)["owners"]
    assert [owner["owner"] for owner in owners] == [*HOSTILE, None]


@pytest.mark.parametrize("sort", [None, Sort("usd"), Sort("owner", False)])
@pytest.mark.parametrize("fleet_name", FLEETS)
def test_named_and_sorted_bills_keep_to_the_canvas(fleet_name: str, sort: Sort | None) -> None:
    make, days = FLEETS[fleet_name]
    fleet = make()
    owners = {**HOSTILE, "Sam": ("namesake", "key *"), "Too long a name for any column": ("*",)}
    through = lens(days, sorts={"bill": sort} if sort else {})
    known = prepared(fleet, through, Preferences(owners))
    data = pane(known, through)
    for width, height in ((160, 45), (120, 36), (80, 24), (60, 20), (40, 12), (40, 7)):
        for glyphs in (FULL, SHADE, ASCII):
            lines = painted(data, known, through, Canvas(width, height, glyphs))
            assert [line_width(line) for line in lines] == [width] * height
            assert glyphs is not ASCII or plain(lines).isascii()


def test_entering_a_key_leads_to_its_page() -> None:
    entered = seen(focus=KEYS[3].id).enter(lens(marked=frozenset({"x"})))
    assert entered
    assert (entered.view, entered.focus, entered.marked) == ("key", KEYS[3].id, frozenset())


def test_the_cursor_starts_on_the_first_key_drawn_and_m_leads_to_the_busiest() -> None:
    assert seen().cursor == KeyTarget(KEYS[2].id)
    assert seen().maximum() == KeyTarget(KEYS[0].id)
    assert seen(filters={"bill": "nothing like it"}).maximum() is None


# --- many keys ------------------------------------------------------------------------------------


@cache
def many() -> Fleet:
    """Thirty keys that answered; the first makes most requests."""
    answers = (usage(f"k{n:02}", 7, requests=1000 - n, throttled=0) for n in range(30))
    return account_of(*answers, keys=[made(f"k{n:02}", tier="pro") for n in range(30)])


def of_many(height: int = 7, **looking: Any) -> tuple[BillPane, list[str]]:
    """The bill of three owners' many keys, and its table's names."""
    teams = {"Ann Lee": ("k0*",), "Bob": ("k1*",)}
    through = lens(7, **looking)
    bill: BillPane = pane(many(), through, Preferences(teams))
    lines = drawn(many(), through, Canvas(80, height), Preferences(teams)).split("\n")
    return bill, [line[:22].rstrip() for line in lines[1:12]]


def test_many_keys_are_folded_into_their_owners_but_where_the_cursor_is() -> None:
    bill, told = of_many(landing=False)
    assert told[:4] == [" Ann Lee, 10 keys", " Bob, 10 keys", " unassigned, 10 keys", "▸total 30 keys"]
    up = bill.moved(bill.lens, "up")
    bill, told = of_many(landing=False, shared=up.shared)
    assert (bill.cursor, told[2]) == (OwnerTarget(None), "▸unassigned, 10 keys")
    bill, told = of_many(landing=False, shared=OwnerTarget("Bob"))
    assert told[1] == "▸Bob, 10 keys"
    inside = bill.enter(bill.lens)
    assert inside.focus == "k10"
    bill, told = of_many(16, focus="k10")
    assert [name.strip() for name in told[:4]] == [
        "Ann Lee, 10 keys",
        "Bob, 10 keys",
        "▸  k10#k10",
        "k11#k11",
    ]
    assert bill.moved(bill.lens, "up").shared == OwnerTarget("Bob")


def test_lines_that_are_left_hold_the_heaviest_keys_of_the_owner_under_the_cursor() -> None:
    bill, told = of_many(12, landing=False, shared=OwnerTarget("Bob"))
    assert [name.strip() for name in told[:8]] == [
        "Ann Lee, 10 keys", "▸Bob, 10 keys", *(f"k1{n}#k1{n}" for n in range(5)), "unassigned, 10 keys",
    ]  # fmt: skip
    assert bill.moved(bill.lens, "down").shared == OwnerTarget(None)


def test_an_owner_has_a_read_out_of_what_the_keys_used_together() -> None:
    lines = drawn(
        many(),
        lens(7, landing=False, shared=OwnerTarget("Bob")),
        Canvas(120, 20),
        Preferences({"Bob": ("k1*",)}),
    ).split("\n")
    assert lines[-1].startswith(" Bob  10 keys  9,855 req  about $")


def test_what_is_folded_away_is_still_listed_marked_and_filtered() -> None:
    bill, _ = of_many(landing=False)
    assert len(bill.rows_about()) == 30
    scene = composed(bill.known, bill.lens, [view("bill")])
    assert len(scene.all_marked().marked) == 30
    bill, _ = of_many(landing=False, filters={"bill": "k2"})
    assert len(bill.rows_about()) == 10


def test_few_keys_are_not_folded() -> None:
    assert sum(line.startswith("   ") for line in screen(landing=False)) >= 10
