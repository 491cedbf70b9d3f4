"""What the answers were: status codes by class, with 429 kept apart from the other client errors."""

from socd_tui.views.status.view import VIEW as VIEW
