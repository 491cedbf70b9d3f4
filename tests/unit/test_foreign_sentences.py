"""What is said of a mistake repeats what was typed or found, without what a terminal would obey in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.account import Account, flat, key_row
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
        ("check", "--fail-at", TYPED),
        ("check", "--fail-at", f"{TYPED}=1"),
        ("check", "--within", TYPED),
        ("check", "--watch", TYPED),
        ("check", "--exec", TYPED),
        ("check", "--nagios", "--fail-at", TYPED),
        ("guard", "--key", TYPED, "--needs", "1"),
        ("guard", "--key", "Key 1", "--needs", TYPED),
        ("guard", "--key", "Key 1", "--needs", "1", "--within", TYPED),
        ("line", "--format", "{" + TYPED + "}"),
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


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "--nagios"),
        ("check", "--format", "json"),
        ("tell",),
        ("findings",),
        ("findings", "--format", "md"),
        ("findings", "--format", "cef"),
        ("guard", "--key", "sk_live_k001", "--needs", "1"),
        ("line", "--format", "{busiest} {worst}", "--for", "tmux"),
    ],
)
def test_of_a_name_nothing_is_printed_that_a_terminal_obeys(
    account: Account, home: Path, arguments: tuple[str, ...]
) -> None:
    done = account.run(home, *arguments)
    assert "]0;x" in done.stdout or "\\u001b" in done.stdout
    assert not bad_characters(done.stdout + done.stderr)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def account(home: Path) -> Iterator[Account]:
    """A key of that name, which expires soon and has been looked at."""
    row = key_row(1, name=TYPED, expires_at="2026-11-24T00:00:00Z")
    with Account(row, usage=flat([100] * 90)) as account:
        account.show(home, "overview")
        yield account
