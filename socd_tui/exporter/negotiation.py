"""Which format and which encoding a client asks for."""

from __future__ import annotations

from socd_tui.outputs.metrics.exposition import Format

_OPEN, _CLASSIC = "application/openmetrics-text", "text/plain"


def format_for(accept: str) -> Format:
    """The one that is preferred; the classic one where none is named, or something that is not to be had."""
    weights = _weights(accept)
    is_open = weights.get(_OPEN, 0.0) > 0 and weights[_OPEN] >= weights.get(_CLASSIC, 0.0)
    return "openmetrics" if is_open else "prometheus"


def takes_gzip(accept_encoding: str) -> bool:
    """Whether the answer may be compressed."""
    weights = _weights(accept_encoding)
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weights(header: str) -> dict[str, float]:
    """Each thing that is named with the most it is wanted, 0 to 1 (RFC 9110, 12.4.2)."""
    found: dict[str, float] = {}
    for entry in header.lower().split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        found[name] = max(found.get(name, 0.0), _number(quality))
    return found


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
