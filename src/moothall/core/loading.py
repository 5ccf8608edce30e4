"""Loading: YAML files become definitions, and every mistake in them has a file, line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from moothall.core.announced import AnnouncedChange, AnnouncedFile
from moothall.core.definitions import (
    BoundariesFile,
    DerivedFile,
    DerivedMetric,
    Lock,
    Metric,
    NoteKind,
    PeriodNote,
    RegisterFile,
    SourceDefinition,
)
from moothall.core.documents import Document, Model, Path_, read_document, validate
from moothall.core.editions import LockedEdition
from moothall.core.everyday import EVERYDAY, EverydayFile, check_everyday
from moothall.core.formulas import FormulaInvalid, order_by_need, read_formula
from moothall.core.functions import Functions, FunctionsFile
from moothall.core.keys import KEYS, Placed, check_list, check_lives
from moothall.core.navigation import Note, OutcomesFile, Topic, TopicsFile, check_chains, check_outcomes
from moothall.core.neighbour_models import MEASURES, MeasuresFile, NeighbourModel, check_measures, check_models
from moothall.core.neighbour_sets import PUBLISHED, NeighbourSet
from moothall.core.postcodes import PostcodeDirectory
from moothall.core.problems import Problems
from moothall.core.quality import Accepted
from moothall.core.values import Unit


@dataclass(frozen=True)
class Catalogue:
    """Every definition of the project, checked against one another."""

    topics: dict[str, Topic] = field(default_factory=dict)
    functions: Functions = field(default_factory=lambda: Functions({}))
    sources: dict[str, SourceDefinition] = field(default_factory=dict)
    locks: dict[str, Lock] = field(default_factory=dict)
    derived: dict[str, DerivedMetric] = field(default_factory=dict)
    register: RegisterFile | None = None
    boundaries: BoundariesFile | None = None
    outcomes: OutcomesFile | None = None
    postcodes: PostcodeDirectory | None = None
    everyday: EverydayFile | None = None
    announced: tuple[AnnouncedChange, ...] = ()
    neighbour_models: dict[str, NeighbourModel] = field(default_factory=dict)
    measures: MeasuresFile | None = None
    neighbour_sets: dict[str, NeighbourSet] = field(default_factory=dict)
    neighbour_locks: dict[str, Lock] = field(default_factory=dict)

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """Every metric by its key, those of sources first, in the order written."""
        read = {metric.key: metric for source in self.sources.values() for metric in source.metrics}
        return read | dict(self.derived)

    @cached_property
    def _carriers(self) -> dict[str, SourceDefinition]:
        """The source of each metric that is read; of a key that two sources define, the first's."""
        return {metric.key: source for source in reversed(self.sources.values()) for metric in reversed(source.metrics)}

    @property
    def sources_read(self) -> dict[str, SourceDefinition]:
        """The sources of which anything is read."""
        return {key: source for key, source in self.sources.items() if source.unread is None}

    def source_of(self, metric_key: str) -> SourceDefinition | None:
        """The source whose file carries the metric; none for a derived one."""
        return self._carriers.get(metric_key)

    def held_sets(self, set_key: str, as_of: date | None = None) -> dict[str, LockedEdition]:
        """The editions of a published set of neighbours that are held, and were known on a day when one is given."""
        lock = self.neighbour_locks.get(set_key)
        editions = lock.editions if lock else {}
        return {key: line for key, line in editions.items() if as_of is None or line.known_on <= as_of}

    def period_notes(self, metric_key: str) -> list[tuple[str, NoteKind, str]]:
        """What is to be known about a metric's periods, as period, kind and reason, by period.

        A derived metric has the notes of everything that it is worked out from.
        """
        derived = self.derived.get(metric_key)
        if derived is not None:
            found = {note for key in derived.inputs.values() for note in self.period_notes(key)}
        else:
            source = self.source_of(metric_key)
            notes = source.period_notes if source else ()
            found = {(p, n.kind, n.reason) for n in notes if n.is_about(metric_key) for p in n.periods}
        return sorted(found)


def load_catalogue(root: Path) -> tuple[Catalogue, Problems]:
    """Read `definitions/` under `root`.

    Returns the catalogue of all that could be read, and every problem found in one pass.
    """
    problems = Problems()
    folder = root / "definitions"
    documents: dict[str, Document] = {}

    def read(path: Path, model: type[Model]) -> Model | None:
        document = read_document(path, root, problems)
        if document is None:
            return None
        value = validate(document, model, problems)
        if value is not None:
            documents[str(path.relative_to(folder))] = document
        return value

    def read_if_there(name: str, model: type[Model]) -> Model | None:
        return read(folder / name, model) if (folder / name).exists() else None

    topics_file = read(folder / "topics.yaml", TopicsFile)
    topics = {topic.key: topic for topic in topics_file.topics} if topics_file else {}
    functions_file = read(folder / "functions.yaml", FunctionsFile)
    functions = Functions.from_file(functions_file) if functions_file else Functions({})
    sources: dict[str, SourceDefinition] = {}
    locks: dict[str, Lock] = {}
    for path in sorted((folder / "sources").glob("*.yaml")):
        source = read(path, SourceDefinition)
        if source is None:
            continue
        if source.source != path.stem:
            place = documents[f"sources/{path.name}"].place(("source",))
            problems.add(
                "DEFINITION_INVALID", f"The source is called {source.source!r}, its file {path.stem!r}.", place
            )
        sources[source.source] = source
        lock_path = path.with_suffix(".lock")
        if lock_path.exists():
            lock = read(lock_path, Lock)
            if lock is not None:
                locks[source.source] = lock
    derived_file = read_if_there("derived.yaml", DerivedFile)
    derived = derived_file.metrics if derived_file else ()
    register = read_if_there("areas.yaml", RegisterFile)
    boundaries = read_if_there("boundaries.yaml", BoundariesFile)
    outcomes = read_if_there("outcomes.yaml", OutcomesFile)
    announced = read_if_there("announced.yaml", AnnouncedFile)
    by_key = {metric.key: metric for metric in derived}
    changes = announced.changes if announced else ()
    sets = _load_sets(root, problems)
    paths = sorted(path for path in (folder / "neighbours").glob("*.yaml") if path.name not in {MEASURES, *sets.files})
    models = {path.stem: model for path in paths if (model := read(path, NeighbourModel)) is not None}
    catalogue = Catalogue(
        *(topics, functions, sources, locks, by_key, register, boundaries, outcomes),
        postcodes=read_if_there("postcodes.yaml", PostcodeDirectory),
        everyday=read_if_there(EVERYDAY, EverydayFile),
        announced=changes,
        neighbour_models=models,
        measures=read_if_there(f"neighbours/{MEASURES}", MeasuresFile),
        neighbour_sets=sets.sets,
        neighbour_locks=sets.locks,
    )
    if not problems.errors:  # a file that did not load would make everything that names its parts look wrong
        _References(catalogue, documents, problems).check(derived)
        ledger = folder / KEYS
        check_list(ledger, str(ledger.relative_to(root)), catalogue.metrics.values(), problems)
    return catalogue, problems


class _Sets(NamedTuple):
    """The published sets of neighbours and their locks, each by its key, and the names of their files."""

    sets: dict[str, NeighbourSet]
    locks: dict[str, Lock]
    files: set[str]


def _load_sets(root: Path, problems: Problems) -> _Sets:
    """Read the published sets, which stand among our models; a file that is no YAML is counted as one of them."""
    loaded = _Sets({}, {}, set())
    for path in sorted((root / "definitions" / "neighbours").glob("*.yaml")):
        document = read_document(path, root, problems)
        if document is not None and not (isinstance(document.data, dict) and document.data.get("kind") == PUBLISHED):
            continue
        loaded.files.add(path.name)
        published = validate(document, NeighbourSet, problems) if document is not None else None
        if document is None or published is None:
            continue
        if published.key != path.stem:
            message = f"The set is called {published.key!r}, its file {path.stem!r}."
            problems.add("DEFINITION_INVALID", message, document.place(("key",)))
        loaded.sets[published.key] = published
        lock_path = path.with_suffix(".lock")
        locked = read_document(lock_path, root, problems) if lock_path.exists() else None
        if locked is not None and (lock := validate(locked, Lock, problems)) is not None:
            loaded.locks[published.key] = lock
    return loaded


class _References:
    """Notes every key used twice and every name that nothing defines."""

    def __init__(self, catalogue: Catalogue, documents: Mapping[str, Document], problems: Problems) -> None:
        self.catalogue = catalogue
        self.documents = documents
        self.problems = problems
        self.owners: dict[str, str] = {}

    def check(self, derived: Sequence[DerivedMetric]) -> None:
        """Check sources first, so that derived metrics may name their metrics."""
        for key, source in self.catalogue.sources.items():
            document = self.documents[f"sources/{key}.yaml"]
            for position, metric in enumerate(source.metrics):
                self._check_metric(metric, document, ("metrics", position))
            for position, topic_key in enumerate(source.unread.topics if source.unread else ()):
                self._check_topic(topic_key, document, ("unread", "topics", position))
            for position, function in enumerate(source.unread.functions if source.unread else ()):
                self._check_function(function, document, ("unread", "functions", position))
            _check_tables(source, document, self.problems)
            _check_named(source, document, self.problems)
        for position, metric in enumerate(derived):
            self._check_metric(metric, self.documents["derived.yaml"], ("metrics", position))
        for position, metric in enumerate(derived):
            self._check_formula(metric, self.documents["derived.yaml"], ("metrics", position))
        check_lives(self._place_metrics(derived), self.problems)
        for key, source in self.catalogue.sources.items():
            for position, read in enumerate(source.metrics):
                self._check_adding(read, self.documents[f"sources/{key}.yaml"], ("metrics", position, "adds_up"))
        for metric, document, path in self._place_metrics(derived):
            self._check_counts(metric, document, (*path, "counts"))
        for place, topic in enumerate(self.catalogue.topics.values()):
            self._check_headlines(topic, self.documents["topics.yaml"], ("topics", place, "headlines"))
        self._check_navigation()
        try:
            order_by_need({metric.key: list(metric.inputs.values()) for metric in derived})
        except FormulaInvalid as error:
            self.problems.add("FORMULA_INVALID", f"{error}.", self.documents["derived.yaml"].place(("metrics",)))

    def _place_metrics(self, derived: Sequence[DerivedMetric]) -> Iterator[Placed]:
        """Every metric with its document and its path in it."""
        files: list[tuple[str, Sequence[Metric]]] = [
            (f"sources/{key}.yaml", source.metrics) for key, source in self.catalogue.sources.items()
        ]
        for name, metrics in [*files, ("derived.yaml", derived)]:
            for position, metric in enumerate(metrics):
                yield metric, self.documents[name], ("metrics", position)

    def _check_metric(self, metric: Metric, document: Document, path: Path_) -> None:
        if metric.key in self.owners:
            message = f"{metric.key!r} is also in {self.owners[metric.key]}."
            self.problems.add("KEY_REUSED", message, document.place((*path, "key")))
        self.owners.setdefault(metric.key, document.file)
        self._check_topic(metric.topic, document, (*path, "topic"))
        for position, function in enumerate(metric.functions):
            self._check_function(function, document, (*path, "functions", position))

    def _check_topic(self, key: str, document: Document, path: Path_) -> None:
        if key not in self.catalogue.topics:
            self._unknown("topic", key, document, path)

    def _check_function(self, key: str, document: Document, path: Path_) -> None:
        if key not in self.catalogue.functions.definitions:
            self._unknown("function", key, document, path)

    def _check_headlines(self, topic: Topic, document: Document, path: Path_) -> None:
        """Called when every metric has been looked at: a headline is a metric of its own topic."""
        for place, key in enumerate(topic.headlines):
            if key not in self.owners:
                self._unknown("metric", key, document, (*path, place))
            elif self.catalogue.metrics[key].topic != topic.key:
                message = f"The metric {key!r} belongs to the topic {self.catalogue.metrics[key].topic!r}."
                self.problems.add("DEFINITION_INVALID", message, document.place((*path, place)))
            elif not self.catalogue.metrics[key].status.is_current:
                message = f"The metric {key!r} is {self.catalogue.metrics[key].status.label.lower()}: no headline."
                self.problems.add("DEFINITION_INVALID", message, document.place((*path, place)))

    def _check_navigation(self) -> None:
        def note_in(file: str) -> Note:
            return lambda code, message, path: self.problems.add(code, message, self.documents[file].place(path))

        kinds = {key: metric.kind for key, metric in self.catalogue.metrics.items()}
        if self.catalogue.topics:
            check_chains(self.catalogue.topics.values(), kinds, note_in("topics.yaml"))
        if self.catalogue.outcomes is not None:
            check_outcomes(self.catalogue.outcomes, kinds, note_in("outcomes.yaml"))
        if self.catalogue.everyday is not None:
            check_everyday(self.catalogue.everyday, self.catalogue.topics, self.catalogue.metrics, note_in(EVERYDAY))
        models = self.catalogue.neighbour_models
        for key, model in models.items():
            if model.key != key:
                message = f"The model is called {model.key!r}, its file {key!r}."
                note_in(f"neighbours/{key}.yaml")("DEFINITION_INVALID", message, ("key",))
        check_models(models, self.catalogue.metrics, {key: note_in(f"neighbours/{key}.yaml") for key in models})
        if self.catalogue.measures is not None:
            check_measures(self.catalogue.measures, kinds, note_in(f"neighbours/{MEASURES}"))

    def _check_formula(self, metric: DerivedMetric, document: Document, path: Path_) -> None:
        for symbol, metric_key in metric.inputs.items():
            if metric_key not in self.owners:
                self._unknown("metric", metric_key, document, (*path, "inputs", symbol))
            elif not self.catalogue.metrics[metric_key].unit.is_amount:
                message = f"{metric_key!r} is no amount; nothing is worked out from it."
                self.problems.add("FORMULA_INVALID", message, document.place((*path, "inputs", symbol)))
            elif metric.status.has_figures and not self.catalogue.metrics[metric_key].status.has_figures:
                message = f"{metric_key!r} has no figures yet; nothing is worked out from it."
                self.problems.add("FORMULA_INVALID", message, document.place((*path, "inputs", symbol)))
        try:
            read_formula(metric.formula, frozenset(metric.inputs))
        except FormulaInvalid as error:
            self.problems.add("FORMULA_INVALID", f"{error}.", document.place((*path, "formula")))

    def _check_adding(self, metric: Metric, document: Document, path: Path_) -> None:
        """Called when every metric has been looked at: what a rate or a weighted mean rests on is summed itself."""
        for key in metric.adds_up.needs if metric.adds_up else ():
            other = self.catalogue.metrics.get(key)
            if other is None:
                self._unknown("metric", key, document, path)
            elif other.adds_up is None or other.adds_up.sum is None:
                self.problems.add("DEFINITION_INVALID", f"The metric {key!r} is not summed.", document.place(path))

    def _check_counts(self, metric: Metric, document: Document, path: Path_) -> None:
        """Called when every metric has been looked at: what an interval is made from is a number of something."""
        for key in metric.counts.keys if metric.counts else ():
            other = self.catalogue.metrics.get(key)
            if other is None:
                self._unknown("metric", key, document, path)
            elif other.unit is not Unit.COUNT:
                self.problems.add("DEFINITION_INVALID", f"The metric {key!r} is not a count.", document.place(path))

    def _unknown(self, kind: str, key: str, document: Document, path: Path_) -> None:
        self.problems.add("REFERENCE_UNKNOWN", f"There is no {kind} {key!r}.", document.place(path))


def _check_tables(source: SourceDefinition, document: Document, problems: Problems) -> None:
    """Note every metric or edition that a table names and the source does not define."""
    metrics = {metric.key for metric in source.metrics}
    editions = [edition.edition for edition in source.editions]
    for position, edition in enumerate(source.editions):
        if editions.index(edition.edition) != position:
            problems.add(
                "KEY_REUSED", f"Edition {edition.edition!r} is given twice.", document.place(("editions", position))
            )
    for position, table in enumerate(source.tables):
        path: Path_ = ("tables", position)
        for place, column in enumerate(table.columns):
            if column.metric not in metrics:
                where = document.place((*path, "columns", place, "metric"))
                problems.add("REFERENCE_UNKNOWN", f"The source has no metric {column.metric!r}.", where)
        for text, long_metric in (table.values.metrics if table.values else {}).items():
            if long_metric.metric not in metrics:
                where = document.place((*path, "values", "metrics", text))
                problems.add("REFERENCE_UNKNOWN", f"The source has no metric {long_metric.metric!r}.", where)
        for name in (*(table.editions or ()), *([table.editions_from] if table.editions_from else [])):
            if name not in editions:
                problems.add("REFERENCE_UNKNOWN", f"The source has no edition {name!r}.", document.place(path))


def _check_named(source: SourceDefinition, document: Document, problems: Problems) -> None:
    """Note every metric that a note on periods, a total or an acceptance names and the source does not define."""
    metrics = {metric.key for metric in source.metrics}
    named: list[tuple[str, Path_]] = []
    lists: dict[str, Sequence[PeriodNote | Accepted]] = {
        "period_notes": source.period_notes,
        "accepted": source.accepted,
    }
    for field_name, listed in lists.items():
        for position, each in enumerate(listed):
            named += [(key, (field_name, position, "metrics", place)) for place, key in enumerate(each.metrics)]
    for position, total in enumerate(source.totals):
        named.append((total.metric, ("totals", position, "metric")))
        named += [(key, ("totals", position, "parts", place)) for place, key in enumerate(total.parts)]
    for key, path in named:
        if key not in metrics:
            problems.add("REFERENCE_UNKNOWN", f"The source has no metric {key!r}.", document.place(path))
