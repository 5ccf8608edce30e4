"""What is true of one figure, worked out from the release's Parquet files."""

from __future__ import annotations

import re

from tests.site.written import write
from tests.truth.grammar import EDGES, GROUPS, GROWS, MONTHS_BETWEEN, NO_AMOUNT, PLURALS
from tests.truth.ground import APART, PRINCIPAL, Group, Row, Told, name_period, read_span, shown


class Untrue(AssertionError):  # noqa: N818 - what it says
    """A sentence is untrue, unknown or missing."""


class Facts:
    """One figure, and what may be said of it."""

    def __init__(self, told: Told, area: str, peers: str, text: str) -> None:
        self.told, self.area, self.peers, self.text = told, area, peers, text
        self.metric, self.row = told.metric, told.rows.get(area)
        self.value: float | None = self.row["value"] if self.row else None
        self.marker: str | None = self.row["marker"] if self.row else None
        self.unit, self.places = self.metric["unit"], self.metric["places"]
        self.said: dict[str, re.Match[str]] = {}
        self.sides: list[int | None] = []  # of the groups a word of comparison was said about
        self.groups: list[str] = []

    def claim(self, said: object, true: object, about: str) -> None:
        if said != true:
            raise Untrue(f"{about}: said {said!r}, is {true!r}, in {self.text!r}")

    @property
    def is_council(self) -> bool:
        return self.told.ground.areas[self.area]["area_class"] in PRINCIPAL

    @property
    def has_few_cases(self) -> bool:
        """Whether it is known that it rests on fewer than 30."""
        sure = self.told.certainties.get(self.area)
        return sure is not None and sure["cases"] is not None and sure["cases"] < 30

    @property
    def has_other_kinds(self) -> bool:
        """Whether councils of another kind are among the comparators."""
        areas = self.told.ground.areas
        kinds = {areas[code]["area_class"] for code in self.told.ground.neighbours.get(self.area, [])}
        if self.peers == "neighbours":
            return not kinds <= {areas[self.area]["area_class"]}
        return self.peers != "type"

    @property
    def is_fair(self) -> bool:
        """Whether it is compared at all."""
        is_sum = self.marker in {"derived_sum", "approx_weighted", "part_missing"}
        return self.is_council and not is_sum and self.unit not in GROWS | NO_AMOUNT

    @property
    def spoken(self) -> set[str]:
        """The periods spoken of, beside the neighbours'."""
        spoken = {self.told.period}
        trend = self.told.trends.get(self.area)
        if trend is not None and trend["direction"] is not None:
            return spoken | {trend["first"]}
        return spoken | ({self.row["change_from"]} if self.row and self.row["change_from"] else set())

    def write(self, value: float) -> str:
        return write(value, self.unit, self.places)

    def write_difference(self, value: float) -> str:
        if self.unit != "percent":
            return self.write(abs(value))
        number = self.write(abs(value)).removesuffix("%")
        return f"{number} percentage point{'' if number in {'1', '1.0'} else 's'}"

    def claim_place(self, said: str, *, is_owner: bool = False) -> None:
        name = self.told.ground.areas[self.area]["name"]
        place = re.sub(r", (City|County|Borough) of$", "", name)
        true = (f"{place}’" if place.endswith("s") else f"{place}’s") if is_owner else place
        self.claim(strip_article(said), strip_article(true), "the place")

    def claim_period(self, said: str) -> None:
        self.claim(said, name_period(self.told.period), "the period")

    def claim_value(self, said: str) -> None:
        assert self.value is not None
        self.claim(said, self.write(self.value), "the value")

    def find_group(self, name: str) -> Group:
        kind = GROUPS[name]
        group = self.told.group(kind, self.area)
        self.claim(name, self.name_group(kind), "who is compared")
        if group is None:
            raise Untrue(f"there is no {name} for {self.area} in {self.text!r}")
        if name not in self.groups:
            self.groups.append(name)
        return group

    def name_group(self, kind: str) -> str:
        area = self.told.ground.areas[self.area]
        region = area["region"] if area["region"] in {"London", "Yorkshire and The Humber"} else f"the {area['region']}"
        return {
            "england": "councils in England",
            "neighbours": "its statistical neighbours",
            "type": PLURALS.get(area["area_class"], ""),
            "region": f"councils in {region}",
        }[kind]

    def note_side(self, side: int | None) -> None:
        self.sides.append(side)
        if len(self.sides) == 1:
            self.claim(self.groups[0], self.name_group(self.peers), "who is compared first")

    def is_same(self, group: Group) -> bool:
        assert self.value is not None
        assert group.median is not None
        return shown(self.value, self.places) == shown(group.median, self.places)

    def mads(self, group: Group) -> float:
        assert self.value is not None
        assert group.median is not None
        return (self.value - group.median) / group.spread if group.spread else 0.0

    def value_above(self, group: Group) -> bool:
        return self.mads(group) > 0

    def list_true_words(self, group: Group) -> set[str]:
        """The words that a distance may have: two at the edge of a band, where a hair of arithmetic decides."""
        mads = self.mads(group)
        up = 1 if mads > 0 else -1
        better = {1: "better", -1: "worse"}[up * self.told.sign] if self.told.sign else {1: "higher", -1: "lower"}[up]
        words = ["similar to", f"slightly {better} than", f"{better} than", f"much {better} than", ""]
        return {words[sum(abs(mads) >= edge + hair for edge in EDGES)] for hair in (-1e-9, 1e-9)}

    def list_sides(self, name: str, group: Group) -> set[int]:
        """The sides that a figure may be said to be on of a group; empty where there are no words."""
        if self.is_same(group):
            return {0}
        if group.spread * 10**self.places < 0.5 - 1e-6 or self.marker in APART | {"low_reliability"}:
            return set()
        if self.could_be_chance(name, group):
            return {0}
        words = self.list_true_words(group)
        if "" in words:
            return set()
        return {0 if each == "similar to" else 1 if self.value_above(group) else -1 for each in words}

    def could_be_chance(self, name: str, group: Group) -> bool:
        sure = self.told.certainties.get(self.area)
        column = {"england": "england", "type": "class", "neighbours": "neighbours"}.get(GROUPS[name])
        known = (
            [sure[f"{each}_{column}"] for each in "pq" if sure[f"{each}_{column}"] is not None]
            if (sure and column)
            else []
        )
        if known:
            return max(known) >= 0.05
        assert self.row
        low, high = self.row["lower"], self.row["upper"]
        assert group.median is not None
        return low is not None and high is not None and low <= group.median <= high

    def order(self, first: str) -> int:
        """How many pairs of values rise less how many fall, from a period on, without those of the pandemic."""
        covid = {note["period"] for note in self.told.notes if note["kind"] == "covid"}
        start = read_span(first)[1]
        series = sorted(
            (read_span(key)[1], row["value"])
            for key, row in self.told.history[self.area].items()
            if row["value"] is not None
            and row["marker"] not in APART
            and key not in covid
            and start <= read_span(key)[1] <= read_span(self.told.period)[1]
        )
        return sum((b > a) - (b < a) for place, (_, a) in enumerate(series) for _, b in series[place + 1 :])

    def months_old(self) -> int:
        end, built = read_span(self.told.period)[1], self.told.ground.built
        return (built.year - end.year) * 12 + built.month - end.month - (built.day < end.day)

    def old_after(self, metric: Row) -> int:
        """Months after which a figure is old: a derived metric is as slow as the slowest of what it is made of."""
        ground = self.told.ground
        if metric["source_key"] is not None:
            every = MONTHS_BETWEEN.get(ground.sources[metric["source_key"]]["cadence"])
            return 36 if every is None else 2 * every + 12
        return max(self.old_after(ground.metrics[each["input_key"]]) for each in ground.inputs[metric["metric_key"]])

    def list_parts(self) -> list[str]:
        """The councils that a value is added up over."""
        end = read_span(self.told.period)[1]
        tiers = self.told.ground.list_tiers(self.metric)
        return sorted(
            {
                part["part_code"]
                for part in self.told.ground.parts[self.area]
                if part["tier"] in tiers
                and (part["since"] is None or part["since"] <= end)
                and (part["until"] is None or end < part["until"])
            }
        )


def strip_article(name: str) -> str:
    return re.sub(r"^[Tt]he ", "", name)


def read_ordinal(said: str) -> int:
    number = int(re.sub(r"\D", "", said))
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    if not said.endswith(ending):
        raise Untrue(f"{said!r} is no ordinal")
    return number
