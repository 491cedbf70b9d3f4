"""The terminal UI: the only package that knows Textual."""
