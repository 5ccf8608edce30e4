"""What the rows of a release come to in one number: the same data, the same digest."""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from math import nan

import polars as pl

from moothall.release.tables import TABLES


def digest_frames(frames: Mapping[str, pl.DataFrame], by_metric: Mapping[str, str] | None = None) -> str:
    """The sha256 of every table, in the order of `tables.TABLES`: of the small ones' columns, and of each metric.

    `by_metric` is what `digest_metrics` gives for the frames, where that is known already.
    """
    digest = hashlib.sha256()
    for table in TABLES:
        if not table.codes:
            rows = frames[table.name]
            digest.update(_name(table.name, rows, rows.height))
            for column in rows.iter_columns():
                for part in _write(column, [(0, rows.height)]):
                    digest.update(part)
    digest.update(json.dumps(sorted((digest_metrics(frames) if by_metric is None else by_metric).items())).encode())
    return digest.hexdigest()


def digest_metrics(frames: Mapping[str, pl.DataFrame], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """By metric, the sha256 of its rows in the tables that have codes; those that are `known` are not worked out."""
    known = known or {}
    digests: dict[str, hashlib._Hash] = {}
    for table in TABLES:
        if not table.codes:
            continue
        rows = frames[table.name].filter(~pl.col("metric_key").is_in(list(known)))
        # A table lies by metric, so that each has one stretch of it.
        runs = rows.get_column("metric_key").rle().struct.unnest()
        ends = runs.get_column("len").cum_sum().to_list()
        stretches = list(zip([0, *ends], ends, strict=False))
        its = [digests.setdefault(key, hashlib.sha256()) for key in runs.get_column("value")]
        for digest, (start, end) in zip(its, stretches, strict=True):
            digest.update(_name(table.name, rows, end - start))
        for column in rows.iter_columns():
            for digest, part in zip(its, _write(column, stretches), strict=True):
                digest.update(part)
    return dict(known) | {key: digest.hexdigest() for key, digest in digests.items()}


def _name(table: str, rows: pl.DataFrame, height: int) -> bytes:
    return json.dumps([table, height, rows.columns]).encode()


def _write(column: pl.Series, stretches: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """The stretches of a column as bytes.

    Numbers, and true and false, are written as IEEE 754 doubles of eight bytes, lowest first, where not-a-number stands
    for none. Texts, and days as text, that are the same from row to row are written once: first all texts end to end in
    UTF-8, then the bytes that each has, then the rows that each stands for. By Python, as Polars might one day lay them
    out in another way.
    """
    if column.dtype not in {pl.String, pl.Date}:
        numbers = _list_numbers(column)
        for start, end in stretches:
            yield _write_numbers(numbers[start:end])
        return
    begins = (column.ne_missing(column.shift()) | _mark(column.len(), stretches)).arg_true()
    firsts = begins.to_list()
    runs = column.gather(begins).cast(pl.String)
    texts, sizes = runs.fill_null("").to_list(), _list_numbers(runs.str.len_bytes())
    lengths = _list_numbers(begins.shift(-1, fill_value=column.len()) - begins)
    for start, end in stretches:
        its = slice(bisect_left(firsts, start), bisect_left(firsts, end))
        yield "".join(texts[its]).encode() + _write_numbers(sizes[its]) + _write_numbers(lengths[its])


def _mark(height: int, stretches: Sequence[tuple[int, int]]) -> pl.Series:
    """True in the first row of each stretch."""
    return pl.repeat(False, height, eager=True).scatter([start for start, end in stretches if start < end], True)


def _list_numbers(column: pl.Series) -> list[float]:
    return column.cast(pl.Float64).fill_null(nan).to_list()


def _write_numbers(numbers: Sequence[float]) -> bytes:
    written = array("d", numbers)
    if sys.byteorder == "big":
        written.byteswap()
    return written.tobytes()
