"""Who pays for the demo's keys, as a person's own `config.toml` would say it."""

from __future__ import annotations

SETTINGS = """\
# The demo's own settings: they are gone when it ends.

[owners]
"Detection" = ["Production SIEM", "SOAR enrichment"]
"Data team" = ["threat-*", "idle-lab"]
"Threat intel" = ["MISP *"]  # since the sync moved to their server
"Platform" = ["dev sandbox", "Old dashboard"]
"""
