"""The documentation as pages: ``make docs`` writes them into docs/_build/html.

The root is the project's own folder, so that a link between two Markdown files leads to the same place here and where the files are read
as they are. Nothing is fetched while the pages are built, and nothing while they are read.
"""

import logging
import os
import re
from importlib import metadata
from pathlib import Path

from jupyter_client.manager import KernelManager

os.environ["LC_ALL"] = "C.UTF-8"
os.environ["ANALYSIS_LANG"] = "en"  # the command line's help is in English here
os.environ["MPLBACKEND"] = "Agg"
logging.getLogger("traitlets").setLevel(logging.WARNING)  # that a notebook runs is no news
KernelManager.transport_encryption.default_value = "required"  # else each kernel warns that its sockets are open

project = "One-stop analysis"
author = "the one-stop-analysis authors"
release = metadata.version("one-stop-analysis")
language = "en"
smartquotes = False  # --all is two hyphens

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
templates_path = [str(Path(__file__).parent / "_templates")]  # autosummary would look below the root

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
    """A folder that is linked, as schedule/, is named only: a page has no folder to show. A star in a command's help is a star."""
    app.connect("doctree-read", _unlink_folders)  # type: ignore[attr-defined]
    app.connect("sphinx-click-process-description", _as_written)  # type: ignore[attr-defined]


def _as_written(app: object, context: object, lines: list[str]) -> None:
    lines[:] = [re.sub(r"`([^`]+)`", r"``\1``", line.replace("*", r"\*")) for line in lines]


def _unlink_folders(app: object, document: object) -> None:
    from sphinx.addnodes import pending_xref  # noqa: PLC0415

    here = Path(document["source"]).parent  # type: ignore[index]
    for link in document.findall(pending_xref):  # type: ignore[attr-defined]
        if link.get("reftype") == "myst" and (here / link["reftarget"]).is_dir():
            link.replace_self(link.children)
