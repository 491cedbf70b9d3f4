"""What `show` says of odd answers: what was sent, what was not, and what cannot be true."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.views.registry import views
from tests.account import TODAY, Account, by_window, daily, flat, key_id, key_row
from tests.loopback import answer_json

VIEWS = [view.name for view in views()]

MESSY = flat(
    [100] * 7,
    total_requests="1,234",
    successful="1 200",
    latency_p95_ms="1.240,5",
    by_status={"200": "1,200"},
)


def test_a_count_that_cannot_be_read_is_unknown_and_quoted(tmp_path: Path) -> None:
    with Account(key_row(1), key_row(2), usages={key_id(1): MESSY}) as account:
        told = account.document(tmp_path, "overview")
    assert [row["requests"] for row in told["data"]["rows"]] == [None, 700]
    assert told["data"]["total"]["requests"] is None
    messages = [note["message"] for note in told["notes"] if note["key_id"] == key_id(1)]
    for value in ("'1,234'", "'1 200'", "'1.240,5'", "'1,200'"):
        assert any(f"{value} was not understood" in message for message in messages)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_that_the_days_do_not_add_up_to_the_total(view: str, tmp_path: Path) -> None:
    with Account(key_row(1), usage=flat([100] * 7, total_requests=1900)) as account:
        told = account.show(tmp_path, view).stdout
    assert "the 7 days add up to 700 requests, the total says 1,900" in told


def test_endpoints_that_make_more_than_the_total_are_told_once(tmp_path: Path) -> None:
    usage = flat([100] * 7, top_endpoints=[{"path": "/a", "count": 2000}])
    with Account(key_row(1), usage=usage) as account:
        told = account.show(tmp_path, "endpoints").stdout
    assert told.count("2,000, ") == told.count("the endpoints add up to 2,000, the total says 700") == 1


def test_what_is_odd_of_several_keys_is_said_once_and_of_each(tmp_path: Path) -> None:
    usage = flat([100] * 7, top_endpoints=[{"path": "/a", "count": 2000}])
    with Account(key_row(1), key_row(2), key_row(3), usage=usage) as account:
        told = account.show(tmp_path, "endpoints").stdout
    assert "the endpoints add up to 2,000, the total says 700 (in each of 3 keys)" in told


def test_a_list_that_goes_on_elsewhere_is_told_with_the_reason(tmp_path: Path) -> None:
    elsewhere = {"results": [key_row(1)], "next": "https://other.example/api/v1/keys?page=2"}
    with Account(key_row(1), listed=elsewhere) as account:
        said = [account.run(tmp_path, *command).stderr for command in (["keys"], ["show", "overview"])]
    for each in said:
        assert "incomplete: 1 key, and the service has more. The next page is at another address" in each


def test_no_share_is_above_the_whole(tmp_path: Path) -> None:
    usage = flat([100, 0], errors=[150, 5], total_requests=700, successful=690, client_errors=900)
    with Account(key_row(1), usage=usage) as account:
        for view in ("series", "overview", "status"):
            told = account.show(tmp_path, view, "--format", "csv").stdout
            ratios = [
                cell
                for line in told.splitlines()
                for cell in line.split(",")
                if cell.startswith(("1.", "2."))
            ]
            assert ratios == []
        said = account.show(tmp_path, "series").stdout
    assert f"{TODAY - timedelta(days=1)} has 150 errors of 100 requests" in said


@pytest.mark.parametrize("none", [-1, -5, "unlimited", "None", 2**63 - 1])
def test_no_limit_is_never_reached_and_nothing_is_foretold_against_it(none: object, tmp_path: Path) -> None:
    row = key_row(1, tier="free", rate_limit_per_minute=none, rate_limit_per_day=none)
    usage = by_window(
        lambda days: flat([2000] * days, rate_limit_peak_per_day=2500, rate_limit_peak_per_minute=50)
    )
    with Account(row, usage=usage, details={key_id(1): {"data": row}}) as account:
        [told] = account.document(tmp_path, "budget")["data"]["rows"]
        [overview] = account.document(tmp_path, "overview")["data"]["rows"]
    for cap in ("minute", "day"):
        assert (told[cap]["limit"], told[cap]["limit_source"]) == (None, "unlimited")
    assert told["verdict"] == "ok"
    assert told["tier_verdict"].get("verdict") not in ("upgrade", "borderline")
    assert (overview["limit_per_day"], overview["limit_source"]) == (None, "unlimited")


def test_of_two_limits_only_the_one_that_there_is_not_is_called_so(tmp_path: Path) -> None:
    row = key_row(1, rate_limit_per_minute=2**31 - 1, rate_limit_per_day=2**63 - 1)
    with Account(row, usage=by_window(lambda days: flat([2000] * days))) as account:
        [told] = account.document(tmp_path, "budget")["data"]["rows"]
    assert (told["minute"]["limit"], told["minute"]["limit_source"]) == (2**31 - 1, "key")
    assert (told["day"]["limit"], told["day"]["limit_source"]) == (None, "unlimited")
    assert told["tier_verdict"]["reason"] == "the key has no day limit"


@pytest.mark.parametrize("unset", [None, ..., 0])
def test_a_limit_of_nothing_or_zero_is_no_unlimited_one(unset: object, tmp_path: Path) -> None:
    row = key_row(1, rate_limit_per_day=unset)
    with Account(row) as account:
        [told] = account.document(tmp_path, "budget")["data"]["rows"]
    assert told["day"]["limit_source"] == ("key" if unset == 0 else "tier")
    assert told["day"]["limit"] == (0 if unset == 0 else 1_000_000)
    assert (told["day"]["peak_ratio"] is None) == (unset == 0)


def test_a_limit_that_cannot_be_read_is_unknown_and_the_tiers_does_not_step_in(tmp_path: Path) -> None:
    with Account(key_row(1, rate_limit_per_day="unlimited-ish")) as account:
        document = account.document(tmp_path, "budget")
    [told] = document["data"]["rows"]
    assert (told["day"]["limit"], told["day"]["limit_source"]) == (None, None)
    assert "rate_limit_per_day: 'unlimited-ish' was not understood" in [
        note["message"] for note in document["notes"]
    ]


def test_rows_with_an_offset_keep_their_date_and_today_is_last_and_partial(tmp_path: Path) -> None:
    rows = [{**row, "date": f"{row['date']}T00:00:00+01:00"} for row in daily([1, 2, 3, 4, 5, 6, 7])]
    with Account(key_row(1), usage=flat([4] * 7, daily=rows[::-1])) as account:
        days = account.document(tmp_path, "series")["data"]["days"]
    assert [(day["date"], day["requests"]) for day in days] == [
        (str(TODAY - timedelta(days=6 - n)), n + 1) for n in range(7)
    ]
    assert [day["partial"] for day in days] == [False] * 6 + [True]


def test_a_row_of_tomorrow_is_ahead_and_today_is_the_one_that_is_not_over(tmp_path: Path) -> None:
    rows = daily([100] * 7, ends=TODAY + timedelta(days=1))
    with Account(key_row(1), usage=flat([100] * 7, daily=rows)) as account:
        said = account.show(tmp_path, "series").stdout.splitlines()
        told = account.document(tmp_path, "series")
    assert next(line for line in said if line.startswith(str(TODAY))).endswith("partial")
    assert next(line for line in said if line.startswith(str(TODAY + timedelta(days=1)))).endswith("ahead")
    assert f"{TODAY + timedelta(days=1)} is ahead: the service's own date is {TODAY}" in "\n".join(said)
    assert told["window"]["end"] == str(TODAY)


def test_hours_later_than_the_services_clock_are_shown_when_they_were_sent(tmp_path: Path) -> None:
    late = [{"hour": f"{TODAY}T23:00:00Z", "count": 7}]
    usage = flat(
        [100] * 7, errors=[7] + [0] * 6, by_status={"200": 693, "429": 7}, rate_limit_hits_by_hour=late
    )
    with Account(key_row(1), usage=usage) as account:
        told = account.show(tmp_path, "heatmap", "--format", "csv").stdout
    assert any(f"{TODAY}T23" in line and line.rstrip().endswith("7") for line in told.splitlines())


@pytest.mark.parametrize("year", ["9999", "1999", "2101"])
def test_a_clock_of_the_service_that_is_out_of_all_reason_dates_nothing(year: str, tmp_path: Path) -> None:
    absurd = {"Date": f"Fri, 31 Dec {year} 23:59:59 GMT"}
    rows = {"data": [key_row(1)]}
    with Account(
        key_row(1), usage=answer_json(flat(), headers=absurd), listed=answer_json(rows, headers=absurd)
    ) as account:
        for _ in range(2):  # the second time with what the first has kept
            told = account.document(tmp_path, "overview")
            assert told["window"]["end"] == str(TODAY)
            assert [row["requests"] for row in told["data"]["rows"]] == [700]


def test_codes_that_were_not_listed_are_a_row_in_every_format(tmp_path: Path) -> None:
    with Account(key_row(1), usage=flat([100] * 7, by_status={"200": 500})) as account:
        for format_ in ("table", "csv", "md"):
            lines = account.show(tmp_path, "status", "--format", format_).stdout.splitlines()
            assert any("other" in line and "200" in line for line in lines)
        assert account.document(tmp_path, "status")["data"]["other"] == 200


@pytest.mark.parametrize("sent", ["yes", True, ""])
def test_a_key_that_may_be_revoked_is_unknown_everywhere(sent: object, tmp_path: Path) -> None:
    usage = flat([100] * 7, rate_limit_peak_per_minute=1, rate_limit_peak_per_day=100)
    with Account(key_row(1, revoked_at=sent), usage=usage) as account:
        [row] = account.document(tmp_path, "overview")["data"]["rows"]
        [listed] = json.loads(account.run(tmp_path, "keys", "--format", "json").stdout)["keys"]
        said = account.run(tmp_path, "keys").stdout
    assert (row["state"], row["verdict"], listed["state"]) == ("unknown", "ok", "unknown")
    assert listed["notes"][0].startswith("revoked_at: ")
    assert "was not understood" in said


@pytest.mark.parametrize("never", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999+00:00", "2999-01-01"])
def test_a_key_that_expires_in_thousands_of_years_is_active(never: str, tmp_path: Path) -> None:
    usage = flat([100] * 7, rate_limit_peak_per_minute=1, rate_limit_peak_per_day=100)
    with Account(key_row(1, expires_at=never), usage=usage) as account:
        for _ in range(2):  # the second time what was known before is read, too
            [listed] = json.loads(account.run(tmp_path, "keys", "--format", "json").stdout)["keys"]
            [row] = account.document(tmp_path, "overview")["data"]["rows"]
            budget = account.document(tmp_path, "budget")
    assert (listed["state"], listed["notes"], row["state"]) == ("active", [], "ok")
    assert listed["expires_at"].startswith(never[:10])
    assert budget["data"]["rows"][0]["forecast"]["horizon_days"] == 30


def test_keys_that_were_listed_before_are_kept_when_the_list_is_empty(tmp_path: Path) -> None:
    with Account(key_row(1), key_row(2)) as account:
        account.document(tmp_path, "overview")
        account.listed = {"data": [], "meta": {"total": 0}}
        for _ in range(2):  # what is kept is not lost by the first such answer
            done = account.show(tmp_path, "overview")
            told, other = (
                account.document(tmp_path, "overview"),
                account.document(tmp_path, "series", "--days", "1"),
            )
            listed = account.run(tmp_path, "keys").stdout
    said = "The service listed no keys; the 2 keys known before are still shown."
    assert done.returncode == 6
    assert "stale, as of" in done.stdout
    assert done.stderr.count(said) == 1
    assert [problem["message"] for problem in told["problems"]].count(said) == 1
    assert [(row["requests"], row["stale"], row["state"]) for row in told["data"]["rows"]] == [
        (700, True, "not listed"),
        (700, True, "not listed"),
    ]
    assert {problem["kind"] for problem in other["problems"]} == {"empty_list", "not_listed"}
    assert said in listed
    assert key_id(2) in listed


def test_an_account_that_never_had_keys_is_told_nothing_of_the_sort(tmp_path: Path) -> None:
    with Account() as account:
        for _ in range(2):
            told = account.document(tmp_path, "overview")
    assert (told["problems"], told["data"]["rows"]) == ([], [])


def test_a_blank_tier_is_asked_of_the_detail_call(tmp_path: Path) -> None:
    details = {key_id(1): {"data": {"tier": "pro", "name": "Named there"}}}
    with Account(key_row(1, tier="", name="\u200b "), details=details) as account:
        [row] = account.document(tmp_path, "budget")["keys"]
    assert (row["name"], row["tier"]) == ("Named there", "pro")


def test_a_key_in_a_path_is_shown_exported_and_kept_nowhere(tmp_path: Path) -> None:
    secret = "k001SECRETSECRET"
    paths = [
        {"path": f"/api/v1/iocs?api_key=sk_live_{secret}&limit=5", "count": 600},
        {"path": f"/api/v1/keys/sk_live_{secret}", "count": 100},
    ]
    with Account(key_row(1), usage=flat([100] * 7, top_endpoints=paths)) as account:
        for view in VIEWS:
            for format_ in ("table", "csv", "md", "json"):
                done = account.show(
                    tmp_path, view, "--format", format_, *(["--raw"] if format_ == "json" else [])
                )
                assert secret not in done.stdout + done.stderr
        assert "api_key=sk_live_…&limit=5" in account.show(tmp_path, "endpoints").stdout
    kept = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in kept if secret.encode() in file.read_bytes()] == []
    assert kept != []


def test_paths_that_differ_only_in_a_secret_are_one_path(tmp_path: Path) -> None:
    paths = [{"path": f"/a?token=abcdefgh{n:08}", "count": 100} for n in range(7)]
    with Account(key_row(1), usage=flat([100] * 7, top_endpoints=paths)) as account:
        [row] = account.document(tmp_path, "endpoints")["data"]["rows"]
    assert (row["path"], row["requests"]) == ("/a?token=abcdefgh…", 700)


TWINS = [
    key_row(n, name=name, key_prefix="sk_live_test") for n, name in enumerate(("twin", "twin", "Other"), 1)
]


@pytest.mark.parametrize("view", ["overview", "budget", "bill"])
@pytest.mark.parametrize("format_", ["table", "csv", "md", "json"])
def test_keys_of_one_name_and_prefix_are_told_apart_in_every_format(
    tmp_path: Path, view: str, format_: str
) -> None:
    with Account(*TWINS) as account:
        printed = account.show(tmp_path, view, "--format", format_).stdout
    assert key_id(1) in printed
    assert key_id(2) in printed


@pytest.mark.parametrize("view", VIEWS)
def test_one_of_two_keys_of_one_name_and_prefix_can_be_named(tmp_path: Path, view: str) -> None:
    with Account(*TWINS) as account:
        refused = account.show(tmp_path, view, "--key", "twin")
        told = account.document(tmp_path, view, "--key", "twin#0002")
    assert refused.returncode == 2
    assert f"Give an id: {key_id(1)} or {key_id(2)}." in refused.stderr
    assert [key["id"] for key in told["keys"]] == [key_id(2)]
