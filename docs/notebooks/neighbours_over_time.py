# %% [markdown]
# # A council beside its neighbours, over time
# Asks a copy of Moothall who is most like a council, and draws how one metric went for it and for the middle of them.
# `python neighbours_over_time.py http://localhost:8000 E09000008 household-waste-recycled`, or open it as a notebook.
# %%
import sys

import polars as pl

from moothall.client import Moothall

address, area, metric = sys.argv[1:4]
moothall = Moothall(address)
# %% Who is most like it, and how sure that list is.
neighbours = moothall.neighbours(area)
about = neighbours.about
print(f"{about['area_name']} beside {len(neighbours)} of {about['pool_label']}, by {about['model']} {about['version']}")
if not neighbours:
    sys.exit(about["why_none"]["sentence"])
print(neighbours.to_polars().select("place", "area_name", "closeness", "inclusion").head(5))
# %% The metric in every period, for the council and for each of its neighbours.
words = moothall.metric(metric)
figures = moothall.figures(metric=metric, area=[area, *(each["area"] for each in neighbours)], period="all").to_polars()
# %% The middle of the neighbours, where at least half of them have a value. What is missing is null and counts nowhere.
both = (
    figures.group_by("period", "period_label", maintain_order=True)
    .agg(
        council=pl.col("value").filter(pl.col("area") == area).first(),
        middle=pl.col("value").filter(pl.col("area") != area).median(),
        with_value=pl.col("value").filter(pl.col("area") != area).count(),
    )
    .with_columns(middle=pl.when(pl.col("with_value") * 2 >= len(neighbours)).then(pl.col("middle")))
    .sort("period")
)
# %% A chart in plain text: the council as a bar that begins at zero, the middle of its neighbours as a mark.
print(f"\n{words['title']} ({words['unit_words']}): █ {about['area_name']}, | the middle of its neighbours")
longest = both.select(pl.max_horizontal("council", "middle").max()).item() or 1
for period, council, middle in both.select("period_label", "council", "middle").iter_rows():
    line = list(("█" * round(50 * max(council or 0, 0) / longest)).ljust(52))
    if middle is not None:
        line[round(50 * max(middle, 0) / longest)] = "|"
    said = ["no value" if each is None else f"{each:,.{words['places']}f}" for each in (council, middle)]
    print(f"{period:>30} {''.join(line)} {said[0]:>9} beside {said[1]}")
# %% Whether it may be compared in this way at all, and on whom else it depends.
print(f"\nlever: {words['lever']}, shared with: {', '.join(words['shared_with']) or 'nobody'}.", words["not_tell"])
