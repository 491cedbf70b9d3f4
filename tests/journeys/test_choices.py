"""How somebody left the screen is how they find it: each account its own, and nobody has to wait for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from socd_tui.charts.glyphs import FULL, LADDER, Glyphs
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.preferences import Preferences
from socd_tui.model.session import Secret, Session
from socd_tui.model.token import account_of
from socd_tui.service.demo import DemoServer
from socd_tui.store.choices import Choices, ChoicesFile
from socd_tui.tui.remembered import Remembered, choices_of, through
from tests.account import Account, key_row
from tests.build import jwt
from tests.clock import Clock
from tests.journeys.stage import named, readout, visit

pytestmark = pytest.mark.anyio

USUAL = choices_of(Lens(days=14), theme="socd-dark", glyphs="full")


def file_of(home: Path, session: Session) -> ChoicesFile:
    return ChoicesFile(home / "state", session.origin, account_of(session.token))


def glyphs(level: str) -> Glyphs:
    return next((each for each in LADDER if each.level == level), FULL)


def memory(home: Path, session: Session | None = None, **changes: object) -> Remembered:
    """As the program makes it: what the account of the session has chosen last is read already."""
    last = (file_of(home, session), file_of(home, session).read()) if session else None
    made = Remembered(file=lambda session: file_of(home, session), glyphs=glyphs, usual=USUAL, last=last)
    return replace(made, **changes)  # type: ignore[arg-type]


def session_of(server: DemoServer | Account, token: str = "") -> Session:
    origin = server.origin if isinstance(server, Account) else server.base_url
    return Session(Secret(token or server.token), origin, None, "file")


async def test_everything_chosen_is_kept_when_the_person_leaves(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path)) as person:
        await person.press("t", "A", "]", "o", "5", "u", "o")
        await person.press("1")
        person.app.look(replace(person.app.lens, sorts={"overview": Sort("requests")}))
    kept = file_of(tmp_path, session_of(demo)).read()
    assert (kept.theme, kept.glyphs, kept.days, kept.local) == ("socd-light", "shade", 30, True)
    assert kept.rescaled == frozenset({"overview", "heatmap"})
    assert kept.sorts == {"overview": Sort("requests")}


async def test_what_is_chosen_back_is_not_kept(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path)) as person:
        await person.press("]", "[", *("t" for _ in person.app.setup.palettes))
    assert list((tmp_path / "state").glob("*")) == []


async def test_moving_narrowing_and_comparing_are_no_choices(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path)) as person:
        await person.press("down", "space", "3", "down", "c", "enter", "escape")
    assert file_of(tmp_path, session_of(demo)).read() == Choices(coached=True), "but what to press is known"


async def test_who_signs_in_finds_their_own_screen(tmp_path: Path) -> None:
    alice, bob = jwt(sub="alice"), jwt(sub="bob")
    with Account(key_row(1)) as account:
        file_of(tmp_path, session_of(account, alice)).write(
            Choices(theme="socd-light", days=30, glyphs="ascii")
        )
        file_of(tmp_path, session_of(account, bob)).write(Choices(theme="socd-contrast"))
        async with visit(
            account, tmp_path, clock=Clock(), signed_in=False, remembered=memory(tmp_path)
        ) as person:
            await person.shows("Sign in to see")
            await person.press("escape")
            person.app.live.sign_in(session_of(account, alice))
            await person.until(lambda: person.app.theme == "socd-light")
            await person.until(lambda: person.app.lens.days == 30)
            assert person.app.desk.glyphs.level == "ascii"
            await person.press("]")
            person.app.live.sign_in(session_of(account, bob))
            await person.until(lambda: person.app.theme == "socd-contrast")
        assert file_of(tmp_path, session_of(account, bob)).read() == Choices(theme="socd-contrast")


async def test_who_changes_the_account_loses_no_choice_of_the_first(tmp_path: Path) -> None:
    alice, bob = (jwt(sub=name) for name in ("alice", "bob"))
    with Account(key_row(1)) as account:
        first = session_of(account, alice)
        async with visit(
            account, tmp_path, clock=Clock(), session=first, remembered=memory(tmp_path, first)
        ) as person:
            await person.press("t")
            person.app.live.sign_in(session_of(account, bob))
            await person.until(lambda: file_of(tmp_path, first).read().theme == "socd-light")
        assert file_of(tmp_path, session_of(account, bob)).read() == Choices()


async def test_choices_that_cannot_be_kept_are_told_once_and_nothing_else_changes(
    demo: DemoServer, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file in the place of the folder")
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path)) as person:
        await person.press("t")
        await person.shows("What you choose is not kept: ")
        await person.press("q")
    assert person.app.return_code == 0


async def test_names_that_are_gone_are_passed_over() -> None:
    lens = Lens(days=7)
    sorts = {
        "overview": Sort("gone"),
        "gone": Sort("requests"),
        "status": Sort("requests"),
        "series": Sort("x"),
    }
    choices = Choices(
        sorts=sorts, beside="gone", rescaled=frozenset({"gone", "heatmap"}), days=30, theme="gone"
    )
    seen = through(lens, choices, {"days"})
    assert seen == replace(lens, sorts={"status": Sort("requests")}, rescaled=frozenset({"heatmap"}))


async def test_a_window_longer_than_what_is_remembered_by_now_shows_what_there_is(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), lens=through(Lens(), Choices(days=3660))) as person:
        await person.rests()
        await person.shows("3660 d", "total")
        await person.press("[")
        await person.shows(" 90 d")


async def test_the_429_map_in_local_time_takes_one_key_with_the_zone_remembered(
    demo: DemoServer, tmp_path: Path
) -> None:
    """Whose 429s, when, and in which hours none: the zone was chosen at an earlier visit."""
    india = Preferences(zone=timezone(timedelta(hours=5, minutes=30), "IST"))
    session = Session(Secret(demo.token), demo.base_url, demo.expires_at, "environment")
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path), preferences=india) as person:
        await person.press("5", "u")
    kept = memory(tmp_path, session)
    assert kept.last is not None
    lens = through(Lens(focus=named(demo, "MISP sync").id, landing=False), kept.last[1])
    async with visit(
        demo, tmp_path, clock=Clock(), remembered=kept, preferences=india, lens=lens, size=(80, 24)
    ) as person:
        await person.shows("MISP sync")
        await person.press("5")
        await person.shows("IST")
        assert any("hour" in line for line in person.pane[:3])
        assert "IST" in readout(person)
