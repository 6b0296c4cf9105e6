"""What is taken away from an exploration: a picture, the table as a workbook, and the commands that show the same again.

Files go to ``exploration/`` of the project, with names that say what is in them; a file of the same choice is written anew.
"""

from collections.abc import Mapping
from math import isnan
from pathlib import Path

import matplotlib.pyplot as plt

from analysis.data_sheets import DataBook, Sheet, sheet_name
from analysis.exploration import LIVE, Choice
from analysis.explored import Explored
from analysis.explored_page import PICTURES, SHARES, chosen, row_name, table_headings
from analysis.intake import find
from analysis.labels import NOTHING, Labels
from analysis.pictures import figure_of, png_of, svg_of
from analysis.written import Written

FOLDER = "exploration"

NOTEBOOK, REPORT = "notebooks/explore.ipynb", "notebooks/annual.ipynb"


def folder_of(data: str | Path) -> Path:
    """Where the files of an exploration go: beside the folder ``data`` that its exports lie in, else the working folder.

    Examples
    --------
    >>> folder_of("data/raw").name
    'exploration'
    """
    found = find(data).absolute()
    project = next((above.parent for above in (found, *found.parents) if above.name == "data"), Path.cwd())
    return project / FOLDER


def picture_file(name: str, explored: Explored, folder: Path, *, kind: str, labels: Labels) -> Path:
    """Write one of ``explored_page.PICTURES`` with its title, as ``png`` or ``svg``; give its path."""
    ax = PICTURES[name](explored, labels)
    try:
        content = png_of(ax, titled=True) if kind == "png" else svg_of(ax, titled=True, outlines=True).encode()
    finally:
        plt.close(figure_of(ax))
    return _write(folder / explored.choice.file_name(labels.name(f"explore.picture_{name}"), f".{kind}"), content)


def table_file(explored: Explored, folder: Path, *, labels: Labels) -> Path:
    """Write the table as a workbook with real numbers; its first sheet says what was chosen; give its path."""
    rows = labels.name(f"explore.table_{explored.choice.table}")
    name = explored.choice.file_name(f"{labels.name('headings.table')} {rows}", ".xlsx")
    return _write(folder / name, table_workbook(explored, labels=labels))


def table_workbook(explored: Explored, *, labels: Labels) -> bytes:
    """The table of an exploration as an XLSX file; the same exploration gives the same bytes."""
    title = labels.name("explore.table_caption", table=labels.name(f"explore.table_{explored.choice.table}"))
    headings = tuple(table_headings(explored, labels=labels).values())
    rows = [
        [row_name(explored, name, labels=labels), *map(_cell, map(str, explored.table), values)]
        for name, *values in explored.table.itertuples(name=None)
    ]
    book = DataBook(labels, title=title, made=explored.data.as_of.to_pydatetime())
    sheet = Sheet(sheet_name(title), title, headings, rows)
    said = [title, chosen(explored, labels=labels), explored.choice.line()]
    if explored.data.is_sample:
        said.insert(1, labels.name("sentences.made_up"))
    book.first.set_column(0, 0, 110)
    for row, text in enumerate(said):
        book.write(book.first, row, 0, text, "text" if row else "title")
    book.link(book.first, len(said) + 1, 0, sheet.name, sheet.name)
    book.add(sheet)
    return book.close()


def _cell(column: str, value: float) -> str | Written:
    if isnan(value):
        return NOTHING
    return Written(float(value), "0.00%" if column in SHARES else "#,##0")


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def commands(choice: Choice, *, lang: str, told: Mapping[str, str]) -> dict[str, str]:
    """The commands that show the same as a choice, by the names of their sentences; those of the report where it can.

    Parameters
    ----------
    told
        The parameters of the notebook that say which exports, words and names: ``data``, ``vocabulary``, ``handbook``, ``names``.

    Examples
    --------
    >>> shown = commands(Choice(period="2022", channel="online"), lang="en", told={"data": "data/raw"})
    >>> print(shown["command"])
    papermill notebooks/explore.ipynb exploration/2022.online.ipynb -r choice "period=2022; channel=online" -r lang en
    >>> "report_command" in commands(Choice(period="2022"), lang="en", told={})
    True
    """
    usual = {"data": "data/raw"}
    others = {name: value for name, value in told.items() if value and value != usual.get(name)}
    own = f"{FOLDER}/{choice.file_name('', '').rstrip('.')}.ipynb"
    shown = {"command": _papermill(NOTEBOOK, own, {"choice": choice.line(), "lang": lang, **others})}
    if not choice.is_of_report() or LIVE.search(choice.unit):
        return shown
    asked = {name: value for name in ("period", "as_of", "unit") if (value := getattr(choice, name))}
    options = {"as_of": choice.as_of, "unit": choice.unit, "lang": lang, **others}
    report = [f"--{name.replace('_', '-')} {_quoted(value)}" for name, value in options.items() if value]
    shown["report_command"] = " ".join(["analysis report", _quoted(choice.period), *report])
    shown["report_papermill"] = _papermill(REPORT, own.replace("/", "/report."), {**asked, "lang": lang, **others})
    return shown


def _papermill(notebook: str, output: str, parameters: Mapping[str, str]) -> str:
    """Raw parameters, since papermill would make the number 123 of a unit called 00123."""
    told = [f"-r {name} {_quoted(value)}" for name, value in parameters.items()]
    return " ".join(["papermill", notebook, output, *told])


def _quoted(value: str) -> str:
    """A value as both shells take it; between double quotes where it is more than a word."""
    plain = value and all(letter.isalnum() or letter in "-_./" for letter in value)
    return value if plain else '"' + value.replace('"', '\\"') + '"'
