"""The page for a browser: whole in itself, harmless whatever keys are called, and readable as it is."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from socd_tui.analysis.known import prepare
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.outputs.report import DATA_ID, report
from socd_tui.views.registry import views
from tests.fleets import NOW, fetched

HOSTILE = "</script><img src=//evil.example/x onerror=alert(1)> & {{7*7}} \"'"


class Read(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.data = ""
        self._inside: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag, "every element ends where it should"

    def handle_data(self, data: str) -> None:
        if self._inside[-1:] == ["script"]:
            self.data += data
        elif self._inside[-1:] != ["style"]:
            self.text += data


@cache
def page() -> str:
    """Of the demo, a key of which has a name that is an attack."""
    fleet = fetched(NOW)
    keys = (replace(fleet.keys[0], name=Text(HOSTILE)), *fleet.keys[1:])
    fleet = replace(fleet, keys=keys)
    return report(prepare(fleet, Lens()), Lens(), views(), generated_at=NOW, version="1.2.3")


def test_it_asks_nobody_for_anything_and_runs_nothing() -> None:
    read = Read(page())
    for tag, attributes in read.tags:
        assert tag not in ("img", "link", "iframe", "object", "form", "base"), tag
        assert not {"src", "style", "background", "data", "action"} & set(attributes), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes)
        assert all((attributes.get("href") or "#").startswith("#") for _ in (0,))
    scripts = [attributes for tag, attributes in read.tags if tag == "script"]
    assert scripts == [{"type": "application/json", "id": DATA_ID}]
    policy = next(
        attributes["content"]
        for tag, attributes in read.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert "url(" not in page()
    assert "@import" not in page()


def test_every_view_has_its_question_its_picture_and_its_figures() -> None:
    read = Read(page())
    sections = [attributes["id"] for tag, attributes in read.tags if tag == "section"]
    assert sections == [view.name for view in views()]
    assert [tag for tag, _ in read.tags].count("svg") == len(sections)
    assert [tag for tag, _ in read.tags].count("table") == len(sections)
    assert all(view.question in read.text for view in views())
    assert "99,678" in read.text


def test_a_name_is_text_and_nothing_else() -> None:
    read = Read(page())
    assert HOSTILE in read.text
    assert "<img" not in page()


def test_the_document_inside_is_whole_and_has_names_as_the_service_wrote_them() -> None:
    document = json.loads(Read(page()).data)
    assert document["schema"].startswith("socd-tui/view/")
    assert document["keys"][0]["name"] == HOSTILE


def test_pictures_are_light_dark_and_on_paper_what_the_style_says() -> None:
    style = page().partition("<style>")[2].partition("</style>")[0]
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style
    pictures = page().partition("<main>")[2].partition("</main>")[0]
    assert 'fill="#' not in pictures
    assert 'fill="var(--bad)"' in pictures


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_a_browser_has_nothing_to_say_about_it(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(page(), encoding="utf-8")
    done = subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-component-update", "--enable-logging=stderr", f"--user-data-dir={tmp_path}",
            "--proxy-server=127.0.0.1:9", "--dump-dom", (tmp_path / "report.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr
    assert HOSTILE in Read(done.stdout).text
