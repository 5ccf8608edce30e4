"""The compiled style sheet carries nothing that is licensed to GOV.UK alone."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/moothall/site/static"


@pytest.fixture(scope="module")
def style_sheet() -> str:
    path = STATIC / "build/site.css"
    if not path.exists():
        pytest.skip("the style sheet is not built: run `make setup`")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["crest", "crown", "transport", "govuk-header", "govuk-footer"])
def test_style_sheet_has_nothing_of_gov_uk_alone(style_sheet: str, word: str) -> None:
    assert word not in style_sheet.lower()


def test_style_sheet_fetches_nothing(style_sheet: str) -> None:
    assert "@font-face" not in style_sheet
    assert "@import" not in style_sheet
    assert re.findall(r"url\((?!\"?data:)", style_sheet) == []


def test_style_sheet_is_small(style_sheet: str) -> None:
    assert len(gzip.compress(style_sheet.encode())) < 20_000


def test_icon_fetches_nothing() -> None:
    icon = (STATIC / "icon.svg").read_text(encoding="utf-8")
    assert "href" not in icon
    assert "<script" not in icon
