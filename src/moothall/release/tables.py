"""The tables of a release: one list, from which the database, the Parquet files and the datapackage are made."""

from __future__ import annotations

import polars as pl

from moothall.release.ground_tables import GROUND_TABLES
from moothall.release.navigation import NAVIGATION_TABLES
from moothall.release.schema import Code, Column, Table, optional, text

_METRIC = text("metric_key", "The metric")
_BREAKDOWN = text("breakdown", "A value within the metric's own dimension; 'all' unless said")
_PERIOD = text("period", "Key of the period the value is about")
_SOURCE = text("source_key", "The publisher's series")
_FUNCTION = text("function_key", "The function")
_EDITION = text("edition_key", "The published file, '<source>/<edition>'")
_AREA = text("area_code", "ONS code of the authority")
_VALUE = optional("value", pl.Float64, "The value; empty where there is none, never zero for that")
_MARKER = optional("marker", pl.String, "Why the value is absent or qualified")
_KNOWN_ON = Column("known_on", pl.Date, "First day on which it was certainly public")
_PUBLISHED = (
    text("published", "Day of publication, as precisely as it is known: 2024-03-27, 2024-03 or 2024"),
    text("published_precision", "day, month or year"),
    text("published_basis", "How the day of publication is known"),
    _KNOWN_ON,
)
_BOUNDS = (
    optional("lower", pl.Float64, "Lower end of the 95% confidence interval"),
    optional("upper", pl.Float64, "Upper end of the 95% confidence interval"),
)
_SLICE = Code("slice", (_METRIC, _BREAKDOWN, _PERIOD))
_SOURCE_FILE = Code("edition", (_EDITION,))

TABLES: tuple[Table, ...] = (
    *GROUND_TABLES,
    Table(
        "topics",
        "One subject under which metrics are shown",
        (
            text("topic_key", "The topic"),
            Column("position", pl.Int64, "Its place in the order"),
            text("title", "Its title"),
            text("description", "What it covers"),
            text("headlines", "Its metrics that are shown first, in order: a JSON list"),
            optional("no_chain", pl.String, "Why it opens with no chain of metrics, where it does not"),
        ),
        ("topic_key",),
    ),
    Table(
        "sources",
        "One publisher's series",
        (
            _SOURCE,
            Column("position", pl.Int64, "Its place in the order"),
            text("title", "Its title"),
            text("publisher", "Who publishes it"),
            text("licence", "Key of the licence it is published under"),
            text("licence_title", "The licence's name"),
            text("licence_address", "Where the licence can be read"),
            text("attribution", "The words of attribution the publisher asks for"),
            text("landing_page", "The publisher's page"),
            text("cadence", "How often it is published"),
            text("quality", "What kind of statistic it is"),
            text("note", "What should be known about it"),
        ),
        ("source_key",),
    ),
    Table(
        "editions",
        "One published file that values were read from",
        (
            _EDITION,
            _SOURCE,
            text("edition", "The edition within its source"),
            text("title", "Its title"),
            optional("address", pl.String, "Where the publisher has it"),
            text("sha256", "SHA-256 of the file"),
            Column("bytes", pl.Int64, "Size of the file in bytes"),
            *_PUBLISHED,
            text("quality", "What kind of statistic it is"),
            text("note", "What should be known about it"),
        ),
        ("edition_key",),
    ),
    Table(
        "unread_sources",
        "One publisher's series that is known and of which nothing is read",
        (
            _SOURCE,
            Column("position", pl.Int64, "Its place in the order"),
            text("title", "Its title"),
            text("publisher", "Who publishes it"),
            text("landing_page", "The publisher's page"),
            text("why", "Why nothing of it is read"),
            text("tells", "What it would tell"),
            text("topics", "The topics it would tell of: a JSON list"),
            text("functions", "The functions it would tell of: a JSON list"),
        ),
        ("source_key",),
    ),
    Table(
        "missing_editions",
        "One published file that is known to exist and that the release does not hold",
        (
            _SOURCE,
            text("edition", "The edition within its source"),
            text("title", "Its title"),
            optional("address", pl.String, "Where the publisher has it"),
            text("landing_page", "The publisher's page that leads to it"),
            optional("published", pl.String, "Day of publication, as precisely as it is known"),
        ),
        ("source_key", "edition"),
    ),
    Table(
        "edition_tables",
        "One table of an edition: where its headers stand",
        (
            _EDITION,
            text("table", "The table"),
            text("sheet", "Name or pattern of the sheets it is on"),
            optional("group_row", pl.Int64, "Row of the headers over groups of columns, from 1"),
            Column("header_row", pl.Int64, "Row of the column headers, from 1"),
        ),
        ("edition_key", "table"),
    ),
    Table(
        "metrics",
        "One metric, in words and rules",
        (
            _METRIC,
            Column("position", pl.Int64, "Its place in the order"),
            text("title", "Its title"),
            text("short", "Its title where there is little room"),
            text("description", "What is measured"),
            text("why", "Why it matters"),
            text("not_tell", "What it does not tell"),
            text("topic_key", "The topic it is shown under"),
            optional("source_key", pl.String, "The source that carries it; empty for a derived metric"),
            text("unit", "The unit of its values"),
            Column("places", pl.Int64, "Decimal places shown"),
            text("polarity", "higher or lower is better, or none"),
            text("kind", "input, output, outcome or context"),
            text("lever", "How far the council itself can move it"),
            text("shared_with", "Who else moves it: a JSON list"),
            text("comparable_within", "england or class"),
            text("interval", "How its confidence interval is made"),
            optional("range_min", pl.Float64, "The least value that is possible"),
            optional("range_max", pl.Float64, "The greatest value that is possible"),
            text("owner", "The role that answers for it"),
            text("checker", "The role that checked it"),
            Column("next_review", pl.Date, "When its definition is to be looked at again"),
            optional("formula", pl.String, "How a derived metric is worked out"),
            optional("adds_up", pl.String, "How its figures of several councils add up: JSON; empty where they do not"),
            text("applies_to", "Classes of authority that have, or had, any of its functions: a JSON list"),
            text("breakdowns", "The breakdowns it has figures for: a JSON list"),
            optional("first_period", pl.String, "The earliest period with a figure"),
            optional("latest_period", pl.String, "The newest in which at least half of the responsible have a value"),
            text("status", "proposed, in_consultation, published, improved or retired"),
            optional("status_since", pl.Date, "First day of that status, where it is said"),
            optional("status_reason", pl.String, "Why it was retired, or what was improved"),
            optional("replacement", pl.String, "The metric that took the place of a retired one"),
            text("aliases", "Keys that it once had: a JSON list"),
            text("quality", "What kind of statistic it is; of a derived one, the one under the loosest rules"),
        ),
        ("metric_key",),
    ),
    Table(
        "metric_functions",
        "One function that a metric is about",
        (_METRIC, Column("position", pl.Int64, "Its place in the order"), _FUNCTION),
        ("metric_key", "position"),
    ),
    Table(
        "metric_inputs",
        "One metric that a derived metric is worked out from",
        (
            _METRIC,
            Column("position", pl.Int64, "Its place in the order"),
            text("symbol", "Its name in the formula"),
            text("input_key", "The metric it is"),
        ),
        ("metric_key", "symbol"),
    ),
    Table(
        "metric_period_notes",
        "What is to be known about one period of a metric",
        (
            _METRIC,
            _PERIOD,
            text("kind", "definition, method, coverage or boundary: a break before the period; covid: it was affected"),
            text("reason", "What changed, or how it was affected"),
        ),
        ("metric_key", "period", "kind", "reason"),
    ),
    Table(
        "metric_periods",
        "One period of a metric and how full it is",
        (
            _METRIC,
            _BREAKDOWN,
            _PERIOD,
            Column("starts", pl.Date, "First day of the period"),
            Column("ends", pl.Date, "Last day of the period"),
            Column("eligible", pl.Int64, "Councils that existed on the last day and are responsible"),
            Column("with_value", pl.Int64, "Those of them that have a value"),
            Column("is_latest", pl.Boolean, "Whether it is the newest in which at least half of them have a value"),
        ),
        ("metric_key", "breakdown", "period"),
    ),
    Table(
        "observations",
        "One value as one edition gives it",
        (
            _METRIC,
            _BREAKDOWN,
            _AREA,
            _PERIOD,
            _EDITION,
            _VALUE,
            _MARKER,
            *_BOUNDS,
            optional("stored", pl.String, "What the cell holds"),
            text("sheet", "The sheet the cell is on"),
            text("cell", "The cell's address"),
            _KNOWN_ON,
        ),
        ("metric_key", "breakdown", "area_code", "period", "edition_key"),
        codes=(_SLICE, _SOURCE_FILE),
    ),
    Table(
        "figures",
        "The current value of one metric, breakdown, area and period, with its position",
        (
            _METRIC,
            _BREAKDOWN,
            _AREA,
            _PERIOD,
            _VALUE,
            _MARKER,
            *_BOUNDS,
            optional("mads_england", pl.Float64, "Median absolute deviations above the median of England"),
            optional("mads_class", pl.Float64, "Median absolute deviations above the median of its class"),
            optional("rank_england", pl.Int64, "Rank among the councils of England, 1 the best"),
            optional("rank_class", pl.Int64, "Rank among the councils of its class, 1 the best"),
            optional("band_england", pl.Int64, "Quarter of England it is in, 1 the best to 4"),
            optional("band_class", pl.Int64, "Quarter of its class it is in, 1 the best to 4"),
            optional("change", pl.Float64, "The value less that of the previous consecutive period"),
            optional("change_from", pl.String, "That period"),
            optional("edition_key", pl.String, "The edition it is from; empty for a derived figure from several"),
            _KNOWN_ON,
        ),
        # In the order of slices, which most pages read; an area's figures are found by the index.
        ("metric_key", "breakdown", "period", "area_code"),
        indexes=(("area_code", "metric_key", "breakdown", "period"),),
        codes=(_SLICE, _SOURCE_FILE),
    ),
    Table(
        "summaries",
        "The councils of one scope in one metric, breakdown and period",
        (
            _METRIC,
            _BREAKDOWN,
            _PERIOD,
            text("scope", "'england' or a class of authority"),
            Column("eligible", pl.Int64, "Councils that existed on the last day and are responsible"),
            Column("with_value", pl.Int64, "Those of them that have a value"),
            optional("ranked", pl.Int64, "How many are ranked"),
            optional("median", pl.Float64, "The middle value"),
            optional("mad", pl.Float64, "The median absolute deviation, not scaled"),
            optional("lower_quartile", pl.Float64, "A quarter of the councils lie below"),
            optional("upper_quartile", pl.Float64, "A quarter of the councils lie above"),
            optional("lowest", pl.Float64, "The lowest value"),
            optional("highest", pl.Float64, "The highest value"),
            optional("marker", pl.String, "Why the median is absent or the spread unusable"),
        ),
        ("metric_key", "breakdown", "period", "scope"),
    ),
    Table(
        "settled",
        "Rows of an edition that a rule left out or read as another area, with the reason",
        (
            _EDITION,
            text("table", "The table"),
            text("rule", "ignore, correction, joint or duplicate"),
            text("reason", "The reason"),
            Column("rows", pl.Int64, "How many rows"),
            optional("first_cell", pl.String, "The first of them"),
        ),
        ("edition_key", "table", "rule", "reason", "first_cell"),
    ),
    Table(
        "findings",
        "What a check before publishing found in one period of a metric",
        (
            text("code", "The check"),
            text("severity", "error: to be mended or accepted before the release is published; or warning"),
            _METRIC,
            _PERIOD,
            Column("many", pl.Int64, "How many of them it found there"),
            text("said", "What it found, the weightiest of them"),
            optional("edition_key", pl.String, "Where the weightiest stands, when it is one value: its edition"),
            optional("sheet", pl.String, "The sheet"),
            optional("cell", pl.String, "The cell"),
            optional("reason", pl.String, "Why it was accepted; empty when it was not"),
        ),
        ("code", "severity", "metric_key", "period", "reason"),
    ),
    *NAVIGATION_TABLES,
)
