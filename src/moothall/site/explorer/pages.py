"""Page contracts: for each kind of page, exactly what its template is given."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from moothall.charts.svg import Svg
from moothall.release.records import (
    AreaRecord,
    BoundaryFileRecord,
    Counts,
    FigureRecord,
    MetricRecord,
    TopicRecord,
)
from moothall.site.addresses import area_address
from moothall.site.explorer.chains import ChainStep
from moothall.site.explorer.compared import ComparedWith
from moothall.site.explorer.funnels import ChanceFunnel
from moothall.site.explorer.life_parts import MetricLife
from moothall.site.explorer.parts import (
    AboutData,
    AreaGroup,
    Choice,
    Fact,
    InShort,
    KeyEntry,
    Link,
    MapClass,
    MapForm,
    MetricForm,
    MetricGroup,
    Missing,
    OverTime,
    ServiceElsewhere,
    Sorting,
    SourceAge,
    StripRow,
    TopicEntry,
    TracedFile,
    ValueGroup,
    View,
)
from moothall.site.explorer.parts_areas import AreaTopic, Things
from moothall.site.explorer.parts_catalogue import (
    CatalogueForm,
    CatalogueTopic,
    FunctionGaps,
    GapSection,
    TopicGaps,
)
from moothall.site.explorer.parts_comparison import ComparisonLine, ComparisonRow, CouncilsForm, MarkedCouncil
from moothall.site.explorer.parts_excellence import ExemplarEntry
from moothall.site.explorer.reorganisation import Announcement, LastFigure, TracedPart
from moothall.site.explorer.takeaway import Download


@dataclass(frozen=True, slots=True)
class Page:
    """What every page has: the template it fills, its entry in the navigation and the release it is made from."""

    template: ClassVar[str]
    section: ClassVar[str] = ""
    release_id: str

    @property
    def http_status(self) -> int:
        """What the answer says of itself: 400 where something that was asked for cannot be used."""
        return 200

    @property
    def is_kept(self) -> bool:
        """Whether the answer may be kept for others who ask for the same."""
        return True

    def find_canonical(self, path: str) -> str:
        """The one address that stands for all that answer with this page, asked for at a path."""
        return path

    def as_context(self) -> dict[str, Any]:
        """The page's fields and its section, by name, for the template."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {"section": self.section}


@dataclass(frozen=True, slots=True)
class HomePage(Page):
    """The first page."""

    template: ClassVar[str] = "home.html"
    topics: tuple[TopicEntry, ...]
    sources: tuple[SourceAge, ...]
    counts: Counts
    built: str


@dataclass(frozen=True, slots=True)
class AreasPage(Page):
    """Every authority."""

    template: ClassVar[str] = "areas.html"
    section: ClassVar[str] = "areas"
    groups: tuple[AreaGroup, ...]
    other_views: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AreaPage(Page):
    """One authority: what it is, what its figures come to, and those a resident would ask for first."""

    template: ClassVar[str] = "area.html"
    section: ClassVar[str] = "areas"
    area: AreaRecord
    place: str  # its name inside a sentence
    lead: str
    other_tier: Fact | None  # who runs the rest, where two councils run services
    place_link: Link | None  # to everyone who runs services here
    notice: str
    announced: tuple[Announcement, ...]
    added_up: str  # that some figures are those of other councils together, or empty
    facts: tuple[Fact, ...]
    compared_with: str
    neighbours: tuple[Link, ...]  # the first few, the most alike first
    why_compared: Link | None
    things: Things | None  # to know first; none where nothing could be looked at
    in_short: tuple[InShort, ...]
    exemplars: tuple[ExemplarEntry, ...]  # what others may learn from it
    looked_at: str  # among how many comparisons these were found
    by_chance: str  # how many of them may stand out by chance, in words, or empty
    without_direction: str  # how many figures have no better direction, in a sentence, or empty
    key: tuple[KeyEntry, ...]
    topics: tuple[AreaTopic, ...]
    missing: tuple[Missing, ...]
    counted_missing: str  # "94 figures, for four reasons"
    elsewhere: tuple[ServiceElsewhere, ...]
    download: Download

    def find_canonical(self, path: str) -> str:
        """With the area's name, whether asked for with it or not."""
        return area_address(self.area)


@dataclass(frozen=True, slots=True)
class AreaTopicPage(Page):
    """One topic for one council and up to five beside it, metric by metric on a common axis."""

    template: ClassVar[str] = "area_topic.html"
    section: ClassVar[str] = "areas"
    area: AreaRecord
    topic: TopicRecord
    heading: str
    summary: str
    old: str  # that all of its figures are old, in a sentence, or empty
    notes: tuple[str, ...]
    chain: tuple[ChainStep, ...]
    form: CouncilsForm
    councils: tuple[MarkedCouncil, ...]
    compared_with: str
    compared: ComparedWith | None
    rows: tuple[ComparisonRow, ...]
    strip_key: tuple[KeyEntry, ...]  # what the small signs of the charts are; empty where there are none
    lines: tuple[ComparisonLine, ...]
    amounts: tuple[ComparisonLine, ...]
    median_of: str  # whose median is in the table, or empty
    breakdowns: str  # that metrics have breakdowns, in a sentence, or empty
    elsewhere: tuple[ServiceElsewhere, ...]
    other_topics: tuple[Link, ...]
    compare_address: str  # of the same councils with more of them, and metrics of other topics
    canonical: str
    download: Download

    def find_canonical(self, path: str) -> str:
        """With what is compared."""
        return self.canonical


@dataclass(frozen=True, slots=True)
class ClosedAreaPage(Page):
    """An authority that no longer exists, and what took its place."""

    template: ClassVar[str] = "area_closed.html"
    section: ClassVar[str] = "areas"
    area: AreaRecord
    lead: str
    successors: tuple[Link, ...]
    notes: tuple[str, ...]
    last_figures: tuple[LastFigure, ...]
    download: Download


@dataclass(frozen=True, slots=True)
class MetricsPage(Page):
    """Every metric, or those that were asked for, by topic."""

    template: ClassVar[str] = "metrics.html"
    section: ClassVar[str] = "metrics"
    sentence: str  # how many there are, of how many sources
    form: CatalogueForm
    topics: tuple[CatalogueTopic, ...]
    to_come: tuple[Link, ...]  # to metrics that are not published yet, with their status
    canonical: str

    def find_canonical(self, path: str) -> str:
        """With what was asked for."""
        return self.canonical


@dataclass(frozen=True, slots=True)
class GapsPage(Page):
    """What is missing, and why: of everything, or of one topic or service."""

    template: ClassVar[str] = "gaps.html"
    section: ClassVar[str] = "metrics"
    about: str  # the topic and the service chosen, or empty
    sentence: str
    topics_form: tuple[Choice, ...]
    functions_form: tuple[Choice, ...]
    by_topic: tuple[TopicGaps, ...]
    by_function: tuple[FunctionGaps, ...]
    measured: tuple[str, ...]  # what the columns of the services count
    sections: tuple[GapSection, ...]
    canonical: str
    download: Download

    def find_canonical(self, path: str) -> str:
        """With the topic and the service chosen."""
        return self.canonical


@dataclass(frozen=True, slots=True)
class TopicsPage(Page):
    """Every topic."""

    template: ClassVar[str] = "topics.html"
    section: ClassVar[str] = "topics"
    topics: tuple[TopicEntry, ...]


@dataclass(frozen=True, slots=True)
class TopicPage(Page):
    """One topic, with what each of its metrics is."""

    template: ClassVar[str] = "topic.html"
    section: ClassVar[str] = "topics"
    topic: TopicRecord
    chain: tuple[ChainStep, ...]
    groups: tuple[MetricGroup, ...]
    is_long: bool  # whether it has so many metrics that their groups are closed at first
    missing: str  # what is missing of it, in a sentence
    missing_link: Link
    councils: tuple[str, ...]  # names to choose from
    download: Download | None


@dataclass(frozen=True, slots=True)
class MetricPage(Page):
    """One metric: councils beside one another, over time and in a table."""

    template: ClassVar[str] = "metric.html"
    section: ClassVar[str] = "metrics"
    metric: MetricRecord
    chosen: AreaRecord | None
    heading: str
    period: str
    sentence: str
    context: str  # what more there is to say of the council's figure, or empty
    old: str  # that the figures are old, in a sentence, or empty
    newer: Link | None  # to the newest period, from an earlier one
    life: MetricLife | None  # that it was improved or retired
    note: str
    wider: Link | None  # to all of England, where there is no other authority of the kind
    run_by: tuple[Link, ...]  # to the figures of whoever is responsible, when the council is not
    strips: tuple[StripRow, ...]
    compared: ComparedWith | None
    key: tuple[KeyEntry, ...]
    direction: str
    form: MetricForm
    table_caption: str
    sorting: tuple[Sorting, ...]
    groups: tuple[ValueGroup, ...]
    about_bars: str  # how they are to be read; empty where there are none
    has_intervals: bool
    has_positions: bool
    has_distances: bool
    has_kinds: bool  # whether the table's councils are of more than one kind
    over_time: OverTime | None
    funnel: ChanceFunnel | None
    map_address: str  # of the same figures on a map, or empty
    sources: tuple[AboutData, ...]
    runs: tuple[str, ...]  # the functions it is about
    outcomes: tuple[Link, ...]  # of the government's framework, that it bears on
    classes: str
    kind: tuple[str, ...]  # what kind of statistic it is, and which of its files are copies
    depends_on: str  # who else moves the figure, or empty
    canonical: str
    download: Download

    def find_canonical(self, path: str) -> str:
        """With what is compared, and not how the table is sorted."""
        return self.canonical


@dataclass(frozen=True, slots=True)
class MetricToComePage(Page):
    """One metric that is proposed, or that people are being asked about: words, and no figures."""

    template: ClassVar[str] = "metric_to_come.html"
    section: ClassVar[str] = "metrics"
    metric: MetricRecord
    status: str  # "Proposed since 1 April 2026"
    sentence: str


@dataclass(frozen=True, slots=True)
class MapPage(Page):
    """One metric as a map: the councils of one tier in one period, in classes."""

    template: ClassVar[str] = "map.html"
    section: ClassVar[str] = "metrics"
    metric: MetricRecord
    heading: str  # its title, with the breakdown shown
    metric_address: str
    chosen: AreaRecord | None
    period: str
    sentence: str
    chosen_sentence: str  # on the chosen council, or empty
    old: str  # that the figures are old, in a sentence, or empty
    notes: tuple[str, ...]  # what to keep in mind
    form: MapForm
    tiers: tuple[View, ...]  # empty where councils of one tier have figures
    views: tuple[View, ...]
    chart: Svg | None
    about_chart: str  # how the drawing is to be read, or why there is none
    classes: tuple[MapClass, ...]
    table_caption: str
    sources: tuple[AboutData, ...]
    boundaries: BoundaryFileRecord | None
    canonical: str
    download: Download

    def find_canonical(self, path: str) -> str:
        """With what is shown."""
        return self.canonical


@dataclass(frozen=True, slots=True)
class TracePage(Page):
    """Where one figure comes from, down to its cells."""

    template: ClassVar[str] = "trace.html"
    section: ClassVar[str] = "metrics"
    figure: FigureRecord
    metric: MetricRecord
    title: str  # the metric's, with the breakdown of the figure
    area_name: str
    area_address: str
    metric_address: str
    sentence: str
    context: str  # what more there is to say of it, or empty
    old: str  # that it is old, in a sentence, or empty
    run_by: tuple[Link, ...]  # who is responsible, when the area is not
    formula: str
    formula_worked: str
    parts: tuple[TracedPart, ...]  # the figures it is made of, where it is added up
    files: tuple[TracedFile, ...]
    download: Download


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """What went wrong and what to do about it."""

    template: ClassVar[str] = "error.html"
    title: str
    errors: tuple[Link, ...]  # for an error summary
    paragraphs: tuple[str, ...]
    links: tuple[Link, ...]
