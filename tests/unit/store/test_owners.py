"""Owners are written into a person's own `config.toml`: nothing else in it changes, or nothing is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import StoreError
from socd_tui.store.owners import OwnersFile
from socd_tui.store.settings import FILE

WRITTEN = """\
# mine
days = 30   # a month

[owners]  # who pays
# Ann is in Paris
"Ann Lee" = ["id-1", "SOAR *"]  # both
"Data team" = [
    "threat-*",  # the notebook
    "sk_live_2",
]
Bob = "id-3"

[keys]
export = "x"  # as before
"""


def written(folder: Path, text: str = WRITTEN) -> OwnersFile:
    (folder / FILE).write_text(text)
    return OwnersFile(folder)


def text_of(folder: Path) -> str:
    return (folder / FILE).read_text()


def test_a_new_owner_is_one_line_more_and_every_other_byte_stays(tmp_path: Path) -> None:
    owners = written(tmp_path).give("id-9", "Zoe")
    assert owners["Zoe"] == ("id-9",)
    assert text_of(tmp_path) == WRITTEN.replace('Bob = "id-3"\n', 'Bob = "id-3"\nZoe = ["id-9"]\n')


def test_an_owner_who_is_there_gets_the_key_besides_however_the_name_is_typed(tmp_path: Path) -> None:
    assert written(tmp_path).give("id-9", "ann lee")["Ann Lee"] == ("id-1", "SOAR *", "id-9")
    assert text_of(tmp_path) == WRITTEN.replace('"SOAR *"]', '"SOAR *", "id-9"]')
    assert written(tmp_path).give("id-9", "Bob")["Bob"] == ("id-3", "id-9")


def test_a_key_has_one_owner_and_a_pattern_of_names_stays(tmp_path: Path) -> None:
    owners = written(tmp_path).give("id-1", "Bob")
    assert owners == {"Ann Lee": ("SOAR *",), "Data team": ("threat-*", "sk_live_2"), "Bob": ("id-3", "id-1")}
    owners = written(tmp_path).give("id-2", "Bob", prefix="sk_live_2")
    assert owners["Data team"] == ("threat-*",)
    assert "# the notebook" in text_of(tmp_path)


def test_nobody_takes_the_entry_out_and_keeps_the_name(tmp_path: Path) -> None:
    assert written(tmp_path).give("id-3", "")["Bob"] == ()
    assert text_of(tmp_path) == WRITTEN.replace('Bob = "id-3"', "Bob = []")


@pytest.mark.parametrize(("key", "owner"), [("id-1", "Ann Lee"), ("ID-3", "bob"), ("id-77", "")])
def test_what_is_so_already_writes_nothing(tmp_path: Path, key: str, owner: str) -> None:
    file = written(tmp_path)
    before = (tmp_path / FILE).stat().st_mtime_ns
    file.give(key, owner)
    assert text_of(tmp_path) == WRITTEN
    assert (tmp_path / FILE).stat().st_mtime_ns == before


def test_without_a_file_one_is_made_that_only_its_owner_can_read(tmp_path: Path) -> None:
    file = OwnersFile(tmp_path / "new")
    assert file.give("id-1", "") == {}
    assert not file.path.exists()
    assert file.give("id-1", "Zoe") == {"Zoe": ("id-1",)}
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert tomllib.loads(file.path.read_text()) == {"owners": {"Zoe": ["id-1"]}}


@pytest.mark.parametrize(
    "text",
    [
        "", "days = 3", "days = 3\n[keys]\na = 'b'\n# end", 'owners.Bob = "x"\ndays = 3\n', "owners = {}\n",
        'owners = {Bob = ["x"]}  # short\n', '[owners.team]\nx = ["1"]\n[keys]\na = "b"\n',
        '[owners]\nA = ["1"]\n[keys]\nx = "y"\n[owners.sub]\nz = ["2"]\n', "\ufeffdays = 3\r\n[owners]\r\n",
        "[owners]\nA = 5\n",
    ],
)  # fmt: skip
def test_however_the_table_is_written_the_owner_comes_to_what_is_there(tmp_path: Path, text: str) -> None:
    file = OwnersFile(tmp_path)
    (tmp_path / FILE).write_bytes(text.encode())
    file.give("id-9", 'Zoë "Z" [x].y')
    after = (tmp_path / FILE).read_bytes().decode()
    was, now = (tomllib.loads(each.removeprefix("\ufeff")) for each in (text, after))
    assert now.pop("owners") == {**was.pop("owners", {}), 'Zoë "Z" [x].y': ["id-9"]}
    assert now == was
    assert after.startswith("\ufeff") == text.startswith("\ufeff")
    for comment in ("# end", "# short"):
        assert (comment in after) == (comment in text)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"days = \n", "be understood"), (b"\xff\xfe\x00", "be understood"),
        ("days = 3\n".encode("utf-16"), "be understood"), (b"a = " + b"[" * 5_000, "be understood"),
        (b"owners = 3\n", "owners is no table"), (b"[[owners]]\n", "owners is no table"),
        (b"#" * (2 << 20), "larger than"), (b"[owners]\nZoe = 5\n", "without a loss"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_changed_safely_is_left_alone(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(StoreError, match=why):
        OwnersFile(tmp_path).give("id-9", "Zoe")
    assert (tmp_path / FILE).read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_link_stays_one_and_what_it_leads_to_is_written_with_its_rights(tmp_path: Path) -> None:
    dotfiles, config = tmp_path / "dotfiles", tmp_path / "config"
    for folder in (dotfiles, config):
        folder.mkdir()
    written(dotfiles)
    (dotfiles / FILE).chmod(0o644)
    (config / FILE).symlink_to(dotfiles / FILE)
    OwnersFile(config).give("id-9", "Zoe")
    assert (config / FILE).is_symlink()
    assert 'Zoe = ["id-9"]' in text_of(dotfiles)
    assert (dotfiles / FILE).stat().st_mode & 0o777 == 0o644


def test_a_file_with_a_second_name_and_a_link_that_leads_nowhere_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path)
    (tmp_path / "other").hardlink_to(file.path)
    with pytest.raises(StoreError, match="hard link"):
        file.give("id-9", "Zoe")
    file.path.unlink()
    file.path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="leads nowhere"):
        file.give("id-9", "Zoe")


@given(
    st.text(min_size=1, max_size=20).filter(lambda name: name.isprintable() and name.strip() == name),
    st.text(max_size=20),
)
def test_any_name_and_any_id_can_be_written(
    tmp_path_factory: pytest.TempPathFactory, owner: str, key: str
) -> None:
    folder = tmp_path_factory.mktemp("config")
    try:
        owners = written(folder).give(key, owner)
    except StoreError:
        assert text_of(folder) == WRITTEN
        return
    assert key in [entry for entries in owners.values() for entry in entries]
    assert "# Ann is in Paris" in text_of(folder)
