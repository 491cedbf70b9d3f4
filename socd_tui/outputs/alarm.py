"""What a program that is called for an alarm is told: in its environment, and as JSON on its input."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from socd_tui.analysis.alarms import Due
from socd_tui.analysis.thresholds import Checked, Reading
from socd_tui.charts.sheet import rounded, stamp
from socd_tui.model.alarm import AlarmLevel
from socd_tui.model.errors import NotSignedIn, SessionExpired, SocdError
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass
from socd_tui.model.text import inert
from socd_tui.model.threshold import UNITS, as_number
from socd_tui.outputs.check import said
from socd_tui.views.frame.document import key_facts
from socd_tui.views.parts.names import named

SCHEMA = "socd-tui/alarm/1"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One measure of a key, or of the account, as it stands."""

    key: ApiKey | None
    measure: str
    level: AlarmLevel
    message: str
    """A sentence."""
    reading: Reading | None = None


def subjects(checked: Checked) -> list[Subject]:
    """Everything that can be alarming and is known; that figures could be read is part of it."""
    found = [Subject(key=None, measure="service", level="ok", message="The service answers.")]
    if checked.session is None:
        found.append(Subject(key=None, measure="session", level="ok", message="You are signed in."))
    else:
        found += _subject(None, checked.session)
    for row in checked.rows:
        for reading in row.readings:
            found += _subject(row.key, reading)
    return found


def subjects_of_failure(error: SocdError) -> list[Subject]:
    """The same of a round in which nothing could be read."""
    if isinstance(error, NotSignedIn | SessionExpired):
        return [Subject(key=None, measure="session", level="signed_out", message=str(error))]
    return [Subject(key=None, measure="service", level="failed", message=str(error))]


def _subject(key: ApiKey | None, reading: Reading) -> Iterator[Subject]:
    if reading.level in ("ok", "forecast", "passed"):
        level: AlarmLevel = reading.level
        message = f"{f'{named(key)}: ' if key else ''}{said(reading)}."
        yield Subject(key=key, measure=reading.measure, level=level, message=message, reading=reading)


def alarm_document(
    subject: Subject, alarm: Due, *, base_url: str, generated_at: datetime
) -> dict[str, object]:
    """One alarm; `state` is ok when it is over."""
    reading = subject.reading
    return {
        "schema": SCHEMA,
        "generated_at": stamp(generated_at),
        "base_url": base_url,
        "key": key_facts(subject.key) if subject.key else None,
        "measure": subject.measure,
        "state": alarm.level,
        "before": alarm.before,
        "value": rounded(reading.value) if reading else None,
        "threshold": as_number(reading.threshold) if reading else None,
        "unit": UNITS.get(subject.measure),
        "message": subject.message,
    }


def alarm_variables(document: dict[str, object], subject: Subject) -> dict[str, str]:
    """The same for the environment: SOCD_STATE and so on, empty where it is unknown; names are inert."""
    key = subject.key
    values = {
        "STATE": document["state"],
        "BEFORE": document["before"],
        "MEASURE": document["measure"],
        "VALUE": document["value"],
        "THRESHOLD": document["threshold"],
        "UNIT": document["unit"],
        "MESSAGE": document["message"],
        "KEY_ID": key.id if key else "",
        "KEY_NAME": key.name.shown if key else "",
        "KEY_PREFIX": key.prefix.shown if key else "",
        "SERVICE": document["base_url"],
    }
    return {
        f"SOCD_{name}": "" if value is None else inert(str(value), 4_000) for name, value in values.items()
    }
