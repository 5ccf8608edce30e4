"""What the rows of a release come to in one number: the same data, the same digest."""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from collections.abc import Mapping
from math import nan

import polars as pl
import polars.selectors as cs

from moothall.release.tables import TABLES


def digest_frames(frames: Mapping[str, pl.DataFrame], by_metric: Mapping[str, str] | None = None) -> str:
    """The sha256 of every table, in the order of `tables.TABLES`: of the small ones' columns, and of each metric.

    `by_metric` is what `digest_metrics` gives for the frames, where that is known already.
    """
    digest = hashlib.sha256()
    for table in TABLES:
        if not table.codes:
            _add_rows(digest, table.name, frames[table.name])
    digest.update(json.dumps(sorted((digest_metrics(frames) if by_metric is None else by_metric).items())).encode())
    return digest.hexdigest()


def digest_metrics(frames: Mapping[str, pl.DataFrame], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """By metric, the sha256 of its rows in the tables that have codes; those that are `known` are not worked out."""
    known = known or {}
    digests: dict[str, hashlib._Hash] = {}
    for table in TABLES:
        if table.codes:
            rows = frames[table.name].filter(~pl.col("metric_key").is_in(list(known)))
            for (key,), part in rows.partition_by("metric_key", as_dict=True).items():
                _add_rows(digests.setdefault(str(key), hashlib.sha256()), table.name, part)
    return dict(known) | {key: digest.hexdigest() for key, digest in digests.items()}


def _add_rows(digest: hashlib._Hash, name: str, rows: pl.DataFrame) -> None:
    """Add a table's rows, column by column.

    Numbers, and true and false, are written as IEEE 754 doubles of eight bytes, lowest first, where not-a-number stands
    for none; texts, and days as text, end to end in UTF-8, and after them the bytes that each of them has.
    """
    digest.update(json.dumps([name, rows.height, rows.columns]).encode())
    for column in rows.with_columns(cs.date().cast(pl.String)).iter_columns():
        if column.dtype == pl.String:
            digest.update((column.str.join().item() or "").encode())
            digest.update(_write_numbers(column.str.len_bytes()))
        else:
            digest.update(_write_numbers(column))


def _write_numbers(column: pl.Series) -> bytes:
    # Not by Polars, which might one day lay them out in another way.
    numbers = array("d", column.cast(pl.Float64).fill_null(nan).to_list())
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
