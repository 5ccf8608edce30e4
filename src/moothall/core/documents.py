"""Documents: YAML files as plain data and as models, with the line and column of every key and item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from moothall.core.families import join_families
from moothall.core.problems import Place, Problems

Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A YAML file as plain data, with the place of every key and item."""

    file: str
    data: Any
    marks: dict[Path_, tuple[int, int]]

    def place(self, path: Path_) -> Place:
        """The place of the deepest part of `path` that stands in the file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.marks:
                line, column = self.marks[path[:length]]
                return Place(self.file, line, column)
        return Place(self.file, 1, 1)


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """YAML's plain types without its surprises: dates, octals and yes/no stay text."""


_Loader.yaml_implicit_resolvers = {
    first: kept
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if (kept := [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"])
}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+(?:e-?[0-9]+)?$", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def read_document(path: Path, root: Path, problems: Problems) -> Document | None:
    """Read one YAML file; trouble is noted and gives none."""
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    try:
        text = path.read_text(encoding="utf-8")
        loader = _Loader(text)
        node = loader.get_single_node()
        tokens = yaml.scan(text, Loader=_Loader) if "&" in text or "*" in text else ()
        named = [token.start_mark for token in tokens if isinstance(token, yaml.AnchorToken | yaml.AliasToken)]
    except UnicodeDecodeError as error:
        problems.add(
            "YAML_UNREADABLE", f"The file is not UTF-8: {error.reason} at byte {error.start}.", Place(file, 1, 1)
        )
        return None
    except OSError as error:
        problems.add("YAML_UNREADABLE", f"The file cannot be opened: {error.strerror}.", Place(file))
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = _place(file, mark) if mark else Place(file, 1, 1)
        problems.add("YAML_UNREADABLE", f"{getattr(error, 'problem', None) or error}.", where)
        return None
    before = len(problems)
    for mark in named:
        problems.add("YAML_ANCHOR", "A part of the file is named or repeated.", _place(file, mark))
    marks: dict[Path_, tuple[int, int]] = {}
    duplicates: list[tuple[str, yaml.Mark]] = []
    data = _plain(loader, node, (), marks, duplicates) if node is not None and len(problems) == before else None
    for key, mark in duplicates:
        problems.add("YAML_DUPLICATE_KEY", f"{key!r} is given twice.", _place(file, mark))
    return Document(file, data, marks) if len(problems) == before else None


def _place(file: str, mark: yaml.Mark) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _plain(
    loader: _Loader,
    node: yaml.Node,
    path: Path_,
    marks: dict[Path_, tuple[int, int]],
    duplicates: list[tuple[str, yaml.Mark]],
) -> Any:
    """The node as plain data, noting the marks of its parts and every key given twice."""
    marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in mapping:
                duplicates.append((key, key_node.start_mark))
            marks[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            mapping[key] = _plain(loader, value_node, (*path, key), marks, duplicates)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, (*path, i), marks, duplicates) for i, item in enumerate(node.value)]
    return loader.construct_object(node)


def validate(document: Document, model: type[Model], problems: Problems) -> Model | None:
    """The document as a model, with what families give its metrics; every mistake is noted at its place."""
    before = len(problems)
    join_families(document.data, document.marks, document.file, problems)
    if len(problems) > before:
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        places = {mistake["loc"] for mistake in mistakes}
        for mistake in mistakes:
            location = mistake["loc"]
            if mistake["type"] == "too_short" and any(len(place) > len(location) for place in places):
                continue  # the list is short only because an item in it is wrong, and that is noted
            dotted = ".".join(str(part) for part in location)
            message = mistake["msg"].removeprefix("Value error, ")
            problems.add("DEFINITION_INVALID", f"{dotted + ': ' if dotted else ''}{message}.", document.place(location))
        return None
