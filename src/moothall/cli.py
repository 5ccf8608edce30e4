"""The `moothall` command: parses arguments, calls one function, prints."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moothall.core.problems import Problem
    from moothall.pipeline.project import Outcome, Project

# Everything else is imported where it is used: `moothall --help` answers without it.
SHOWN_OF_EACH_CODE = 10
UNWRITABLE = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT}
PROBLEM_PAGES = Path(__file__).parents[2] / "docs" / "problems"  # of the checkout; a wheel has only their titles
FORMATS = ("csv", "json", "xlsx", "ods", "parquet", "jsonstat", "csvw")
Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code (`core.problems.Exit`)."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    from moothall.core.problems import Exit, Place, Problem, ProblemsFound

    try:
        return command(options)
    except ProblemsFound as found:
        _finish(options, {}, found.problems)
        return found.problems.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINE
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        message = f"{(error.strerror or str(error)).capitalize()}."
        _finish(options, {}, [Problem("CANNOT_WRITE", message, Place(str(error.filename or "")))])
        return Exit.USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="moothall", description="Comparable, traceable figures on every English council."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, command: Command, help_text: str, *, within: Any = commands) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = within.add_parser(name, help=help_text, description=help_text)
        added.set_defaults(command=command)
        added.add_argument("--json", action="store_true", help="print the result as JSON")
        added.add_argument(
            "--root", type=Path, default=None, metavar="DIR", help="the project (default: found upwards)"
        )
        return added

    def add_sources(added: argparse.ArgumentParser) -> None:
        added.add_argument("sources", nargs="*", metavar="SOURCE", help="sources to work on (default: all)")

    fetched = add("fetch", _fetch, "Bring publishers' files into the vault and write the locks.")
    add_sources(fetched)
    fetched.add_argument("--mirror", type=Path, metavar="DIR", help="take the files from a folder, not the network")
    add_sources(add("ingest", _ingest, "Read the vault's files into the edition's observations."))
    add("check", _check, "Check every definition, and the edition against the locks.")
    built = add("build", _build, "Build a release from the edition.")
    built.add_argument("--as-of", metavar="DATE", help="use only what was known on this day (YYYY-MM-DD)")
    differed = add("diff", _diff, "Read what one release changes from another, which publishing it asks for.")
    differed.add_argument("old", nargs="?", help="the earlier release (default: the one published last)")
    differed.add_argument("new", nargs="?", help="the later release (default: the newest)")
    verified = add("verify", _verify, "Check a release's files, and read its figures' cells again from the raw files.")
    verified.add_argument("release", nargs="?", help="the release (default: the one served)")
    verified.add_argument("--figures", type=_count, default=1000, metavar="N", help="how many figures to read again")
    verified.add_argument("--seed", type=int, default=0, help="which figures (default 0)")
    traced = add("trace", _trace, "Show the cells a figure rests on.")
    for name in ("metric", "area", "period"):
        traced.add_argument(name)
    traced.add_argument("--breakdown", default="all")
    traced.add_argument("--release", default=None)
    likened = add("neighbours", _neighbours, "List the councils most like one, by our model or another.")
    likened.add_argument("area", help="ONS code of the council")
    likened.add_argument("--model", default="open_general", help="a model, or a published set (default open_general)")
    likened.add_argument("--version", default=None, help="default: the newest")
    likened.add_argument("--release", default=None)
    explained = add("explain", _explain, "Explain a problem code.")
    explained.add_argument("code", nargs="?", help="the code (default: list them)")
    exported = add("export", _export, "Write figures as a file, in the formats of the API.")
    for name in ("metric", "area", "period", "topic", "breakdown"):
        exported.add_argument(f"--{name}", action="append", default=[], help="may be repeated")
    exported.add_argument("--peers", default="england", choices=["england", "type", "region", "neighbours"])
    exported.add_argument("--format", default=None, choices=FORMATS, help="default: csv")
    exported.add_argument("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)")
    exported.add_argument("--release", default=None)
    served = add("serve", _serve, "Serve the site and the API.")
    served.add_argument("--port", type=_port, default=None, help="default: PORT in the environment, else 8000")
    served.add_argument("--workers", type=_count, default=1)
    served.add_argument("--release", default=None)
    frozen = add("freeze", _freeze, "Write the public pages as files that any host serves.")
    frozen.add_argument("directory", type=Path, metavar="DIR", help="where to; an earlier fixed copy there is replaced")
    frozen.add_argument("--live", default="", metavar="ADDRESS", help="the live service, for what files cannot do")
    frozen.add_argument(
        "--base", default="", metavar="ADDRESS", help="where the copy will lie (default: a host's root)"
    )
    frozen.add_argument("--files", action="store_true", help="copy the release's own files, too")
    frozen.add_argument("--workers", type=_count, default=2, help="processes (default 2)")
    frozen.add_argument("--release", default=None)
    published = add("publish", _publish, "Point `releases/current` at a release whose changes were read.")
    published.add_argument("release", nargs="?", help="the release (default: the newest)")
    add("rollback", _rollback, "Point `releases/current` back at the release published before, at once.")
    new = commands.add_parser("new", help="Draft something new.").add_subparsers(metavar="WHAT", required=True)
    drafted = add("source", _new_source, "Draft a source's definition from one of its files.", within=new)
    drafted.add_argument("file", type=Path)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def _project(options: argparse.Namespace) -> Project:
    from moothall.pipeline.project import find_project

    return find_project(options.root.resolve() if options.root else Path.cwd())


def _finish(options: argparse.Namespace, result: dict[str, Any], problems: Iterable[Problem] = ()) -> None:
    """Print a result; problems come last, so that they are what is read."""
    listed = list(problems)
    if options.json:
        result = result | {"problems": [problem.as_json() for problem in listed]}
        print(json.dumps(result, indent=2, ensure_ascii=False, default=str))
        return
    for key, value in result.items():
        print(f"{key}: {value}")
    shown: dict[str, int] = {}
    for problem in listed:
        shown[problem.code] = shown.get(problem.code, 0) + 1
        if shown[problem.code] <= SHOWN_OF_EACH_CODE:
            print(f"{problem.severity}: {problem}", file=sys.stderr)
    for code, count in shown.items():
        more = f", {SHOWN_OF_EACH_CODE} shown" if count > SHOWN_OF_EACH_CODE else ""
        print(f"{count} × {code}{more} (moothall explain {code})", file=sys.stderr)


def _report(options: argparse.Namespace, outcome: Outcome) -> int:
    done = {"done": outcome.done} if options.json else dict(outcome.done)
    _finish(options, done, outcome.problems)
    return outcome.problems.exit_code


def _fetch(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from moothall.pipeline.edition import fetch

    return _report(options, fetch(_project(options), options.sources, options.mirror, datetime.now(UTC).date()))


def _ingest(options: argparse.Namespace) -> int:
    from moothall.pipeline.edition import ingest

    return _report(options, ingest(_project(options), options.sources))


def _check(options: argparse.Namespace) -> int:
    from moothall.pipeline.edition import check

    return _report(options, check(_project(options)))


def _build(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from moothall.analysis.gate import count_findings, list_problems
    from moothall.pipeline.project import read_day
    from moothall.pipeline.release import build

    as_of = read_day(options.as_of) if options.as_of else None
    written = build(_project(options), built=datetime.now(UTC).date(), as_of=as_of)
    state = "built" if written.is_new else "unchanged"
    done = {"release": written.id, "digest": written.digest, "path": written.path, "state": state}
    _finish(options, done | {"quality": count_findings(written.findings)}, list_problems(written.findings))
    return 0


def _diff(options: argparse.Namespace) -> int:
    from moothall.pipeline.release import compare_releases, note_read
    from moothall.release.diff import write_words

    project = _project(options)
    difference = compare_releases(project, options.old, options.new)
    if options.json:
        note_read(project, difference)
        _finish(options, difference.as_json())
        return 0
    print(write_words(difference), flush=True)  # what could not be printed was not read
    if kept := note_read(project, difference):
        print(f"Noted as read, and kept in {kept.relative_to(project.root)}: 'moothall publish {difference.new}'")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from moothall.pipeline.release import verify

    return _report(options, verify(_project(options), options.release, options.figures, options.seed))


def _as_data(value: Any) -> Any:
    """A record as JSON takes it: its fields by their names, and those of the records in it."""
    names = getattr(value, "_fields", None) or getattr(value, "__dataclass_fields__", None)
    if names is not None:
        return {name: _as_data(getattr(value, name)) for name in names}
    return [_as_data(each) for each in value] if isinstance(value, tuple) else value


def _trace(options: argparse.Namespace) -> int:
    from moothall.pipeline.release import trace

    asked = (options.metric, options.area, options.period, options.breakdown)
    found = trace(_project(options), options.release, *asked)
    if options.json:
        print(json.dumps(_as_data(found), indent=2, ensure_ascii=False, default=str))
        return 0
    figure = found.figure
    print(f"{found.metric.title}, {found.area.name}, {figure.period_label}: {figure.text}")
    if found.formula:
        print(f"{found.formula} = {found.formula_worked or figure.text}")
    for cell in found.cells:
        name = f"{cell.name}: " if cell.name else ""
        print(f"{name}{cell.metric_title}: {cell.text}, from {cell.sheet}!{cell.cell} = {cell.stored!r}")
        print(f"  {cell.edition.title}, published {cell.edition.published} ({cell.edition.published_basis_label})")
        print(f"  {cell.edition.address or 'no address known'}, sha256 {cell.edition.sha256}")
        for earlier in cell.earlier:
            print(f"  earlier: {earlier.text} in {earlier.edition.title}, {earlier.sheet}!{earlier.cell}")
    return 0


def _neighbours(options: argparse.Namespace) -> int:
    from moothall.pipeline.release import list_neighbours

    found = list_neighbours(_project(options), options.release, options.area, options.model, options.version)
    if options.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return 0
    print(f"{found['area_name']}, by {found['model']} {found['version']}", end="")
    print(f", among {found['pool_size']} {found['pool_label']}" if found["pool"] else "")
    for each in found["neighbours"]:
        near = "" if each["distance"] is None else f"  {each['distance']:.3f}"
        stays = "" if each["inclusion"] is None else f"  in {100 * each['inclusion']:.0f} of 100 re-runs"
        word = f"  {each['closeness']}" if each["closeness"] else ""
        print(f"{each['place']:>2}  {each['area']}  {each['area_name']}{near}{word}{stays}")
    if found["why_none"]:
        print(f"There is no list. {found['why_none']['sentence']}")
    return 0


def _explain(options: argparse.Namespace) -> int:
    from moothall.core.problems import KINDS, Problem, ProblemsFound

    if options.code is None:
        _finish(options, {code: kind.title for code, kind in KINDS.items()})
        return 0
    kind = KINDS.get(options.code.upper())
    if kind is None:
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"There is no problem code {options.code!r}.")])
    page = PROBLEM_PAGES / f"{kind.code}.md"
    text = page.read_text(encoding="utf-8") if page.exists() else f"{kind.title}. {kind.remedy}"
    if options.json:
        _finish(options, {"code": kind.code, "title": kind.title, "remedy": kind.remedy, "text": text})
    else:
        print(text)
    return 0


def _export(options: argparse.Namespace) -> int:
    from moothall.core.problems import Problem, ProblemsFound
    from moothall.pipeline.release import tabulate
    from moothall.release.comparators import Comparators
    from moothall.release.downloads.formats import Format, write
    from moothall.release.figures import Selection
    from moothall.site.addresses import api_figures_address

    if options.json and options.format not in {None, "json"}:
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"--json and --format {options.format} do not go together.")])
    form = Format("json" if options.json else options.format or "csv")
    if form.is_binary and options.output is None and sys.stdout.isatty():
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"A terminal cannot show {form.label}: give --output.")])
    if options.output is not None and (options.output.is_dir() or not options.output.absolute().parent.is_dir()):
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"{options.output} cannot be a file: look at its folder.")])
    selection = Selection(
        metric=tuple(options.metric),
        area=tuple(options.area),
        topic=tuple(options.topic),
        period="all" if options.period == ["all"] else tuple(options.period) or "latest",
        breakdown=tuple(options.breakdown) or ("all",),
        peers=Comparators(options.peers),
    )
    names = ("metric", "area", "period", "topic", "breakdown")
    address = api_figures_address(
        [*((name, each) for name in names for each in vars(options)[name]), ("peers", options.peers)]
    )
    described = options.output.name.removesuffix("-metadata.json") if options.output else "figures.csv"
    pieces = write(tabulate(_project(options), options.release, selection, address), form, described)
    if options.output is None:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        return 0
    beside = options.output.with_name(f".{options.output.name}.part")  # whole or not at all
    try:
        with beside.open("wb") as file:
            file.writelines(pieces)
        beside.replace(options.output)
    finally:
        beside.unlink(missing_ok=True)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from moothall.core.problems import Problem, ProblemsFound
    from moothall.pipeline.release import find_release
    from moothall.release.pointer import current
    from moothall.site.serve import refuse_taken_port, serve

    project = _project(options)
    try:
        port = options.port if options.port is not None else _port(os.environ.get("PORT", "8000"))
    except argparse.ArgumentTypeError as error:
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"PORT: {error}.")]) from error
    if options.release:
        os.environ["MOOTHALL_RELEASE"] = str(find_release(project, options.release).directory)
    # Without a release named, the site follows the pointer: what is published later is served without a new start.
    os.environ["MOOTHALL_RELEASES"] = str(project.releases)
    release = current(project.releases, os.environ)
    refuse_taken_port(port)
    print(f"Serving {release.name} at http://127.0.0.1:{port}/", flush=True)
    serve(port, options.workers)
    return 0


def _freeze(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.site.settings")
    from moothall.pipeline.release import find_release
    from moothall.site.frozen.freeze import freeze, say_on_standard_error
    from moothall.site.frozen.links import Hosts

    release = find_release(_project(options), options.release)
    hosts = Hosts(options.base.rstrip("/"), options.live.rstrip("/"))
    done = freeze(
        release,
        options.directory,
        hosts,
        workers=options.workers,
        has_files=options.files,
        say=say_on_standard_error,
    )
    said = {key: done.description[key] for key in ("release", "counts", "largest_page") if key in done.description}
    spent = {"made": done.made, "kept": done.kept, "seconds": round(done.seconds, 1)}
    _finish(options, {"directory": done.directory} | said | spent, done.problems)
    return done.problems.exit_code


def _publish(options: argparse.Namespace) -> int:
    from moothall.release.pointer import find_newest, publish

    releases = _project(options).releases
    release_id = options.release or find_newest(releases).name
    _finish(options, {"published": release_id}, publish(releases, release_id))
    return 0


def _rollback(options: argparse.Namespace) -> int:
    from moothall.release.pointer import rollback

    _finish(options, {"published": rollback(_project(options).releases)})
    return 0


def _new_source(options: argparse.Namespace) -> int:
    from moothall.core.problems import Problem, ProblemsFound
    from moothall.ingest.draft import draft_source

    if not options.file.is_file():
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"There is no file {options.file}.")])
    print(draft_source(options.file), end="")
    return 0
