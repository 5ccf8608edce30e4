"""Pages: made from the release, sent to a first-time reader, and given again."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

from bench.commands import MOOTHALL
from bench.measures import Measure, time_median, time_once
from bench.server import fetch, started, wait_for

MADE = 400
"""How many metric pages are made, each once."""
_WARMING = 40
_SEED = 20
_GROUPS, _CHOSEN = 100, 8
_LOTS = random.Random(_SEED)
_SIZED = 25  # metric pages that are weighed
_LOAD_SECONDS = 4.0
_CONNECTIONS = 4
_MANY = 2_000  # pages after which memory is looked at


def measure_making(scratch: Path) -> Iterator[Measure]:
    """Metric pages that were not asked for before, made in this process; compression is not in it, the request is."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "moothall.site.settings",
        "MOOTHALL_RELEASES": str(scratch / "releases"),
    }
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    def start(status: str, headers: object, failure: object = None) -> Any:
        if status != "200 OK":
            raise RuntimeError(status)

    def make(address: str) -> None:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        b"".join(application(environ, start))

    addresses = list_metric_addresses()
    for address in islice(addresses, _WARMING):
        make(address)
    taken = [1000 * time_once(partial(make, address)) for address in islice(addresses, MADE)]
    yield Measure(f"a metric page made, mean of {MADE} new ones (150 a second)", mean(taken), "ms", 1000 / 150)
    yield Measure("  median", median(taken), "ms")
    yield Measure("  95 in 100 took at most", quantiles(taken, n=20)[-1], "ms")
    yield Measure("  the slowest", max(taken), "ms")
    addresses = list_metric_addresses()
    groups = [f"{address}&peers=custom{choose_group()}" for address in islice(addresses, MADE, MADE + _GROUPS)]
    taken = [1000 * time_once(partial(make, address)) for address in groups]
    yield Measure(f"  the same beside a group of {_CHOSEN} of one's own, median of {_GROUPS}", median(taken), "ms", 30)


def choose_group() -> str:
    """Some councils drawn by lot, as parameters of a metric's page."""
    from moothall.site.served import take_release

    codes = [council.code for council in take_release().areas(principal_only=True)]
    return "".join(f"&with={code}" for code in _LOTS.sample(codes, _CHOSEN))


def list_metric_addresses() -> Iterator[str]:
    """The newest metric page of every council that has one, in a random order that is always the same."""
    from moothall.core.periods import parse_key
    from moothall.site.served import take_release

    release = take_release()
    councils = release.areas(principal_only=True)
    pairs = [
        (metric.key, council.code)
        for metric in release.metrics()
        if metric.latest_period
        for council in councils
        if council.opened is None or council.opened <= parse_key(metric.latest_period).end
    ]
    random.Random(_SEED).shuffle(pairs)
    return (f"/metrics/{metric}?area={code}" for metric, code in pairs)


def measure_serving(scratch: Path, port: int) -> Iterator[Measure]:
    """What one worker sends: each kind of page the first time and again, a first view in bytes, and many at once."""
    with started([MOOTHALL, "serve", "--root", scratch], scratch, port) as process:
        yield Measure("serve, from start to the first page", time_once(lambda: wait_for(port, process, 30)), "s")
        for path in (
            "/areas",
            "/areas/E09000008/croydon",
            "/metrics",
            "/metrics/household-waste-recycled",
            "/metrics/household-waste-recycled?area=E09000008&peers=type",
            "/metrics/household-waste-recycled/against/deprivation-score?area=E09000008",
            "/maps/household-waste-recycled?area=E09000008",
            "/topics/waste",
            "/figures/household-waste-recycled/E09000008/2022-23",
            "/releases/current",
            "/api/v1/metrics",
            "/api/v1/figures?metric=household-waste-recycled&period=all",
        ):
            cold = time_once(partial(fetch, port, path))
            yield Measure(f"GET {path}", 1000 * cold, "ms")
            yield Measure("  again", 1000 * time_median(partial(fetch, port, path), 9), "ms")
        yield from _measure_first_view(port)
        yield from _measure_load(port)
        yield from _measure_memory(port, process)


def _measure_first_view(port: int) -> Iterator[Measure]:
    """The largest of some metric pages with its style sheets and scripts, as they are sent."""
    weights = []
    for address in islice(list_metric_addresses(), _SIZED):
        page = fetch(port, f"{address}&peers=england")
        files = _list_files(page)
        weights.append(len(page) + sum(len(fetch(port, file)) for file in files))
    yield Measure(f"first view of a metric page, largest of {_SIZED}", max(weights) / 1000, "kB", 110)


def _list_files(page: bytes) -> list[str]:
    html = gzip.decompress(page).decode()
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    return [*styles, *re.findall(r'<script[^>]* src="([^"]+)"', html)]


def _measure_memory(port: int, process: subprocess.Popen[bytes]) -> Iterator[Measure]:
    """What the largest process of the server takes after many pages, less the release's file, which can be dropped."""
    for address in islice(list_metric_addresses(), _MANY):
        fetch(port, address)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    pids = [str(process.pid), *children.read_text().split()] if children.is_file() else []
    taken = [sum(map(int, re.findall(r"^Anonymous:\s+(\d+)", _read_memory(pid), re.MULTILINE))) for pid in pids]
    if taken:
        yield Measure(f"memory of one worker after {_MANY:,} pages", max(taken) / 1000, "MB", 350)


def _read_memory(pid: str) -> str:
    return Path(f"/proc/{pid}/smaps_rollup").read_text()


def _measure_load(port: int) -> Iterator[Measure]:
    """Requests a second for pages asked for before, over connections that are kept alive."""
    addresses = list(islice(list_metric_addresses(), _SIZED))
    for address in addresses:
        fetch(port, address)
    command = [sys.executable, "-m", "bench.load", str(port), str(_LOAD_SECONDS), str(_CONNECTIONS), *addresses]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    name = f"pages asked for before, one worker, {_CONNECTIONS} connections"
    yield Measure(name, told["answers"] / told["seconds"], "/s", 3000, is_least=True)
    share = 100 * told["processor"] / told["seconds"]
    yield Measure(f"  the asking itself took, of one of {os.cpu_count()} processors", share, "%")
