# %% [markdown]
# # Questions to a release, in SQL with DuckDB
# Reads the Parquet files of a release where they lie. It needs `pip install duckdb` and nothing of Moothall.
# `python release_with_duckdb.py releases/<id>/parquet E09000008 household-waste-recycled`, or open it as a notebook.
# %%
import sys
from pathlib import Path

import duckdb

directory, area, metric = sys.argv[1:4]
release = duckdb.connect()
for path in sorted(Path(directory).glob("*.parquet")):
    release.read_parquet(str(path)).create_view(path.stem)
asked = {"area": area, "metric": metric}
# %% A council beside its neighbours by the default model, in the metric's latest period; nobody is ranked.
beside = """
WITH model AS (SELECT model_key, version FROM neighbour_models WHERE is_default AND is_current),
     alike AS (
       SELECT place, neighbour_code AS area_code FROM neighbours JOIN model USING (model_key, version)
       WHERE area_code = $area
       UNION ALL SELECT 0, $area
     )
SELECT place, name, f.period, value, marker
FROM alike JOIN areas USING (area_code)
JOIN metric_periods AS p ON p.metric_key = $metric AND p.breakdown = 'all' AND p.is_latest
LEFT JOIN figures AS f ON f.area_code = alike.area_code
  AND f.metric_key = p.metric_key AND f.breakdown = p.breakdown AND f.period = p.period
ORDER BY place
"""
rows = release.execute(beside, asked).fetchall()
print(f"{len(rows) - 1} neighbours")
for place, name, period, value, marker in rows:
    print(f"{place:>3} {name:<40} {period} {marker if value is None else value}")
# %% How councils of one kind lie in every period: DuckDB has the quartiles that SQLite has not.
spread = """
SELECT period, area_class, count(value) AS councils,
       quantile_cont(value, 0.25) AS lower_quartile, median(value) AS median,
       quantile_cont(value, 0.75) AS upper_quartile
FROM figures JOIN areas USING (area_code)
WHERE metric_key = $metric AND breakdown = 'all'
  AND coalesce(marker, '') NOT IN ('derived_sum', 'approx_weighted', 'part_missing', 'other_basis')
GROUP BY ALL HAVING count(value) > 0 ORDER BY area_class, period
"""
for row in release.execute(spread, {"metric": metric}).fetchall():
    print(*row)
# %% The medians are those of the release.
check = """
SELECT count(*), count(*) FILTER (abs(mine.median - summaries.median) < 1e-9)
FROM (%s) AS mine JOIN summaries ON mine.period = summaries.period AND mine.area_class = summaries.scope
WHERE summaries.metric_key = $metric AND summaries.breakdown = 'all' AND summaries.median IS NOT NULL
"""
found = release.execute(check % spread.replace("ORDER BY area_class, period", ""), {"metric": metric}).fetchone()
assert found is not None
print(f"{found[1]} of {found[0]} medians are the same as in the release")
