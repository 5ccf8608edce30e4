# %% [markdown]
# # Questions to a release, with Polars
# Reads the Parquet files of a release where they lie. Nothing of Moothall is needed.
# `python release_with_polars.py releases/<id>/parquet household-waste-recycled`, or open it as a notebook.
# %%
import sys

import polars as pl

directory, metric = sys.argv[1:3]


def scan(table: str) -> pl.LazyFrame:
    return pl.scan_parquet(f"{directory}/{table}.parquet")


# %% The metric's latest period is that in which at least half of the councils responsible have a value.
words = scan("metrics").filter(metric_key=metric).collect().row(0, named=True)
latest = scan("metric_periods").filter("is_latest", metric_key=metric, breakdown="all").collect().row(0, named=True)
print(f"{words['title']}, {latest['period']}: {latest['with_value']} of {latest['eligible']} councils have a value")
# %% Each kind of council on its own: what is added up over several councils is left out, or it would count twice.
added_up = ["derived_sum", "approx_weighted", "part_missing"]
figures = scan("figures").filter(
    pl.col("metric_key") == metric,
    pl.col("breakdown") == "all",
    pl.col("period") == latest["period"],
    ~pl.col("marker").is_in(added_up).fill_null(False),
)
by_class = (
    figures.join(scan("areas"), on="area_code")
    .group_by("area_class")
    .agg(
        councils=pl.len(),
        with_value=pl.col("value").count(),
        lower_quartile=pl.col("value").quantile(0.25, "linear"),
        median=pl.col("value").median(),
        upper_quartile=pl.col("value").quantile(0.75, "linear"),
    )
    .sort("area_class")
    .collect()
)
print(by_class)
# %% The same medians stand in the release: what is worked out here is what is published.
published = scan("summaries").filter(metric_key=metric, breakdown="all", period=latest["period"]).collect()
stored = dict(published.filter(pl.col("median").is_not_null()).select("scope", "median").iter_rows())
same = [row for row in by_class.iter_rows(named=True) if row["area_class"] in stored]
assert all(abs(row["median"] - stored[row["area_class"]]) < 1e-9 for row in same)
print(f"{len(same)} medians are the same as in the release")
# %% Who has no figure, and why. A council that is not responsible has no row at all.
print(figures.filter(pl.col("value").is_null()).group_by("marker").len("councils").sort("marker").collect())
# %% Where the numbers come from: file, sheet and cell of three of them, with the value that the cell holds.
cells = (
    scan("observations")
    .filter(metric_key=metric, period=latest["period"])
    .join(scan("editions"), on="edition_key")
    .select("area_code", "title", "sheet", "cell", "stored", "known_on")
    .sort("area_code", "known_on")
    .head(3)
    .collect()
)
print(cells)
