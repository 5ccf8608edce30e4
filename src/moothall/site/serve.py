"""Serving a release over HTTP with Granian."""

import os
import socket
import sys

from granian.constants import Interfaces
from granian.server import Server

from moothall.core.problems import Problem, ProblemsFound

# Each thread keeps a connection of its own to the release; more than this wait for each other rather than work.
THREADS = 4


def serve(port: int, workers: int, started: str) -> None:
    """Serve the current release until interrupted, on the host named by `HOST` (127.0.0.1 unless said).

    `workers` is the number of processes; `started` is said once the port is known to be free. Raises `ProblemsFound`
    when it is taken: the server would share it.
    """
    host = os.environ.get("HOST", "127.0.0.1")
    refuse_taken_port(host, port)
    sys.stdout.write(f"{started}\n")
    sys.stdout.flush()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.site.settings")
    server = Server(
        "moothall.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
    )
    server.serve()


def refuse_taken_port(host: str, port: int) -> None:
    """Raise `ProblemsFound` when something listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"Port {port} of {host} cannot be used: {error.strerror}."
            raise ProblemsFound([Problem("ARGUMENT_INVALID", message)]) from error
