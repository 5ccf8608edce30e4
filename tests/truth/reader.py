"""A reader of our sentences that does not know how they are made: it takes each apart and works out whether it is true.

What it cannot read is a lie until somebody teaches it; so is a sentence that is missing where one must stand.
"""

from __future__ import annotations

import json
import re

from tests.site.written import AFTER
from tests.truth.facts import Facts, Untrue, read_ordinal, strip_article
from tests.truth.grammar import (
    ABSENT,
    EDGES,
    GROWS,
    KINDS,
    MARKED,
    NO_AMOUNT,
    NOWHERE,
    PLACES,
    REPEATED,
    WORDS,
)
from tests.truth.ground import APART, name_period, read_span, shown


class Reader(Facts):
    """Reads what is said of one figure."""

    def check(self) -> None:
        """Raise `Untrue` for the first thing that is not as the release has it."""
        rest = self.text
        if NOWHERE.search(rest):
            raise Untrue(f"there is something in it that no sentence has: {rest!r}")
        last = 0
        while rest:
            # Slots come in order, so the next sentence is mostly of this kind or one of the next.
            for name, pattern in (*KINDS[last:], *KINDS[:last]):
                found = pattern.match(rest)
                if found and (name in REPEATED or name not in self.said):
                    break
            else:
                raise Untrue(f"cannot read {rest!r}")
            last = PLACES[name]
            self.said[name] = found
            getattr(self, f"read_{name}")(found)
            rest = rest[found.end() :].removeprefix(" ")
        self.require_what_must_be_said()

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
        for part in re.split(r" and (?=\d)", found["groups"]):
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
        self.claim(self.has_other_kinds, True, "councils of different kinds")

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
        required |= self.list_required_of_comparators()
        for name, is_required in required.items():
            if is_required and name not in self.said:
                raise Untrue(f"nothing on {name!r} in {self.text!r}")
        self.require_comparison()
        trend = self.told.trends.get(self.area)
        has_trend = trend is not None and trend["direction"] is not None and self.unit not in NO_AMOUNT
        self.claim(bool({"trend", "unclear"} & set(self.said)), has_trend, "a trend")
        assert self.row
        self.claim("before" in self.said, not has_trend and self.row["change_from"] is not None, "a change")

    def list_required_of_comparators(self) -> dict[str, bool]:
        """What must be said of the comparators, and of the neighbours' change."""
        group = self.told.group(self.peers, self.area) if self.is_fair else None
        is_enough = group is not None and group.is_enough and bool(self.groups)
        trend = self.told.trends.get(self.area)
        return {
            "tied": is_enough and group is not None and group.spread * 10**self.places < 0.5 - 1e-6,
            "rank": is_enough and self.told.sign != 0 and self.area in self.told.compared,
            "kinds": is_enough and self.metric["comparable_within"] == "class" and self.has_other_kinds,
            "theirs": "trend" in self.said and trend is not None and trend["change_neighbours"] is not None,
        }

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
