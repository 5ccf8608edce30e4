"""Every problem code has a page that says what it means and how to mend it, and every page a code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from moothall.core.problems import KINDS

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "problems"


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(KINDS)


@pytest.mark.parametrize("code", KINDS)
def test_page_says_what_the_command_says(code: str) -> None:
    kind = KINDS[code]
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {kind.title}\n")
    example = re.search(r"^(error|warning): .*$", page, flags=re.MULTILINE)
    assert example is not None
    assert f"{code}: " in example[0]
    assert example[0].endswith(f" {kind.remedy}")
    assert example[1] == "warning" or f"exit code {int(kind.exit_code)} " in page


def test_links_lead_somewhere() -> None:
    for page in PAGES.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_code_used_is_defined() -> None:
    used = {
        code
        for path in (ROOT / "src").rglob("*.py")
        for code in re.findall(r"""(?:\.add|Problem|refuse)\(\s*"([A-Z_]+)\"""", path.read_text(encoding="utf-8"))
    }
    assert used - set(KINDS) == set()
    assert len(used) > 20
