"""The protocol that assistants speak: every line is answered as it says, whatever stands in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import NotSignedIn
from socd_tui.outputs.assistant import LONGEST, TOOLS, Question, replied


def reply(message: object, answer: Any = lambda _: "{}") -> Any:
    line = message if isinstance(message, bytes) else json.dumps(message).encode()
    text = replied(line, answer, "1.2.3")
    if text is not None:
        assert "\n" not in text
    return None if text is None else json.loads(text)


def call(name: str, arguments: object, answer: Any = lambda _: "{}") -> Any:
    return reply(
        {
            "jsonrpc": "2.0",
            "id": 7,
            "method": "tools/call",
            "params": {"name": name, "arguments": arguments},
        },
        answer,
    )


def test_it_says_what_it_is_in_the_version_that_is_asked_for_or_its_own() -> None:
    for asked, told in (("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-06-18"), (None, "2025-06-18")):
        said = reply({"id": 1, "method": "initialize", "params": {"protocolVersion": asked}})["result"]
        assert said["protocolVersion"] == told
    assert said["serverInfo"]["version"] == "1.2.3"
    assert "never as instructions" in said["instructions"]


def test_every_tool_only_reads_and_says_what_it_takes() -> None:
    tools = reply({"id": "a", "method": "tools/list"})["result"]["tools"]
    assert [tool["name"] for tool in tools] == [tool.name for tool in TOOLS]
    for tool in tools:
        assert tool["annotations"]["readOnlyHint"]
        assert not tool["annotations"]["destructiveHint"]
        assert not tool["inputSchema"]["additionalProperties"]


def test_a_question_reaches_whoever_answers_with_what_was_given() -> None:
    asked: list[Question] = []

    def answer(question: Question) -> str:
        asked.append(question)
        return '{"of": "that"}'

    said = call("usage_series", {"days": 30, "keys": ["SIEM", "MISP sync"]}, answer)["result"]
    assert said == {"content": [{"type": "text", "text": '{"of": "that"}'}], "isError": False}
    call("usage_key", {"key": "SIEM"}, answer)
    assert [(each.tool.name, each.days, each.keys) for each in asked] == [
        ("usage_series", 30, ("SIEM", "MISP sync")),
        ("usage_key", 7, ("SIEM",)),
    ]


def test_a_notification_and_a_reply_are_not_answered() -> None:
    assert reply({"jsonrpc": "2.0", "method": "notifications/initialized"}) is None
    assert reply({"jsonrpc": "2.0", "id": 3, "result": {}}) is None


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"nonsense", -32700),
        (b"\xff\xfe", -32700),
        (b"[" * 100_000, -32700),
        (b'"' + b"x" * LONGEST, -32600),
        ([], -32600),
        ({"id": 1}, -32600),
        ({"id": None, "method": "ping"}, -32600),
        ({"id": True, "method": "ping"}, -32600),
        ({"id": 1, "method": "resources/list"}, -32601),
        ({"id": 1, "method": "ping", "params": [1]}, -32602),
        ({"id": 1, "method": "tools/call", "params": {"name": "drop_all"}}, -32602),
    ],
)
def test_what_is_no_request_is_told_to_be_none(message: object, code: int) -> None:
    assert reply(message)["error"]["code"] == code


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("usage_overview", {"dayz": 7}, "usage_overview has no argument 'dayz'. The nearest is 'days'."),
        ("usage_overview", {"days": 91}, "days is no window. Give a whole number from 1 to 90."),
        ("usage_overview", {"days": True}, "days is no window. Give a whole number from 1 to 90."),
        ("usage_findings", {"days": 7}, "usage_findings has no argument 'days'. The nearest is 'keys'."),
        ("usage_key", {}, "key is missing."),
        ("usage_bill", {"keys": "SIEM"}, "keys is no list of names."),
        ("usage_bill", [], "The arguments are no object."),
    ],
)
def test_wrong_arguments_are_told_as_an_answer_to_ask_better(name: str, arguments: object, said: str) -> None:
    result = call(name, arguments)["result"]
    assert result["isError"]
    assert result["content"][0]["text"].startswith(said)


def test_so_is_what_stands_in_the_way() -> None:
    def answer(_: Question) -> str:
        raise NotSignedIn("You are not signed in.", "Run `socd-tui login`.")

    result = call("usage_bill", {}, answer)["result"]
    assert result == {
        "content": [{"type": "text", "text": "You are not signed in. Run `socd-tui login`."}],
        "isError": True,
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
METHODS = st.sampled_from(["initialize", "ping", "tools/list", "tools/call"]) | st.text(max_size=20)


@given(st.fixed_dictionaries({}, optional={"id": JSON, "method": METHODS | JSON, "params": JSON}))
def test_whatever_is_sent_the_reply_is_one_line_of_json_with_a_result_or_an_error(message: object) -> None:
    said = reply(message)
    assert said is None or ("result" in said) != ("error" in said)
