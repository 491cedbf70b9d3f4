"""All views on one page that needs nothing else: no request, script or font; light, dark, and on paper.

Every picture is the one of the terminal; below it stand the figures as a table. The JSON document is in
the page, too, so that the program opens it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Role, plain
from socd_tui.charts.look import Look, Looks
from socd_tui.charts.number import date_range, moment
from socd_tui.charts.palettes import DARK, LIGHT, ROLES, Palette
from socd_tui.charts.sheet import NAMING, Field, Sheet, for_people, value_text
from socd_tui.charts.svg import as_svg
from socd_tui.model.lens import Lens, visible
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import counted
from socd_tui.views.frame.document import document
from socd_tui.views.frame.picture import picture
from socd_tui.views.parts.notes import stale_answers
from socd_tui.views.view import Pane, View

DATA_ID = "socd-tui-document"
"""Of the element that holds the JSON document."""

COLUMNS, LINES = 110, 38
"""Of a picture; empty lines are left out."""

MOST_ROWS = 2_000
"""Rows of a table beyond which a page is hard to open."""


@dataclass(frozen=True)
class Section:
    """One view on the page."""

    view: View
    lens: Lens
    pane: Pane


def sections(known: Known, lens: Lens, views: Sequence[View]) -> list[Section]:
    """Each view through the same Lens, of all its keys."""
    made = []
    for view in views:
        own = replace(lens, view=view.name, focus=None, landing=False)
        made.append(Section(view, own, replace(view.build(known, own), cursor=None)))
    return made


def report(known: Known, lens: Lens, views: Sequence[View], *, generated_at: datetime, version: str) -> str:
    """The page, with the JSON document of its first view inside."""
    each = sections(known, lens, views)
    data = document(
        each[0].view,
        each[0].pane,
        known,
        each[0].lens,
        generated_at=generated_at,
        version=version,
        besides=views,
    )
    title, told = _told(known, lens, generated_at)
    links = " ".join(f'<a href="#{one.view.name}">{escape(one.view.title)}</a>' for one in each)
    body = "\n".join(_section(one, known) for one in each)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="socd-tui {escape(version)}">
<title>{escape(title)}</title>
<style>
{_style()}
</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
<p>{escape(told)}</p>
<nav>{links}</nav>
</header>
<main>
{body}
</main>
<script type="application/json" id="{DATA_ID}">{_inside(data)}</script>
</body>
</html>"""


def _told(known: Known, lens: Lens, generated_at: datetime) -> tuple[str, str]:
    """The title, and what the figures are of and how old they are."""
    keys = visible(known.fleet, lens)
    window, as_of = known.covered(keys), known.as_of(keys)
    dates = f", {date_range(window.start, window.end, generated_at.date())} UTC" if window else ""
    stale = "stale, " if stale_answers(known, keys) else ""
    age = f"{stale}as of {moment(as_of, generated_at)} UTC" if as_of else "of unknown age"
    demo = " of the demo" if known.fleet.mode == "demo" else ""
    title = f"API usage{demo}: {counted(len(keys), 'key')}, {lens.days} days{dates}"
    return title, f"{known.fleet.base_url}, {age}; written {generated_at:%Y-%m-%d %H:%M} UTC."


def _section(one: Section, known: Known) -> str:
    view = one.view
    lines = picture(view, one.pane, known, one.lens, Canvas(COLUMNS, LINES))
    return f"""<section id="{view.name}">
<h2>{escape(view.title)}</h2>
<p class="question">{escape(view.question)}</p>
<div class="wide">{as_svg(_without_empty(lines), _LOOKS, view.title, described=False)}</div>
{_table(one.pane.sheet())}
</section>"""


def _without_empty(lines: Sequence[Line]) -> list[Line]:
    """No two empty lines in a row, and none at either end."""
    kept: list[Line] = []
    for line in lines:
        if plain([line]) or (kept and plain(kept[-1:])):
            kept.append(line)
    while kept and not plain(kept[-1:]):
        kept.pop()
    return kept


def _table(sheet: Sheet) -> str:
    """The figures, names first, numbers to the right; notes below."""
    sheet = for_people(sheet)
    fields, rows = sheet.fields, sheet.rows[:MOST_ROWS]
    head = "".join(f'<th scope="col"{_side(field)}>{escape(field.name)}</th>' for field in fields)
    body = "\n".join(
        "<tr>"
        + "".join(
            f"<td{_side(field)}>{escape(value_text(value, field.kind))}</td>"
            for value, field in zip(row, fields, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    notes = [*sheet.notes]
    if len(rows) < len(sheet.rows):
        notes.append(f"The first {len(rows):,} of {len(sheet.rows):,} rows; JSON and CSV have them all.")
    told = "".join(f"\n<p>{escape(note)}</p>" for note in notes)
    return f"""<div class="wide"><table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table></div>{told}"""


def _side(field: Field) -> str:
    return "" if field.kind in NAMING else ' class="n"'


def _inside(data: str) -> str:
    """JSON in which nothing can end the element that holds it: `<` never stands outside a string."""
    return data.replace("<", "\\u003c")


def _of_style(role: Role) -> Look:
    return Look(f"var(--{role})", "var(--ground)", bold=role == "title")


_PLAIN: dict[Role, Look] = {role: _of_style(role) for role in ROLES}
_LOOKS = Looks(_PLAIN, _PLAIN)
"""The colours are those of the style, light or dark."""


def _style() -> str:
    def colours(palette: Palette) -> Iterator[str]:
        yield f"--ground: {palette.background}; --surface: {palette.surface};"
        yield from (f"--{role}: {palette.colour(role)};" for role in ROLES)

    return f""":root {{ {" ".join(colours(LIGHT))} }}
@media (prefers-color-scheme: dark) {{ :root {{ {" ".join(colours(DARK))} }} }}
body {{
  background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif;
  margin: 2rem auto; max-width: 62rem; padding: 0 1rem;
}}
h1, h2 {{ color: var(--title); line-height: 1.2; }}
h1 {{ font-size: 1.4rem; }}
h2 {{
  border-top: 1px solid var(--faint); font-size: 1.2rem; margin: 2.5rem 0 0; padding-top: 1rem;
}}
a {{ color: var(--accent); }}
nav a {{ margin-right: 0.8em; }}
.question {{ color: var(--faint); margin: 0 0 0.8rem; }}
.wide {{ overflow-x: auto; }}
svg {{ display: block; height: auto; margin-bottom: 1rem; max-width: 100%; min-width: 46rem; }}
table {{ border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }}
th, td {{
  border-bottom: 1px solid var(--surface); padding: 0.15rem 0.6rem; text-align: left; white-space: nowrap;
}}
th {{ color: var(--faint); font-weight: normal; }}
.n {{ text-align: right; }}
@media print {{
  :root {{ {" ".join(colours(LIGHT))} --ground: #ffffff; }}
  body {{ font-size: 10pt; margin: 0; max-width: none; padding: 0; }}
  nav {{ display: none; }}
  svg {{ min-width: 0; width: 100%; }}
  table {{ font-size: 6.5pt; }}
  th, td {{ padding: 0.1rem 0.3rem; }}
  thead {{ display: table-header-group; }}
  tr, svg {{ break-inside: avoid; }}
  h2, .question {{ break-after: avoid; }}
  .wide {{ overflow: visible; }}
}}"""
