"""The list and detail payloads made into keys: whatever is odd costs one key at most, and is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from socd_tui.model.errors import Malformed
from socd_tui.model.key import UNLIMITED, ApiKey, Limit
from socd_tui.model.text import Text
from socd_tui.service.wire_keys import read_detail, read_keys
from tests.documented import DETAIL, KEY_ID, LIST, NOW, OTHER_ID, Json

BARE = ApiKey(id=KEY_ID, name=Text("(no name)"), prefix=Text(""))


def listed(*rows: object, **meta: object) -> tuple[tuple[ApiKey, ...], list[str]]:
    found = read_keys({"data": list(rows), "meta": meta})
    assert {problem.kind for problem in found.problems} <= {"incomplete_list", "unusable_ids"}
    assert {problem.key_id for problem in found.problems} <= {None}
    return found.keys, [problem.message for problem in found.problems]


def one(**fields: object) -> ApiKey:
    [key], problems = listed({"id": KEY_ID, **fields})
    assert problems == []
    return key


def test_the_documented_list_is_two_keys_in_its_order_with_every_fact() -> None:
    found = read_keys(LIST)
    siem, dev = found.keys
    assert found.problems == ()
    assert siem == ApiKey(
        id=KEY_ID,
        name=Text("Production SIEM"),
        prefix=Text("sk_live_zIc8"),
        tier=Text("pro"),
        scopes=tuple(map(Text, ("read:iocs", "read:articles", "read:articles:export", "read:stix"))),
        lifetime_requests=142587,
        created_at=datetime(2026, 1, 15, 10, tzinfo=UTC),
        last_used_at=datetime(2026, 5, 17, 9, 42, 11, tzinfo=UTC),
    )
    assert (dev.id, dev.name, dev.lifetime_requests) == (OTHER_ID, Text("Dev sandbox"), 234)
    assert dev.expires_at == datetime(2026, 8, 10, 8, tzinfo=UTC)


def test_until_the_detail_is_read_limits_are_the_tiers_and_say_so() -> None:
    siem, dev = read_keys(LIST).keys
    assert (siem.minute_limit(), siem.day_limit()) == (Limit(1_000, "tier"), Limit(1_000_000, "tier"))
    assert (dev.minute_limit(), dev.day_limit()) == (Limit(10, "tier"), Limit(1_000, "tier"))


def test_the_documented_detail_adds_the_keys_own_limits() -> None:
    siem = read_detail(DETAIL, read_keys(LIST).keys[0])
    assert (siem.minute_limit(), siem.day_limit()) == (Limit(1_000, "key"), Limit(1_000_000, "key"))
    assert replace(siem, limit_per_minute=None, limit_per_day=None) == read_keys(LIST).keys[0]


def test_the_detail_fills_in_what_the_list_left_unsaid_and_replaces_nothing() -> None:
    full = read_detail(DETAIL, BARE)
    assert (full.tier, full.lifetime_requests) == (Text("pro"), 142587)
    told = replace(BARE, tier=Text("enterprise"), lifetime_requests=5)
    assert (read_detail(DETAIL, told).tier, read_detail(DETAIL, told).lifetime_requests) == (
        Text("enterprise"),
        5,
    )


def test_a_limit_the_list_told_is_not_lost_to_a_detail_that_does_not_tell_it() -> None:
    told = replace(BARE, limit_per_minute=60)
    merged = read_detail({"data": {"rate_limit_per_day": "5000"}}, told)
    assert (merged.limit_per_minute, merged.limit_per_day) == (60, 5000)


@pytest.mark.parametrize("payload", [None, [], {}, {"data": None}, {"data": []}, {"data": "x"}])
def test_a_detail_without_content_leaves_the_key_as_it_was(payload: object) -> None:
    told = replace(BARE, limit_per_minute=60, tier=Text("free"))
    assert read_detail(payload, told) == told


def test_a_detail_of_another_key_does_not_rename_this_one() -> None:
    assert read_detail({"data": {"id": OTHER_ID, "rate_limit_per_day": 7}}, BARE).id == KEY_ID


@pytest.mark.parametrize("row", [None, 7, "key", [], {}, {"id": None}, {"id": "1"}, {"id": "../../admin"}])
def test_a_key_without_a_usable_id_is_left_out_and_counted(row: object) -> None:
    keys, problems = listed(row, {"id": OTHER_ID}, row)
    assert [key.id for key in keys] == [OTHER_ID]
    assert problems == ["2 of 3 keys in the list have ids that this program cannot use; they are left out."]


def test_of_one_key_without_a_usable_id_one_is_said_and_what_would_help() -> None:
    [problem] = read_keys({"data": [{"id": KEY_ID}, {"id": "x"}]}).problems
    assert problem.message == (
        "1 of 2 keys in the list has an id that this program cannot use; it is left out."
    )
    assert problem.next_step == "It asks for keys by UUID, as the service's documentation has them."


def test_a_key_listed_twice_appears_once_as_it_was_first_listed() -> None:
    twice: list[Json] = [
        {"id": KEY_ID, "name": "first"},
        {"id": OTHER_ID},
        {"id": KEY_ID.upper(), "name": "second"},
    ]
    keys, problems = listed(*twice)
    assert [(key.id, key.name.shown) for key in keys] == [(KEY_ID, "first"), (OTHER_ID, "(no name)")]
    assert problems == ["The list names one key more than once; its first entry is shown."]


@pytest.mark.parametrize("meta", [None, [], "x", 3])
def test_a_list_needs_no_meta(meta: object) -> None:
    assert read_keys({"data": [{"id": KEY_ID}], "meta": meta}).problems == ()


@pytest.mark.parametrize("payload", [None, "x", {}, {"data": None}, {"data": {}}, {"error": {}}])
def test_a_list_that_is_no_list_is_refused_in_words(payload: object) -> None:
    with pytest.raises(Malformed, match="form this program does not know"):
        read_keys(payload)


def test_the_prefix_is_read_under_either_name() -> None:
    masked = "sk_live_••••••••"
    assert one(key_preview=masked).prefix == Text(masked)
    assert one(key_prefix="sk_live_zIc8").prefix == Text("sk_live_zIc8")
    assert one(key_prefix="sk_live_zIc8", key_preview=masked).prefix == Text("sk_live_zIc8")
    assert one(key_prefix=None, key_preview=masked).prefix == Text(masked)


def test_a_key_whose_prefix_is_masked_is_told_by_its_id() -> None:
    assert (one(key_prefix="sk_live_zIc8").short, one(key_preview="sk_live_••••••••").short) == (
        "zIc8",
        KEY_ID[-4:],
    )


@pytest.mark.parametrize("tier", ["enterprise", "", "Pro Max", None, 5, ["pro"]])
def test_an_unknown_tier_has_no_assumed_limits(tier: object) -> None:
    key = one(tier=tier)
    assert (key.minute_limit(), key.day_limit()) == (None, None)


def test_a_known_tier_is_known_in_any_case() -> None:
    assert one(tier="Pro").day_limit() == Limit(1_000_000, "tier")


def test_a_key_of_nothing_but_nulls_is_a_key_of_which_nothing_is_known() -> None:
    nulls = dict.fromkeys(DETAIL["data"])
    assert one(**{**nulls, "id": KEY_ID}) == BARE


def test_fields_of_the_wrong_kind_are_unknown_one_by_one() -> None:
    key = one(
        name=["x"], scopes="read", total_requests=-1, created_at="soon", rate_limit_per_day=True, tier="pro"
    )
    assert key == replace(
        BARE,
        tier=Text("pro"),
        limit_per_day="unreadable",
        unreadable=frozenset({"created_at"}),
        notes=(
            'name: ["x"] was not understood',
            "scopes: 'read' was not understood",
            "total_requests: -1 was not understood",
            "created_at: 'soon' was not understood",
            "rate_limit_per_day: true was not understood",
        ),
    )
    assert key.day_limit() is None, "what was sent is not replaced by what the tier has"


@pytest.mark.parametrize("revoked_at", ["yes", True, "0000-00-00", {"at": 1}, ""])
def test_a_key_that_may_be_revoked_is_never_active(revoked_at: object) -> None:
    key = one(revoked_at=revoked_at, expires_at=None)
    assert key.state(NOW) == "unknown"
    assert [note.partition(":")[0] for note in key.notes] == ["revoked_at"]
    detailed = read_detail({"data": {"revoked_at": None}}, key)
    assert detailed.state(NOW) == "unknown"
    detailed = read_detail({"data": {"revoked_at": 1779010931000}}, key)
    assert detailed.state(NOW) == "revoked"


@pytest.mark.parametrize(
    "revoked_at", ["2026-05-17t09:42:11z", 1779010931, "1779010931000", 1779010931000000]
)
def test_a_revoked_key_is_revoked_however_its_date_is_written(revoked_at: object) -> None:
    assert one(revoked_at=revoked_at).state(NOW) == "revoked"


@pytest.mark.parametrize("blank", ["", "   ", "\u200b\u200b", None])
def test_a_blank_name_prefix_or_tier_is_asked_of_the_next_source(blank: object) -> None:
    key = one(name=blank, key_prefix=blank, key_preview="sk_live_ab12", tier=blank)
    assert (key.name.shown, key.prefix.shown, key.tier) == ("(no name)", "sk_live_ab12", None)
    detailed = read_detail({"data": {"name": "Prod", "key_prefix": "sk_live_zIc8", "tier": " PRO "}}, key)
    assert (detailed.name.shown, detailed.prefix.shown) == ("Prod", "sk_live_ab12")
    assert detailed.day_limit() == Limit(1_000_000, "tier")


@pytest.mark.parametrize("sent", [-1, "unlimited", 2**63 - 1, 1e22])
def test_no_limit_is_told_from_an_unknown_one(sent: object) -> None:
    key = one(tier="free", rate_limit_per_day=sent, rate_limit_per_minute=None)
    assert key.day_limit() == UNLIMITED
    assert key.minute_limit() == Limit(10, "tier")
    assert key.day_limit(500) == Limit(500, "usage"), "what the usage answer reports comes first"
    assert key.day_limit("unreadable") == UNLIMITED
    assert key.notes == ()


def test_a_hostile_name_is_inert_and_its_original_is_kept() -> None:
    name = "prod\x1b]0;pwned\x07 [/b]\u202e"
    key = one(name=name)
    assert key.name.original == name
    assert key.name.shown == "prod\ufffd]0;pwned\ufffd [/b]"
