"""One way: only the pieces of a page write HTML, so that no value can pass them unescaped."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from lxml import html

from analysis import page
from analysis.canvas import axes_of, head, in_house_style, say
from analysis.html_page import to_html
from analysis.page import show_chart
from analysis.visible import words_of_picture

PACKAGE = Path(page.__file__).parent
MODULES = sorted(PACKAGE.glob("*.py"))

MAKERS = {"page.py", "report_index.py", "html_page.py", "signed_page.py", "explored_page.py"}
"""The modules that write elements around values; each escapes them."""

READERS = {"markup.py", "languages.py", "pictures.py", "printing.py"}
"""The modules that look for elements in finished text, or change some, and put no value into any."""

BOX = re.compile(r"</?(div|dl|header|section|nav)( class=\"[\w -]+\")?>")
"""What other modules may put around pieces: a box that holds no text of its own."""

TAG = re.compile(r"</?(?:[a-z]+|h[1-6])(?=[\s>/]|$)")


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def texts(tree):
    """The texts of a module that are no documentation and no pattern."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documents = {
        id(s.value)
        for node in ast.walk(tree)
        if isinstance(node, holders)
        for s in node.body
        if isinstance(s, ast.Expr)
    }
    compared = {id(c) for node in ast.walk(tree) if isinstance(node, ast.Compare) for c in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents | compared:
            yield node.value


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_nothing_goes_round_the_pieces_of_a_page(module):
    tree = ast.parse(module.read_text("utf-8"))
    for call, name in calls(tree):
        assert name not in {"Markdown", "Javascript", "SVG", "Latex", "set_caption"}, ast.unparse(call)
        is_lab = module.name == "explore_controls.py"  # what it displays are pieces
        assert name not in {"HTML", "display"} or is_lab, ast.unparse(call)
        assert name != "Markup" or module.name == "word_template.py", ast.unparse(call)  # of Word, escaped there
        assert name != "to_html" or module.name in {"report.py", "report_index.py"}, ast.unparse(call)
        unescaped = [w for w in call.keywords if w.arg in {"escape", "autoescape"} and ast.unparse(w.value) != "True"]
        assert not unescaped, ast.unparse(call)
    frames = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "style"]
    assert (
        module.name in {"printed.py", "data_sheets.py", "colours.py", "explore_controls.py"} or not frames
    )  # a style there is another thing


@pytest.mark.parametrize("module", [m for m in MODULES if m.name not in MAKERS], ids=lambda path: path.name)
def test_other_modules_put_boxes_around_pieces_and_write_no_other_element(module):
    for text in texts(ast.parse(module.read_text("utf-8"))):
        written = re.sub(r"\(\?P?<\w+>", "", text)  # a group of a pattern
        assert not TAG.search(BOX.sub("", written)) or module.name in READERS, text


def test_the_test_sees_what_it_is_to_see():
    seen = ast.parse('f"<b>{name}</b>"\nx = f"<div class=\\"cards\\">{cards}</div>"')
    assert [bool(TAG.search(BOX.sub("", text))) for text in texts(seen)] == [True, True, False, False]


@pytest.mark.parametrize(
    "text", ["$x$", "$\\frac{1}{0}$", "\\frac", "$x^ <script>$", "100 % $", "a_{b}^c", "$$", "&lt;b&gt;"]
)
def test_whatever_a_chart_draws_is_drawn_as_text(text):
    source = html.fromstring(show_chart(everywhere(text))).xpath("string(//img/@src)")
    drawn = [said.strip() for said in words_of_picture(source)]
    assert drawn.count(text) == 5


@in_house_style
def everywhere(text):
    """A chart with one text everywhere that a text can stand."""
    ax = axes_of(None)
    ax.plot([0, 1], [0, 1], label=text)
    ax.set_xticks([0, 1], [text, ""])
    ax.set_xlabel(text)
    ax.set_ylabel(text)
    ax.annotate(text, (0, 0))
    ax.legend()
    return say(head(ax, text, text), "What every text says here is drawn as it is.")


@pytest.mark.parametrize(
    "kind",
    [
        "application/javascript",
        "text/vnd.mermaid",
        "text/markdown",
        "text/latex",
        "image/svg+xml",
        "text/plain",
        "application/pdf",
    ],
)
def test_an_output_of_another_kind_is_no_part_of_a_page(kind):
    said = "<script>payload</script>"
    output = nbformat.v4.new_output("display_data", {kind: said, "text/html": "<p>shown</p>"})
    alone = nbformat.v4.new_output("display_data", {kind: said})
    cell = nbformat.v4.new_code_cell("show()", outputs=[output, alone])
    shown = to_html(nbformat.v4.new_notebook(cells=[cell]), title="Trang", lang="vi")
    assert "<p>shown</p>" in shown
    assert "payload" not in shown
