# %% [markdown]
# # Neighbours from a release alone
# Works the default model's lists out again from the Parquet files of a release, and says how many are the same there.
# `python neighbours.py releases/<id>/parquet`, or open it as a notebook. The rules are in `docs/methods/neighbours.md`.
# %%
import sys

import numpy as np
import polars as pl
from scipy.stats import yeojohnson

KEY = ["metric_key", "breakdown", "area_code"]
model = pl.read_parquet(f"{sys.argv[1]}/neighbour_models.parquet").filter("is_default", "is_current").row(0, named=True)
inputs, values, pools, published = (
    pl.read_parquet(f"{sys.argv[1]}/{name}.parquet").filter(model_key=model["model_key"], version=model["version"])
    for name in ("neighbour_inputs", "neighbour_values", "neighbour_pools", "neighbours")
)
domains, weight, domain_weight = (inputs[name].to_numpy() for name in ("domain", "weight", "domain_weight"))
classes = dict(pl.read_parquet(f"{sys.argv[1]}/areas.parquet").select("area_code", "area_class").iter_rows())
# %% Every value is the area's own figure, or the mean of those of the councils on its ground.
own = values.filter(basis="figure").join(inputs.select(*KEY[:2], "period"), on=KEY[:2])
figures = pl.read_parquet(f"{sys.argv[1]}/figures.parquet").join(own, on=[*KEY, "period"], how="right")
assert (figures["value"] == figures["value_right"]).all()
# %% One row an area, one column an input.
codes = np.array(sorted(set(values["area_code"])))
held = {(metric, area): value for metric, _, area, value in values.select(*KEY, "value").iter_rows()}
x = np.array([[held[metric, code] for metric in inputs["metric_key"]] for code in codes], dtype=float)
share = np.clip(x / 100, 0.0005, 0.9995)
ways = {"identity": x, "log": np.log(x), "log1p": np.log1p(x), "sqrt": np.sqrt(x), "logit": np.log(share / (1 - share))}
moved = np.array([ways[way][:, v] for v, way in enumerate(inputs["transform"])]).T
# %% Scale by the tier, weigh within domains, and take the nearest of the pool.
lists = {}
for pool in pools.rows(named=True):
    tier, inside = (np.isin([classes[c] for c in codes], pool[name].split()) for name in ("tier", "classes"))
    z = (moved - np.nanmean(moved[tier], axis=0)) / np.nanstd(moved[tier], axis=0)
    for v in np.flatnonzero(abs(np.nanmean(z[tier] ** 3, axis=0)) >= 1):
        there = ~np.isnan(z[:, v])
        z[there, v] = yeojohnson(z[there, v], round(float(yeojohnson(z[there & tier, v])[1]), 4))
    z = np.clip((z - np.nanmean(z[tier], axis=0)) / np.nanstd(z[tier], axis=0), -3, 3)
    alike = np.nan_to_num(np.corrcoef(np.nan_to_num(z[tier]), rowvar=False)) ** 2
    alike *= (domains[:, None] == domains) & ~np.eye(len(domains), dtype=bool)
    w = weight / (1 + alike @ weight)
    w = domain_weight * w / [w[domains == d].sum() for d in domains]
    inside &= np.isnan(z) @ w <= 0.2 * w.sum()
    z = np.where(np.isnan(z), np.nanmedian(z[inside], axis=0), z)[inside]
    far = (z[:, None] - z) ** 2 @ w + np.diag([np.inf] * len(z))
    nearest = codes[inside][far.argsort(axis=1, kind="stable")[:, : pool["k"]]]
    lists |= dict(zip(codes[inside], nearest.tolist(), strict=True))
# %%
there = dict(published.group_by("area_code", maintain_order=True).agg("neighbour_code").iter_rows())
print(f"{sum(lists.get(code) == near for code, near in there.items())} of {len(there)} lists are the same")
