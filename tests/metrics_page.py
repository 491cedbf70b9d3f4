"""Run as a program: writes docs/metrics.md, the list of all metrics, from their declarations.

python -m tests.metrics_page
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from socd_tui.outputs.metrics.families import FAMILIES
from socd_tui.outputs.metrics.family import ALWAYS

PAGE = Path(__file__).parents[1] / "docs" / "metrics.md"

BEGINNING = """# Metrics

What `socd-tui metrics` prints and `socd-tui serve-metrics` serves; `python -m tests.metrics_page` wrote this
page. Names and labels stay as they are. What is unknown is absent, never 0. Counters end in `_total`, all
others are gauges. Units are seconds, requests and US dollars. Only `key_id` says which key it is: join the
rest from `socd_key_info`, as in

```
topk(5, socd_key_window_requests * on (account, key_id) group_left (name, owner) socd_key_info)
```

`account`, `job` and `instance` come from the scrape.
"""


def page() -> str:
    parts = [BEGINNING]
    for group, families in groupby(FAMILIES, key=lambda family: family.group):
        leave_out = "" if group in ALWAYS else f" (`--without {group}` leaves them out)"
        parts.append(f"## {group.capitalize()}{leave_out}\n")
        rows = [
            f"| `{family.name}` | {', '.join(f'`{label}`' for label in family.labels)} | {family.help} |\n"
            for family in families
        ]
        parts.append(f"| metric | labels | |\n|---|---|---|\n{''.join(rows)}")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
