"""Expected trouble: a stable code, a place and a remedy, collected and never swallowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

Severity = Literal["error", "warning"]


class Exit(IntEnum):
    """What a command's exit code says."""

    FINE = 0
    USAGE = 2
    DEFINITIONS = 10
    SOURCE_FILE = 11
    DATA = 12
    TRACE_MISMATCH = 13


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of trouble: what it is called, what to do about it and how a command ends when it happens."""

    code: str
    title: str
    remedy: str
    exit_code: Exit


_MEND_OR_ACCEPT = (
    "If it is our mistake, mend it; if the publisher's file has it so, accept it with the reason in the source's YAML."
)
_KINDS = (
    # Definitions: the YAML that people write.
    ProblemKind("YAML_UNREADABLE", "The YAML cannot be read", "Mend the YAML at the place named.", Exit.DEFINITIONS),
    ProblemKind("YAML_DUPLICATE_KEY", "A key is given twice", "Keep one of the two.", Exit.DEFINITIONS),
    ProblemKind("YAML_ANCHOR", "Anchors and aliases are not allowed", "Write the value out in full.", Exit.DEFINITIONS),
    ProblemKind(
        "DEFINITION_INVALID", "A definition does not fit its schema", "Change the value named.", Exit.DEFINITIONS
    ),
    ProblemKind("KEY_REUSED", "Two definitions share a key", "Give one of them another key.", Exit.DEFINITIONS),
    ProblemKind(
        "REFERENCE_UNKNOWN",
        "A definition names something that is not defined",
        "Correct the key or define what it names.",
        Exit.DEFINITIONS,
    ),
    ProblemKind(
        "FORMULA_INVALID", "A formula cannot be read", "Use inputs, numbers and + - * / ( ).", Exit.DEFINITIONS
    ),
    ProblemKind(
        "INPUT_JUDGED",
        "Councils would be likened by what they are judged by",
        "Liken councils by metrics of context that neither way is better for.",
        Exit.DEFINITIONS,
    ),
    ProblemKind(
        "LOCK_MISSING", "An edition has no line in the lock", "Run 'moothall fetch' for its source.", Exit.DEFINITIONS
    ),
    ProblemKind(
        "LOCK_DIFFERS",
        "The lock and the definition disagree",
        "Run 'moothall fetch' for the source, and look at what changed.",
        Exit.DEFINITIONS,
    ),
    ProblemKind(
        "EDITION_STALE",
        "The observations were not read as the lock and the definition say",
        "Run 'moothall ingest' for the source.",
        Exit.DEFINITIONS,
    ),
    ProblemKind(
        "KEY_VANISHED",
        "A key that was published is gone",
        "Retire its metric or give the key as an alias of the one that took its place; keys never vanish.",
        Exit.DEFINITIONS,
    ),
    ProblemKind(
        "KEY_UNLISTED",
        "A key is not in the list of published keys",
        "Add it to definitions/keys.txt, in its place by the alphabet.",
        Exit.DEFINITIONS,
    ),
    # Source files: the bytes that publishers send.
    ProblemKind(
        "FILE_MISSING", "A source file is not in the vault", "Run 'moothall fetch' for its source.", Exit.SOURCE_FILE
    ),
    ProblemKind(
        "FILE_CHANGED",
        "A file is not the one the lock names",
        "If the publisher replaced it, give it an edition of its own; do not overwrite the old one.",
        Exit.SOURCE_FILE,
    ),
    ProblemKind(
        "FILE_UNREADABLE",
        "A file is not what its name says, or is damaged",
        "Fetch it again; open it to see whether it is an error page or cut short.",
        Exit.SOURCE_FILE,
    ),
    ProblemKind(
        "FILE_TOO_LARGE",
        "A file is larger than the limit",
        "Split the edition, or raise the limit with a decision record.",
        Exit.SOURCE_FILE,
    ),
    ProblemKind(
        "FETCH_FAILED", "A file could not be fetched", "Try again later, or check the address.", Exit.SOURCE_FILE
    ),
    ProblemKind(
        "ADDRESS_UNKNOWN",
        "Nobody has said where a file is",
        "Find the file on the publisher's page and give its address, or fetch it from a mirror with --mirror.",
        Exit.SOURCE_FILE,
    ),
    ProblemKind(
        "TABLE_MISSING",
        "An edition was fetched and no table reads it",
        "Look at the file with 'moothall new source FILE' and add a table, or name the edition in one that fits.",
        Exit.DEFINITIONS,
    ),
    ProblemKind(
        "SHEET_MISSING",
        "A sheet is not in the file",
        "Look at the sheets it has and correct the table definition.",
        Exit.SOURCE_FILE,
    ),
    ProblemKind(
        "HEADER_MISSING",
        "A column is not under the header it should have",
        "Look at the headers the sheet has; if the publisher changed them, add a table for that edition.",
        Exit.SOURCE_FILE,
    ),
    ProblemKind(
        "HEADER_AMBIGUOUS",
        "Two columns have the same header",
        "Name the column by its group header or its letter.",
        Exit.SOURCE_FILE,
    ),
    ProblemKind(
        "READER_FAILED", "A reader could not read a file", "Read the message; mend the reader.", Exit.SOURCE_FILE
    ),
    # Data: what the cells say.
    ProblemKind(
        "AREA_UNKNOWN",
        "An area is not in the register",
        "Add an alias, a correction, or an 'ignore' rule with its reason.",
        Exit.DATA,
    ),
    ProblemKind(
        "AREA_NOT_ALIVE",
        "An area did not exist in the period",
        "Say with a correction which area the row is about, or ignore it with a reason.",
        Exit.DATA,
    ),
    ProblemKind(
        "AREAS_DISAGREE",
        "The register's files disagree",
        "Decide with a correction in definitions/areas.yaml, with its source and reason.",
        Exit.DATA,
    ),
    ProblemKind("PERIOD_UNREADABLE", "A period cannot be read", "Correct the period's kind or column.", Exit.DATA),
    ProblemKind(
        "VALUE_NOT_A_NUMBER",
        "Text stands where a number should",
        "If it is a symbol of the publisher's, say under 'markers' what it means.",
        Exit.DATA,
    ),
    ProblemKind(
        "VALUE_OUT_OF_RANGE",
        "A value is outside the range its metric allows",
        "Check the unit and scale; if the publisher means it, widen the range or accept it with a reason.",
        Exit.DATA,
    ),
    ProblemKind(
        "KEY_DUPLICATED",
        "One edition has two values for one key",
        "Say in the table which wins and why, or ignore one with a reason.",
        Exit.DATA,
    ),
    ProblemKind("TABLE_EMPTY", "A table gave no observations", "Check the sheet, header row and filters.", Exit.DATA),
    ProblemKind(
        "RULE_UNUSED",
        "A rule of the table matched nothing",
        "Remove it, or correct what it should match.",
        Exit.DATA,
    ),
    # The checks before publishing: what the observations say beside one another.
    ProblemKind("COVERAGE_DROPPED", "Fewer councils have a row than before", _MEND_OR_ACCEPT, Exit.DATA),
    ProblemKind("VALUES_LOST", "Fewer councils have a value than before", _MEND_OR_ACCEPT, Exit.DATA),
    ProblemKind("ROWS_GONE", "A later edition lacks rows that an earlier one had", _MEND_OR_ACCEPT, Exit.DATA),
    ProblemKind("PERIOD_MISSING", "A series has a gap", _MEND_OR_ACCEPT, Exit.DATA),
    ProblemKind(
        "SERIES_OLD",
        "A series stopped while others of its source went on",
        "Find its newer figures, retire the metric, or accept it with the reason in the source's YAML.",
        Exit.DATA,
    ),
    ProblemKind(
        "JUMP_UNNOTED",
        "Councils together moved further than ever, and no note says why",
        "If it is our mistake, mend it; if the publisher gives a reason, write a period note; else accept it.",
        Exit.DATA,
    ),
    ProblemKind("VALUE_JUMPED", "A council's value moved far further than others ever do", _MEND_OR_ACCEPT, Exit.DATA),
    ProblemKind("REVISION_LARGE", "A later edition changes values by a quarter or more", _MEND_OR_ACCEPT, Exit.DATA),
    ProblemKind("PERIOD_REPEATED", "A period has the values of the period before", _MEND_OR_ACCEPT, Exit.DATA),
    ProblemKind("CELL_SHARED", "One cell is read as two things", "Mend the table's columns or rows.", Exit.DATA),
    ProblemKind("TOTAL_DIFFERS", "Parts do not add up to their total", _MEND_OR_ACCEPT, Exit.DATA),
    # Projects and releases.
    ProblemKind(
        "PROJECT_MISSING", "There is no project here", "Change into a project, or name one with --root.", Exit.USAGE
    ),
    ProblemKind("ARGUMENT_INVALID", "An argument cannot be used", "Correct it; see --help.", Exit.USAGE),
    ProblemKind(
        "CANNOT_WRITE", "A file cannot be written", "Make room or give the permission, and run it again.", Exit.USAGE
    ),
    ProblemKind(
        "PAGE_NOT_MADE",
        "A page of a fixed copy could not be made",
        "Ask for it with 'moothall serve'; its log says why.",
        Exit.DATA,
    ),
    ProblemKind("RELEASE_UNKNOWN", "There is no such release", "See 'releases/' for those that exist.", Exit.USAGE),
    ProblemKind(
        "DIFF_UNREAD",
        "Nobody has read what a release changes",
        "Read it, then publish again.",
        Exit.USAGE,
    ),
    ProblemKind(
        "QUALITY_UNACCEPTED",
        "A check before publishing found what nobody has mended or accepted",
        "Mend it, or accept it with the reason in the source's YAML; then build and publish again.",
        Exit.DATA,
    ),
    ProblemKind(
        "RELEASE_DAMAGED", "A release is not as it was written", "Build it again or roll back.", Exit.TRACE_MISMATCH
    ),
    ProblemKind(
        "CELL_DIFFERS",
        "A figure is not what its cell says",
        "Do not publish; find out whether the file, the reader or the release changed.",
        Exit.TRACE_MISMATCH,
    ),
)
KINDS: dict[str, ProblemKind] = {kind.code: kind for kind in _KINDS}


@dataclass(frozen=True, slots=True)
class Place:
    """Where trouble is: a file with line and column, or a file with sheet and cell."""

    file: str = ""
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        if self.sheet is not None:
            parts.append(f"{self.sheet}!{self.cell}" if self.cell else self.sheet)
        return ":".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is and what to do about it."""

    code: str
    message: str
    where: Place = field(default_factory=Place)
    severity: Severity = "error"
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.code not in KINDS:
            raise KeyError(f"unknown problem code {self.code}")
        if not self.remedy:
            object.__setattr__(self, "remedy", KINDS[self.code].remedy)

    def __str__(self) -> str:
        place = str(self.where)
        return f"{place + ': ' if place else ''}{self.code}: {self.message} {self.remedy}"

    def as_json(self) -> dict[str, str]:
        """The problem as a flat mapping of text."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "where": str(self.where),
            "remedy": self.remedy,
        }


class Problems:
    """A growing list of problems; commands collect in one and end by it."""

    def __init__(self, items: Iterable[Problem] = ()) -> None:
        self._items: list[Problem] = list(items)

    def add(self, code: str, message: str, where: Place | None = None, severity: Severity = "error") -> None:
        """Note one problem."""
        self._items.append(Problem(code, message, where or Place(), severity))

    def extend(self, items: Iterable[Problem]) -> None:
        """Note several problems."""
        self._items.extend(items)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def errors(self) -> list[Problem]:
        """Those that stop the work."""
        return [problem for problem in self._items if problem.severity == "error"]

    @property
    def exit_code(self) -> Exit:
        """The exit code of the gravest error: a broken definition outranks a broken file, which outranks its data."""
        codes = [KINDS[problem.code].exit_code for problem in self.errors]
        order = (Exit.TRACE_MISMATCH, Exit.DEFINITIONS, Exit.SOURCE_FILE, Exit.DATA, Exit.USAGE)
        return next((code for code in order if code in codes), Exit.FINE)

    def raise_errors(self) -> None:
        """Raise `ProblemsFound` when there is any error."""
        if self.errors:
            raise ProblemsFound(self)


class ProblemsFound(Exception):  # noqa: N818 - it carries problems, it is not one error
    """Work stopped because of expected trouble; carries every problem found."""

    def __init__(self, problems: Problems | Iterable[Problem]) -> None:
        self.problems = problems if isinstance(problems, Problems) else Problems(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems.errors[:3]))
