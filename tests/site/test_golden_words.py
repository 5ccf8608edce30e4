"""Thirty figures of the fictional county at the edges of what words can say, as somebody read them and let them stand.

`golden_words.json` changes only where somebody has read the new words.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moothall.release.records import Comparators
from moothall.site.explorer.comparisons import compare_area
from moothall.site.narrative.figure import narrate
from tests.conftest import Barsetshire

GOLDEN = json.loads(Path(__file__).with_name("golden_words.json").read_text(encoding="utf-8"))


def test_there_are_thirty() -> None:
    assert len({each["text"] for each in GOLDEN}) == 30


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: f"{case['metric']}-{case['area']}-{case['peers']}")
def test_words_stand_as_they_were_read(barsetshire: Barsetshire, case: dict[str, str]) -> None:
    release, peers = barsetshire.release, Comparators(case["peers"], group=tuple(case["group"]))  # type: ignore[arg-type]
    metric, area = release.metric(case["metric"]), release.area(case["area"])
    figure = release.figure(metric.key, area.code, case["period"], breakdown=case["breakdown"], peers=peers)
    compared = compare_area(release, metric, figure, area, peers)
    assert narrate(release, figure, peers, compared.figures if compared else ()).text == case["text"]
