"""Connections to the service, by asyncio alone; test_client.py has what becomes of requests that fail."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpcore
import pytest

from socd_tui.service.demo import DemoServer
from socd_tui.service.network import MOST_UNREAD, Network

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def connected(answer: Answer, ask: Callable[[httpcore.AsyncNetworkStream], Awaitable[None]]) -> None:
    """Has `ask` speak to a server that answers each connection so."""

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1")
        async with server:
            _, port = server.sockets[0].getsockname()
            stream = await Network().connect_tcp("127.0.0.1", port, timeout=5)
            try:
                await ask(stream)
            finally:
                await stream.aclose()

    asyncio.run(asyncio.wait_for(run(), 10))


def test_what_is_sent_comes_whole_however_much_it_is_and_then_the_end() -> None:
    sent = bytes(range(256)) * (MOST_UNREAD // 64)

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()
        writer.close()

    async def ask(stream: httpcore.AsyncNetworkStream) -> None:
        came = b""
        while piece := await stream.read(1_000, timeout=5):
            assert len(piece) <= 1_000
            came += piece
        assert came == sent
        assert stream.get_extra_info("is_readable"), "it cannot be used again"

    connected(answer, ask)


def test_a_large_request_waits_until_the_other_side_takes_it() -> None:
    sent = b"x" * (8 << 20)
    taken = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await taken.wait()
        assert await reader.readexactly(len(sent)) == sent
        writer.write(b"thanks")
        writer.close()

    async def ask(stream: httpcore.AsyncNetworkStream) -> None:
        with pytest.raises(httpcore.WriteTimeout):
            await stream.write(sent, timeout=0.05)
        taken.set()
        assert await stream.read(100, timeout=5) == b"thanks"

    connected(answer, ask)


def test_silence_is_a_timeout_and_a_broken_connection_an_error() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        writer.transport.abort()

    async def ask(stream: httpcore.AsyncNetworkStream) -> None:
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(100, timeout=0.01)
        assert not stream.get_extra_info("is_readable")
        await stream.write(b"?")
        with suppress(httpcore.ReadError):  # how the other side ends reaches this one in either way
            assert await stream.read(100, timeout=5) == b""
        assert stream.get_extra_info("is_readable")
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"?")

    connected(answer, ask)


def test_where_nobody_answers_it_is_told() -> None:
    async def ask() -> None:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1")
        _, port = server.sockets[0].getsockname()
        server.close()
        await server.wait_closed()
        with pytest.raises(httpcore.ConnectError):
            await Network().connect_tcp("127.0.0.1", port, timeout=5)

    asyncio.run(ask())


def test_others_have_the_connections_of_anyio_in_the_same_process(demo: DemoServer) -> None:
    script = """
import asyncio, sys
import socd_tui.service.client
import httpx

async def ask(url):
    async with httpx.AsyncClient(timeout=5) as client:
        replies = await asyncio.gather(*(client.get(url) for _ in range(3)))
    print(*(reply.status_code for reply in replies), "anyio" in sys.modules)

asyncio.run(ask(sys.argv[1]))
"""
    command = [sys.executable, "-c", script, f"{demo.base_url}/api/v1/keys"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "401 401 401 True\n"
