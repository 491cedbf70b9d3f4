"""What was on the screen, taken along: exports, their headless twins, and the clipboard."""

from __future__ import annotations

import asyncio
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key

from socd_tui.model.lens import Lens
from socd_tui.service.demo import DemoServer
from socd_tui.views.registry import view as registered
from socd_tui.views.registry import views
from tests.clock import Clock
from tests.command import ran
from tests.journeys.stage import Person, requests, service, visit
from tests.terminal.pseudo import environment

ENDING = "Let the name end in .json, .csv, .md, .html or .svg."

pytestmark = pytest.mark.anyio


async def twin(server: DemoServer, folder: Path, *arguments: str) -> dict[str, Any]:
    """What `socd-tui show … --format json` says."""
    document: dict[str, Any] = json.loads(await printed(server, folder, *arguments, "--format", "json"))
    return document


async def printed(server: DemoServer, folder: Path, *arguments: str) -> str:
    """What `socd-tui show …` prints. Not during a visit: it has standard output to itself."""
    environ = environment(folder / "twin", SOCD_BASE_URL=server.base_url, SOCD_SESSION_TOKEN=server.token)
    done = await asyncio.to_thread(partial(ran, environ, "show", *arguments))  # in a loop of its own
    assert done.returncode in (0, 6), done.stderr
    return done.stdout


async def exported(person: Person, folder: Path) -> dict[str, Any]:
    """Presses e and opens the file that came of it."""
    before = set(folder.glob("*.json"))
    await person.press("e")
    await person.exported()
    [path] = set(folder.glob("*.json")) - before
    found: dict[str, Any] = json.loads(path.read_text())
    return found


async def export_to(person: Person, path: Path) -> None:
    """Presses E and answers with a path; the proposal is selected and so replaced."""
    await person.press("E")
    await person.paste(str(path))
    await person.press("enter")
    await person.exported()


def timeless(document: dict[str, Any]) -> dict[str, Any]:
    """Without the moments at which the two programs ran, the numbers of the service's answers, and what
    the twin remembers: the stage has no history. Nor the share of a key, which is all that the twin has,
    with what the others asked, and response times of windows that the page asks for besides."""
    del document["generated_at"], document["source"]["fetched_at"]
    del document["fleet"]["left_out"][3:]
    if document["view"] == "key":
        del document["data"]["share"], document["data"]["latency"]
    same: dict[str, Any] = json.loads(re.sub(r"req_[0-9a-f]{12}", "req", json.dumps(document)))
    return same


@pytest.mark.parametrize("view", [each.name for each in views()])
async def test_every_view_exports_what_its_headless_twin_prints(tmp_path: Path, view: str) -> None:
    clock = Clock()
    with service(clock) as server:
        key = server.truth.keys[2]
        lens = Lens(view=view, days=14, focus=key.id)
        async with visit(server, tmp_path, clock=clock, lens=lens) as person:
            ours = timeless(await exported(person, tmp_path))
        one = ("--key", key.id) if registered(view).scope == "subject" else ()
        assert ours == timeless(await twin(server, tmp_path, view, *one, "--days", "14"))
    assert ours["view"] == view
    assert ours["data"]


async def test_marked_keys_export_what_two_keys_on_the_command_line_print(tmp_path: Path) -> None:
    clock = Clock()
    with service(clock) as server:
        ids = [server.truth.keys[n].id for n in (0, 2)]
        async with visit(server, tmp_path, clock=clock, days=30) as person:
            await person.press("space")
            await person.to("MISP sync")
            await person.press("space", "4")
            ours = timeless(await exported(person, tmp_path))
        both = [word for key_id in ids for word in ("--key", key_id)]
        assert ours == timeless(await twin(server, tmp_path, "status", *both, "--days", "30"))
        assert [key["id"] for key in ours["keys"]] == ids


async def test_e_exports_to_the_current_folder_under_a_telling_name_and_says_so(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("2", "e")
        await person.shows("Exported to socd-series-14d-20261122T142000Z.json")
    path = tmp_path / "socd-series-14d-20261122T142000Z.json"
    assert path.read_bytes().isascii()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("ending", "format_"), [(".csv", "csv"), (".MD", "md")])
async def test_the_ending_of_the_name_chooses_the_format_and_the_file_is_what_show_prints(
    demo: DemoServer, tmp_path: Path, ending: str, format_: str
) -> None:
    path = tmp_path / f"mine{ending}"
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await export_to(person, path)
        await person.shows(f"Exported to mine{ending}")
    text = await printed(demo, tmp_path, "overview", "--days", "14", "--format", format_)
    assert path.read_text(encoding="utf-8") == text


async def test_who_leaves_at_once_has_the_file_nevertheless(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        person.app.post_message(Key("e", "e"))
        person.app.post_message(Key("q", "q"))
        await person.until(lambda: not person.app.is_running)
    [path] = tmp_path.glob("*.json")
    assert json.loads(path.read_text())["view"] == "overview"


async def test_a_name_without_an_ending_gets_json(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await export_to(person, tmp_path / "mine")
        await person.shows("Exported to mine")
    assert json.loads((tmp_path / "mine").read_text())["view"] == "overview"


async def test_a_name_with_another_ending_is_refused_naming_those_there_are(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await export_to(person, tmp_path / "mine.xlsx")
        await person.shows(
            "'.xlsx' is no format of this program.", "Let the name end in .json, .csv, .md, .html or .svg."
        )
    assert not list(tmp_path.glob("mine*"))


async def test_an_export_never_overwrites_but_takes_a_number(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("e", "e")
        await person.shows("socd-overview-14d-20261122T142000Z-2.json")
        (tmp_path / "mine.json").write_text("precious")
        await export_to(person, tmp_path / "mine.json")
        await person.shows("mine-2.json")
    assert (tmp_path / "mine.json").read_text() == "precious"
    assert json.loads((tmp_path / "mine-2.json").read_text())["view"] == "overview"


async def test_an_export_to_where_nothing_can_be_written_says_why_and_may_be_corrected(
    demo: DemoServer, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    async with visit(demo, tmp_path, clock=Clock()) as person:
        for wrong, reason in (("absent/x.json", "No such file"), ("file/x.json", "Not a directory")):
            await export_to(person, tmp_path / wrong)
            await person.shows("could not be written", reason)
            await person.press("escape")
        await export_to(person, tmp_path)
        await person.shows("is a folder.")
    assert not list(tmp_path.rglob("*.json"))
    assert not list(tmp_path.rglob("*.tmp"))


async def test_an_export_to_the_current_folder_when_that_is_gone_says_so(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), folder=tmp_path / "gone") as person:
        await person.press("e")
        await person.shows("could not be written")
        assert requests(demo, "MISP sync") in person.text


async def test_tab_goes_through_the_formats_and_says_which_comes_next(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await person.press("E")
        await person.shows("JSON, with everything known; tab: CSV.", "export to: socd-overview-14d-")
        await person.press("tab")
        await person.shows("CSV; tab: Markdown.", "Z.csv")
        await person.press("tab")
        await person.shows("Z.md")
        await person.press("tab")
        await person.shows("A page for a browser; tab: A picture of the screen.", "Z.html")
        await person.press("tab")
        await person.shows("Z.svg")
        await person.press("tab")
        await person.shows("Z.json")
        await person.write("x.pdf")
        await person.shows(
            "'.pdf' is no format of this program. Let the name end in .json, .csv, .md, .html or .svg."
        )
        await person.press("tab", "escape")
    assert not list(tmp_path.glob("*.*"))


async def test_a_picture_and_a_page_are_of_what_is_on_the_screen(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(100, 30)) as person:
        await person.press("6", "down")
        row = next(line for line in person.pane if line.startswith("▸"))
        await export_to(person, tmp_path / "mine.svg")
        await person.shows("Exported to")
        await export_to(person, tmp_path / "mine.html")
        await person.until((tmp_path / "mine.html").exists)
    described = (tmp_path / "mine.svg").read_text().partition("<desc>")[2].partition("</desc>")[0]
    assert row.rstrip() in [line.rstrip() for line in described.splitlines()]
    assert (tmp_path / "mine.html").read_text().count("<section") == len(views())


async def test_the_right_arrow_completes_folders_and_endings(demo: DemoServer, tmp_path: Path) -> None:
    (tmp_path / "reports" / "weekly").mkdir(parents=True)
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("E")
        await person.write("rep")
        await person.shows("reports/")
        await person.press("right")
        await person.write("w")
        await person.shows("reports/weekly/")
        await person.press("right")
        await person.write("mine.c")
        await person.shows("mine.csv")
        await person.press("right", "enter")
        await person.shows("Exported to")
    assert (tmp_path / "reports" / "weekly" / "mine.csv").is_file()


async def test_no_export_is_promised_that_there_is_not(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press(":")
        await person.write("xlsx")
        await person.shows("Nothing is called 'xlsx'")


async def test_leaving_the_question_where_to_export_writes_nothing(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("E", "escape")
        assert "Export this view" not in person.text
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize("in_tmux", [False, True])
async def test_y_sends_the_read_out_line_to_the_clipboard_which_nothing_confirms(
    demo: DemoServer, tmp_path: Path, in_tmux: bool
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), in_tmux=in_tmux) as person:
        await person.to("threat-notebook")
        await person.press("y")
        await person.shows("sent to the clipboard (if the terminal allows)")
        assert ("set-clipboard on" in " ".join(person.messages.split())) is in_tmux
        assert person.app.clipboard.startswith("threat-notebook")
        assert requests(demo, "threat-notebook") in person.app.clipboard
