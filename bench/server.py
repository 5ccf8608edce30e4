"""A server to measure, and one question to it at a time."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

HOST = "127.0.0.1"


@contextmanager
def started(command: list[str | Path], cwd: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own, ended with everything it started."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "PORT": str(port), "HOST": HOST},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def wait_for(port: int, process: subprocess.Popen[bytes], limit: float) -> None:
    """Wait until the first page answers; raises when the server has ended or the limit passed."""
    end = time.perf_counter() + limit
    while time.perf_counter() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            fetch(port, "/")
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"no answer on port {port} in {limit} s")


def fetch(port: int, address: str) -> bytes:
    """The body of a page as it is sent, compressed; raises `HTTPException` for any status but 200."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != 200:
        raise http.client.HTTPException(f"{address}: {answer.status}")
    return body
