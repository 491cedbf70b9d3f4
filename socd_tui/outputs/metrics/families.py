"""Every family of metrics, each declared once: its name, what it says, its labels and how it is made.

What only grows is a counter, what the service tells of a window is a gauge with the window in its name. What
is unknown has no sample. Ratios are left to whoever asks: both parts are there. Units are seconds and
requests. Only `key_id` says which key it is; names, tier and owner are joined from `socd_key_info`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from socd_tui import __version__
from socd_tui.model.key import KeyState
from socd_tui.model.lens import BASELINE, Lens, Wanted, shown_windows
from socd_tui.outputs.metrics.answers import ANSWERS
from socd_tui.outputs.metrics.family import (
    Family,
    KeyReading,
    Metric,
    Reading,
    Row,
    of_account,
    of_each,
    of_key,
    seconds,
)
from socd_tui.outputs.metrics.usage import USAGE

STATES: tuple[KeyState, ...] = ("active", "expiring", "expired", "revoked")
"""Of which the number of keys is told even where it is 0."""


def _keys_by_state(reading: Reading) -> Iterable[Row]:
    fleet = reading.known.fleet
    if fleet.listed_at is None:
        return []
    states = [key.state(fleet.now) for key in fleet.keys]
    unclear: tuple[KeyState, ...] = ("unknown",) if "unknown" in states else ()
    return [((state,), states.count(state)) for state in (*STATES, *unclear)]


def _key_info(each: KeyReading) -> Iterable[Row]:
    key = each.key
    tier = key.tier.shown if key.tier else ""
    return [((key.name.shown, key.prefix.shown, tier, each.owner), 1)]


def _is_key_up(each: KeyReading) -> float | None:
    """Unknown before anything was heard of it."""
    return 0 if each.standing.problem else None if each.usage is None else 1


def _failures(reading: Reading) -> Iterator[Row]:
    return (((cause,), count) for cause, count in reading.failures.items())


TOOL = (
    Family(
        name="socd_build_info",
        help="Version of socd-tui; always 1.",
        group="tool",
        labels=("version",),
        rows=lambda _: [((__version__,), 1)],
    ),
    Family(
        name="socd_up",
        help="1 when the list of keys could be read at the last refresh, else 0.",
        group="tool",
        rows=of_account(lambda reading: reading.is_up),
    ),
    Family(
        name="socd_last_refresh_timestamp_seconds",
        help="When the list of keys was last read.",
        group="tool",
        rows=of_account(lambda reading: seconds(reading.known.fleet.listed_at)),
    ),
    Family(
        name="socd_refresh_duration_seconds",
        help="How long the last refresh took.",
        group="tool",
        rows=of_account(lambda reading: reading.took_s),
    ),
    Family(
        name="socd_refreshes_total",
        help="Refreshes since the exporter started, failed ones included.",
        group="tool",
        rows=of_account(lambda reading: reading.refreshes),
    ),
    Family(
        name="socd_refresh_failures_total",
        help="Refreshes that failed: for want of a session, or because of the service or the way to it.",
        group="tool",
        labels=("cause",),
        rows=_failures,
    ),
    Family(
        name="socd_session_expiry_timestamp_seconds",
        help="When the session token ends by its own word; absent where it does not say.",
        group="tool",
        rows=of_account(lambda reading: seconds(reading.expires_at)),
    ),
)

KEYS = (
    Family(
        name="socd_keys",
        help="Keys of the account by state.",
        group="keys",
        labels=("state",),
        rows=_keys_by_state,
    ),
    Family(
        name="socd_key_info",
        help="What a key is called, to join on key_id: name, prefix, tier and owner; always 1.",
        group="keys",
        labels=("key_id", "name", "prefix", "tier", "owner"),
        rows=of_each(_key_info),
    ),
    Family(
        name="socd_key_up",
        help="1 when the key's usage could be read at the last refresh, else 0.",
        group="keys",
        labels=("key_id",),
        rows=of_key(_is_key_up),
    ),
    Family(
        name="socd_key_observed_timestamp_seconds",
        help="The service's clock when it answered for the key.",
        group="keys",
        labels=("key_id",),
        rows=of_key(lambda each: seconds(each.usage.observed_at) if each.usage else None),
    ),
    Family(
        name="socd_key_created_timestamp_seconds",
        help="When the key was made.",
        group="keys",
        labels=("key_id",),
        rows=of_key(lambda each: seconds(each.key.created_at)),
    ),
    Family(
        name="socd_key_last_used_timestamp_seconds",
        help="When the key was last used; absent when it never was.",
        group="keys",
        labels=("key_id",),
        rows=of_key(lambda each: seconds(each.key.last_used_at)),
    ),
    Family(
        name="socd_key_expiry_timestamp_seconds",
        help="When the key ends by itself; absent when it does not.",
        group="keys",
        labels=("key_id",),
        rows=of_key(lambda each: seconds(each.key.expires_at)),
    ),
    Family(
        name="socd_key_revoked_timestamp_seconds",
        help="When the key was revoked; absent when it was not.",
        group="keys",
        labels=("key_id",),
        rows=of_key(lambda each: seconds(each.key.revoked_at)),
    ),
)

FAMILIES: tuple[Family, ...] = (*TOOL, *KEYS, *USAGE, *ANSWERS)
"""All of them, in the order in which they are written."""


def windows(lens: Lens) -> Wanted:
    """What the service is asked for to tell all of them: the window, and what says what is usual."""
    return Wanted.merged([shown_windows(lens), Wanted((), BASELINE)])


def metrics(reading: Reading, without: Collection[str] = ()) -> list[Metric]:
    """Everything that is known at this moment, without some groups."""
    return [family.metric(reading) for family in FAMILIES if family.group not in without]


def metrics_of_tool(reading: Reading) -> list[Metric]:
    """What is said of the program alone, where there are no figures that may be shown."""
    return [family.metric(reading) for family in TOOL]
