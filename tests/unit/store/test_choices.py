"""What is kept of how a person left the screen: whole, of each account, or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import StoreError
from socd_tui.model.lens import Sort
from socd_tui.store.account_file import ASIDE
from socd_tui.store.choices import Choices, ChoicesFile

ALL = Choices(
    theme="socd-light",
    glyphs="ascii",
    local=True,
    days=30,
    sorts={"overview": Sort("requests"), "bill": Sort("owner", descending=False)},
    beside="budget",
    rescaled=frozenset({"overview", "heatmap"}),
)


def planted(folder: Path, content: object) -> ChoicesFile:
    """The file of somebody, with this in it."""
    file = of(folder)
    file.path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    file.path.chmod(0o600)
    return file


def of(folder: Path, account: str = "alice", origin: str = "https://one.test") -> ChoicesFile:
    return ChoicesFile(folder, origin, account)


@pytest.mark.parametrize(
    "choices", [ALL, Choices(), Choices(local=False), Choices(sorts={}), Choices(days=365)]
)
def test_what_was_chosen_is_there_again(tmp_path: Path, choices: Choices) -> None:
    of(tmp_path / "state").write(choices)
    again = of(tmp_path / "state")
    assert (again.read(), again.notices) == (choices, [])


def test_only_its_owner_can_read_the_file_and_its_name_does_not_say_whose_it_is(tmp_path: Path) -> None:
    of(tmp_path / "state").write(ALL)
    [path] = (tmp_path / "state").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "alice" not in path.name + path.read_text()
    assert "one.test" not in path.name + path.read_text()


def test_each_account_of_each_service_has_its_own(tmp_path: Path) -> None:
    of(tmp_path).write(ALL)
    of(tmp_path, "bob").write(Choices(days=1))
    assert of(tmp_path).read() == ALL
    assert of(tmp_path, "bob").read() == Choices(days=1)
    assert of(tmp_path, origin="https://other.test").read() == Choices()


def test_what_is_forgotten_is_gone_and_may_be_forgotten_twice(tmp_path: Path) -> None:
    for file in (of(tmp_path), of(tmp_path / "no" / "such")):
        file.forget()
    of(tmp_path).write(ALL)
    of(tmp_path).forget()
    assert of(tmp_path).read() == Choices()
    of(tmp_path).write(ALL)
    of(tmp_path).write(Choices())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"9" * 5_000, b'"x"', b'{"schema": 1}',
        b'{"schema": "socd-tui/choices/2"}', b" " * (1 << 17),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_once_and_is_out_of_the_way(tmp_path: Path, data: bytes) -> None:
    file = planted(tmp_path, data)
    assert file.read() == Choices()
    [told] = file.notices
    assert str(file.path) in told
    assert told.endswith("The screen is as it was at first.")
    assert file.path.with_name(file.path.name + ASIDE).read_bytes() == data
    again = of(tmp_path)
    assert (again.read(), again.notices) == (Choices(), [])
    again.write(ALL)
    assert of(tmp_path).read() == ALL


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", 1), ("theme", ""), ("theme", "\x1b[2J"), ("glyphs", "x" * 300), ("local", 1),
        ("days", 0), ("days", -7), ("days", 7.0), ("days", True), ("days", 10**400), ("days", "7"),
        ("sorts", []), ("sorts", {"overview": "requests"}), ("sorts", {"overview": ["requests", 1]}),
        ("sorts", {"\x00": ["requests", True]}), ("sorts", {"a": ["\u202e", True]}),
        ("sorts", {str(n): ["requests", True] for n in range(999)}),
        ("beside", ["series"]), ("rescaled", "overview"), ("rescaled", [None]), ("rescaled", [[]]),
    ],
)  # fmt: skip
def test_one_value_that_was_never_chosen_makes_the_file_a_damaged_one(
    tmp_path: Path, name: str, value: Any
) -> None:
    file = planted(tmp_path, {"schema": ChoicesFile.schema, "days": 30, name: value})
    assert file.read() == Choices()
    assert len(file.notices) == 1


def test_fields_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    file = planted(tmp_path, {"schema": ChoicesFile.schema, "days": 30, "colour of the sky": "blue"})
    assert file.read() == Choices(days=30)


def test_a_link_is_neither_followed_nor_told_of_twice(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text(json.dumps({"schema": ChoicesFile.schema, "days": 30}))
    file = of(tmp_path)
    file.path.symlink_to(theirs)
    assert file.read() == Choices()
    assert "is a symbolic link" in file.notices[0]
    file.write(ALL)
    assert of(tmp_path).read() == ALL
    assert theirs.read_text().startswith("{")


def test_what_others_could_read_is_made_private_and_used(tmp_path: Path) -> None:
    of(tmp_path).write(ALL)
    file = of(tmp_path)
    file.path.chmod(0o644)
    assert file.read() == ALL
    assert "now only you can read it" in file.notices[0]
    assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_an_error_with_the_next_step(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="Check who may write there"):
        of(tmp_path).write(ALL)
    tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_an_error_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    assert of(tmp_path / "state").read() == Choices()
    with pytest.raises(StoreError, match="could not be made"):
        of(tmp_path / "state").write(ALL)


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["schema", "theme", "days", "sorts", "rescaled", "beside"]) | st.text(max_size=3),
        inner | st.just(ChoicesFile.schema), max_size=4,
    ),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_content_is_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("state")
    file = planted(folder, data)
    choices = file.read()
    file.write(choices)
    assert of(folder).read() == choices
