"""The comparison of councils on one topic shows what its download has, says who is not on a chart, and reads names."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from moothall.charts.scales import Scale
from moothall.charts.strip import REACH
from moothall.charts.svg import percent
from moothall.core.areas import AreaClass
from moothall.release.comparators import Comparators
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.site.explorer.selected import SelectedCouncils, place_councils
from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    CATALOGUE,
    COUNTY,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OLD_BARCHESTER_CODE,
    OMNIUM,
    PLUMSTEAD_OLD,
    SILVERBRIDGE,
    build_release,
    make_contents,
)
from tests.site.test_pages import count_dots, read, text_of

BINS = f"/areas/{ALLINGTON}/topics/bins"


def find_table(html: str) -> dict[str, list[str]]:
    """The table's rows: a metric's title → the texts of the cells beside it."""
    table = html.partition('id="table"')[2].partition("</table>")[0]
    found = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return {text_of(cells[0]): [text_of(cell) for cell in cells[1:]] for cells in rows if len(cells) > 1}


CASES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (ALLINGTON, (GATHERUM, OMNIUM), "type"),
    (BARCHESTER, (SILVERBRIDGE, FRAMLEY), "type"),
    (BARCHESTER, (COUNTY, GREATER_PLUMSTEAD), "england"),
    (BARCHESTER, (COUNTY, GREATER_PLUMSTEAD), "region"),
)


@pytest.mark.parametrize(
    ("area", "others", "peers", "topic"),
    [*((*case, topic) for case in CASES for topic in ("bins", "care")), (AUTHORITY, (), "england", "bins")],
)
def test_table_and_download_are_the_same(
    client: Client, release: Release, area: str, others: tuple[str, ...], peers: str, topic: str
) -> None:
    query = "&".join([*(f"with={code}" for code in others), f"peers={peers}"])
    html = read(client, f"/areas/{area}/topics/{topic}?{query}")
    download = next(unescape(found) for found in re.findall(r'href="([^"]+format=csv)"', html))
    rows = list(csv.DictReader(io.StringIO(client.get(download).content.decode())))
    table = find_table(html)
    shown = {title: cells for title, cells in table.items() if title != "Metric"}
    assert set(shown) == {row["metric_title"] for row in rows}
    for row in rows:
        cell = shown[row["metric_title"]][(area, *others).index(row["area"])]
        assert cell == row["text"] or cell.startswith(row["text"] + " , "), row
    figures = release.figures(Selection(area=(area, *others), topic=(topic,), peers=Comparators(peers)))  # type: ignore[arg-type]
    assert [(figure.metric, figure.area) for figure in figures] == [(row["metric"], row["area"]) for row in rows]


def test_an_authority_alone_that_runs_none_of_it_has_no_table(client: Client) -> None:
    html = read(client, f"/areas/{AUTHORITY}/topics/care")
    assert "is not responsible for these services." in text_of(html)
    assert "<table" not in html
    assert "<table" in read(client, f"/areas/{AUTHORITY}/topics/bins")


def test_each_value_stands_beside_the_strip_with_its_shape(client: Client) -> None:
    html = read(client, f"{BINS}?with={GATHERUM}&with={GREATER_PLUMSTEAD}")
    row = html.partition('id="share-missed"')[2].partition("</article>")[0]
    values = re.findall(r"<li>(.*?)</li>", row, re.DOTALL)
    assert [text_of(each) for each in values] == [
        "Allington 31.0%",
        "Gatherum 25.6%",
        "Greater Plumstead 39.7% , estimated",
    ]
    chart = row.partition('<svg class="mh-chart')[2].partition("mh-compared__values")[0]
    for place, value in enumerate(values, 1):
        assert f"mh-key mh-series-{place}" in value
        assert f"mh-strip__selected mh-series-{place}" in chart
    assert "Allington’s figure for 2023-24 was 31.0%" in text_of(row)


def test_each_row_says_what_it_does_not_tell(client: Client, release: Release) -> None:
    row = read(client, BINS).partition('id="share-missed"')[2].partition("</article>")[0]
    assert "More, and what this does not tell : Share missed" in text_of(row)
    assert f"{release.metric('share-missed').not_tell}" in text_of(row)


def test_how_many_have_a_figure_is_said_where_some_have_none(client: Client) -> None:
    def read_row(address: str) -> str:
        return text_of(read(client, address).partition('id="share-missed"')[2].partition("</article>")[0])

    assert "3 of 4 unitary councils have a figure." in read_row(BINS)
    group = f"{BINS}?peers=custom&with={GATHERUM}&with={GREATER_PLUMSTEAD}&with={BARCHESTER}"
    assert "Figures of April 2023 to March 2024" in read_row(group)
    assert "have a figure" not in read_row(group)


def test_an_amount_has_no_strip_and_no_median(client: Client) -> None:
    html = read(client, BINS)
    assert 'id="bins-missed"' not in html
    cells = find_table(html)["Bins missed"]
    assert (cells[0], cells[-2]) == ("31.0 tonnes", "")
    assert find_table(html)["Share missed"][-2].endswith("%")


def test_the_first_lines_count_how_figures_stand(client: Client) -> None:
    said = text_of(read(client, BINS))
    assert "Of four figures, two are similar to the median of unitary councils. The other two cannot be called" in said


def test_who_is_not_responsible_is_marked_with_who_is(client: Client) -> None:
    html = read(client, f"/areas/{ALLINGTON}/topics/care?with={BARCHESTER}")
    row = text_of(html.partition('id="carers-content"')[2].partition("</article>")[0])
    assert "Barchester not responsible , run by Barsetshire" in row
    own = read(client, f"/areas/{BARCHESTER}/topics/care")
    assert "Barchester is not responsible for these services." in text_of(own)
    assert f'href="/areas/{COUNTY}/topics/care"' in own
    assert "<article" not in own


def test_a_council_outside_the_comparators_is_placed_around_their_median(client: Client, release: Release) -> None:
    html = read(client, f"{BINS}?with={BARCHESTER}&peers=type")
    row = html.partition('id="share-missed"')[2].partition("</article>")[0]
    assert row.count("mh-strip__selected") == 2
    assert "Barchester 6.0%" in text_of(row)
    summary = release.summary("share-missed", "2023-24", scope="unitary")
    value = release.figure("share-missed", BARCHESTER, "2023-24").value
    assert summary.median is not None
    assert summary.mad is not None
    assert value is not None
    scale = Scale(-REACH, REACH, flipped=True)
    x = f'x="{percent(scale.place((value - summary.median) / summary.mad))}"'
    assert x in row.partition("mh-series-2")[2].partition("</svg>")[0]


def test_every_council_with_a_value_is_on_the_strip(client: Client, release: Release) -> None:
    values = release.values("share-missed", "2023-24")
    alike = {code for code in values if release.area(code).area_class is AreaClass.UNITARY}
    for peers, comparators in (("type", alike - {ALLINGTON}), ("england", set())):
        html = read(client, f"{BINS}?peers={peers}")
        drawn = count_dots(html.partition('id="strip-share-missed-desc"')[2].partition("</div>")[0])
        assert drawn["selected"] == 1
        assert drawn["comparators"] == len(comparators), "none of them is beyond the axis"
        assert sum(drawn.values()) == len(values)


def test_councils_of_other_kinds_are_not_besides_where_only_one_kind_is_alike(
    within_class: Client, release: Release
) -> None:
    kinds = [release.area(code).area_class for code in release.values("share-missed", "2023-24")]
    unitary, district = kinds.count(AreaClass.UNITARY), kinds.count(AreaClass.DISTRICT)
    assert 0 < unitary < unitary + district
    for address, expected in ((BINS, unitary), (f"{BINS}?with={BARCHESTER}&peers=type", unitary + district)):
        html = read(within_class, address)
        drawn = count_dots(html.partition('id="strip-share-missed-desc"')[2].partition("</div>")[0])
        assert sum(drawn.values()) == expected
        assert ("Councils of different kinds" in text_of(html)) == (expected > unitary)


def test_six_councils_have_a_shape_each(client: Client) -> None:
    others = (GATHERUM, OMNIUM, BARCHESTER, FRAMLEY, SILVERBRIDGE)
    html = read(client, BINS + "?" + "&".join(f"with={code}" for code in others))
    key = html.partition('aria-label="Councils compared"')[2].partition("</ul>")[0]
    assert [f"mh-series-{place}" in key for place in range(1, 8)] == [True] * 6 + [False]
    assert key.count(">remove<") == 5


def test_a_group_of_ones_own_is_what_councils_are_placed_around(client: Client, release: Release) -> None:
    group = (GATHERUM, OMNIUM, GREATER_PLUMSTEAD, BARCHESTER, FRAMLEY, SILVERBRIDGE)
    address = f"{BINS}?{'&'.join(f'with={code}' for code in group)}&peers=custom"
    html = read(client, address)
    found = release.compare("share-missed", ALLINGTON, "2023-24", Comparators("custom", group=group))
    assert found is not None
    summary = found[0]
    assert summary.median is not None
    said = text_of(html)
    assert f"median {summary.median:.1f}%" in said
    assert "the councils chosen" in said
    assert html.count('name="with" value="E') == len(group), "the form keeps a group too large for its fields"
    assert f"peers=custom&amp;with={group[0]}" in html.partition('id="table"')[2]
    table = find_table(html)
    assert len(table["Share missed"]) == 3, "of a large group nobody has a column"


@pytest.fixture
def within_class(django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The site where councils are alike only within their class."""
    derived = {
        key: metric.model_copy(update={"comparable_within": "class"}) for key, metric in CATALOGUE.derived.items()
    }
    release = build_release(tmp_path, make_contents(catalogue=replace(CATALOGUE, derived=derived)))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    return Client(HTTP_HOST="localhost")


def test_councils_of_different_kinds_stand_among_all_of_england(within_class: Client) -> None:
    said = text_of(read(within_class, f"{BINS}?with={BARCHESTER}"))
    assert "the median of councils in England" in said
    assert "Councils of different kinds do different things" in said
    assert "Councils of different kinds" not in text_of(read(within_class, f"{BINS}?with={GATHERUM}"))


def test_a_council_is_taken_away_by_a_link(client: Client) -> None:
    html = read(client, f"{BINS}?with={GATHERUM}&with={OMNIUM}")
    assert f'href="{BINS}?with={OMNIUM}">remove' in html
    assert f'href="/areas/{ALLINGTON}/topics/care?with={GATHERUM}&amp;with={OMNIUM}"' in html


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (f"{BINS}?with=gatherum&with=&with=Omnium+Council&peers=type", f"{BINS}?with={GATHERUM}&with={OMNIUM}"),
        (f"{BINS}?with={GATHERUM}&with={GATHERUM}", f"{BINS}?with={GATHERUM}"),
        (f"{BINS}?with={ALLINGTON}", BINS),
        (f"{BINS}?with=gatherum&peers=england", f"{BINS}?with={GATHERUM}&peers=england"),
        (f"/areas/{OLD_BARCHESTER_CODE}/topics/bins", f"/areas/{BARCHESTER}/topics/bins"),
        ("/topics/bins?area=Allington&with=&with=Gatherum", f"{BINS}?with={GATHERUM}"),
        (f"/topics/bins?area={OLD_BARCHESTER_CODE}", f"/areas/{BARCHESTER}/topics/bins"),
    ],
)
def test_names_and_old_codes_lead_to_the_page_of_the_codes(client: Client, asked: str, found: str) -> None:
    response = client.get(asked)
    assert response.status_code == 302
    assert response["Location"] == found
    assert client.get(found).status_code == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (f"{BINS}?with=nowhere", "no council called “nowhere”"),
        (f"{BINS}?with=bar", "could be one of several councils"),
        (f"{BINS}?with=a&with=b&with=c&with=d&with=e&with=f", "at most 5 times"),
        (f"{BINS}?peers=own", "“own” cannot be chosen"),
        ("/topics/bins?area=nowhere", "no council called “nowhere”"),
    ],
)
def test_what_cannot_be_answered_is_said(client: Client, asked: str, words: str) -> None:
    response = client.get(asked)
    assert response.status_code == 400
    assert words in unescape(response.content.decode())


@pytest.mark.parametrize("address", [f"/areas/{ALLINGTON}/topics/nothing", "/areas/E99999999/topics/bins"])
def test_an_unknown_topic_or_code_is_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_closed_council_leads_to_the_topic_of_its_successor(client: Client) -> None:
    html = read(client, f"/areas/{PLUMSTEAD_OLD}/topics/bins")
    assert "Greater Plumstead Council took its place." in text_of(html)
    assert f'href="/areas/{GREATER_PLUMSTEAD}/topics/bins"' in html


def test_a_topic_shows_the_median_of_england_or_of_each_kind(client: Client, release: Release) -> None:
    html = read(client, "/topics/bins")
    listed = html.partition("<article")[2]
    entry = text_of(listed.partition("Share missed</a>")[2].partition("</article>")[0])
    median = release.summary("share-missed", "2023-24", scope="england").median
    assert median is not None
    assert f"Newest figures: 2023-24. Median: Councils in England {median:.1f}%" in entry
    assert "tonnes" not in text_of(html.partition("Amounts, shown without a comparison")[2])


def test_a_topic_shows_the_median_of_each_kind_where_only_those_are_alike(within_class: Client) -> None:
    html = read(within_class, "/topics/bins")
    listed = html.partition("<article")[2]
    entry = text_of(listed.partition("Share missed</a>")[2].partition("</article>")[0])
    assert "Unitary councils 31.0%" in entry
    assert "England" not in entry
    assert "District councils" not in entry, "too few of them have a figure"


@pytest.mark.parametrize("peers", ["england", "type", "region"])
def test_councils_are_placed_where_the_release_places_them(release: Release, peers: str) -> None:
    found = 0
    for metric in ("share-missed", "share-not-missed"):
        for area in release.areas(principal_only=True):
            comparators = Comparators(peers)  # type: ignore[arg-type]
            figure = release.figure(metric, area.code, "2023-24", peers=comparators)
            selected = SelectedCouncils(area, (), comparators)
            placed = place_councils(release, release.metric(metric), "2023-24", selected, {area.code: figure})
            mads = {dot.key: dot.mads for dot in placed.dots}.get(area.code) if placed else None
            assert mads == pytest.approx(figure.mads_peers)
            found += mads is not None
    assert found
