"""Patterns that people type: what they find, what is refused and why, and that none of them runs away."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from socd_tui.analysis.pattern import Pattern
from socd_tui.model.errors import UsageError

HOSTILE = [
    "(a+)+$",
    "(a|a)*$",
    "(a|aa)+$",
    "(.*)*x",
    "(a?){50}a{50}",
    "(x+x+)+y",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_pattern_takes_more_time_than_the_text_is_long(typed: str) -> None:
    """With an engine that goes back to try anew each of these takes years."""
    Pattern(typed).matches("a" * 255 + "!")
    Pattern(typed).matches("xa" * 128)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("PROD", "prod"),
        ("ключ", "КЛЮЧ 7"),
        ("^.$", "\U0001f600"),
        ("a.b", "a\0b"),  # which is shown as one replacement character
        ("^a.b$", "a\ud800b"),
        (r"\pL+ \d", "ключ 7"),
        (r"^\p{Cyrillic}+$", "ключ"),
        (r"(^|[^\pL])ключ([^\pL]|$)", "мой ключ"),
        (r"\bprod\b", "ключ prod 1"),
        ("(?P<team>soc)-(?:eu|us)", "SOC-EU"),
        ("\u0065\u0301t\u00e9", "été"),  # typed in another normal form
        (r"\\b", r"\b"),
    ],
)
def test_finds_names_of_every_script_in_any_case(typed: str, text: str) -> None:
    assert Pattern(typed).matches(text)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("(?=a)", "'(?=' is not known here. Look-around"),
        ("(?<!a)b", "'(?<!' is not known here. Look-around"),
        (r"(a)\1", r"'\1' is not known here. Look-around and references back"),
        ("(?P<n>a)(?P=n)", "Look-around and references back"),
        ("(?>a)", "not known here"),
        (r"a\Z", r"Write $ or \z"),
        (r"\q", r"'\q' is not known here"),
        ("(", "a ( is not closed"),
        ("a)", "a ) has no ("),
        ("[a", "a [ is not closed"),
        ("[a-", "a [ is not closed"),
        ("*a", "nothing stands before '*'"),
        ("a**", "'**' repeats a repetition"),
        ("a++", "'++' repeats a repetition"),
        ("a{1001}", "Repeat at most 1,000 times"),
        ("(a{100}){100}", "Repeat at most 1,000 times"),
        ("[z-a]", "'z-a' is no range"),
        (r"\p{Klingon}", "no range or class"),
        ("(?P<a-b>x)", "no name of a group"),
        ("a\\", "ends with a backslash"),
        ("(.?){1000}", "too large"),
        (r"\pL{100}", "too large"),
        (r"\bключ\b", r"'\b' sees no edges of words beyond ASCII. Write (^|[^\pL])"),
    ],
)
def test_what_is_refused_has_its_reason_and_another_way(typed: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        Pattern(typed)
    said = str(refused.value)
    assert words in said
    assert said.startswith("That pattern does not work: ")
    assert len(said) < 200


@example("\ud800")
@example("\0")
@given(
    st.text(max_size=40) | st.text("ab()[]{}*+?|^$.\\0123456789,-pLbBwdzPQE:<>=!\u0436\ud800", max_size=40)
)
def test_whatever_is_typed_works_or_is_refused_in_one_line(typed: str) -> None:
    try:
        Pattern(typed).matches("prod \ud800 ключ")
        said = ""
    except UsageError as refused:
        said = str(refused)
    assert "\n" not in said
    assert "b'" not in said[:30]
