"""Compared: who a council's figures are compared with, why they, and whom else they could be compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators
from moothall.site.addresses import area_address, neighbours_address
from moothall.site.explorer.parts import Choice, Link
from moothall.site.narrative.names import capitalise, count_words, name_place, name_within, possessive

_MOST_CHOSEN = 3  # fewer are no group to be compared with


@dataclass(frozen=True, slots=True)
class ComparedWith:
    """Neighbours or a chosen group by name, the most alike first, with the way to why they are compared."""

    title: str
    sentence: str
    members: tuple[Link, ...]
    caution: str  # that few are close, or too few were chosen; or empty
    why: Link | None
    others: tuple[Link, ...]  # the same page by other lists


def show_compared(
    release: Release, area: AreaRecord | None, peers: Comparators, readdress: Callable[[str], str]
) -> ComparedWith | None:
    """Who an area is compared with by name; none where that is everybody of a kind or a place.

    `readdress` gives the address of the same page by another model's list.
    """
    if area is None or not peers.leaves_out_itself:
        return None
    codes = release.list_comparators(area.code, peers)
    members = tuple(Link(name_place(other.name), area_address(other)) for other in map(release.area, codes))
    name = name_within(area.name)
    if peers.kind == "custom":
        too_few = f"Choose at least {count_words(_MOST_CHOSEN, 'council', 'councils')} to compare {name} with."
        return ComparedWith(
            title="The councils chosen",
            sentence=f"{capitalise(name)} is compared with {count_words(len(members), 'council', 'councils')} "
            "that somebody chose. The address of this page holds the choice.",
            members=members,
            caution=too_few if len(members) < _MOST_CHOSEN else "",
            why=None,
            others=(),
        )
    models = {model.key: model for model in release.neighbour_models()}
    chosen = models[peers.model]
    found = release.neighbours(area.code, peers.model)
    if found.why_none is not None:
        sentence = f"{chosen.title} has no list for {name}. {found.why_none.sentence}"
    else:
        sentence = (
            f"These are the {count_words(len(members), 'council', 'councils')} most like {name}. "
            f"The list is by {name_model(chosen.title, is_ours=chosen.kind == 'ours')}, which looks at places and "
            "people, not at how well a council does."
        )
    few = "Even the nearest differ from it more than most neighbours do, so compare with care."
    return ComparedWith(
        title=f"{possessive(area.name)} neighbours",
        sentence=sentence,
        members=members,
        caution=few if found.is_isolated else "",
        why=link_why(area, peers),
        others=tuple(
            Link(model.title, readdress(model.key))
            for model in models.values()
            if model.key != peers.model and release.has_neighbours(area.code, model.key)
        ),
    )


def list_models(release: Release, area: AreaRecord | None, peers: Comparators) -> tuple[Choice, ...]:
    """The lists of an area's neighbours to choose from; none where there is but one, or none is asked for."""
    if area is None or peers.kind != "neighbours":
        return ()
    having = [model for model in release.neighbour_models() if release.has_neighbours(area.code, model.key)]
    return tuple(Choice(each.key, each.title, each.key == peers.model) for each in having) if len(having) > 1 else ()


def name_model(title: str, *, is_ours: bool) -> str:
    """A model's title inside a sentence."""
    return title if is_ours else f"the list “{title}”"


def link_why(area: AreaRecord, peers: Comparators) -> Link:
    """To the page that says why an area's neighbours are its neighbours."""
    model = None if peers.model == DEFAULT_MODEL else peers.model
    who = "councils" if area.is_principal else "authorities"
    return Link(f"Why these {who}, and how sure the list is", neighbours_address(area.code, model=model))
