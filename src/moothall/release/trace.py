"""The trace of a figure: the cells it rests on, and its formula with the numbers in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from decimal import Decimal
from fnmatch import fnmatchcase

from moothall.core.cells import read_address
from moothall.core.values import MINUS, Marker, show_value
from moothall.release.excerpt import Excerpt, Sheets
from moothall.release.figures import Figures
from moothall.release.ground import Ground, find_formula, find_inputs
from moothall.release.index import Index
from moothall.release.records import EVERYONE, CellRecord, FigureRecord, MetricRecord, TraceRecord
from moothall.release.scopes import Cut

_SIGNS = {"*": "×", "/": "÷", "-": MINUS, "+": "+"}
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|[0-9][0-9_.eE]*|[*/+-]")


class Tracer:
    """Traces figures back to cells, with excerpts where the release has the sheets."""

    def __init__(self, index: Index, ground: Ground, figures: Figures, sheets: Sheets | None) -> None:
        """Trace the figures of a release."""
        self._ground = ground
        self._index = index
        self._figures = figures
        self._sheets = sheets

    def trace(self, figure: FigureRecord) -> TraceRecord:
        """Where the figure comes from; no cell when nothing was published."""
        metric = self._index.metric(figure.metric)
        return TraceRecord(
            figure=figure,
            metric=metric,
            area=self._index.area(figure.area),
            formula=find_formula(metric, figure),
            formula_worked=self._work(metric, figure),
            cells=tuple(self._cells(metric, figure, None)),
            parts=self._find_parts(metric, figure) if figure.is_added_up else (),
        )

    def _find_parts(self, metric: MetricRecord, figure: FigureRecord) -> tuple[FigureRecord, ...]:
        """The figures that one added up is the sum or the mean of; none of one that a formula gives."""
        if find_inputs(metric):
            return ()
        period = self._index.periods(metric.key, figure.breakdown)[figure.period]
        codes = [each.code for each in self._ground.find_parts(metric, figure.area, period.end)]
        return tuple(self._figures.answer([Cut(metric, figure.breakdown, period)], codes, EVERYONE))

    def _work(self, metric: MetricRecord, figure: FigureRecord) -> str | None:
        """The formula with the numbers in it, or a sum with its parts; none when one of them is absent."""
        formula = find_formula(metric, figure)
        if formula is None:
            is_sum = figure.marker is Marker.DERIVED_SUM
            values = [part.value for part in self._find_parts(metric, figure)] if is_sum else []
            return " + ".join(_write_number(value) for value in values if value is not None) or None
        operands: dict[str, float] = {}
        for symbol, key in find_inputs(metric):
            period = self._index.periods(key, figure.breakdown).get(figure.period)
            cuts = [Cut(self._index.metric(key), figure.breakdown, period)] if period else []
            found = self._figures.answer(cuts, [figure.area], EVERYONE)
            if not found or found[0].value is None:
                return None
            operands[symbol] = found[0].value
        return work_formula(formula, operands)

    def _cells(self, metric: MetricRecord, figure: FigureRecord, name: str | None) -> list[CellRecord]:
        if figure.is_added_up and not find_inputs(metric):
            keys = [metric.key, *(metric.adds_up.needs if metric.adds_up else ())]
            return [
                cell
                for part in self._find_parts(metric, figure)
                for key in keys
                for cell in self._cells(self._index.metric(key), part._replace(marker=None), name)
            ]
        if metric.inputs or figure.is_added_up:
            return [
                cell
                for symbol, key in find_inputs(metric)
                for cell in self._cells(self._index.metric(key), figure, f"{name}.{symbol}" if name else symbol)
            ]
        rows = self._index.database.rows(
            "SELECT edition_key, value, marker, stored, sheet, cell FROM observations"
            " WHERE metric_key = ? AND breakdown = ? AND area_code = ? AND period = ?"
            " ORDER BY known_on DESC, edition_key DESC",
            (metric.key, figure.breakdown, figure.area, figure.period),
        )
        cells: list[CellRecord] = []
        for row in reversed(rows):
            marker = Marker(row["marker"]) if row["marker"] else None
            edition = self._index.editions[row["edition_key"]]
            is_current = len(cells) == len(rows) - 1
            cells.append(
                CellRecord(
                    metric=metric.key,
                    metric_title=metric.title,
                    name=name,
                    breakdown=figure.breakdown,
                    area=figure.area,
                    period=figure.period,
                    value=row["value"],
                    text=show_value(row["value"], marker, metric.unit, metric.places),
                    marker=marker,
                    stored=row["stored"] or "",
                    sheet=row["sheet"],
                    cell=row["cell"],
                    edition=edition,
                    earlier=tuple(reversed(cells)) if is_current else (),
                    excerpt=self._excerpt(edition.key, edition.sha256, row["sheet"], row["cell"]),
                )
            )
        return cells[-1:]

    def _excerpt(self, edition_key: str, sha256: str, sheet: str, cell: str) -> Excerpt | None:
        if self._sheets is None:
            return None
        tables = self._index.database.rows(
            "SELECT sheet, group_row, header_row FROM edition_tables WHERE edition_key = ?", (edition_key,)
        )
        row, _ = read_address(cell)
        above = [
            (header_row, group_row)
            for pattern, group_row, header_row in tables
            if (sheet == pattern or fnmatchcase(sheet, pattern)) and header_row < row
        ]
        # Where several tables share a sheet, the cell is under the nearest header above it.
        header_row, group_row = max(above, key=lambda rows: rows[0], default=(None, None))
        return self._sheets.excerpt(sha256, sheet, cell, [each for each in (group_row, header_row) if each is not None])


def work_formula(formula: str, operands: Mapping[str, float]) -> str:
    """The formula with the numbers in place of their names, as people write it: 100 × 442 ÷ (6,892 + 442)."""
    plain = ast.unparse(ast.parse(formula.strip(), mode="eval"))

    def write(match: re.Match[str]) -> str:
        token = match[0]
        if token in _SIGNS:
            return _SIGNS[token]
        return _write_number(operands[token] if token in operands else float(token.replace("_", "")))

    return _TOKEN.sub(write, plain)


def _write_number(value: float) -> str:
    """The number in full, in its shortest form, thousands separated; in brackets when it is negative."""
    text = f"{abs(Decimal(repr(value))):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"({MINUS}{text})" if value < 0 else text
