"""Keys that are missing, cannot be used or answer with an error: what a person sees of it, and a script."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.account import KEYS, Account, Json, answered, flat, key_id, key_row
from tests.clock import Clock
from tests.journeys.stage import visit
from tests.loopback import Request, answer_json, in_turn, refuse

pytestmark = pytest.mark.anyio

INCOMPLETE = "incomplete: 3 of 7 keys"
THREE = [key_row(1), key_row(2), key_row(3)]
DOWN = {"error": {"code": "internal", "message": "analytics backend down", "request_id": "r9"}}


async def test_keys_that_are_missing_are_told_on_the_screen(tmp_path: Path) -> None:
    with Account(*THREE, listed={"data": THREE, "meta": {"total": 7}}) as account:
        async with visit(account, tmp_path, clock=Clock(), days=7) as person:
            assert INCOMPLETE in person.head
            assert "the 3 keys listed" in person.lines[0]
            await person.press("7")
            await person.shows("Bill", INCOMPLETE)
            await person.resize(60, 20)
            assert INCOMPLETE in person.head


@pytest.mark.parametrize("format_", ["table", "json", "csv", "md"])
@pytest.mark.parametrize("view", ["overview", "bill"])
def test_keys_that_are_missing_are_told_in_every_format(tmp_path: Path, view: str, format_: str) -> None:
    with Account(*THREE, listed={"data": THREE, "meta": {"total": 7}}) as account:
        done = account.show(tmp_path, view, "--format", format_)
        keys = account.run(tmp_path, "keys", "--format", format_)
    for printed in (done, keys):
        assert INCOMPLETE in (printed.stderr if format_ == "csv" else printed.stdout)
        assert INCOMPLETE in printed.stderr
    assert done.returncode == 0


def test_the_problem_of_the_list_is_a_problem_of_the_document(tmp_path: Path) -> None:
    with Account(*THREE, listed={"data": THREE, "meta": {"total": 7}}) as account:
        document = account.document(tmp_path, "overview")
    (problem,) = document["problems"]
    assert (problem["key_id"], problem["kind"]) == (None, "incomplete_list")
    assert INCOMPLETE in problem["message"]


def test_further_pages_are_asked_for(tmp_path: Path) -> None:
    """By a cursor, then by a path of the service, at last by an address elsewhere, which is told instead."""

    def list_(request: Request) -> None:
        page = request.query.get("cursor") or request.query.get("page")
        pages: dict[str | None, Json] = {
            None: {"data": [key_row(1)], "meta": {"next_cursor": "a/b=", "has_more": True}},
            "a/b=": {"data": [key_row(2)], "links": {"next": "/api/v1/keys?page=3"}},
            "3": {"data": [key_row(3)], "next": "https://other.example/api/v1/keys?page=4"},
        }
        answered(pages[page], request)

    with Account(*THREE, listed=list_) as account:
        document = account.document(tmp_path, "overview")
    assert [row["key_id"] for row in document["data"]["rows"]] == [key_id(1), key_id(2), key_id(3)]
    (problem,) = document["problems"]
    assert problem["message"] == "The list of keys is incomplete: 3 keys, and the service has more."
    assert "another address" in problem["next_step"]
    lists = [target for target in account.asked() if target.partition("?")[0] == KEYS]
    assert lists == [KEYS, f"{KEYS}?cursor=a%2Fb%3D", f"{KEYS}?page=3"]


async def test_ids_that_cannot_be_used_are_not_an_account_without_keys(tmp_path: Path) -> None:
    odd = [key_row(1, id=17), key_row(2, id="key_2VfabcDEF")]
    told = "2 of 2 keys in the list have ids that this program cannot use"
    with Account(listed={"data": odd, "meta": {"total": 2}}) as account:
        async with visit(account, tmp_path, clock=Clock(), days=7) as person:
            assert told in person.head
            assert told in "\n".join(person.pane)
            assert "no API keys" not in person.text
            assert "Make one" not in person.text
        shown = await asyncio.to_thread(account.show, tmp_path, "overview")
        assert told in shown.stderr


async def test_an_account_without_keys_is_told_how_to_make_one(tmp_path: Path) -> None:
    with Account(listed={"data": []}) as account:
        async with visit(account, tmp_path, clock=Clock(), days=7) as person:
            await person.shows("This account has no API keys.", "Make one")


async def test_an_emptied_list_keeps_the_keys_and_says_so(tmp_path: Path) -> None:
    with Account(key_row(1), key_row(2)) as account:
        async with visit(account, tmp_path, clock=Clock(), days=7) as person:
            account.listed = {"data": []}
            await person.press("r")
            await person.rests()
            assert "The service listed no keys; the 2 keys known before are still shown." in person.head
            assert "700" in person.row("Key 1")


def test_an_error_in_place_of_figures_is_that_keys_failure(tmp_path: Path) -> None:
    said = {"error": {"code": "unauthenticated", "message": "Session expired, please sign in"}}
    with Account(key_row(1), key_row(2), usages={key_id(1): said}) as account:
        done = account.show(tmp_path, "overview")
        document = account.document(tmp_path, "overview")
    assert done.returncode == 6
    assert "Session expired, please sign in" in done.stderr
    assert "1 of 2 keys" in done.stdout
    assert [(row["key_id"], row["requests"]) for row in document["data"]["rows"]] == [
        (key_id(1), None),
        (key_id(2), 700),
    ]
    (problem,) = document["problems"]
    assert problem["key_id"] == key_id(1)
    assert "Session expired, please sign in" in problem["message"]


async def test_good_figures_stay_and_are_stale_while_an_error_comes_in_place_of_newer_ones(
    tmp_path: Path,
) -> None:
    usage = in_turn(answer_json({"data": flat()}), answer_json({"data": flat()}), answer_json(DOWN))
    with Account(key_row(1), key_row(2), usages={key_id(1): usage}) as account:
        async with visit(account, tmp_path, clock=Clock(), days=7) as person:
            account.usages[key_id(1)] = answer_json(DOWN)
            await person.press("r")
            await person.rests()
            assert "700" in person.row("Key 1")
            await person.shows("stale: The service answered with an error in place of data (200).")


async def test_an_answer_that_is_not_ready_is_asked_for_again(tmp_path: Path) -> None:
    pending = refuse(202, "pending", "working on it", {"Retry-After": "1"})
    with Account(key_row(), usage=in_turn(pending, answer_json(flat()))) as account:
        async with visit(account, tmp_path, clock=Clock(), days=7) as person:
            assert "700" in person.row("Key 1")


def test_without_a_screen_what_was_known_last_stands_in_for_what_fails(tmp_path: Path) -> None:
    with Account(key_row(1), key_row(2)) as account:
        account.document(tmp_path, "overview")
        account.usages[key_id(1)] = answer_json(DOWN)
        done = account.show(tmp_path, "overview")
        document = account.document(tmp_path, "overview")
    assert done.returncode == 6
    assert "stale: The service answered with an error in place of data (200)." in done.stdout
    assert "analytics backend down" in done.stderr
    assert [row["requests"] for row in document["data"]["rows"]] == [700, 700]
    assert document["source"]["mode"] == "live"
    assert [problem["key_id"] for problem in document["problems"]] == [key_id(1)]
