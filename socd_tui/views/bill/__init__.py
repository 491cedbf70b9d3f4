"""Who pays for it."""

from socd_tui.views.bill.view import VIEW as VIEW
