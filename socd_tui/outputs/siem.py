"""Findings as the events that a SIEM takes in, one a line, by the names of each schema.

ecs   Elastic Common Schema 8.17: `event.kind: alert`
ocsf  Open Cybersecurity Schema Framework 1.5: Detection Finding (class 2004)
cef   Common Event Format 0 (ArcSight)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time

from socd_tui.charts.sheet import stamp
from socd_tui.model.text import clip, inert
from socd_tui.model.threshold import GRAVITIES
from socd_tui.outputs.findings import Event
from socd_tui.views.parts.description import describe
from socd_tui.views.parts.findings import sentence
from socd_tui.views.parts.words import WORDS

PRODUCT = "socd-tui"
CATEGORY = "API usage"

_ECS = (1, 21, 47, 73)
"""Severities from "none" on, as Elastic's own detection rules score low, medium and high."""
_CEF = (1, 3, 6, 8)
"""Of 10: up to 3 is low, up to 6 medium, up to 8 high."""
_OCSF = ("Informational", "Low", "Medium", "High")
"""From 1 on."""

_LONGEST = 1023
"""Characters of a text in CEF."""


def ecs(event: Event, version: str) -> str:
    """Of Elastic's fields those that a finding has a value for; its own figures stand below `socd_tui`."""
    finding, said = event.finding, sentence(event.finding)
    key = finding.key
    labels = {
        "key_id": key.id,
        "key_name": key.name.original,
        "key_prefix": key.prefix.original,
        **({"owner": event.owner} if event.owner else {}),
    }
    return _line(
        {
            "@timestamp": stamp(event.at),
            "ecs": {"version": "8.17.0"},
            "message": said,
            "event": {
                "id": event.id,
                "kind": "alert",
                "category": ["api"],
                "type": ["info"],
                "action": finding.kind,
                "reason": said,
                "module": "socd_tui",
                "dataset": "socd_tui.finding",
                "provider": PRODUCT,
                "severity": _ECS[GRAVITIES.index(finding.gravity)],
                "created": stamp(event.at),
                **({"start": stamp(_midnight(event))} if event.since else {}),
            },
            "rule": {
                "id": finding.kind,
                "name": WORDS[finding.kind],
                "category": CATEGORY,
                "ruleset": PRODUCT,
            },
            "observer": {"vendor": PRODUCT, "product": PRODUCT, "version": version, "type": "poller"},
            "service": {"name": "SOC Defenders", "address": event.origin},
            "labels": labels,
            **({"related": {"user": [event.owner]}} if event.owner else {}),
            "socd_tui": {"finding": {"kind": finding.kind, "gravity": finding.gravity, **_figures(event)}},
        }
    )


def ocsf(event: Event, version: str) -> str:
    """A Detection Finding; what the schema has no name for stands below `unmapped`."""
    finding, said = event.finding, sentence(event.finding)
    severity, at = GRAVITIES.index(finding.gravity), _millis(event.at)
    words = WORDS[finding.kind]
    key = finding.key
    return _line(
        {
            "class_uid": 2004,
            "class_name": "Detection Finding",
            "category_uid": 2,
            "category_name": "Findings",
            "activity_id": 1,
            "activity_name": "Create",
            "type_uid": 200401,
            "type_name": "Detection Finding: Create",
            "time": at,
            "severity_id": severity + 1,
            "severity": _OCSF[severity],
            "status_id": 1,
            "status": "New",
            "is_alert": finding.gravity != "none",
            "message": said,
            "metadata": {
                "version": "1.5.0",
                "product": {"name": PRODUCT, "vendor_name": PRODUCT, "version": version},
                "log_name": "findings",
                "uid": event.id,
            },
            "finding_info": {
                "uid": event.id,
                "title": words,
                "desc": said,
                "types": [CATEGORY],
                "analytic": {"uid": finding.kind, "name": words, "type_id": 1, "type": "Rule"},
                "created_time": at,
                **({"first_seen_time": _millis(_midnight(event))} if event.since else {}),
                "last_seen_time": at,
            },
            "resources": [
                {
                    "uid": key.id,
                    "name": key.name.original,
                    "type": "API key",
                    **({"owner": {"name": event.owner}} if event.owner else {}),
                }
            ],
            "unmapped": {
                "base_url": event.origin,
                "key_prefix": key.prefix.original,
                "kind": finding.kind,
                **_figures(event),
            },
        }
    )


def cef(event: Event, version: str) -> str:
    """Pipes end a field of the header, equal signs a name of the extension: both are escaped there."""
    finding, key = event.finding, event.finding.key
    head = (PRODUCT, PRODUCT, version, finding.kind, f"{CATEGORY}: {WORDS[finding.kind]}")
    pairs: dict[str, object] = {
        "rt": _millis(event.at),
        **({"start": _millis(_midnight(event))} if event.since else {}),
        "externalId": event.id,
        "cat": CATEGORY,
        "msg": sentence(finding),
        "cs1Label": "keyName",
        "cs1": key.name.shown,
        "cs2Label": "keyPrefix",
        "cs2": key.prefix.shown,
        "cs3Label": "keyId",
        "cs3": key.id,
        "cs4Label": "service",
        "cs4": event.origin,
        **({"cs5Label": "owner", "cs5": event.owner} if event.owner else {}),
    }
    header = "|".join(_in_header(each) for each in head)
    extension = " ".join(f"{name}={_in_extension(str(value))}" for name, value in pairs.items())
    return f"CEF:0|{header}|{_CEF[GRAVITIES.index(finding.gravity)]}|{extension}"


SCHEMAS: Mapping[str, Callable[[Event, str], str]] = {"ecs": ecs, "ocsf": ocsf, "cef": cef}
"""By the name that `--format` takes: an Event and the program's version as a line."""


def _figures(event: Event) -> dict[str, object]:
    told = describe(event.finding)
    return {**told.details, "or_before": bool(told.since and told.since.or_before)}


def _line(document: dict[str, object]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _midnight(event: Event) -> datetime:
    """The beginning of its first day."""
    return datetime.combine(event.since or event.at.date(), time(), UTC)


def _millis(at: datetime) -> int:
    return int(at.timestamp()) * 1000


def _in_header(text: str) -> str:
    return inert(text).replace("\\", "\\\\").replace("|", "\\|")


def _in_extension(text: str) -> str:
    return clip(inert(text, _LONGEST), _LONGEST).strip().replace("\\", "\\\\").replace("=", "\\=")
