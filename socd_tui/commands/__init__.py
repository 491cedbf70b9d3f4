"""One file a command: it defines `COMMAND`, and everything else finds it there.

What several of them need is in `parts`. `--help` loads every file here, so heavy imports wait inside the
functions.
"""
