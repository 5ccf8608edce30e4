"""Every edition that is known and not held has a definition, and what is said of series that are not read is plain."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from moothall.core.definitions import SourceDefinition
from moothall.core.editions import EditionDefinition
from tests.golden.carried import load_definitions

KNOWN = Path(__file__).parents[3] / "shared" / "data" / "known-editions.csv"
needs_list = pytest.mark.skipif(not KNOWN.is_file(), reason="the list of known editions is not beside the repository")
_BANNED = re.compile(
    r"\b(because|led to|thanks to|due to|good|bad|fail\w*|excellent|best|worst|average|significant\w*)\b"
)


def list_missing() -> list[tuple[SourceDefinition, EditionDefinition]]:
    sources = load_definitions().sources.values()
    return [(source, edition) for source in sources for edition in source.editions if not edition.held]


@needs_list
def test_every_known_edition_has_a_definition() -> None:
    missing = list_missing()
    by_address = {edition.address: (source, edition) for source, edition in missing if edition.address}
    rows = list(csv.DictReader(KNOWN.open(encoding="utf-8")))
    assert len(rows) >= 28
    for row in rows:
        pages = {edition.landing_page or source.landing_page for source, edition in missing if not edition.address}
        if not row["address"]:
            assert row["landing_page"] in pages, row["series"]
            continue
        source, edition = by_address[row["address"]]
        assert (edition.sha256 or "") == row["sha256"], row["series"]
        assert source.landing_page == row["landing_page"] or edition.landing_page == row["landing_page"], row["series"]
        if row["published"]:
            assert edition.published == row["published"], row["series"]


def test_what_is_not_held_is_not_locked() -> None:
    catalogue = load_definitions()
    for source, edition in list_missing():
        lock = catalogue.locks.get(source.source)
        assert lock is None or edition.edition not in lock.editions, f"{source.source}/{edition.edition} is held now"


def test_series_that_are_not_read_are_spoken_of_in_plain_words() -> None:
    unread = [source.unread for source in load_definitions().sources.values() if source.unread]
    texts = [text for each in unread for text in (each.why, each.tells)]
    assert len({each.tells for each in unread}) == len(unread)
    for text in texts:
        assert not _BANNED.search(text.lower()), text
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            assert len(sentence.split()) <= 25, sentence
