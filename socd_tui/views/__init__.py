"""The panes, one file each. A module here that defines `VIEW` is a view; nothing else registers it."""
