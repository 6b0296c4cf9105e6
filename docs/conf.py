"""The documentation as pages: ``make docs`` writes them into docs/_build/html.

The root is the project's own folder, so that a link between two Markdown files leads to the same place here and where the files are read
as they are. Nothing is fetched while the pages are built, and nothing while they are read.
"""

import os
from importlib import metadata
from pathlib import Path

os.environ["LANG"] = os.environ["LC_ALL"] = os.environ["LANGUAGE"] = (
    "C.UTF-8"  # the command line's help is in English here
)
os.environ["MPLBACKEND"] = "Agg"

project = "One-stop analysis"
author = "the one-stop-analysis authors"
release = metadata.version("one-stop-analysis")
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon", "sphinx_click"]
root_doc = "docs/index"
include_patterns = [
    "README.md",
    "README.vi.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/*.md",
    "docs/vi/*.md",
    "docs/_made/*.rst",
    "notebooks/how-to/*",
]
exclude_patterns = [
    ".*",
    "**/_build",
    "**/.ipynb_checkpoints",
    "analysis",
    "benchmarks",
    "data",
    "reports",
    "schedule",
    "tests",
]
templates_path = ["_templates"]

# Notebooks hold no output: they run while the pages are built, on the made-up sample. One that fails fails the build.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_merge_streams = True

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
myst_links_external_new_tab = True

autodoc_typehints = "none"  # the signature has them
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": False}
autosummary_generate = True
napoleon_google_docstring = False
napoleon_use_rtype = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_additional_pages = {"index": "to-the-docs.html"}
html_copy_source = html_show_sourcelink = False
html_show_search_summary = False  # it would be fetched, which a page opened as a file cannot do
html_last_updated_fmt = None
html_theme_options = {"top_of_page_buttons": []}


def setup(app: object) -> None:
    """A folder that is linked, as schedule/, is named and not linked: a page has no folder to show."""
    app.connect("doctree-read", _unlink_folders)  # type: ignore[attr-defined]


def _unlink_folders(app: object, document: object) -> None:
    from sphinx.addnodes import pending_xref  # noqa: PLC0415

    here = Path(document["source"]).parent  # type: ignore[index]
    for link in document.findall(pending_xref):  # type: ignore[attr-defined]
        if link.get("reftype") == "myst" and (here / link["reftarget"]).is_dir():
            link.replace_self(link.children)
