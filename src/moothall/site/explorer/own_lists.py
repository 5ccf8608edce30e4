"""Own lists: councils that a reader names, and what a group is called, kept in the address and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from moothall.release.queries import Release
from moothall.release.records import AreaRecord
from moothall.site.explorer.asked import Mistake, Refused, read_one
from moothall.site.explorer.council_names import find_council
from moothall.site.narrative.names import join_words, name_day

MOST_LISTED = 40
LONGEST_LIST = 3000  # characters of text
LONGEST_NAME = 60  # characters of what a group may be called
SAY_CALLED = "That is what somebody called this group; Moothall did not choose it."
_NAME = "list"
_CODE = re.compile(r"[A-Za-z]\d{4,8}")
_PLACE = re.compile(r"^\d{1,2}[.):]?(?:\s+|$)")  # the number of a row, as lists are often pasted with it
_SHOWN = 60  # characters of what was said that a message repeats


@dataclass(frozen=True, slots=True)
class OwnList:
    """The councils that were named, each once and in order, and what cannot be used, a sentence each."""

    councils: tuple[AreaRecord, ...]
    mistakes: tuple[str, ...]


def read_own_list(release: Release, text: str) -> OwnList:
    """Read a text of names or codes: one a line, or with commas, semicolons or tabs between them.

    A name that has commas of its own is found, too. Nothing is guessed: what is no council, might be several, or has
    closed is a mistake that names it.
    """
    if len(text) > LONGEST_LIST:
        return OwnList((), (f"The list can have at most {LONGEST_LIST:,} characters.",))
    councils: dict[str, AreaRecord] = {}
    mistakes: list[str] = []
    for found in _read_pieces(release, text):
        if isinstance(found, str):
            mistakes.append(found)
        else:
            councils[found.code] = found
    if len(councils) > MOST_LISTED:
        mistakes.append(f"The list can have at most {MOST_LISTED} councils. It has {len(councils)}.")
    return OwnList(tuple(councils.values()), tuple(dict.fromkeys(mistakes)))


def read_group_name(asked: QueryDict) -> str:
    """What a reader calls a group, or empty. Raises `Refused` for a name that is too long."""
    name = read_one(asked, "name")
    if len(name) > LONGEST_NAME:
        raise Refused(Mistake("name", f"A group’s name can have at most {LONGEST_NAME} characters."))
    return name


def check_open(release: Release, areas: Iterable[AreaRecord]) -> Iterator[str]:
    """For each area that no longer exists, a sentence that says what took its place."""
    for area in areas:
        if area.closed is not None and area.closed <= release.built:
            heirs = join_words([each.successor.name for each in release.successors(area.code)])
            instead = f" Type what took its place: {heirs}." if heirs else ""
            yield f"{area.name} closed on {name_day(area.closed)}.{instead}"


def _read_pieces(release: Release, text: str) -> Iterator[AreaRecord | str]:
    for line in re.split(r"[\n\r;\t]+", text):
        piece = " ".join(_PLACE.sub("", line.strip(), count=1).split()).strip(" ,")
        if not piece:
            continue
        words = piece.replace(",", " ").split()
        if all(_CODE.fullmatch(word) for word in words):
            yield from (_find(release, word) for word in words)
        else:
            yield from _divide(release, piece.split(","))


def _divide(release: Release, parts: Sequence[str]) -> Iterator[AreaRecord | str]:
    """The councils in the parts of a line between commas, the longest names first: "Bristol, City of" is one."""
    rest = [part.strip() for part in parts]
    while rest:
        for many in range(len(rest), 0, -1):
            said = ", ".join(rest[:many])
            found = _find(release, said) if said else ""
            if many == 1 or not isinstance(found, str) or " closed on " in found:
                break
        if found:
            yield found
        rest = rest[many:]


def _find(release: Release, said: str) -> AreaRecord | str:
    """The council that was meant, or what is wrong with what was said."""
    if len(said) > _SHOWN:
        return f"There is no council called “{said[:_SHOWN]}…”."
    if not said.isprintable():
        return "The list has characters that cannot be read."
    try:
        area = find_council(release, _NAME, said, release.built)
    except Refused as refused:
        return refused.mistakes[0].message
    return next(check_open(release, [area]), area)
