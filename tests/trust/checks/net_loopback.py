"""The demo and the tests, watched at every connection and every look-up of a name."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from tests.terminal.pseudo import PROGRAM, ROOT, Terminal, environment
from tests.trust.check import Check, NotHere, Outcome, Trial

HOOK = """
import os, sys
def hook(event, arguments, out=os.open({0!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)):
    if event == "socket.getaddrinfo":
        os.write(out, f"asked {{arguments[0]}}\\n".encode())
    elif event == "socket.gethostbyname":
        os.write(out, f"asked {{arguments[0]}}\\n".encode())
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(arguments[1], tuple):
        os.write(out, f"connected {{arguments[1][0]}}\\n".encode())
sys.addaudithook(hook)
"""
"""Notes what Python is asked to do with sockets."""

_ADDRESS = re.compile(r'(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")')

CAREFUL = (sys.executable, "-m", "socd_tui")
# A program that looks for a newer version of itself first. No packet can leave for this address.
CARELESS = (
    sys.executable,
    "-c",
    "import socket, sys\n"
    "with socket.socket() as updates:\n"
    "    updates.settimeout(0.2)\n"
    "    updates.connect_ex(('255.255.255.255', 443))\n"
    "from socd_tui.cli import main\n"
    "sys.exit(main(sys.argv[1:]))",
)

DEMO = (
    ("show", "overview", "--demo"),
    ("keys", "--demo", "--format", "json"),
    ("show", "heatmap", "--demo", "--days", "30", "--compare"),
    *(("show", view, "--demo") for view in ("series", "endpoints", "status", "budget", "bill")),
    ("--help",),
    ("status",),
)
TESTS = (
    "tests/unit/service",
    "tests/unit/test_odd_answers.py",
    "tests/journeys/test_refreshing.py",
    "tests/terminal/test_crash.py",
)


@dataclass
class Watch:
    """Runs programs, and knows what they connected to: by the system's calls, else by Python's own."""

    folder: Path
    strace: str | None

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.log = self.folder / "calls.txt"
        site = self.folder / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(HOOK.format(str(self.log)))
        own = {} if self.strace else {"PYTHONPATH": f"{site}{os.pathsep}{ROOT}"}
        self.environ = environment(self.folder / "home", **own)

    def program(self, program: Sequence[str]) -> tuple[str, ...]:
        if self.strace is None:
            return tuple(program)
        calls = "trace=connect,sendto,sendmsg,sendmmsg"
        return (self.strace, "-f", "-qq", "-s", "0", "-A", "-e", calls, "-o", str(self.log), *program)

    def run(self, *program: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            self.program(program), env=self.environ, cwd=ROOT, capture_output=True, check=False
        )

    def look(self) -> None:
        """The terminal program on the demo, with all its views."""
        with Terminal("--demo", environ=self.environ, program=self.program(PROGRAM)) as terminal:
            terminal.shows("as of")
            for key in "12345678r":
                terminal.type(key)
                terminal.settled(0.05)
            terminal.type("q")
            terminal.ended()

    def connections(self) -> Iterator[str]:
        """Each address or name that was ever used."""
        for line in self.log.read_text(errors="replace").splitlines() if self.log.exists() else ():
            if self.strace is None:
                yield line.partition(" ")[2]
            elif found := _ADDRESS.search(line):
                yield found[1] or found[2]


def _is_here(name: str) -> bool:
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return name in ("localhost", "None", "")


def attack(trial: Trial, program: Sequence[str], *, everything: bool) -> Outcome:
    strace = shutil.which("strace") if trial.whole else None
    if trial.whole and strace is None:
        raise NotHere("strace")
    watch = Watch(trial.home / "watched", strace)
    faults = []
    commands = DEMO[: trial.count(1, len(DEMO))]
    for command in commands:
        watch.run(*program, *command)
    tried = f"{len(commands)} commands"
    if everything:
        watch.look()
        tried += ", the UI"
    if everything and trial.whole:
        done = watch.run(sys.executable, "-m", "pytest", "-q", "-n", "0", *TESTS)
        if done.returncode:
            faults.append(f"the tests failed: {done.stdout[-300:].decode(errors='replace')}")
        tried += f" and the tests of {len(TESTS)} places"
    seen = list(watch.connections())
    if everything and not seen:
        faults.append("nothing was seen: not even the demo's own service was asked")
    faults += sorted({f"off this machine: {name}" for name in seen if not _is_here(name)})
    away = sum(not _is_here(name) for name in seen)
    return Outcome(tried, f"{away} of {len(seen):,} connections left loopback", tuple(faults))


def ours(trial: Trial) -> Outcome:
    return attack(trial, CAREFUL, everything=True)


def naive(trial: Trial) -> Outcome:
    return attack(trial, CARELESS, everything=False)


CHECK = Check(
    name="net_loopback",
    must_show="neither the demo nor a test connects to, or asks for, anything beyond this machine",
    ours=ours,
    naive=naive,
    naive_is="a program that looks for updates",
)
