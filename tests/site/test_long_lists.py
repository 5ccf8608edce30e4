"""Long lists are closed, with their counts, and lose nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from moothall.site.explorer import comparison_rows
from moothall.site.explorer.parts_comparison import ComparisonRow
from tests.release.barset import ALLINGTON

AREA = f"/areas/{ALLINGTON}/allington"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def read_in_short(client: Client) -> str:
    return read(client, AREA).partition('id="in-short"')[2].partition("</section>")[0]


def test_lists_of_how_figures_stand_are_closed_and_counted(client: Client) -> None:
    groups = re.findall(r"<details.*?</details>", read_in_short(client), re.DOTALL)
    assert groups
    for group in groups:
        said = re.search(r'summary-text">[^<:]+: (\w+) figures?<', group)
        assert said
        number = NUMBERS.index(said[1]) if said[1] in NUMBERS else int(said[1])
        assert number == len(_ITEM.findall(group))


@pytest.mark.parametrize(("many", "expected"), [(1, ["b", "a", "c"]), (3, ["a", "b", "c"])])
def test_many_rows_stand_in_groups_and_few_as_they_are(
    monkeypatch: pytest.MonkeyPatch, many: int, expected: list[str]
) -> None:
    monkeypatch.setattr(comparison_rows, "_MANY", many)
    one = ComparisonRow("", "", "", "", "", "", None, (), "", "", "", "", "", "")
    neither, better = "Neither direction is better", "One direction is better"
    rows = [
        replace(one, anchor=anchor, group=group)
        for anchor, group in zip("abc", (neither, better, neither), strict=True)
    ]
    grouped = comparison_rows._group(rows)
    assert [row.anchor for row in grouped] == expected
    assert all(row.group for row in grouped) == (many < len(rows))
