"""The command line: help, a release built from nothing, and the README's first command from a bare clone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.measures import Measure, time_median, time_once
from bench.server import started, wait_for

ROOT = Path(__file__).parents[1]
MOOTHALL = Path(sys.executable).with_name("moothall")


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command to its end, its output unseen; raises when it fails."""
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def measure_empty() -> float:
    """Seconds to start Python with nothing to do: the yardstick of every other time."""
    return time_median(lambda: run(sys.executable, "-c", "pass"), 9)


def measure_commands(scratch: Path) -> Iterator[Measure]:
    """Help, and a release of all sources built in an empty directory, which stays there."""
    yield Measure("moothall --help", time_median(lambda: run(MOOTHALL, "--help"), 9), "s", 0.2)
    shutil.copytree(ROOT / "definitions", scratch / "definitions")
    (scratch / "edition").symlink_to(ROOT / "edition")
    build = (MOOTHALL, "build", "--root", scratch)

    def build_anew() -> None:
        shutil.rmtree(scratch / "releases", ignore_errors=True)
        run(*build)

    yield Measure("moothall build, from edition/ to a release", time_median(build_anew, 3), "s", 120)
    yield Measure("moothall build, nothing changed", time_median(lambda: run(*build), 3), "s")
    yield Measure("moothall build, one source changed", time_changed(scratch, lambda: run(*build)), "s", 10)


def time_changed(scratch: Path, build: Callable[[], None]) -> float:
    """Median seconds of a build after one source's definition has changed; leaves all as it was."""
    source = scratch / "definitions" / "sources" / "dft-road-condition.yaml"
    before = {path.name for path in (scratch / "releases").iterdir()}
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("polarity: lower", "polarity: none"), encoding="utf-8")

    def sweep() -> None:
        for path in (scratch / "releases").iterdir():
            if path.name not in before:
                shutil.rmtree(path)

    def build_changed() -> None:
        sweep()
        build()

    seconds = time_median(build_changed, 3)
    sweep()
    source.write_text(text, encoding="utf-8")
    return seconds


def measure_size(scratch: Path) -> Iterator[Measure]:
    """What the release takes on the disk."""
    release = next(path for path in (scratch / "releases").iterdir() if path.is_dir())
    parquet = sum(path.stat().st_size for path in (release / "parquet").iterdir())
    yield Measure("the release's database", (release / "moothall.sqlite").stat().st_size / 1e6, "MB", 600)
    yield Measure("the release's Parquet files", parquet / 1e6, "MB")
    edition = sum(path.stat().st_size for path in (ROOT / "edition").rglob("*") if path.is_file())
    yield Measure("edition/", edition / 1e6, "MB", 60)


def measure_clone(scratch: Path, port: int) -> Iterator[Measure]:
    """`make run` in a bare clone, installs and all, to the first page."""
    clone = scratch / "clone"
    run("git", "clone", "--quiet", ROOT, clone)

    def until_first_page() -> None:
        with started(["make", "run"], clone, port) as process:
            wait_for(port, process, 600)

    yield Measure("make run, from a bare clone to the first page", time_once(until_first_page), "s", 240)
