"""Words about neighbours: who is most like whom, how close, how sure, and what is left out."""

from __future__ import annotations

import re

from moothall.core.likeness import CORE
from moothall.release.neighbour_records import (
    ChurnRecord,
    DomainGapRecord,
    ListedRecord,
    NeighbourListRecord,
    NeighbourModelRecord,
    NeighbourVersionRecord,
    SetNotHeldRecord,
)
from moothall.release.records import AreaRecord
from moothall.site.explorer.sentences import name_published
from moothall.site.narrative.names import capitalise, count_words, join_words, name_within

_MOST_NAMED = 3
_MOST_WORDS = 25  # in a sentence
_DAY = re.compile(r"\d{4}(-\d\d){0,2}")


def say_nearest(area: AreaRecord, found: NeighbourListRecord, names: list[str], publisher: str | None) -> str:
    """Who is most like the council, and among whom or on whose list: the lead of the page."""
    place = name_within(area.name)
    named = f"{join_words(names[:_MOST_NAMED])} {'is' if len(names) == 1 else 'are'} most like {place}"
    if publisher is not None:
        return _shorten(f"On the list of the {publisher}, {named}.", f"{named}. That is the list of the {publisher}.")
    if found.is_all_of_kind:
        return f"There are so few {found.pool_label} that all the others are on the list of {place}."
    among = f"{found.pool_size} {found.pool_label}"
    return _shorten(f"Among {among}, {named}.", f"{named}. They are the nearest among {among}.")


def _shorten(said: str, instead: str) -> str:
    """A sentence, or two in its place where names make it too long."""
    return said if len(said.split()) <= _MOST_WORDS else instead


def say_closeness(found: NeighbourListRecord, name: str) -> str:
    """How close the nearest is, as far as the list says it."""
    first = found.neighbours[0]
    if first.closeness is None:
        return ""
    if first.percentile is None:
        return f"Its publisher calls {name} “{first.closeness}”."
    pairs, verb = say_pairs(first.percentile), "is" if round(first.percentile) == 1 else "are"
    return _shorten(
        f"{name} is {first.closeness}: {pairs} pairs of {found.pool_label} {verb} as close or closer.",
        f"{name} is {first.closeness}: of all pairs, {pairs} {verb} as close or closer.",
    )


def say_pairs(percentile: float) -> str:
    """A percentile as so many in a hundred: "3 in 100", "fewer than 1 in 100"."""
    whole = round(percentile)
    return f"{whole} in 100" if whole >= 1 else "fewer than 1 in 100"


def say_inclusion(inclusion: float | None) -> str:
    """In how many of a hundred re-runs a neighbour is on the list."""
    return "" if inclusion is None else f"{round(100 * inclusion)} of 100"


def is_marginal(inclusion: float | None) -> bool:
    """Whether a neighbour would give way to another in more than one re-run of five."""
    return inclusion is not None and inclusion < CORE


def say_stability(found: NeighbourListRecord) -> str:
    """How much of the list would stay if the inputs had been chosen a little differently."""
    if found.stability is None:
        return ""
    many = len(found.neighbours)
    stays = round(found.stability * many)
    marginal = sum(is_marginal(each.inclusion) for each in found.neighbours)
    said = (
        f"When the method is run 500 times with inputs drawn by lot, {stays} of the {many} stay on the list, as a rule."
    )
    if marginal:
        said += f" {capitalise(count_words(marginal, 'is', 'are'))} at the margin: another could stand there instead."
    return said


def list_cautions(area: AreaRecord, found: NeighbourListRecord) -> list[str]:
    """What must be known before the list is used."""
    cautions = []
    if found.is_isolated:
        cautions.append(
            f"Few councils are much like {name_within(area.name)}. The last on its list is farther away than the last "
            "on nine in ten lists. Read comparisons with its neighbours with care."
        )
    if found.published is not None and len(found.neighbours) < found.published.listed:
        cautions.append(say_left_out(found.published, len(found.neighbours)))
    return cautions


def say_left_out(listed: ListedRecord, shown: int) -> str:
    """How many of a publisher's places are shown, and why the others are not."""
    reasons = [
        (listed.other_kind, "authority of another kind", "authorities of another kind"),
        (listed.outside_england, "place outside England", "places outside England"),
        (listed.closed, "council that has closed", "councils that have closed"),
    ]
    left_out = join_words([count_words(many, one, more) for many, one, more in reasons if many])
    number = capitalise(count_words(shown, "", "").strip())
    verb = "is" if shown == 1 else "are"
    return f"{number} of the {listed.listed} places on this list {verb} shown. Left out: {left_out}."


def say_why(similar: tuple[DomainGapRecord, ...], differs: tuple[DomainGapRecord, ...]) -> str:
    """In what two places are alike and differ, and never more: the names of domains have "and" in them already."""
    alike = "; ".join(each.title[:1].lower() + each.title[1:] for each in similar)
    far = "; ".join(each.title[:1].lower() + each.title[1:] for each in differs)
    said = [f"Most alike in: {alike}." if alike else "", f"Differ most in: {far}." if far else ""]
    return " ".join(part for part in said if part)


def say_churn(churn: ChurnRecord, previous: str) -> str:
    """What changed in a pool's lists since the version before, which is named as it reads after "in"."""
    stayed, same = round(100 * churn.overlap), round(churn.unchanged * churn.lists)
    number = "None" if same == 0 else "All" if same == churn.lists else capitalise(count_words(same, "", "").strip())
    return (
        f"Of the neighbours that {churn.pool_label} had in {previous}, {stayed} in 100 stayed. "
        f"{number} of {churn.lists} lists {'has' if same == 1 else 'have'} the same members."
    )


def name_version(model: NeighbourModelRecord, key: str) -> str:
    """A version inside a sentence: "version 2026", and of a published set "the edition of May 2025"."""
    if model.publisher is None:
        return f"version {key}"
    return f"the edition of {name_published(key) if _DAY.fullmatch(key) else key}"


def say_edition(version: NeighbourVersionRecord) -> str:
    """When a published edition came out, no more surely than it is known."""
    if version.published is None:
        return ""
    how = {"commit_date_upper_bound": "by ", "file_metadata": "about ", "retrieved": "by ", "memory": "about "}
    return f"Published {how.get(version.published_basis or '', '')}{name_published(version.published)}."


def say_not_held(known: SetNotHeldRecord) -> str:
    """That a set exists and is not here."""
    when = ""
    if known.published:
        when = f" {'on' if len(known.published) == 10 else 'in'} {name_published(known.published)}"
    return f"The {known.publisher} published “{known.title}”{when}. It is known, and no copy of it is held here."


def name_model(model: NeighbourModelRecord) -> str:
    """A model as it is chosen by: a published set with its publisher."""
    return f"{model.title} ({model.publisher})" if model.publisher else model.title
