"""Names that can be taken for each other, and keys that are told apart all the same."""

from __future__ import annotations

import pytest

from socd_tui.model.alike import appearance
from socd_tui.model.key import told_apart
from tests.build import key


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Production", "Prоduсtiоn"),  # Cyrillic о and с
        ("PROD", "ΡROD"),  # Greek Ρ
        ("prod-eu", "prod\u2013eu"),
        ("prod", "prod\u0301"),
        ("prod1", "prodl"),
        ("O365", "0365"),
        ("prod eu", "prod  eu"),
        ("prod", "ｐｒｏｄ"),
        ("a service account for the east", "a service account for the west"),
    ],
)
def test_names_that_look_alike_have_the_same_appearance(name: str, other: str) -> None:
    assert appearance(name) == appearance(other)


@pytest.mark.parametrize(
    ("name", "other"), [("prod", "Prod"), ("prod", "dev"), ("ключ", "ключи"), ("東京", "京東")]
)
def test_names_that_an_eye_tells_apart_have_not(name: str, other: str) -> None:
    assert appearance(name) != appearance(other)


def test_keys_that_look_alike_have_different_short_ids() -> None:
    keys = told_apart(
        [
            key("Prod", key_id="id-0001", prefix="sk_live_••"),
            key("Prоd", key_id="id-0002", prefix="sk_live_••"),
        ]
    )
    assert keys[0].short != keys[1].short
