"""A day at the keyboard: a service that fails in every way in turn, keys in any order, and nothing grows."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
from textual.widgets._toast import Toast

from socd_tui.live.state import State
from socd_tui.model.lens import visible
from socd_tui.tui.app import SocdApp
from socd_tui.tui.collecting import Collector
from tests.account import KEYS, Account, Json, flat, key_id, key_row
from tests.clock import Clock
from tests.journeys.stage import Person, visit
from tests.loopback import Behaviour, answer, cut_short, gzipped, refuse, reset
from tests.trust.check import Check, Outcome, Trial

EPISODES, WHOLE_EPISODES, KEYS_PRESSED = 4, 500, 20
DAY = timedelta(hours=24)
MOST_GROWTH_MIB = 10.0

PRESSED = (
    *"123456780jkhlgGm}{nNasSufo[],.wcrRzAty?",
    *("up", "down", "left", "right", "home", "end", "tab", "shift+tab", "enter", "escape", "space", "slash"),
    *("pageup", "pagedown", "ctrl+d", "ctrl+u", "ctrl+o", "backspace"),
)
"""Every key but those that leave, write a file or go anywhere, where `quit` can be chosen."""
TYPED = ("30", "err%>5", "/(a+)+$/", "requests", "!key", "\u202ex", "90", "all")

FAULTS: dict[str, Behaviour] = {
    "throttled": refuse(429, "rate_limit_exceeded", "too many", {"Retry-After": "30"}),
    "down": refuse(503, "maintenance", "back soon"),
    "forbidden": refuse(403, "forbidden", "not yours"),
    "not found": refuse(404, "not_found", "no such key"),
    "a web page": answer(b"<html>sign in</html>", kind="text/html"),
    "nothing": answer(b""),
    "half": cut_short,
    "hung up": reset,
    "no JSON": answer(b'{"data": {"total_requests": NaN'),
    "an error inside": answer(b'{"error": {"code": "internal"}}'),
    "a bomb": gzipped(b" " * 2_000_000),
}


def ours(trial: Trial) -> Outcome:
    before = _Resources()
    outcome = asyncio.run(_day(trial, _at_the_keyboard))
    return replace(outcome, faults=(*outcome.faults, *before.left_open()))


def naive(trial: Trial) -> Outcome:
    return asyncio.run(_day(trial, _careless))


class Episodes:
    """An account that a seed makes fail, and the faults that were seen."""

    def __init__(self, trial: Trial, account: Account) -> None:
        self.seed, self.count = trial.seed, trial.count(EPISODES, WHOLE_EPISODES)
        self.account = account
        self.clock = Clock()
        self.faults: list[str] = []
        self.pressed = 0

    def begin(self, number: int) -> tuple[Random, str]:
        """The random choices of one episode, and what repeats it."""
        random = Random(f"{self.seed} {number}")
        account, says = self.account, list[str]()
        account.requests.clear()
        account.usages = {}
        account.listed = {"data": self._rows(random)}
        for each in range(1, random.randint(1, 6)):
            name, behaviour = random.choice([*FAULTS.items(), ("other figures", None)])
            sent: Json | Behaviour = behaviour or flat([random.randint(0, 10_000) for _ in range(7)])
            says.append(f"key {each}: {name}")
            account.usages[key_id(each)] = sent
        if random.random() < 0.2:
            name, behaviour = random.choice([*FAULTS.items()])
            says.append(f"the list: {name}")
            account.listed = behaviour
        self.clock.pass_by(DAY / self.count)
        return random, f"episode {number} of seed {self.seed} ({', '.join(says)})"

    def _rows(self, random: Random) -> list[Json]:
        return [key_row(number) for number in range(1, 9) if random.random() < 0.9]


Live = Callable[[Episodes, Path], Any]


async def _day(trial: Trial, live: Live) -> Outcome:
    with Account(*(key_row(number) for number in range(1, 9))) as account:
        account.behaviours |= {f"{KEYS}/{key_id(n)}/usage": account._answer_usage for n in range(1, 9)}
        episodes = Episodes(trial, account)
        grown = await live(episodes, trial.home)
    return Outcome(
        f"{episodes.count} episodes in 24 h of the clock, {episodes.pressed:,} keys pressed",
        f"{len(episodes.faults)} faults; {grown}",
        tuple(episodes.faults),
    )


async def _at_the_keyboard(episodes: Episodes, home: Path) -> str:
    collector = Collector(lambda: episodes.clock().timestamp())
    async with visit(episodes.account, home, clock=episodes.clock, steady=episodes.clock, days=7) as person:
        person.app.collector = collector
        with collector.in_charge():
            grown = await _live_through(episodes, person, collector)
        await person.rests()
    if episodes.count == WHOLE_EPISODES and grown > MOST_GROWTH_MIB:
        episodes.faults.append(f"memory grew by {grown:.1f} MiB")
    return f"memory {grown:+.1f} MiB in the second half"


async def _live_through(episodes: Episodes, person: Person, collector: Collector) -> float:
    """MiB by which memory grew in the second half."""
    before = 0.0
    for number in range(episodes.count):
        random, what = episodes.begin(number)
        collector.look()  # minutes have passed since the last key
        keys: list[str] = []
        try:
            await _press(person, random, keys)
        except Exception as error:  # noqa: BLE001  # whatever it is
            episodes.faults.append(f"{what}: {type(error).__name__} after {' '.join(keys)}")
            break
        finally:
            episodes.pressed += len(keys)
        episodes.faults += (f"{what}: {wrong} after {' '.join(keys)}" for wrong in await _wrong(person))
        if number == episodes.count // 2:  # until then the toolkit's caches fill, which are bounded
            before = _resident_mib()
    return _resident_mib() - before


async def _press(person: Person, random: Random, keys: list[str]) -> None:
    while len(keys) < KEYS_PRESSED:
        key = random.choice(PRESSED)
        keys.append(key)
        await person.press(key)
        if key in ("slash", "w") and len(person.app.screen_stack) > 1:
            text = random.choice(TYPED)
            keys += text
            await person.write(text)
            keys.append("enter")
            await person.press("enter")
    while len(person.app.screen_stack) > 1:
        keys.append("escape")
        await person.press("escape")
    await person.rests()
    await _reads(person.app)


async def _reads(app: SocdApp) -> None:
    """Messages leave after seconds, and the next episode is minutes away by the clock: they leave now.

    The stage keeps them for a minute of this machine's time, which is dozens of episodes.
    """
    for toast in app.screen.query(Toast):
        toast._expire()
    while app.screen.query(Toast):  # not by the pilot, which waits in vain for a widget that leaves
        await asyncio.sleep(0.005)


async def _wrong(person: Person) -> list[str]:
    """What is so after every episode."""
    app, state, wrong = person.app, person.app.live.state, list[str]()
    width, height = app.size
    app.paint()  # as it does every few seconds: the clock has gone on
    await app.painted()
    text = app.desk.text()
    if len(text.split("\n")) != height or any(len(line) > width for line in text.split("\n")):
        wrong.append("the picture is not as large as the terminal")
    if any(ord(letter) < 32 and letter != "\n" for letter in text):
        wrong.append("a control character is on the screen")
    ids = {key.id for key in visible(state.fleet, state.lens)}
    if state.lens.focus not in {*ids, None} or not state.lens.marked <= ids:
        wrong.append("the cursor or a mark is on no key")
    app.paint()
    await app.painted()
    again = app.desk.text()
    if again != text:
        lines = zip(text.split("\n"), again.split("\n"), strict=False)
        before, after = next((line, other) for line, other in lines if line != other)
        wrong.append(f"painted once more {before.strip()!r} is {after.strip()!r}")
    return wrong + _invented(state, text)


def _invented(state: State, text: str) -> list[str]:
    """A key that never had an answer has no figure in its row."""
    rows = {line[1:].split("  ")[0].strip(): line for line in text.split("\n") if "#k00" in line}
    silent = [key for key in state.fleet.keys if state.known.usage(key.id) is None]
    return [
        f"{key.name.shown} was never answered and shows figures"
        for key in silent
        if any(name.startswith(key.name.shown) and " 0 " in row for name, row in rows.items())
        and state.lens.view == "overview"
    ]


class _Resources:
    """The open files and the threads of this moment."""

    def __init__(self) -> None:
        self._files, self._threads = _open_files(), set(threading.enumerate())

    def left_open(self) -> list[str]:
        """What has been opened since and was not closed."""
        for thread in set(threading.enumerate()) - self._threads:
            thread.join(10)
        threads = set(threading.enumerate()) - self._threads
        files = _open_files() - self._files
        return [
            *(f"{thread.name} is left" for thread in threads),
            *([f"{files} files are left open"] if files > 0 else []),
        ]


def _open_files() -> int:
    gc.collect()
    return len([*Path("/proc/self/fd").iterdir()])


def _resident_mib() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _careless(episodes: Episodes, _: Path) -> str:
    """Fetches at every key, takes what comes for what was expected, and keeps all of it."""
    kept: list[object] = []
    async with httpx.AsyncClient(base_url=episodes.account.origin, timeout=5) as client:
        for number in range(min(episodes.count, 40)):
            random, what = episodes.begin(number)
            for _press in range(2):
                key = random.choice(PRESSED)
                episodes.pressed += 1
                try:
                    rows = (await client.get(KEYS)).json()["data"]
                    for row in rows:
                        usage = (await client.get(f"{KEYS}/{row['id']}/usage?days=7")).json()["data"]
                        kept.append((row["name"], usage["total_requests"]))
                except Exception as error:  # noqa: BLE001  # whatever it is
                    episodes.faults.append(f"{what}: {type(error).__name__} at {key}")
    return f"{len(kept)} answers kept"


CHECK = Check(
    name="run_episodes",
    must_show="0 crashes, invariants hold, memory +10 MiB at most, files and threads as before",
    ours=ours,
    naive=naive,
    naive_is="httpx and dictionary access, everything kept",
)
