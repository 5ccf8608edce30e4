"""Every page answers, says the same numbers as the release, and says plainly what it cannot show."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.http import QueryDict
from django.test import Client

from moothall.core.values import Marker
from moothall.release.comparators import Comparators
from moothall.release.queries import Release
from moothall.site.explorer.provenance import make_trace
from moothall.site.explorer.standing import judge_standing
from moothall.site.jinja import asset
from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    COUNTY,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OBSERVED,
    OLD_BARCHESTER_CODE,
    OMNIUM,
    PLUMSTEAD_OLD,
    SILVERBRIDGE,
    build_release,
    make_contents,
)

PAGES = (
    "/",
    "/metrics/share-missed/against/bins-emptied",
    "/areas",
    "/areas?by=name",
    "/areas?closed=1",
    "/find",
    "/find?q=bar",
    "/find?q=nowhere",
    "/find?q=bins",
    "/find?q=bins+in+barchester",
    f"/areas/{BARCHESTER}/barchester",
    f"/areas/{COUNTY}/barsetshire",
    f"/areas/{AUTHORITY}/greater-barset",
    f"/areas/{GREATER_PLUMSTEAD}/greater-plumstead",
    f"/areas/{PLUMSTEAD_OLD}",
    f"/places/{BARCHESTER}/barchester",
    f"/places/{COUNTY}/barsetshire",
    f"/places/{ALLINGTON}/allington",
    f"/areas/{ALLINGTON}/topics/bins",
    f"/areas/{BARCHESTER}/topics/bins?with={SILVERBRIDGE}&with={COUNTY}&with={GREATER_PLUMSTEAD}",
    f"/areas/{BARCHESTER}/topics/care",
    f"/areas/{AUTHORITY}/topics/bins",
    "/compare",
    f"/compare?areas={ALLINGTON}",
    f"/compare?areas={ALLINGTON}&areas={BARCHESTER}&areas={AUTHORITY}&topic=bins&metric=carers-content",
    f"/compare?areas={ALLINGTON}&topic=bins&peers=custom&with={OMNIUM}&with={BARCHESTER}&name=%3Cb%3Eours",
    "/metrics",
    "/metrics?q=bins&age=new",
    "/gaps",
    "/gaps?topic=bins",
    "/gaps?function=care",
    "/excellence",
    "/excellence?topic=bins&class=unitary",
    "/metrics/bins-missed",
    "/metrics/bins-missed?peers=type&sort=name",
    "/metrics/bins-missed?peers=region",
    f"/metrics/bins-missed?area={BARCHESTER}",
    f"/metrics/bins-missed?area={BARCHESTER}&peers=england&with={ALLINGTON}&with={OMNIUM}&period=2023-24",
    f"/metrics/bins-missed?area={AUTHORITY}",
    f"/metrics/bins-missed?area={COUNTY}",
    f"/metrics/bins-missed?area={GREATER_PLUMSTEAD}&with={BARCHESTER}",
    f"/metrics/carers-content?area={BARCHESTER}",
    f"/figures/bins-missed/{BARCHESTER}/2022-23",
    f"/figures/share-not-missed/{BARCHESTER}/2023-24",
    f"/figures/bins-missed/{FRAMLEY}/2023-24",
    f"/figures/bins-missed/{COUNTY}/2023-24",
    f"/figures/bins-missed/{AUTHORITY}/2023-24",
    "/topics",
    "/topics/bins",
    "/topics/care",
    "/outcomes",
    f"/outcomes?area={BARCHESTER}",
    "/outcomes/1",
    f"/outcomes/1?area={ALLINGTON}",
    f"/outcomes/2?area={AUTHORITY}",
    "/outcomes/3",
    "/contact",
    "/releases",
    "/releases/current",
    "/methods",
    "/about",
    "/accessibility",
    "/api",
)
SPILT = re.compile(r"\b(?:None|nan|undefined|inf)\b|\{\{|\{%|&lt;|\bobject at 0x")


def text_of(html: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_page_answers_whole(client: Client, address: str) -> None:
    html = read(client, address)
    assert html.count("<h1") == 1
    assert re.search(r"<title>[^<]+ – Moothall</title>|<title>Moothall: ", html)
    assert SPILT.search(text_of(html)) is None
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    wanted = ["charts.js", "find.js", *(["filter.js"] if "data-filter" in html else [])]
    scripts = [each for each in re.findall(r"<script[^>]*>", html) if each != '<script type="application/ld+json">']
    assert scripts == [f'<script src="{asset(name)}" defer>' for name in wanted]
    assert "<script" not in html.partition("</head>")[2]
    assert " style=" not in html
    assert "Set-Cookie" not in client.get(address).headers


@pytest.mark.parametrize("address", PAGES)
def test_links_of_a_page_lead_somewhere(client: Client, address: str) -> None:
    html = read(client, address)
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    for target in {unescape(found) for found in re.findall(r'href="([^"]+)"', html)}:
        if target.startswith("#"):
            assert target[1:] in ids, target
        elif target.startswith("/") and not target.startswith(("/static/", "/favicon")):
            assert client.get(target.partition("#")[0]).status_code in {200, 302}, target


@pytest.mark.parametrize(
    "address",
    ["/nowhere", "/areas/E99999999", "/metrics/nothing", "/topics/nothing", "/releases/2000-01-01-00000000",
     f"/figures/bins-missed/{BARCHESTER}/1999-00", f"/figures/nothing/{BARCHESTER}/2023-24",
     "/figures/bins-missed/E99999999/2023-24", f"/figures/bins-missed/{GREATER_PLUMSTEAD}/2021-22",
     f"/figures/bins-missed/{BARCHESTER}/2023-24?breakdown=nothing"],
)  # fmt: skip
def test_unknown_is_404_in_the_design(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()
    assert "ETag" not in response


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/areas?by=size", "“size” cannot be chosen"),
        ("/find?q=" + "x" * 101, "at most 100 characters"),
        ("/find?q=a&q=b", "only once"),
        ("/find?q=%00", "cannot be read"),
        ("/metrics/bins-missed?peers=everyone", "“everyone” cannot be chosen"),
        ("/metrics/bins-missed?area=E99999999", "no council called “E99999999”"),
        ("/metrics/bins-missed?with=E99999999", "no council called “E99999999”"),
        ("/metrics/bins-missed?period=1999-00", "“1999-00” cannot be chosen"),
        ("/metrics/bins-missed?sort=luck", "“luck” cannot be chosen"),
        ("/metrics/bins-missed?breakdown=men", "“men” cannot be chosen"),
        (f"/metrics/bins-missed?area={GREATER_PLUMSTEAD}&period=2021-22", "did not exist in 2021-22"),
        ("/metrics/bins-missed?area=bar", "could be one of several councils"),
    ],
)
def test_bad_input_is_400_with_an_error_summary(client: Client, address: str, words: str) -> None:
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 400
    assert "govuk-error-summary" in html
    assert words in unescape(html)


def test_input_is_escaped(client: Client) -> None:
    html = client.get("/find", {"q": "<b>x</b>"}).content.decode()
    assert "<b>x" not in html
    assert "&lt;b&gt;x" in html


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (f"/areas/{BARCHESTER}/wrong", f"/areas/{BARCHESTER}/barchester"),
        (f"/areas/{BARCHESTER.lower()}", f"/areas/{BARCHESTER}/barchester"),
        (f"/areas/{OLD_BARCHESTER_CODE}", f"/areas/{BARCHESTER}/barchester?was={OLD_BARCHESTER_CODE}"),
        ("/areas?q=Barchester", "/find?q=Barchester"),
        ("/areas?q=qb1 1aa", "/find"),
        ("/find?q=Barchester", f"/areas/{BARCHESTER}/barchester"),
        ("/find?q=barchester council", f"/areas/{BARCHESTER}/barchester"),
        (f"/find?q={OMNIUM}", f"/areas/{OMNIUM}/omnium"),
        ("/find?q=Omn", f"/areas/{OMNIUM}/omnium"),
        (f"/metrics/bins-missed?area={OLD_BARCHESTER_CODE}", f"/metrics/bins-missed?area={BARCHESTER}&peers=type"),
        ("/metrics/bins-missed?area=barchester", f"/metrics/bins-missed?area={BARCHESTER}&peers=type"),
        (
            "/metrics/bins-missed?area=Barchester&with=Omnium&sort=name",
            f"/metrics/bins-missed?area={BARCHESTER}&peers=type&with={OMNIUM}&sort=name",
        ),
    ],
)
def test_the_code_decides_and_one_match_is_the_answer(client: Client, asked: str, found: str) -> None:
    response = client.get(asked)
    assert response.status_code == 302
    assert response["Location"] == found


def test_the_name_may_be_left_out_of_the_address(client: Client) -> None:
    response = client.get(f"/areas/{BARCHESTER}")
    assert response.status_code == 200
    assert response.content == client.get(f"/areas/{BARCHESTER}/barchester").content


def test_an_old_code_comes_with_a_notice(client: Client) -> None:
    page = f"/areas/{BARCHESTER}/barchester"
    assert f"The code {OLD_BARCHESTER_CODE} is an old one." in read(client, f"{page}?was={OLD_BARCHESTER_CODE}")
    assert "is an old one" not in read(client, f"{page}?was={OMNIUM}")
    assert "is an old one" not in read(client, f"{page}?was=nonsense")


def test_a_closed_council_says_what_became_of_it(client: Client) -> None:
    html = read(client, f"/areas/{PLUMSTEAD_OLD}")
    assert "existed until 31 March 2023. Greater Plumstead Council took its place." in text_of(html)
    assert f'href="/areas/{GREATER_PLUMSTEAD}/greater-plumstead"' in html


def test_closed_councils_are_behind_a_link(client: Client) -> None:
    assert "until 31 March 2023" not in read(client, "/areas")
    assert "until 31 March 2023" in read(client, "/areas?closed=1")


def test_zero_missing_and_not_responsible_are_three_things(client: Client) -> None:
    zero = text_of(read(client, f"/areas/{SILVERBRIDGE}/silverbridge"))
    assert "Silverbridge’s figure for 2023-24 was 0.0 tonnes" in text_of(
        read(client, f"/metrics/bins-missed?area={SILVERBRIDGE}")
    )
    assert "Bins missed 2023-24 0.0 tonnes" in zero
    missing = text_of(read(client, f"/metrics/bins-missed?area={FRAMLEY}"))
    assert "There is no figure for Framley for 2023-24. The council had not sent in this return" in missing
    gaps = text_of(read(client, f"/areas/{FRAMLEY}/framley").partition('id="missing"')[2])
    assert "No return The council had not sent in this return when it was published. Bins missed (2023-24)" in gaps
    other = text_of(read(client, f"/metrics/bins-missed?area={COUNTY}"))
    assert "Barsetshire is not responsible for this service." in other
    table = read(client, "/metrics/bins-missed?peers=england")
    assert "Barsetshire</a>" not in table.partition("<tbody")[2]


def test_a_district_names_who_runs_the_rest(client: Client) -> None:
    html = read(client, f"/areas/{BARCHESTER}/barchester")
    said = text_of(html.partition("Services that others run here")[2])
    assert "Run by Barsetshire Care" in said
    assert "Two councils run services here. For social care, schools and roads see Barsetshire ." in text_of(html)
    county = text_of(read(client, f"/areas/{COUNTY}/barsetshire"))
    assert "For bins, planning and help with housing see Barchester , Framley or Silverbridge ." in county
    elsewhere = county.partition("Services that others run here")[2]
    assert "Run by Barchester , Framley , Silverbridge Emptying bins" in elsewhere


def test_a_misspelled_name_leads_to_those_like_it(client: Client) -> None:
    html = read(client, "/find?q=Barchster")
    said = text_of(html)
    assert "Nothing found for “Barchster” These councils have names spelled like it." in said
    assert f'href="/areas/{BARCHESTER}/barchester"' in html
    assert "A postcode leads to the councils of a place." in text_of(read(client, "/find?q=Trantridge"))
    refused = client.get(f"/areas/{BARCHESTER}/topics/bins?with=Framly")
    assert refused.status_code == 400
    assert "There is no council called “Framly”. Type Framley." in text_of(refused.content.decode())


def test_a_topic_is_one_row_with_what_it_shows_first(client: Client) -> None:
    """Barchester has too few neighbours to be compared: its figures are shown, and no drawing."""
    html = read(client, f"/areas/{BARCHESTER}/barchester")
    row = html.partition('class="mh-glances__topic" id="bins"')[2].partition("</li>")[0]
    assert [text_of(each) for each in re.findall(r"<dt>(.*?)</dt>", row, re.DOTALL)] == [
        "Share missed 2023-24",
        "Bins missed 2023-24",
    ]
    assert [text_of(each) for each in re.findall(r"<dd>(.*?)</dd>", row, re.DOTALL)] == ["6.0%", "442.0 tonnes"]
    assert "<svg" not in row
    assert "4 neither better nor worse" in text_of(row)


def test_a_glance_has_a_dot_for_each_figure_that_stands_somewhere(client: Client, release: Release) -> None:
    html = read(client, f"/areas/{ALLINGTON}/allington")
    row = html.partition('class="mh-glances__topic" id="bins"')[2].partition("</li>")[0]
    figures = [
        each
        for each in release.area_figures(ALLINGTON, peers=Comparators("type"))
        if each.metric in {metric.key for metric in release.metrics(topic="bins")}
    ]
    placed = [
        each
        for each in figures
        if judge_standing(release.area(ALLINGTON), release.metric(each.metric), each) and each.mads_peers is not None
    ]
    assert placed
    assert row.count('class="mh-glance__') == len(placed)
    said = re.search(
        r"(?:(\d+) better)?(?:, )?(?:(\d+) similar)?(?:, )?(?:(\d+) worse)?", text_of(row).partition("Bins ")[2]
    )
    assert said
    assert sum(int(each) for each in said.groups() if each) == len(placed)


def count_dots(strip: str) -> dict[str, int]:
    """How many councils a strip without names has, by how they are drawn."""
    drawn = {
        kind: sum(path.count("h.1") for path in re.findall(rf'mh-strip__{kind}" d="([^"]*)"', strip))
        for kind in ("comparators", "others")
    }
    arrows = re.findall(r'mh-strip__beyond".*?d="([^"]*)"', strip)
    return drawn | {"beyond": sum(path.count("z") for path in arrows), "selected": strip.count("mh-strip__selected")}


@pytest.mark.parametrize(
    ("page", "metrics"),
    [("topics/bins", ("share-missed", "share-not-missed"))],
)
def test_a_strip_shows_those_of_its_class_with_a_value(
    client: Client, release: Release, page: str, metrics: tuple[str, ...]
) -> None:
    html = read(client, f"/areas/{ALLINGTON}/{page}")
    strips = re.findall(r'<svg class="mh-chart mh-strip".*?</div>', html, re.DOTALL)
    for metric, strip in zip(metrics, strips, strict=True):
        figures = [
            figure
            for figure in release.slice(metric, "2023-24", peers=Comparators("type"), for_area=ALLINGTON)
            if figure.mads_peers is not None
        ]
        drawn = count_dots(strip)
        assert drawn["comparators"] or drawn["others"]
        alike = drawn["comparators"] if page.startswith("topics") else drawn["others"]
        assert alike + drawn["selected"] + drawn["beyond"] == len(figures)


def test_the_table_says_what_the_release_says(client: Client, release: Release) -> None:
    html = read(client, "/metrics/bins-missed?peers=england")
    rows = re.findall(r"<tr class=\"govuk-table__row[^>]*>(.*?)</tr>", html.partition('id="table"')[2], re.DOTALL)
    shown = {
        cells[-1]: cells
        for row in rows
        if len(cells := [text_of(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]) > 3 and cells[-1]
    }
    figures = [
        figure
        for figure in release.slice("bins-missed", "2023-24", peers=Comparators("england"))
        if figure.marker is None or figure.marker.value != "not_responsible"
    ]
    assert set(shown) - {"Code"} == {figure.area for figure in figures}
    for figure in figures:
        note = " estimated" if figure.marker is Marker.ESTIMATED else ""
        assert shown[figure.area][:2] == [figure.area_name, figure.text + note]
        position = f"{figure.rank} of {figure.rank_of}" if figure.rank else ""
        assert shown[figure.area][3] == position


def test_the_table_is_sorted_as_asked(client: Client) -> None:
    def order(address: str) -> list[str]:
        html = read(client, address).partition('id="table"')[2]
        return re.findall(r'<th class="[^"]*" scope="row"><a class="govuk-link" href="/areas/(\w+)"', html)

    assert order("/metrics/bins-missed?peers=england") == order("/metrics/bins-missed?peers=england&sort=value")
    assert order("/metrics/bins-missed?peers=england") == [
        SILVERBRIDGE, ALLINGTON, GATHERUM, OMNIUM, GREATER_PLUMSTEAD, BARCHESTER, FRAMLEY,
    ]  # fmt: skip
    by_name = order("/metrics/bins-missed?peers=england&sort=name")
    assert by_name[:2] == [ALLINGTON, BARCHESTER]
    for sort, headings in (("name", ["ascending", "none"]), ("value", ["none", "ascending"])):
        html = read(client, f"/metrics/bins-missed?peers=england&sort={sort}")
        assert re.findall(r'aria-sort="(\w+)"', html) == headings


def test_age_counts_to_the_day_of_the_release(client: Client) -> None:
    said = text_of(read(client, f"/metrics/bins-missed?area={BARCHESTER}"))
    assert "About April 2023 to March 2024. Published 14 November 2024 (printed in the file)." in said
    assert "The period ended 15 months before this release was made on 1 June 2025." in said
    assert "The publisher brings out a new one every year; the next is due about November 2025." in said
    assert "Newer files exist that are not here yet: Bins 2024-25" in said


def test_a_derived_metric_says_when_the_file_of_all_its_inputs_was_published(client: Client) -> None:
    derived = text_of(read(client, f"/metrics/share-missed?area={BARCHESTER}"))
    direct = text_of(read(client, f"/metrics/bins-missed?area={BARCHESTER}"))
    published = re.search(r"Published [^.]*\.", direct)
    assert published
    assert published[0] in derived


def test_a_trace_leads_to_cells_and_earlier_files(client: Client, release: Release) -> None:
    html = read(client, f"/figures/bins-missed/{BARCHESTER}/2022-23")
    said = text_of(html)
    trace = release.trace("bins-missed", BARCHESTER, "2022-23")
    cell = trace.cells[0]
    for part in (cell.cell, cell.sheet, cell.stored, cell.edition.sha256, cell.edition.address or "", "45.0 tonnes"):
        assert part in said
    assert "In earlier files" in said
    assert "Bins 2022-23 15 November 2023" in said
    assert "44.0 tonnes" in said


def test_a_copy_without_an_address_is_checked_against_the_publishers_own_file(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = release.trace("bins-missed", BARCHESTER, "2022-23")
    copied = [replace(cell, edition=replace(cell.edition, quality="converted", address=None)) for cell in trace.cells]
    monkeypatch.setattr(Release, "trace", lambda *_, **__: replace(trace, cells=tuple(copied)))
    file = make_trace(release, "bins-missed", BARCHESTER, "2022-23", QueryDict()).files[0]
    assert any(fact.label == "Kind of file" and "first published in another file" in fact.text for fact in file.facts)
    assert "no address" in file.steps[0]
    assert not any("same file" in step for step in file.steps)
    assert copied[0].stored in file.steps[2]


def test_a_derived_trace_shows_its_working(client: Client) -> None:
    said = text_of(read(client, f"/figures/share-missed/{BARCHESTER}/2023-24"))
    assert "100 × missed ÷ (emptied + missed)" in said
    assert "100 × 442 ÷ (6,892 + 442) = 6.026724843, shown as 6.0%" in said


def test_marked_councils_are_in_the_key_and_can_be_unmarked(client: Client) -> None:
    html = read(client, f"/metrics/bins-missed?area={BARCHESTER}&peers=england&with={ALLINGTON}")
    key = text_of(html.partition('aria-label="Councils marked"')[2].partition("</ul>")[0])
    assert "Barchester 442.0 tonnes" in key
    assert "Allington 31.0 tonnes" in key
    assert f'<a class="govuk-link" href="/metrics/bins-missed?area={BARCHESTER}&amp;peers=england">remove' in html


def test_about_says_what_this_is_not_and_who_operates_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOOTHALL_OPERATOR", raising=False)
    said = text_of(read(client, "/about"))
    assert "not a government service" in said
    assert "closed on 16 December 2024" in said
    assert "The operator of this copy has not given a name." in said
    monkeypatch.setenv("MOOTHALL_OPERATOR", "the Barset Gazette")
    assert "This copy is operated by the Barset Gazette." in text_of(read(client, "/about"))


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("moots@barset.example", "mailto:moots@barset.example"),
        ("mailto:moots@barset.example", "mailto:moots@barset.example"),
        ("https://barset.example/moots", "https://barset.example/moots"),
        ("javascript:alert(1)", None),
        ("ask at the hall", None),
        ("", None),
    ],
)
def test_contact_leads_to_the_operator_or_says_that_it_cannot(
    client: Client, monkeypatch: pytest.MonkeyPatch, given: str, address: str | None
) -> None:
    monkeypatch.setenv("MOOTHALL_CONTACT", given)
    html = read(client, "/contact")
    said = text_of(html)
    assert (f'href="{address}"' in html) == (address is not None)
    assert ("has not given an address to write to" in said) == (address is None)
    assert "javascript:" not in html
    assert "cannot deal with complaints about a council" in said
    assert 'href="https://www.lgo.org.uk/"' in html
    assert 'href="/about#sources"' in html
    sources = read(client, "/about").partition('id="sources"')[2].partition("<h2")[0]
    assert sources.count('href="https://archive.example/') >= 2, "publishers' own pages"


def test_every_page_leads_to_contact_and_accessibility(client: Client) -> None:
    footer = read(client, "/").partition("<footer")[2]
    assert re.findall(r'<li><a class="govuk-link" href="([^"]+)"', footer) == [
        "/contact", "/accessibility", "/methods", "/releases", "/gaps",
    ]  # fmt: skip


def test_a_council_newer_than_its_figures_is_told_apart_from_one_without(
    django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [each for each in OBSERVED if each[2] == "2021-22"]
    monkeypatch.setenv("MOOTHALL_RELEASE", str(build_release(tmp_path, make_contents(before)).directory))
    client = Client(HTTP_HOST="localhost")
    said = text_of(read(client, f"/areas/{GREATER_PLUMSTEAD}/greater-plumstead"))
    assert "Too new The newest figures are from before Greater Plumstead began. Bins (2021-22)" in said
    assert "before Allington began" not in text_of(read(client, f"/areas/{ALLINGTON}/allington"))


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/", "/"),
        (f"/areas/{BARCHESTER}", f"/areas/{BARCHESTER}/barchester"),
        (f"/areas/{BARCHESTER}/barchester?was={OLD_BARCHESTER_CODE}", f"/areas/{BARCHESTER}/barchester"),
        ("/metrics/bins-missed?sort=value", "/metrics/bins-missed?peers=england"),
        (f"/metrics/bins-missed?area={BARCHESTER}&period=2022-23", None),
    ],
)
def test_a_page_names_its_one_address(client: Client, asked: str, canonical: str | None) -> None:
    found = re.search(r'<link rel="canonical" href="([^"]+)">', read(client, asked))
    assert found
    assert unescape(found[1]) == (canonical or f"/metrics/bins-missed?area={BARCHESTER}&peers=type&period=2022-23")


def test_titles_differ(client: Client) -> None:
    titles: dict[str, str] = {}
    for address in PAGES:
        title = re.search("<title>([^<]+)", read(client, address))
        assert title
        titles.setdefault(title[1], address.partition("?")[0])
        assert titles[title[1]] == address.partition("?")[0], title[1]


def test_in_short_agrees_with_the_sentences_it_leads_to(client: Client) -> None:
    html = read(client, f"/areas/{ALLINGTON}/allington")
    short = html.partition('id="in-short"')[2].partition("</section>")[0]
    groups = re.findall(r'summary-text">([^<]+)</span>(.*?)</details>', short, re.DOTALL)
    assert groups
    for label, members in groups:
        for address, anchor in re.findall(r'href="([^"#]+)#([^"]+)"', members):
            row = text_of(read(client, address).partition(f'id="{anchor}"')[2].partition("</article>")[0])
            word = label.partition(" ")[0].lower()
            assert re.search(rf"{word} (?:than|to)|the same as", row), (label, row)


def test_who_is_responsible_instead_is_linked(client: Client) -> None:
    said = read(client, f"/figures/carers-content/{BARCHESTER}/2023-24")
    assert f'The responsible authority is now <a class="govuk-link" href="/areas/{COUNTY}/barsetshire">' in said
