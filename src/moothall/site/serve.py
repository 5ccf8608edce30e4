"""Serving a release over HTTP with Granian."""

import os
from pathlib import Path

from granian.constants import Interfaces
from granian.server import Server

# Each thread keeps a connection of its own to the release; more than this wait for each other rather than work.
THREADS = 4


def serve(port: int, workers: int, release: Path | None = None) -> None:
    """Serve until interrupted, on the host named by `HOST` (127.0.0.1 unless said).

    `workers` is the number of processes; `release` is a release directory, by default the current one.
    """
    if release is not None:
        os.environ["MOOTHALL_RELEASE"] = str(release.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.site.settings")
    server = Server(
        "moothall.site.wsgi:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
    )
    server.serve()
