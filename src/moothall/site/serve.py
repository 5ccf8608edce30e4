"""Serving a release over HTTP with Granian."""

import logging
import os
import signal
import socket
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any
from wsgiref.util import setup_testing_defaults

from granian.constants import Interfaces
from granian.server import Server

from moothall.core.problems import Problem, ProblemsFound
from moothall.site.addresses import area_address, metric_address

log = logging.getLogger(__name__)
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
    application = import_module(module).application
    warm(application)
    return application


def warm(application: Callable[..., Iterable[bytes]]) -> int:
    """Make a page of each main kind, so that no reader waits until the register is read and templates are compiled.

    Answers how many were made; what is wrong with one is for its reader to be told.
    """
    from django.conf import settings

    from moothall.site.served import NothingServed, take_release

    host = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    try:
        release = take_release()
    except NothingServed:
        return 0
    council = next(iter(release.areas(principal_only=True)), None)
    metric = next((each for each in release.metrics() if each.latest_period), None)
    addresses = ["/", "/areas", "/topics", "/metrics"]
    if council is not None:
        addresses.append(area_address(council))
    if metric is not None:
        addresses.append(metric_address(metric.key, area=council.code if council else None))
    made = 0
    for address in addresses:
        path, _, query = address.partition("?")
        asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host}
        environ: dict[str, Any] = {}
        setup_testing_defaults(environ)
        try:
            for _part in application(environ | asked, lambda *_: None):
                pass
        except Exception:
            log.exception("%s could not be made", address)
        else:
            made += 1
    return made


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
