"""Finding one of many by a part of its name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.go_to import Candidate, Finder
from socd_tui.model.text import folded

NAMES = {
    "Splunk forwarder staging": 1_858,
    "Elastic ingest staging": 5_471,
    "Ticket enrichment": 1_415,
    "MISP sync": 25_157,
    "SOAR enrichment": 14_469,
    "Straße": 3,
}


def finder(names: dict[str, int] = NAMES) -> Finder[str]:
    return Finder(
        Candidate(name=name, place=name, kind="key", weight=weight, also=f"sk_{weight}")
        for name, weight in names.items()
    )


def found(typed: str, recent: tuple[str, ...] = ()) -> list[str]:
    return [each.name for each in finder().find(typed, 100, recent).best]


def test_a_part_of_the_name_is_enough_and_the_most_used_comes_first() -> None:
    assert found("stag") == ["Elastic ingest staging", "Splunk forwarder staging"]
    assert found("enr") == ["SOAR enrichment", "Ticket enrichment"]
    assert found("STRASSE") == ["Straße"]


def test_words_may_come_in_any_order_and_letters_with_others_between() -> None:
    assert found("staging splunk") == ["Splunk forwarder staging"]
    assert found("fwdr") == ["Splunk forwarder staging"]
    assert found("staging misp") == []


def test_the_beginning_of_a_word_comes_before_its_middle_and_scattered_letters() -> None:
    assert found("s")[:2] == ["MISP sync", "SOAR enrichment"]
    assert found("tic") == ["Ticket enrichment", "Elastic ingest staging"]


def test_synonyms_find_it_after_names() -> None:
    assert found("sk_25157") == ["MISP sync"]
    assert sorted(found("key")) == sorted(NAMES)


def test_what_was_chosen_lately_comes_first_among_what_fits_as_well() -> None:
    assert found("stag", ("Splunk forwarder staging",))[0] == "Splunk forwarder staging"
    assert found("", ("Straße", "MISP sync"))[:3] == ["Straße", "MISP sync", "SOAR enrichment"]
    assert found("tic", ("Elastic ingest staging",))[0] == "Ticket enrichment"


def test_at_most_so_many_are_given_and_all_are_counted() -> None:
    answer = finder().find("", 2)
    assert [each.name for each in answer.best] == ["MISP sync", "SOAR enrichment"]
    assert answer.count == len(NAMES)


words = st.text("abc d", max_size=8)
names = st.dictionaries(st.text("abc dE-", min_size=1, max_size=12), st.integers(0, 9), max_size=12)


@given(names, words)
def test_all_letters_typed_are_in_what_is_found_in_their_order(
    given_names: dict[str, int], typed: str
) -> None:
    for each in finder(given_names).find(typed, 100).best:
        for word in folded(typed).split():
            letters = iter(folded(each.name))
            assert all(char in letters for char in word) or word in f"key {each.also}"


@given(names, words)
def test_every_name_that_holds_all_words_is_found(given_names: dict[str, int], typed: str) -> None:
    answer = finder(given_names).find(typed, 100)
    assert answer.count == len(answer.best) == len({each.place for each in answer.best})
    for name in given_names:
        if all(word in folded(name) for word in folded(typed).split()):
            assert name in [each.name for each in answer.best]


@given(names, words, st.sampled_from("abcd"))
def test_one_more_letter_finds_no_more(given_names: dict[str, int], typed: str, letter: str) -> None:
    before = {each.place for each in finder(given_names).find(typed, 100).best}
    assert {each.place for each in finder(given_names).find(typed + letter, 100).best} <= before


@given(names.filter(bool), st.data())
def test_a_whole_name_comes_first(given_names: dict[str, int], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(given_names)))
    if folded(name):
        best = finder(given_names).find(name, 1).best[0]
        assert folded(best.name) == folded(name)
