"""Parts that pictures of every kind are put together from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from moothall.charts.pictures import Line, Panel, Picture
from moothall.charts.svg import Svg
from moothall.release.queries import Release
from moothall.release.records import BoundaryFileRecord, MetricRecord, UnknownKey
from moothall.site.explorer.parts import AboutData, KeyEntry
from moothall.site.explorer.provenance import find_sources

Key = tuple[tuple[Svg, str], ...]


class Credit(NamedTuple):
    """Whose something is, in a sentence, and what its licence asks to be said of it."""

    whose: str
    licence: str = ""
    attribution: str = ""

    @property
    def in_short(self) -> str:
        """Whose, and under which licence."""
        return f"{self.whose} {self.licence}." if self.licence else self.whose

    @property
    def in_full(self) -> str:
        """The same with the attribution, which may name the licence itself."""
        return " ".join(
            filter(None, (self.whose if self.licence in self.attribution else self.in_short, self.attribution))
        )


@dataclass(frozen=True, slots=True)
class ChartAlone:
    """A chart taken from its page, with all that has to stand beside it elsewhere."""

    title: str
    sentence: str
    panels: tuple[Panel | Line, ...]
    key: Key
    notes: tuple[str, ...]
    credits: tuple[Credit, ...]
    page: str  # the address of the page that it is from
    release_id: str
    names: Key = ()  # of lines, where there is no room for them at the lines' ends
    is_kept: bool = True  # whether others who ask for the same may be given it

    def picture(self, origin: str) -> Picture:
        """The same as a picture; `origin` is what the address of its page begins with."""
        where = f"Moothall, release {self.release_id}, {origin}{self.page}"
        return Picture(
            self.title,
            self.sentence,
            self.panels,
            self.key,
            self.notes,
            (*(each.in_full for each in self.credits), where),
        )


def require_panels(panels: Sequence[Panel | Line], kind: str, key: str) -> tuple[Panel | Line, ...]:
    """The same where there is anything to see. Raises `UnknownKey` else."""
    if not any(isinstance(each, Panel) or any(each.charts) for each in panels):
        raise UnknownKey(f"{kind} chart of", key)
    return tuple(panels)


def list_key(entries: Iterable[KeyEntry]) -> Key:
    """The signs of a page's key, each with what it stands for."""
    return tuple((each.shape, f"{each.name} {each.text}".strip()) for each in entries if each.shape)


def credit(about: Iterable[AboutData]) -> tuple[Credit, ...]:
    """Whose the figures of one metric are."""
    sources = (each.source for each in about)
    return tuple(
        dict.fromkeys(
            Credit(f"Source: {each.publisher}, {each.title}.", each.licence_label, each.attribution) for each in sources
        )
    )


def credit_series(release: Release, metrics: Iterable[MetricRecord]) -> tuple[Credit, ...]:
    """Whose the figures of several metrics are, series by series."""
    found = dict.fromkeys(
        f"{source.publisher}, {source.title} ({source.licence_label})"
        for metric in metrics
        for source in find_sources(release, metric)
    )
    return (Credit(f"Sources: {'; '.join(found)}."),)


def credit_publishers(release: Release, topics: Iterable[str]) -> tuple[Credit, ...]:
    """Whose the figures on whole topics are, by licence, as there are too many series to name."""
    by_licence: dict[str, dict[str, None]] = defaultdict(dict)
    for topic in topics:
        for metric in release.metrics(topic=topic):
            for source in find_sources(release, metric):
                by_licence[source.licence_label][source.publisher] = None
    said = (f"{', '.join(publishers)} ({licence})" for licence, publishers in by_licence.items())
    return (Credit(f"Publishers of the figures on these topics: {'; '.join(said)}."),)


def credit_boundaries(file: BoundaryFileRecord | None) -> tuple[Credit, ...]:
    """Whose boundaries a map is drawn from."""
    if file is None:
        return ()
    return (Credit(f"Boundaries: {file.publisher}, {file.title}.", file.licence_label, file.attribution),)
