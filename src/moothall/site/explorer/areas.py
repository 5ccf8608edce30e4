"""Pages of authorities: the list, and one that no longer exists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby

from django.http import QueryDict

from moothall.core.areas import AreaClass
from moothall.core.postcodes import is_postcode
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, SuccessionRecord
from moothall.site.addresses import FIND, area_address, area_topic_address, find_address, with_query
from moothall.site.explorer.asked import Redirected, read_choice, read_one
from moothall.site.explorer.pages import AreasPage, ClosedAreaPage
from moothall.site.explorer.parts import AreaEntry, AreaGroup, Link
from moothall.site.explorer.reorganisation import list_last_figures
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.narrative.names import capitalise, name_day, name_place

_REPLACED_ONE_TO_ONE = {"recode", "transfer"}


def make_areas(release: Release, asked: QueryDict) -> AreasPage:
    """Every authority by class or from A to Z; what used to search among them leads to the search."""
    if query := read_one(asked, "q"):
        raise Redirected(FIND if is_postcode(query) else find_address(query))
    by = read_choice(asked, "by", ("class", "name"), "class")
    is_closed_shown = read_choice(asked, "closed", ("0", "1"), "0") == "1"
    listed = release.areas(include_closed=is_closed_shown)
    groups = _group_by_class(listed) if by == "class" else _group_by_letter(listed)
    closed = "1" if is_closed_shown else None
    other = "name" if by == "class" else "class"
    return AreasPage(
        release_id=release.record.id,
        groups=groups,
        other_views=(
            Link(
                "List from A to Z" if other == "name" else "List by kind",
                with_query("/areas", [("by", other), ("closed", closed)]),
            ),
            Link(
                "Leave out authorities that no longer exist"
                if is_closed_shown
                else "Show authorities that no longer exist, too",
                with_query("/areas", [("by", by), ("closed", None if is_closed_shown else "1")]),
            ),
        ),
    )


def make_closed_area(
    release: Release, area: AreaRecord, topic: str = "", address: Callable[[AreaRecord], str] = area_address
) -> ClosedAreaPage:
    """An authority that no longer exists; redirects to what replaced it one to one.

    With a topic, links and redirects lead to that topic's page of what took its place, else to the page of each at the
    address given.
    """
    successions = release.successors(area.code)
    if topic:
        return _make_closed(release, area, successions, lambda each: area_topic_address(each.code, topic), "")
    return _make_closed(release, area, successions, address, area.code)


def _make_closed(
    release: Release,
    area: AreaRecord,
    successions: Sequence[SuccessionRecord],
    address: Callable[[AreaRecord], str],
    was: str,
) -> ClosedAreaPage:

    if len(successions) == 1 and successions[0].kind in _REPLACED_ONE_TO_ONE:
        successor = successions[0].successor
        raise Redirected(with_query(address(successor), [("was", was)]))
    return ClosedAreaPage(
        release_id=release.record.id,
        area=area,
        lead=say_closed(area, successions),
        successors=tuple(Link(each.successor.official_name, address(each.successor)) for each in successions),
        notes=tuple(dict.fromkeys(each.note for each in successions if each.note)),
        last_figures=list_last_figures(release, area),
        download=offer_figures("its figures while it existed", [("area", area.code), ("period", "all")]),
    )


def say_closed(area: AreaRecord, successions: Sequence[SuccessionRecord]) -> str:
    """When an authority ended and what took its place, in a sentence."""
    last = name_day(area.closed - timedelta(days=1)) if area.closed else ""
    said = f"{name_place(area.official_name)} existed until {last}."
    if not successions:
        return said
    names = " and ".join(sorted({each.successor.official_name for each in successions}))
    return f"{said} {names} took its place."


def say_class(area: AreaRecord) -> str:
    """What an authority of a kind with several is, in words: "a London borough"."""
    return f"a {area.area_class.label}"


def _list_area(area: AreaRecord) -> AreaEntry:
    note = f"until {name_day(area.closed - timedelta(days=1))}" if area.closed else ""
    return AreaEntry(area.name, area_address(area), area.area_class.label, note)


def _group_by_class(areas: list[AreaRecord]) -> tuple[AreaGroup, ...]:
    order = list(AreaClass)
    ordered = sorted(areas, key=lambda area: (order.index(area.area_class), _alphabetical(area)))
    return tuple(
        AreaGroup(capitalise(area_class.plural), str(area_class), tuple(_list_area(area) for area in members))
        for area_class, members in groupby(ordered, key=lambda area: area.area_class)
    )


def _group_by_letter(areas: list[AreaRecord]) -> tuple[AreaGroup, ...]:
    ordered = sorted(areas, key=_alphabetical)
    return tuple(
        AreaGroup(letter, letter, tuple(_list_area(area) for area in members))
        for letter, members in groupby(ordered, key=lambda area: area.name[0].upper())
    )


def _alphabetical(area: AreaRecord) -> tuple[str, date]:
    return area.name.casefold(), area.closed or date.max
