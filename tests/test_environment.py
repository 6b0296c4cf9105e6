"""The environment is written down three times; the three agree, and hold what the code imports."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from analysis.shipped import PLACES

CONDA_NAMES = {"matplotlib": "matplotlib-base", "tzdata": "python-tzdata"}
"""Name on the Python index -> name on conda-forge, where they differ."""

MODULES = {"docx": "python-docx", "pyarrow": "pyarrow", "python_calamine": "python-calamine"}
"""Imported module -> distribution, where the one does not follow from the other."""


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def ranges(lines):
    """Distribution -> its range."""
    return {canonicalize_name(read.name): read.specifier for read in map(Requirement, lines)}


def read_pins(lock):
    """Each ``name==version`` of a lock with the lines that belong to it."""
    entries = re.split(r"(?m)^(?=[a-z0-9])", lock)
    return [(re.match(r"([a-z0-9._-]+)==([^\s;\\]+)", entry), entry) for entry in entries if entry.strip()]


@pytest.fixture(scope="module")
def declared(project):
    """Distribution -> its range, for the project and all its extras but the opponents of the benchmark."""
    extras = project["project"]["optional-dependencies"]
    lines = [
        *project["project"]["dependencies"],
        *(line for name in extras if name != "bench" for line in extras[name]),
    ]
    return ranges(lines)


@pytest.fixture(scope="module")
def lock(root):
    return (root / "requirements.lock").read_text("utf-8")


@pytest.fixture(scope="module")
def lock_of_bench(root):
    return (root / "benchmarks/requirements.lock").read_text("utf-8")


@pytest.fixture(scope="module")
def pins(lock):
    return read_pins(lock)


def test_conda_and_pip_install_the_same_packages_in_the_same_ranges(root, declared, project):
    environment = yaml.safe_load((root / "environment.yml").read_text("utf-8"))
    conda = {read.name: read.specifier for read in map(Requirement, environment["dependencies"])}
    pip_alone = ranges(project["project"]["optional-dependencies"]["browser"])
    wanted = {CONDA_NAMES.get(name, name): declared[name] for name in declared.keys() - pip_alone.keys()}
    wanted |= {"python": SpecifierSet(project["project"]["requires-python"]), "pip": SpecifierSet()}
    assert conda == wanted
    assert environment["name"] == project["project"]["name"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_whatever_looks_for_the_environment_of_conda_calls_it_by_its_name(root):
    name = yaml.safe_load((root / "environment.yml").read_text("utf-8"))["name"]
    named = {
        "bat-dau.cmd": "envs\\{}\\python.exe",
        "schedule/windows-task.cmd": "envs\\{}\\Scripts",
        "README.md": "conda activate {}\n",
    }
    assert not [file for file, how in named.items() if how.format(name) not in (root / file).read_text("utf-8")]


def test_every_pin_lies_in_its_range(declared, pins):
    found = {name: [pin for pin, _ in pins if pin[1] == name] for name in declared}
    assert not [name for name, its_pins in found.items() if not its_pins], "locked nowhere"
    outside = [pin[0] for name, its_pins in found.items() for pin in its_pins if Version(pin[2]) not in declared[name]]
    assert not outside


def test_every_line_of_the_lock_is_a_pin_with_hashes(pins):
    assert len(pins) > 100
    assert not [entry[:80] for pin, entry in pins if pin is None or "--hash=sha256:" not in entry]


def test_the_locks_name_no_address(lock, lock_of_bench):
    for text in (lock, lock_of_bench):
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text


def test_the_opponents_of_the_benchmark_are_locked_apart_and_take_nothing_from_the_lock(project, pins, lock_of_bench):
    wanted = ranges(project["project"]["optional-dependencies"]["bench"])
    entries = read_pins(lock_of_bench)
    found = {pin[1]: Version(pin[2]) for pin, _ in entries}
    assert {name for name in wanted if found.get(name) not in wanted[name]} == set()
    assert set(found) & {pin[1] for pin, _ in pins} == set()
    assert not [entry[:80] for _, entry in entries if "--hash=sha256:" not in entry]


def test_the_build_backend_is_locked_so_that_an_editable_install_needs_no_network(project, pins):
    locked = {pin[1] for pin, _ in pins}
    assert {Requirement(line).name for line in project["build-system"]["requires"]} <= locked


def test_whatever_the_code_imports_is_declared_to_run_it(root, project):
    runtime = {canonicalize_name(Requirement(line).name) for line in project["project"]["dependencies"]}
    parts = {"traitlets", "nbclient", "ipython", "jupyter-client"}  # of nbconvert, of papermill, and two of ipykernel
    parts |= {"jinja2", "markupsafe", "python-docx"}  # two of nbconvert, and one of docxtpl
    extras = project["project"]["optional-dependencies"]
    extra = {
        canonicalize_name(Requirement(line).name)
        for name in ("cluster", "lab", "notify", "word")
        for line in extras[name]
    }
    assert _imported(root / "analysis") - {"analysis"} <= runtime | parts | extra


def _imported(folder):
    """The distributions of all modules imported anywhere in the folder, but for the standard library's."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add(node.module.split(".")[0])
    return {canonicalize_name(MODULES.get(name, name)) for name in names - sys.stdlib_module_names}


WRITTEN = {"__pycache__", ".ipynb_checkpoints", "build"}
"""Folders that programs leave beside what is shipped."""


def test_a_file_that_the_package_needs_is_shipped_with_it(root, project):
    setup = project["tool"]["setuptools"]
    places = {name: root / setup["package-dir"].get(name, name.replace(".", "/")) for name in setup["packages"]}
    shipped = {
        path
        for name, place in places.items()
        for pattern in setup["package-data"][name]
        for path in place.glob(pattern)
    }
    needed = {root / "bat-dau.cmd"}
    for folder in ("analysis", "notebooks", "schedule", "data/raw/sample"):
        needed |= {path for path in (root / folder).rglob("*") if path.is_file() and not WRITTEN & set(path.parts)}
    modules = {path for path in needed if path.suffix == ".py" and path.parent.name == "analysis"}
    found = {path for path in shipped if path.is_file() and not WRITTEN & set(path.parts)}
    assert needed - modules == found
    assert {f"analysis.{name}": place for name, place in PLACES.items()} == setup["package-dir"]


def test_nothing_that_is_ignored_is_in_git(root):
    """What a tool wrote before its folder was ignored stays in git unseen."""
    if not (root / ".git").exists() or not (git := shutil.which("git")):
        pytest.skip("this is no checkout, or there is no git")
    command = [git, "-C", str(root), "ls-files", "--cached", "--ignored", "--exclude-standard"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""
