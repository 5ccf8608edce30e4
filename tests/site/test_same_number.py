"""The same number everywhere: 2,000 random figures of the real release, in each place that shows them."""

from __future__ import annotations

import html
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import polars as pl
import pytest
from django.test import Client

from moothall.release.downloads.figures import FIGURE_COLUMNS
from moothall.release.queries import Release
from moothall.site.explorer.breakdowns import name_metric
from moothall.site.explorer.report_questions import AUDIENCES
from tests.release.downloads import reading
from tests.site.carried import see_embeds, see_pictures, see_report, see_sheets
from tests.site.sightings import Site, check_links, check_row, check_sentence, see_strip, see_trend
from tests.site.written import Key, Told, find_pieces, make_told, read_descriptions, read_text, write

SEED = 2026
PARTS = 10  # so that two workers share them
GROUPS, NEWEST, SIZE = 41, 4, 5
"""A part has so many groups of figures of one metric, breakdown and period, and some of them are the newest."""
NOT_STORED = 16  # figures of a part that nobody has a row for
PLACES = 4  # pages of places in each part
KINDS = {column.name: str(column.kind) for column in FIGURE_COLUMNS}


def test_numbers_are_written_by_the_rule() -> None:
    assert write(0.5, "percent", 0) == "1%"
    assert write(-0.5, "percent", 0) == "−1%"
    assert write(-0.04, "percent", 1) == "0.0%"
    assert write(2.675, "pounds", 2) == "£2.68"
    assert write(-1234567.891, "pounds_per_head", 2) == "−£1,234,567.89 per head"
    assert write(999, "count", 0) == "999"
    assert (write(117549, "count", -2), write(49, "count", -2)) == ("117,500", "0")
    assert write(1000, "per_1000", 1) == "1,000.0 per 1,000"
    assert write(20230401, "date", 0) == "1 April 2023"


@pytest.fixture
def site(real_release: Release, django_ready: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(real_release.directory))
    return Client(HTTP_HOST="localhost")


@cache
def draw_groups(release: Release) -> list[list[list[Key]]]:
    """The parts' groups: most figures are stored, some are of councils that stood then and have no row.

    A group's slice is drawn as one of its figures is, and its figures are drawn from it: each is as likely as another.
    """
    slice_names = ["metric_key", "breakdown", "period"]
    stored = pl.read_parquet(
        release.directory / "parquet" / "figures.parquet", columns=["metric_key", "breakdown", "area_code", "period"]
    )
    latest = pl.DataFrame(
        {"metric_key": [each.key for each in release.metrics()], "period": [m.latest_period for m in release.metrics()]}
    )
    newest = stored.filter(pl.col("breakdown") == "all").join(latest, on=["metric_key", "period"], how="semi")
    any_slices = _draw_slices(stored, slice_names, PARTS * (GROUPS - NEWEST))
    new_slices = _draw_slices(newest.join(any_slices, on=slice_names, how="anti"), slice_names, PARTS * NEWEST)
    slices = pl.concat([any_slices, new_slices])
    held = stored.join(slices, on=slice_names, how="semi").sample(fraction=1, shuffle=True, seed=SEED)
    areas = {key: frame["area_code"].to_list() for key, frame in held.partition_by(slice_names, as_dict=True).items()}
    chance = random.Random(SEED)  # noqa: S311 - to draw, not to hide
    standing = [area.code for area in release.areas(principal_only=True) if area.opened is None]
    groups: list[list[Key]] = []
    for number, (metric, breakdown, period) in enumerate(slices.rows()):
        having = areas[metric, breakdown, period]
        without = sorted(set(standing) - set(having)) if number // PARTS >= GROUPS - NOT_STORED else []
        drawn = [*having[: SIZE - bool(without)], *([chance.choice(without)] if without else [])]
        groups.append([(metric, breakdown, area, period) for area in drawn])
    return [groups[part::PARTS] for part in range(PARTS)]


def _draw_slices(stored: pl.DataFrame, names: list[str], many: int) -> pl.DataFrame:
    """Different slices, each drawn as one of its figures."""
    drawn = stored.select(names).sample(4 * many, seed=SEED, shuffle=True).unique(maintain_order=True)
    return drawn.head(many)


def tell(site: Site, group: list[Key]) -> list[Told]:
    """Ask the API for a group's figures together and for each alone; the answers agree in every field."""
    listed = {row["area"]: row for row in json.loads(site.take(address_figures(group)))["figures"]}
    assert set(listed) == {key[2] for key in group}
    for metric, breakdown, area, period in group:
        one = urlencode({"breakdown": breakdown, "peers": "type"})
        alone = json.loads(site.take(f"/api/v1/figures/{metric}/{area}/{period}?{one}"))
        assert {name: alone[name] for name in listed[area]} == listed[area]
    return [make_told(listed[key[2]]) for key in group]


def address_figures(group: list[Key], form: str = "") -> str:
    metric, breakdown, _, period = group[0]
    asked = [("metric", metric), ("breakdown", breakdown), ("period", period), ("peers", "type")]
    asked += [("area", key[2]) for key in group]
    return "/api/v1/figures?" + urlencode([*asked, ("format", form)] if form else asked)


def see_metric_page(told: Told, site: Site) -> Counter[str]:
    """Sentence, key, charts and row of the council's metric page."""
    metric, breakdown, area, period = told.key
    query = urlencode({"area": area, "peers": "type", "period": period, "breakdown": breakdown})
    page = site.read(f"/metrics/{metric}?{query}")
    assert html.unescape(page).partition("</h1>")[0].endswith(name_metric("", breakdown).removeprefix(": "))
    (sentence,) = find_pieces(page, "p", "mh-sentence")
    check_sentence(told, read_text(sentence))
    seen: Counter[str] = Counter(sentence=1)
    for entry in find_pieces(page, "li", "mh-keys__entry"):
        if f"/areas/{area}" in entry:
            assert re.search(rf"(^| ){re.escape(told.text)}( |$)", read_text(entry)), read_text(entry)
            seen["key"] += 1
    for row in find_pieces(page, "tr"):
        if 'scope="row"' in row and area in row and any(read_text(cell) == area for cell in find_pieces(row, "td")):
            check_row(told, row)
            seen["row"] += 1
    strips, _, trend = page[page.find("<body") :].partition("mh-chart mh-trend")
    return seen + see_strip(told, strips) + see_trend(told, trend)


def see_trace(told: Told, site: Site) -> Counter[str]:
    """The page of where the figure comes from: its large value and its sentence."""
    page = site.read(told.trace)
    main = page[page.find("<main") :]
    (shown,) = find_pieces(main, "p", "mh-value")
    assert read_text(shown) == told.text
    check_sentence(told, read_text(next(find_pieces(main, "p", "govuk-body-l"))))
    return Counter(trace=1)


def see_pages_of_the_area(told: Told, site: Site) -> Counter[str]:
    """The newest figures on the pages of the area and of the topic there."""
    seen: Counter[str] = Counter()
    area = site.release.area(told.key[2])
    if site.is_latest(told.key) and site.stands(area.code):
        topic = f"/areas/{area.code}/topics/{site.release.metric(told.key[0]).topic}"
        for kind, address in (("area page", f"/areas/{area.code}/{area.slug}"), ("topic page", topic)):
            seen[kind] += check_links(told, site.read_once(address))
    return seen


def see_files(group: list[Told], site: Site) -> Counter[str]:
    """All fields of the figures in every format, each read back by a reader that shares nothing with what wrote it."""
    keys = [told.key for told in group]

    def take(form: str) -> bytes:
        return site.take(address_figures(keys, form))

    rows = {
        "csv": reading.read_csv(take("csv"), KINDS),
        "xlsx": reading.read_workbook(take("xlsx"), "Figures", KINDS),
        "ods": reading.read_workbook(take("ods"), "Figures", KINDS),
        "parquet": reading.read_parquet(take("parquet")),
        "jsonstat": reading.read_cube(take("jsonstat")),
    }
    answers = {told.key[2]: {name: _fill(cell) for name, cell in told.answer.items()} for told in group}
    for form, read in rows.items():
        assert {row["area"] for row in read} == set(answers), form
        assert len(read) == len(answers), form
        for row in read:
            assert len(row) == (8 if form == "jsonstat" else len(FIGURE_COLUMNS)), form
            wanted = {name: answers[row["area"]][name] for name in row}
            assert {name: _fill(cell) for name, cell in row.items()} == wanted, form
    return Counter({form: len(group) for form in rows})


def _fill(cell: Any) -> Any:
    """An empty list is an empty cell in a file."""
    return None if cell == [] else cell


def see_compare_page(group: list[Told], site: Site) -> Counter[str]:
    """The councils side by side in the metric: in the table and in the row of the chart."""
    standing = [told for told in group if site.is_latest(told.key) and site.stands(told.key[2])]
    if not standing:
        return Counter()
    asked = [("areas", told.key[2]) for told in standing]
    page = site.read("/compare?" + urlencode([*asked, ("metric", standing[0].key[0])]))
    table = next(find_pieces(page, "table", ""), "")
    seen: Counter[str] = Counter()
    for row in find_pieces(table, "tr"):
        cells = [read_text(cell) for cell in find_pieces(row, "td")]
        for told in standing:
            if told.key[2] in cells:
                assert re.fullmatch(rf"{re.escape(told.text)}(, .*)?", cells[0]), cells
                seen["compare"] += 1
    assert seen["compare"] == len(standing), seen
    for told in standing:
        check_links(told, page)
        for said in (said for _, said in read_descriptions(page)):
            if any(f". {name}: " in said for name in told.names):
                assert any(f". {name}: {told.text}." in said for name in told.names), said
                seen["compare description"] += 1
    return seen


ALONE: tuple[Callable[[Told, Site], Counter[str]], ...] = (
    see_metric_page, see_trace, see_pages_of_the_area, see_embeds, see_pictures,
)  # fmt: skip
"""Where each figure is looked for by itself."""
TOGETHER: tuple[Callable[[list[Told], Site], Counter[str]], ...] = (see_files, see_compare_page)
"""Where the figures of a group are looked for together."""


@pytest.mark.parametrize("part", range(PARTS))
def test_a_figure_is_the_same_everywhere(part: int, site: Client, real_release: Release) -> None:
    assert sum(len(group) for each in draw_groups(real_release) for group in each) >= 2_000
    seen: Counter[str] = Counter()
    asked = Site(site, real_release)
    for group in draw_groups(real_release)[part]:
        told = tell(asked, group)
        for each in told:
            assert each.answer["text"] == each.text
            seen["figure"] += 1
            seen["absent"] += each.is_absent
            for see in ALONE:
                seen += see(each, asked)
        for see_all in TOGETHER:
            seen += see_all(told, asked)
    # Neither a page that was made anew nor a chance that fell badly may leave a place unlooked at.
    for where in ("sentence", "key", "trace", "csv", "xlsx", "ods", "parquet", "jsonstat"):
        assert seen[where] == seen["figure"], seen
    least = {"row": 120, "mark": 80, "description": 80, "point": 80, "end of trend": 10}
    least |= {"topic page": 6, "compare": 10, "compare description": 1}
    least |= {"embed sentence": 150, "embed key": 60, "embed mark": 80, "embed point": 80}
    least |= {"picture sentence": 150, "picture key": 60, "picture mark": 80, "picture point": 80}
    assert {where: seen[where] for where, many in least.items() if seen[where] < many} == {}, seen
    assert seen["absent"] >= NOT_STORED // 2, seen


@pytest.mark.parametrize("part", range(PARTS))
def test_all_figures_of_a_place_are_those_of_the_api(part: int, site: Client, real_release: Release) -> None:
    asked = Site(site, real_release)
    chance = random.Random(f"{SEED} {part}")  # noqa: S311 - to draw, not to hide
    standing = [area.code for area in real_release.areas(principal_only=True) if asked.stands(area.code)]
    for code in chance.sample(standing, PLACES):
        page = asked.read(f"/places/{code}")
        shown: dict[Key, set[str]] = {}
        for link in find_pieces(page, "a"):
            found = re.search(r'href="(/figures/[^"]+)"', link)
            if found:
                parts = urlsplit(html.unescape(found[1]))
                metric, area, period = parts.path.split("/")[2:]
                breakdown = parse_qs(parts.query).get("breakdown", ["all"])[0]
                shown.setdefault((metric, breakdown, area, period), set()).add(read_text(link))
        query = [("metric", key[0]) for key in shown] + [("area", key[2]) for key in shown]
        query += [("period", key[3]) for key in shown] + [("breakdown", key[1]) for key in shown]
        answers = json.loads(asked.read("/api/v1/figures?" + urlencode(sorted(set(query)))))["figures"]
        told = {each.key: each.text for each in map(make_told, answers) if each.key in shown}
        assert len(shown) >= 4
        assert shown == {key: {text} for key, text in told.items()}


@pytest.mark.parametrize("part", range(PARTS))
def test_all_figures_of_a_report_are_those_of_the_api(part: int, site: Client, real_release: Release) -> None:
    asked = Site(site, real_release)
    chance = random.Random(f"{SEED} report {part}")  # noqa: S311 - to draw, not to hide
    standing = [
        area.code
        for area in real_release.areas(principal_only=True)
        if asked.stands(area.code) and real_release.has_neighbours(area.code)
    ]
    seen: Counter[str] = Counter()
    for audience, code in zip(AUDIENCES, chance.sample(standing, len(AUDIENCES)), strict=True):
        peers = chance.choice(("neighbours", "type", "region", "england"))
        seen += see_report(asked, code, audience, peers)
        seen += see_sheets(asked, code, audience, peers)
    least = {"row": 150, "median": 100, "position": 10, "strip": 80, "course": 50, "sentence": 80}
    least |= {"link": 150, "question": 15, "typeset link": 150}
    assert {where: seen[where] for where, many in least.items() if seen[where] < many} == {}, seen
