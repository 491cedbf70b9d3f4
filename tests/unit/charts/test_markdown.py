"""Foreign text in Markdown formats, links and loads nothing."""

from __future__ import annotations

import pytest

from socd_tui.charts.markdown import in_markdown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain name, 12.5% of it", "plain name, 12.5% of it"),
        ("![x](http://a.test/p.png)", r"\!\[x\](http:\/\/a.test/p.png)"),
        ("<img src=x>", r"\<img src=x\>"),
        ("a|b\\", r"a\|b\\"),
        ("www.a.test", r"www\.a.test"),
        ("`rm` *x* _y_ ~~z~~ &amp; @all", r"\`rm\` \*x\* \_y\_ \~\~z\~\~ \&amp; \@all"),
    ],
)
def test_marks_and_addresses_are_only_text(text: str, written: str) -> None:
    assert in_markdown(text) == written
