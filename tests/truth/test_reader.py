"""The reader lets nothing pass: every sentence that is changed or left out is found, on the fictional county."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from moothall.release.queries import Release
from moothall.release.records import Comparators, Peers
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.narrative.figure import narrate
from tests.conftest import Barsetshire
from tests.truth.facts import Untrue
from tests.truth.ground import Ground, Told
from tests.truth.reader import Reader
from tests.truth.test_every_figure import check, group_ranked, list_keys, name_scope, read_figures

Said = tuple[Told, str, str, str]
TURNED = {
    "better": "worse", "worse": "better", "higher": "lower", "lower": "higher", "slightly": "much", "much": "slightly",
    "rose": "fell", "fell": "rose", "improving": "worsening", "similar": "close", "same": "other", "joint": "shared",
}  # fmt: skip


def say_all(release: Release) -> Iterator[Said]:
    for told in Ground(release.directory).tell(list_keys(release)):
        for area in release.areas():
            peers = choose_comparators(release, area)
            (figure,) = read_figures(release, told, peers, (area.code,)) or (None,)
            if figure is None:
                continue
            everyone = read_figures(release, told, peers, tuple(each.code for each in release.areas()))
            ranked = group_ranked(release, peers, everyone)[name_scope(release, peers, figure)]
            yield told, area.code, peers.kind, narrate(release, figure, peers, ranked).text


@pytest.fixture(scope="module")
def said(barsetshire: Barsetshire) -> list[Said]:
    found = list(say_all(barsetshire.release))
    assert len(found) > 100
    return found


def is_found(said: Said, text: str) -> bool:
    told, area, peers, _ = said
    try:
        Reader(told, area, peers, text).check()
    except (Untrue, KeyError):
        return True
    return False


def test_what_is_true_passes(said: list[Said]) -> None:
    for each in said:
        Reader(*each).check()


@pytest.mark.parametrize("kind", ["england", "type", "region"])
def test_what_is_true_passes_beside_others(barsetshire: Barsetshire, kind: Peers) -> None:
    release = barsetshire.release
    codes = tuple(area.code for area in release.areas())
    assert check(release, list_keys(release), {Comparators(kind): codes}) > 100


def test_every_changed_digit_is_found(said: list[Said]) -> None:
    tried = 0
    for each in said:
        text = each[3]
        for found in re.finditer(r"\d", text):
            changed = text[: found.start()] + str((int(found[0]) + 1) % 10) + text[found.end() :]
            tried += 1
            assert is_found(each, changed), changed
    assert tried > 1000


def test_every_turned_word_is_found(said: list[Said]) -> None:
    tried: Counter[str] = Counter()
    for each in said:
        for word, other in TURNED.items():
            if re.search(rf"\b{word}\b", each[3]):
                tried[word] += 1
                changed = re.sub(rf"\b{word}\b", other, each[3], count=1)
                assert is_found(each, changed), changed
    assert len(tried) >= 6, tried


def test_every_sentence_left_out_is_found(said: list[Said]) -> None:
    for each in said:
        sentences = re.split(r"(?<=\.) (?=[A-Z])", each[3])
        for place in range(len(sentences)):
            rest = " ".join(sentences[:place] + sentences[place + 1 :])
            assert is_found(each, rest), rest


@pytest.mark.parametrize("more", ["It is grand.", "The median of councils in England was 4.0%.", "None", "{{ text }}"])
def test_what_nobody_taught_is_not_passed_over(said: list[Said], more: str) -> None:
    assert all(is_found(each, f"{each[3]} {more}") for each in said)
