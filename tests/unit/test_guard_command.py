"""`socd-tui guard`: go, not now, or not to be told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.account import Account, flat, key_id, key_row
from tests.loopback import refuse


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """A key with 100 requests a day of 1,000, one at its limit, one that is lost."""
    keys = [key_row(n, rate_limit_per_day=1000, rate_limit_per_minute=100) for n in (1, 2, 3)]
    usages = {
        key_id(1): flat([100] * 7, rate_limit_peak_per_day=200),
        key_id(2): flat([1000] * 7, rate_limit_peak_per_day=1000),
        key_id(3): refuse(404, "not_found", "No such key"),
    }
    with Account(*keys, usages=usages) as account:  # type: ignore[arg-type]
        yield account


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["--key", "Key 1", "--needs", "500"],
            0,
            "go: 'Key 1#k001' may make 500 requests in 30m, 16.7 a minute",
        ),
        (["--key", "Key 1", "--needs", "1", "--within", "1h"], 0, "1 request in 1h, 0.1 a minute"),
        (["--key", "Key 1", "--needs", "500", "--within", "2m"], 3, "spread over 6m it may start now"),
        (["--key", "Key 2", "--needs", "1"], 3, "as of 1,000 a day 0 are left; no moment can be told"),
        (["--key", "Key 2", "--needs", "600", "--within", "1m"], 3, "0 are left; no moment can be told"),
        (["--key", "Key 1", "--needs", "2500"], 3, "as 1,000 a day are allowed; it takes 3d at least"),
        (["--key", "Key 3", "--needs", "1"], 6, "cannot be told, as The service has nothing at that address"),
    ],
)
def test_the_exit_code_is_the_answer(
    account: Account, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    done = account.run(tmp_path, "guard", *arguments)
    assert (done.returncode, done.stderr) == (code, "")
    assert said in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--key", "Key 1"],
        ["--needs", "5"],
        ["--key", "Key 1", "--key", "Key 2", "--needs", "5"],
        ["--key", "Kye 1", "--needs", "5"],
        *(["--key", "Key 1", "--needs", needs] for needs in ("0", "-1", "x", "1.5", "9" * 20)),
        ["--key", "Key 1", "--needs", "5", "--within", "30"],
        ["--key", "Key 1", "--needs", "5", "--days", "3"],
    ],
)
def test_what_is_typed_wrong_is_2(account: Account, tmp_path: Path, arguments: list[str]) -> None:
    done = account.run(tmp_path, "guard", *arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_the_document_has_every_figure(account: Account, tmp_path: Path) -> None:
    done = account.run(tmp_path, "guard", "--key", "Key 1", "--needs", "1,500", "--format", "json")
    document = json.loads(done.stdout)
    assert document["schema"] == "socd-tui/guard/1"
    assert (document["answer"], document["exit_code"], done.returncode) == ("no", 3, 3)
    assert (document["needs"], document["within_s"]) == (1500, 1800)
    assert document["used_24h"] == {"least": 100, "most": 200}
    assert document["day"] == {"limit": 1000, "limit_source": "key"}
    assert document["most_per_minute"] == 26.5
    assert document["confidence"]["used_24h"] == "derived"


def test_a_service_that_fails_cannot_tell(tmp_path: Path) -> None:
    with Account(key_row(1), usage=flat()) as account:
        account.behaviours["/api/v1/keys"] = refuse(403, "forbidden", "no")
        done = account.run(tmp_path, "guard", "--key", "Key 1", "--needs", "5")
        arguments = ["guard", "--key", "Key 1", "--needs", "5", "--format", "json"]
        document = json.loads(account.run(tmp_path, *arguments).stdout)
    assert done.returncode == 6
    assert done.stdout.startswith("unknown: ")
    assert (document["answer"], document["exit_code"], document["most_per_minute"]) == ("unknown", 6, None)
