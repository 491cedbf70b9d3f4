"""One file a command: it is called as its file, defines `COMMAND`, and everything else finds it there.

What several of them need is in `parts`; `parts/commands.py` is the table of them, which is all that `--help`
loads. Help of a command loads its file, so imports wait inside the functions; also `typing` and `dataclasses`
do, which take 3 and 8 ms: `TYPE_CHECKING` is False by itself here, and true for mypy by its name.
"""
