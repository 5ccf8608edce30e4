"""The page of one metric's map: the councils of one tier by class, drawn as outlines or as hexagons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict

from moothall.charts.classes import Classes, part
from moothall.charts.map import Map, Shape, draw_blank_swatch, draw_hatched_swatch, draw_map, draw_swatch
from moothall.charts.svg import Svg
from moothall.core.areas import LOWER_TIER_CLASSES, REGIONS, UPPER_TIER_CLASSES, AreaClass
from moothall.core.frames import OUTLINE_LAYOUT
from moothall.core.values import Marker, format_value
from moothall.release.index import label_scope
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, MetricRecord, PeriodRecord
from moothall.site.addresses import map_address, metric_address, trace_address
from moothall.site.explorer.asked import Mistake, NotDrawn, Redirected, Refused, read_choice, read_one
from moothall.site.explorer.breakdowns import add_breakdown, name_metric
from moothall.site.explorer.comparisons import has_map, is_total, name_sums
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.pages import MapPage
from moothall.site.explorer.parts import Choice, MapClass, MapForm, MapRow, View
from moothall.site.explorer.provenance import tell_about_data
from moothall.site.explorer.questions import list_breakdowns, list_periods, read_period
from moothall.site.explorer.responsible import stood_on
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.narrative.ages import say_old
from moothall.site.narrative.caveats import DIFFERENT_KINDS
from moothall.site.narrative.figure import say_alone
from moothall.site.narrative.names import capitalise, count_words, name_period, name_place, name_within

VIEWS = {"map": "Map", "hex": "Hexagons"}
TIERS = {"lower": "Districts and single-tier councils", "upper": "Counties and single-tier councils"}
_CLASSES = {"lower": LOWER_TIER_CLASSES, "upper": UPPER_TIER_CLASSES}
_LONDON = "E12000007"
_NONE = "There is no map of this metric"
_SLICES_KEPT = 48


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """What a reader asks of a map, checked against the release; `tiers` are those that have figures of their own.

    `region` is the code of the one that alone is drawn, empty for all of England.
    """

    metric: MetricRecord
    area: AreaRecord | None
    period: PeriodRecord
    breakdown: str
    view: str
    tier: str
    tiers: tuple[str, ...]
    region: str

    @property
    def title(self) -> str:
        """The metric's, with the breakdown shown."""
        return name_metric(self.metric.title, self.breakdown)

    def address(self, **changes: str | None) -> str:
        """The address of this map, or of one that differs in some ways."""
        chosen = {
            "period": None if self.period.is_latest else self.period.key,
            "breakdown": self.breakdown,
            "area": self.area.code if self.area else None,
            "view": self.view if self.view != "map" else None,
            "tier": self.tier if len(self.tiers) > 1 else None,
            "region": self.region or None,
        }
        return map_address(self.metric.key, **(chosen | changes))  # type: ignore[arg-type]


def make_map(release: Release, key: str, asked: QueryDict) -> MapPage:
    """One metric's map as asked for.

    Raises `NotDrawn` for a metric that has none, `UnknownKey` for an unknown one, `Refused` for parameters that do not
    fit, `Redirected` where a council is asked for by its name or an old code.
    """
    metric = release.metric(key)
    if not metric.unit.is_amount:
        raise NotDrawn(
            metric, _NONE, "It is a judgement or a date, not an amount, so there are no classes to shade a map by."
        )
    if not has_map(release, metric):
        raise NotDrawn(metric, _NONE, "This release has no figures of it, or no boundaries.")
    question = read_question(release, metric, asked)
    period, area = question.period, question.area
    everyone = [each for each in _read_all(release, question) if each.area_class in _CLASSES[question.tier]]
    england = _list_values(everyone)
    # A shade means the same in every region, so classes are always those of England.
    classes = part(england, metric.unit, metric.places) if england else None
    layout = OUTLINE_LAYOUT if question.view == "map" else release.find_hexagons({each.area for each in everyone})
    figures = [each for each in everyone if question.region in {"", release.area(each.area).region_code}]
    shown = [each for each in figures if each.marker is not Marker.NOT_RESPONSIBLE]
    listed = _list_classes(release, question, classes, figures)
    files = {file.key: file for file in release.boundary_files()}
    return MapPage(
        release_id=release.record.id,
        metric=metric,
        heading=question.title,
        metric_address=_address_metric(question, area.code if area else None),
        chosen=area,
        period=period.label,
        sentence=_say_range(question, _list_values(figures), shown),
        chosen_sentence=_say_chosen(question, figures, listed),
        old=say_old(period.label, period.end, release.built, old_after=metric.old_after),
        notes=tuple(_list_notes(release, question, figures, layout)),
        form=_make_form(release, question, figures),
        tiers=tuple(View(TIERS[each], question.address(tier=each), each == question.tier) for each in question.tiers)
        if len(question.tiers) > 1
        else (),
        region=REGIONS.get(question.region, ""),
        regions=tuple(
            View(name, question.address(region=code or None), code == question.region)
            for code, name in {"": "England", **REGIONS}.items()
        ),
        views=tuple(
            View(text, question.address(view=view if view != "map" else None), view == question.view)
            for view, text in VIEWS.items()
        ),
        chart=_draw(release, question, classes, figures, listed, layout) if layout else None,
        about_chart=_say_how_drawn(question, layout),
        classes=listed,
        table_caption=f"{question.title}, {_name_shown(question)}, {period.label}, by class",
        sources=tell_about_data(release, metric, shown, period),
        boundaries=files.get(layout) if layout else None,
        canonical=question.address(),
        download=offer_figures(
            "every council’s figure",
            [
                ("metric", metric.key),
                ("period", period.key),
                ("breakdown", question.breakdown if question.breakdown != "all" else None),
            ],
        ),
    )


def _list_values(figures: Sequence[FigureRecord]) -> list[float]:
    """The values that are parted into classes."""
    return [each.value for each in figures if each.value is not None and each.is_compared]


def _name_shown(question: MapQuestion) -> str:
    """Whom the map shows, inside a sentence."""
    tier = TIERS[question.tier]
    return f"{tier[0].lower()}{tier[1:]}{_say_where(question)}"


def _say_where(question: MapQuestion) -> str:
    """The region shown, as it follows the councils: " in London"; empty for all of England."""
    return label_scope(question.region).removeprefix("councils") if question.region else ""


def read_question(release: Release, metric: MetricRecord, asked: QueryDict) -> MapQuestion:
    """Read and check a map's parameters; raises as `make_map` does."""
    breakdown = read_choice(asked, "breakdown", metric.breakdowns, metric.breakdowns[0])
    period = read_period(release, metric, breakdown, asked)
    said = read_one(asked, "area")
    area = find_council(release, "area", said, period.end) if said else None
    if area is not None and not stood_on(area, period.end):
        message = (
            f"{capitalise(name_within(area.name))} did not exist in {name_period(period.label)}. Choose another period."
        )
        raise Refused(Mistake("area", message))
    view = read_choice(asked, "view", tuple(VIEWS), "map")
    tiers = _find_tiers(_read_slice(release, metric.key, period.key, breakdown))
    own = {AreaClass.DISTRICT: "lower", AreaClass.COUNTY: "upper"}.get(area.area_class) if area else None
    default = own if own in tiers else tiers[0]
    tier = read_choice(asked, "tier", tuple(TIERS), default)
    if tier not in tiers:
        raise Refused(Mistake("tier", f"There are no figures of {TIERS[tier].lower()} here."))
    region = read_choice(asked, "region", tuple(REGIONS), "")
    question = MapQuestion(metric, area, period, breakdown, view, tier, tiers, region)
    if area is not None and area.code != said:
        raise Redirected(question.address())
    return question


@lru_cache(maxsize=_SLICES_KEPT)
def _read_slice(release: Release, metric: str, period: str, breakdown: str) -> tuple[FigureRecord, ...]:
    """Every council alive on the period's last day by name, responsible or not; a release never changes."""
    return tuple(release.slice(metric, period, breakdown=breakdown))


def _read_all(release: Release, question: MapQuestion) -> tuple[FigureRecord, ...]:
    figures = _read_slice(release, question.metric.key, question.period.key, question.breakdown)
    return name_sums(release, figures, [question.area] if question.area else [])


def _find_tiers(figures: Sequence[FigureRecord]) -> tuple[str, ...]:
    """The tiers whose councils have figures: both where districts and counties have, for then the two overlap."""
    having = {each.area_class for each in figures if each.value is not None}
    found = [tier for tier, own in (("lower", AreaClass.DISTRICT), ("upper", AreaClass.COUNTY)) if own in having]
    return tuple(found) or ("upper",)


def _list_classes(
    release: Release, question: MapQuestion, classes: Classes | None, figures: Sequence[FigureRecord]
) -> tuple[MapClass, ...]:
    """Each class from the least, then the councils without a figure, then those that are not responsible."""
    groups: dict[int | None, list[FigureRecord]] = {}
    blank = 0
    for figure in figures:
        if figure.marker is Marker.NOT_RESPONSIBLE:
            blank += 1
        else:
            groups.setdefault(_find_class(classes, figure), []).append(figure)
    chosen = question.area.code if question.area else None
    labels = classes.labels if classes else ()
    listed = []
    for place, label in enumerate(labels):
        listed.append(_make_class(question, draw_swatch(place, len(labels)), label, groups.get(place, []), chosen))
    if without := groups.get(None):
        has_other = any(each.value is not None for each in without)
        label = "No figure, or one on another basis" if has_other else "No figure"
        listed.append(_make_class(question, draw_hatched_swatch("key-hatch"), label, without, chosen))
    if blank:
        is_chosen = any(each.area == chosen and each.marker is Marker.NOT_RESPONSIBLE for each in figures)
        label = "Not responsible for this service"
        listed.append(MapClass(draw_blank_swatch(), label, _count(blank), is_chosen, ()))
    return tuple(listed)


def _find_class(classes: Classes | None, figure: FigureRecord) -> int | None:
    if classes is None or figure.value is None or not figure.is_compared:
        return None
    return classes.find(figure.value)


def _make_class(
    question: MapQuestion, swatch: Svg, label: str, members: Sequence[FigureRecord], chosen: str | None
) -> MapClass:
    rows = tuple(
        MapRow(
            code=each.area,
            name=name_place(each.area_name),
            metric_address=_address_metric(question, each.area),
            text=each.text
            if each.marker is None or each.value is None
            else f"{each.text} ({each.marker.meaning.label})",
            trace_address=trace_address(each.metric, each.area, each.period, each.breakdown),
        )
        for each in members
    )
    return MapClass(swatch, label, _count(len(members)), any(each.area == chosen for each in members), rows)


def _count(number: int) -> str:
    return f"{number:,} council{'' if number == 1 else 's'}"


def _address_metric(question: MapQuestion, area: str | None) -> str:
    period = None if question.period.is_latest else question.period.key
    return metric_address(question.metric.key, area=area, period=period, breakdown=question.breakdown)


def _draw(
    release: Release,
    question: MapQuestion,
    classes: Classes | None,
    figures: Sequence[FigureRecord],
    listed: Sequence[MapClass],
    layout: str,
) -> Svg | None:
    shapes = release.shapes(layout)
    period = None if question.period.is_latest else question.period.key
    address = metric_address(question.metric.key, peers="england", period=period, breakdown=question.breakdown)
    is_whole = layout == OUTLINE_LAYOUT and not question.region
    drawn = tuple(
        Shape(
            code=each.area,
            name=name_place(each.area_name),
            text=each.text,
            path=shapes[each.area].path,
            box=shapes[each.area].box,
            shade=_find_class(classes, each),
            is_blank=each.marker is Marker.NOT_RESPONSIBLE,
            is_inset=is_whole and release.area(each.area).region_code == _LONDON,
        )
        for each in figures
        if each.area in shapes
    )
    if not drawn:
        return None
    return draw_map(
        Map(
            key="map",
            title=f"{question.title}: map of {_name_shown(question)}, {question.period.label}",
            description=" ".join(f"{each.label}: {each.count}." for each in listed),
            shapes=drawn,
            classes=classes.count if classes else 0,
            address=f"{address}&area=",
            selected=question.area.code if question.area else None,
        )
    )


def _say_range(question: MapQuestion, values: Sequence[float], shown: Sequence[FigureRecord]) -> str:
    metric, period = question.metric, add_breakdown(name_period(question.period.label), question.breakdown)
    if not values:
        return f"No council{_say_where(question)} has a figure for {period}."
    low, high = (format_value(each, metric.unit, metric.places) for each in (min(values), max(values)))
    spread = f"were all {low}" if low == high else f"ran from {low} to {high}"
    who = count_words(len(values), "council", "councils") + _say_where(question)
    said = f"For {period} the figures of {who} {spread}."
    missing = len(shown) - len(values)
    if missing:
        has_other = any(each.value is not None and not each.is_compared for each in shown)
        who = count_words(missing, "council has", "councils have")
        said += f" {who.capitalize()} no figure{' that can be compared' if has_other else ''}."
    return said


def _say_chosen(question: MapQuestion, figures: Sequence[FigureRecord], listed: Sequence[MapClass]) -> str:
    if question.area is None:
        return ""
    figure = next((each for each in figures if each.area == question.area.code), None)
    if figure is None:
        place = capitalise(name_within(question.area.name))
        said = f"{place} is not on this map, which shows {_name_shown(question)}."
        county = next((each for each in figures if each.area == question.area.county_code), None)
        return f"{said} It lies in {name_within(county.area_name)}, which is on it." if county else said
    said = say_alone(figure, question.metric)
    own = next((each for each in listed if each.is_chosen), None)
    if own is None or figure.value is None or not figure.is_compared:
        return said
    return f"{said} On the map it is in the class “{own.label}”."


def _list_notes(
    release: Release, question: MapQuestion, figures: Sequence[FigureRecord], layout: str | None
) -> list[str]:
    notes = []
    if question.region:
        notes.append("A shade means what it means on the map of England, and so do the classes.")
    if is_total(question.metric):
        notes.append("This is a total, so a bigger council has a bigger number. The map shows size first of all.")
    if question.metric.comparable_within == "class":
        notes.append(DIFFERENT_KINDS)
    if layout:
        undrawn = [name_place(each.area_name) for each in figures if each.area not in release.shapes(layout)]
        if undrawn:
            notes.append(f"In the table and not on the map, as no outline is held: {', '.join(undrawn)}.")
    return notes


def _say_how_drawn(question: MapQuestion, layout: str | None) -> str:
    if layout is None:
        period = name_period(question.period.label)
        return f"There is no hexagon map for {period}: the councils of that time fit none of the layouts held."
    if layout == OUTLINE_LAYOUT:
        return "Large areas catch the eye and are not more important: small ones often have more people."
    each = "a hexagon for each of its districts" if question.tier == "upper" else "one hexagon"
    who = "Each county has" if question.tier == "upper" else "Each council has"
    rest = ", every other council has one" if question.tier == "upper" else ", about where it lies"
    return f"{who} {each}{rest}, so that small areas can be seen as well as large ones."


def _make_form(release: Release, question: MapQuestion, figures: Sequence[FigureRecord]) -> MapForm:
    chosen = question.area.code if question.area else ""
    names = {each.area: name_place(each.area_name) for each in figures}
    if question.area is not None:
        names.setdefault(chosen, name_place(question.area.name))
    return MapForm(
        areas=tuple(
            Choice(code, name, code == chosen)
            for code, name in sorted(names.items(), key=lambda item: item[1].casefold())
        ),
        periods=list_periods(release, question.metric, question.breakdown, question.period),
        breakdowns=list_breakdowns(question.metric, question.breakdown),
        kept=tuple(
            (name, value)
            for name, value in (
                ("view", question.view if question.view != "map" else ""),
                ("tier", question.tier if len(question.tiers) > 1 else ""),
                ("region", question.region),
            )
            if value
        ),
    )
