"""``--scheduler`` where no scheduler is: one line within seconds, and the process ends."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from sim import cluster
from sim.executors import open_executor

pytest.importorskip("distributed")

pytestmark = pytest.mark.slow

#: Not a matter of speed: without limits of ours a silent server is waited for for ever.
STALL = 30
# Python ignores Ctrl-C where its parent did, so the child asks for it.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from sim.cli.main import main
main()
"""


def start(address: str) -> subprocess.Popen[str]:
    words = ["run", "two_players", "-n", "20", "--scheduler", address]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as made:
        yield made


def address_of(server: socket.socket) -> str:
    return f"tcp://127.0.0.1:{server.getsockname()[1]}"


def assert_told(address: str, code: int, what: str) -> None:
    """Check that the command ends by itself with one line."""
    process = start(address)
    out, err = process.communicate(timeout=STALL)
    assert (process.returncode, out) == (code, "")
    assert err.startswith(f"--scheduler {address}: ")
    assert what in err
    assert err.count("\n") == 1, err


def test_a_server_that_says_nothing_is_given_up(server: socket.socket) -> None:
    assert_told(address_of(server), 1, "no scheduler answers there within 5 s")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.0\r\n",
        bytes(64),
        (20).to_bytes(8, "little") + b"x" * 20,
        b"",
    ],
    ids=["http", "ssh", "zeros", "noise", "hangs up"],
)
def test_a_server_that_speaks_another_language_is_told(
    server: socket.socket, answer: bytes
) -> None:
    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with closing(line):
                line.sendall(answer)
                line.recv(1)

    threading.Thread(target=serve, daemon=True).start()
    assert_told(address_of(server), 1, "what answers there is no dask scheduler")


def test_a_web_server_is_no_scheduler() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert_told(f"tcp://127.0.0.1:{server.server_port}", 1, "scheduler")
        server.shutdown()


def test_a_worker_is_no_scheduler() -> None:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=None
    ) as found:
        address = found.workers[0].address
        assert_told(address, 1, "what answers there is no dask scheduler")


@pytest.mark.parametrize(
    ("address", "code", "what"),
    [
        ("tcp://127.0.0.1:9", 1, "no scheduler answers there within 5 s"),
        ("tcp://no-such-host.invalid:8786", 1, "the host is not known"),
        ("127.0.0.1", 2, "missing port number"),
        ("http://127.0.0.1:8786", 2, "unknown address scheme 'http'"),
        ("tls://127.0.0.1:9", 2, "is no address"),
    ],
)
def test_an_address_where_nothing_is_is_told(address: str, code: int, what: str) -> None:
    assert_told(address, code, what)


def test_ctrl_c_ends_the_wait_for_an_answer(server: socket.socket) -> None:
    process = start(address_of(server))
    server.settimeout(STALL)
    line, _ = server.accept()
    with closing(line):
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=STALL)
    assert (process.returncode, err.strip()) == (130, "interrupted; nothing was written")


def test_a_scheduler_that_starts_a_moment_later_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    refused = threading.Event()
    connected = cluster._connected

    async def watched(*given: Any) -> Any:
        line = await connected(*given)
        if line is None:
            refused.set()
        return line

    def work() -> list[Any]:
        with open_executor(1, f"tcp://127.0.0.1:{port}") as executor:
            return list(executor.map(abs, [-1]))

    monkeypatch.setattr(cluster, "_connected", watched)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(work)
        assert refused.wait(STALL)
        with LocalCluster(
            n_workers=1,
            processes=False,
            protocol="tcp",
            host="127.0.0.1",
            scheduler_port=port,
            dashboard_address=None,
        ):
            assert answer.result(STALL) == [1]
