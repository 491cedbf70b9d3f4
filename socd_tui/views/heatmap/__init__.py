"""When was I throttled: 429 answers by day and hour."""

from socd_tui.views.heatmap.view import VIEW as VIEW
