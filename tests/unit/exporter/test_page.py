"""What a scrape gets: the newest figures, for a while after the account could be read last."""

from __future__ import annotations

import gzip
from datetime import timedelta

from socd_tui.exporter.negotiation import format_for, takes_gzip
from socd_tui.exporter.page import Page
from socd_tui.model.lens import Lens
from socd_tui.outputs.metrics.family import Reading
from tests.build import fleet, prepared, usage
from tests.clock import NOW, Clock
from tests.exposition import told, values

KNOWN = prepared(fleet(usage(requests=7)))


def reading(*, is_up: bool) -> Reading:
    return Reading(known=KNOWN, lens=Lens(), is_up=is_up, refreshes=1)


def page(clock: Clock) -> Page:
    first = Reading(known=KNOWN, lens=Lens(), is_up=None, refreshes=0)
    return Page(first, stale_after_s=900, elapsed_s=lambda: clock().timestamp(), without=("cost",))


def text(page: Page) -> str:
    return page.text("prometheus", zipped=False).decode()


def test_before_the_first_refresh_nothing_is_known_of_the_account() -> None:
    told_ = {each.name for each in told(text(page(Clock())))}
    assert told_ == {"socd_build_info", "socd_refreshes_total", "socd_last_refresh_timestamp_seconds"}


def test_after_a_failure_it_says_so_at_once_and_figures_stay_for_a_while() -> None:
    clock = Clock()
    shown = page(clock)
    shown.show(reading(is_up=True))
    clock.pass_by(timedelta(minutes=10))
    shown.show(reading(is_up=False))
    assert values(text(shown), "socd_up") == {(): 0}
    assert values(text(shown), "socd_key_window_requests") == {("a", "7d"): 7}
    clock.pass_by(timedelta(minutes=5, seconds=1))
    assert values(text(shown), "socd_up") == {(): 0}
    assert values(text(shown), "socd_key_window_requests") == {}
    assert values(text(shown), "socd_keys") == {}
    shown.show(reading(is_up=True))
    assert values(text(shown), "socd_key_window_requests") == {("a", "7d"): 7}


def test_figures_of_a_refresh_that_hangs_do_not_stay_for_ever() -> None:
    clock = Clock(NOW)
    shown = page(clock)
    shown.show(reading(is_up=True))
    clock.pass_by(timedelta(minutes=16))
    assert values(text(shown), "socd_key_window_requests") == {}


def test_who_never_signed_in_gets_no_figures() -> None:
    shown = page(Clock())
    shown.show(reading(is_up=False))
    assert values(text(shown), "socd_key_window_requests") == {}


def test_what_is_compressed_is_the_same() -> None:
    shown = page(Clock())
    shown.show(reading(is_up=True))
    assert gzip.decompress(shown.text("openmetrics", zipped=True)) == shown.text("openmetrics", zipped=False)


def test_the_format_is_the_one_that_is_preferred() -> None:
    older = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75"
    assert format_for(f"{older},text/plain;version=0.0.4;q=0.5,*/*;q=0.1") == "openmetrics"
    assert format_for("text/plain;version=0.0.4, application/openmetrics-text; q=0.4") == "prometheus"
    for accept in ("", "*/*", "text/html, */*;q=0.8", "application/openmetrics-text;q=0", "a;q=x"):
        assert format_for(accept) == "prometheus"


def test_compressed_is_what_may_be() -> None:
    assert takes_gzip("gzip")
    assert takes_gzip("deflate, *;q=0.1")
    assert not any(map(takes_gzip, ("", "identity", "gzip;q=0", "gzip;q=0.0, *")))
