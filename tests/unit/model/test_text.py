"""Foreign text made inert, and cut to columns: for any string whatever."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from socd_tui.model.text import (
    MAX_CODE_POINTS,
    MAX_MARKS,
    REPLACEMENT,
    Text,
    cell_width,
    clip,
    clip_middle,
    clip_name,
    counted,
    decoded,
    folded,
    inert,
    is_harmless,
    quoted,
    sentence,
)

# Code points of every category alike, and more of those that tricks are made of.
TRICKS = (
    "\x1b\x00\x07\x9b\u202e\u2066\u200b\u200d\ufe0f\ufeff\U000e0041\u2028\ud800\ue000\u0301\u0489\u0903"
    "\u0b3e\u0b47\u1160\u1161\u11a8\u3164\uffa0\u302e\U0001d160\U0001f3fd\U0001f44d\U0001f1e9"
    "\u4e2d\u4dc0\u0915\u1112\u212b\ufb1de#[/…"
)
characters = st.characters() | st.characters(categories=["Cs"]) | st.sampled_from(TRICKS)
strings = st.text(characters, max_size=40)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

Clip = Callable[[str, int], str]
each_clip = pytest.mark.parametrize("clipped", [clip, clip_middle, clip_name])


@given(strings)
@example("".join(map(chr, range(0x300))))
def test_nothing_a_terminal_obeys_and_nothing_invisible_is_shown(original: str) -> None:
    assert {unicodedata.category(char) for char in inert(original)}.isdisjoint(HIDDEN)


@given(strings)
@example("e\u200d\u0301")
@example("\ufb1d" * 256)
@example("a\u0300\u0301\u0302\u0300")
def test_what_is_inert_stays_as_it_is(original: str) -> None:
    once = inert(original)
    assert inert(once) == once


@given(strings)
@example("e" + "\u0301" * 200)
@example("\u0915" + "\u0903" * 200)
@example("\u1100" + "\u1161" * 200)
def test_no_character_carries_more_than_two_marks_of_a_kind(original: str) -> None:
    stacked = spacing = 0
    for char in inert(original):
        if unicodedata.category(char) == "Mc":
            spacing += 1
        elif cell_width(char) == 0:
            stacked += 1
        else:
            stacked = spacing = 0
        assert max(stacked, spacing) <= MAX_MARKS


@given(st.text(characters, max_size=600))
def test_a_text_of_any_length_is_shown_short(original: str) -> None:
    assert len(inert(original)) <= MAX_CODE_POINTS


@given(strings)
def test_columns_are_counted_as_the_toolkit_counts_them(original: str) -> None:
    shown = inert(original)
    assert cell_width(shown) == cell_len(shown)


def test_every_single_code_point_has_the_width_the_toolkit_gives_it() -> None:
    # Planes 4 to 13 are unassigned, 15 and 16 private: one sample each.
    points = chain(range(0x40000), range(0x40000, 0x110000, 0x1000), range(0xE0000, 0xE0200))
    shown = (inert(f"a{chr(point)}") for point in points)
    assert [ascii(text) for text in shown if cell_width(text) != cell_len(text)] == []


@pytest.mark.parametrize(
    "name",
    [
        "Production SIEM",
        "ज़िंदगी",
        "Tiếng Việt",
        "日本語",
        "한국어",
        "שָׁלוֹם",
        "ภาษาไทย",
        "العربيَّة",
        "Ωμέγα",
        "a  b",
        "[/b] $(id)",
    ],
)
def test_names_in_living_languages_are_shown_unchanged(name: str) -> None:
    assert inert(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("original", "shown"),
    [
        ("\x1b]52;c;eA==\x07", f"{REPLACEMENT}]52;c;eA=={REPLACEMENT}"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("zero\u200bwidth", "zerowidth"),
        ("two\nlines", f"two{REPLACEMENT}lines"),
        ("\ud83d", REPLACEMENT),
        ("\u2764\ufe0f", "\u2764"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        ("\u3164", ""),
        ("e\u0301", "é"),
    ],
    ids=ascii,
)
def test_a_trick_is_shown_as_what_it_is(original: str, shown: str) -> None:
    assert inert(original) == shown


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0xFE00, 0xFE0F),
        (0xE0100, 0xE01EF),
        (0x1F3FB, 0x1F3FF),
        (0x034F, 0x034F),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x115F, 0x1160),
        (0x3164, 0x3164),
        (0xFFA0, 0xFFA0),
    ],
    ids=hex,
)
def test_what_shows_nothing_is_dropped_and_its_neighbours_are_not(first: int, last: int) -> None:
    assert {inert(f"a{chr(point)}") for point in range(first, last + 1)} == {"a"}
    assert inert(f"a{chr(first - 1)}") != "a"
    assert inert(f"a{chr(last + 1)}") != "a"


def test_two_marks_of_each_kind_stay_on_a_letter_and_the_next_letter_has_its_own() -> None:
    assert inert("q\u0301\u0301\u0301\u0301q\u0301") == "q\u0301\u0301q\u0301"
    assert inert("\u0915" + "\u0903" * 2 + "\u0301" * 3) == "\u0915" + "\u0903" * 2 + "\u0301" * 2


@pytest.mark.parametrize("char", ["x", "é", "\u202ex", "\x00"])
def test_256_code_points_are_shown_of_a_name_and_4000_of_a_sentence(char: str) -> None:
    kept = len(inert(char))
    assert len(inert(char * 5_000)) == 256 * kept // len(char)
    assert len(sentence(char * 5_000)) == 4_000 * kept // len(char)
    assert len(inert(char * 5_000, 10)) == 10 * kept // len(char)


def test_a_quote_in_a_quoted_text_does_not_end_it() -> None:
    assert quoted("it's") == "'it’s'"


def test_what_was_typed_finds_what_is_shown_in_any_case_and_with_any_blanks() -> None:
    assert folded("  Two   WORDS ") == folded("two words") == "two words"
    assert folded("STRASSE") == folded("Straße") == "strasse"
    assert folded("CAFE\u0301") == folded("Café") == "café"
    assert folded("a\u202eb") == "ab"
    assert folded("Ωμέγα") == folded("ΩΜΈΓΑ")


def test_what_a_terminal_may_get_is_told_apart_character_by_character() -> None:
    assert all(map(is_harmless, "aé中\u0301\u0903\ufffd"))
    assert not any(map(is_harmless, "\x1b\u202e\ud800\ufe0f\u2028\ue000"))


def test_the_original_is_kept_beside_what_is_shown() -> None:
    text = Text("a\x1b[31m\u202eb")
    assert text.original == "a\x1b[31m\u202eb"
    assert str(text) == text.shown == f"a{REPLACEMENT}[31mb"
    assert text == Text(text.original) != Text(text.shown)


@each_clip
@given(original=strings, width=st.integers(-2, 50))
def test_a_cut_text_never_takes_more_columns_than_it_may(clipped: Clip, original: str, width: int) -> None:
    assert cell_width(clipped(inert(original), width)) <= max(width, 0)


@each_clip
@given(original=strings, room=st.integers(0, 9))
def test_a_text_that_fits_is_not_cut(clipped: Clip, original: str, room: int) -> None:
    shown = inert(original)
    assert clipped(shown, cell_width(shown) + room) == shown


@each_clip
@given(original=strings, width=st.integers(1, 50))
def test_a_cut_shows_that_something_was_lost(clipped: Clip, original: str, width: int) -> None:
    shown = inert(original)
    cut = clipped(shown, width)
    assert cut == shown or "…" in cut


@given(original=strings, width=st.integers(0, 50))
@example(original="q\u0301" * 6, width=4)
def test_what_a_cut_leaves_of_the_end_begins_with_a_base(original: str, width: int) -> None:
    cut = clip_middle(inert(original), width)
    _, mark, tail = cut.rpartition("…")
    assert not mark or "…" in original or not tail or cell_width(tail[0]) > 0


@pytest.mark.parametrize(
    ("cut", "shown"),
    [
        (clip("/api/v1/articles", 9), "/api/v1/…"),
        (clip("日本語", 5), "日本…"),
        (clip("日本語", 4), "日…"),
        (clip("abc", 2, ellipsis="..."), ".."),
        (clip("abc", 0), ""),
        (clip_middle("/api/v1/articles", 9), "/api…cles"),
        (clip_middle("/api/v1/articles", 8), "/ap…cles"),
        (clip_middle("/api/v1/articles", 2), "/…"),
        (clip_middle("/api/v1/articles", 3), "/…s"),
        (clip_middle("日本語日本語", 6), "日…語"),
        (clip("abc", 1), "…"),
        (clip("abc", -1), ""),
        (clip_name("Production SIEM#zIc8", 7), "P…#zIc8"),
        (clip_name("Production SIEM#zIc8", 12), "Produc…#zIc8"),
        (clip_name("Production SIEM#zIc8", 6), "Produ…"),
        (clip_name("Production SIEM", 8), "Product…"),
    ],
)
def test_a_cut_keeps_the_part_that_tells_things_apart(cut: str, shown: str) -> None:
    assert cut == shown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_is_read_in_the_encoding_it_was_saved_in(encoding: str) -> None:
    for text in ("sb-access-token=opaque", "Caf\u00e9 = 1\r\n" * 3000):
        assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_known_by_its_many_zeros(encoding: str) -> None:
    for text in ("a" * 7 + "\u4e2d" * 3, "a" * 3_000 + "\u4e2d" * 6_000):
        assert decoded(text.encode(encoding)) == text


def test_a_few_zeros_do_not_make_it_utf_16() -> None:
    for data in (b"a\0b", b"abc\0def\0ghi\0", b"abc" * 2000 + bytes(8_000)):
        assert decoded(data) == data.decode()


def test_bytes_in_no_known_encoding_become_replacement_characters() -> None:
    assert decoded(b"a\xff\xfe") == "a\ufffd\ufffd"
    assert decoded(b"") == ""


def test_one_of_a_kind_is_not_called_several() -> None:
    assert [counted(n, "key") for n in (0, 1, 2, 1234)] == ["0 keys", "1 key", "2 keys", "1,234 keys"]
