"""`make bench`: each promise, what it took on this machine, and what that is of the limit.

Times depend on the machine; the ratio to starting Python with nothing to do, in the same run, travels better.
`python -m bench --clone` also times the README's first command from a bare clone, which installs everything.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
MOOTHALL = Path(sys.executable).with_name("moothall")


@dataclass(frozen=True)
class Measure:
    """One promise and what it took."""

    name: str
    seconds: float
    limit: float | None

    def line(self, unit: float) -> str:
        """A row of the table: seconds, how many empty Pythons that is, and the share of the limit."""
        of_limit = f"{100 * self.seconds / self.limit:5.0f} % of {self.limit:g} s" if self.limit else ""
        return f"{self.name:<58}{self.seconds:9.3f} s {self.seconds / unit:9.1f} × {of_limit}"


def time_once(action: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def time_median(action: Callable[[], object], runs: int) -> float:
    """The median seconds of several calls, after one that is not counted."""
    action()
    return median(time_once(action) for _ in range(runs))


def run(*command: str | Path, cwd: Path = ROOT, quiet: bool = True) -> None:
    """Run a command to its end; raises when it fails."""
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL if quiet else None)


def measure_commands(scratch: Path) -> Iterator[Measure]:
    """The command line: help, and a release built from nothing."""
    yield Measure("moothall --help", time_median(lambda: run(MOOTHALL, "--help"), 9), 0.2)
    for part in ("definitions", "edition"):
        (scratch / part).symlink_to(ROOT / part)
    build = (MOOTHALL, "build", "--root", scratch)

    def build_anew() -> None:
        shutil.rmtree(scratch / "releases", ignore_errors=True)
        run(*build)

    yield Measure("moothall build, from edition/ to a release", time_median(build_anew, 3), 10)
    yield Measure("moothall build, nothing changed", time_median(lambda: run(*build), 3), None)


def fetch_page(address: str) -> bytes:
    """The body of a page."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        body: bytes = answer.read()
    return body


def wait_for(address: str, process: subprocess.Popen[bytes], limit: float) -> None:
    """Wait until a page answers; raises when the server has ended or the limit passed."""
    end = time.perf_counter() + limit
    while time.perf_counter() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            fetch_page(address)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"no answer from {address} in {limit} s")


@contextmanager
def started(command: list[str | Path], cwd: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own, ended with everything it started."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def measure_pages(scratch: Path, port: int) -> Iterator[Measure]:
    """One page of each kind from a running server, one request at a time."""
    home = f"http://127.0.0.1:{port}"
    with started([MOOTHALL, "serve", "--root", scratch], scratch, port) as process:
        yield Measure("serve, from start to the first page", time_once(lambda: wait_for(home, process, 30)), None)
        for path in (
            "/",
            "/areas",
            "/areas/E09000008",
            "/metrics/household-waste-recycled?area=E09000008&peers=type",
            "/maps/household-waste-recycled?area=E09000008",
            "/figures/household-waste-recycled/E09000008/2022-23",
            "/api/v1/figures?metric=household-waste-recycled&period=all",
        ):
            yield Measure(f"GET {path}", time_median(lambda path=path: fetch_page(home + path), 9), None)


def measure_clone(scratch: Path, port: int) -> Iterator[Measure]:
    """The README's first command in a bare clone, installs and all, to the first page."""
    clone = scratch / "clone"
    run("git", "clone", "--quiet", ROOT, clone)

    def until_first_page() -> None:
        with started(["make", "run"], clone, port) as process:
            wait_for(f"http://127.0.0.1:{port}/", process, 600)

    yield Measure("make run, from a bare clone to the first page", time_once(until_first_page), 240)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--clone", action="store_true", help="also time `make run` from a bare clone")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    unit = time_median(lambda: run(sys.executable, "-c", "pass"), 9)
    print(f"starting Python with nothing to do: {unit:.3f} s; × is a multiple of that")
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        for measure in measure_commands(scratch):
            print(measure.line(unit), flush=True)
        for measure in measure_pages(scratch, options.port):
            print(measure.line(unit), flush=True)
        if options.clone:
            for measure in measure_clone(scratch, options.port + 1):
                print(measure.line(unit), flush=True)


if __name__ == "__main__":
    main()
