"""The fixed copy: whole, without a broken link, the same each time, and quick where little changed."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from moothall.cli import main
from moothall.core.problems import Exit, ProblemsFound
from moothall.release.queries import Release
from moothall.site.frozen.freeze import Frozen, freeze
from moothall.site.frozen.links import Hosts, Links
from tests.barsetshire.pages import find_rows, text_of
from tests.release.barset import BARCHESTER, GREATER_PLUMSTEAD, OBSERVED, add_up, build_release, make_contents
from tests.site.frozen_copy import FrozenCopy

LIVE = "https://live.moothall.example"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("whole"), make_contents(catalogue=add_up()))


@pytest.fixture(scope="module")
def frozen(whole: Release, tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    done = freeze(whole, tmp_path_factory.mktemp("frozen") / "site", Hosts())
    assert list(done.problems) == []
    return done


@pytest.fixture(scope="module")
def copy(frozen: Frozen) -> FrozenCopy:
    return FrozenCopy(frozen.directory)


@pytest.fixture(scope="module")
def linked(whole: Release, tmp_path_factory: pytest.TempPathFactory) -> FrozenCopy:
    """A copy below a path of its host, beside a live service."""
    directory = tmp_path_factory.mktemp("linked") / "site"
    done = freeze(whole, directory, Hosts("https://figures.example/councils", LIVE), has_files=True)
    assert list(done.problems) == []
    return FrozenCopy(directory, "/councils")


def list_contents(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_no_link_is_broken(copy: FrozenCopy) -> None:
    assert len(copy.pages) > 80
    assert copy.list_broken() == []


def test_no_link_is_broken_below_a_path_and_beside_a_live_service(linked: FrozenCopy) -> None:
    assert linked.list_broken() == []


def test_what_files_cannot_do_leads_to_the_live_service(linked: FrozenCopy) -> None:
    page = linked.read(f"/councils/areas/{BARCHESTER}/barchester")
    links = linked.list_links(page)
    assert ("form", f"{LIVE}/find") in links
    assert any(address.startswith(f"{LIVE}/metrics/") and "area=" in address for _, address in links)
    assert any(address.startswith(f"{LIVE}/figures/") for _, address in links)


def test_without_a_live_service_no_form_asks_and_no_link_has_a_query(copy: FrozenCopy) -> None:
    for name, page in copy.pages.items():
        for tag, address in copy.list_links(page):
            if address.startswith("/"):
                assert "?" not in address or address.startswith("/static/"), f"{name}: {address}"
            if tag == "form":
                assert address == "/this-copy/"
        assert " name=" not in "".join(part for part in page.split("<input")[1:] if "data-find" in part)[:200]


def test_every_page_says_that_it_is_a_fixed_copy(copy: FrozenCopy) -> None:
    for name, page in copy.pages.items():
        assert "http-equiv" in page or 'href="/this-copy/">what works here</a>' in page, name
    assert "They need the live service" in text_of(copy.read("/this-copy/"))


def test_a_page_shows_the_same_figures_as_its_table_and_the_release(copy: FrozenCopy, whole: Release) -> None:
    rows = find_rows(copy.read("/metrics/bins-missed"))
    with (copy.directory / "metrics/bins-missed/figures.csv").open(encoding="utf-8-sig") as file:
        table = {row["area"]: row for row in csv.DictReader(line for line in file)}
    latest = whole.metric("bins-missed").latest_period or ""
    for code, row in rows.items():
        figure = whole.figure("bins-missed", code, latest)
        assert row["Value"].startswith(figure.text)
        assert table[code]["value"] == ("" if figure.value is None else repr(figure.value).removesuffix(".0"))


def test_each_figure_has_the_lineage_that_its_trace_has(copy: FrozenCopy, whole: Release) -> None:
    seen = 0
    for metric in whole.metrics():
        shard = json.loads((copy.directory / f"figures/{metric.key}.json").read_text(encoding="utf-8"))
        with (copy.directory / f"figures/{metric.key}.csv").open(encoding="utf-8") as file:
            table = list(csv.reader(file))
        assert table[0] == shard["columns"]
        assert [["" if each is None else str(each) for each in row] for row in shard["rows"]] == table[1:]
        for row in shard["rows"]:
            said = dict(zip(shard["columns"], row, strict=True))
            trace = whole.trace(metric.key, said["area"], said["period"], breakdown=said["breakdown"])
            assert trace.figure.value == said["value"]
            if said["cell"]:
                (cell,) = trace.cells
                assert (cell.edition.key, cell.sheet, cell.cell) == (said["edition"], said["sheet"], said["cell"])
                assert shard["editions"][said["edition"]]["sha256"] == cell.edition.sha256
            elif trace.formula:
                named = dict(each.split("=") for each in said["made_from"].split(";"))
                assert {cell.name.split(".")[0] for cell in trace.cells if cell.name} <= set(named)
            elif trace.parts:
                assert said["made_from"].split(";") == sorted(part.area for part in trace.parts)
            seen += 1
    assert seen == whole.record.counts.figures


def test_the_addresses_of_the_contract_lead_to_pages(copy: FrozenCopy, whole: Release) -> None:
    for address in (
        "/",
        f"/areas/{BARCHESTER}",
        f"/areas/{BARCHESTER}/barchester",
        f"/areas/{BARCHESTER}/topics/{whole.topics()[0].key}",
        f"/places/{GREATER_PLUMSTEAD}",
        "/topics",
        "/national",
        "/metrics/bins-missed",
        "/maps/bins-missed",
        "/outcomes",
        "/excellence",
        "/gaps",
        "/releases",
        f"/releases/{whole.record.id}",
        "/methods",
        "/api",
        "/about",
        "/accessibility",
        "/contact",
        "/figures/bins-missed",
        "/404.html",
    ):
        assert copy.find(address) is not None, address


def test_checksums_and_counts_are_of_what_is_there(frozen: Frozen, copy: FrozenCopy) -> None:
    there = list_contents(copy.directory)
    said = dict(line.split("  ")[::-1] for line in (copy.directory / "checksums.txt").read_text().splitlines())
    assert said == {name: digest for name, digest in there.items() if name != "checksums.txt"}
    counts = frozen.description["counts"]
    assert counts["files"] == len(said) - 2  # but for what describes the copy
    assert json.loads((copy.directory / "freeze.json").read_text())["counts"] == counts


def test_the_same_release_gives_the_same_bytes_whoever_made_which_page(
    frozen: Frozen, whole: Release, tmp_path: Path
) -> None:
    again = freeze(whole, tmp_path / "again", Hosts(), workers=1)
    assert list_contents(again.directory) == list_contents(frozen.directory)


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release with one metric's values revised, and no other's."""
    rows = [
        (*row[:4], row[4] + 1, *row[5:]) if row[0] == "carers-content" and row[4] is not None else row
        for row in OBSERVED
    ]
    return build_release(tmp_path_factory.mktemp("revised"), make_contents(rows, add_up()))


def test_what_is_kept_is_what_would_be_made(frozen: Frozen, revised: Release, tmp_path: Path) -> None:
    assert revised.record.id != frozen.description["release"]
    shutil.copytree(frozen.directory, tmp_path / "site")
    kept = freeze(revised, tmp_path / "site", Hosts())
    anew = freeze(revised, tmp_path / "anew", Hosts())
    assert kept.kept > 0
    assert kept.made < anew.made
    assert list_contents(tmp_path / "site") == list_contents(tmp_path / "anew")


def test_a_file_that_somebody_changed_is_made_anew(frozen: Frozen, whole: Release, tmp_path: Path) -> None:
    shutil.copytree(frozen.directory, tmp_path / "site")
    (tmp_path / "site/maps/bins-missed/index.html").write_text("changed")
    freeze(whole, tmp_path / "site", Hosts())
    assert list_contents(tmp_path / "site") == list_contents(frozen.directory)


def test_a_page_that_cannot_be_made_leaves_the_last_copy_as_it_was(
    frozen: Frozen, whole: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moothall.site.frozen import freeze as room

    shutil.copytree(frozen.directory, tmp_path / "site")
    (tmp_path / "site/freeze-batches.json").unlink()
    listed = room.list_batches(whole)
    wrong = replace(listed[0], addresses=("/areas/E99999999",))
    monkeypatch.setattr(room, "list_batches", lambda release: [wrong])
    done = freeze(whole, tmp_path / "site", Hosts(), workers=1)
    assert [problem.code for problem in done.problems] == ["PAGE_NOT_MADE"]
    assert done.problems.exit_code is Exit.DATA
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (tmp_path / "site/metrics/bins-missed/index.html").is_file()


def test_what_is_no_copy_is_never_put_away(whole: Release, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers/thesis.txt").write_text("ten years")
    with pytest.raises(ProblemsFound, match="not a fixed copy"):
        freeze(whole, tmp_path / "papers", Hosts())
    assert (tmp_path / "papers/thesis.txt").read_text() == "ten years"


@pytest.mark.parametrize("hosts", [Hosts("figures.example"), Hosts("", "https://live.example/below"), Hosts("/x")])
def test_an_address_that_is_none_is_refused(whole: Release, tmp_path: Path, hosts: Hosts) -> None:
    with pytest.raises(ProblemsFound) as found:
        freeze(whole, tmp_path / "site", hosts)
    assert [problem.code for problem in found.value.problems] == ["ARGUMENT_INVALID"]


@pytest.mark.parametrize(
    ("address", "led"),
    [
        ("/metrics/bins", "/metrics/bins/"),
        ("/metrics/bins#table", "/metrics/bins/#table"),
        ("/areas/E1", "/areas/E1/here/"),
        ("/metrics/bins?area=E1", "/metrics/bins/"),
        ("/topics/waste?area=E1", None),  # another view of the page itself
        ("/figures/bins/E1/2024", "/figures/bins/"),
        ("/compare?areas=E1", None),
        ("/api/v1/figures?topic=waste&format=csv", "/topics/waste/figures.csv"),
        ("/api/v1/figures?topic=waste&format=xlsx", None),
        ("/api/v1/figures?area=E1&period=all&format=csv", "/areas/E1/history.csv"),
        ("https://example.org/a", "https://example.org/a"),
        ("#table", "#table"),
        ("/static/site.css?v=1", "/static/site.css?v=1"),
    ],
)
def test_where_links_lead_without_a_live_service(address: str, led: str | None) -> None:
    pages = {"/metrics/bins", "/topics/waste", "/figures/bins"}
    assert Links(Hosts(), pages, {"/areas/E1": "/areas/E1/here"}).lead("/topics/waste", address) == led


def test_the_command_says_what_it_made(
    whole: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(whole.directory))
    (tmp_path / "definitions").mkdir()
    assert main(["freeze", str(tmp_path / "site"), "--root", str(tmp_path), "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["release"] == whole.record.id
    assert told["counts"]["pages"] > 70
    assert "addresses" in said.err
