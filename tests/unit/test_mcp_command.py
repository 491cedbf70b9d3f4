"""`socd-tui mcp`: an assistant asks, and burns nothing by asking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.account import Account, flat, key_id, key_row
from tests.command import Done, ran
from tests.terminal.pseudo import environment


def asked(account: Account, home: Path, *calls: tuple[str, dict[str, object]]) -> tuple[Done, list[Any]]:
    """What it did, and what each call was answered: the document, or the sentence of what failed."""
    lines = [
        json.dumps(
            {"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": {"name": name, "arguments": given}}
        )
        for n, (name, given) in enumerate(calls)
    ]
    environ = environment(home, SOCD_BASE_URL=account.base_url, SOCD_SESSION_TOKEN=account.token)
    done = ran(environ, "mcp", given="\n".join(lines))
    results = [json.loads(line)["result"] for line in done.stdout.splitlines()]
    texts = [result["content"][0]["text"] for result in results]
    failed = [result["isError"] for result in results]
    return done, [text if bad else json.loads(text) for text, bad in zip(texts, failed, strict=True)]


def test_each_tool_answers_with_the_document_of_its_view_and_what_was_read_is_kept_a_minute(
    tmp_path: Path,
) -> None:
    with Account(key_row(1), key_row(2), usage=flat([100] * 90)) as account:
        done, documents = asked(
            account,
            tmp_path,
            ("usage_overview", {}),
            ("usage_key", {"key": "Key 1"}),
            ("usage_series", {"keys": ["Key 2"]}),
            ("usage_budget", {}),
            ("usage_bill", {}),
            ("usage_findings", {}),
            ("usage_overview", {}),
        )
        requests = account.asked("/usage")
    assert (done.returncode, done.stderr) == (0, "")
    assert [document.get("view", document["schema"]) for document in documents] == [
        "overview", "key", "series", "budget", "bill", "socd-tui/findings/1", "overview",
    ]  # fmt: skip
    assert [key["name"] for key in documents[1]["keys"]] == ["Key 1"]
    assert sum(day["requests"] for day in documents[2]["data"]["days"]) == 9_000
    assert len(requests) == len(set(requests))


def test_it_says_what_stands_in_the_way_and_goes_on(tmp_path: Path) -> None:
    with Account(key_row(1), usage=flat([100] * 90)) as account:
        done, [unknown, known] = asked(
            account, tmp_path, ("usage_key", {"key": "Kye 1"}), ("usage_key", {"key": key_id(1)})
        )
    assert done.returncode == 0
    assert "Kye 1" in unknown
    assert known["view"] == "key"


def test_without_a_session_every_answer_says_so(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "method": "tools/call", "params": {"name": "usage_bill"}})
    done = ran(environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9"), "mcp", given=line)
    said = json.loads(done.stdout)["result"]
    assert said["isError"]
    assert said["content"][0]["text"].startswith("You are not signed in")


def test_a_message_that_is_too_long_is_refused_and_the_next_one_answered(tmp_path: Path) -> None:
    given = '{"id": 1, "method": "' + "x" * 3_000_000 + '"}\n\n{"id": 2, "method": "ping"}'
    done = ran(environment(tmp_path), "mcp", given=given)
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["error"]["message"] == "A message is at most 1,048,576 bytes."
    assert second == {"jsonrpc": "2.0", "id": 2, "result": {}}
