"""The council tax bill of a place by who charges it: the parts that are held, and their sum where it is the bill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from moothall.core.areas import AreaClass
from moothall.core.periods import end_of, parse_key
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, MetricRecord, UnknownKey
from moothall.site.addresses import area_address, place_address, trace_address
from moothall.site.explorer.parts_areas import Bill, BillPart
from moothall.site.explorer.services import find_holders
from moothall.site.narrative.ages import say_old
from moothall.site.narrative.bill import say_bill, say_bill_apart, say_bill_incomplete, say_no_charge
from moothall.site.narrative.names import name_official, name_place

BILL: Final = "area-band-d-bill"
OWN: Final = "own-band-d"
CARE: Final = "adult-social-care-precept-band-d"
_PENNIES: Final = 0.015  # by how much rounded parts may miss a rounded sum

PARTS: Final[Mapping[str, str]] = {
    OWN: "the council itself",
    "county-or-gla-part-of-band-d-bill": "the county council or the Greater London Authority",
    "police-part-of-band-d-bill": "the police",
    "fire-part-of-band-d-bill": "fire and rescue",
    "combined-authority-part-of-band-d-bill": "a combined authority’s mayor",
    "parish-band-d": "parishes",
}
"""The parts that together are the bill, by metric, with what each is for."""

_FUNCTIONS = {"police-part-of-band-d-bill": "police", "fire-part-of-band-d-bill": "fire"}


@dataclass(frozen=True, slots=True)
class Charges:
    """The figures of a place's bill in one period, by metric; those that are not held are not in it."""

    period: str
    figures: Mapping[str, FigureRecord]

    @property
    def missing(self) -> tuple[str, ...]:
        """What the parts that are not held are for."""
        return tuple(what for key, what in PARTS.items() if key not in self.figures)

    @property
    def is_whole(self) -> bool:
        """Whether every part is held, and they come to the published bill."""
        whole = self.figures.get(BILL)
        return whole is not None and whole.value is not None and not self.missing and add_up(self.values, whole.value)

    @property
    def values(self) -> tuple[float, ...]:
        """The parts that are held, in pounds."""
        return tuple(self.figures[key].value or 0.0 for key in PARTS if key in self.figures)


def add_up(parts: Sequence[float], whole: float) -> bool:
    """Whether parts in pounds come to a whole, but for the pennies of rounding."""
    return abs(sum(parts) - whole) < _PENNIES


def make_bill(release: Release, area: AreaRecord, authorities: Sequence[AreaRecord]) -> Bill | None:
    """The bill of a Band D home in a billing council's area; none where nothing of it is held."""
    charges = _read_charges(release, area, (OWN, BILL, *PARTS))
    if charges is None or OWN not in charges.figures:
        return None
    period = charges.figures[OWN].period_label
    council = name_official(area.official_name)
    parts = [
        part
        for key in PARTS
        if key in charges.figures and charges.figures[key].value
        for part in _show_part(release, area, authorities, charges.figures[key])
    ]
    nothing = [
        charges.figures[key]
        for key in PARTS
        if key in charges.figures and not charges.figures[key].value and _could_be_charged(area, key)
    ]
    total = None
    if charges.is_whole:
        whole = charges.figures[BILL]
        sentence = say_bill(area.name, council, period, whole.text, charges.figures[OWN].text)
        total = _show(whole, "The whole bill", "")
    elif charges.missing:
        sentence = say_bill_incomplete(area.name, period, charges.missing)
    else:
        sentence = say_bill_apart(area.name, period)
    return Bill(
        heading=f"The council tax bill, {period}",
        sentence=sentence,
        parts=tuple(parts),
        total=total,
        notes=(*_say_none(release, authorities, nothing), *_say_newer(release, charges.figures[OWN])),
    )


def list_bills(release: Release, districts: Sequence[AreaRecord]) -> tuple[BillPart, ...]:
    """The whole bill of each district of a county, with the way to its parts."""
    found = []
    for district in districts:
        charges = _read_charges(release, district, (BILL,))
        if charges is not None and BILL in charges.figures:
            figure = charges.figures[BILL]
            found.append(
                _show(figure, name_place(district.name), f"{place_address(district)}#bill", figure.period_label)
            )
    return tuple(found)


def _read_charges(release: Release, area: AreaRecord, keys: Sequence[str]) -> Charges | None:
    """The figures of the bill's newest period; none where the release has no bills."""
    try:
        period = release.metric(keys[0]).latest_period
    except UnknownKey:
        return None
    known = {metric.key for metric in release.metrics()}
    asked = tuple(key for key in dict.fromkeys(keys) if key in known)
    if period is None:
        return None
    figures = release.figures(Selection(metric=asked, area=(area.code,), period=(period,)))
    held = {each.metric: each for each in figures if each.value is not None and not each.is_added_up}
    return Charges(period, held) if held else None


def _show_part(
    release: Release, area: AreaRecord, authorities: Sequence[AreaRecord], figure: FigureRecord
) -> list[BillPart]:
    """One part, and below it what its authority added in the year for adult social care."""
    match figure.metric:
        case "parish-band-d":
            return [
                _show(figure, "Parishes", "", "Spread over the whole area; where there is a parish it is often more.")
            ]
        case "combined-authority-part-of-band-d-bill":
            joint = [each for each in authorities if each.code == _find_joint(release, area)]
            return [_show_of(figure, next(iter(joint), None), "Mayor of the combined authority")]
        case "police-part-of-band-d-bill" | "fire-part-of-band-d-bill":
            what = "Police" if figure.metric.startswith("police") else "Fire and rescue"
            holder = _find_holder(release, authorities, figure)
            return [
                _show(
                    figure, what, area_address(holder) if holder else "", f"Set by {_name(holder)}." if holder else ""
                )
            ]
        case "county-or-gla-part-of-band-d-bill":
            above = [each for each in authorities if each.code == area.county_code or each.area_class is AreaClass.GLA]
            upper = next(iter(above), None)
            return [_show_of(figure, upper, "County council"), *_show_care(release, upper, figure.period)]
        case _:
            return [_show_of(figure, area, ""), *_show_care(release, area, figure.period)]


def _find_joint(release: Release, area: AreaRecord) -> str | None:
    """The code of the combined authority that a council is in, or that its county is in."""
    county = release.area(area.county_code) if area.county_code else None
    return area.combined_authority_code or (county.combined_authority_code if county else None)


def _find_holder(release: Release, authorities: Sequence[AreaRecord], figure: FigureRecord) -> AreaRecord | None:
    """Which authority of the place had a service on the first day of a charge's year: the charge was set before it."""
    start = parse_key(figure.period).start
    holders, _ = find_holders(release, authorities, _FUNCTIONS[figure.metric], start)
    return next(iter(holders), None)


def _show_care(release: Release, authority: AreaRecord | None, period: str) -> list[BillPart]:
    """What an authority added in the year for adult social care, where it has that service."""
    if authority is None:
        return []
    try:
        figure = release.figure(CARE, authority.code, period)
    except UnknownKey:
        return []
    if figure.value is None:
        return []
    return [_show(figure, "of this, added in the year for adult social care", "", "", is_within=True)]


def _show_of(figure: FigureRecord, authority: AreaRecord | None, otherwise: str) -> BillPart:
    if authority is None:
        return _show(figure, otherwise, "")
    return _show(figure, name_place(authority.official_name), area_address(authority))


def _name(authority: AreaRecord) -> str:
    return name_official(authority.official_name)


def _show(figure: FigureRecord, who: str, address: str, note: str = "", *, is_within: bool = False) -> BillPart:
    trace = trace_address(figure.metric, figure.area, figure.period, figure.breakdown)
    return BillPart(who, address, figure.text, trace, note, is_within)


def _could_be_charged(area: AreaRecord, key: str) -> bool:
    """Whether it is worth saying that a part is nothing: of a council that is its own county it is not."""
    return key != "county-or-gla-part-of-band-d-bill" or area.county_code is not None


def _say_none(release: Release, authorities: Sequence[AreaRecord], figures: Sequence[FigureRecord]) -> Iterator[str]:
    """That parts are nothing: where somebody here had the service by itself, who that was."""
    unheld = []
    for figure in figures:
        holder = _find_holder(release, authorities, figure) if figure.metric in _FUNCTIONS else None
        if holder is None:
            unheld.append(PARTS[figure.metric])
        else:
            yield say_no_charge([PARTS[figure.metric]], _name(holder))
    if unheld:
        yield say_no_charge(unheld)


def _say_newer(release: Release, figure: FigureRecord) -> tuple[str, ...]:
    metric: MetricRecord = release.metric(figure.metric)
    said = [say_old(figure.period_label, end_of(figure.period), release.built, "These amounts are", metric.old_after)]
    if metric.source is not None and release.source(metric.source).missing_newer:
        said.append("Bills of later years are published, and are not held here yet.")
    return tuple(filter(None, said))
