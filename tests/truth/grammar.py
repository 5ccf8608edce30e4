"""The sentences that a figure may have, as patterns, and what stands in them: written here a second time on purpose."""

from __future__ import annotations

import re

GROUPS = {
    "its statistical neighbours": "neighbours", "councils in England": "england", "district councils": "type",
    "county councils": "type", "unitary councils": "type", "London boroughs": "type", "metropolitan boroughs": "type",
    "councils in London": "region", "councils in Yorkshire and The Humber": "region",
    **{f"councils in the {name}": "region"
       for name in ("North East", "North West", "East Midlands", "West Midlands", "East of England", "South East",
                    "South West")},
}  # fmt: skip
PLURALS = {
    "district": "district councils", "county": "county councils", "unitary": "unitary councils",
    "london_borough": "London boroughs", "metropolitan": "metropolitan boroughs",
}  # fmt: skip
EDGES = (0.5, 1.5, 3.0, 7.5)
GROWS = {"count", "tonnes", "kilograms", "pounds_in_all", "pounds_million"}
NO_AMOUNT = {"judgement", "date"}
MARKED = {
    "provisional": "The publisher may still change this.",
    "revised": "The publisher has changed this since it was first published.",
    "estimated": "The publisher estimated this for the council.",
    "low_reliability": "The publisher says this estimate is unreliable: it rests on very few people.",
    "other_basis": "It was counted or measured in another way than most councils’ figures, so it is not compared with "
    "them.",
}
ABSENT = {
    "not_submitted": "The council had not sent in this return when it was published.",
    "suppressed": "The publisher withheld this to protect people from being identified.",
    "unreliable": "The publisher says this is too unreliable to show.",
    "not_available": "The publisher gives no figure and does not say why.",
    "not_applicable": "The publisher says this does not apply.",
    "nearly_zero": "The publisher says this rounds to zero but is not zero.",
    "reported_jointly": "The council reported together with others, so it has no figure of its own.",
    "not_computable": "One of the numbers this is worked out from is missing or zero.",
    "out_of_range": "The published numbers give a result that is not possible, so it is not shown.",
    "part_missing": "A council that it would be added up over has no figure, one on another basis, or only a share of "
    "the service.",
    None: "The published file has no row for this council and period.",
}
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MONTHS_BETWEEN = {"monthly": 1, "quarterly": 3, "yearly": 12, "every_two_years": 24}

_END = r"(?= |$)"
_ORDINAL = r"[\d,]+(?:st|nd|rd|th)"


def _compile(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern + _END) for name, pattern in patterns.items()}


REPEATED = {"stands", "same", "break"}
GRAMMAR = _compile(
    {
        "elsewhere": r"(?P<place>[^.]+(?:St\. [^.]+)?) is not responsible for this service\.",
        "absent": r"There is no figure for (?P<place>.+?) for (?P<period>.+?)\. (?P<reason>.+)",
        "named": r"As at (?P<period>.+?), (?P<short>.+) in (?P<place>.+?) was (?P<value>.+?)\.",
        "lead": r"(?P<place>.+?)(?P<owns>’s?) figure for (?P<period>.+?) was (?P<how>estimated at )?"
        r"(?P<value>.+?)(?:(?:,| or|, or) between (?P<low>.+?) and (?P<high>.+?)(?: allowing for chance)?)?\.",
        "same": r"(?:That|(?P<but>But it)) is the same as the median of (?P<group>[^.(]+)\.",
        "stands": r"(?:That|(?P<but>But it)) is (?P<words>[a-z ]+ (?:to|than)) the median of (?P<group>[^.(]+) "
        r"\((?P<median>[^)]+)\)(?P<chance>: the difference could be chance)?\.",
        "median": r"The median of (?P<group>[^.(]+) was (?P<median>.+?)\.",
        "few": r"Too few (?:of )?(?P<group>[^.]+) have a figure to compare with\.",
        "tied": r"More than half of them have that value, or one that looks the same\.",
        "rank": rf"It is (?P<joint>joint )?(?P<rank>{_ORDINAL}) of (?P<of>[\d,]*\d)(?: (?=\w))?(?P<group>[^.:]+)"
        rf"(?:(?P<indicative>: this rank is indicative)|: allowing for chance, between (?P<low>{_ORDINAL}) and "
        rf"(?P<high>{_ORDINAL}))?\.",
        "trend": r"Between (?P<first>.+) and (?P<last>.+?) it (?P<verb>rose|fell) from (?P<was>.+?) to (?P<now>.+?)"
        r"(?:: (?P<word>an improving trend|a worsening trend))?\.",
        "unclear": r"Between (?P<first>.+?) and (?P<last>.+?) there was no clear change\.",
        "theirs": r"Over that time its neighbours’ middle change was (?:(?P<none>too small to show)|"
        r"a (?P<way>rise|fall) of (?P<size>.+?))(?P<chance>: the difference could be chance)?\.",
        "before": r"In (?P<period>.+?) the figure was (?:(?P<same>the same)|(?P<value>.+?))\.",
        "coverage": r"The comparison is based on (?P<groups>.+?)\.",
        "added": r"(?:From before it began: the figure of (?P<before>.+?), which had the same ground"
        r"|(?:From before it began: )?(?:[Aa]dded up|(?P<roughly>[Ww]orked out roughly)) over the (?P<number>[\w,]+) "
        r"(?:district )?councils? that (?:cover its area; not the (?:county council|authority)’s own performance"
        r"|had the same ground))\.",
        "marked": "|".join(re.escape(each) for each in MARKED.values()).join(("(?:", ")")),
        "cases": r"This rests on fewer than 30 cases\.",
        "grows": r"This grows with the size of the area, so we do not call it higher or lower\.",
        "break": r"Figures from before (?P<period>.+?) cannot be compared with later ones\.",
        "pandemic": r"COVID-19 affected figures for (?P<periods>.+?)\.",
        "depends": r"It also depends on (?P<others>.+?)\.",
        "context": r"This (?:describes the area and its people|is decided by others), not (?:by )?the council\.",
        "kinds": r"Councils of different kinds do different things with this money or service\. "
        r"Compare councils of the same kind before you conclude anything\.",
        "old": r"This figure is old: (?P<period>.+?) (?:ended|was) (?P<ago>.+?) before this release was made\.",
    }
)
KINDS = tuple(GRAMMAR.items())
PLACES = {name: place for place, name in enumerate(GRAMMAR)}
NOWHERE = re.compile(r"[|{}]|  |\b(?:None|nan|NaN|undefined)\b")
"""What no sentence has."""
