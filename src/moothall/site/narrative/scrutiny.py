"""Scrutiny: the open questions that a figure raises, and how many figures were looked at for them.

The questions hold no number: what is known stands above each, in the words of the figure itself.
"""

from __future__ import annotations

from typing import Literal

from moothall.site.narrative.names import capitalise, count_words

Raised = Literal["difference", "trend", "chain", "wide", "old", "missing"]
"""What raises a question: why somebody would ask about a figure."""

_TITLES: dict[Raised, str] = {
    "difference": "A difference from others",
    "trend": "A change that others did not have",
    "chain": "What goes in and what comes of it",
    "wide": "A wide range",
    "old": "An old figure",
    "missing": "A figure that is missing",
}
_QUESTIONS: dict[Raised, str] = {
    "difference": "What explains this difference, and what does the council want to keep or change?",
    "trend": "What has been different here, and is it expected to go on?",
    "chain": "How does the council judge whether what goes in serves what is to come of it?",
    "wide": "What else does the council look at to know how this service is doing?",
    "old": "What does the council know that is newer than this?",
    "missing": "Does the council have this figure itself, and can it be shared?",
}


TOLD_ABOVE = "It is one of the things to know, above."
"""What is said of a figure after its value where a report has told the rest of it already."""


def title_raised(raised: Raised) -> str:
    """What raises a question, as a heading."""
    return _TITLES[raised]


def ask(raised: Raised) -> str:
    """The question, the same whichever way the figure points."""
    return _QUESTIONS[raised]


def say_wide(place: str) -> str:
    """Why a figure is uncertain; `place` is the council with its article."""
    return f"The range that chance allows for {place} is wider than the usual range of those it is compared with."


def say_questions_looked_at(figures: int, raising: int, told: int) -> str:
    """Of how many figures the questions come, and how many more could have been asked."""
    looked = f"We looked at {count_words(figures, 'figure', 'figures')} by one rule."
    if not raising:
        return f"{looked} Not one of them raises a question."
    raised = capitalise(count_words(raising, "question", "questions"))
    if raising == told:
        return f"{looked} {raised} came of it."
    return f"{looked} {raised} came of it, and {count_words(told, 'is', 'are')} asked here."
