"""Any councils in any metrics: the table says what the release and its download say, and the address holds it all."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client

from moothall.release.comparators import Comparators
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.site.explorer.compare_questions import MOST_COUNCILS
from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    COUNTY,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OLD_BARCHESTER_CODE,
    OMNIUM,
    PLUMSTEAD_OLD,
    SILVERBRIDGE,
)
from tests.site.test_area_topics import within_class
from tests.site.test_pages import count_dots, read, text_of

__all__ = ["within_class"]

GROUP = (OMNIUM, GATHERUM, GREATER_PLUMSTEAD, BARCHESTER, FRAMLEY)


def make_address(
    *areas: str, topic: str = "", metrics: tuple[str, ...] = (), peers: str = "", group: tuple[str, ...] = ()
) -> str:
    given = [*(("areas", each) for each in areas), ("topic", topic), *(("metric", each) for each in metrics)]
    given += [("peers", peers), *(("with", each) for each in group)]
    query = "&".join(f"{name}={value}" for name, value in given if value)
    return f"/compare?{query}" if query else "/compare"


def find_grid(html: str) -> list[list[str]]:
    """The table's lines, the headings first, a text for each cell."""
    table = html.partition('<table class="govuk-table mh-table-compact mh-compare__table')[2].partition("</table>")[0]
    lines = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    return [[text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)] for line in lines]


@pytest.mark.parametrize(
    ("areas", "topic", "metrics", "are_councils_columns"),
    [
        ((ALLINGTON, BARCHESTER), "bins", (), True),
        ((ALLINGTON, BARCHESTER, AUTHORITY), "bins", ("carers-content",), True),
        ((ALLINGTON, COUNTY, OMNIUM), "", ("carers-content", "share-missed"), False),
        ((ALLINGTON, BARCHESTER), "", ("share-missed", "carers-content"), True),
    ],
)
def test_the_table_has_what_the_download_has(
    client: Client,
    release: Release,
    areas: tuple[str, ...],
    topic: str,
    metrics: tuple[str, ...],
    are_councils_columns: bool,
) -> None:
    html = read(client, make_address(*areas, topic=topic, metrics=metrics, peers="england"))
    download = next(unescape(found) for found in re.findall(r'href="([^"]+format=csv)"', html))
    rows = list(csv.DictReader(io.StringIO(client.get(download).content.decode())))
    grid = find_grid(html)
    assert all(len(line) == len(grid[0]) for line in grid), "no line has more or fewer cells than there are columns"
    if not are_councils_columns:
        grid = [list(line) for line in zip(*grid, strict=True)]
    councils, lines = grid[0], {line[0]: line for line in grid[1:]}
    shown = {(title, council) for title in lines for council in councils[1 : len(areas) + 1]} - {
        ("ONS code", council) for council in councils
    }
    assert shown == {(row["metric_title"], row["area_name"]) for row in rows}
    for row in rows:
        cell = lines[row["metric_title"]][councils.index(row["area_name"])]
        assert cell == row["text"] or cell.startswith(row["text"] + " , "), row
        assert lines["ONS code"][councils.index(row["area_name"])] == row["area"]
        assert lines[row["metric_title"]][councils.index("Period")].startswith(row["period"])
    selected = release.figures(Selection(area=areas, metric=tuple(dict.fromkeys(row["metric"] for row in rows))))
    assert len(selected) == len(rows)


def test_the_median_is_that_of_the_group_and_of_nobody_else(client: Client, release: Release) -> None:
    html = read(client, make_address(ALLINGTON, metrics=("share-missed",), peers="custom", group=GROUP))
    found = release.compare("share-missed", ALLINGTON, "2023-24", Comparators("custom", group=GROUP))
    assert found is not None
    median = found[0].median
    assert median is not None
    grid = find_grid(html)
    assert grid[0] == ["Metric", "Allington", "Median of the councils chosen", "Period"]
    assert grid[1][2] == f"{median:.1f}%"
    strip = html.partition('id="strip-share-missed-desc"')[2].partition("</div>")[0]
    assert count_dots(strip)["comparators"] + count_dots(strip)["beyond"] == found[0].with_value


@pytest.mark.parametrize("name", ["Wardens of Barset", '<script>alert("1")</script>', "a&b=c#d", "“quoted”", "x" * 60])
def test_a_group_has_the_name_that_somebody_gave_it_escaped(client: Client, name: str) -> None:
    address = f"{make_address(ALLINGTON, topic='bins', peers='custom', group=GROUP)}&name={quote(name)}"
    html = read(client, address)
    assert "<script>alert" not in html
    assert f"Median of “{name}”" in unescape(html)
    assert f'value="{name}"' in unescape(html), "the form keeps it"
    assert "That is what somebody called this group; Moothall did not choose it." in text_of(html)
    assert f'rel="canonical" href="{make_address(ALLINGTON, topic="bins")}"' in unescape(html)
    assert client.get(address)["Cache-Control"] == "no-store", "nobody keeps it"
    other = next(unescape(found) for found in re.findall(r'href="(/compare[^"]*)">remove', html))
    assert "name=" not in other or quote(name, safe="").replace("%20", "+") in other


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("areas=allington&areas=&areas=Omnium+Council", f"areas={ALLINGTON}&areas={OMNIUM}"),
        (f"areas={ALLINGTON}%2C{OMNIUM}&topic=bins", f"areas={ALLINGTON}&areas={OMNIUM}&topic=bins"),
        (f"areas={ALLINGTON}&areas={ALLINGTON}", f"areas={ALLINGTON}"),
        (f"areas={OLD_BARCHESTER_CODE}", f"areas={BARCHESTER}"),
        (f"areas={ALLINGTON}&metric=SHARE+missed", f"areas={ALLINGTON}&metric=share-missed"),
        (f"areas={ALLINGTON}&metric=carers", f"areas={ALLINGTON}&metric=carers-content"),
        (f"areas={ALLINGTON}&peers=england&with={OMNIUM}&name=x", f"areas={ALLINGTON}&peers=england"),
        (
            f"areas={ALLINGTON}&topic=bins&peers=custom&group=Omnium%0D%0A{BARCHESTER}%0D%0A&name=Two",
            f"areas={ALLINGTON}&topic=bins&peers=custom&with={OMNIUM}&with={BARCHESTER}&name=Two",
        ),
        ("areas=&topic=bins", "topic=bins"),
    ],
)
def test_what_is_typed_leads_to_the_page_of_the_codes(client: Client, asked: str, found: str) -> None:
    response = client.get(f"/compare?{asked}")
    assert response.status_code == 302
    assert response["Location"] == f"/compare?{found}"
    assert client.get(response["Location"]).status_code == 200, "and no further"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("areas=nowhere", "no council called “nowhere”"),
        (f"areas={PLUMSTEAD_OLD}", "closed on"),
        (f"areas={ALLINGTON}&metric=dragons", "no metric called “dragons”"),
        (f"areas={ALLINGTON}&metric=missed", "could be one of"),
        (f"areas={ALLINGTON}&topic=dragons", "cannot be chosen"),
        (f"areas={ALLINGTON}&peers=own", "cannot be chosen"),
        (f"areas={ALLINGTON}&peers=custom", "councils in your own group"),
        (f"areas={ALLINGTON}&peers=custom&group=Omnium%0ANowhere", "no council called “Nowhere”"),
        (f"areas={ALLINGTON}&peers=custom&with={OMNIUM}&name={'x' * 61}", "at most 60 characters"),
        (f"areas={ALLINGTON}&peers=custom&with={OMNIUM}&name=a%00b", "cannot be read"),
        ("peers=custom&group=Omnium", "Name a council first"),
        (f"areas={ALLINGTON}&peers=neighbours&model=dragons", "cannot be chosen"),
    ],
)
def test_what_cannot_be_answered_is_said(client: Client, asked: str, words: str) -> None:
    response = client.get(f"/compare?{asked}")
    assert response.status_code == 400
    assert words in unescape(response.content.decode())


def test_more_councils_than_a_page_has_are_refused(client: Client) -> None:
    codes = [f"E069{number:05}" for number in range(MOST_COUNCILS + 1)]
    response = client.get("/compare?" + "&".join(f"areas={code}" for code in codes))
    assert response.status_code == 400
    assert f"up to {MOST_COUNCILS} councils. {len(codes)} were named" in unescape(response.content.decode())


def test_who_is_not_responsible_says_so(client: Client) -> None:
    html = read(client, make_address(ALLINGTON, BARCHESTER, metrics=("carers-content", "share-missed")))
    assert find_grid(html)[1][2] == "not responsible"
    row = text_of(html.partition('id="carers-content"')[2].partition("</article>")[0])
    assert "Barchester not responsible , run by Barsetshire" in row


def test_a_median_that_is_not_there_says_why(client: Client) -> None:
    html = read(client, make_address(BARCHESTER, topic="bins", metrics=("carers-content",)))
    said = {line[0]: line[2] for line in find_grid(html)[1:]}
    assert said["Bins missed"] == "not compared", "it grows with the size of a council"
    assert said["Carers content"] == "not compared", "the first council does not run it"
    assert said["Share missed"] == "too few to compare"
    html = read(client, make_address(BARCHESTER, topic="bins", peers="england"))
    assert {line[0]: line[2] for line in find_grid(html)[1:]}["Share missed"].endswith("%")


def test_councils_of_different_kinds_are_warned_of(within_class: Client) -> None:
    address = make_address(ALLINGTON, BARCHESTER, topic="bins")
    assert "Councils of different kinds do different things" in text_of(read(within_class, address))
    alike = make_address(ALLINGTON, GATHERUM, topic="bins")
    assert "Councils of different kinds" not in text_of(read(within_class, alike))


def test_councils_beyond_the_shapes_are_in_the_table(client: Client) -> None:
    seven = (ALLINGTON, GATHERUM, OMNIUM, GREATER_PLUMSTEAD, BARCHESTER, FRAMLEY, SILVERBRIDGE)
    html = read(client, make_address(*seven, metrics=("share-missed",)))
    assert "The first six councils have a shape of their own" in text_of(html)
    assert [line[0] for line in find_grid(html)[1:8]] == [
        "Allington", "Gatherum", "Omnium", "Greater Plumstead", "Barchester", "Framley", "Silverbridge",
    ]  # fmt: skip
    row = html.partition('id="share-missed"')[2].partition("</article>")[0]
    assert row.count("mh-strip__selected") <= 6
    assert row.count('class="mh-compared__name"') == 6


def test_each_council_and_metric_is_taken_away_by_a_link(client: Client) -> None:
    html = read(client, make_address(ALLINGTON, OMNIUM, topic="bins", metrics=("carers-content",), peers="england"))
    ways = {unescape(found) for found in re.findall(r'href="(/compare[^"]*)">remove', html)}
    assert ways == {
        make_address(OMNIUM, topic="bins", metrics=("carers-content",), peers="england"),
        make_address(ALLINGTON, topic="bins", metrics=("carers-content",), peers="england"),
        make_address(ALLINGTON, OMNIUM, metrics=("carers-content",), peers="england"),
        make_address(ALLINGTON, OMNIUM, topic="bins", peers="england"),
    }


def test_pages_lead_to_it(client: Client) -> None:
    for page, target in (
        (f"/areas/{ALLINGTON}/allington", f"/compare?areas={ALLINGTON}"),
        (f"/areas/{ALLINGTON}/topics/bins", f"/compare?areas={ALLINGTON}&topic=bins"),
        ("/topics/bins", "/compare?topic=bins"),
        (f"/metrics/share-missed?area={ALLINGTON}", f"/compare?metric=share-missed&areas={ALLINGTON}"),
    ):
        assert target in {unescape(each).partition("&peers")[0] for each in find_ways(read(client, page))}, page


def find_ways(html: str) -> list[str]:
    return re.findall(r'href="(/compare[^"]*)"', html)
