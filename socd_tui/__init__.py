"""socd-tui: usage analytics for SOC Defenders API keys, in the terminal."""

__version__ = "0.1.0"
