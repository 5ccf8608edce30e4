"""Definitions are written, not copied: no words twice, none that only repeat a title, likeness only in a family."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OWN = ("title", "short", "description")
SHARED = ("why", "not_tell")

LIKE = 0.85
"""From this likeness two texts are one sentence with a word or two exchanged.

Of the definitions' 118,000 pairs of descriptions a dozen outside a family were at 0.80 or more when it was chosen: from
0.89 the same sentence with one noun or number exchanged, up to 0.83 sentences about different things.
"""
MOST_OWNERS = 3
"""As many families, or metrics without one, may use a sentence word for word: "Small numbers are withheld."."""
SHORTEST_SENTENCE = 3
FEWEST_NEW_WORDS = 4
"""A description has at least so many telling words that its title has not."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words as written once: by a metric for itself, or by a family for its metrics."""

    field: str
    where: str
    """The metric's key, or the family as `source:family`."""
    family: str
    """As `source:family`; empty for a metric without one."""
    words: str

    @property
    def owner(self) -> str:
        """Who answers for the words: the family where there is one."""
        return self.family or self.where


def read_texts(documents: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[Text]:
    """Every text of definitions as they stand in their files, given each file's name and contents."""
    for name, document in documents:
        for key, family in (document.get("families") or {}).items():
            for field in SHARED:
                if field in family:
                    yield Text(field, f"{name}:{key}", f"{name}:{key}", family[field].strip())
        for metric in document.get("metrics") or ():
            family_key = f"{name}:{metric['family']}" if "family" in metric else ""
            for field in (*OWN, *SHARED):
                if field in metric:
                    yield Text(field, metric["key"], family_key, metric[field].strip())


def split_words(text: str) -> list[str]:
    return re.findall(r"[\w’%]+", text.lower())


UNTELLING = frozenset(
    split_words(
        """the a an of in on at to for and or by with from is are was were it its that this who whom which what whose
        has had have be been each every as they their those there than if so but into all out"""
    )
)


def tell(text: str) -> frozenset[str]:
    """The words that tell something, with the endings of number and tense cut off."""
    return frozenset(re.sub(r"(?:’s|ed|ing|es|(?<!s)s)$", "", word) or word for word in split_words(text)) - UNTELLING


def of_field(texts: list[Text], field: str) -> list[Text]:
    return [text for text in texts if text.field == field]


def find_same(texts: list[Text]) -> list[str]:
    """Texts of one field that are word for word the same, whoever wrote them."""
    found = []
    for field in (*OWN, *SHARED):
        places: dict[str, list[str]] = defaultdict(list)
        for text in of_field(texts, field):
            places[" ".join(split_words(text.words))].append(text.where)
        found += [f"{field} of {', '.join(where)}: {words}" for words, where in places.items() if len(where) > 1]
    return found


def find_titles_alike(texts: list[Text]) -> list[str]:
    """Titles that no word of meaning tells apart: a reader would take the metrics for one."""
    places: dict[frozenset[str], list[str]] = defaultdict(list)
    for text in of_field(texts, "title"):
        places[tell(text.words)].append(text.where)
    return [f"titles of {', '.join(where)}: {sorted(words)}" for words, where in places.items() if len(where) > 1]


def find_near(texts: list[Text]) -> list[str]:
    """Longer texts of different families that differ by a word or two: copied, or one family not said to be one."""
    found = []
    for field in ("description", *SHARED):
        split = [(text, split_words(text.words)) for text in of_field(texts, field)]
        sets = {text.where: set(words) for text, words in split}
        for (one, a), (other, b) in combinations(split, 2):
            if one.owner == other.owner or len(sets[one.where] & sets[other.where]) < 0.6 * max(
                len(sets[one.where]), len(sets[other.where])
            ):
                continue
            likeness = SequenceMatcher(None, a, b, autojunk=False).ratio()
            if likeness >= LIKE:
                found.append(f"{field} of {one.where} and {other.where}: {likeness:.2f} alike")
    return found


def find_boilerplate(texts: list[Text]) -> list[str]:
    """Sentences that more than `MOST_OWNERS` families, or metrics without one, use word for word."""
    owners: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        if text.field in ("description", *SHARED):
            for sentence in re.split(r"(?<=[.!?])\s+", text.words):
                words = split_words(sentence)
                if len(words) >= SHORTEST_SENTENCE:
                    owners[" ".join(words)].add(text.owner)
    return [f"{', '.join(sorted(who))}: {words}" for words, who in owners.items() if len(who) > MOST_OWNERS]


def find_empty(texts: list[Text]) -> list[str]:
    """Descriptions that say hardly more than their title."""
    titles = {text.where: tell(text.words) for text in of_field(texts, "title")}
    found = []
    for text in of_field(texts, "description"):
        new = tell(text.words) - titles[text.where]
        if len(new) < FEWEST_NEW_WORDS:
            found.append(f"description of {text.where} adds only {', '.join(sorted(new)) or 'nothing'}: {text.words}")
    return found


CHECKS = (find_same, find_titles_alike, find_near, find_boilerplate, find_empty)


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    files = [*sorted((ROOT / "definitions" / "sources").glob("*.yaml")), ROOT / "definitions" / "derived.yaml"]
    return list(read_texts((file.stem, yaml.load(file.read_bytes(), yaml.CSafeLoader)) for file in files))


@pytest.mark.parametrize("check", CHECKS)
def test_no_definition_is_copied_or_empty(check: Any, texts: list[Text]) -> None:
    assert len(of_field(texts, "description")) > 400, "the definitions were not found"
    found = check(texts)
    assert not found, "\n".join(found)


# The checks themselves, on the invented county of Barsetshire.

MOOTS = {
    "key": "moots-held",
    "title": "Moots held in the hundred",
    "short": "moots of the hundred",
    "description": "How many times in the year the freemen of a hundred met to settle quarrels over land.",
    "why": "Where nobody hears a quarrel it lasts.",
    "not_tell": "A long meeting counts as one, and so does a meeting at which nothing was settled.",
}
TITHES = {
    "key": "tithes-paid",
    "title": "Tithes paid to the chapter",
    "short": "tithes to the chapter",
    "description": "What farmers of Barsetshire gave to the cathedral in corn and hay, weighed at midsummer.",
    "why": "The cathedral’s roof is mended from it.",
    "not_tell": "Eggs, cheeses and candle ends are left out, as the chapter’s rolls do not say whose they were.",
}
MANORS = MOOTS | {
    "key": "manor-moots-held",
    "title": "Moots held in the manor",
    "short": "moots of the manor",
    "description": "How many times in the year the freemen of a manor met to settle quarrels over land.",
    "why": "A lord who hears no quarrels soon has feuds.",
    "not_tell": "Moots that the lord did not summon are not in his rolls.",
}


def check_all(*documents: dict[str, Any]) -> dict[str, int]:
    """How much each check finds, of those that find something."""
    texts = list(read_texts((f"file-{position}", document) for position, document in enumerate(documents)))
    return {check.__name__: len(check(texts)) for check in CHECKS if check(texts)}


def test_words_of_their_own_pass() -> None:
    assert not check_all({"metrics": [MOOTS, TITHES]})


@pytest.mark.parametrize("field", [*OWN, *SHARED])
def test_the_same_words_twice_are_found(field: str) -> None:
    copied = TITHES | {field: f"{MOOTS[field].upper()}\n"}
    assert check_all({"metrics": [MOOTS, copied]})["find_same"] == 1
    assert check_all({"metrics": [MOOTS]}, {"metrics": [copied]})["find_same"] == 1
    in_a_family = {"families": {"rolls": {}}, "metrics": [each | {"family": "rolls"} for each in (MOOTS, copied)]}
    assert check_all(in_a_family)["find_same"] == 1, "a family does not excuse metrics that copy one another"


def test_words_that_a_family_gives_stand_once() -> None:
    family = {field: MOOTS[field] for field in SHARED}
    bare = [{field: each[field] for field in ("key", *OWN)} | {"family": "moots"} for each in (MOOTS, MANORS)]
    assert not check_all({"families": {"moots": family}, "metrics": bare})
    copied = [bare[0], bare[1] | {"why": family["why"]}]
    assert check_all({"families": {"moots": family}, "metrics": copied}) == {"find_same": 1}


def test_titles_that_only_grammar_tells_apart_are_found() -> None:
    metrics = [MOOTS | {"title": "Freemen who missed a moot"}, TITHES | {"title": "Freemen who miss the moots"}]
    assert check_all({"metrics": metrics}) == {"find_titles_alike": 1}
    assert not check_all({"metrics": [metrics[0], TITHES | {"title": "Freemen who did not miss a moot"}]})


def test_one_noun_exchanged_is_found_outside_a_family() -> None:
    assert check_all({"metrics": [MOOTS, MANORS]}) == {"find_near": 1}
    moots, manors = (each | {"family": "moots"} for each in (MOOTS, MANORS))
    assert not check_all({"families": {"moots": {}}, "metrics": [moots, manors]})
    apart = ({"families": {"moots": {}}, "metrics": [each]} for each in (moots, manors))
    assert check_all(*apart) == {"find_near": 1}, "families of one name in two files are two families"


@pytest.mark.parametrize(("times", "expected"), [(MOST_OWNERS, 0), (MOST_OWNERS + 1, 1)])
def test_a_sentence_used_too_often_is_found(times: int, expected: int) -> None:
    rolls = ["Corn is not in it.", "It leaves out whoever was ill.", "Two manors sent none.", "The ink has faded."][
        :times
    ]
    metrics = [{"key": f"k{at}", "not_tell": f"{own} Nobody has checked it."} for at, own in enumerate(rolls)]
    assert check_all({"metrics": metrics}).get("find_boilerplate", 0) == expected
    in_a_family = {"families": {"rolls": {}}, "metrics": [each | {"family": "rolls"} for each in metrics]}
    assert "find_boilerplate" not in check_all(in_a_family)


def test_a_description_that_repeats_its_title_is_found() -> None:
    metric = MOOTS | {"title": "Quarrels settled at moots", "description": "The quarrels that the moots settled."}
    assert check_all({"metrics": [metric]}) == {"find_empty": 1}
