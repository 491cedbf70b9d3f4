"""Who is here for the first time is told what to press, once, and where nothing is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.model.session import Session
from socd_tui.service.demo import DemoServer
from socd_tui.store.choices import Choices
from tests.account import Account, key_row
from tests.build import jwt
from tests.clock import Clock
from tests.journeys.stage import Person, visit
from tests.journeys.test_choices import file_of, memory, session_of

pytestmark = pytest.mark.anyio

LESSONS = (
    "enter opens what the cursor is on  esc leads back",
    ": goes to any key, endpoint, code or command by a part of its name",
    "? tells what every number means  , shows the settings",
)
BRIEF = "enter opens  esc back  : goes anywhere  ? explains  , settings"


def taught(person: Person) -> list[str]:
    lines = person.app.desk.lines("coach")
    return [line.strip() for line in lines.text] if lines.display else []


@pytest.fixture
def newcomer(demo: DemoServer) -> Session:
    return session_of(demo)


@pytest.mark.parametrize(
    ("size", "said"), [((200, 50), [*LESSONS]), ((120, 36), [*LESSONS]), ((80, 24), [BRIEF]), ((40, 12), [])]
)
async def test_three_lines_teach_where_there_is_room_and_cover_nothing(
    demo: DemoServer, tmp_path: Path, newcomer: Session, size: tuple[int, int], said: list[str]
) -> None:
    async with visit(
        demo, tmp_path, clock=Clock(), size=size, remembered=memory(tmp_path, newcomer), landing=True
    ) as person:
        assert taught(person) == said
        desk = person.app.desk
        assert desk.lines("pane").region.bottom <= desk.lines("coach").region.y or not said
        assert desk.lines("footer").region.y == size[1] - 1
        assert person.messages == ""


@pytest.mark.parametrize("key", ["enter", "escape", ":", "?", ","])
async def test_each_key_that_they_teach_ends_them_for_good(
    demo: DemoServer, tmp_path: Path, newcomer: Session, key: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path, newcomer)) as person:
        await person.press("down", "t", "t", "1")
        assert taught(person) == [*LESSONS]
        await person.press(key)
        assert taught(person) == []
    assert file_of(tmp_path, newcomer).read().coached is True
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path, newcomer)) as person:
        assert taught(person) == []


async def test_a_click_on_what_they_name_does_it(demo: DemoServer, tmp_path: Path, newcomer: Session) -> None:
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path, newcomer)) as person:
        await person.click("shows the settings")
        await person.shows("first view")
        await person.press("escape")
        assert taught(person) == []


async def test_who_has_chosen_something_before_is_no_newcomer(
    demo: DemoServer, tmp_path: Path, newcomer: Session
) -> None:
    file_of(tmp_path, newcomer).write(Choices(theme="socd-light"))
    async with visit(demo, tmp_path, clock=Clock(), remembered=memory(tmp_path, newcomer)) as person:
        assert taught(person) == []


async def test_who_signs_in_is_taught_and_the_next_account_by_itself(tmp_path: Path) -> None:
    alice, bob = jwt(sub="alice"), jwt(sub="bob")
    with Account(key_row(1)) as account:
        file_of(tmp_path, session_of(account, bob)).write(Choices(coached=True))
        async with visit(
            account, tmp_path, clock=Clock(), signed_in=False, remembered=memory(tmp_path)
        ) as person:
            await person.press("escape")
            assert taught(person) == []
            person.app.live.sign_in(session_of(account, alice))
            await person.until(lambda: taught(person) == [*LESSONS])
            person.app.live.sign_in(session_of(account, bob))
            await person.until(lambda: taught(person) == [])


async def test_the_keys_that_are_named_are_those_of_the_person(
    demo: DemoServer, tmp_path: Path, newcomer: Session
) -> None:
    async with visit(
        demo, tmp_path, clock=Clock(), remembered=memory(tmp_path, newcomer), keys={"settings": "f2"}
    ) as person:
        assert "f2 shows the settings" in person.text


async def test_nothing_is_taught_where_nothing_is_remembered(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        assert taught(person) == []
