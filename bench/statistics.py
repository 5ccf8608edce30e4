"""Statistics: what each part of a build takes to work out everything anew, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.measures import Measure

ROOT = Path(__file__).parents[1]
PARTS = {
    "find_neighbours": "neighbours of every model, with 500 resampled models",
    "work_out_validation": "how well lists of neighbours hold",
    "position": "position among England, class and neighbours",
    "find_certainties": "errors, chances, ranks and funnels",
    "find_trends": "trends",
    "find_projections": "projections",
    "work_out_excellence": "exemplars and their checks",
}


def measure_statistics(scratch: Path) -> Iterator[Measure]:
    """All statistics of the catalogue, and the neighbours among them, as `pipeline.gather` works them out."""
    root = scratch / "statistics"
    root.mkdir()
    for part in ("definitions", "edition"):
        (root / part).symlink_to(ROOT / part)
    program = (
        "import sys; from pathlib import Path; from bench.statistics import time_parts; time_parts(Path(sys.argv[1]))"
    )
    ran = subprocess.run([sys.executable, "-c", program, root], cwd=ROOT, check=True, capture_output=True, text=True)
    taken: dict[str, float] = json.loads(ran.stdout)
    yield Measure("all statistics of the catalogue", sum(taken.values()), "s", 60)
    for part, words in PARTS.items():
        yield Measure(f"  {words}", taken[part], "s", 60 if part == "find_neighbours" else None)


def time_parts(root: Path) -> None:
    """Gather everything from an edition and print the seconds of each part as JSON."""
    import moothall.pipeline.gather as room
    from moothall.pipeline.project import Project, load

    taken = dict.fromkeys(PARTS, 0.0)

    def timed(part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            began = perf_counter()
            try:
                return work(*given, **named)
            finally:
                taken[part] += perf_counter() - began

        return run

    for part in PARTS:
        setattr(room, part, timed(part, getattr(room, part)))
    project = Project(root)
    room.gather(project, load(project))
    print(json.dumps(taken))


if __name__ == "__main__":
    time_parts(Path(sys.argv[1]))
