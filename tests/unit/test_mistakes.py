"""A mistake of ours outside the UI: one sentence and an exit code, and nowhere the token."""

from __future__ import annotations

import threading
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import pytest

from socd_tui.cli import main
from tests.account import TOKEN
from tests.terminal.pseudo import environment

FORMS = (TOKEN, TOKEN.split(".")[1], quote(TOKEN, safe=""), TOKEN.encode().hex())


class BrokenClock:
    """A clock that fails as none should, and says the token, in each of its forms."""

    def __init__(self, error: type[BaseException] = ArithmeticError) -> None:
        self.error = error

    def __call__(self) -> datetime:
        self._fail()

    def _fail(self) -> NoReturn:
        said = " ".join([*FORMS, b64encode(f"sb-access-token={TOKEN}".encode()).decode()])
        raise self.error(said)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders of a person who is signed in to a service that is nowhere."""
    signed_in = {"SOCD_SESSION_TOKEN": TOKEN, "SOCD_BASE_URL": "http://127.0.0.1:9"}
    for name, value in environment(tmp_path / "home", **signed_in).items():
        monkeypatch.setenv(name, value)
    return tmp_path / "home"


COMMANDS = (["show", "overview"], ["show", "bill", "--format", "json"], ["keys"])


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_mistake_is_told_in_one_sentence_and_the_token_nowhere(
    arguments: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, clock=BrokenClock()) == 1
    said = capsys.readouterr()
    assert said.out == ""
    [sentence] = said.err.splitlines()
    assert sentence.startswith("socd-tui: The program failed (ArithmeticError). Details: ")
    [details] = home.rglob("crash*.txt")
    assert sentence.endswith(str(details))
    assert details.stat().st_mode & 0o777 == 0o600
    traceback = details.read_text()
    assert "ArithmeticError: ****" in traceback
    assert "in _fail" in traceback
    for text in (said.err, traceback):
        for form in (*FORMS, b64encode(TOKEN.encode()).decode()[4:-4]):
            assert form not in text


def test_where_nothing_can_be_written_the_mistake_is_still_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "state").write_text("no folder")
    assert main(["show", "overview"], clock=BrokenClock()) == 1
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("socd-tui: The program failed (ArithmeticError); the details could not be")


def test_a_thread_that_nobody_waits_for_tells_no_more(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock = BrokenClock()

    def start_another() -> datetime:
        thread = threading.Thread(target=clock)
        thread.start()
        thread.join()
        raise SystemExit(3)

    before = threading.excepthook
    with pytest.raises(SystemExit):
        main(["show", "overview"], clock=start_another)
    assert threading.excepthook is before
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("socd-tui: The program failed (ArithmeticError). Details: ")
