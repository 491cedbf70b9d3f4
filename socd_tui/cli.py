"""The command line: arguments in, exit code out. Imports nothing heavy, so that `--help` is instant."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from socd_tui import __version__
from socd_tui.clock import Clock, utc_now
from socd_tui.model.errors import SocdError, UsageError
from socd_tui.model.window import DEFAULT_DAYS, RANGE, parse_days

EPILOG = """exit codes:
  0 ok   1 failed   2 wrong usage, or no terminal   5 not signed in, or the session has expired
  6 some keys could not be read (the rest was printed)   128+n ended by signal n

environment:
  SOCD_SESSION_TOKEN   session token; wins over the stored one
  SOCD_BASE_URL        the service, default https://socdefenders.ai
  SOCD_KEYRING=1       keep the token in the system keyring (extra "keyring")
  NO_COLOR, SOCD_ASCII=1, SSL_CERT_FILE, HTTPS_PROXY, XDG_*_HOME are honoured

config.toml in the configuration folder holds preferences; columns of --filter and --sort have
the names of the JSON document. The README tells more.
"""


def main(argv: Sequence[str] | None = None, *, clock: Clock = utc_now) -> int:
    """Runs one command. Expected failures are one sentence on standard error and their exit code."""
    _fill_closed_streams()
    try:
        args = parser().parse_args(argv)
        code = _dispatch(args, clock)
        sys.stdout.flush()
    except SocdError as error:
        print(f"socd-tui: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _drop_output()
        return 141
    except OSError as error:  # mostly: the disk behind a redirection is full
        _drop_output()
        what = f"{error.filename}: " if error.filename else "The output could not be written: "
        print(f"socd-tui: {what}{error.strerror}.", file=sys.stderr)
        return 1
    return code


def _fill_closed_streams() -> None:
    """A stream the caller closed leads nowhere: else the next file to be opened would get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def _drop_output() -> None:
    """Whoever read it has left; nothing more may be written at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser() -> argparse.ArgumentParser:
    """The whole command line. Options that suit every command may stand before or after its name."""
    root = argparse.ArgumentParser(
        prog="socd-tui",
        description="Who is burning my API limit? Usage analytics for SOC Defenders API keys.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_everywhere(defaults=True), _looking(defaults=True)],
    )
    root.add_argument("--view", metavar="NAME", help="view to open (default overview)")
    root.add_argument("--theme", choices=("socd-dark", "socd-light", "socd-contrast"), help="colours")
    root.add_argument("--version", action="version", version=f"socd-tui {__version__}")
    root.set_defaults(command="")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, words: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=words,
            description=words[:1].upper() + words[1:] + ".",
            parents=[_everywhere(), *parents],
        )

    show = command("show", "print one view", _looking())
    show.add_argument(
        "view_name", metavar="VIEW", help="overview, series, endpoints, status, heatmap, budget or bill"
    )
    show.add_argument("--compare", action="store_true", help="beside the equal window before")
    show.add_argument("--filter", metavar="EXPR", help="text, !text, /regex/, or requests>10k, err%%>5, ...")
    show.add_argument("--sort", metavar="COLUMN", help="a column of the view, with :asc or :desc")
    show.add_argument("--format", choices=("table", "json", "csv", "md"), default="table")
    show.add_argument("--raw", action="store_true", help="with json: add the service's own payloads")
    keys = command("keys", "print the account's keys")
    keys.add_argument("--format", choices=("table", "json", "csv", "md"), default="table")
    login = command("login", "store a session token from a hidden prompt or standard input")
    login.add_argument("--stdin", action="store_true", help="read the token from standard input")
    command("logout", "forget the session token everywhere it was stored")
    status = command("status", "tell what is known of the session, without asking the service")
    status.add_argument("--format", choices=("text", "json"), default="text")
    history = command("history", "tell what is remembered of the keys, without asking the service")
    history.add_argument("--prune", metavar="DAYS", help="forget what is older than so many days")
    history.add_argument("--format", choices=("text", "json"), default="text")
    demo = command("demo-server", "run the simulated service on loopback")
    demo.add_argument("--port", type=_count, default=0, help="default: a free one")
    demo.add_argument("--dialect", choices=("flat", "nested"), default="flat", help="payload shape to speak")
    demo.add_argument("--keys", type=_count, default=10, metavar="N", help="how many keys the account has")
    demo.add_argument("--latency-ms", type=_count, default=0, metavar="N", help="wait before each answer")
    demo.add_argument(
        "--seed", type=int, default=1, metavar="N", help="another account with the same stories"
    )
    demo.add_argument("--now", metavar="TIME", help="stop its clock at this moment (ISO 8601)")
    return root


def _everywhere(*, defaults: bool = False) -> argparse.ArgumentParser:
    """Options of every command. After the command's name they must not reset what stood before it."""
    group = argparse.ArgumentParser(add_help=False, argument_default=None if defaults else argparse.SUPPRESS)
    flag = {"action": "store_true", "default": False if defaults else argparse.SUPPRESS}
    group.add_argument("--demo", help="a simulated service with stories: no account, no network", **flag)  # type: ignore[arg-type]
    group.add_argument(
        "--base-url", metavar="URL", help="the service to ask (default https://socdefenders.ai)"
    )
    group.add_argument("--ascii", help="draw with ASCII only", **flag)  # type: ignore[arg-type]
    group.add_argument("--no-color", help="no colour", **flag)  # type: ignore[arg-type]
    return group


def _looking(*, defaults: bool = False) -> argparse.ArgumentParser:
    """Options that choose keys and window."""
    group = argparse.ArgumentParser(add_help=False, argument_default=None if defaults else argparse.SUPPRESS)
    group.add_argument(
        "--key",
        action="append",
        metavar="SEL",
        default=[] if defaults else argparse.SUPPRESS,
        help="a key's id, prefix, or unique name; repeatable (default: all keys)",
    )
    group.add_argument(
        "--days",
        type=_days,
        metavar="N",
        default=None if defaults else argparse.SUPPRESS,
        help=f"look-back window, {RANGE} (default {DEFAULT_DAYS})",
    )
    return group


def _days(text: str) -> int:
    try:
        return parse_days(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if not (
        text.isascii() and text.isdigit() and int(text) < 65536
    ):  # the highest port, and ample for the rest
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a whole number from 0 to 65535")
    return int(text)


def _dispatch(args: argparse.Namespace, clock: Clock) -> int:
    match args.command:
        case "show":
            from socd_tui.commands.show import show

            return show(args, clock)
        case "keys":
            from socd_tui.commands.show import keys

            return keys(args, clock)
        case "login" | "logout" | "status":
            from socd_tui.commands import account

            commands = {"login": account.login, "logout": account.logout, "status": account.status}
            return commands[args.command](args, clock)
        case "history":
            from socd_tui.commands.history import history

            return history(args, clock)
        case "demo-server":
            from socd_tui.commands.demo import demo_server

            return demo_server(args, clock)
        case _:
            from socd_tui.commands.interactive import interactive

            return interactive(args, clock)


if __name__ == "__main__":
    raise SystemExit(main())
