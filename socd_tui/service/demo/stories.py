"""The stories of the demo's keys: each returns a key's habit on one day.

`day` counts from the one the demo starts on and is negative for the past.
"""

from __future__ import annotations

from socd_tui.service.demo.habit import DAYTIME, OFFICE, STEADY, Habit, Route, Story

ARTICLES = "/api/v1/articles"
ARTICLE = "/api/v1/articles/{id}"
IOCS = "/api/v1/iocs"
SEARCH = "/api/v1/iocs/search"
STATS = "/api/v1/iocs/stats"
STIX = "/api/v1/iocs/stix"
MISP = "/api/v1/iocs/misp"
CEF = "/api/v1/iocs/cef"
SIGMA = "/api/v1/iocs/sigma"
LOOKUP = "/api/v1/lookup"
TAXII_COLLECTIONS = "/api/taxii2/api/collections/"
TAXII_OBJECTS = "/api/taxii2/api/collections/{id}/objects/"

RUNAWAY_SINCE = -3
FAILING_SINCE = -5
REVOKED_ON = -12
"""Days, counted from the one the demo starts on, on which a key's traffic changed."""

REVOKED_HOUR = 17
"""UTC hour of the day `REVOKED_ON` from which the revoked key was refused."""


def siem(_day: int, weekend: bool) -> Habit:
    """Healthy and large: heavy on weekdays, light on weekends, few errors."""
    return Habit(
        2_300 if weekend else 6_300,
        (
            Route(IOCS, 0.42, 170, {304: 0.06, 400: 0.002, 500: 0.0008}),
            Route(ARTICLES, 0.33, 240, {304: 0.03, 404: 0.001, 500: 0.0008}),
            Route(LOOKUP, 0.14, 310, {404: 0.008, 500: 0.001}),
            Route(TAXII_OBJECTS, 0.06, 520, {500: 0.002}),
            Route(CEF, 0.03, 280),
            Route(SIGMA, 0.02, 340),
        ),
    )


def notebook(day: int, weekend: bool) -> Habit:
    """Quiet on the Free tier until a loop without a pause was left running."""
    if day < RUNAWAY_SINCE:
        return Habit(
            25 if weekend else 75,
            (Route(IOCS, 0.6, 150), Route(LOOKUP, 0.25, 290, {404: 0.03}), Route(ARTICLES, 0.15, 220)),
            DAYTIME,
        )
    # The Free tier's 1,000 a day are used up after five hours; until then only the per-minute limit refuses.
    return Habit(
        6_200,
        (Route(IOCS, 0.985, 150), Route(LOOKUP, 0.01, 290), Route(ARTICLES, 0.005, 220)),
        hours=(1,) * 5 + (0,) * 19,
        throttled_hours=(1,) * 5 + (5,) * 19,
    )


def misp_sync(_day: int, _weekend: bool) -> Habit:
    """Requests everything at the start of each hour, so a part of every burst is refused (429)."""
    return Habit(
        3_700,
        (
            Route(MISP, 0.93, 410, {429: 0.26, 500: 0.001}),
            Route(IOCS, 0.04, 160),
            Route(TAXII_COLLECTIONS, 0.03, 90),
        ),
        STEADY,
    )


def soar(day: int, weekend: bool) -> Habit:
    """Enrichment whose lookups began to fail, more each day, and to take longer."""
    worse = min(6, max(0, day - FAILING_SINCE + 1))
    return Habit(
        1_500 if weekend else 2_300,
        (
            Route(
                LOOKUP,
                0.86,
                330 * (1 + 0.22 * worse),
                {404: 0.02, 500: 0.002 + 0.018 * worse, 503: 0.0005 + 0.007 * worse},
            ),
            Route(SEARCH, 0.10, 210, {400: 0.01}),
            Route(STATS, 0.04, 130),
        ),
    )


def idle(_day: int, _weekend: bool) -> None:
    """No requests on any day."""


def contractor(_day: int, weekend: bool) -> Habit | None:
    """A person on weekdays, whose links to articles often no longer exist (404)."""
    if weekend:
        return None
    return Habit(
        45,
        (Route(ARTICLES, 0.5, 230), Route(ARTICLE, 0.3, 140, {404: 0.18}), Route(IOCS, 0.2, 160)),
        DAYTIME,
    )


def old_dashboard(day: int, weekend: bool) -> Habit | None:
    """Busy until it was revoked; a forgotten program still sends requests now and then, which get a 401."""
    if day > REVOKED_ON:
        return Habit(9, (Route(STATS, 0.6, 60, {401: 1.0}), Route(IOCS, 0.4, 60, {401: 1.0})), STEADY)
    until = REVOKED_HOUR if day == REVOKED_ON else 24
    return Habit(
        (420 if weekend else 610) * sum(OFFICE[:until]) / sum(OFFICE),
        (Route(STATS, 0.6, 120), Route(IOCS, 0.4, 170, {500: 0.003})),
        OFFICE[:until] + (0,) * (24 - until),
    )


def sandbox_light(_day: int, weekend: bool) -> Habit | None:
    """A few requests on weekdays."""
    if weekend:
        return None
    return Habit(14, (Route(IOCS, 0.7, 150), Route(LOOKUP, 0.3, 280, {400: 0.08})), DAYTIME)


def sandbox_moderate(_day: int, weekend: bool) -> Habit:
    """A Free key under development: malformed searches, and endpoints that need Pro."""
    return Habit(
        90 if weekend else 340,
        (
            Route(IOCS, 0.40, 160, {400: 0.03}),
            Route(SEARCH, 0.22, 200, {400: 0.24}),
            Route(LOOKUP, 0.20, 300, {400: 0.05, 404: 0.04}),
            Route(STIX, 0.12, 40, {403: 1.0}),
            Route(MISP, 0.06, 40, {403: 1.0}),
        ),
    )


def integration(requests: float, paths: tuple[str, ...], weekend_share: float) -> Story:
    """An ordinary integration of about `requests` a day; the nth path gets 1/n of the first one's traffic."""
    harmonic = sum(1 / rank for rank in range(1, len(paths) + 1))
    routes = tuple(
        Route(path, 1 / rank / harmonic, 140 + 60 * rank, {400: 0.003, 404: 0.006, 500: 0.001})
        for rank, path in enumerate(paths, start=1)
    )

    def story(_day: int, weekend: bool) -> Habit:
        return Habit(requests * (weekend_share if weekend else 1), routes)

    return story
