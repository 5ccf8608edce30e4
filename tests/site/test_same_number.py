"""The same number everywhere: 2,000 random figures of the real release, in each place that shows them."""

from __future__ import annotations

import html
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import polars as pl
import pytest
from django.test import Client

from moothall.release.downloads.figures import FIGURE_COLUMNS
from moothall.release.queries import Release
from moothall.site.explorer.breakdowns import add_breakdown, name_metric
from tests.release.downloads import reading
from tests.site.written import Key, Told, find_pieces, make_told, read_descriptions, read_text, read_titles, write

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


class Site:
    """The site, asked as a reader would, and its pages of areas, each asked for once."""

    def __init__(self, client: Client, release: Release) -> None:
        self.client, self.release = client, release
        self.pages: dict[str, str] = {}

    def take(self, address: str) -> bytes:
        response = self.client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return bytes(response.content)

    def read(self, address: str) -> str:
        return self.take(address).decode()

    def read_once(self, address: str) -> str:
        if address not in self.pages:
            self.pages[address] = self.read(address)
        return self.pages[address]

    def is_latest(self, key: Key) -> bool:
        return self.release.metric(key[0]).latest_period == key[3] and key[1] == "all"

    def stands(self, code: str) -> bool:
        closed = self.release.area(code).closed
        return closed is None or closed > date.fromisoformat(self.release.record.built)


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


def check_sentence(told: Told, sentence: str) -> None:
    """The value is in the sentence, and its breakdown; without a value there is no number but those of its key."""
    named = add_breakdown("", told.key[1])
    if "not responsible" not in sentence:
        assert named in sentence, sentence
    if told.is_absent:
        assert "no figure for" in sentence or "not responsible" in sentence
        for told_of in (told.answer["area_name"], told.answer["period_label"], named):  # a name may have years in it
            sentence = sentence.replace(told_of, "")
        assert re.search(r"\d", sentence) is None, sentence
    else:
        assert re.search(rf"\b(was|estimated at) {re.escape(told.text)}", sentence), sentence


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


def see_strip(told: Told, strips: str) -> Counter[str]:
    """The mark of the council on the strip, and what the strip is called and says to those who do not see it."""
    titles, described = read_titles(strips), read_descriptions(strips)
    if told.is_absent:
        for name in told.names:
            assert not any(re.match(rf"{re.escape(name)} [−£]?\d", each) for each in titles)
            assert not any(re.search(rf"[.] {re.escape(name)}: [−£]?\d", said) for _, said in described)
    if told.answer["mads_peers"] is None or told.answer["median_peers"] is None:
        return Counter()
    assert titles & {f"{name} {told.text}" for name in told.names}, told.text
    saying = [title for title, said in described if any(f". {name}: {told.text}." in said for name in told.names)]
    assert saying, described
    assert all(title.endswith(f", {told.answer['period_label']}") for title in saying), saying
    return Counter(mark=1, description=1)


def see_trend(told: Told, trend: str) -> Counter[str]:
    """The point of the council in the trend, and the first and last of them in the words of it."""
    ending = f", {told.answer['period_label']}"
    drawn = {
        each
        for each in read_titles(trend)
        if each.endswith(ending) and any(each.startswith(f"{name} ") for name in told.names)
    }
    assert drawn <= (set() if told.is_absent else {f"{name} {told.text}{ending}" for name in told.names})
    seen = Counter(point=len(drawn))
    found = re.search(r'<desc id="trend-desc">([^<]*)</desc>', trend)
    words = next((each for name in told.names for each in _find_clause(found, name)), "")
    for value in re.findall(rf"(?:^|, )([^,]*(?:,\d{{3}}[^,]*)*) in {re.escape(told.answer['period_label'])}", words):
        assert value == told.text, words
        seen["end of trend"] += 1
    return seen


def _find_clause(described: re.Match[str] | None, name: str) -> list[str]:
    """What a trend's description says first, of the council itself."""
    said = html.unescape(described[1]) if described else ""
    start = f"{name}: "
    return [re.split(r"[.] |[.]$|, no figure", said.removeprefix(start))[0]] if said.startswith(start) else []


def check_row(told: Told, row: str) -> None:
    """A value leads to where it comes from; what is absent is said in words and leads nowhere."""
    linked = [read_text(each) for each in find_pieces(row, "a") if "/figures/" in each]
    if told.is_absent:
        assert linked == []
        assert told.text in [read_text(cell) for cell in find_pieces(row, "td")]
    else:
        (link,) = linked
        assert link == told.text
        assert html.unescape(row).find(f'href="{told.trace}"') >= 0


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


def check_links(told: Told, page: str) -> bool:
    """Where a page of the area has the figure, it is the same; what is missing is only named. Whether it has it."""
    links = [each for each in find_pieces(page, "a") if f'href="{told.trace}"' in html.unescape(each)]
    for link in links:
        said = read_text(link)
        named = rf" \({re.escape(told.answer['period_label'])}(, .* old)?\)$"
        assert said == told.text or (told.is_absent and re.search(named, said)), said
    return bool(links)


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
                assert re.fullmatch(rf"{re.escape(told.text)}(, .*)?", cells[1]), cells
                seen["compare"] += 1
    assert seen["compare"] == len(standing), seen
    for told in standing:
        check_links(told, page)
        for said in (said for _, said in read_descriptions(page)):
            if any(f". {name}: " in said for name in told.names):
                assert any(f". {name}: {told.text}." in said for name in told.names), said
                seen["compare description"] += 1
    return seen


ALONE: tuple[Callable[[Told, Site], Counter[str]], ...] = (see_metric_page, see_trace, see_pages_of_the_area)
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
