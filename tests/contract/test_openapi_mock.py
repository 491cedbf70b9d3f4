"""The program against a mock of the declared OpenAPI: the example, and random values valid for the schema.

Valid is not sane: integers may be negative or enormous, dates may lie centuries back, and every
property may be missing. Nothing of that may cost more than the figure it concerns.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from socd_tui import cli
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, line_width, plain
from socd_tui.charts.sheet import as_csv, as_markdown, as_text
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Wanted
from socd_tui.model.session import Secret, Session
from socd_tui.service.feed import Feed
from socd_tui.views.frame.document import document
from socd_tui.views.registry import view, views
from tests.build import painted, pane, prepared
from tests.documented import DETAIL, FLAT, KEY_ID, LIST, NOW, SCHEMA, Json
from tests.loopback import Behaviour, Loopback, Request, answer_json

KEYS = "/api/v1/keys"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl"
REFRESHES, ACCOUNT = 10, 20
"""200 random payloads: so many refreshes of an account of so many keys."""

EXTREMES = (0, 1, -1, 429, 2**31, 2**53, 2**53 + 1, -(2**63), 10**18, 10**30, 10**400)
WORDS = (
    "",
    "/api/v1/iocs",
    "日本語",
    "[/b] [@click=app.quit]x[/]",
    "\x1b]52;c;eA==\x07",
    "\u202e",
    "\ud800",
    "a" * 5000,
)

each_view = pytest.mark.parametrize("name", [known.name for known in views()])
each_format = pytest.mark.parametrize("format_", ["table", "json", "csv", "md"])


def invented(schema: Json, random: Random) -> Any:
    """A value valid for the schema, with a liking for the edges."""
    match schema:
        case {"type": "object", "properties": properties}:
            return {name: invented(of, random) for name, of in properties.items() if random.random() < 0.85}
        case {"type": "array", "items": items}:
            return [invented(items, random) for _ in range(random.choice((0, 1, 3, 12)))]
        case {"enum": choices}:
            return random.choice(choices)
        case {"format": "uuid"}:
            return str(UUID(int=random.getrandbits(128)))
        case {"format": "date"}:
            return str(_moment(random).date())
        case {"format": "date-time"}:
            zone = timezone(timedelta(minutes=random.randint(-14 * 60, 14 * 60)))
            return _moment(random).replace(tzinfo=random.choice((UTC, zone))).isoformat()
        case {"type": "string"}:
            return random.choice(WORDS)
        case {"type": "integer"}:
            return random.choice(
                (random.choice(EXTREMES), random.randint(-100, 600), random.randint(0, 10**6))
            )
        case {"type": "number"}:
            return random.choice((random.uniform(-1, 200), 1e308, -0.0, 5e-324))
    raise AssertionError(schema)


def _moment(random: Random) -> datetime:
    years = date(1, 1, 1), date(2000, 1, 1), date(2100, 12, 31), date(9999, 12, 31)
    near = NOW.date() - timedelta(days=random.randint(-2, 95))
    day = random.choice((near, near, near, random.choice(years)))
    return datetime(day.year, day.month, day.day, random.randint(0, 23), tzinfo=UTC)


@cache
def payload(number: int) -> Json:
    """The number-th random answer. One without any figure is valid and no answer, so `data` is in each."""
    return {"data": invented(SCHEMA["properties"]["data"], Random(number))}


def service(listed: Json, usage: Callable[[], object]) -> Loopback:
    """A mock that answers the documented paths for the keys listed."""

    def answer_usage(request: Request) -> None:
        answer_json(usage())(request)

    paths: dict[str, Behaviour] = {KEYS: answer_json(listed)}
    for row in listed["data"]:
        paths[f"{KEYS}/{row['id']}"] = answer_json(DETAIL)
        paths[f"{KEYS}/{row['id']}/usage"] = answer_usage
    return Loopback(paths)


@pytest.fixture
def show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs `socd-tui show` signed in to a mock: its exit code and standard output."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))

    def run(origin: str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("SOCD_SESSION_TOKEN", TOKEN)
        monkeypatch.setenv("SOCD_BASE_URL", origin)
        code = cli.main(["show", *arguments, "--days", "30"], clock=lambda: NOW)
        return code, capsys.readouterr().out

    return run


def parsed(text: str) -> Any:
    """The JSON document; fails on what is not ASCII or not JSON."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    assert text.isascii()
    return json.loads(text, parse_constant=refuse)


@each_format
@each_view
def test_the_documented_example_is_printed(
    name: str, format_: str, show: Callable[..., tuple[int, str]]
) -> None:
    with service({"data": LIST["data"][:1]}, lambda: {"data": FLAT}) as mock:
        code, out = show(mock.origin, name, "--format", format_)
    assert code == 0
    if format_ == "json":
        told = parsed(out)
        assert (told["view"], told["window"]["days"], told["source"]["dialect"]) == (name, 30, "flat")
        assert told["problems"] == []
    else:
        figures = {
            "overview": "142587",
            "bill": "142587",
            "series": "4823",
            "endpoints": "89234",
            "status": "1576",
            "heatmap": "12",
        }
        assert figures.get(name, "8430") in out.replace(",", "" if format_ != "csv" else ",")


@each_view
def test_random_answers_are_printed_in_every_format(name: str, show: Callable[..., tuple[int, str]]) -> None:
    numbers = count()
    with service(LIST, lambda: payload(next(numbers))) as mock:
        for _ in range(2):  # their variety is for the next tests, which need no service
            for format_ in ("table", "json", "csv", "md"):
                code, out = show(mock.origin, name, "--format", format_)
                assert code == 0
                assert out
                if format_ == "json":
                    assert len(parsed(out)["keys"]) == 2


@pytest.fixture(scope="module")
def fleets() -> list[Fleet]:
    """Accounts whose every key got another random payload."""
    ids = [str(UUID(int=n)) for n in range(1, ACCOUNT + 1)]
    limits = {"rate_limit_per_minute": 60, "rate_limit_per_day": 1000}
    listed: Json = {"data": [{"id": key_id, "name": "key", **limits} for key_id in ids]}
    numbers = count()

    async def refreshed(origin: str) -> list[Fleet]:
        feed = Feed(Session(Secret(TOKEN), origin, None, "environment"), lambda: NOW)
        try:
            return [
                [update async for update in feed.refresh(Fleet(), Wanted((30,)))][-1].fleet
                for _ in range(REFRESHES)
            ]
        finally:
            await feed.aclose()

    with service(listed, lambda: payload(next(numbers))) as mock:
        return asyncio.run(refreshed(mock.origin))


def lenses(name: str, fleets: list[Fleet]) -> Iterator[tuple[Known, Lens]]:
    """Every account through a Lens on all of its keys and on each of them.

    A view that shows all keys anyway differs by its cursor only: on the first and the last will do.
    """
    step = 1 if view(name).scope == "subject" else ACCOUNT - 1
    for fleet in fleets:
        known = prepared(fleet, Lens(days=30))
        yield known, Lens(view=name, days=30)
        for key in fleet.keys[::step]:
            yield known, Lens(view=name, days=30, focus=key.id)


def test_every_random_answer_is_a_usage_and_none_is_a_problem(fleets: list[Fleet]) -> None:
    assert sum(len(fleet.usages) for fleet in fleets) == REFRESHES * ACCOUNT
    assert [fleet.failures for fleet in fleets] == [{}] * REFRESHES


@each_view
def test_every_random_answer_is_drawn_within_the_screen(name: str, fleets: list[Fleet]) -> None:
    for known, lens in lenses(name, fleets):
        lines = painted(pane(known, lens), known, lens, Canvas(80, 24))
        assert [line_width(line) for line in lines] == [80] * 24
        assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800]", plain(lines)) is None


@each_view
def test_every_random_answer_is_a_table_and_valid_ascii_json(name: str, fleets: list[Fleet]) -> None:
    shown = view(name)
    for known, lens in lenses(name, fleets):
        data = pane(known, lens)
        sheet = data.sheet()
        for text in (as_text(sheet), as_csv(sheet), as_markdown(sheet)):
            text.encode()
        for raw in (False, True):
            told = parsed(document(shown, data, known, lens, generated_at=NOW, version="0", raw=raw))
            assert told["view"] == name


def test_the_random_answers_are_as_odd_as_they_are_meant_to_be() -> None:
    texts = [json.dumps(payload(number)) for number in range(REFRESHES * ACCOUNT)]
    assert len(set(texts)) > 150
    for oddity in ("-9223372036854775808", str(10**400), "0001-01-01", "9999-12-31", r"\u001b", "1e+308"):
        assert any(oddity in text for text in texts), oddity
    for part in SCHEMA["properties"]["data"]["properties"]:
        assert 0 < sum(part in payload(number)["data"] for number in range(200)) < 200


def test_the_restated_examples_are_answers_for_the_restated_key() -> None:
    assert (FLAT["key_id"], LIST["data"][0]["id"], DETAIL["data"]["id"]) == (KEY_ID,) * 3
