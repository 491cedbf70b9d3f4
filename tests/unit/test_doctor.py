"""`socd-tui doctor`: each line says that it is well, or what to do."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socd_tui.commands.doctor import DoctorOptions
from socd_tui.commands.parts.checkup import Checked, Machine, checkup
from socd_tui.commands.parts.context import World
from socd_tui.model.errors import ServiceError, Unreachable
from socd_tui.service.reach import Reached, reach
from socd_tui.store.history import History
from socd_tui.store.paths import Paths
from socd_tui.store.session import SessionStore
from socd_tui.store.settings import Settings
from tests.account import TOKEN, Account, key_row
from tests.build import key, usage
from tests.clock import NOW, Clock
from tests.command import ran, unicode_locale
from tests.loopback import CERTIFICATE, Loopback, Request, answer, answer_json
from tests.terminal.pseudo import environment

WELL = Reached(status=401, took=timedelta(milliseconds=120), served_at=NOW, tls="TLSv1.3")


@pytest.fixture(autouse=True)
def in_unicode() -> Iterator[None]:
    with unicode_locale():
        yield


def world(home: Path, **environ: str) -> World[DoctorOptions]:
    paths = Paths.under(home)
    return World(
        options=DoctorOptions(base_url="https://example.com"),
        clock=Clock(),
        steady=Clock(),
        environ={"TERM": "xterm-256color", "LANG": "C.UTF-8", "TZ": "Europe/Berlin", **environ},
        paths=paths,
        store=SessionStore(paths, {"SOCD_SESSION_TOKEN": TOKEN}, Clock()),
        settings=Settings(),
    )


def machine(found: Reached | ServiceError = WELL) -> Machine:
    def asked(origin: str) -> Reached:
        assert origin == "https://example.com"
        if isinstance(found, ServiceError):
            raise found
        return found

    return Machine(
        is_terminal=True,
        size=(120, 40),
        encoding="utf-8",
        version_of=lambda _: "1.0",
        browsers=(),
        reach=asked,
    )


def looked_at(world: World[DoctorOptions], machine: Machine) -> dict[str, Checked]:
    return {each.name: each for each in checkup(world, machine)}


def test_where_everything_is_well_nothing_is_to_be_done(tmp_path: Path) -> None:
    found = looked_at(world(tmp_path), machine())
    assert {each.verdict for each in found.values()} == {"ok"}, found
    assert {each.next_step for each in found.values()} == {""}
    assert list(found) == [
        "versions", "terminal", "colours", "characters", "zone", "config folder", "data folder",
        "state folder", "settings", "history", "session", "browser", "service", "encryption", "clock",
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert found["zone"].said == "Europe/Berlin, now 15:20 +0100; days are the service's, in UTC"
    assert TOKEN not in found["session"].said


@pytest.mark.parametrize(
    ("environ", "name", "verdict", "told"),
    [
        ({"TERM": "dumb"}, "terminal", "fix", "Set TERM to what it is"),
        ({"TERM": "xterm"}, "colours", "note", "COLORTERM=truecolor"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "colours", "ok", "none, as NO_COLOR"),
        ({"LANG": "de_DE.ISO-8859-1", "LC_ALL": "C"}, "characters", "ok", "utf-8"),
        ({"SOCD_ASCII": "1"}, "characters", "ok", "ascii"),
        ({"TZ": "Nowhere/\x1b[2JLand"}, "zone", "fix", "is no zone: UTC is taken"),
        ({"TZ": "CET-1CEST"}, "zone", "ok", "CET, now 15:20 +0100"),
        ({"TZ": "UTC"}, "zone", "ok", "UTC, now 14:20 +0000"),
    ],
)
def test_what_the_environment_says(
    tmp_path: Path, environ: dict[str, str], name: str, verdict: str, told: str
) -> None:
    found = looked_at(world(tmp_path, **environ), machine())[name]
    assert (found.verdict, told in found.line) == (verdict, True), found.line
    assert found.line.isprintable()


def test_a_small_terminal_and_none(tmp_path: Path) -> None:
    small = looked_at(world(tmp_path), replace(machine(), size=(79, 24)))["terminal"]
    assert (small.verdict, small.said) == ("note", "xterm-256color, 79x24")
    none = looked_at(world(tmp_path, TERM="dumb"), replace(machine(), is_terminal=False))
    assert (none["terminal"].verdict, none["colours"].verdict) == ("ok", "ok")


def test_folders_that_are_open_closed_or_none(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config").chmod(0o755)
    (tmp_path / "state").write_text("")
    found = looked_at(world(tmp_path), machine())
    assert found["config folder"].next_step == f"chmod 700 {tmp_path / 'config'}"
    assert (found["state folder"].verdict, found["state folder"].next_step) == ("fix", "Move it away.")
    assert "not there yet" in found["data folder"].said


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    found = looked_at(world(tmp_path), machine())["data folder"]
    tmp_path.chmod(0o700)
    assert (found.verdict, found.next_step) == (
        "fix",
        f"Let yourself write to {tmp_path}, or name another place by XDG_DATA_HOME.",
    )


def test_what_is_stored(tmp_path: Path) -> None:
    here = world(tmp_path)
    history = History(here.paths.data, here.origin, clock=Clock())
    history.record([key("a")], [usage("a", days=())])
    assert looked_at(here, machine())["history"].verdict == "ok"
    history.path.write_bytes(b"no database" * 999)
    damaged = looked_at(here, machine())["history"]
    assert (damaged.verdict, "was damaged. It starts anew" in damaged.said) == ("note", True)
    history.path.unlink(missing_ok=True)
    history.path.symlink_to("/dev/null")
    assert looked_at(here, machine())["history"].next_step == "Remove the link."
    mistaken = replace(here, mistakes=["config.toml, line 1: there is no 'them'."])
    assert looked_at(mistaken, machine())["settings"].verdict == "fix"
    signed_out = replace(here, store=SessionStore(here.paths, {}, Clock()))
    assert looked_at(signed_out, machine())["session"].next_step == "Run `socd-tui login`."


@pytest.mark.parametrize(
    ("found", "name", "verdict", "told"),
    [
        (WELL, "service", "ok", "https://example.com answers in 120 ms, and refuses who has no token (401)"),
        (replace(WELL, status=200, by_proxy=True), "service", "ok", "through a proxy (200)"),
        (replace(WELL, status=404), "service", "fix", "Check --base-url"),
        (replace(WELL, status=302), "service", "fix", "not as the service does"),
        (replace(WELL, status=503), "service", "fix", "Try again later"),
        (Unreachable("No.", "Look at the cable."), "service", "fix", "No. Look at the cable."),
        (replace(WELL, served_at=NOW - timedelta(hours=2)), "clock", "fix", "2 h ahead of the service's"),
        (replace(WELL, served_at=NOW + timedelta(minutes=3)), "clock", "fix", "3 min behind the service's"),
        (replace(WELL, served_at=NOW + timedelta(seconds=9)), "clock", "ok", "within 9 s"),
        (replace(WELL, certified_until=NOW + timedelta(days=5)), "encryption", "note", "has to renew it"),
    ],
)
def test_what_the_service_tells(
    tmp_path: Path, found: Reached | ServiceError, name: str, verdict: str, told: str
) -> None:
    looked = looked_at(world(tmp_path), machine(found))[name]
    assert (looked.verdict, told in looked.line) == (verdict, True), looked.line


def test_the_request_names_nobody_and_the_certificate_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = answer_json({"error": {}}, status=401)
    with Loopback({"/api/v1/keys": refused}, tls=True) as server:
        with pytest.raises(ServiceError, match="is not trusted"):
            reach(server.origin, Clock())
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        found = reach(server.origin, Clock())
        assert (found.status, found.tls) == (401, "TLSv1.3")
        assert found.certified_until is not None
        assert found.certified_until > datetime(2026, 1, 1, tzinfo=UTC)
        (request,) = [each for each in server.requests if each.path]
        assert not request.headers.keys() & {"cookie", "authorization"}


def test_a_service_that_never_answers_is_waited_for_only_so_long() -> None:
    def silent(request: Request) -> None:
        request.closing.wait(5)

    with Loopback({"/api/v1/keys": silent}) as server, pytest.raises(ServiceError, match="Nothing answered"):
        reach(server.origin, Clock(), deadline_s=0.2)


def test_the_command_prints_lines_or_json_and_its_exit_code_says_what_is_wanting(tmp_path: Path) -> None:
    with Account(key_row(1), listed=answer(b"{}", status=401)) as account:
        environ = environment(tmp_path, SOCD_BASE_URL=account.origin)
        signed_out = ran(environ, "doctor")
        assert (signed_out.returncode, signed_out.stderr) == (5, "")
        assert "\nfix   session        none for" in signed_out.stdout
        well = ran({**environ, "SOCD_SESSION_TOKEN": TOKEN}, "doctor", "--format", "json")
        facts = json.loads(well.stdout)
        assert (well.returncode, facts["schema"], facts["ok"]) == (0, "socd-tui/doctor/1", True)
        assert {"name", "verdict", "said", "next_step"} == facts["checks"][0].keys()
        assert TOKEN not in well.stdout
        firefox = Path(environ["HOME"]) / ".mozilla" / "firefox"
        (firefox / "work").mkdir(parents=True)
        (firefox / "work" / "cookies.sqlite").write_bytes(b"not read")
        (firefox / "profiles.ini").write_text("[Profile0]\nName=at work\nPath=work\n")
        asked = len(account.requests)
        offline = ran({**environ, "SOCD_SESSION_TOKEN": TOKEN}, "doctor", "--offline")
        assert (offline.returncode, "not asked, as --offline wants it" in offline.stdout) == (0, True)
        assert len(account.requests) == asked
        assert "Firefox, profile at work: `socd-tui login --from firefox` takes its" in offline.stdout
    gone = ran({**environ, "SOCD_SESSION_TOKEN": TOKEN}, "doctor")
    assert (gone.returncode, "could not be made. Check the network" in gone.stdout) == (1, True)
    assert ran(environ, "doctor", "--demo").returncode == 2
