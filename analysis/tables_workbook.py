"""Every table of a page as a workbook: a sheet for each, and a first sheet that names them.

What stands in it is read from the executed notebook that the page is made of, so the two cannot differ.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from nbformat import NotebookNode

from analysis.data_sheets import MADE, DataBook, Sheet, sheet_name
from analysis.labels import NOTHING, Labels, read_labels
from analysis.page import MOVED
from analysis.page_tables import PageTable, head_of, tables_of
from analysis.written import Written, read_back


def tables_workbook(notebook: NotebookNode, *, title: str, lang: str, about: Mapping[str, str] | None = None) -> bytes:
    r"""The tables of an executed notebook as an XLSX file.

    Parameters
    ----------
    notebook
        Its outputs made by ``page``.
    title
        That of the page.
    lang
        The language of the page.
    about
        As in ``report.Report``; its ``as_of`` is the day that the file says it was made on.

    Returns
    -------
    bytes
        The same notebook gives the same bytes. A column of which every cell is a number, or a dash, holds numbers with the
        decimals of the page; a share is a part of 1. The first column names the rows and stays text, unless it is of days.

    Examples
    --------
    >>> import nbformat
    >>> empty = tables_workbook(nbformat.v4.new_notebook(), title="Năm 2022", lang="vi")
    >>> empty[:2], empty == tables_workbook(nbformat.v4.new_notebook(), title="Năm 2022", lang="vi")
    (b'PK', True)
    """
    labels = read_labels(lang)
    made = read_back((about or {}).get("as_of", ""), lang=lang)
    day = made.value if made and isinstance(made.value, datetime) else MADE
    book = DataBook(labels, title=title, made=day)
    tables = tables_of(notebook, lang=lang)
    names = [sheet_name(f"{table.number} {_called(table, tables)}") for table in tables]
    _write_contents(book, [*(head_of(notebook) or [title])], tables, names)
    for table, name in zip(tables, names, strict=True):
        book.add(Sheet(name, _titled(table, tables), table.columns, cells_of(table, lang=lang), _notes(table, labels)))
    return book.close()


def cells_of(table: PageTable, *, lang: str) -> list[list[str | Written]]:
    """The rows of a table, with numbers and days in the columns that hold nothing else.

    Examples
    --------
    >>> table = PageTable("1.1", (), ("Năm", "Mã", "Số"), (("2021", "1.007767", "1.234"), ("2022", "2", "–")))
    >>> [[cell if isinstance(cell, str) else cell.value for cell in row] for row in cells_of(table, lang="vi")]
    [['2021', '1.007767', 1234.0], ['2022', '2', '–']]
    """
    columns = [_column(texts, lang, is_first=not at) for at, texts in enumerate(zip(*table.rows, strict=True))]
    return [list(row) for row in zip(*columns, strict=True)]


def _column(texts: Sequence[str], lang: str, *, is_first: bool) -> list[str | Written]:
    cells = [NOTHING if text == NOTHING else read_back(text, lang=lang) for text in texts]
    days = [cell.is_day for cell in cells if isinstance(cell, Written)]
    is_of_one_kind = all(days) or not (is_first or any(days))
    return [cell or "" for cell in cells] if days and None not in cells and is_of_one_kind else list(texts)


def _called(table: PageTable, tables: Sequence[PageTable]) -> str:
    """What tells a table best, in a few words: its own caption; one that several have says less than what is above it."""
    same = [other for other in tables if other.headings == table.headings]
    if len(same) > 1 and sum(other.columns[0] == table.columns[0] for other in same) == 1:
        return table.columns[0]
    *_, above, last = ("", "", *table.headings)
    return above if above and sum(other.headings[-1:] == (last,) for other in tables) > len(same) else last


def _titled(table: PageTable, tables: Sequence[PageTable]) -> str:
    """All that a table stands below; where others stand below the same, what its rows are too."""
    return " · ".join(_below(table, tables))


def _below(table: PageTable, tables: Sequence[PageTable]) -> list[str]:
    own = () if _is_unique(table, tables) else table.columns[:1]
    return list(dict.fromkeys([*table.headings, *own]))


def _is_unique(table: PageTable, tables: Sequence[PageTable]) -> bool:
    return bool(table.headings) and sum(other.headings == table.headings for other in tables) == 1


def _notes(table: PageTable, labels: Labels) -> list[str]:
    notes = list(table.notes)
    if any(MOVED in cell for row in table.rows for cell in row):
        notes.append(labels.name("workbooks.moved"))
    if any(cell == NOTHING for row in table.rows for cell in row):
        notes.append(labels.name("workbooks.dash"))
    if table.left:
        notes.append(labels.name("workbooks.left", number=labels.number(table.left)))
    return notes


def _write_contents(book: DataBook, head: Sequence[str], tables: Sequence[PageTable], names: Sequence[str]) -> None:
    """The first sheet: of whom, of what, up to which day; then a line for each table, which leads to it."""
    sheet, labels = book.first, book.labels
    for row, text in enumerate(head):
        book.write(sheet, row, 0, text, "title" if row < len(head) - 1 else "plain")
    top = len(head) + 1
    heads = [labels.name(f"workbooks.{name}") for name in ("sheet", "section", "table", "about", "rows")]
    rows: list[list[str | Written]] = [
        [table.number, *_told(table, tables), Written(len(table.rows), "#,##0")] for table in tables
    ]
    book.table(sheet, top, Sheet("", "", tuple(heads), rows))
    for row, (table, name) in enumerate(zip(tables, names, strict=True), top + 1):
        book.link(sheet, row, 0, name, table.number)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)


def _told(table: PageTable, tables: Sequence[PageTable]) -> tuple[str, str, str]:
    """The section of a table, what it stands below there, and what tells it from others of the same place."""
    section, *below = _below(table, tables)
    return section, " · ".join(below), "" if _is_unique(table, tables) else "".join(table.notes[:1])
