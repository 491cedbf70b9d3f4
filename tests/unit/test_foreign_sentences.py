"""What is said of a mistake repeats what was typed or found, without what a terminal would obey in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.account import Account, key_row
from tests.trust.hostile import bad_characters

TYPED = "\x1b]0;x\x07\u202eb\u034f\x9b1m"


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "overview", "--filter", TYPED),
        ("show", "overview", "--days", TYPED),
        ("show", "overview", "--format", TYPED),
        ("show", "overview", TYPED),
        ("history", TYPED),
        (TYPED,),
    ],
)
def test_what_was_typed_is_repeated_without_what_a_terminal_obeys(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with Account(key_row(1)) as account:
        done = account.run(tmp_path, *arguments)
    assert not bad_characters(done.stdout + done.stderr)
    assert "]0;x" in done.stdout + done.stderr


def test_a_mistake_in_the_settings_is_told_without_what_a_terminal_obeys(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "socd-tui"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "config.toml").write_text(r'"\u001b[31mname\u00ad\u202e" = 1')
    with Account(key_row(1)) as account:
        done = account.show(tmp_path, "overview")
    assert "there is no setting '\ufffd[31mname'" in done.stderr
    assert not bad_characters(done.stderr)
