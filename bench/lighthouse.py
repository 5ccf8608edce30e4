"""`make lighthouse`: what Lighthouse says of each kind of page of the release, as on a slow telephone.

Each page is asked for first, so that what is measured is the page and not its making. Lighthouse is run three times and
the middle run counts, as its makers advise, for times differ from run to run; other work on the machine makes them
longer. `python -m bench.lighthouse --port PORT` measures a site that is served already.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import Any

from bench.commands import MOOTHALL, ROOT
from bench.measures import Measure
from bench.server import HOST, fetch, started, wait_for

PAGES = {
    "find": "/find?q=bins",
    "area": "/areas/E09000008/croydon",
    "topic": "/topics/waste",
    "area and topic": "/areas/E09000008/topics/waste",
    "metric": "/metrics/household-waste-recycled?area=E09000008",
    "place": "/places/E07000041/exeter",
    "compare": "/compare?areas=E09000008&areas=E09000003&topic=waste",
    "national": "/national",
    "national topic": "/national/waste",
    "national metric": "/national/waste/household-waste-recycled",
}
SCORES = {"performance": 98, "accessibility": 100, "best-practices": 100}
"""The least points of 100 that a page may have."""
TIMES = {
    "largest-contentful-paint": ("largest paint", 1.2),
    "total-blocking-time": ("blocked", None),
}
_SHIFT = "cumulative-layout-shift"
_RUNS, _TRIES = 3, 3  # now and then Chromium's trace lacks its beginning, and Lighthouse says to run again
_PROGRAM = ROOT / "bench/node_modules/lighthouse/cli/index.js"
_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

Report = dict[str, Any]


def measure_pages(port: int, pages: dict[str, str]) -> Iterator[Measure]:
    """The scores and times of each page; what costs it points in accessibility or practice is printed."""
    for name, address in pages.items():
        fetch(port, address)
        reports = [run_lighthouse(f"http://{HOST}:{port}{address}") for _ in range(_RUNS)]
        for category, least in SCORES.items():
            score = median(100 * report["categories"][category]["score"] for report in reports)
            yield Measure(f"{name}: {category}", score, "", least, is_least=True)
        for audit, (words, most) in TIMES.items():
            seconds = median(report["audits"][audit]["numericValue"] for report in reports) / 1000
            yield Measure(f"{name}: {words}", seconds, "s", most)
        shift = max(report["audits"][_SHIFT]["numericValue"] for report in reports)
        yield Measure(f"{name}: layout shift", shift, "", 0)
        for said in sorted({said for report in reports for said in list_faults(report)}):
            print(f"  {said}")


def run_lighthouse(url: str) -> Report:
    """Lighthouse's report on a page, by its preset for telephones; raises where it has none after some tries."""
    command: list[str | Path] = [
        "node", _PROGRAM, url, "--quiet", "--output=json", "--output-path=stdout",
        f"--only-categories={','.join(SCORES)}", f"--chrome-flags={_FLAGS}",
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": str(_CHROMIUM)}
    said = ""
    for _ in range(_TRIES):
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
        said = ran.stderr
        if ran.returncode == 0:
            report: Report = json.loads(ran.stdout)
            if "runtimeError" not in report:
                return report
    raise RuntimeError(f"{url}: {said}")


def list_faults(report: Report) -> Iterator[str]:
    """What costs a page points in accessibility or best practice, and where."""
    for category in ("accessibility", "best-practices"):
        for ref in report["categories"][category]["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                items = audit.get("details", {}).get("items", [{}])
                places = [item.get("node", {}).get("selector", "") for item in items[:3]]
                yield f"{audit['id']}: {audit['title']} {'; '.join(filter(None, places))}".rstrip()


def main() -> None:
    """Measure and print; ends with 1 when a page is not as promised."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.lighthouse", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--port", type=int, help="measure the site that is served here, instead of building and serving"
    )
    parser.add_argument("--page", choices=PAGES, action="append", help="only this page")
    options = parser.parse_args()
    if _CHROMIUM is None or not _PROGRAM.exists():
        raise SystemExit("Lighthouse needs Chromium on the PATH and `npm ci` in bench/: run `make lighthouse`")
    port = options.port or 8766
    pages = {name: PAGES[name] for name in options.page or PAGES}
    are_kept = True
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        if options.port is None:
            for part in ("definitions", "edition"):
                (root / part).symlink_to(ROOT / part)
            subprocess.run((MOOTHALL, "build", "--root", root), check=True, stdout=subprocess.DEVNULL)
        serving = nullcontext() if options.port else started([MOOTHALL, "serve", "--root", root], root, port)
        with serving as process:
            if process is not None:
                wait_for(port, process, 30)
            for measure in measure_pages(port, pages):
                print(measure.line(1), flush=True)
                are_kept = are_kept and measure.is_kept
    raise SystemExit(not are_kept)


if __name__ == "__main__":
    main()
