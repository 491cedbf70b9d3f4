"""Answers with what is remembered of their keys, and with why those that are missing will not come."""

from __future__ import annotations

from dataclasses import replace

from socd_tui.live.preparation import Ingredients
from socd_tui.model.errors import Problem
from socd_tui.model.past import Past
from tests.fleets import NOW, fetched

CANCELLED = Problem(kind="cancelled", message="The refresh was cancelled.")


def test_only_the_past_of_listed_keys_is_taken() -> None:
    answers = fetched(NOW)
    listed, foreign = Past(), Past()
    past = {answers.keys[0].id: listed, "another account's": foreign}
    assert Ingredients(answers, past).fleet().past == {answers.keys[0].id: listed}


def test_keys_nobody_asks_for_say_why_where_they_have_neither_answer_nor_problem() -> None:
    late = Problem(kind="timeout", message="The service did not answer.")
    answers = fetched(NOW)
    key, other = answers.keys[0].id, answers.keys[1].id
    answers = replace(answers, failures={(other, 14): late})
    filled = Ingredients(answers, {}, CANCELLED, (90, 14)).fleet()
    assert filled.failure(key, 14) == replace(CANCELLED, key_id=key)
    assert filled.failure(key, 90) is None
    assert filled.failure(other, 14) == late
    assert filled.usages == answers.usages


def test_keys_that_are_waited_for_have_no_problem() -> None:
    assert Ingredients(fetched(NOW), {}, None, (14,)).fleet().failures == {}
