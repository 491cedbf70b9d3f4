"""Is it growing: requests and errors per day, each day in its place."""

from socd_tui.views.series.view import VIEW as VIEW
