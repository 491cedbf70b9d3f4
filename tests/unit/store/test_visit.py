"""What is kept of the last visit: whole, of each account, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.visit import Standing, Visit
from socd_tui.store.account_file import ASIDE
from socd_tui.store.visit import MOST_KEYS, VisitFile
from tests.account import key_id

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=3)
VISIT = Visit(
    at=AT,
    kinds=frozenset({"runaway", "throttled"}),
    keys={
        key_id(1): Standing(frozenset({"runaway"}), frozenset({"rise", "capped"})),
        key_id(2): Standing(),
    },
)


def of(folder: Path, account: str = "alice", origin: str = "https://one.test") -> VisitFile:
    return VisitFile(folder, origin, account)


def planted(folder: Path, content: object) -> VisitFile:
    """The file of somebody, with this in it."""
    file = of(folder)
    file.path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    file.path.chmod(0o600)
    return file


def document(**changes: object) -> dict[str, object]:
    whole = {
        "schema": VisitFile.schema,
        "at": AT.isoformat(),
        "kinds": ["runaway"],
        "keys": {key_id(1): [["runaway"], []]},
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def test_what_was_seen_is_there_again(tmp_path: Path) -> None:
    of(tmp_path / "state").write(VISIT)
    again = of(tmp_path / "state")
    assert (again.read(LATER), again.notices) == (VISIT, [])
    assert of(tmp_path / "state", "bob").read(LATER) is None
    assert of(tmp_path / "nowhere").read(LATER) is None


def test_only_its_owner_can_read_the_file_and_it_names_nobody(tmp_path: Path) -> None:
    of(tmp_path / "state").write(VISIT)
    [path] = (tmp_path / "state").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "alice" not in path.name + path.read_text()
    assert "one.test" not in path.name + path.read_text()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"9" * 5_000, {}, b" " * ((1 << 22) + 1),
        document(schema="socd-tui/visit/2"), document(schema=...), document(at=...), document(keys=...),
        document(kinds=...), document(at=None), document(at="2026-11-19"), document(at="2026-11-19T09:30:00"),
        document(at="1999-11-19T09:30:00+00:00"), document(at=(LATER + timedelta(days=9)).isoformat()),
        document(at="9999-12-31T23:59:59+00:00"), document(at=7), document(kinds="runaway"),
        document(kinds=["\x1b[2J"]), document(kinds=["x" * 300]), document(kinds=[1]),
        document(kinds=[f"kind_{'x' * n}" for n in range(30)] * 9), document(keys=[]),
        document(keys={"a/../b": [[], []]}), document(keys={"\u202e": [[], []]}),
        document(keys={"": [[], []]}), document(keys={"a": []}),
        document(keys={"a": [[], [], []]}), document(keys={"a": [["RUNAWAY"], []]}),
        document(keys={"a": [[None], []]}), document(keys={"a": "runaway"}),
        document(keys={f"k{n}": [[], []] for n in range(MOST_KEYS + 1)}),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_once_and_is_out_of_the_way(tmp_path: Path, content: Any) -> None:
    file = planted(tmp_path, content)
    assert file.read(LATER) is None
    [notice] = file.notices
    assert str(file.path) in notice
    assert notice.endswith("What is new since your last visit is not known.")
    assert file.path.with_name(file.path.name + ASIDE).exists()
    again = of(tmp_path)
    assert (again.read(LATER), again.notices) == (None, [])
    again.write(VISIT)
    assert of(tmp_path).read(LATER) == VISIT


def test_a_clock_that_is_a_little_behind_damages_nothing(tmp_path: Path) -> None:
    of(tmp_path).write(VISIT)
    file = of(tmp_path)
    assert (file.read(AT - timedelta(hours=5)), file.notices) == (VISIT, [])


def test_a_link_is_neither_followed_nor_told_of_twice(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text(json.dumps(document()))
    file = of(tmp_path)
    file.path.symlink_to(theirs)
    assert file.read(LATER) is None
    assert "is a symbolic link" in file.notices[0]
    file.write(VISIT)
    assert json.loads(theirs.read_text()) == document()


def test_of_very_many_keys_those_with_a_finding_are_kept(tmp_path: Path) -> None:
    quiet = {f"quiet-{n}": Standing() for n in range(MOST_KEYS)}
    many = Visit(at=AT, kinds=VISIT.kinds, keys={**quiet, **VISIT.keys})
    of(tmp_path).write(many)
    file = of(tmp_path)
    kept = file.read(LATER)
    assert file.notices == []
    assert kept is not None
    assert len(kept.keys) == MOST_KEYS
    assert kept.keys[key_id(1)] == VISIT.keys[key_id(1)]


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(AT.isoformat()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["schema", "at", "kinds", "keys"]) | st.text(max_size=3),
        inner | st.just(VisitFile.schema), max_size=4,
    ),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_content_is_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("state")
    file = planted(folder, data)
    visit = file.read(LATER)
    assert (visit is None) == bool(file.notices)
