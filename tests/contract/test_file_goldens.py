"""What `show` writes of each view in each format, kept as files. `--update-goldens` accepts them as they are.

They are of an export that is looked at again, so that nothing is asked and no day matters. What makes them
large and says nothing new is left out: the answers that a JSON document holds to be looked at again.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from socd_tui.outputs.report import DATA_ID
from socd_tui.service.demo import DemoServer
from socd_tui.views.frame.formats import NAMES, format_named
from socd_tui.views.registry import views
from tests.clock import Clock
from tests.command import ran
from tests.terminal.pseudo import environment

FOLDER = Path(__file__).parent.parent / "goldens" / "files"
EXPORT = FOLDER / "export.json"
SIZE = "80x24"

ADDRESS = "http://127.0.0.1:8000"
_PORT = re.compile(r"http://127\.0\.0\.1:\d+")
_DATA = re.compile(rf'(<script type="application/json" id="{DATA_ID}">).*?(</script>)', re.DOTALL)


def made(view: str, format_: str, home: Path) -> str:
    """What the command prints, without what is not to be kept."""
    size = ("--size", SIZE) if format_named(format_).of == "picture" else ()
    done = ran(environment(home), "show", view, "--open", str(EXPORT), "--format", format_, *size)
    assert done.returncode in (0, 6), done
    if format_ == "json":
        document = json.loads(done.stdout)
        document["fleet"] = bool(document["fleet"])
        return json.dumps(document, indent=2) + "\n"
    return _DATA.sub(r"\1{}\2", done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A person's folders; the export is made anew with the goldens."""
    folder = tmp_path_factory.mktemp("home")
    if request.config.getoption("--update-goldens"):
        with DemoServer(clock=Clock(), requests_per_minute=1_000_000) as demo:
            environ = environment(folder, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)
            done = ran(environ, "show", "overview", "--format", "json")
        EXPORT.write_text(_PORT.sub(ADDRESS, done.stdout), encoding="utf-8")
    return folder


@pytest.mark.parametrize("view", [view.name for view in views()])
def test_each_format_of_a_view_is_as_it_was_approved(
    view: str, home: Path, request: pytest.FixtureRequest
) -> None:
    for format_ in NAMES:
        path, now = FOLDER / f"{view}.{format_}", made(view, format_, home)
        if request.config.getoption("--update-goldens"):
            path.write_text(now, encoding="utf-8")
        assert now == path.read_text(encoding="utf-8"), format_


def test_no_file_is_left_over_from_a_view_or_a_format_that_is_gone() -> None:
    there = {path.name for path in FOLDER.iterdir()} - {EXPORT.name}
    assert there == {f"{view.name}.{format_}" for view in views() for format_ in NAMES}
