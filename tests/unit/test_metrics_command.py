"""`socd-tui metrics`: what a scheduled job writes for a collector, whatever becomes of the account."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.account import TOKEN, Account, flat, key_id, key_row
from tests.clock import NOW
from tests.command import ran
from tests.exposition import told, values
from tests.loopback import answer
from tests.terminal.pseudo import environment


def test_the_account_is_told_and_the_key_that_cannot_be_read(tmp_path: Path, demo: DemoServer) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)
    done = ran(environ, "metrics", "--format", "openmetrics", "--days", "30")
    assert done.returncode == 6  # the demo has a key whose usage nobody finds
    assert done.stdout.endswith("\n# EOF\n")
    assert values(done.stdout, "socd_up") == {(): 1}
    assert sorted(values(done.stdout, "socd_key_up").values()) == [0, *[1] * 9]
    assert {labels[1] for labels in values(done.stdout, "socd_key_window_requests")} == {"30d"}
    assert values(done.stdout, "socd_session_expiry_timestamp_seconds")


def test_groups_that_are_left_out_are_not_told(tmp_path: Path) -> None:
    with Account(key_row()) as account:
        names = {
            each.name for each in told(account.run(tmp_path, "metrics", "--without", "window, cost").stdout)
        }
    assert "socd_key_window_endpoint_requests" in names
    assert not names & {"socd_key_window_requests", "socd_key_cost_usd_per_month"}


def test_a_file_is_as_a_terminal_would_get_it_with_every_letter_of_a_name(tmp_path: Path) -> None:
    path, name = tmp_path / "socd.prom", "Zürich \"SIEM\" 東京\\\n{x='1'}"
    with Account(key_row(name=name)) as account:
        printed = account.run(tmp_path, "metrics", LC_ALL="C", SOCD_ASCII="1")
        done = account.run(tmp_path, "metrics", "--output", str(path), LC_ALL="C")
    assert (printed.returncode, done.returncode, done.stdout) == (0, 0, "")
    written = path.read_text()
    for text in (printed.stdout, written):
        (info,) = [each.labels for each in told(text) if each.name == "socd_key_info"]
        assert info["name"] == name.replace("\n", "�")
    assert written.endswith("\n")


def test_counters_go_on_from_run_to_run_and_never_fall(tmp_path: Path) -> None:
    with Account(key_row()) as account:
        for counts, total in (((100,) * 7, 700), ((90,) * 7, 700), ((100,) * 6 + (150,), 750)):
            account.usage = flat(counts, (1,) * 7)
            done = account.run(tmp_path, "metrics")
            assert values(done.stdout, "socd_key_requests_total") == {(key_id(1),): total}
            assert values(done.stdout, "socd_key_errors_total") == {(key_id(1),): 7}


def test_the_token_is_in_no_label_even_where_the_service_gives_it_out(tmp_path: Path) -> None:
    usage = flat(top_endpoints=[{"path": f"/api/v1/iocs?token={TOKEN}", "count": 700}])
    with Account(key_row(name=f"leak {TOKEN}", tier=TOKEN), usage=usage) as account:
        done = account.run(tmp_path, "metrics")
    assert done.returncode == 0
    assert values(done.stdout, "socd_key_window_endpoint_requests")
    assert not any(part in done.stdout for part in TOKEN.split(".")[1:])


@pytest.mark.parametrize(("status", "code"), [(401, 5), (503, 1)])
def test_a_collector_is_told_that_the_account_cannot_be_read_in_place_of_old_figures(
    tmp_path: Path, status: int, code: int
) -> None:
    path = tmp_path / "socd.prom"
    with Account(key_row()) as account:
        assert account.run(tmp_path, "metrics", "--output", str(path)).returncode == 0
        assert values(path.read_text(), "socd_key_window_requests") == {(key_id(1), "7d"): 700}
        account.behaviours["/api/v1/keys"] = answer(status=status)
        done = account.run(tmp_path, "metrics", "--output", str(path))
    assert done.returncode == code
    assert values(path.read_text(), "socd_up") == {(): 0}
    assert {each.name for each in told(path.read_text())} == {"socd_build_info", "socd_up"}


def test_without_a_session_it_says_so_and_that_nothing_is_read(tmp_path: Path) -> None:
    done = ran(environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9"), "metrics")
    assert done.returncode == 5
    assert values(done.stdout, "socd_up") == {(): 0}
    assert "not signed in" in done.stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("latancy", "The nearest is 'latency'."),
        ("tool", "These are: counters, window, codes, endpoints, latency, "),
        ("codes,\x1b[2J", "These are: counters, window, codes, endpoints, latency, "),
    ],
)
def test_a_group_that_there_is_not_is_refused_with_those_there_are(
    tmp_path: Path, typed: str, said: str
) -> None:
    done = ran(environment(tmp_path), "metrics", "--without", typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "\x1b" not in done.stderr


def test_a_backfill_has_what_is_remembered_of_finished_days(tmp_path: Path) -> None:
    with Account(key_row(), usage=flat((100,) * 7)) as account:
        done = account.run(
            tmp_path, "metrics", "--backfill", "--label", "account=main", "--label", "x=Zürich"
        )
        classic = account.run(tmp_path, "metrics", "--backfill", "--format", "prometheus")
    assert done.returncode == 0
    rises = [each for each in told(done.stdout) if each.name == "socd_key_requests_total"]
    assert [each.value for each in rises] == [100 * n for n in range(7)]  # six full days
    assert rises[0].labels == {"account": "main", "x": "Zürich", "key_id": key_id(1)}
    assert rises[-1].at_s == NOW.replace(hour=0, minute=0).timestamp() - 1
    assert "--label job=… and --label instance=…" in done.stderr
    assert [each.at_s for each in told(classic.stdout) if each.name == rises[0].name] == [
        each.at_s for each in rises
    ]


def test_what_is_stored_is_told_without_asking(tmp_path: Path) -> None:
    with Account(key_row(), usage=flat((100,) * 7)) as account:
        assert account.run(tmp_path, "show", "overview").returncode == 0
        asked = len(account.requests)
        done = account.run(tmp_path, "metrics", "--offline")
        days = account.run(tmp_path, "metrics", "--offline", "--backfill", "--since", "yesterday")
        assert len(account.requests) == asked
    assert done.returncode == 0
    assert values(done.stdout, "socd_up") == {}
    assert values(done.stdout, "socd_last_refresh_timestamp_seconds") == {(): NOW.timestamp()}
    assert values(done.stdout, "socd_key_window_requests") == {(key_id(1), "7d"): 700}
    assert values(done.stdout, "socd_key_requests_total") == {(key_id(1),): 700}
    (yesterday,) = [each for each in told(days.stdout) if each.name == "socd_key_requests_total"]
    assert (yesterday.value, yesterday.at_s) == (600, NOW.replace(hour=0, minute=0).timestamp() - 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--label", "a=b"), "Add --backfill"),
        (("--since", "yesterday"), "Add --backfill"),
        (("--backfill", "--since", "2026-13-01"), "is not a date"),
        (("--backfill", "--days", "7"), "Leave --without and --days out."),
        (("--backfill", "--without", "codes"), "Leave --without and --days out."),
        (("--backfill", "--label", "account"), "Write it as --label account=main."),
        (("--backfill", "--label", "account="), "Write it as --label account=main."),
        (("--backfill", "--label", "key_id=x"), "has no name that it can have"),
        (("--backfill", "--label", "a=1", "--label", "a=2"), "has no name that it can have"),
        (("--backfill", "--label", f"a={TOKEN}"), "looks like a token"),
    ],
)
def test_what_a_backfill_cannot_use_is_refused(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = ran(environment(tmp_path), "metrics", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert TOKEN not in done.stderr
