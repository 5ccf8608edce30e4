"""The tables of a release: one list, from which the database, the Parquet files and the datapackage are made."""

from __future__ import annotations

import polars as pl

from moothall.release.navigation import NAVIGATION_TABLES
from moothall.release.schema import Code, Column, Dtype, Table


def _text(name: str, description: str) -> Column:
    return Column(name, pl.String, description)


def _optional(name: str, dtype: Dtype, description: str) -> Column:
    return Column(name, dtype, description, is_required=False)


_AREA = _text("area_code", "ONS code of the authority")
_METRIC = _text("metric_key", "The metric")
_BREAKDOWN = _text("breakdown", "A value within the metric's own dimension; 'all' unless said")
_PERIOD = _text("period", "Key of the period the value is about")
_SOURCE = _text("source_key", "The publisher's series")
_FUNCTION = _text("function_key", "The function")
_EDITION = _text("edition_key", "The published file, '<source>/<edition>'")
_VALUE = _optional("value", pl.Float64, "The value; empty where there is none, never zero for that")
_MARKER = _optional("marker", pl.String, "Why the value is absent or qualified")
_SINCE = _optional("since", pl.Date, "First day; empty when before the register begins")
_UNTIL = _optional("until", pl.Date, "First day on which it no longer held; empty while it holds")
_KNOWN_ON = Column("known_on", pl.Date, "First day on which it was certainly public")
_PUBLISHED = (
    _text("published", "Day of publication, as precisely as it is known: 2024-03-27, 2024-03 or 2024"),
    _text("published_precision", "day, month or year"),
    _text("published_basis", "How the day of publication is known"),
    _KNOWN_ON,
)
_BOUNDS = (
    _optional("lower", pl.Float64, "Lower end of the 95% confidence interval"),
    _optional("upper", pl.Float64, "Upper end of the 95% confidence interval"),
)
_SLICE = Code("slice", (_METRIC, _BREAKDOWN, _PERIOD))
_SOURCE_FILE = Code("edition", (_EDITION,))
_FILE = (
    _text("key", "The file"),
    Column("position", pl.Int64, "Its place in the order"),
    _text("title", "Its title"),
    _text("publisher", "Who publishes it"),
    _text("licence", "Key of the licence it is published under"),
    _text("licence_title", "The licence's name"),
    _text("licence_address", "Where the licence can be read"),
    _text("published", "Day of publication, as precisely as it is known"),
    _text("published_basis", "How the day of publication is known"),
    _text("sha256", "SHA-256 of the file"),
    _optional("address", pl.String, "Where the publisher has it"),
)

TABLES: tuple[Table, ...] = (
    Table(
        "areas",
        "One authority that exists, or existed, in England",
        (
            _AREA,
            _text("name", "Short name"),
            _text("official_name", "The authority's full name"),
            _text("slug", "The name as it stands in an address"),
            _text("area_class", "What kind of authority it is"),
            _text("region_code", "ONS code of the region it lies in"),
            _text("region", "Name of that region"),
            _optional("opened", pl.Date, "First day; empty when before the register begins"),
            _optional("closed", pl.Date, "First day on which it no longer existed"),
        ),
        ("area_code",),
    ),
    Table(
        "memberships",
        "One authority inside another for a span of time",
        (
            _AREA,
            _text("parent_code", "The authority it is inside"),
            _text("kind", "Kind of membership"),
            _SINCE,
            _UNTIL,
        ),
        ("area_code", "parent_code", "kind", "since"),
    ),
    Table(
        "successions",
        "One authority that took the place of another on a day",
        (
            _text("predecessor_code", "Code of the authority that was replaced, or a code no longer used"),
            _text("successor_code", "The authority that took its place"),
            Column("day", pl.Date, "First day of the successor"),
            _text("kind", "merge, split, transfer or recode"),
            _text("note", "What should be known about it"),
        ),
        ("predecessor_code", "successor_code", "day"),
    ),
    Table(
        "announced_changes",
        "One authority that is to be replaced on a day to come, as a source says",
        (
            _AREA,
            _text("successor", "The name of the authority that is to take its place"),
            Column("day", pl.Date, "The day on which that is to be"),
            _text("source", "What says so"),
            _text("address", "Where it can be read"),
            Column("is_checked", pl.Boolean, "Whether it was held against the order that makes the change"),
        ),
        ("area_code", "successor"),
    ),
    Table(
        "area_parts",
        "One council whose figures are part of another authority's, where those are added up, for a span of time",
        (
            _AREA,
            _text("tier", "Which councils add up: lower, upper, every or same"),
            _text("part_code", "The council that is a part"),
            _SINCE,
            _UNTIL,
        ),
        ("area_code", "tier", "part_code", "since"),
    ),
    Table(
        "aliases",
        "One code that somebody uses, or used, for an authority",
        (_text("scheme", "Whose code it is"), _text("alias", "The code"), _AREA),
        ("scheme", "alias", "area_code"),
    ),
    Table(
        "topics",
        "One subject under which metrics are shown",
        (
            _text("topic_key", "The topic"),
            Column("position", pl.Int64, "Its place in the order"),
            _text("title", "Its title"),
            _text("description", "What it covers"),
            _text("headlines", "Its metrics that are shown first, in order: a JSON list"),
            _optional("no_chain", pl.String, "Why it opens with no chain of metrics, where it does not"),
        ),
        ("topic_key",),
    ),
    Table(
        "functions",
        "One thing that councils are responsible for",
        (
            _FUNCTION,
            Column("position", pl.Int64, "Its place in the order"),
            _text("title", "Its title"),
            _text("statute", "The statute it rests on"),
            _text("note", "What should be known about it"),
        ),
        ("function_key",),
    ),
    Table(
        "responsibilities",
        "One span of time in which an authority has a function",
        (_FUNCTION, _AREA, _text("extent", "statutory or partial"), _SINCE, _UNTIL),
        ("function_key", "area_code", "since"),
    ),
    Table(
        "register_files",
        "One published file that the register of authorities was read from",
        _FILE,
        ("key",),
    ),
    Table(
        "boundary_files",
        "One published file that maps were drawn from",
        (*_FILE, _text("attribution", "The words of attribution the publisher asks for")),
        ("key",),
    ),
    Table(
        "shapes",
        "The shape of one authority in one layout of a map",
        (
            _text("layout", "'map' for its outline, else the layout of hexagons"),
            _AREA,
            _text("path", "SVG path data, y downwards; of an outline in units of 100 metres"),
            *(Column(f"{axis}_min", pl.Int64, f"The least {axis} of the path") for axis in "xy"),
            *(Column(f"{axis}_max", pl.Int64, f"The greatest {axis} of the path") for axis in "xy"),
        ),
        ("layout", "area_code"),
    ),
    Table(
        "sources",
        "One publisher's series",
        (
            _SOURCE,
            Column("position", pl.Int64, "Its place in the order"),
            _text("title", "Its title"),
            _text("publisher", "Who publishes it"),
            _text("licence", "Key of the licence it is published under"),
            _text("licence_title", "The licence's name"),
            _text("licence_address", "Where the licence can be read"),
            _text("attribution", "The words of attribution the publisher asks for"),
            _text("landing_page", "The publisher's page"),
            _text("cadence", "How often it is published"),
            _text("quality", "What kind of statistic it is"),
            _text("note", "What should be known about it"),
        ),
        ("source_key",),
    ),
    Table(
        "editions",
        "One published file that values were read from",
        (
            _EDITION,
            _SOURCE,
            _text("edition", "The edition within its source"),
            _text("title", "Its title"),
            _optional("address", pl.String, "Where the publisher has it"),
            _text("sha256", "SHA-256 of the file"),
            Column("bytes", pl.Int64, "Size of the file in bytes"),
            *_PUBLISHED,
            _text("quality", "What kind of statistic it is"),
            _text("note", "What should be known about it"),
        ),
        ("edition_key",),
    ),
    Table(
        "unread_sources",
        "One publisher's series that is known and of which nothing is read",
        (
            _SOURCE,
            Column("position", pl.Int64, "Its place in the order"),
            _text("title", "Its title"),
            _text("publisher", "Who publishes it"),
            _text("landing_page", "The publisher's page"),
            _text("why", "Why nothing of it is read"),
            _text("tells", "What it would tell"),
            _text("topics", "The topics it would tell of: a JSON list"),
            _text("functions", "The functions it would tell of: a JSON list"),
        ),
        ("source_key",),
    ),
    Table(
        "missing_editions",
        "One published file that is known to exist and that the release does not hold",
        (
            _SOURCE,
            _text("edition", "The edition within its source"),
            _text("title", "Its title"),
            _optional("address", pl.String, "Where the publisher has it"),
            _text("landing_page", "The publisher's page that leads to it"),
            _optional("published", pl.String, "Day of publication, as precisely as it is known"),
        ),
        ("source_key", "edition"),
    ),
    Table(
        "edition_tables",
        "One table of an edition: where its headers stand",
        (
            _EDITION,
            _text("table", "The table"),
            _text("sheet", "Name or pattern of the sheets it is on"),
            _optional("group_row", pl.Int64, "Row of the headers over groups of columns, from 1"),
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
            _text("title", "Its title"),
            _text("short", "Its title where there is little room"),
            _text("description", "What is measured"),
            _text("why", "Why it matters"),
            _text("not_tell", "What it does not tell"),
            _text("topic_key", "The topic it is shown under"),
            _optional("source_key", pl.String, "The source that carries it; empty for a derived metric"),
            _text("unit", "The unit of its values"),
            Column("places", pl.Int64, "Decimal places shown"),
            _text("polarity", "higher or lower is better, or none"),
            _text("kind", "input, output, outcome or context"),
            _text("lever", "How far the council itself can move it"),
            _text("shared_with", "Who else moves it: a JSON list"),
            _text("comparable_within", "england or class"),
            _text("interval", "How its confidence interval is made"),
            _optional("range_min", pl.Float64, "The least value that is possible"),
            _optional("range_max", pl.Float64, "The greatest value that is possible"),
            _text("owner", "The role that answers for it"),
            _text("checker", "The role that checked it"),
            Column("next_review", pl.Date, "When its definition is to be looked at again"),
            _optional("formula", pl.String, "How a derived metric is worked out"),
            _optional(
                "adds_up", pl.String, "How its figures of several councils add up: JSON; empty where they do not"
            ),
            _text("applies_to", "Classes of authority that have, or had, any of its functions: a JSON list"),
            _text("breakdowns", "The breakdowns it has figures for: a JSON list"),
            _optional("first_period", pl.String, "The earliest period with a figure"),
            _optional("latest_period", pl.String, "The newest in which at least half of the responsible have a value"),
            _text("status", "proposed, in_consultation, published, improved or retired"),
            _optional("status_since", pl.Date, "First day of that status, where it is said"),
            _optional("status_reason", pl.String, "Why it was retired, or what was improved"),
            _optional("replacement", pl.String, "The metric that took the place of a retired one"),
            _text("aliases", "Keys that it once had: a JSON list"),
            _text("quality", "What kind of statistic it is; of a derived one, the one under the loosest rules"),
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
            _text("symbol", "Its name in the formula"),
            _text("input_key", "The metric it is"),
        ),
        ("metric_key", "symbol"),
    ),
    Table(
        "metric_period_notes",
        "What is to be known about one period of a metric",
        (
            _METRIC,
            _PERIOD,
            _text(
                "kind", "definition, method, coverage or boundary: a break before the period; covid: it was affected"
            ),
            _text("reason", "What changed, or how it was affected"),
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
            _optional("stored", pl.String, "What the cell holds"),
            _text("sheet", "The sheet the cell is on"),
            _text("cell", "The cell's address"),
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
            _optional("mads_england", pl.Float64, "Median absolute deviations above the median of England"),
            _optional("mads_class", pl.Float64, "Median absolute deviations above the median of its class"),
            _optional("rank_england", pl.Int64, "Rank among the councils of England, 1 the best"),
            _optional("rank_class", pl.Int64, "Rank among the councils of its class, 1 the best"),
            _optional("band_england", pl.Int64, "Quarter of England it is in, 1 the best to 4"),
            _optional("band_class", pl.Int64, "Quarter of its class it is in, 1 the best to 4"),
            _optional("change", pl.Float64, "The value less that of the previous consecutive period"),
            _optional("change_from", pl.String, "That period"),
            _optional("edition_key", pl.String, "The edition it is from; empty for a derived figure from several"),
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
            _text("scope", "'england' or a class of authority"),
            Column("eligible", pl.Int64, "Councils that existed on the last day and are responsible"),
            Column("with_value", pl.Int64, "Those of them that have a value"),
            _optional("ranked", pl.Int64, "How many are ranked"),
            _optional("median", pl.Float64, "The middle value"),
            _optional("mad", pl.Float64, "The median absolute deviation, not scaled"),
            _optional("lower_quartile", pl.Float64, "A quarter of the councils lie below"),
            _optional("upper_quartile", pl.Float64, "A quarter of the councils lie above"),
            _optional("lowest", pl.Float64, "The lowest value"),
            _optional("highest", pl.Float64, "The highest value"),
            _optional("marker", pl.String, "Why the median is absent or the spread unusable"),
        ),
        ("metric_key", "breakdown", "period", "scope"),
    ),
    Table(
        "settled",
        "Rows of an edition that a rule left out or read as another area, with the reason",
        (
            _EDITION,
            _text("table", "The table"),
            _text("rule", "ignore, correction, joint or duplicate"),
            _text("reason", "The reason"),
            Column("rows", pl.Int64, "How many rows"),
            _optional("first_cell", pl.String, "The first of them"),
        ),
        ("edition_key", "table", "rule", "reason", "first_cell"),
    ),
    Table(
        "findings",
        "What a check before publishing found in one period of a metric",
        (
            _text("code", "The check"),
            _text("severity", "error: to be mended or accepted before the release is published; or warning"),
            _METRIC,
            _PERIOD,
            Column("many", pl.Int64, "How many of them it found there"),
            _text("said", "What it found, the weightiest of them"),
            _optional("edition_key", pl.String, "Where the weightiest stands, when it is one value: its edition"),
            _optional("sheet", pl.String, "The sheet"),
            _optional("cell", pl.String, "The cell"),
            _optional("reason", pl.String, "Why it was accepted; empty when it was not"),
        ),
        ("code", "severity", "metric_key", "period", "reason"),
    ),
    *NAVIGATION_TABLES,
)
