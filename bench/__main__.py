"""`make bench`: each promise, what was measured on this machine, and what that is of the limit.

Times depend on the machine; the ratio to starting Python with nothing to do, in the same run, travels better. What asks
the server for pages runs on the same machine and takes its share of it.
`python -m bench --clone` also times the README's first command from a bare clone, which installs everything.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.commands import measure_clone, measure_commands, measure_empty, measure_size
from bench.measures import Measure
from bench.pages import measure_making, measure_serving
from bench.statistics import measure_statistics


def measure_all(scratch: Path, port: int, *, with_clone: bool) -> Iterator[Measure]:
    """Every measure, one after another, all on the release that the first ones build."""
    yield from measure_commands(scratch)
    yield from measure_size(scratch)
    yield from measure_statistics(scratch)
    yield from measure_making(scratch)
    yield from measure_serving(scratch, port)
    if with_clone:
        yield from measure_clone(scratch, port + 1)


def main() -> None:
    """Measure and print; ends with 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clone", action="store_true", help="also time `make run` from a bare clone")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    empty = measure_empty()
    print(f"starting Python with nothing to do: {empty:.3f} s; × is a multiple of that")
    busy = os.getloadavg()[0]
    print(
        f"{busy:.1f} of {os.cpu_count()} processors were busy with other work; times mean little unless that is near 0"
    )
    are_kept = True
    with tempfile.TemporaryDirectory() as directory:
        for measure in measure_all(Path(directory), options.port, with_clone=options.clone):
            print(measure.line(empty), flush=True)
            are_kept = are_kept and measure.is_kept
    raise SystemExit(not are_kept)


if __name__ == "__main__":
    main()
