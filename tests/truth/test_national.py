"""Every sentence on councils together is true, of every metric, and the reader lets nothing pass."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from moothall.release.queries import Release
from moothall.site.explorer.national import make_national, make_national_topic
from moothall.site.explorer.national_metrics import make_national_metric
from moothall.site.narrative.national import say_deprivation, say_gap, say_middle_half, say_movement
from tests.truth.facts import Untrue
from tests.truth.ground import Ground, middle, shown
from tests.truth.national import TogetherReader, tell_together, tenth
from tests.truth.test_every_figure import check_style

TURNED = {
    "rose": "fell",
    "fell": "rose",
    "better": "worse",
    "worse": "better",
    "wider": "narrower",
    "narrower": "wider",
}


def read_all(release: Release) -> Iterator[tuple[TogetherReader, str, str]]:
    """For every scope of every metric a reader, and what is said, by the name of what reads it."""
    for together in tell_together(Ground(release.directory)):
        metric = release.metric(together.told.metric["metric_key"])
        [movement] = [each for each in release.national.movements(metric=metric.key) if each.scope == together.scope]
        summary = release.summary(metric.key, movement.period, breakdown=movement.breakdown, scope=movement.scope)
        reader = TogetherReader(together)
        yield reader, "read_half", say_middle_half(metric, summary, movement.period)
        yield reader, "read_movement", say_movement(metric, movement)
        yield reader, "read_gap", say_gap(metric, movement)
        yield reader, "read_deprivation", say_deprivation(metric, movement)


def check_all(release: Release) -> int:
    untrue, many = [], 0
    for reader, read, text in read_all(release):
        many += 1
        try:
            getattr(reader, read)(text)
            check_style(text)
        except Untrue as lie:
            untrue.append(f"{reader.metric['metric_key']}, {reader.together.scope}: {lie}")
    assert not untrue, f"{len(untrue)} of {many} are untrue; the first: {untrue[:3]}"
    return many


def test_every_sentence_on_councils_together_is_true(real_release: Release) -> None:
    assert check_all(real_release) > 2_000


def is_found(reader: TogetherReader, read: str, text: str) -> bool:
    try:
        getattr(reader, read)(text)
    except Untrue:
        return True
    return False


def test_every_changed_digit_and_turned_word_is_found(real_release: Release) -> None:
    """Of every eleventh text, to be done in time."""
    tried = turned = 0
    for place, (reader, read, text) in enumerate(read_all(real_release)):
        if place % 11:
            continue
        for found in re.finditer(r"\d", text):
            changed = text[: found.start()] + str((int(found[0]) + 1) % 10) + text[found.end() :]
            tried += 1
            assert is_found(reader, read, changed), changed
        for word, other in TURNED.items():
            if re.search(rf"\b{word}\b", text):
                turned += 1
                assert is_found(reader, read, re.sub(rf"\b{word}\b", other, text, count=1)), text
        assert is_found(reader, read, f"{text} It is grand."), text
    assert tried > 1_000
    assert turned > 5


@pytest.mark.parametrize("text", ["", "None", "{{ text }}", "Half of councils in England were well."])
def test_what_nobody_taught_is_not_passed_over(real_release: Release, text: str) -> None:
    reader, read, _ = next(read_all(real_release))
    assert is_found(reader, read, text)


COUNTED = re.compile(
    r"(?:We looked at (?P<looked>[\w,]+) series in which one direction is better\."
    r" (?P<better>[\w,]+) moved towards better, (?P<worse>[\w,]+) towards worse,"
    r" and (?P<unclear>[\w,]+) showed no clear change\.(?: (?P<short>[\w,]+) more have too few periods\.)?"
    r"|(?P<nothing>No series is long enough to tell where councils went together\.))?"
)
RAN = re.compile(
    r"(?:In|On) (?P<when>.+?) the middles of (?:regions|kinds of council)"
    r" (?:ran from (?P<low>.+?) \((?P<low_name>.+?)\) to (?P<high>.+?) \((?P<high_name>.+?)\)|were all (?P<same>.+?))\."
)


def read_count(said: str | None) -> int:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    if said is None:
        return 0
    return words.index(said.lower()) if said.lower() in words else int(said.replace(",", ""))


def test_every_count_of_what_moved_is_true(real_release: Release) -> None:
    ground = Ground(real_release.directory)
    rows = list(tell_together(ground))
    pages = [("", make_national(real_release).sentence)]
    pages += [(each.key, make_national_topic(real_release, each.key).sentence) for each in real_release.topics()]
    for topic, text in pages:
        found = COUNTED.fullmatch(text)
        assert found, text
        counted: Counter[str] = Counter()
        for each in rows:
            if each.told.sign == 0 or topic not in {"", each.told.metric["topic_key"]}:
                continue
            side = {"rising": 1, "falling": -1, "none": 0, None: None}[each.stored["direction"]]
            was, now = (middle(list(each.values(period).values())) for period in (each.first, each.told.period))
            if side and shown(was, each.told.metric["places"]) == shown(now, each.told.metric["places"]):
                side = 0
            name = "short" if side is None else {1: "better", -1: "worse", 0: "unclear"}[side * each.told.sign]
            counted[name] += 1
        if found["looked"] is None:
            assert not (counted["better"] + counted["worse"] + counted["unclear"]), text
            continue
        said = {name: read_count(found[name]) for name in ("better", "worse", "unclear", "short")}
        assert said == {name: counted[name] for name in said}, text
        assert read_count(found["looked"]) == sum(counted.values()) - counted["short"], text


def test_every_count_of_gaps_is_true(real_release: Release) -> None:
    courses: Counter[str | None] = Counter()
    for each in tell_together(Ground(real_release.directory)):
        reader, latest = TogetherReader(each), each.told.period
        gaps = []
        for period in (each.first, latest):
            values = list(each.values(period).values())
            gaps.append(reader.write_gap(tenth(values, 0.1), tenth(values, 0.9)))
        stored = each.stored["spread_direction"]
        courses["none" if stored is not None and gaps[0] == gaps[1] else stored] += 1
    text = make_national(real_release).gaps
    found = re.fullmatch(
        r"We looked at how far apart councils lie in ([\w,]+) series\."
        r" ([\w,]+) grew wider, ([\w,]+) narrower, and ([\w,]+) showed no clear change\.",
        text,
    )
    assert found, text
    said = [read_count(each) for each in found.groups()]
    told = [courses[each] for each in ("wider", "narrower", "none")]
    assert said == [sum(told), *told], text


def test_the_middles_of_kinds_and_regions_run_from_what_is_said(real_release: Release) -> None:
    """Of every fifth metric in which all of England is alike, to be done in time."""
    ground, many = Ground(real_release.directory), 0
    alike = [each for each in tell_together(ground) if each.scope == "england"]
    for each in alike[::5]:
        told = each.told
        page = make_national_metric(real_release, told.metric["topic_key"], told.metric["metric_key"])
        for table in page.boxes:
            column = "region_code" if table.anchor == "regions" else "area_class"
            groups = {ground.areas[code][column] for code in told.eligible}
            middles = []
            for group in groups:
                could = [code for code in told.eligible if ground.areas[code][column] == group]
                values = [told.compared[code] for code in could if code in told.compared]
                if len(could) > 1 and len(values) >= 3 and len(values) >= 0.6 * len(could):
                    middles.append(middle(values))
            found = RAN.fullmatch(table.sentence)
            assert found, table.sentence
            reader = TogetherReader(each)
            ends = (reader.write(min(middles)), reader.write(max(middles)))
            said = (found["low"] or found["same"], found["high"] or found["same"])
            assert said == ends, (told.metric["metric_key"], table.sentence)
            many += 1
    assert many > 50
