"""What is measured: a number with its unit, and the limit that was promised for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

TIMES = {"s": 1.0, "ms": 0.001}


@dataclass(frozen=True)
class Measure:
    """One promise and what was measured; `is_least` where the limit is the least there may be, not the most."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    is_least: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept; a measure without a limit promises nothing."""
        return self.limit is None or (self.value >= self.limit if self.is_least else self.value <= self.limit)

    def line(self, empty: float) -> str:
        """A row of the table: what was measured, a time also in empty Pythons, and its share of the limit."""
        digits = 0 if self.value >= 1000 else 1 if self.value >= 10 else 3
        shown = f"{self.name:<62}{self.value:10,.{digits}f} {self.unit:<3}"
        shown += f"{self.value * TIMES[self.unit] / empty:8.2f} × " if self.unit in TIMES else " " * 11
        if self.limit is None:
            return shown.rstrip()
        bound = "at least" if self.is_least else "at most"
        of = f"{100 * self.value / self.limit:4.0f} % of" if self.limit else " " * 9
        share = f"{of} {bound} {self.limit:,g} {self.unit}".rstrip()
        return f"{shown}{share}{'' if self.is_kept else '   NOT KEPT'}"


def time_once(action: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def time_median(action: Callable[[], object], runs: int) -> float:
    """The median seconds of several calls, after one that is not counted."""
    action()
    return median(time_once(action) for _ in range(runs))
