"""The tree keeps house style: short files, telling names, a sentence on each module, nothing of anybody's machine."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 420
SAYS_NOTHING = {"utils", "util", "helpers", "common", "base", "manager", "misc"}
# Put together from pieces, so that this file does not name what it forbids; an address may have such a folder.
MACHINE_PATHS = re.compile(
    rb"(?<![\w.~%/-])/(?:" + b"|".join([b"wo" + b"rk/", b"tmp/" + b"bash", b"ro" + b"ot/"]) + rb")"
)
REGISTRY_HOSTS = re.compile(b"|".join([rb"registry\." + b"npmjs", rb"python" + b"hosted", rb"py" + rb"pi\.org"]))


@cache
def committed() -> list[Path]:
    """List what git carries or would carry: files it tracks, and new ones it does not ignore."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("not a git work tree")
    return [path for name in listing.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def sources(*suffixes: str) -> list[Path]:
    return [path for path in committed() if path.is_relative_to(ROOT / "src") and path.suffix in suffixes]


def test_files_are_short() -> None:
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(".py", ".html", ".scss")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_names_say_something() -> None:
    silent = [
        named(path)
        for path in sources(".py")
        if SAYS_NOTHING & {part.strip("_") for part in path.relative_to(ROOT).with_suffix("").parts}
    ]
    assert silent == []


def test_every_module_says_what_it_is() -> None:
    unsaid = []
    for path in sources(".py"):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if not docstring.partition("\n")[0].endswith("."):
            unsaid.append(named(path))
    assert unsaid == []


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRY_HOSTS], ids=["machine paths", "registry hosts"])
def test_nothing_committed_names_a_machine(pattern: re.Pattern[bytes]) -> None:
    texts = ((path, path.read_bytes()) for path in committed())
    found = {
        named(path): match.group().decode()
        for path, text in texts
        if b"\0" not in text[:8000] and (match := pattern.search(text))
    }
    assert found == {}
