"""Serving a release over HTTP with Granian."""

import os
import signal
import socket
from importlib import import_module
from typing import Any

from granian.constants import Interfaces
from granian.server import Server

from moothall.core.problems import Problem, ProblemsFound

# Each thread keeps a connection of its own to the release; more than this wait for each other rather than work.
THREADS = 4


def serve(port: int, workers: int) -> None:
    """Serve the current release until interrupted, on the host named by `HOST` (127.0.0.1 unless said).

    `workers` is the number of processes.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.site.settings")
    server = Server(
        "moothall.site.wsgi",
        address=find_host(),
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
    )
    server.serve(target_loader=load_in_worker)


def load_in_worker(module: str) -> Any:
    """The application, in a process that leaves the terminal's Ctrl-C to its parent.

    Told to end by both, one right after the other, it never would.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    return import_module(module).application


def find_host() -> str:
    """The address to listen on."""
    return os.environ.get("HOST", "127.0.0.1")


def refuse_taken_port(port: int) -> None:
    """Raise `ProblemsFound` when something listens there already: the server would share the port with it."""
    host = find_host()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"Port {port} of {host} cannot be used: {error.strerror}."
            raise ProblemsFound([Problem("ARGUMENT_INVALID", message)]) from error
