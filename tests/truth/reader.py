"""A reader of our sentences that does not know how they are made: it takes each apart and works out whether it is true.

What it cannot read is a lie until somebody teaches it; so is a sentence that is missing where one must stand.
"""

from __future__ import annotations

import json
import re

from tests.site.test_same_number import AFTER, write
from tests.truth.ground import APART, PRINCIPAL, Group, Row, Told, name_period, read_span, shown

GROUPS = {
    "its statistical neighbours": "neighbours", "councils in England": "england", "district councils": "type",
    "county councils": "type", "unitary councils": "type", "London boroughs": "type", "metropolitan boroughs": "type",
    "councils in London": "region", "councils in Yorkshire and The Humber": "region",
    **{f"councils in the {name}": "region"
       for name in ("North East", "North West", "East Midlands", "West Midlands", "East of England", "South East",
                    "South West")},
}  # fmt: skip
PLURALS = {
    "district": "district councils", "county": "county councils", "unitary": "unitary councils",
    "london_borough": "London boroughs", "metropolitan": "metropolitan boroughs",
}  # fmt: skip
EDGES = (0.5, 1.5, 3.0, 7.5)
GROWS = {"count", "tonnes", "kilograms", "pounds_million"}
NO_AMOUNT = {"judgement", "date"}
MARKED = {
    "provisional": "The publisher may still change this.",
    "revised": "The publisher has changed this since it was first published.",
    "estimated": "The publisher estimated this for the council.",
    "low_reliability": "The publisher says this estimate is unreliable: it rests on very few people.",
    "other_basis": "It was counted or measured in another way than most councils’ figures, so it is not compared with "
    "them.",
}
ABSENT = {
    "not_submitted": "The council had not sent in this return when it was published.",
    "suppressed": "The publisher withheld this to protect people from being identified.",
    "unreliable": "The publisher says this is too unreliable to show.",
    "not_available": "The publisher gives no figure and does not say why.",
    "not_applicable": "The publisher says this does not apply.",
    "nearly_zero": "The publisher says this rounds to zero but is not zero.",
    "reported_jointly": "The council reported together with others, so it has no figure of its own.",
    "not_computable": "One of the numbers this is worked out from is missing or zero.",
    "out_of_range": "The published numbers give a result that is not possible, so it is not shown.",
    "part_missing": "A council that it would be added up over has no figure, one on another basis, or only a share of "
    "the service.",
    None: "The published file has no row for this council and period.",
}
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MONTHS_BETWEEN = {"monthly": 1, "quarterly": 3, "yearly": 12, "every_two_years": 24}

_END = r"(?= |$)"
_ORDINAL = r"[\d,]+(?:st|nd|rd|th)"


class Untrue(AssertionError):  # noqa: N818 - what it says
    """A sentence is untrue, unknown or missing."""


class Reader:
    """Reads what is said of one figure."""

    def __init__(self, told: Told, area: str, peers: str, text: str) -> None:
        self.told, self.area, self.peers, self.text = told, area, peers, text
        self.metric, self.row = told.metric, told.rows.get(area)
        self.value: float | None = self.row["value"] if self.row else None
        self.marker: str | None = self.row["marker"] if self.row else None
        self.unit, self.places = self.metric["unit"], self.metric["places"]
        self.said: dict[str, re.Match[str]] = {}
        self.sides: list[int | None] = []  # of the groups a word of comparison was said about
        self.groups: list[str] = []

    def check(self) -> None:
        """Raise `Untrue` for the first thing that is not as the release has it."""
        rest = self.text
        if re.search(r"\||\bNone\b|\bnan\b|\bNaN\b|undefined|\{|\}|  ", rest):
            raise Untrue(f"there is something in it that no sentence has: {rest!r}")
        while rest:
            for name, pattern in _GRAMMAR.items():
                found = pattern.match(rest)
                if found and not (name in self.said and name not in _REPEATED):
                    break
            else:
                raise Untrue(f"cannot read {rest!r}")
            self.said[name] = found
            getattr(self, f"read_{name}")(found)
            rest = rest[found.end() :].removeprefix(" ")
        self.require_what_must_be_said()

    def claim(self, said: object, true: object, about: str) -> None:
        if said != true:
            raise Untrue(f"{about}: said {said!r}, is {true!r}, in {self.text!r}")

    # The slots, one method each.

    def read_elsewhere(self, found: re.Match[str]) -> None:
        self.claim_place(found["place"])
        self.claim(self.value, None, "a value")
        self.claim(self.area in self.told.responsible, False, "responsibility")

    def read_absent(self, found: re.Match[str]) -> None:
        self.claim_place(found["place"])
        self.claim_period(found["period"])
        self.claim(self.value, None, "a value")
        self.claim(found["reason"], ABSENT[self.marker], "the reason")

    def read_lead(self, found: re.Match[str]) -> None:
        self.claim_place(found["place"] + found["owns"], is_owner=True)
        self.claim_period(found["period"])
        self.claim_value(found["value"])
        assert self.row
        limits = (self.row["lower"], self.row["upper"])
        self.claim(found["low"] is not None, None not in limits, "an interval")
        if found["low"]:
            self.claim(found["how"] == "estimated at ", self.metric["interval"] == "published", "an estimate")
            bare = AFTER[self.unit] if not self.unit.startswith("pounds") else ""
            bare = "" if bare == "%" else bare
            self.claim(found["low"] + bare, self.write(limits[0]), "the lower end")
            self.claim(found["high"], self.write(limits[1]), "the upper end")

    def read_named(self, found: re.Match[str]) -> None:
        self.claim(self.unit in NO_AMOUNT, True, "a value that is no amount")
        self.claim_place(found["place"])
        self.claim_period(found["period"])
        self.claim(found["short"], self.metric["short"], "the metric")
        self.claim_value(found["value"])

    def read_stands(self, found: re.Match[str]) -> None:
        self.claim(found["but"] is None, not self.groups, "whether it is the second comparison")
        group = self.find_group(found["group"])
        assert group.median is not None
        self.claim(found["median"], self.write(group.median), "the median")
        is_chance = self.could_be_chance(found["group"], group)
        self.claim(found["chance"] is not None, is_chance, "that the difference could be chance")
        if is_chance:
            self.claim(found["words"], "similar to", "words of a difference that could be chance")
        elif found["words"] not in self.list_true_words(group):
            raise Untrue(f"{found['words']!r} of {self.mads(group)} in {self.text!r}")
        self.claim(self.is_same(group), False, "the same as shown")
        self.note_side(0 if found["words"] == "similar to" else 1 if self.value_above(group) else -1)

    def read_same(self, found: re.Match[str]) -> None:
        self.claim(found["but"] is None, not self.groups, "whether it is the second comparison")
        group = self.find_group(found["group"])
        self.claim(True, self.is_same(group), "the same as shown")
        self.note_side(0)

    def read_median(self, found: re.Match[str]) -> None:
        group = self.find_group(found["group"])
        assert group.median is not None
        self.claim(found["median"], self.write(group.median), "the median")
        is_far = group.spread * 10**self.places >= 0.5 - 1e-6 and abs(self.mads(group)) >= EDGES[-1] - 1e-9
        is_tied = group.spread * 10**self.places < 0.5 - 1e-6
        is_apart = self.marker in APART | {"low_reliability"}
        self.claim(is_far or is_tied or is_apart, True, "why there are no words")
        self.note_side(None)

    def read_few(self, found: re.Match[str]) -> None:
        group = self.told.group(self.peers, self.area)
        self.claim(found["group"], self.name_group(self.peers), "who is too few")
        self.claim(group is not None and group.is_enough, False, "enough councils")

    def read_tied(self, found: re.Match[str]) -> None:
        group = self.told.group(self.peers, self.area)
        assert group
        self.claim(group.spread * 10**self.places < 0.5 - 1e-6, True, "more than half alike")

    def read_rank(self, found: re.Match[str]) -> None:
        group = self.told.group(self.peers, self.area)
        assert group
        ranked = dict(group.values)
        if self.peers == "neighbours":
            self.claim(found["group"], ", counted with its statistical neighbours", "whom it is ranked among")
            ranked[self.area] = self.told.compared[self.area]
        else:
            self.claim(found["group"], self.name_group(self.peers), "whom it is ranked among")
        best = {code: self.told.sign * shown(value, self.places) for code, value in ranked.items()}
        own = best[self.area]
        self.claim(self.told.sign == 0, False, "a rank where nothing is scored")
        self.claim(read_ordinal(found["rank"]), 1 + sum(each > own for each in best.values()), "the rank")
        self.claim(found["joint"] is not None, sum(each == own for each in best.values()) > 1, "a joint rank")
        self.claim(int(found["of"].replace(",", "")), len(best), "how many are ranked")
        sure = self.told.certainties.get(self.area)
        scope = "england" if self.metric["comparable_within"] == "england" else "type"
        is_known = bool(sure) and sure["rank_low"] is not None and self.peers == scope
        self.claim(found["indicative"] is not None, not is_known, "an indicative rank")
        if is_known and sure:
            low, high = sure["rank_low"], sure["rank_high"]
            said = (read_ordinal(found["low"]), read_ordinal(found["high"])) if found["low"] else (low, low)
            self.claim(said, (low, high), "the interval of the rank")

    def read_trend(self, found: re.Match[str]) -> None:
        trend = self.told.trends[self.area]
        first = self.told.history[self.area][trend["first"]]["value"]
        up = {"rose": 1, "fell": -1}[found["verb"]]
        self.claim(found["first"], name_period(trend["first"]), "the first period")
        self.claim_period(found["last"])
        self.claim(found["was"], self.write(first), "the first value")
        self.claim_value(found["now"])
        self.claim({1: "rising", -1: "falling"}[up], trend["direction"], "the direction")
        assert self.value is not None
        self.claim((shown(self.value, self.places) - shown(first, self.places)) * up > 0, True, "the way it went")
        word = {1: "an improving trend", -1: "a worsening trend", 0: None}[up * self.told.sign]
        self.claim(found["word"], word, "better or worse")
        if all(re.fullmatch(r"\d{4}(-\d\d)?(-academic)?", key) for key in self.told.history[self.area]):
            self.claim(self.order(trend["first"]) * up > 0, True, "the order of its values")

    def read_unclear(self, found: re.Match[str]) -> None:
        trend = self.told.trends[self.area]
        self.claim(found["first"], name_period(trend["first"]), "the first period")
        self.claim_period(found["last"])
        first = self.told.history[self.area][trend["first"]]["value"]
        assert self.value is not None
        moved = shown(self.value, self.places) - shown(first, self.places)
        agrees = trend["direction"] == ("rising" if moved > 0 else "falling" if moved < 0 else "")
        self.claim(agrees, False, "a clear change")
        if trend["direction"] is None:
            raise Untrue(f"a trend of too few points in {self.text!r}")

    def read_theirs(self, found: re.Match[str]) -> None:
        trend = self.told.trends[self.area]
        change = trend["change_neighbours"]
        size = shown(change, self.places)
        self.claim(found["none"] is not None, not size, "a change too small to show")
        if found["size"]:
            self.claim(found["size"], self.write_difference(change), "the neighbours’ change")
            self.claim(found["way"], "rise" if change > 0 else "fall", "the way it went")
        low, high = trend["change_lower"], trend["change_upper"]
        differs = shown(trend["change"], self.places) != size
        self.claim(found["chance"] is not None, low is not None and differs and low <= 0 <= high, "chance")

    def read_before(self, found: re.Match[str]) -> None:
        assert self.row
        before = self.told.history[self.area][self.row["change_from"]]["value"]
        self.claim(found["period"], name_period(self.row["change_from"]), "the period before")
        assert self.value is not None
        is_same = shown(before, self.places) == shown(self.value, self.places)
        self.claim(found["same"] is not None, is_same, "the same")
        if found["value"]:
            self.claim(found["value"], self.write(before), "the value before")

    def read_coverage(self, found: re.Match[str]) -> None:
        said = []
        for part in found["groups"].split(" and "):
            counted = re.fullmatch(r"([\d,]+) of (its )?([\d,]+) (.+)", part)
            if counted is None:
                raise Untrue(f"cannot read {part!r} in {self.text!r}")
            said.append((f"{counted[2] or ''}{counted[4]}", counted[1], counted[3]))
        true = [
            (name, f"{len(group.values):,}", f"{group.eligible:,}")
            for name in self.groups
            for group in (self.find_group(name),)
            if len(group.values) < group.eligible
        ]
        self.claim(said, true, "who has a value")

    def read_marked(self, found: re.Match[str]) -> None:
        self.claim(found[0], MARKED.get(self.marker or ""), "what qualifies it")

    def read_cases(self, found: re.Match[str]) -> None:
        self.claim(self.has_few_cases, True, "few cases")

    def read_grows(self, found: re.Match[str]) -> None:
        self.claim(self.unit in GROWS, True, "an amount that grows")

    def read_break(self, found: re.Match[str]) -> None:
        broken = {name_period(note["period"]) for note in self.told.notes if note["kind"] != "covid"}
        self.claim(found["period"] in broken, True, f"a break at {found['period']}")

    def read_pandemic(self, found: re.Match[str]) -> None:
        affected = [note["period"] for note in self.told.notes if note["kind"] == "covid"]
        spoken = [key for key in sorted(set(affected), key=lambda key: read_span(key)[1]) if key in self.spoken]
        self.claim(found["periods"], " and ".join(map(name_period, spoken)), "what the pandemic affected")

    def read_depends(self, found: re.Match[str]) -> None:
        *most, last = json.loads(self.metric["shared_with"])
        self.claim(found["others"], f"{', '.join(most)} and {last}" if most else last, "who else it depends on")
        self.claim(self.metric["lever"] != "contextual", True, "a lever of the council’s")

    def read_context(self, found: re.Match[str]) -> None:
        is_given = self.metric["kind"] == "input"
        said = "This is decided by others, not by the council."
        self.claim(found[0] == said, is_given, "who decides it")
        self.claim((self.metric["lever"], self.unit in NO_AMOUNT), ("contextual", False), "whose lever it is")

    def read_kinds(self, found: re.Match[str]) -> None:
        self.claim(self.metric["comparable_within"], "class", "what only a kind is alike in")
        areas = self.told.ground.areas
        kinds = {areas[code]["area_class"] for code in self.told.ground.neighbours.get(self.area, [])}
        alike = self.peers == "type" or (self.peers == "neighbours" and kinds <= {areas[self.area]["area_class"]})
        self.claim(alike, False, "councils of different kinds")

    def read_old(self, found: re.Match[str]) -> None:
        self.claim(found["period"], name_period(self.told.period), "the period")
        months = self.months_old()
        number = months // 12 if months >= 24 else months
        written = WORDS[number] if number < 10 else f"{number:,}"
        unit = "year" if months >= 24 else "month"
        self.claim(found["ago"], f"{written} {unit}{'s' if number != 1 else ''}", "how old")
        self.claim(months >= self.old_after(self.metric), True, "old")

    def read_added(self, found: re.Match[str]) -> None:
        parts = self.list_parts()
        said = {"one": 1} | {word: number for number, word in enumerate(WORDS)}
        if found["number"]:
            number = said.get(found["number"]) or int(found["number"].replace(",", ""))
            self.claim(number, len(parts), "how many it is added up over")
            self.claim(found["roughly"] is not None, self.marker == "approx_weighted", "a rough sum")
        else:
            self.claim(len(parts), 1, "one council before it")
            official = self.told.ground.areas[parts[0]]["official_name"]
            self.claim(strip_article(found["before"]), strip_article(official), "the council before it")
        self.claim(self.marker in {"derived_sum", "approx_weighted"}, True, "a sum")

    # What must be said where it is so.

    def require_what_must_be_said(self) -> None:
        if self.value is None:
            is_elsewhere = self.marker in {None, "not_available", "not_applicable", "not_computable"} and (
                self.area not in self.told.responsible
            )
            self.claim(set(self.said), {"elsewhere" if is_elsewhere else "absent"}, "what is said of no value")
            return
        required = {
            "lead": self.unit not in NO_AMOUNT,
            "named": self.unit in NO_AMOUNT,
            "marked": self.marker in MARKED,
            "added": self.marker in {"derived_sum", "approx_weighted"},
            "cases": self.has_few_cases,
            "grows": self.unit in GROWS and self.is_council and self.marker not in {"derived_sum", "approx_weighted"},
            "old": self.months_old() >= self.old_after(self.metric),
            "depends": self.metric["lever"] != "contextual" and bool(json.loads(self.metric["shared_with"])),
            "context": self.metric["lever"] == "contextual" and self.unit not in NO_AMOUNT,
            "coverage": any(
                len(group.values) < group.eligible for group in map(self.find_group, self.groups) if group.is_enough
            ),
            "pandemic": any(note["kind"] == "covid" and note["period"] in self.spoken for note in self.told.notes),
            "break": any(
                note["kind"] != "covid" and read_span(note["period"])[1] in spans
                for note in self.told.notes
                for spans in [[read_span(key)[1] for key in self.spoken]]
            ),
        }
        for name, is_required in required.items():
            if is_required and name not in self.said:
                raise Untrue(f"nothing on {name!r} in {self.text!r}")
        self.require_comparison()
        trend = self.told.trends.get(self.area)
        has_trend = trend is not None and trend["direction"] is not None and self.unit not in NO_AMOUNT
        self.claim(bool({"trend", "unclear"} & set(self.said)), has_trend, "a trend")
        assert self.row
        self.claim("before" in self.said, not has_trend and self.row["change_from"] is not None, "a change")

    def require_comparison(self) -> None:
        group = self.told.group(self.peers, self.area) if self.is_fair else None
        alone = 0 if self.peers == "neighbours" else 1  # where it is one of them itself
        is_compared = group is not None and group.eligible > alone
        self.claim(bool(self.groups) or "few" in self.said, is_compared, "a comparison")
        if group is None or not group.is_enough or len(self.groups) > 1:
            if len(self.sides) > 1 and self.sides[0] == self.sides[1]:
                raise Untrue(f"“But” where the two agree, in {self.text!r}")
            return
        second = "england" if self.metric["comparable_within"] == "england" else "type"
        if second == self.peers:
            second = "neighbours" if self.told.ground.neighbours.get(self.area) else "type"
        other = self.told.group(second, self.area)
        if second == self.peers or other is None or not other.is_enough or self.sides[0] is None:
            return
        sides = self.list_sides(self.name_group(second), other)
        if sides and self.sides[0] not in sides:
            raise Untrue(f"nothing on {second} ({sides}), that disagrees, in {self.text!r}")

    # What is true.

    @property
    def is_council(self) -> bool:
        return self.told.ground.areas[self.area]["area_class"] in PRINCIPAL

    @property
    def has_few_cases(self) -> bool:
        """Whether it is known that it rests on fewer than 30."""
        sure = self.told.certainties.get(self.area)
        return sure is not None and sure["cases"] is not None and sure["cases"] < 30

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


def _compile(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern + _END) for name, pattern in patterns.items()}


_REPEATED = {"stands", "same", "break"}
_GRAMMAR = _compile(
    {
        "elsewhere": r"(?P<place>[^.]+(?:St\. [^.]+)?) is not responsible for this service\.",
        "absent": r"There is no figure for (?P<place>.+?) for (?P<period>.+?)\. (?P<reason>.+)",
        "named": r"As at (?P<period>.+?), (?P<short>.+) in (?P<place>.+?) was (?P<value>.+?)\.",
        "lead": r"(?P<place>.+?)(?P<owns>’s?) figure for (?P<period>.+?) was (?P<how>estimated at )?"
        r"(?P<value>.+?)(?:(?:,| or|, or) between (?P<low>.+?) and (?P<high>.+?)(?: allowing for chance)?)?\.",
        "same": r"(?:That|(?P<but>But it)) is the same as the median of (?P<group>[^.(]+)\.",
        "stands": r"(?:That|(?P<but>But it)) is (?P<words>[a-z ]+ (?:to|than)) the median of (?P<group>[^.(]+) "
        r"\((?P<median>[^)]+)\)(?P<chance>: the difference could be chance)?\.",
        "median": r"The median of (?P<group>[^.(]+) was (?P<median>.+?)\.",
        "few": r"Too few (?:of )?(?P<group>[^.]+) have a figure to compare with\.",
        "tied": r"More than half of them have that value, or one that looks the same\.",
        "rank": rf"It is (?P<joint>joint )?(?P<rank>{_ORDINAL}) of (?P<of>[\d,]*\d)(?: (?=\w))?(?P<group>[^.:]+)"
        rf"(?:(?P<indicative>: this rank is indicative)|: allowing for chance, between (?P<low>{_ORDINAL}) and "
        rf"(?P<high>{_ORDINAL}))?\.",
        "trend": r"Between (?P<first>.+) and (?P<last>.+?) it (?P<verb>rose|fell) from (?P<was>.+?) to (?P<now>.+?)"
        r"(?:: (?P<word>an improving trend|a worsening trend))?\.",
        "unclear": r"Between (?P<first>.+?) and (?P<last>.+?) there was no clear change\.",
        "theirs": r"Over that time its neighbours’ middle change was (?:(?P<none>too small to show)|"
        r"a (?P<way>rise|fall) of (?P<size>.+?))(?P<chance>: the difference could be chance)?\.",
        "before": r"In (?P<period>.+?) the figure was (?:(?P<same>the same)|(?P<value>.+?))\.",
        "coverage": r"The comparison is based on (?P<groups>.+?)\.",
        "added": r"(?:From before it began: the figure of (?P<before>.+?), which had the same ground"
        r"|(?:From before it began: )?(?:[Aa]dded up|(?P<roughly>[Ww]orked out roughly)) over the (?P<number>[\w,]+) "
        r"(?:district )?councils? that (?:cover its area; not the (?:county council|authority)’s own performance"
        r"|had the same ground))\.",
        "marked": "|".join(re.escape(each) for each in MARKED.values()).join(("(?:", ")")),
        "cases": r"This rests on fewer than 30 cases\.",
        "grows": r"This grows with the size of the area, so it is not compared\.",
        "break": r"Figures from before (?P<period>.+?) cannot be compared with later ones\.",
        "pandemic": r"COVID-19 affected figures for (?P<periods>.+?)\.",
        "depends": r"It also depends on (?P<others>.+?)\.",
        "context": r"This (?:describes the area and its people|is decided by others), not (?:by )?the council\.",
        "kinds": r"Councils of different kinds do different things with this money or service\. "
        r"Compare councils of the same kind before you conclude anything\.",
        "old": r"This figure is old: (?P<period>.+?) ended (?P<ago>.+?) before this release was made\.",
    }
)
