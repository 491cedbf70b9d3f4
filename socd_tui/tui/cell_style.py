"""How a cell of a terminal looks, and what to write for the next one to look otherwise."""

from __future__ import annotations

from functools import cache, lru_cache

BOLD, DIM, UNDERLINE, REVERSE, STRUCK, DOUBLE = 1, 2, 4, 7, 9, 21
_OFF = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24}
"""By the code that begins an attribute: the one that ends it."""
_ON_BLANKS = frozenset({UNDERLINE, REVERSE, STRUCK, DOUBLE})
"""Attributes that can be seen of a blank, too."""


class Style:
    """Codes of the colours ("38;5;17", "" for the terminal's own), and of what else is on.

    There is one of each, so that they can be told apart without looking into them: `styled` makes them.
    """

    __slots__ = ("attributes", "blank", "ground", "ink")

    def __init__(self, ink: str, ground: str, attributes: frozenset[int]) -> None:
        self.ink, self.ground, self.attributes = ink, ground, attributes
        seen = bool(attributes & _ON_BLANKS)
        self.blank: Style = self if seen or not (ink or attributes) else styled("", ground, frozenset())
        """What can be seen of it where there is no letter."""


def styled(ink: str, ground: str, attributes: frozenset[int], /) -> Style:
    """The style of these. By place alone: the cache takes what is named for something else."""
    return _style(ink, ground, attributes)


_style = cache(Style)  # given all three by place, as a cache tells apart how its arguments are given


PLAIN = styled("", "", frozenset())


@lru_cache(maxsize=4096)
def changed(style: Style, codes: str) -> Style | None:
    """The style after a sequence "ESC [ codes m" (ECMA-48, 8.3.117); None when it holds what is not known."""
    rest = [int(code or 0) for code in codes.split(";")]
    ink, ground, attributes = style.ink, style.ground, set(style.attributes)
    while rest:
        code = rest.pop(0)
        if code == 0:
            ink = ground = ""
            attributes.clear()
        elif code in _OFF:
            attributes.add(code)
        elif code in _OFF.values():
            attributes -= {each for each, off in _OFF.items() if off == code}
        else:
            colour = _colour(code, rest)
            if colour is None:
                return None
            ink, ground = (colour, ground) if code // 10 in (3, 9) else (ink, colour)
    return styled(ink, ground, frozenset(attributes))


def _colour(code: int, rest: list[int]) -> str | None:
    """The colour that a code begins, "" for the terminal's own, with as many of the rest as it takes."""
    if code in (39, 49):
        return ""
    if 30 <= code <= 37 or 40 <= code <= 47 or 90 <= code <= 97 or 100 <= code <= 107:
        return str(code)
    count = {(38, 5): 2, (48, 5): 2, (38, 2): 4, (48, 2): 4}.get((code, rest[0] if rest else 0))
    if count is None or len(rest) < count:
        return None
    return ";".join(map(str, [code, *(rest.pop(0) for _ in range(count))]))


@lru_cache(maxsize=4096)
def between(before: Style, after: Style) -> str:
    """The shortest sequence that leads from one style to another."""
    ended = {_OFF[each] for each in before.attributes - after.attributes}
    begun = {each for each in after.attributes if each not in before.attributes or _OFF[each] in ended}
    codes = [*map(str, sorted(ended)), *map(str, sorted(begun))]
    codes += [after.ink or "39"] if after.ink != before.ink else []
    codes += [after.ground or "49"] if after.ground != before.ground else []
    anew = ["0", *map(str, sorted(after.attributes)), *filter(None, (after.ink, after.ground))]
    return f"\x1b[{min(';'.join(codes), ';'.join(anew), key=len)}m"
