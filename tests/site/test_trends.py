"""Over time a page says only what can be compared, and its chart, table and downloads hold the same figures."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from moothall.charts.axes import Span
from moothall.core.frames import PROJECTIONS
from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.core.periods import financial_year
from moothall.core.statistics import median, quantile
from moothall.core.values import Unit, format_number, format_value
from moothall.release.comparators import Comparators
from moothall.release.queries import Release
from moothall.site.explorer.trends import list_spans, say_beside, say_span
from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    CATALOGUE,
    COUNTY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OBSERVED,
    OMNIUM,
    SILVERBRIDGE,
    build_release,
    make_contents,
)
from tests.site.test_pages import read, text_of

PAGE = f"/metrics/bins-missed?area={BARCHESTER}&peers=type&with={SILVERBRIDGE}"


def spans(letters: str = "....", covid: tuple[int, ...] = ()) -> tuple[Span, ...]:
    return tuple(
        Span(financial_year(2020 + place), letter.strip("."), place in covid) for place, letter in enumerate(letters)
    )


@pytest.mark.parametrize(
    ("texts", "letters", "covid", "said"),
    [
        (["1%", "2%", "3%", "4%"], "....", (), "Its figure was 1% in 2020-21 and 4% in 2023-24."),
        (["4%", "2%", "3%", "4%"], "....", (), "Its figure was 4% in both 2020-21 and 2023-24."),
        (["", "2%", "3%", ""], "....", (), "Its figure was 2% in 2021-22 and 3% in 2022-23."),
        (["", "2%", "", ""], "....", (), "Its figure was 2% in 2021-22. No other figure can be compared with it."),
        (
            ["1%", "2%", "3%", "4%"], "..a.", (),
            ("Its figure was 3% in 2022-23 and 4% in 2023-24. "
            "Figures from before 2022-23 cannot be compared with these."),
        ),
        (
            ["1%", "2%", "3%", "4%"], "...a", (),
            "Its figure was 4% in 2023-24. No other figure can be compared with it.",
        ),
        # What stands after the last figure cuts nothing off.
        (["1%", "2%", "3%", ""], "...a", (), "Its figure was 1% in 2020-21 and 3% in 2022-23."),
        (
            ["1%", "2%", "3%", "4%"], "....", (0, 1),
            "Its figure was 1% in 2020-21 and 4% in 2023-24. COVID-19 affected 2020-21.",
        ),
    ],
)  # fmt: skip
def test_the_first_and_the_last_that_can_be_compared(
    texts: list[str], letters: str, covid: tuple[int, ...], said: str
) -> None:
    assert say_span("Its figure", texts, spans(letters, covid)) == said


@pytest.mark.parametrize(
    ("medians", "said"),
    [
        (["5%", "", "", "7%"], " In the same periods the median of them was 5% and 7%."),
        (["5%", "6%", "6%", "5%"], " The median of them was 5% in both."),
        (["", "6%", "6%", "5%"], ""),
    ],
)
def test_the_median_is_of_the_same_periods(medians: list[str], said: str) -> None:
    assert say_beside("them", medians, ["1%", "2%", "3%", "4%"], spans()) == said


def over_time(html: str) -> str:
    return html.partition('id="over-time"')[2].partition("</section>")[0]


def cells(html: str) -> dict[str, list[str]]:
    """The rows of the table by their period."""
    rows = re.findall(r"<tr class=\"govuk-table__row\">(.*?)</tr>", over_time(html).partition("<tbody")[2], re.DOTALL)
    found = [[text_of(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]
    return {each[0]: each[1:] for each in found}


def test_the_table_over_time_says_what_the_release_says(client: Client, release: Release) -> None:
    rows = cells(read(client, PAGE))
    assert list(rows) == ["2023-24", "2022-23", "2021-22"]
    for place, area in enumerate((BARCHESTER, SILVERBRIDGE)):
        for figure in release.history("bins-missed", area, peers=Comparators("type")):
            assert rows[figure.period][place] == figure.text
    for period, row in rows.items():
        summary = release.summary("bins-missed", period, scope="district")
        if summary.median is not None:
            assert row[2] == format_value(summary.median, Unit.TONNES, 1)
            assert summary.lower_quartile is not None
            assert summary.upper_quartile is not None
            low, high = (format_number(each, 1) for each in (summary.lower_quartile, summary.upper_quartile))
            assert row[3] == f"{low} to {high} tonnes"


def test_the_chart_has_the_values_of_the_table_and_leads_to_their_traces(client: Client) -> None:
    html = read(client, PAGE)
    chart = re.search(r'<svg class="mh-chart mh-trend".*?</figure>', html, re.DOTALL)
    assert chart
    marks = dict(re.findall(r'data-code="([^"]+)"[^>]*><title>([^<]+)</title>', chart[0]))
    for period, row in cells(html).items():
        for area, name, text in ((BARCHESTER, "Barchester", row[0]), (SILVERBRIDGE, "Silverbridge", row[1])):
            assert marks[f"{area}/{period}"] == f"{name} {text}, {period}"
    start = re.search(r'data-address="([^"]+)"', chart[0])
    assert start
    for code in marks:
        assert client.get(start[1] + code).status_code == 200


def test_downloads_are_of_what_is_shown(client: Client) -> None:
    html = over_time(read(client, PAGE))
    address = next(unescape(each) for each in re.findall(r'href="(/api[^"]+)"', html) if "format=csv" in each)
    assert f"area={BARCHESTER}" in address
    assert f"area={SILVERBRIDGE}" in address
    lines = client.get(address).content.decode().splitlines()
    assert len(lines) == 1 + 2 * 3


def test_a_mark_of_the_strip_marks_its_council(client: Client) -> None:
    html = read(client, f"/metrics/share-missed?area={ALLINGTON}&peers=type")
    strip = re.search(r'<svg class="mh-chart mh-strip"[^>]*data-address="([^"]+)"', html)
    assert strip
    code = re.search(r'class="mh-mark" data-code="([^"]+)"', html)
    assert code
    marked = read(client, unescape(strip[1]) + code[1])
    assert len(re.findall('<li class="mh-keys__entry"><svg', marked.partition('id="side-by-side"')[0])) == 2
    chosen = read(client, "/metrics/share-missed?peers=type")
    strip = re.search(r'<svg class="mh-chart mh-strip"[^>]*data-address="([^"]+)"', chosen)
    assert strip
    assert unescape(strip[1]).endswith("&area=")


def test_no_figure_is_said_plainly(client: Client) -> None:
    alone = read(client, f"/metrics/bins-missed?area={COUNTY}")
    assert "Barsetshire is not responsible for this service." in text_of(alone)
    assert 'id="over-time"' not in alone, "there is nothing to show"
    beside = text_of(over_time(read(client, f"/metrics/bins-missed?area={ALLINGTON}&with={COUNTY}&peers=england")))
    assert "Barsetshire was not responsible for this service in any period held." in beside
    assert "did not exist" in text_of(over_time(read(client, f"/metrics/bins-missed?area={GREATER_PLUMSTEAD}")))


def test_one_period_is_no_trend(client: Client) -> None:
    said = over_time(read(client, f"/metrics/carers-content?area={ALLINGTON}"))
    assert "Only figures for 2023-24 are held" in said
    assert "<svg" not in said
    assert "<table" not in said


def test_without_a_council_the_medians_are_shown(client: Client) -> None:
    england = text_of(over_time(read(client, "/metrics/bins-missed")))
    assert "The median of councils in England was" in england
    by_class = over_time(read(client, "/metrics/bins-missed?peers=type"))
    assert "Each line is the median of one kind of council." in text_of(by_class)
    assert re.findall(r'scope="col">Median of ([^<]+)', by_class) == [
        "district councils", "unitary councils", "councils in England",
    ]  # fmt: skip


def test_a_position_is_of_the_council_chosen_among_its_peers(client: Client, release: Release) -> None:
    rows = cells(read(client, f"/metrics/bins-missed?area={ALLINGTON}&peers=region&with={BARCHESTER}"))
    for figure in release.history("bins-missed", ALLINGTON, peers=Comparators("region")):
        assert rows[figure.period][-1] == (f"{figure.rank} of {figure.rank_of}" if figure.rank else "")
    unchosen = over_time(read(client, f"/metrics/bins-missed?peers=england&with={BARCHESTER}"))
    assert "Position of" not in unchosen


def test_an_authority_that_is_compared_with_nobody_stands_beside_england(client: Client) -> None:
    assert "councils in England" in text_of(over_time(read(client, f"/metrics/bins-missed?area={AUTHORITY}")))


def test_the_table_of_councils_has_its_median_in_its_place(client: Client, release: Release) -> None:
    html = read(client, "/metrics/bins-missed?peers=england").partition('id="table"')[2]
    names = re.findall(r'scope="row">(?:<a[^>]*>)?([^<]+)', html)
    summary = release.summary("bins-missed", "2023-24", scope="england")
    place = names.index("Median of councils in England")
    values = {f.area_name: f.value for f in release.slice("bins-missed", "2023-24") if f.value is not None}
    assert summary.median is not None
    assert all(values[name] <= summary.median for name in names[:place])
    assert all(name not in values or values[name] > summary.median for name in names[place + 1 :])
    assert "Median of" not in read(client, "/metrics/bins-missed?peers=england&sort=name").partition('id="table"')[2]


def test_each_kind_of_council_has_rows_of_its_own(client: Client) -> None:
    html = read(client, "/metrics/bins-missed?peers=type").partition('id="table"')[2]
    assert re.findall(r'scope="rowgroup"[^>]*>([^<]+)', html) == ["District councils", "Unitary councils"]
    assert html.count("<tbody") == 2


def test_a_value_on_another_basis_stands_after_those_compared(
    django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ("bins-missed", GATHERUM, "2023-24", "barset-bins/2023-24")
    changed = [(*each[:5], "other_basis") if each[:4] == key else each for each in OBSERVED]
    monkeypatch.setenv("MOOTHALL_RELEASE", str(build_release(tmp_path, make_contents(changed)).directory))  # type: ignore[arg-type]
    client = Client(HTTP_HOST="localhost")
    html = read(client, "/metrics/bins-missed?peers=england").partition('id="table"')[2]
    order = re.findall(r'href="/areas/(\w+)"', html)
    assert order.index(GATHERUM) == len(order) - 2  # before the one that has no value
    assert "31.0 tonnes other basis" in text_of(html)
    assert "mh-bar--apart" in html
    trend = over_time(read(client, f"/metrics/bins-missed?area={GATHERUM}&peers=england"))
    assert "Gatherum’s figure was 31.0 tonnes in 2023-24. No other figure can be compared with it." in text_of(trend)
    assert "Hollow points: other basis." in text_of(trend)


def test_breaks_and_the_pandemic_are_told_in_words(
    django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = CATALOGUE.sources["barset-bins"]
    notes = [
        {"periods": ["2022-23"], "kind": "definition", "reason": "Since April 2022 bags are counted as bins."},
        {"periods": ["2023-24"], "kind": "covid", "reason": "Half of the crews were ill."},
    ]
    noted = type(source).model_validate(source.model_dump() | {"period_notes": notes})
    catalogue = replace(CATALOGUE, sources=CATALOGUE.sources | {"barset-bins": noted})
    release = build_release(tmp_path, make_contents(catalogue=catalogue))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    html = over_time(read(Client(HTTP_HOST="localhost"), PAGE))
    said = text_of(html)
    assert "a: Figures from 2022-23 on cannot be compared with earlier ones. Since April 2022 bags" in said
    assert "Shaded as COVID-19: Half of the crews were ill." in said
    assert "Barchester’s figure was 45.0 tonnes in 2022-23 and 442.0 tonnes in 2023-24. Figures from before" in said
    assert "COVID-19 affected 2023-24." in said
    assert "2022-23 break a" in said
    assert "2023-24 COVID-19" in said
    assert html.count('class="mh-trend__break"') == 1


def test_names_in_the_table_are_escaped(django_ready: None) -> None:
    from django.template import engines

    parts = engines.all()[0].env.get_template("parts.html").module  # type: ignore[attr-defined]
    row = {"code": "E1", "name": "<b>A</b> & Sons", "text": "1", "trace_address": "/x?a&b", "bar": "", "note": "<i>"}
    said = parts.list_councils([{"title": "<b>", "rows": [row]}], "", False, False, False, False, False, "")
    assert "<b>" not in said
    assert "&lt;b&gt;A&lt;/b&gt; &amp; Sons" in said
    assert "/x?a&amp;b" in said


def test_break_of_a_period_that_is_not_held_stands_before_the_next(tmp_path: Path) -> None:
    source = CATALOGUE.sources["barset-bins"]
    notes = [{"periods": ["2022-23"], "kind": "method", "reason": "Bins were weighed before they were counted."}]
    noted = type(source).model_validate(source.model_dump() | {"period_notes": notes})
    catalogue = replace(CATALOGUE, sources=CATALOGUE.sources | {"barset-bins": noted})
    observed = [each for each in OBSERVED if each[2] != "2022-23"]
    release = build_release(tmp_path, make_contents(observed, catalogue))
    spans_found, said = list_spans(release.metric("bins-missed"), ["2021-22", "2023-24"])
    assert [span.letter for span in spans_found] == ["", "a"]
    assert "Figures from 2023-24 on cannot be compared with earlier ones." in said[0]
    assert list_spans(release.metric("bins-missed"), ["2020-21", "2021-22"])[1] == ()


def test_the_chart_follows_the_comparators(django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    neighbours = (SILVERBRIDGE, ALLINGTON, GATHERUM, OMNIUM)
    made = build_release(tmp_path, make_contents(lists={DEFAULT_MODEL: {BARCHESTER: neighbours}}))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(made.directory))
    html = read(Client(HTTP_HOST="localhost"), f"/metrics/bins-missed?area={BARCHESTER}")
    columns = re.findall(r'scope="col"[^>]*>([^<]+)', over_time(html))
    assert columns[1:5] == [
        "Barchester", "Median of Barchester’s neighbours", "Their middle half", "Median of councils in England",
    ]  # fmt: skip
    compared = 0
    for period, row in cells(html).items():
        found = [made.figure("bins-missed", code, period).value for code in neighbours]
        values = [value for value in found if value is not None]
        if len(values) < 3:
            assert row[1:3] == ["", ""], "too few of them have a figure"
            continue
        assert row[1] == format_value(median(values), Unit.TONNES, 1)
        low, high = (format_number(quantile(values, share), 1) for share in (0.25, 0.75))
        assert row[2] == f"{low} to {high} tonnes"
        compared += 1
    assert compared == 2
    chart = over_time(html)
    assert "mh-trend__line--median" in chart
    assert "mh-trend__line--country" in chart
    assert "Shaded: the middle half of Barchester’s neighbours." in text_of(chart)
    group = f"&peers=custom&with={SILVERBRIDGE}&with={ALLINGTON}&with={GATHERUM}"
    chosen = over_time(read(Client(HTTP_HOST="localhost"), f"/metrics/bins-missed?area={BARCHESTER}{group}"))
    assert "Median of the councils chosen" in chosen


def project(code: str, *values: float) -> pl.DataFrame:
    rows = [
        ("bins-missed", "all", "2023-24", code, step, financial_year(2023 + step).key, value, 1.0 * step, 2.0, 4.0)
        for step, value in enumerate(values, 1)
    ]
    return pl.DataFrame(rows, schema=dict(PROJECTIONS), orient="row")


def test_a_projection_is_drawn_and_told_for_the_council_chosen_alone(
    django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = replace(make_contents(), projections=project(BARCHESTER, 450.0, 460.0))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(build_release(tmp_path, contents).directory))
    client = Client(HTTP_HOST="localhost")
    html = over_time(read(client, PAGE))
    said = text_of(html)
    assert "Dotted: a projection if the recent pattern continues, not a forecast of decisions." in said
    assert "Projected for 2024-25: 450.0 tonnes." in said
    assert "Half of such projections came within 2.0 tonnes, and 95% within 4.0 tonnes." in said, "two years on"
    assert html.count('class="mh-trend__fan') == 3
    assert html.count("if the recent pattern continues: 4") == 2
    assert list(cells(read(client, PAGE))) == ["2023-24", "2022-23", "2021-22"], "what is held"
    for other in (f"/metrics/bins-missed?area={SILVERBRIDGE}&with={BARCHESTER}", "/metrics/bins-missed"):
        assert "Dotted:" not in text_of(over_time(read(client, other)))


def test_a_projection_that_does_not_go_on_from_the_last_period_is_not_drawn(
    django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = project(BARCHESTER, 450.0).with_columns(projected=pl.lit("2025-26"))
    monkeypatch.setenv(
        "MOOTHALL_RELEASE", str(build_release(tmp_path, replace(make_contents(), projections=late)).directory)
    )
    assert "Dotted:" not in text_of(over_time(read(Client(HTTP_HOST="localhost"), PAGE)))
