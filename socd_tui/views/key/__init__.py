"""What of this key: all that is known of one key, or of several together, on one page."""

from socd_tui.views.key.view import VIEW as VIEW
