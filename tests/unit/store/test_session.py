"""The token is where it should be, goes where it may, and is nowhere else."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from socd_tui.model.errors import StoreError, UsageError
from socd_tui.model.session import Secret, Session
from socd_tui.model.token import parse_token
from socd_tui.store import keyring as shelf
from socd_tui.store.paths import Paths
from socd_tui.store.session import SessionStatus, SessionStore
from tests.build import jwt

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
END = NOW + timedelta(minutes=42)
ORIGIN = "https://socdefenders.ai"
OTHER = "https://www.socdefenders.ai"


JWT = jwt(sub="canary", exp=int(END.timestamp()))
TOKEN = parse_token(JWT)


class FakeKeyring(ModuleType):
    """The functions of the keyring package that are used, over a dictionary."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_keyring(self) -> object:
        return self

    def set_password(self, service: str, account: str, value: str) -> None:
        self.kept[service, account] = value

    def get_password(self, service: str, account: str) -> str | None:
        if self.locked:
            raise RuntimeError(f"locked: {self.kept}")
        return self.kept.get((service, account))

    def delete_password(self, service: str, account: str) -> None:
        del self.kept[service, account]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    fake = FakeKeyring()
    monkeypatch.setitem(sys.modules, "keyring", fake)
    return fake


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path / "home")


def store(paths: Paths, **environ: str) -> SessionStore:
    """As a new run of the program sees it."""
    return SessionStore(paths, environ, lambda: NOW)


def file(paths: Paths) -> Path:
    return paths.data / "session.json"


def plant(paths: Paths, content: bytes) -> None:
    store(paths).save(TOKEN, ORIGIN)
    file(paths).write_bytes(content)


def test_nothing_is_stored_at_first_and_nothing_made(paths: Paths) -> None:
    assert store(paths).load(ORIGIN) is None
    assert store(paths).describe(ORIGIN) == SessionStatus(present=False, path=file(paths))
    assert store(paths).forget() == []
    assert not paths.data.exists()


def test_a_saved_token_is_there_in_the_next_run(paths: Paths) -> None:
    saved = store(paths).save(TOKEN, "HTTPS://SocDefenders.ai:443/")
    assert saved == Session(TOKEN.secret, ORIGIN, END, "file")
    assert store(paths).load(ORIGIN) == saved
    assert store(paths).load(f"{ORIGIN}/") == saved


def test_an_opaque_token_survives_too(paths: Paths) -> None:
    token = parse_token("sb-access-token=opaque")
    store(paths).save(token, ORIGIN)
    assert store(paths).load(ORIGIN) == Session(token.secret, ORIGIN, None, "file")


def test_only_token_origin_and_date_are_stored_for_the_owner_alone(paths: Paths) -> None:
    store(paths).save(TOKEN, ORIGIN)
    assert json.loads(file(paths).read_bytes()) == {
        "token": JWT,
        "origin": ORIGIN,
        "stored_at": "2026-11-22T10:00:00+00:00",
    }
    assert file(paths).stat().st_mode & 0o7777 == 0o600
    assert paths.data.stat().st_mode & 0o7777 == 0o700
    everything = [path for path in paths.data.parent.parent.rglob("*") if path.is_file()]
    assert everything == [file(paths)]


@pytest.mark.parametrize("origin", [OTHER, f"{ORIGIN}:8443", "http://127.0.0.1:443"])
def test_a_token_is_only_for_the_origin_it_was_stored_for(paths: Paths, origin: str) -> None:
    store(paths).save(TOKEN, ORIGIN)
    assert store(paths).load(origin) is None
    status = store(paths).describe(origin)
    assert (status.present, status.origin) == (False, ORIGIN)
    assert ORIGIN in (status.note or "")
    assert origin in (status.note or "")


def test_no_token_is_stored_for_plain_http(paths: Paths) -> None:
    with pytest.raises(UsageError, match="unencrypted"):
        store(paths).save(TOKEN, "http://socdefenders.ai")
    assert not paths.data.exists()
    assert store(paths).save(TOKEN, "http://127.0.0.1:8000").origin == "http://127.0.0.1:8000"


def test_the_variable_wins_and_is_gone_from_the_environment(paths: Paths) -> None:
    store(paths).save(TOKEN, ORIGIN)
    token = jwt(sub="given", exp=int(END.timestamp()))
    environ = {"SOCD_SESSION_TOKEN": f"Cookie: sb-access-token={token}", "HOME": "/"}
    run = SessionStore(paths, environ, lambda: NOW)
    for _ in range(2):
        given = run.load(OTHER)
        assert given == Session(Secret(token), OTHER, END, "environment")
    assert environ == {"HOME": "/"}
    assert run.describe(OTHER).where == "environment"
    assert JWT in file(paths).read_text()


def test_a_token_pasted_in_this_run_wins_over_the_variable(paths: Paths) -> None:
    run = store(paths, SOCD_SESSION_TOKEN=jwt(sub="given", exp=int(END.timestamp())))
    assert run.load(ORIGIN) != run.save(TOKEN, ORIGIN)
    assert run.load(ORIGIN) == Session(TOKEN.secret, ORIGIN, END, "file")


def test_a_bad_variable_is_named_and_an_empty_one_is_none(paths: Paths) -> None:
    run = store(paths, SOCD_SESSION_TOKEN="sk_live_canary_canary_canary")
    with pytest.raises(UsageError, match="SOCD_SESSION_TOKEN: That is an API key") as refusal:
        run.load(ORIGIN)
    assert "canary" not in "".join(traceback.format_exception(refusal.value))
    assert "SOCD_SESSION_TOKEN" in (run.describe(ORIGIN).note or "")
    assert store(paths, SOCD_SESSION_TOKEN="").load(ORIGIN) is None


def test_forgetting(paths: Paths) -> None:
    store(paths).save(TOKEN, ORIGIN)
    run = store(paths, SOCD_SESSION_TOKEN=JWT)
    places = run.forget()
    assert len(places) == 2
    assert "SOCD_SESSION_TOKEN" in places[0]
    assert str(file(paths)) in places[1]
    assert run.load(ORIGIN) is None
    assert list(paths.data.iterdir()) == []
    assert run.forget() == []


def test_forgetting_takes_what_a_killed_run_left(paths: Paths) -> None:
    paths.data.mkdir(parents=True)
    (paths.data / f".socd-tui-{2**22 + 1}-00c0ffee.tmp").write_text(JWT)
    store(paths).forget()
    assert list(paths.data.iterdir()) == []


def test_describing(paths: Paths) -> None:
    store(paths).save(TOKEN, ORIGIN)
    status = store(paths).describe(ORIGIN)
    masked = f"{JWT[:4]}…({len(JWT)} characters)"
    assert status == SessionStatus(
        present=True, path=file(paths), where="file", masked=masked, origin=ORIGIN, expires_at=END
    )
    assert JWT not in repr(status)
    assert SessionStore(paths, {}, lambda: END).describe(ORIGIN).expired


DAMAGED = {
    "empty": b"",
    "cut": json.dumps({"token": JWT}).encode()[:-20],
    "binary": b"\x00\xff" * 50,
    "deep": b"[" * 60_000,
    "list": b"[]",
    "digits": b"9" * 60_000,
    "too long": b" " * 200_000,
    "no origin": json.dumps({"token": JWT}).encode(),
    "no token": json.dumps({"origin": ORIGIN}).encode(),
    "numbers": json.dumps({"token": 1, "origin": 2}).encode(),
    "no such origin": json.dumps({"token": JWT, "origin": "http://socdefenders.ai"}).encode(),
    "a second header": json.dumps({"token": f"{JWT}\r\nX: y", "origin": ORIGIN}).encode(),
    "two cookies": json.dumps({"token": f"x{JWT}; a=b", "origin": ORIGIN}).encode(),
    "an API key": json.dumps({"token": "sk_live_canary", "origin": ORIGIN}).encode(),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named_and_can_be_replaced(paths: Paths, content: bytes) -> None:
    plant(paths, content)
    with pytest.raises(StoreError, match="socd-tui login") as refusal:
        store(paths).load(ORIGIN)
    assert str(file(paths)) in str(refusal.value)
    assert "eyJ" not in "".join(traceback.format_exception(refusal.value))
    status = store(paths).describe(ORIGIN)
    assert (status.present, status.note) == (False, str(refusal.value))
    assert store(paths).save(TOKEN, ORIGIN) == store(paths).load(ORIGIN)
    plant(paths, content)
    assert store(paths).forget() == [f"the file {file(paths)}"]


def test_a_link_in_its_place_is_not_read(paths: Paths, tmp_path: Path) -> None:
    store(paths).save(TOKEN, ORIGIN)
    file(paths).rename(tmp_path / "elsewhere")
    file(paths).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"symbolic link.*socd-tui login"):
        store(paths).load(ORIGIN)
    store(paths).forget()
    assert (tmp_path / "elsewhere").exists()


def test_loose_modes_are_tightened_with_one_notice_each(paths: Paths) -> None:
    store(paths).save(TOKEN, ORIGIN)
    file(paths).chmod(0o644)
    paths.data.chmod(0o755)
    run = store(paths)
    run.load(ORIGIN)
    run.load(ORIGIN)
    run.save(TOKEN, ORIGIN)
    run.save(TOKEN, ORIGIN)
    assert [str(file(paths)) in notice for notice in run.notices] == [True, False]
    assert file(paths).stat().st_mode & 0o7777 == 0o600
    assert paths.data.stat().st_mode & 0o7777 == 0o700


def test_where_nothing_can_be_stored_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    paths = Paths.under(tmp_path / "file")
    run = store(paths, SOCD_SESSION_TOKEN=JWT)
    with pytest.raises(StoreError, match="could not be made"):
        run.save(parse_token(jwt(sub="pasted", exp=int(END.timestamp()))), ORIGIN)
    assert run.load(ORIGIN) == Session(TOKEN.secret, ORIGIN, END, "environment")
    assert run.forget()
    assert run.load(ORIGIN) is None
    assert run.describe(ORIGIN).note is None


def test_the_keyring_is_used_only_when_asked(paths: Paths, fake: FakeKeyring) -> None:
    assert store(paths).save(TOKEN, ORIGIN).where == "file"
    assert store(paths, SOCD_KEYRING="0").save(TOKEN, ORIGIN).where == "file"
    assert fake.kept == {}


def test_a_token_in_the_keyring_is_in_no_file(paths: Paths, fake: FakeKeyring) -> None:
    assert store(paths, SOCD_KEYRING="1").save(TOKEN, ORIGIN).where == "keyring"
    assert fake.kept == {("socd-tui", "session"): JWT}
    assert JWT not in file(paths).read_text()
    assert store(paths).load(ORIGIN) == Session(TOKEN.secret, ORIGIN, END, "keyring")
    assert store(paths).load(OTHER) is None
    assert store(paths).describe(ORIGIN).where == "keyring"
    assert store(paths).forget() == ["the keyring", f"the file {file(paths)}"]
    assert fake.kept == {}


def test_the_keyring_has_one_for_each_profile(paths: Paths, fake: FakeKeyring) -> None:
    def of(profile: str) -> SessionStore:
        own = Paths.under(paths.data / profile)
        return SessionStore(own, {"SOCD_KEYRING": "1"}, lambda: NOW, profile)

    other = parse_token(jwt(sub="other"))
    of("").save(TOKEN, ORIGIN)
    of("work").save(other, ORIGIN)
    assert set(fake.kept) == {("socd-tui", "session"), ("socd-tui", "session-work")}
    of("").forget()
    left = of("work").load(ORIGIN)
    assert left is not None
    assert left.token == other.secret
    fake.kept = {}
    with pytest.raises(StoreError, match="socd-tui login --profile work"):
        of("work").load(ORIGIN)


def test_a_login_to_the_file_clears_the_keyring(paths: Paths, fake: FakeKeyring) -> None:
    store(paths, SOCD_KEYRING="1").save(TOKEN, ORIGIN)
    assert store(paths).save(TOKEN, ORIGIN).where == "file"
    assert fake.kept == {}


def test_a_keyring_that_lost_the_token_is_told(paths: Paths, fake: FakeKeyring) -> None:
    store(paths, SOCD_KEYRING="1").save(TOKEN, ORIGIN)
    for left in ({}, {("socd-tui", "session"): "sk_live_x"}):
        fake.kept = left
        with pytest.raises(StoreError, match=r"no longer has.*socd-tui login"):
            store(paths).load(ORIGIN)
    fake.kept = {}
    assert store(paths).forget()


def test_a_locked_keyring_is_told_and_keeps_logout_honest(paths: Paths, fake: FakeKeyring) -> None:
    store(paths, SOCD_KEYRING="1").save(TOKEN, ORIGIN)
    fake.locked = True
    assert "keyring failed" in (store(paths).describe(ORIGIN).note or "")
    with pytest.raises(StoreError) as refusal:
        store(paths).forget()
    assert JWT not in "".join(traceback.format_exception(refusal.value))
    fake.locked = False
    assert store(paths).forget()
    assert fake.kept == {}


def falls_back(paths: Paths, reason: str) -> None:
    run = store(paths, SOCD_KEYRING="1")
    assert run.save(TOKEN, ORIGIN).where == "file"
    assert len(run.notices) == 1
    assert reason in run.notices[0]
    assert str(file(paths)) in run.notices[0]
    assert JWT not in run.notices[0]
    assert store(paths).load(ORIGIN) == Session(TOKEN.secret, ORIGIN, END, "file")


def test_without_the_package_the_file_is_used(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    falls_back(paths, "not installed")


def test_a_locked_keyring_leaves_the_file(paths: Paths, fake: FakeKeyring) -> None:
    fake.locked = True
    falls_back(paths, "RuntimeError")


@pytest.mark.parametrize("module", ["keyring.backends.null", "keyring.backends.fail"])
def test_a_backend_that_stores_nothing_is_not_asked(paths: Paths, fake: FakeKeyring, module: str) -> None:
    backend = type("Keyring", (), {"__module__": module})()
    fake.get_keyring = lambda: backend  # type: ignore[method-assign]  # the fake's own method
    falls_back(paths, "does not keep")
    assert fake.kept == {}


def test_a_backend_that_forgets_is_noticed(paths: Paths, fake: FakeKeyring) -> None:
    fake.set_password = lambda *_: None  # type: ignore[method-assign]  # the fake's own method
    falls_back(paths, "does not keep")


@pytest.fixture
def hanging(fake: FakeKeyring, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    answer = threading.Event()
    fake.get_password = lambda *_: str(answer.wait())  # type: ignore[method-assign]  # the fake's own method
    monkeypatch.setattr(shelf, "LIMIT_S", 0.05)
    yield
    answer.set()


@pytest.mark.usefixtures("hanging")
def test_a_silent_keyring_is_not_waited_for(paths: Paths) -> None:
    falls_back(paths, "did not answer within 0.05 seconds")


def test_the_keyring_is_not_imported_otherwise(paths: Paths) -> None:
    code = (
        "import sys; from pathlib import Path; from socd_tui.store.session import *\n"
        "store = SessionStore(Paths.under(Path(sys.argv[1])), {}, lambda: datetime(2026, 11, 22))\n"
        "store.save(parse_token('sb-access-token=opaque'), 'https://x'); store.load('https://x')\n"
        "sys.exit(str({'keyring', 'socd_tui.store.keyring', 'platformdirs'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(paths.data)], capture_output=True, text=True)
    assert run.stderr == "set()\n"


def test_what_another_process_stores_is_found_once(paths: Paths) -> None:
    waiting = store(paths)
    assert waiting.newer(ORIGIN) is None
    saved = store(paths).save(TOKEN, ORIGIN)
    assert waiting.newer(ORIGIN) == saved
    assert waiting.newer(ORIGIN) is None
    other = parse_token(jwt(sub="other"))
    waiting.save(other, ORIGIN)
    assert waiting.newer(ORIGIN) is None, "its own"
    store(paths).save(TOKEN, OTHER)
    assert waiting.newer(ORIGIN) is None, "for another service"
    plant(paths, b"damaged")
    assert waiting.newer(ORIGIN) is None
    store(paths).forget()
    assert waiting.newer(ORIGIN) is None
