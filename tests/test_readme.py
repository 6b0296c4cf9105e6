"""The README is true: its commands run, its targets and paths exist."""

import re
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from shown import ONLY_NAMED, blocks, commands, is_as_shown, run_command

from analysis.commands import NOT_FRESH

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
TARGETS = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
COMMANDS = commands(README)
RUN = [command for command in COMMANDS if command.split()[0] not in ONLY_NAMED]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, so that no run writes into the checkout or sees its data."""
    copy = tmp_path_factory.mktemp("project")
    for part in ("analysis", "notebooks", "schedule", "data/raw/sample"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    shutil.copy(ROOT / "bat-dau.cmd", copy)
    for part in ("data/processed", "reports"):
        (copy / part).mkdir(parents=True)
    (copy / "ours.toml").write_text(blocks(README, "toml")[0], encoding="utf-8")
    return copy


LONG = {
    "papermill notebooks/annual.ipynb out.ipynb -p period 2022",
    "analysis report --all --trends --units",
    "analysis report --from 2021-12-15 --to 2022-12-14",
    "analysis report --trends",
    "analysis report --quality",
}
"""Commands that make a page, or several, which other commands make too."""


@pytest.mark.parametrize(
    "command", [pytest.param(command, marks=pytest.mark.long) if command in LONG else command for command in RUN]
)
def test_a_command_of_the_readme_runs_and_prints_what_is_shown(command, project):
    known = {0, NOT_FRESH} if command == "analysis status" else {0}  # another command may have changed the handbook
    printed = run_command(command, project, known=known)
    assert is_as_shown(COMMANDS[command], printed), printed


def test_the_readme_runs_the_commands_it_is_about():
    assert {command.split()[0] for command in RUN} == {"analysis", "papermill"}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_named_exists(document):
    named = set(re.findall(r"(?m)(?:^\$ |`)make ([a-z-]+)", (ROOT / document).read_text("utf-8")))
    assert named
    assert named <= TARGETS


def test_every_path_in_the_tree_exists():
    tree = next(block for block in blocks(README, "text") if block.startswith("analysis/"))
    folder, missing = "", []
    for line in tree.splitlines():
        path = line.split()[0]
        folder = folder if line.startswith(" ") else path
        whole = path if path == folder else folder + path
        if not (ROOT / whole).exists():
            missing.append(whole)
    assert not missing


def test_every_module_stands_in_the_tree():
    tree = next(block for block in blocks(README, "text") if block.startswith("analysis/"))
    modules = {path.name for path in (ROOT / "analysis").glob("*.py")} - {"__init__.py"}
    assert not [name for name in modules if f" {name} " not in tree]


def test_every_file_linked_exists():
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", README)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


def test_every_measure_names_a_function_that_says_how_it_is_made_and_gives_an_example():
    text = (ROOT / "docs/measures.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)\.(\w+)`", text))
    assert len(named) > 30
    functions = {f"{m}.{f}": getattr(import_module(f"analysis.{m}"), f, None) for m, f in named}
    assert not [name for name, function in functions.items() if not callable(function)]
    assert not [name for name, function in functions.items() if not re.search(r">>>|See ``", function.__doc__ or "")]


def test_every_bookkeeping_file_is_free_of_this_machine_and_of_registries():
    files = [
        "pyproject.toml",
        "requirements.lock",
        "benchmarks/requirements.lock",
        "environment.yml",
        "Makefile",
        ".ci/run",
        "README.md",
        "CONTRIBUTING.md",
    ]
    named = re.compile(r"pypi\.|pythonhosted|anaconda\.|(?<!emit-)index-url|(?<![\w.])/(?:home|work|root|opt)/")
    assert not [name for name in files if named.search((ROOT / name).read_text("utf-8"))]
