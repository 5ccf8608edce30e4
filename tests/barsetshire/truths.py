"""The tables of `TRUTHS.md`, as tests read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE = Path(__file__).with_name("TRUTHS.md")


@dataclass(frozen=True)
class Planted:
    """One value, or its absence, that a publisher put into a file, and how it is shown."""

    truth: str
    metric: str
    breakdown: str
    area: str
    period: str
    value: float | None
    marker: str | None
    shown: str

    @property
    def key(self) -> dict[str, str]:
        """The figure's key, by the names that the API uses."""
        return {"metric": self.metric, "breakdown": self.breakdown, "area": self.area, "period": self.period}


@dataclass(frozen=True)
class Together:
    """The councils of one scope, summed up."""

    truth: str
    metric: str
    period: str
    scope: str
    eligible: int
    with_value: int
    median: float | None
    marker: str | None


@cache
def read_planted() -> tuple[Planted, ...]:
    """Every value planted."""
    return tuple(
        Planted(truth, metric, breakdown, area, period, _number(value), _text(marker), shown)
        for truth, metric, breakdown, area, period, value, marker, shown in _rows("## Planted in the files")
    )


@cache
def read_together() -> tuple[Together, ...]:
    """Every sum of councils."""
    return tuple(
        Together(truth, metric, period, scope, int(could), int(have), _number(median), _text(marker))
        for truth, metric, period, scope, could, have, median, marker in _rows("## Councils together")
    )


def _rows(heading: str) -> list[list[str]]:
    section = PAGE.read_text(encoding="utf-8").split(f"{heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _number(text: str) -> float | None:
    return None if text == "-" else float(text)


def _text(text: str) -> str | None:
    return None if text == "-" else text
