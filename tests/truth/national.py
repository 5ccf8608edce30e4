"""What is true of councils together, worked out from a release's Parquet files, and a reader of what is said of it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

import polars as pl

from tests.site.written import write
from tests.truth.facts import Untrue
from tests.truth.grammar import PLURALS
from tests.truth.ground import APART, PRINCIPAL, Ground, Row, Told, middle, name_period, read_span, shown

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MONEY = {"pounds", "pounds_per_head", "pounds_per_hour"}
BOUNDED = {"percent", "per_100", "score", "years"}
GROUPS = {plural: key for key, plural in PLURALS.items()} | {"councils in England": "england"}

_WHEN = r"(?P<{}>(?:[Ii]n|[Oo]n) .+?)"
HALF = re.compile(
    r"(?:Half of (?P<group>.+?) were between (?P<low>.+?) and (?P<high>.+?) (?P<when>(?:in|on) [^.]+)\."
    r"|The middle half of (?P<alike>.+?) all had (?P<same>.+?) (?P<then>(?:in|on) [^.]+)\.)"
    r" The middle was (?P<middle>.+?)\. (?:All (?P<all>[\d,]+)|(?P<with>[\d,]+) of (?P<of>[\d,]+)) have a figure\."
)
MOVED = re.compile(
    r"We followed the same (?P<many>[\w,]+) councils? between (?P<first>.+?) and (?P<last>.+?)\. Their middle"
    r" (?:(?P<unclear>showed no clear change)"
    r"|(?P<verb>rose|fell) from (?P<was>.+?) to (?P<now>.+?)(?:: towards (?P<course>better|worse))?)\."
)
GAP = re.compile(
    _WHEN.format("when") + r" (?:at least eight in ten of these (?P<same_many>[\w,]+) councils? had (?P<same>.+?)\."
    r"|at least a tenth of these (?P<many>[\w,]+) councils? had (?P<low>.+?) or less\."
    r" At least a tenth had (?P<high>.+?) or more\."
    r"(?: The gap was (?P<gap>.+?)\.(?: (?P<then>(?:In|On) .+?) it was (?P<before>.+?)"
    r"(?::(?: it has grown (?P<way>wider|narrower)| (?P<unclear>no clear change)))\.)?)?)"
)
DEPRIVED = re.compile(
    _WHEN.format("when") + r" the middle of the (?P<many>[\w,]+) most deprived councils was (?P<most>.+?)\."
    r" That of the (?P<least_many>[\w,]+) least deprived was (?P<least>.+?)\."
    r"(?: (?P<then>(?:In|On) .+?) they were (?P<most_then>.+?) and (?P<least_then>.+?)\.)? This does not tell why\."
)
SHORT = "There are too few periods to tell where councils went together."


def tenth(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def list_periods(held: Collection[str], latest: str, notes: Sequence[Row]) -> list[str]:
    """Those that may be set beside the latest, newest first: since the last break, of its season, not overlapping."""
    last = read_span(latest)
    breaks = [end for note in notes if note["kind"] != "covid" and (end := read_span(note["period"])[1]) <= last[1]]
    since = max(breaks, default=None)
    loose = 1 if re.fullmatch(r"\d{4}-\d\d-\d\d", latest) else 0
    is_seasonal = loose or "-q" in latest or "-m" in latest
    taken = [latest]
    for key in sorted(held, key=lambda key: (read_span(key)[1], read_span(key)[0]), reverse=True):
        end = read_span(key)[1]
        after = read_span(taken[-1])
        months = (end.month - last[1].month) % 12
        if end >= after[0] or (after[1] - end).days < 300 or (since is not None and end < since):
            continue
        if not is_seasonal or min(months, 12 - months) <= loose:
            taken.append(key)
    return taken


@dataclass(frozen=True)
class Together:
    """The councils of one scope in one metric."""

    told: Told
    scope: str
    stored: Row  # of the table of movements
    deprivation: Mapping[str, float]

    def _could(self, period: str) -> set[str]:
        end, areas = read_span(period)[1], self.told.ground.areas
        duties = self.told.ground.find_responsible(self.told.metric["metric_key"], end)
        return {
            code
            for code in duties
            if areas[code]["area_class"] in PRINCIPAL
            and self.told.ground.is_alive(code, end)
            and self.scope in {"england", areas[code]["area_class"]}
        }

    def _have(self, period: str) -> dict[str, float]:
        could = self._could(period)
        return {
            code: row["value"]
            for code, periods in self.told.history.items()
            if code in could
            and (row := periods.get(period))
            and row["value"] is not None
            and row["marker"] not in APART
        }

    @cached_property
    def latest(self) -> tuple[list[float], int]:
        """The values of the latest period, and how many councils could have one."""
        return list(self._have(self.told.period).values()), len(self._could(self.told.period))

    @cached_property
    def followed(self) -> tuple[list[str], set[str]]:
        """The periods looked at, newest first, and the councils that have a value in each."""
        held = {key for periods in self.told.history.values() for key in periods}
        covid = {note["period"] for note in self.told.notes if note["kind"] == "covid"}
        need = max(3, ceil(0.6 * len(self._could(self.told.period))))
        taken: list[str] = []
        same = set(self._have(self.told.period))
        for key in list_periods(held, self.told.period, self.told.notes):
            have = self._have(key)
            could = len(self._could(key))
            is_left_out = key in covid or self.told.period in covid
            if (is_left_out and key != self.told.period) or len(have) < 3 or len(have) < 0.6 * could:
                continue
            if len(same & have.keys()) < need:
                break
            same &= have.keys()
            taken.append(key)
        return taken, same

    def values(self, period: str) -> dict[str, float]:
        """What those followed had."""
        have = self._have(period)
        return {code: have[code] for code in self.followed[1]}

    @property
    def first(self) -> str:
        return self.followed[0][-1]

    @cached_property
    def measure(self) -> str:
        values = [*self.values(self.first).values(), *self.values(self.told.period).values()]
        return "ratio" if self.told.metric["unit"] not in BOUNDED and min(values) > 0 else "difference"

    def fifths(self) -> tuple[list[str], list[str]] | None:
        """The most and the least deprived of those followed."""
        known = sorted((self.deprivation[code], code) for code in self.followed[1] if code in self.deprivation)
        many = len(known) // 5
        if self.told.metric["kind"] == "context" or many < 5:
            return None
        return [code for _, code in known[-many:]], [code for _, code in known[:many]]


class TogetherReader:
    """Reads what is said of councils together, and fails with what is untrue."""

    def __init__(self, together: Together) -> None:
        self.together, self.metric, self.stored = together, together.told.metric, together.stored
        self.text = ""

    def claim(self, said: object, true: object, about: str) -> None:
        if said != true:
            raise Untrue(f"{about}: said {said!r}, is {true!r}, in {self.text!r}")

    def match(self, pattern: re.Pattern[str], text: str) -> re.Match[str]:
        self.text = text
        found = pattern.fullmatch(text)
        if found is None:
            raise Untrue(f"cannot be read: {text!r}")
        return found

    def write(self, value: float) -> str:
        return write(value, self.metric["unit"], self.metric["places"])

    def is_alike(self, first: float, second: float) -> bool:
        return shown(first, self.metric["places"]) == shown(second, self.metric["places"])

    def claim_when(self, said: str, period: str) -> None:
        start, end = read_span(period)
        self.claim(said[0].lower() + said[1:], f"{'on' if start == end else 'in'} {name_period(period)}", "when")

    def claim_many(self, said: str, many: int, about: str) -> None:
        number = WORDS.index(said) if said in WORDS else int(said.replace(",", ""))
        self.claim(number, many, about)

    def read_half(self, text: str) -> None:
        found = self.match(HALF, text)
        values, eligible = self.together.latest
        self.claim(GROUPS.get(found["group"] or found["alike"]), self.together.scope, "who")
        self.claim_when(found["when"] or found["then"], self.together.told.period)
        low, high = tenth(values, 0.25), tenth(values, 0.75)
        self.claim(found["same"] is not None, self.is_alike(low, high), "whether both ends look alike")
        if found["same"] is None:
            ending = re.sub(r"^[−\d,.£]+", "", self.write(high)).replace("%", "")
            self.claim(found["low"] + ending if ending else found["low"], self.write(low), "the lower quarter")
        self.claim(found["high"] or found["same"], self.write(high), "the upper quarter")
        self.claim(found["middle"], self.write(middle(values)), "the middle")
        self.claim_many(found["all"] or found["with"], len(values), "how many have a figure")
        self.claim_many(found["all"] or found["of"], eligible, "how many could have one")

    def read_movement(self, text: str) -> None:
        periods, same = self.together.followed
        self.claim(text == SHORT, self.stored["direction"] is None, "too few periods")
        if text == SHORT:
            return
        found = self.match(MOVED, text)
        self.claim_many(found["many"], len(same), "how many were followed")
        self.claim(found["first"], name_period(self.together.first), "the first period")
        self.claim(found["last"], name_period(self.together.told.period), "the latest period")
        self.claim(len(periods), self.stored["points"], "how many periods")
        was, now = (middle(list(self.together.values(each).values())) for each in (self.together.first, periods[0]))
        is_clear = self.stored["direction"] != "none" and not self.is_alike(was, now)
        self.claim(found["unclear"] is None, is_clear, "a clear change")
        if found["unclear"] is not None:
            return
        self.claim((found["was"], found["now"]), (self.write(was), self.write(now)), "from what to what")
        self.claim(found["verb"], "rose" if now > was else "fell", "which way")
        self.claim(self.stored["direction"], "rising" if now > was else "falling", "which way it is stored")
        side = self.together.told.sign * (1 if now > was else -1)
        self.claim(found["course"], {1: "better", -1: "worse", 0: None}[side], "towards what")

    def read_gap(self, text: str) -> None:
        found = self.match(GAP, text)
        latest, first = self.together.told.period, self.together.first
        values = list(self.together.values(latest).values())
        low, high = tenth(values, 0.1), tenth(values, 0.9)
        self.claim_when(found["when"], latest)
        self.claim_many(found["many"] or found["same_many"], len(values), "how many were followed")
        self.claim(found["same"] is not None, self.is_alike(low, high), "whether both ends look alike")
        if found["same"] is not None:
            self.claim(found["same"], self.write(high), "what they had")
            return
        self.claim((found["low"], found["high"]), (self.write(low), self.write(high)), "the tenths")
        gap = self.write_gap(low, high)
        self.claim(found["gap"], gap, "the gap")
        earlier = list(self.together.values(first).values())
        before_low, before_high = tenth(earlier, 0.1), tenth(earlier, 0.9)
        before = self.write_gap(before_low, before_high) if first != latest else None
        if self.stored["spread_direction"] is None or before is None or gap is None:
            self.claim(found["before"], None, "an earlier gap")
            return
        if self.metric["unit"] in MONEY and self.together.measure == "difference":
            raise Untrue(f"pounds of two years are set beside each other: {text!r}")
        self.claim_when(found["then"], first)
        self.claim(found["before"], before, "the earlier gap")
        true = None if self.stored["spread_direction"] == "none" or before == gap else self.stored["spread_direction"]
        self.claim(found["way"], true, "whether it grew")
        if true is not None:
            is_wider = self.find_gap(low, high) > self.find_gap(before_low, before_high)
            self.claim(true, "wider" if is_wider else "narrower", "which way it is stored")

    def find_gap(self, low: float, high: float) -> float:
        return high / low if self.together.measure == "ratio" else high - low

    def write_gap(self, low: float, high: float) -> str | None:
        gap = self.find_gap(low, high)
        if self.together.measure == "ratio":
            return f"{shown(gap, 1):,} times"
        if self.metric["unit"] != "percent":
            return self.write(abs(gap))
        number = self.write(abs(gap)).removesuffix("%")
        return f"{number} percentage point{'' if number in {'1', '1.0'} else 's'}"

    def read_deprivation(self, text: str) -> None:
        fifths = self.together.fifths()
        self.text = text
        self.claim(bool(text), fifths is not None, "anything on deprivation")
        if fifths is None:
            return
        found = self.match(DEPRIVED, text)
        latest, first = self.together.told.period, self.together.first

        def middles(period: str) -> tuple[str, ...]:
            values = self.together.values(period)
            return tuple(self.write(middle([values[code] for code in codes])) for codes in fifths)

        self.claim_when(found["when"], latest)
        for name in ("many", "least_many"):
            self.claim_many(found[name], len(fifths[0]), "how many are in a fifth")
        self.claim((found["most"], found["least"]), middles(latest), "the middles")
        self.claim(found["then"] is not None, first != latest, "an earlier period")
        if found["then"] is not None:
            self.claim_when(found["then"], first)
            self.claim((found["most_then"], found["least_then"]), middles(first), "the earlier middles")


def tell_together(ground: Ground) -> Iterator[Together]:
    """Every scope of every metric that there is a row of movements for."""
    rows = pl.read_parquet(ground.folder / "movements.parquet").to_dicts()
    by_metric: dict[str, list[Row]] = {}
    for row in rows:
        by_metric.setdefault(row["metric_key"], []).append(row)
    deprivation = _read_deprivation(ground)
    for told in ground.tell(sorted(by_metric)):
        is_england = told.metric["comparable_within"] == "england"
        for row in by_metric[told.metric["metric_key"]]:
            if (row["scope"] == "england") is not is_england or row["period"] != told.period:
                raise Untrue(f"a movement of {row['scope']} in {row['period']}: {told.metric['metric_key']}")
            if row["breakdown"] != json.loads(told.metric["breakdowns"])[0]:
                raise Untrue(f"a movement of {row['breakdown']}: {told.metric['metric_key']}")
            yield Together(told, row["scope"], row, deprivation)


def _read_deprivation(ground: Ground) -> dict[str, float]:
    if "deprivation-score" not in ground.metrics:
        return {}
    [told] = ground.tell(["deprivation-score"])
    return {code: row["value"] for code, row in told.rows.items() if row["value"] is not None}
