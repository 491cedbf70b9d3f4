"""Will I hit the cap: each key's two limits, what is used of them, and how high it has been."""

from socd_tui.views.budget.view import VIEW as VIEW
