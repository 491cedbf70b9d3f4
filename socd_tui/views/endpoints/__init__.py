"""Which endpoint is burning the limit."""

from socd_tui.views.endpoints.view import VIEW as VIEW
