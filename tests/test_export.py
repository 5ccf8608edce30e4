"""`moothall export`: the formats of the API from the command, the same bytes, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from moothall import cli
from moothall.release.downloads.figures import tabulate_figures
from moothall.release.downloads.formats import Format
from moothall.release.figures import Selection
from tests.conftest import Barsetshire
from tests.release.downloads import reading

ASKED = ("--metric", "missed-collections", "--period", "all")


def export(root: Path, *arguments: str) -> int:
    return cli.main(["export", *ASKED, "--root", str(root), *arguments])


@pytest.mark.parametrize("form", Format)
def test_a_file_is_what_the_api_answers(
    barsetshire: Barsetshire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Format
) -> None:
    import django

    django.setup()
    path = tmp_path / f"figures{form.ending}"
    assert export(barsetshire.root, "--format", form, "--output", str(path)) == 0
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    monkeypatch.setenv("MOOTHALL_RELEASE", str(barsetshire.release.directory))
    address = f"/api/v1/figures?metric=missed-collections&period=all&peers=england&format={form}"
    answered = Client(HTTP_HOST="localhost").get(address).content
    if form is Format.CSVW:
        made, wanted = json.loads(path.read_bytes()), json.loads(answered)
        assert made.pop("url") == "figures.csv"
        assert wanted.pop("url").endswith("format=csv")
        assert made == wanted
    else:
        assert path.read_bytes() == answered


def test_standard_output_has_csv_unless_said(
    barsetshire: Barsetshire, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tabulate_figures(barsetshire.release, Selection(("missed-collections",), period="all"))
    kinds = reading.kinds_of(table)
    assert export(barsetshire.root) == 0
    csv = capfdbinary.readouterr().out
    assert export(barsetshire.root, "--json") == 0
    expected = reading.read_json(capfdbinary.readouterr().out, "figures")
    assert len(expected) == table.height
    read = reading.read_csv(csv, kinds)
    assert [row["value"] for row in read] == [row["value"] for row in expected]
    assert export(barsetshire.root, "--format", "xlsx") == 0
    rows = reading.read_workbook(capfdbinary.readouterr().out, "Figures", kinds)
    assert [row["value"] for row in rows] == [row["value"] for row in expected]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--format", "csv"),
        ("--metric", "no-such-metric", "--format", "ods"),
        ("--breakdown", "no-such-breakdown"),
        ("--area", "E99999999", "--format", "parquet"),
        ("--output", "no/such/folder/figures.csv"),
    ],
)
def test_what_cannot_be_exported_is_said_and_leaves_nothing(
    barsetshire: Barsetshire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    where = () if "--output" in arguments else ("--output", "figures.out")
    assert export(barsetshire.root, *where, *arguments) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_is_not_sent_a_workbook(
    barsetshire: Barsetshire, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert export(barsetshire.root, "--format", "xlsx") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--output" in said.err


def test_an_unknown_format_is_a_mistake_of_usage(barsetshire: Barsetshire) -> None:
    with pytest.raises(SystemExit) as left:
        export(barsetshire.root, "--format", "xls")
    assert left.value.code == 2
