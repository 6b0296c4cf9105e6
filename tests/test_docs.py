"""The documentation is true: its examples and commands run, its links lead somewhere, and it is one with what the pages print."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from lxml import html
from patience import PATIENCE
from shown import BLOCK, ONLY_NAMED, SAVED, blocks, commands, commands_in, is_as_shown, run_command, run_examples

from analysis.commands import BAD_INPUT
from analysis.vocabulary import read_vocabulary

ROOT = Path(__file__).parents[1]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "docs/vi").glob("*.md"), ROOT / "README.vi.md"])
TUTORIALS = [ROOT / "docs/tutorial.md", ROOT / "docs/vi/tutorial.md"]
LABELS = tomllib.loads((ROOT / "analysis/labels.toml").read_text("utf-8"))
OF_README = commands((ROOT / "README.md").read_text("utf-8"))
NEEDS_A_CLUSTER = "--scheduler tcp://"
"""Such a command is run against a cluster of its own in ``test_cluster``."""


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def text_of(path):
    return path.read_text("utf-8")


@pytest.fixture
def project(tmp_path):
    """A copy of the project, as a clone has it, without its documentation and tests."""
    for part in ("analysis", "notebooks", "data/raw/sample"):
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        )
    for part in ("data/processed", "reports"):
        (tmp_path / part).mkdir(parents=True)
    return tmp_path


# --- one with the pages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "lang"), [("docs/definitions.md", "en"), ("docs/vi/definitions.md", "vi")])
def test_every_definition_is_word_for_word_what_the_pages_print(path, lang):
    text = (ROOT / path).read_text("utf-8")
    day = {"en": "10 Nov 2022", "vi": "10/11/2022"}[lang]
    quoted = re.findall(r"(?m)^## (.+)\n\n> (.+)$", text)
    wanted = {name: said[lang].replace("{day}", day) for name, said in LABELS["definitions"].items()}
    assert [said for _, said in quoted] == list(wanted.values())
    named = [(LABELS["measures"].get(name) or {}).get(lang) for name in wanted]
    assert [(head, name) for (head, _), name in zip(quoted, named, strict=True) if name and name != head] == []


@pytest.mark.parametrize(("path", "lang"), [("docs/definitions.md", "en"), ("docs/vi/definitions.md", "vi")])
def test_every_variant_of_a_rate_and_every_share_is_told_as_the_pages_tell_it(path, lang):
    rows = re.findall(r"(?m)^\| (.+?) \| (.+) \|$", (ROOT / path).read_text("utf-8"))
    variants = LABELS["definitions_of"]
    wanted = [(variants[name][lang], variants[f"{name}_is"][lang]) for name in variants if f"{name}_is" in variants]
    assert set(wanted) <= set(rows)
    shares = [said[lang] for said in LABELS["share_definitions"].values()]
    assert [said for _, said in rows[-len(shares) :]] == shares


def test_both_languages_compute_the_same_examples():
    english, vietnamese = (text_of(ROOT / path) for path in ("docs/definitions.md", "docs/vi/definitions.md"))
    assert blocks(english, "python") == blocks(vietnamese, "python")
    assert run_examples(vietnamese, "definitions")[1] == ""
    assert run_examples(vietnamese, "definitions")[0] >= 15


def test_the_tutorial_is_the_same_in_both_languages():
    """The same files, commands and examples; only what a page says is in the reader's language."""
    english, vietnamese = map(text_of, TUTORIALS)
    for language in ("text", "toml", "python"):
        assert blocks(english, language) == blocks(vietnamese, language)
    assert [c.removesuffix(" --lang en") for c in commands(english)] == list(commands(vietnamese))


def test_the_first_screen_in_vietnamese_has_the_commands_of_the_readme():
    own = commands(text_of(ROOT / "README.vi.md"))
    assert own
    assert not own.keys() - {*OF_README, *(command.partition("  ")[0] for command in OF_README)}


# --- it runs ---------------------------------------------------------------------------------------------------------


def _walk(path, folder, monkeypatch, *, reports):
    """Do what a document says, from top to bottom."""
    text = text_of(path)
    for block in BLOCK.finditer(text):
        kind, content = block.groups()
        saved = SAVED.search(text[: block.start()].rstrip().removesuffix(":"))
        if kind in {"text", "toml"} and saved:
            (folder / saved[1]).write_text(content, "utf-8")
        for command, shown in commands_in(content) if kind == "console" else ():
            if command.split()[0] in ONLY_NAMED or (command.startswith("analysis report") and not reports):
                continue
            printed = run_command(command, folder, known={BAD_INPUT} if "CANNOT BE USED" in shown else {0})
            assert is_as_shown(shown, printed), printed
    monkeypatch.chdir(folder)
    examples, failed = run_examples(text, path.name)
    assert examples
    assert failed == ""


def test_the_tutorial_gives_what_it_shows_up_to_its_report(project, monkeypatch):
    _walk(TUTORIALS[0], project, monkeypatch, reports=False)


@pytest.mark.long
@pytest.mark.parametrize("path", TUTORIALS, ids=name_of)
def test_the_tutorial_gives_what_it_shows_from_top_to_bottom(path, project, monkeypatch):
    _walk(path, project, monkeypatch, reports=True)
    assert (project / "reports/2022.html").is_file()


@pytest.mark.long
def test_every_other_command_of_the_documentation_runs(project):
    """In one folder and in order, after the report that some of them need; those of the README run in its own test."""
    shutil.copy(project / "analysis/template/bao-cao.docx", project / "mau-bao-cao.docx")
    (project / "ours.toml").write_text(blocks(text_of(ROOT / "docs/vocabulary.md"), "toml")[0], "utf-8")
    others = {}
    for path in PAGES:
        others |= commands(text_of(path)) if path not in TUTORIALS else {}
    others = {c: shown for c, shown in others.items() if shown.strip() or c not in OF_README}
    run_command("analysis report 2022 --no-pdf", project)
    for command, shown in others.items():
        if command.split()[0] not in ONLY_NAMED and NEEDS_A_CLUSTER not in command:
            printed = run_command(command, project)
            assert is_as_shown(shown, printed), printed


def test_the_vocabulary_file_that_is_shown_can_be_used(tmp_path):
    (tmp_path / "ours.toml").write_text(blocks(text_of(ROOT / "docs/vocabulary.md"), "toml")[0], "utf-8")
    words = read_vocabulary(tmp_path / "ours.toml")
    assert words.settings["few_dossiers"] == 20
    assert [system.settings["due"] for system in words.systems.values()] == ["current"]


# --- it holds together -----------------------------------------------------------------------------------------------


def _anchors(path):
    """The anchors of a Markdown file's headings, as a forge and MyST make them."""
    heads = re.findall(r"(?m)^#{1,3} (.+)$", BLOCK.sub("", text_of(path)))
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize(
    "path", [*PAGES, ROOT / "README.md", *(ROOT / "notebooks/how-to").glob("*.ipynb")], ids=name_of
)
def test_every_link_leads_somewhere(path):
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text_of(path)):
        found = (path.parent / target).resolve() if target else path
        assert found.exists(), target
        assert not anchor or anchor in _anchors(found), f"{target}#{anchor}"
        is_page = found.suffix != ".ipynb" or found.parent.name == "how-to"
        assert is_page or path not in PAGES, f"{target} is no page of the documentation; name it without a link"


def test_every_page_stands_in_the_contents():
    named = [line.partition("<")[2].rstrip(">") or line for block in _contents() for line in block.splitlines()]
    listed = {(ROOT / "docs" / f"{line}.md").resolve() for line in named}
    listed.add(ROOT / "docs/index.md")
    assert not [name_of(path) for path in PAGES if path not in listed]


def _contents():
    return re.findall(r"(?ms)^```\{toctree\}\n(?::.*?\n)*\n(.*?)^```$", text_of(ROOT / "docs/index.md"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The documentation as pages, built from a copy."""
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    copy, pages = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("html")
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "_build", "_made")
    for part in ("analysis", "notebooks", "docs", "data/raw/sample", "schedule", "benchmarks"):
        shutil.copytree(ROOT / part, copy / part, ignore=ignored)
    for file in ("README.md", "README.vi.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"):
        shutil.copy(ROOT / file, copy / file)
    run = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", ".", str(pages)]
    env = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(run, cwd=copy, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return pages


@pytest.mark.long
def test_the_pages_are_built_without_a_warning_and_fetch_nothing(built):
    pages = list(built.rglob("*.html"))
    assert len(pages) > 60
    for page in pages:
        document = html.fromstring(page.read_bytes())
        fetched = document.xpath(
            "//script/@src | //link[@rel='stylesheet']/@href | //img/@src | //iframe/@src | //source/@src"
        )
        assert not [source for source in fetched if re.match(r"(https?:)?//", source)], page
    for style in built.rglob("*.css"):
        assert not re.search(r"@import|url\(['\"]?(https?:)?//", style.read_text("utf-8")), style


@pytest.mark.long
def test_the_how_tos_show_the_figures_and_the_command_line_each_command(built):
    quarters = (built / "notebooks/how-to/compare-quarters.html").read_text("utf-8")
    assert "67,02\xa0%" in quarters
    assert "data:image/svg+xml" in quarters
    commands_page = (built / "docs/command-line.html").read_text("utf-8")
    assert all(f"<h3>{name}<" in commands_page for name in ("check", "report", "verify"))
    library = (built / "docs/_made/analysis.metrics.html").read_text("utf-8")
    assert 'id="analysis.metrics.on_time_rate"' in library
    assert "Float from 0 to 1; missing where nothing with a due date was resolved." in library


@pytest.mark.long
def test_no_page_shows_markup_that_was_meant_for_the_builder(built):
    told = {page.name: html.fromstring(page.read_bytes()).text_content() for page in built.rglob("*.html")}
    assert not [
        name for name, text in told.items() if re.search(r"\.\. \w[\w-]*::|:(?:func|class|doc):`|\{eval-rst\}", text)
    ]


@pytest.mark.long
def test_a_page_opened_as_a_file_can_be_searched_in_vietnamese(built, browser):
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((built / "search.html").as_uri() + "?q=tiếp+nhận")
    page.wait_for_selector("ul.search li a", timeout=PATIENCE * 1000)
    assert "definitions" in " ".join(page.locator("ul.search li a").evaluate_all("all => all.map(a => a.href)"))
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()
