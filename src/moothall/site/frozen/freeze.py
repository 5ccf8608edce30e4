"""Writing a fixed copy of the site: whole or not at all, by several processes, taking over what an earlier one has."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from moothall.core.problems import Problem, Problems, ProblemsFound
from moothall.release.directory import hash_file
from moothall.release.parts_digested import PartDigests, digest_parts
from moothall.release.queries import Release
from moothall.site.frozen.earlier import DESCRIPTION, EARLIER_LIST, keep_files, read_earlier
from moothall.site.frozen.links import Hosts, is_file
from moothall.site.frozen.listing import Batch, cut, list_batches, list_moved
from moothall.site.frozen.making import Made, Maker, name_file, write_turn

CHECKSUMS = "checksums.txt"
_SAID_EVERY = 5.0  # seconds between two words on how far it has come
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What freezing came to; `problems` are empty or nothing was put in place."""

    directory: Path
    description: dict[str, Any]
    made: int  # addresses
    kept: int
    seconds: float
    problems: Problems


def freeze(
    release: Release,
    directory: Path,
    hosts: Hosts,
    *,
    workers: int = 2,
    has_files: bool = False,
    say: Say | None = None,
) -> Frozen:
    """Write the fixed copy of a release into a directory; an earlier one there stays until this is whole.

    With `has_files` the release's own files are copied, too. Raises `ProblemsFound` with `ARGUMENT_INVALID` when the
    directory holds something else, or an address of `hosts` is none.
    """
    started = time.monotonic()
    refuse_hosts(hosts)
    directory = directory.absolute()
    _refuse_other(directory)
    plan = _Plan(release, hosts, has_files)
    earlier = read_earlier(directory, plan.inputs)
    with _beside(directory) as staging:
        listed = list_batches(release)
        same = [b.name for b in listed if earlier and earlier.has(b.name, plan.rests_on(b))]
        taken = [keep_files(earlier, name, directory, staging, release.record.id) for name in same] if earlier else []
        kept = {one.batch: one for one in taken if one is not None}
        to_make = [batch for batch in listed if batch.name not in kept]
        progress = _Progress(sum(len(batch.addresses) for batch in to_make), say)
        made, problems = _make_all(plan, staging, to_make, workers, progress)
        made += kept.values()
        if not problems.errors:
            wanted = {each for one in made for each in one.wanted} - plan.pages
            made += _make_wanted(plan, staging, wanted, workers, progress, problems)
        many = sum(len(batch.addresses) for batch in listed if batch.name in kept)
        if problems.errors:
            return Frozen(directory, {}, progress.done, many, time.monotonic() - started, problems)
        made.append(_write_others(plan, staging))
        description = _describe(plan, made, listed, staging)
        _put_in_place(staging, directory)
    return Frozen(directory, description, progress.done, many, time.monotonic() - started, problems)


class _Plan:
    """What the copy is to be of, and what each of its batches rests on."""

    def __init__(self, release: Release, hosts: Hosts, has_files: bool) -> None:
        from moothall.site.explorer.release_files import list_files
        from moothall.site.freshness import digest_code

        self.release, self.hosts = release, hosts
        self.release_files = [file.name for file in list_files(release.directory)] if has_files else []
        self.moved = list_moved(release)
        traced = [batch.traces_of for batch in list_batches(release) if batch.traces_of]
        self.pages = frozenset(
            [
                *(address for batch in list_batches(release) for address in batch.addresses),
                *(f"/figures/{key}{ending}" for key in traced for ending in ("", ".json", ".csv")),
                *(f"/releases/{release.record.id}/files/{name}" for name in self.release_files),
            ]
        )
        self.code = digest_code()
        self.parts: PartDigests = digest_parts(release)
        # A page of another release may be kept, so the list of addresses is taken without the release's own name.
        listed = [each.replace(release.record.id, "current") for each in sorted(self.pages)]
        self.inputs = _digest([self.code, asdict(hosts), has_files, listed, sorted(self.moved.items())])

    def rests_on(self, batch: Batch) -> str:
        """The digest of all that a batch's files depend on, but for the release's name; empty where it is made anew."""
        if batch.is_always_made:
            return ""
        if batch.metrics is None:
            return self.parts.combine(None) + self.release.record.built
        return self.parts.combine(batch.metrics, has_exemplars=batch.has_exemplars)


_maker: list[Maker] = []


def _start(*arguments: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends them
    _maker[:] = [Maker(*arguments)]


def _make(batch: Batch) -> Made:
    parent = parent_process()
    if parent is not None and not parent.is_alive():
        os._exit(1)  # it was killed, and nobody waits for what would be made
    return _maker[0].make(batch)


def _make_all(
    plan: _Plan, staging: Path, batches: list[Batch], workers: int, progress: _Progress
) -> tuple[list[Made], Problems]:
    """Make batches in processes of their own, and collect what is wrong."""
    problems = Problems()
    made: list[Made] = []
    if not batches:
        return made, problems
    given = (staging, plan.release.directory.absolute(), plan.hosts, plan.pages, plan.moved)
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=given)
    try:
        waiting = {pool.submit(_make, batch): batch for batch in batches}
        for done in as_completed(waiting):
            made.append(done.result())
            problems.extend(made[-1].problems)
            progress.add(len(waiting[done].addresses))
    except BrokenProcessPool:
        problems.add("PAGE_NOT_MADE", "A process that made pages ended.")
    finally:
        pool.shutdown(cancel_futures=True)
    return made, problems


def _make_wanted(
    plan: _Plan, staging: Path, wanted: set[str], workers: int, progress: _Progress, problems: Problems
) -> list[Made]:
    """Make what pages led to and nobody listed: feeds, charts as files, and releases before this one."""
    made: list[Made] = []
    known: set[str] = set(plan.pages)
    while wanted := wanted - known:
        known |= wanted
        batches = [Batch(f"wanted/{some[0]}", tuple(some)) for some in cut(sorted(wanted), 200)]
        progress.expect(len(wanted))
        found, wrong = _make_all(plan, staging, batches, workers, progress)
        problems.extend(wrong)
        made += found
        wanted = {each for one in found for each in one.wanted}
    return made


def _write_others(plan: _Plan, staging: Path) -> Made:
    """What no address of the site makes: static files, pages that lead on, the release's files and a list of pages."""
    from moothall.site.settings import STATIC_ROOT, WHITENOISE_ROOT
    from moothall.site.sitemap import write_addresses, write_robots

    bodies: dict[str, bytes] = {}
    for root, under in ((STATIC_ROOT, "static/"), (WHITENOISE_ROOT, "")):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix not in {".br", ".gz"}:
                bodies[under + path.relative_to(root).as_posix()] = path.read_bytes()
    for address, there in plan.moved.items():
        bodies[name_file(address)] = write_turn(plan.hosts, there)
    if plan.hosts.base:
        listed = (f"{plan.hosts.base}{each.rstrip('/')}/" for each in _list_pages(plan, staging))
        bodies["sitemap.xml"] = write_addresses(listed, plan.release.record.built).encode()
    sitemap = f"{plan.hosts.base}/sitemap.xml" if plan.hosts.base else ""
    bodies["robots.txt"] = write_robots(sitemap, left_alone=()).encode()
    files: dict[str, tuple[str, int]] = {}
    for name, body in bodies.items():
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        files[name] = hashlib.sha256(body).hexdigest(), len(body)
    for name in plan.release_files:
        path = staging / "releases" / plan.release.record.id / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(plan.release.directory / name, path)
        files[path.relative_to(staging).as_posix()] = hash_file(path), path.stat().st_size
    return Made("others", files)


def _list_pages(plan: _Plan, staging: Path) -> list[str]:
    return [each for each in sorted(plan.pages) if not is_file(each) and (staging / name_file(each)).is_file()]


def _describe(plan: _Plan, made: Iterable[Made], batches: Iterable[Batch], staging: Path) -> dict[str, Any]:
    """Write what the copy is, what its batches rest on, and its checksums: the same for the same release and code."""
    made = list(made)
    files = {name: each for one in made for name, each in one.files.items()}
    rests = {batch.name: plan.rests_on(batch) for batch in batches}
    lists = {
        one.batch: {"rests_on": rests[one.batch], "files": one.files, "wanted": sorted(one.wanted), "pages": one.pages}
        for one in sorted(made, key=lambda one: one.batch)
        if rests.get(one.batch)
    }
    sizes = {name: size for name, (_, size) in files.items()}
    largest = max((name for name in sizes if name.endswith(".html")), key=lambda name: (sizes[name], name))
    description = {
        "format": 1,
        "release": plan.release.record.id,
        "digest": plan.release.record.digest,
        "code": plan.code,
        "base": plan.hosts.base,
        "live": plan.hosts.live,
        "inputs": plan.inputs,
        "counts": {
            "files": len(files),
            "pages": sum(one.pages for one in made),
            "tables": sum(name.endswith(".csv") and not name.startswith("figures/") for name in files),
            "traces": sum(name.startswith("figures/") and name.endswith(".json") for name in files),
            "bytes": sum(sizes.values()),
        },
        "largest_page": {"file": largest, "bytes": sizes[largest]},
    }
    own = {DESCRIPTION: description, EARLIER_LIST: {"release": plan.release.record.id, "batches": lists}}
    sums = {name: digest for name, (digest, _) in files.items()}
    for name, said in own.items():
        body = json.dumps(said, indent=1 if name == DESCRIPTION else None, sort_keys=True).encode() + b"\n"
        (staging / name).write_bytes(body)
        sums[name] = hashlib.sha256(body).hexdigest()
    lines = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    (staging / CHECKSUMS).write_text(lines, encoding="utf-8")
    return description


class _Progress:
    """Says how far it has come: how many addresses, how many a second, how long to go."""

    def __init__(self, total: int, say: Say | None) -> None:
        self.done, self._total, self._say = 0, total, say
        self._started = self._said = time.monotonic()

    def expect(self, many: int) -> None:
        """There are more than was thought."""
        self._total += many

    def add(self, many: int) -> None:
        """So many more are done."""
        self.done += many
        now = time.monotonic()
        if self._say and (now - self._said >= _SAID_EVERY or self.done == self._total):
            self._said = now
            rate = self.done / max(now - self._started, 0.001)
            left = (self._total - self.done) / rate
            self._say(f"{self.done:,} of {self._total:,} addresses, {rate:.0f} a second, {left:.0f} s left")


def refuse_hosts(hosts: Hosts) -> None:
    """Raise `ProblemsFound` where an address to which pages are to lead is not a whole one."""
    problems = Problems()
    for name, address in (("--base", hosts.base), ("--live", hosts.live)):
        parts = urlsplit(address)
        if address and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
            problems.add("ARGUMENT_INVALID", f"{name} is an address such as https://figures.example, not {address!r}.")
        if name == "--live" and parts.path.strip("/"):
            problems.add("ARGUMENT_INVALID", f"The live service lies at the root of its host, not at {parts.path!r}.")
    problems.raise_errors()


def _refuse_other(directory: Path) -> None:
    """Raise `ProblemsFound` where a directory holds what no freezing wrote: it would be put away."""
    aside = _name_aside(directory)
    if aside.is_dir() and not directory.exists():
        aside.rename(directory)  # the last one was interrupted between two renames
    is_ours = (directory / DESCRIPTION).is_file() or (directory.is_dir() and not any(directory.iterdir()))
    if directory.exists() and not is_ours:
        message = f"{directory} holds something that is not a fixed copy of Moothall."
        raise ProblemsFound([Problem("ARGUMENT_INVALID", message)])
    if not directory.parent.is_dir():
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"There is no folder {directory.parent}.")])


@contextmanager
def _beside(directory: Path) -> Iterator[Path]:
    """A directory beside the one to be written, gone when done; what an interrupted freezing left goes first."""
    for left in directory.parent.glob(f".{directory.name}.freezing-*"):
        if not _is_running(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)
    staging = directory.with_name(f".{directory.name}.freezing-{os.getpid()}")
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (OSError, ValueError):
        return False
    return True


def _name_aside(directory: Path) -> Path:
    return directory.with_name(f".{directory.name}.earlier")


def _put_in_place(staging: Path, directory: Path) -> None:
    aside = _name_aside(directory)
    shutil.rmtree(aside, ignore_errors=True)
    if directory.exists():
        directory.rename(aside)
    staging.rename(directory)
    shutil.rmtree(aside, ignore_errors=True)


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def say_on_standard_error(words: str) -> None:
    """Say how far it has come, where the result is not printed."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
