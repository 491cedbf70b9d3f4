"""Calls a program of the person's: without a shell, without a secret, and not for longer than it may take."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import UnsupportedOperation

from socd_tui.model.errors import UsageError
from socd_tui.model.session import known_secrets
from socd_tui.model.text import inert, quoted
from socd_tui.store.environment import VARIABLE

LIMIT_S = 30.0
"""After so long a program is ended."""
GRACE_S = 2.0
"""How long it may take to end when it is asked to."""


def program(typed: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The program and its arguments, as a shell would part them, which none is. Raises UsageError."""
    try:
        words = shlex.split(typed)
    except ValueError:
        words = []
    if not words:
        raise UsageError(
            f"{quoted(inert(typed[:60]))} is no command.", "Close its quotes, or name a program."
        )
    if shutil.which(words[0], path=environ.get("PATH", os.defpath)) is None:
        raise UsageError(
            f"There is no program {quoted(inert(words[0][:60]))}.",
            "Give its path; for a line of a shell write: sh -c '…'.",
        )
    return tuple(words)


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for somebody else's program."""
    secrets = known_secrets()
    return {
        name: value
        for name, value in environ.items()
        if name != VARIABLE and not any(secret in value for secret in secrets)
    }


async def call(
    words: Sequence[str],
    environ: Mapping[str, str],
    given: str,
    *,
    limit_s: float = LIMIT_S,
    grace_s: float = GRACE_S,
) -> str:
    """Runs it with this on its input, its output beside our data. Why it failed; empty where it has not."""
    name = quoted(inert(words[0][:60]))
    try:
        running = await asyncio.create_subprocess_exec(
            *words,
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=_beside_data(),
            stderr=_beside_data(),
            start_new_session=True,  # so that all that it starts can be ended with it
        )
    except OSError as error:
        return f"{name} could not be called: {error.strerror}."
    try:
        await asyncio.wait_for(running.communicate(given.encode()), limit_s)
    except TimeoutError:
        return f"{name} took longer than {limit_s:g} s and was ended."
    finally:
        await _end(running, grace_s)
    return f"{name} ended with exit code {running.returncode}." if running.returncode else ""


async def _end(running: asyncio.subprocess.Process, grace_s: float) -> None:
    """It and all that it has started, if it goes on: asked first, then made to."""
    if running.returncode is not None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(running.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(running.wait(), grace_s)
            return


def _beside_data() -> int:
    try:
        return sys.stderr.fileno()
    except (UnsupportedOperation, AttributeError, ValueError):
        return subprocess.DEVNULL
