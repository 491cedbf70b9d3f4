"""Keys that are called the same are told apart by as much of their ids as it takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.charts.canvas import Canvas
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey, told_apart
from socd_tui.model.lens import Lens
from socd_tui.model.select import select
from socd_tui.model.text import Text
from socd_tui.views.parts.names import label
from tests.build import drawn, endpoints, fleet, key, usage

REST = "-0000-4000-8000-000000000000"
OTHER = "-0000-4000-9000-000000000000"


def notebooks(*ids: str, prefix: str = "sk_live_test") -> list[ApiKey]:
    return [key("notebook", key_id=each, prefix=prefix) for each in ids]


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        (["a-0001", "a-0002"], ["0001", "0002"]),
        ([f"1111aaaa{REST}", f"2222bbbb{REST}"], ["1111aaaa", "2222bbbb"]),
        (["11111111-1111-aaaa0000", "11111111-2222-bbbb0000"], ["aaaa0000", "bbbb0000"]),
        ([f"11111111{REST}", f"11111111{OTHER}"], [f"11111111{REST}", f"11111111{OTHER}"]),
    ],
)
def test_namesakes_with_one_prefix_are_told_apart_by_their_ids(ids: list[str], shown: list[str]) -> None:
    keys = Fleet(keys=tuple(notebooks(*ids))).keys
    assert [label(each) for each in keys] == [f"notebook#{mark}" for mark in shown]
    for each in keys:
        assert select(keys, [label(each)]) == [each]


def test_no_other_key_is_called_anything_else_for_it() -> None:
    other, twin = key("Other", prefix="sk_live_test"), key("notebook", key_id="x", prefix="sk_live_0001")
    keys = told_apart([*notebooks("a-0001", "a-0002"), other, twin])
    assert label(keys[2]) == "Other#test"
    assert label(keys[3]) == "notebook#0001"
    assert len({label(each) for each in keys}) == 4


def test_a_key_that_is_alone_again_is_called_as_before() -> None:
    keys = told_apart(notebooks("a-0001", "a-0002"))
    assert [label(each) for each in told_apart(keys[:1])] == ["notebook#test"]


def test_keys_that_are_told_apart_already_stay_what_they_are() -> None:
    keys = told_apart([*notebooks("a-0001", "a-0002"), key("Other")])
    assert all(after is before for after, before in zip(told_apart(keys), keys, strict=True))


@given(
    st.lists(st.text("0123-", min_size=1, max_size=14), unique=True, max_size=8),
    st.sampled_from(["", "sk_live_0", "x"]),
)
def test_no_two_keys_are_called_the_same(ids: list[str], prefix: str) -> None:
    keys = told_apart([*notebooks(*ids, prefix=prefix), key("notebook", key_id="z0", prefix="sk_live_0123")])
    assert len({label(each) for each in keys}) == len(keys)


@pytest.mark.parametrize("view", ["overview", "budget", "bill", "endpoints"])
@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_both_are_named_on_the_screen(view: str, width: int) -> None:
    keys = notebooks("a-0001", "a-0002")
    path = {Text("/api/v1/iocs"): 5}
    answers = [usage(each.id, requests=5, endpoints=endpoints(path)) for each in keys]
    lens = Lens(view=view, marked=frozenset(each.id for each in keys) if view == "endpoints" else frozenset())
    picture = drawn(fleet(*answers, keys=keys), lens, Canvas(width, 24))
    assert "#0001" in picture
    assert "#0002" in picture
