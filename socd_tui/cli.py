"""The command line: arguments in, exit code out. Imports nothing heavy, so that `--help` is instant."""

from __future__ import annotations

import io
import os
import sys

from socd_tui.commands.parts.command import Options
from socd_tui.commands.parts.commands import command_named
from socd_tui.commands.parts.saying import say
from socd_tui.last_resort import told
from socd_tui.model.errors import SocdError
from socd_tui.model.exit_code import INTERRUPTED, PIPE_CLOSED, ExitCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from socd_tui.clock import Clock
    from socd_tui.commands.parts.command import Command

NOT_HERE = "This program runs on Linux and macOS. On Windows, install and start it in WSL (`wsl --install`)."
UNWRITTEN = "The output could not be written: "


def main(
    argv: Sequence[str] | None = None, *, clock: Clock | None = None, platform: str = sys.platform
) -> int:
    """Runs one command. Expected failures are one sentence on standard error and their exit code.

    `clock` stands in for this machine's, and is never set while the program runs.
    """
    if platform == "win32":
        say(NOT_HERE)
        return ExitCode.FAILED
    _fill_closed_streams()
    _buffer_streams()
    try:
        code = _run(argv, clock)
        sys.stdout.flush()
    except SocdError as error:
        from socd_tui.commands.parts.arguments import failed

        own = failed(argv, said := _harmless(str(error)))
        if own is not None:
            return own
        from socd_tui.model.text import sentence

        say(sentence(said))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as error:  # argparse's has a number; Python would print anything else
        if isinstance(error.code, int | None):
            raise
        from socd_tui.model.text import inert

        say(inert(_harmless(str(error.code))))
        return ExitCode.FAILED
    except BrokenPipeError:
        return PIPE_CLOSED
    except OSError as error:  # mostly: the disk behind a redirection is full
        from socd_tui.model.text import clip_middle, inert

        what = f"{clip_middle(inert(_harmless(str(error.filename))), 200)}: " if error.filename else UNWRITTEN
        say(f"{what}{error.strerror}.")
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001  # a mistake of ours, in whatever command
        say(told(error))
        return ExitCode.FAILED
    finally:
        _drop_unwritten()
    return code


def _run(argv: Sequence[str] | None, clock: Clock | None) -> int:
    try:
        command, options = _asked_for(sys.argv[1:] if argv is None else argv)
    except SystemExit:  # after help or the version
        sys.stdout.flush()
        raise
    if command.full_screen:
        from socd_tui.commands.parts.terminal import has_terminal

        if has_terminal(os.environ):  # which will have to be given back
            from socd_tui.tui.guardian import guarded

            return guarded(lambda: _run_command(command, options, clock))
    return _run_command(command, options, clock)


def _asked_for(words: Sequence[str]) -> tuple[Command, Options]:
    """The command and its options. Raises what `parse` does."""
    without_name = None if words else command_named("")
    if without_name is not None:  # there is nothing to be read, and what reads it takes 7 ms to load
        return without_name, Options()
    from socd_tui.commands.parts.arguments import parse

    return parse(words)


def _run_command(command: Command, options: Options, clock: Clock | None) -> int:
    from socd_tui.clock import steady, utc_now
    from socd_tui.commands.parts.context import opened
    from socd_tui.commands.parts.mishaps import mishaps_told

    now, going = clock or utc_now, clock or steady()
    if "," in (options.profile or ""):
        from socd_tui.commands.parts.side_by_side import side_by_side

        with mishaps_told():
            return side_by_side(command, options, now, going)
    with mishaps_told(), opened(options, now, going) as world:
        if command.full_screen:
            return command.run(world)
        try:
            world.tell()
            return command.run(world)
        finally:
            world.tell()


def _harmless(text: str) -> str:
    """Without a token: what was typed may be one, in the wrong place."""
    from socd_tui.model.redaction import redacted
    from socd_tui.model.session import known_secrets

    return redacted(text, known_secrets())


def _fill_closed_streams() -> None:
    """A stream the caller closed leads nowhere: else the next file to be opened would get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def _buffer_streams() -> None:
    """Also where Python was told not to (`-u`, PYTHONUNBUFFERED): what a signal cuts short would be lost.

    The system then takes a part of what is written, of which nobody but a buffer writes the rest.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(raw := getattr(stream, "buffer", None), io.FileIO) and not raw.closefd:  # Python's own
            encoding, errors = stream.encoding, stream.errors
            stream.detach()  # or what it wrote to would be closed with it
            setattr(sys, name, whole := buffered(raw, encoding, errors))
            setattr(sys, f"__{name}__", whole)  # Textual writes to these


def buffered(raw: io.RawIOBase, encoding: str, errors: str | None) -> io.TextIOWrapper:
    """Writes each line at once, and whole."""
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding, errors, line_buffering=True)


def _drop_unwritten() -> None:
    """What nobody takes, as a terminal or a reader is gone, or a disk is full: Python would try again at its
    end, and its exit code would tell of nothing else."""
    for stream in (sys.stdout, sys.stderr):
        if stream.closed:
            continue
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


if __name__ == "__main__":
    raise SystemExit(main())
