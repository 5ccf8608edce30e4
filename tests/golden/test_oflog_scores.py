"""Oflog's own published scores: `mads_england` must equal every one of them (`methods` 0.1, vector 1).

`oflog_scores.parquet` holds, for each row of Oflog's adult social care file, the England median and the score that it
printed; nothing of ours is in it.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from moothall.analysis.current import choose_current
from moothall.analysis.position import position
from moothall.core.areas import Register
from moothall.core.loading import load_catalogue
from moothall.ingest.sources import read_observations

ROOT = Path(__file__).parents[2]
SOURCE = "oflog-adult-social-care"
MIRROR = ROOT.parent / "shared" / "data" / "services" / "oflog-asc" / "ASC_data.csv"
KEY = ["metric_key", "area_code", "period"]


@pytest.fixture(scope="module")
def published() -> pl.DataFrame:
    return pl.read_parquet(Path(__file__).with_name("oflog_scores.parquet"))


@pytest.fixture(scope="module")
def worked_out(published: pl.DataFrame) -> pl.DataFrame:
    """Oflog's rows with our score and our median beside its own."""
    catalogue, _ = load_catalogue(ROOT)
    register = Register.read(ROOT / "edition" / "areas")
    observations = read_observations(ROOT / "edition" / "observations" / f"{SOURCE}.parquet").observations
    figures, summaries = position(choose_current(observations), catalogue.metrics, register, catalogue.functions)
    england = summaries.filter(pl.col("scope") == "england").select("metric_key", "period", ours_median="median")
    return (
        published.with_columns(area_code=pl.col("area_code").map_elements(register.resolve, return_dtype=pl.String))
        .join(figures.select(*KEY, "value", ours_mads="mads_england"), on=KEY, how="left", validate="1:1")
        .join(england, on=["metric_key", "period"], how="left")
    )


def test_the_whole_file_is_compared(worked_out: pl.DataFrame) -> None:
    assert worked_out.height == 6376
    assert worked_out["mads"].is_not_null().sum() == 6078
    assert worked_out["mads"].null_count() == 298


def test_every_score_is_oflogs(worked_out: pl.DataFrame) -> None:
    scored = worked_out.filter(pl.col("mads").is_not_null())
    assert scored["ours_mads"].null_count() == 0
    assert scored.select((pl.col("ours_mads") - pl.col("mads")).abs().max()).item() < 1e-8


def test_every_median_is_oflogs(worked_out: pl.DataFrame) -> None:
    assert worked_out["ours_median"].null_count() == 0
    assert worked_out.select((pl.col("ours_median") - pl.col("median")).abs().max()).item() < 5e-8


def test_where_oflog_has_no_score_neither_have_we(worked_out: pl.DataFrame) -> None:
    absent = worked_out.filter(pl.col("mads").is_null())
    assert absent["value"].null_count() == absent.height
    assert absent["ours_mads"].null_count() == absent.height


def test_a_score_worked_by_hand(worked_out: pl.DataFrame) -> None:
    """Enfield, carers' quality of life, 2016-17: (7.7 - 7.6) / 0.3."""
    enfield = worked_out.filter(
        (pl.col("metric_key") == "carer-quality-of-life")
        & (pl.col("area_code") == "E09000010")
        & (pl.col("period") == "2016-17")
    )
    assert enfield["ours_mads"].item() == pytest.approx(1 / 3)


@pytest.mark.skipif(not MIRROR.exists(), reason="the publisher's file is not beside the project")
def test_the_scores_here_are_the_publishers(published: pl.DataFrame) -> None:
    """The scores carried in the repository are those printed in Oflog's file."""
    catalogue, _ = load_catalogue(ROOT)
    values = catalogue.sources[SOURCE].tables[0].values
    assert values is not None
    keys = {code: metric.metric for code, metric in values.metrics.items()}
    printed = pl.read_csv(MIRROR, infer_schema=False).select(
        metric_key=pl.col("Code").replace_strict(keys),
        area_code="Local authority code",
        period="Financial year",
        median=pl.col("MEDIAN").cast(pl.Float64),
        mads=pl.col("MADs_from_median").replace({"": None}).cast(pl.Float64),
    )
    assert printed.sort(KEY).equals(published)
