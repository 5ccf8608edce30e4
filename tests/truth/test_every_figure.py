"""Every sentence on every metric of every council that stands is true: read by a reader that knows nothing of ours."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import Comparators, FigureRecord, Peers
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.narrative.figure import narrate
from tests.site.told import BANNED
from tests.truth.facts import Untrue
from tests.truth.ground import Ground, Told
from tests.truth.reader import Reader

SEED, PARTS, SAMPLE = 2026, 12, 36
LONGEST = 25
# The inspectorate's own words, and its name for a council's services, stand as they are.
OWN_WORDS = re.compile(r"Good\b|Requires improvement to be good")


@cache
def open_ground(release: Release) -> Ground:
    return Ground(release.directory)


def list_keys(release: Release) -> list[str]:
    return sorted(metric.key for metric in release.metrics() if metric.latest_period)


def read_figures(release: Release, told: Told, peers: Comparators, codes: tuple[str, ...]) -> list[FigureRecord]:
    selection = Selection(
        metric=(told.metric["metric_key"],),
        area=codes,
        period=(told.period,),
        breakdown=(told.breakdown,),
        peers=peers,
    )
    return release.figures(selection)


def group_ranked(release: Release, peers: Comparators, figures: list[FigureRecord]) -> dict[str, list[FigureRecord]]:
    """The figures that are ranked among one another, by their class, their region or together."""
    groups: dict[str, list[FigureRecord]] = defaultdict(list)
    for figure in figures:
        groups[name_scope(release, peers, figure)].append(figure)
    return groups


def name_scope(release: Release, peers: Comparators, figure: FigureRecord) -> str:
    if peers.kind == "region":
        return release.area(figure.area).region_code
    return figure.area_class if peers.kind == "type" else ""


def narrate_all(
    release: Release, told: Told, by_peers: dict[Comparators, tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    """Every area's code, the kind of its comparators, and what is said of its figure."""
    for peers, codes in by_peers.items():
        figures = read_figures(release, told, peers, codes)
        groups = group_ranked(release, peers, figures)
        for figure in figures:
            ranked = groups[name_scope(release, peers, figure)] if figure.rank is not None else []
            yield figure.area, peers.kind, narrate(release, figure, peers, ranked).text


def check(release: Release, keys: list[str], by_peers: dict[Comparators, tuple[str, ...]]) -> int:
    """Read everything said of some metrics; fails with the first sentence that is untrue and how many there are."""
    untrue: list[str] = []
    many = 0
    for told in open_ground(release).tell(keys):
        for area, peers, text in narrate_all(release, told, by_peers):
            many += 1
            try:
                Reader(told, area, peers, text).check()
                check_style(text)
            except Untrue as lie:
                untrue.append(f"{told.metric['metric_key']}, {area}, {peers}: {lie}")
    assert not untrue, f"{len(untrue)} of {many} are untrue; the first: {untrue[0]}"
    return many


def check_style(text: str) -> None:
    banned = BANNED.search(OWN_WORDS.sub("", text))
    if banned:
        raise Untrue(f"{banned[0]!r} is never said: {text!r}")
    for sentence in re.split(r"(?<=[.:]) (?=[A-Z])", text):
        if len(sentence.split()) > LONGEST:
            raise Untrue(f"{len(sentence.split())} words are too many: {sentence!r}")


@pytest.mark.parametrize("part", range(PARTS))
def test_every_sentence_is_true(real_release: Release, part: int) -> None:
    """With the comparators that pages have unless others are chosen."""
    by_peers: dict[Comparators, tuple[str, ...]] = {}
    for area in real_release.areas():
        peers = choose_comparators(real_release, area)
        by_peers[peers] = (*by_peers.get(peers, ()), area.code)
    keys = list_keys(real_release)[part::PARTS]
    assert check(real_release, keys, by_peers) > len(keys) * 250


@pytest.mark.parametrize("kind", ["england", "type", "region"])
def test_sentences_beside_others_are_true(real_release: Release, kind: Peers) -> None:
    """With other comparators, on metrics drawn by chance."""
    keys = random.Random(SEED).sample(list_keys(real_release), SAMPLE)  # noqa: S311 - to draw, not to hide
    codes = tuple(area.code for area in real_release.areas())
    assert check(real_release, keys, {Comparators(kind): codes}) > SAMPLE * 250
