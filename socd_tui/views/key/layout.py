"""How the page fills its canvas: sections take lines by their weight, in one column or two."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.charts.canvas import Canvas, Line, Span, fit_line
from socd_tui.model.target import Target
from socd_tui.model.text import cell_width
from socd_tui.views.key.section import Form, Frame, Row, Section

COLUMNS_FROM = 100
"""The width from which sections stand in two columns."""

GAP = 2
"""Columns between the two."""

LEFT, RIGHT = 92, 60
"""Columns that the left one takes where the right one has as many as that: two for each day of the trend."""


def draw_page(sections: Sequence[Section], canvas: Canvas, cursor: Target | None) -> list[Line]:
    """The sections in exactly the lines of the canvas, in their order; in two columns where it is wide."""
    whole = Frame(canvas, cursor)
    if canvas.width < COLUMNS_FROM:
        return canvas.fit(_lines(_arranged(_blocks(sections, whole), canvas.height, whole), whole))
    spare = canvas.width - GAP
    wide = max((spare + 1) // 2, min(LEFT, spare - RIGHT))
    frames = [Frame(canvas.sized(width=width), cursor) for width in (wide, spare - wide)]
    sides = [
        (_blocks([each for each in sections if each.column == n], frame), frame)
        for n, frame in enumerate(frames, 1)
    ]
    least = max(sum(block.forms[0].height for block in blocks) for blocks, _ in sides)
    head = _blocks([each for each in sections if each.column == 0], whole)
    above = _arranged(head, max(canvas.height - least, canvas.height // 3), whole, parted=False)
    top = _lines(above, whole)
    height = max(canvas.height - len(top) - 1, 0)
    left, right = (
        frame.canvas.sized(height=height).fit(_lines(_arranged(blocks, height, frame), frame))
        for blocks, frame in sides
    )
    gap = Span(" " * GAP)
    return canvas.fit([*top, (), *((*one, gap, *other) for one, other in zip(left, right, strict=True))])


class _Block:
    """A section with its forms in one frame, and the one that it takes; None while there is no room."""

    def __init__(self, section: Section, forms: Sequence[Form], held: bool) -> None:
        self.section, self.forms = section, forms
        self.held = held
        """Whether the cursor is in it."""
        self.taken: int | None = None

    @property
    def height(self) -> int:
        return 0 if self.taken is None else self.forms[self.taken].height

    def grow(self, room: int, most: int | None) -> int:
        """Takes the next form if so many lines more are enough, and `most` in all; the lines that it took."""
        if self.taken is None or self.taken + 1 >= len(self.forms):
            return 0
        height = self.forms[self.taken + 1].height
        if height - self.height > room or (most is not None and height > most):
            return 0
        more = height - self.height
        self.taken += 1
        return more


def _blocks(sections: Sequence[Section], frame: Frame) -> list[_Block]:
    """The sections that have something to show."""
    blocks = []
    for each in sections:
        if forms := each.forms(frame):
            held = any(place.target == frame.cursor for row in each.places for place in row)
            blocks.append(_Block(each, forms, held))
    return blocks


def _arranged(blocks: Sequence[_Block], height: int, frame: Frame, *, parted: bool = True) -> list[Row]:
    """Each in the form there is room for: first all in their least, by weight, then larger ones.

    The section under the cursor is there always. What has no room at all is named in the last line.
    """
    order = sorted(blocks, key=lambda block: (not block.held, block.section.weight))
    needed = [block for block in order if not block.section.extra]
    room = _taken(needed, height)
    if any(block.taken is None for block in needed):
        room = _taken(needed, height - 1)
    room = _grown([block for block in needed if block.section.pressing], room, ample=True)
    # Whose page it is comes first, and what else its record says last.
    room = _grown(sorted(needed, key=lambda block: block.section.weight == 0), room, ample=True)
    gaps = [block for n, block in enumerate(blocks) if n and block.section.parted and block.height]
    gaps = gaps[: max(room, 0)] if parted else []
    room = _taken([block for block in order if block.section.extra], room - len(gaps) - 1)
    _grown(order, room, ample=False)
    rows: list[Row] = []
    for block in blocks:
        if block.taken is not None:
            parting = [Row()] if block in gaps or block.section.extra else []
            rows += [*parting, *block.forms[block.taken].rows()]
    if hidden := [block.section.name for block in blocks if block.taken is None and not block.section.extra]:
        rows.append(Row(_hidden(hidden, frame.width - 1)))
    return rows


def _taken(order: Sequence[_Block], room: int) -> int:
    """Gives each its least form while there is room for it; the lines that are left."""
    for block in order:
        least = block.forms[0].height
        block.taken = 0 if least <= room else None
        room -= block.height
    return room


def _grown(order: Sequence[_Block], room: int, *, ample: bool) -> int:
    """Larger forms while there is room, a step each in turn; `ample` ones only. The lines that are left."""
    grew = True
    while grew:
        grew = False
        for block in order:
            if more := block.grow(room, block.section.ample if ample else None):
                room, grew = room - more, True
    return room


def _hidden(names: Sequence[str], width: int) -> Line:
    """no room for: budget, owner, +2"""
    for n in range(len(names), 0, -1):
        more = [f"+{len(names) - n}"] if n < len(names) else []
        said = f"no room for: {', '.join([*names[:n], *more])}"
        if cell_width(said) <= width:
            return (Span(said, "faint"),)
    return (Span(f"no room for {len(names)} more", "faint"),)


def _lines(rows: Sequence[Row], frame: Frame) -> list[Line]:
    """The rows, with the pointer in front of the first that is under the cursor."""
    lines: list[Line] = []
    pointing = True
    for row in rows:
        target = row.place.target if row.place else None
        under = target is not None and target == frame.cursor
        spans = [
            span if target is None else Span(span.text, span.role, target, under, span.changed)
            for span in fit_line(row.line, frame.width - 1, frame.canvas.glyphs)
        ]
        pointed = pointing and (under or any(span.cursor for span in spans))
        pointing = pointing and not pointed
        pointer = frame.canvas.glyphs.pointer if pointed else " "
        lines.append((Span(pointer, "accent", target, under), *spans))
    return lines
