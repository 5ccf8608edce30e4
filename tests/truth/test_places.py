"""What a council's page begins with, and a place's bill, are worked out again from the release's Parquet files."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from decimal import Decimal
from functools import cache

import polars as pl
import pytest

from moothall.release.queries import Release
from moothall.site.explorer.bills import make_bill
from moothall.site.explorer.profiles import make_area
from moothall.site.explorer.services import list_authorities
from tests.site.told import BANNED
from tests.truth.facts import Facts
from tests.truth.grammar import GROWS
from tests.truth.ground import Ground, Row, Told, shown

SEED, SAMPLE, LONGEST = 2026, 60, 25
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TESTED = re.compile(
    r"We tested (?P<differences>\S+) differences? from (?:its neighbours|other [\w ]+) and (?P<trends>\S+) trends? for "
    r"chance, leaving out figures that are old or of few cases\. "
    r"(?:Not one of them passed\.|(?P<differing>\S+) differences? and (?P<moving>\S+) trends? passed\. "
    r"Of (?:this one|these (?P<passed>\S+)), (?P<expected>fewer than one|about \S+) may be so by chance\.)"
    r"(?: It is listed as worth learning from in (?P<listed>\S+) metrics?\.)?$"
)
BILL = re.compile(r"A Band D home in (?P<place>.+) was charged (?P<total>£[\d,.]+) in (?P<period>\S+)\. "
                  r"(?P<council>.+), which sends the bill, set (?P<own>£[\d,.]+) of it\.$")  # fmt: skip
PARTS = ("own-band-d", "parish-band-d", "county-or-gla-part-of-band-d-bill", "police-part-of-band-d-bill",
         "fire-part-of-band-d-bill", "combined-authority-part-of-band-d-bill")  # fmt: skip


def read_number(said: str | None) -> int:
    if said is None:
        return 0
    return NUMBERS.index(said.lower()) if said.lower() in NUMBERS else int(said.replace(",", ""))


def hold(chances: dict[str, float]) -> set[str]:
    """Those that pass together at 5 %: all up to the largest rank at which one is within its share."""
    ordered = sorted(chances.values())
    within = [p for rank, p in enumerate(ordered, 1) if p * len(ordered) / rank < 0.05]
    return {metric for metric, p in chances.items() if within and p <= max(within)}


class Known:
    """What is known of one council: chances of differences and of trends, and what stands out."""

    def __init__(self) -> None:
        self.tested: dict[str, float] = {}
        self.apart: set[str] = set()  # better or worse in their metric
        self.own: set[str] = set()
        self.trends: dict[str, float] = {}
        self.moved: set[str] = set()

    @property
    def differing(self) -> set[str]:
        return hold(self.tested) & self.apart & self.own

    @property
    def moving(self) -> set[str]:
        return hold(self.trends) & self.moved


def look_at(known: Known, told: Told, area: str, row: Row) -> None:
    facts = Facts(told, area, "neighbours", "")
    key, places, sure, trend = told.metric["metric_key"], told.metric["places"], told.certainties.get(area), None
    apart = row["marker"] in {"other_basis", "derived_sum", "approx_weighted"}
    median, mads = row["median_neighbours"], row["mads_neighbours"]
    is_placed = median is not None and not apart and row["marker"] != "low_reliability"
    if is_placed and sure and sure["p_neighbours"] is not None:
        is_same = shown(row["value"], places) == shown(median, places)
        if is_same or mads is not None:
            known.tested[key] = sure["p_neighbours"]
            is_sure = sure["p_neighbours"] < 0.05 and (sure["q_neighbours"] is None or sure["q_neighbours"] < 0.05)
            if not is_same and is_sure and 0.5 <= abs(mads) < 7.5:
                known.apart.add(key)
    if facts.has_few_cases or facts.months_old() >= facts.old_after(told.metric) or apart:
        return
    known.own.add(key)
    trend = told.trends.get(area)
    if trend and None not in (trend["p"], trend["direction"], trend["change_neighbours"]):
        known.trends[key] = trend["p"]
        first = shown(told.history[area][trend["first"]]["value"], places)
        side = {"rising": 1, "falling": -1}.get(trend["direction"], 0)
        if side and (shown(row["value"], places) - first) * side > 0:
            known.moved.add(key)


@cache
def look_at_all(release: Release, codes: tuple[str, ...]) -> dict[str, Known]:
    """What is known of some councils, over every metric in which one direction is better."""
    ground, found = Ground(release.directory), defaultdict(Known)
    scored = [
        key
        for key, metric in sorted(ground.metrics.items())
        if metric["latest_period"] and metric["unit"] not in GROWS and metric["status"] != "retired"
    ]
    for told in ground.tell(scored):
        if not told.sign:
            continue
        for area in codes:
            row = told.rows.get(area)
            if row and row["value"] is not None:
                look_at(found[area], told, area, row)
    return found


def draw_codes(release: Release) -> tuple[str, ...]:
    codes = sorted(area.code for area in release.areas(principal_only=True) if release.has_neighbours(area.code))
    return tuple(random.Random(SEED).sample(codes, min(SAMPLE, len(codes))))  # noqa: S311 - to draw, not to hide


def test_what_stands_out_is_what_the_rule_finds(real_release: Release) -> None:
    codes = draw_codes(real_release)
    by_code = look_at_all(real_release, codes)
    order = {metric.key: place for place, metric in enumerate(real_release.metrics())}
    first = {key for topic in real_release.topics() for key in topic.headlines}
    sides = set()
    for code in codes:
        known, things = by_code[code], make_area(real_release, real_release.area(code), "").things
        assert things, code
        said = TESTED.match(things.looked_at)
        assert said, things.looked_at
        differing, moving = known.differing, known.moving
        true = [len(set(known.tested) & known.own), len(known.trends), len(differing), len(moving)]
        assert [read_number(said[each]) for each in ("differences", "trends", "differing", "moving")] == true, code
        if passed := len(differing) + len(moving):
            assert passed == (read_number(said["passed"]) if said["passed"] else 1)
            assert said["expected"] == (
                "fewer than one" if 0.05 * passed < 0.95 else f"about {NUMBERS[round(0.05 * passed)]}"
            )
        listed = {each.metric for each in real_release.exemplars(area=code) if each.metric in known.own}
        assert read_number(said["listed"]) == len(listed)
        chances = {
            key: min(
                known.tested[key] if key in differing else 2.0,  # more than any chance
                known.trends[key] if key in moving else 2.0,
            )
            for key in differing | moving | listed
        }
        ordered = sorted(chances, key=lambda key: (key not in first, chances[key], order[key]))
        topics = [real_release.metric(key).topic for key in ordered]
        told = [key for place, key in enumerate(ordered) if topics[place] not in topics[:place]]
        told += [key for key in ordered if key not in told]
        assert [each.address.rpartition("#")[2] for each in things.entries] == told[:3], code
        for thing in things.entries:
            sides |= set(re.findall(r"\b(better than|worse than|improving trend|worsening trend)\b", thing.sentence))
            assert max(len(each.split()) for each in re.split(r"(?<=[.])\s", thing.sentence)) <= LONGEST
        assert not BANNED.search(things.looked_at)
    assert sides == {"better than", "worse than", "improving trend", "worsening trend"}, "both sides are told"


def test_a_council_compared_with_nobody_is_told_nothing(real_release: Release) -> None:
    for area in real_release.areas(principal_only=True):
        if not real_release.has_neighbours(area.code):
            page = make_area(real_release, area, "")
            assert (page.things, page.exemplars) == (None, ()), area.code


def test_every_bill_is_true_and_adds_up(real_release: Release) -> None:
    """Every billing council: the sentence, each part and the sum, from the Parquet file to the penny."""
    period = real_release.metric("area-band-d-bill").latest_period
    figures = pl.read_parquet(real_release.directory / "parquet" / "figures.parquet").filter(
        pl.col("metric_key").is_in([*PARTS, "area-band-d-bill"]) & (pl.col("period") == period)
        & pl.col("value").is_not_null() & pl.col("marker").is_null()
    )  # fmt: skip
    values = {(row["area_code"], row["metric_key"]): row["value"] for row in figures.iter_rows(named=True)}
    many = 0
    for area in real_release.areas(principal_only=True):
        bill = make_bill(real_release, area, list_authorities(real_release, area))
        if (area.code, "area-band-d-bill") not in values:
            assert bill is None or bill.total is None, area.code
            continue
        many += 1
        assert bill, area.code
        assert bill.total, bill
        said = BILL.match(bill.sentence)
        assert said, bill.sentence
        assert said["period"] == period
        assert said["total"] == bill.total.text == write(values[area.code, "area-band-d-bill"])
        assert said["own"] == write(values[area.code, "own-band-d"])
        parts = [part for part in bill.parts if not part.is_within]
        true = [values[area.code, key] for key in PARTS if shown(values[area.code, key], 2)]
        assert sorted(part.text for part in parts) == sorted(write(each) for each in true), area.code
        summed = sum(Decimal(part.text.lstrip("£").replace(",", "")) for part in parts)
        assert abs(summed - shown(values[area.code, "area-band-d-bill"], 2)) <= Decimal("0.01"), area.code
        assert not BANNED.search(" ".join([bill.sentence, *bill.notes]))
    assert many == 296


def write(pounds: float) -> str:
    return f"£{shown(pounds, 2):,}"


@pytest.mark.parametrize("said", ["Of these nine, about two may be so by chance."])
def test_the_reader_does_not_take_anything(said: str) -> None:
    assert not TESTED.match(said)
