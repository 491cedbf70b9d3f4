"""Findings for other programs: ids that last, and lines that nobody's name can break."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta

import pytest

from socd_tui.analysis.findings import Capped, EndedInUse, Finding, Throttled
from socd_tui.analysis.triage import Since
from socd_tui.model.episode import Told
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.outputs.findings import Event, events, first_id, told_now
from socd_tui.outputs.siem import SCHEMAS, cef, ecs, ocsf
from tests.build import NOW, fleet, key, prepared, usage

ORIGIN = "https://one.test"
DAY = NOW.date()


def throttled(since: date | None, *, or_before: bool = False, name: str = "a") -> Throttled:
    answer = usage(name)
    return Throttled(
        key=key(name),
        requests=30,
        share=0.3,
        window=answer.window,
        since=Since(since, or_before) if since else None,
        pattern=None,
    )


def told(finding: Finding, before: dict[tuple[str, str], Told] | None = None, at: datetime = NOW) -> Event:
    known = prepared(
        fleet(usage(finding.key.id, now=at), keys=(finding.key,), observed_at=at, listed_at=at),
        Lens(),
        Preferences({"Ann|Lee=": ("*",)}),
    )
    (event,) = events(known, [finding], before or {}, ORIGIN)
    return event


def test_the_id_is_the_same_wherever_it_is_made_and_another_for_all_else() -> None:
    first = first_id(ORIGIN, throttled(DAY))
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first == first_id(ORIGIN, throttled(DAY))
    others = [
        first_id("https://two.test", throttled(DAY)),
        first_id(ORIGIN, throttled(DAY - timedelta(days=1))),
        first_id(ORIGIN, throttled(DAY, name="b")),
        first_id(ORIGIN, Capped(key=key("a"), limit=9, newest=DAY, since=Since(DAY, or_before=False))),
    ]
    assert len({first, *others}) == 5


def test_a_first_day_that_moves_with_the_window_makes_no_other_id() -> None:
    today, tomorrow = throttled(DAY, or_before=True), throttled(DAY + timedelta(days=1), or_before=True)
    assert first_id(ORIGIN, today) == first_id(ORIGIN, tomorrow)


def test_what_was_told_before_keeps_its_id_though_its_first_day_is_seen_anew() -> None:
    before = told(throttled(DAY - timedelta(days=3)))
    kept = told_now({}, [before])
    later = NOW + timedelta(days=1)
    assert told(throttled(DAY - timedelta(days=4)), kept, later).id == before.id
    assert told(throttled(None), kept, later).id == before.id


def test_what_began_after_it_was_told_last_or_long_after_is_another_time() -> None:
    before = told(throttled(DAY))
    kept = told_now({}, [before])
    assert told(throttled(DAY + timedelta(days=1)), kept, NOW + timedelta(days=2)).id != before.id
    assert (
        told(throttled(DAY), {**kept, ("throttled", "a"): Told("f" * 32, NOW - timedelta(days=8))}).id
        == before.id
    )


def test_what_is_long_past_is_forgotten() -> None:
    old = {("capped", "z"): Told("f" * 32, NOW - timedelta(days=8))}
    assert set(told_now(old, [told(throttled(DAY))])) == {("throttled", "a")}


HOSTILE = "a=b|c\\d\ne ![x](http://y)"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_event_is_one_line_of_its_own_id(name: str) -> None:
    event = told(throttled(DAY, name=HOSTILE))
    line = SCHEMAS[name](event, "1.2")
    assert "\n" not in line
    assert event.id in line
    assert line.isprintable()


def test_cef_escapes_pipes_in_its_header_and_equal_signs_behind_it() -> None:
    line = cef(told(throttled(DAY, name=HOSTILE)), "1|2\\3")
    header, extension = re.split(r"(?<!\\)\|(?=rt=)", line)
    assert header == "CEF:0|socd-tui|socd-tui|1\\|2\\\\3|throttled|API usage: throttled|6"
    pairs = dict(re.findall(r"(\w+)=((?:[^\\=]|\\.)*?)(?= \w+=|$)", extension))
    assert pairs["cs1"] == "a\\=b|c\\\\d\N{REPLACEMENT CHARACTER}e ![x](http://y)"
    assert pairs["cs5"] == "Ann|Lee\\="
    assert pairs["rt"] == str(int(NOW.timestamp()) * 1000)


def test_ecs_has_elastics_names() -> None:
    document = json.loads(ecs(told(throttled(DAY)), "1"))
    event = document["event"]
    assert (event["kind"], event["category"], event["type"]) == ("alert", ["api"], ["info"])
    assert (event["severity"], event["start"]) == (47, f"{DAY}T00:00:00Z")
    assert document["labels"] == {
        "key_id": "a",
        "key_name": "a",
        "key_prefix": "sk_live_a",
        "owner": "Ann|Lee=",
    }


def test_ocsf_has_all_that_a_detection_finding_requires() -> None:
    document = json.loads(ocsf(told(EndedInUse(key=key("a"), ended=DAY, requests=3, codes=())), "1"))
    required = {
        "activity_id",
        "category_uid",
        "class_uid",
        "finding_info",
        "metadata",
        "severity_id",
        "time",
        "type_uid",
    }
    assert required <= set(document)
    assert document["type_uid"] == document["class_uid"] * 100 + document["activity_id"]
    assert document["finding_info"]["uid"] == document["metadata"]["uid"]
    assert {"version", "product"} <= set(document["metadata"])
    assert "first_seen_time" not in document["finding_info"]


def test_of_a_first_day_that_may_be_earlier_no_beginning_is_told() -> None:
    document = json.loads(ecs(told(throttled(DAY, or_before=True)), "1"))
    assert "start" not in document["event"]
    assert document["socd_tui"]["finding"]["or_before"] is True
