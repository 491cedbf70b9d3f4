"""Since when each class of errors has come, from days where they tell it and else from the windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from socd_tui.analysis.onset import Onset, Trend, error_trends
from socd_tui.analysis.runaway import Rise
from socd_tui.charts.canvas import Canvas
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.usage import Day, Hour, Usage
from socd_tui.model.window import Window
from socd_tui.views.status.triage import trend_words
from tests.build import NOW, ago, drawn, figures, fleet, key, prepared, usage

Errors = Callable[[int], tuple[int, int, int]]
"""(429s, other 4xx, 5xx) of the day so many days ago, of 100 requests."""


def answer(days: int, errors: Errors, *, hourly: bool = True, key_id: str = "a") -> Usage:
    """What the service says of a key with these errors."""
    told = [errors(n) for n in range(days)]
    refused, client, server = (sum(counts) for counts in zip(*told, strict=True))
    requests = 100 * days
    listed = Window.ending(NOW.date(), days).dates()
    rows = tuple(Day(on, 100, sum(told[(NOW.date() - on).days]), partial=on == NOW.date()) for on in listed)
    hours = tuple(
        Hour(datetime.combine(ago(n), time(9), NOW.tzinfo), told[n][0])
        for n in reversed(range(days))
        if told[n][0]
    )
    failed = refused + client + server
    counts = {200: requests - failed, 429: refused, 404: client, 503: server}
    return usage(
        key_id,
        days,
        requests=requests,
        successful=requests - failed,
        client_errors=refused + client,
        server_errors=server,
        throttled=refused,
        statuses={code: n for code, n in counts.items() if n},
        days=rows,
        hours=hours if hourly else None,
    )


def account(errors: Errors, *, hourly: bool = True) -> Fleet:
    return fleet(*(answer(days, errors, hourly=hourly) for days in (7, 30, 90)))


def trends(errors: Errors, *, hourly: bool = True) -> dict[str | None, Trend]:
    facts = prepared(account(errors, hourly=hourly)).by_key["a"]
    return {trend.group: trend for trend in error_trends(facts)}


def words(errors: Errors, *, hourly: bool = True) -> dict[str | None, str]:
    found = trends(errors, hourly=hourly)
    return {group: said for group, trend in found.items() if (said := trend_words(trend))}


@pytest.mark.parametrize("hourly", [True, False])
def test_429s_that_never_came_before_began_on_their_first_day(hourly: bool) -> None:
    assert words(lambda n: (81 if n <= 3 else 0, 0, 0), hourly=hourly) == {
        "429": "429s began Thu 19 Nov (0 before)"
    }


def test_errors_that_began_today_are_told_today() -> None:
    assert words(lambda n: (0, 0, 40 if n == 0 else 0)) == {"5xx": "5xx began Sun 22 Nov (0 before)"}


def test_a_weekend_without_429s_does_not_end_them_and_a_longer_pause_does() -> None:
    def on_workdays(n: int) -> tuple[int, int, int]:
        return (5 if ago(n).weekday() < 5 and n < 20 else 0), 0, 0

    assert words(on_workdays) == {"429": "429s began Tue 3 Nov (0 before)"}
    assert trends(lambda n: (5 if n <= 2 or n == 9 else 0, 0, 0))["429"].onset == Onset(
        since=ago(2), before=5
    )


def test_what_came_on_every_day_there_is_was_there_before() -> None:
    found = trends(lambda n: (0, 81, 0))["4xx"]
    assert found.onset == Onset(since=ago(89), before=0, or_before=True)
    assert trend_words(found) == "4xx since Tue 25 Aug or before"


def test_errors_that_stopped_say_their_last_day() -> None:
    assert words(lambda n: (30 if 5 <= n <= 6 else 0, 0, 0)) == {"429": "no 429 since Tue 17 Nov"}


def test_each_class_has_a_since_of_its_own() -> None:
    told = words(lambda n: (50 if n <= 1 else 0, 2, 30 if n <= 4 else 0))
    assert told["429"] == "429s began Sat 21 Nov (0 before)"
    assert told["5xx"] == "5xx rose (all errors) from 2.0% to 40.0% since Wed 18 Nov"


def test_a_rise_is_called_by_the_class_that_made_it() -> None:
    server = trends(lambda n: (0, 0, 20 if n <= 4 else 1))["5xx"]
    assert isinstance(server.rise, Rise)
    assert trend_words(server) == "5xx rose from 1.0% to 20.0% since Wed 18 Nov"
    client = words(lambda n: (0, 20 if n <= 4 else 1, 0))
    assert client == {"4xx": "4xx rose from 1.0% to 20.0% since Wed 18 Nov"}
    both = words(lambda n: (0, 10 if n <= 4 else 1, 10 if n <= 4 else 1))
    assert both[None] == "errors rose from 2.0% to 20.0% since Wed 18 Nov"
    refused = words(lambda n: (40 if n <= 4 else 1, 0, 0))
    assert refused == {"429": "429s rose from 1.0% to 40.0% since Wed 18 Nov"}


def test_without_hours_a_rise_of_429s_is_theirs_and_other_errors_keep_the_doubt() -> None:
    told = words(lambda n: (40 if n <= 4 else 0, 1, 0), hourly=False)
    assert told["429"] == "429s rose (all errors) from 1.0% to 41.0% since Wed 18 Nov"


def test_where_days_do_not_tell_the_class_the_windows_do() -> None:
    found = trends(lambda n: (0, 1, 1 if n <= 4 else 0))
    assert found["5xx"].onset == Onset(since=ago(6), before=0, within_days=7)
    assert trend_words(found["5xx"]) == "5xx began in the last 7 d (0 before)"
    assert found.get("4xx") is None or found["4xx"].onset is None


def test_days_of_which_only_the_window_tells_count_as_before() -> None:
    long = answer(90, lambda n: (7 if n in (3, 60) else 0, 0, 1), hourly=False)
    short = answer(7, lambda n: (7 if n == 3 else 0, 0, 1))
    [found] = [
        trend for trend in error_trends(prepared(fleet(short, long)).by_key["a"]) if trend.group == "429"
    ]
    assert found.onset == Onset(since=ago(3), before=7, or_before=False)


def test_a_rate_of_81_percent_is_never_called_usual() -> None:
    lens = Lens(view="status")
    steady = drawn(account(lambda n: (0, 81, 0)), lens, Canvas(100, 24))
    assert (
        told_once(steady, "4xx") == "4xx without 429 81.0% no rise 567 of 700 req since Tue 25 Aug or before"
    )
    refused = drawn(account(lambda n: (81 if n <= 3 else 0, 0, 0)), lens, Canvas(100, 24))
    assert told_once(refused, "429") == "429 refused 46.3% new, 0 before 324 of 700 req since Thu 19 Nov"
    assert told_once(refused, "4xx").startswith("4xx without 429 0% none")
    assert "usual" not in steady + refused


def told_once(picture: str, name: str) -> str:
    """The line of a class's rate, its columns a blank apart."""
    return next(" ".join(line.split()) for line in picture.split("\n") if line.startswith(f" {name}"))


def test_the_document_has_the_class_and_its_first_day() -> None:
    triage = figures(account(lambda n: (50 if n <= 3 else 0, 0, 20 if n <= 4 else 1)), Lens(view="status"))[
        "triage"
    ]
    assert [(rise["class"], rise["since"]) for rise in triage["rises"]] == [
        ("429", str(ago(3))),
        ("5xx", str(ago(4))),
    ]
    [first, *_] = triage["since"]
    assert first == {
        "key_id": "a",
        "class": "429",
        "since": str(ago(3)),
        "or_before": False,
        "within_days": None,
        "before": 0,
        "last": None,
        "from_first_requests": False,
    }


def told_of(canvas: Canvas, **errors: Errors) -> list[str]:
    """What Status says below its rates of these keys together."""
    answers = [answer(days, each, key_id=name) for name, each in errors.items() for days in (7, 30, 90)]
    lens = Lens(view="status", marked=frozenset(errors))
    lines = drawn(fleet(*answers), lens, canvas).split("\n")[3:]
    return [line.strip() for line in lines[: next(n for n, line in enumerate(lines) if " a day" in line)]]


def test_keys_whose_errors_began_together_are_told_together_the_one_with_most_first() -> None:
    [told, *_] = told_of(
        Canvas(120, 24),
        few=lambda n: (20 if n <= 3 else 0, 0, 0),
        many=lambda n: (60 if n <= 3 else 0, 0, 0),
    )
    assert told.startswith("429s: many#many and few#few began Thu 19 Nov (0 before)")


def test_each_key_has_a_first_day_of_its_own_and_no_class_is_lost_beside_another() -> None:
    keys: dict[str, Errors] = {
        "new": lambda n: (60 if n <= 3 else 0, 0, 0),
        "old": lambda n: (40, 0, 0),
        "soar": lambda n: (0, 0, 30 if n <= 4 else 2),
    }
    told = told_of(Canvas(80, 24), **keys)
    assert told == [
        "429s: new#new began Thu 19 Nov (0 before); old#old since Tue 25 Aug or before",
        "5xx: soar#soar rose from 2.0% to 30.0% since Wed 18 Nov",
    ]
    assert told_of(Canvas(66, 24), **keys)[0] == "429s: new#new began 19 Nov; old#old since 25 Aug or before"
    assert told_of(Canvas(52, 24), **keys) == [
        "429s: new#new began Thu 19 Nov (0 before); +1 key",
        "5xx: soar#soar rose from 2.0% to 30.0% since 18 Nov",
    ]


def new_key(errors: Errors, *, born: int, until: int) -> Fleet:
    """A key made `born` days ago that was first used `until` days ago; answers of its whole life."""
    answers = []
    for days in (7, 30, 90):
        whole = answer(days, lambda n: errors(n) if n <= until else (0, 0, 0))
        used = [each for each in whole.days or () if each.date >= ago(until)]
        answers.append(replace(whole, days=tuple(used), requests=100 * len(used)))
    return fleet(*answers, keys=[key("a", created_at=datetime.combine(ago(born), time(8), NOW.tzinfo))])


@pytest.mark.parametrize("born", [20, 21])
def test_errors_of_a_keys_whole_life_are_since_its_first_requests_in_finding_and_status(born: int) -> None:
    account = new_key(lambda n: (0, 30, 0), born=born, until=20)
    lens = Lens(view="status")
    told = told_once(drawn(account, lens, Canvas(100, 24)), "4xx")
    assert told == "4xx without 429 30.0% no rise 210 of 700 req since its first requests, Mon 2 Nov"
    [found] = figures(account, Lens())["findings"]
    assert (found["since"], found["or_before"]) == (str(ago(20)), False)
    assert (
        found["sentence"]
        == "'a#a' 30.0% of its requests fail since its first requests, Mon 2 Nov; mostly 404."
    )
    [since] = figures(account, lens)["triage"]["since"]
    assert (since["since"], since["or_before"], since["from_first_requests"]) == (str(ago(20)), False, True)


def test_where_earlier_requests_may_be_missing_nobody_says_first() -> None:
    whole = new_key(lambda n: (0, 30, 0), born=20, until=20)
    more = {at: replace(each, requests=(each.requests or 0) + 50) for at, each in whole.usages.items()}
    for account in (
        replace(whole, usages=more),
        replace(whole, keys=(key("a"),)),
        replace(whole, keys=(key("a", created_at=NOW - timedelta(days=200)),)),
    ):
        assert "first requests" not in drawn(account, Lens(view="status"), Canvas(100, 24))
        assert "first requests" not in figures(account, Lens())["findings"][0]["sentence"]


def test_errors_that_began_are_not_said_to_be_without_a_rise() -> None:
    told = drawn(account(lambda n: (0, 2 if n <= 1 else 0, 0)), Lens(view="status"), Canvas(100, 24))
    assert told_once(told, "4xx") == "4xx without 429 0.6% new, 0 before 4 of 700 req since Sat 21 Nov"


def test_old_days_do_not_make_a_class_that_is_not_in_the_window_news() -> None:
    told = drawn(account(lambda n: (30 if n > 60 else 0, 0, 0)), Lens(view="status"), Canvas(100, 24))
    assert told_once(told, "429") == "429 refused 0% none 0 of 700 req"


def test_a_class_that_ended_within_the_window_has_stopped() -> None:
    told = drawn(account(lambda n: (30 if 4 < n < 30 else 0, 0, 0)), Lens(view="status"), Canvas(100, 24))
    assert told_once(told, "429") == "429 refused 8.6% stopped 60 of 700 req last Tue 17 Nov"


def test_a_class_in_more_keys_than_a_line_can_name_says_in_how_many() -> None:
    assert told_of(Canvas(40, 24), one=lambda n: (60, 0, 0), two=lambda n: (50, 0, 0))[0] == "429s in 2 keys"
