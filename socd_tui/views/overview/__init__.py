"""Who is burning the limit."""

from socd_tui.views.overview.view import VIEW as VIEW
