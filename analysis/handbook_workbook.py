"""The handbook as a workbook: written once, and brought up to date without touching what was typed.

Everything that helps to fill it in stands in it: headings in one language, a sentence of help and an example on each sheet,
drop-downs, cell checks. An old workbook keeps its cells, formats and sheets of its own; what is missing is added, and the
result is read back and held against the old one before it takes its place.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.check import is_unknown
from analysis.grids import FileProblem
from analysis.handbook import LOOK, Handbook, read_handbook
from analysis.handbook_form import Choices, Column, Sheet, chosen, heads, meanings_of, read_form
from analysis.vocabulary import Vocabulary, fold

TITLE, HELP, HEADINGS = 1, 2, 4
"""Rows of a sheet that the program writes, an example above the headings; lines begin below them."""

CHECKED = 2000
"""Rows that have drop-downs and cell checks."""

CHOICES = {"vi": "Danh mục chọn", "en": "Choices"}
"""The sheet that drop-downs are made from; it is hidden, and written anew each time."""

EXAMPLES = {"vi": "Ví dụ", "en": "Example"}

FONT = "Calibri"
BLUE, PALE, YELLOW, GREY, LINE = "1F4E79", "F2F2F2", "FFF8DC", "808080", "BFBFBF"
THIN = Side(style="thin", color=LINE)
EDGE = Border(THIN, THIN, THIN, THIN)

LONGEST = 32_000
"""Characters that a cell of a workbook holds, about."""


class Learned(NamedTuple):
    """A word that nobody explained yet."""

    list: str
    """One of the form's lists, such as ``words.status``."""
    word: str
    lines: int
    example: str
    """Where it stands, and what is known of it."""


def write_handbook(
    path: Path, *, vocabulary: Vocabulary, lang: str = "vi", learned: Sequence[Learned] = ()
) -> dict[str, int]:
    """Write a handbook, or bring an old one up to date.

    Parameters
    ----------
    path
        The workbook. What was typed into one that is there stays as it is.
    vocabulary
        Its settings are the defaults that are shown.
    lang
        The language of a new workbook, and of what is added to an old one: ``vi`` or ``en``.
    learned
        Words to be explained; those that stand there already only get their number and example anew.

    Returns
    -------
    dict
        What was added: ``sheets``, ``columns``, ``settings``, ``words``.

    Raises
    ------
    FileProblem
        If an old workbook cannot be opened, or could not be kept as it is. It is then untouched.
    OSError
        If the workbook cannot be written, as while it is open in Excel. An old one is then untouched.
    """
    before = read_handbook(path) if path.exists() else None
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes())) if before else Workbook()
    added = dict.fromkeys(("sheets", "columns", "settings", "words"), 0)
    if not before:
        _write_guide(book.active, lang)
    _write_choices(book, lang)
    for name, form in read_form().sheets.items():
        sheet, is_new = _sheet_of(book, name, form, lang)
        added["sheets"] += is_new
        head, places, new = _headings(sheet, form, lang)
        added["columns"] += 0 if is_new else new
        if name == "settings":
            added["settings"] += _write_settings(sheet, head, places, vocabulary, lang)
        if name == "words":
            added["words"] += _write_words(sheet, head, places, learned, lang)
        _check_cells(sheet, form, head, places, lang)
    _replace(path, book, before)
    return added


def _replace(path: Path, book: Workbook, before: Handbook | None) -> None:
    """Put a workbook in the place of the old one, when it says all that the old one said."""
    content = io.BytesIO()
    book.save(content)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content.getvalue())
        if before and (lost := _lost(before, read_handbook(part))):
            raise FileProblem(
                f"{path}: the sheet “{lost}” cannot be kept as it is (does it hold formulas? write their values instead); "
                "nothing was changed."
            )
        part.replace(path)
    except PermissionError:
        raise FileProblem(
            f"{path}: cannot be written; close it where it is open (Excel), or give the permission."
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _lost(before: Handbook, after: Handbook) -> str:
    """The first sheet whose lines are not what they were; empty if all are."""
    for name, lines in before.lines.items():
        if not lines.equals(after.lines[name]):
            return read_form().sheets[name].names["vi"]
    same = before.mistakes.equals(after.mistakes)
    return "" if same else str(before.mistakes.sheet.iloc[0] if len(before.mistakes) else after.mistakes.sheet.iloc[0])


# --- sheets ----------------------------------------------------------------------------------------------------------


def _write_guide(sheet: Worksheet, lang: str) -> None:
    form = read_form()
    sheet.title = form.guide[lang]
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 110
    sheet.sheet_view.showGridLines = False
    _put(sheet.cell(TITLE, 1), form.guide[lang], font=Font(name=FONT, size=18, bold=True, color=BLUE))
    row = 3
    for line in form.guide[f"lines_{lang}"]:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        _put(sheet.cell(row, 1), line, alignment=Alignment(wrap_text=True, vertical="top"))
        sheet.row_dimensions[row].height = 15 * (1 + len(line) // 125) + 4
        row += 1
    for of in form.sheets.values():
        row += 1
        link = _put(sheet.cell(row, 1), of.names[lang], font=Font(name=FONT, bold=True, underline="single", color=BLUE))
        link.hyperlink = f"#{quote_sheetname(of.names[lang])}!A1"
        link.alignment = Alignment(vertical="top")
        _put(sheet.cell(row, 2), of.helps[lang], alignment=Alignment(wrap_text=True, vertical="top"))
        sheet.row_dimensions[row].height = 15 * (1 + len(of.helps[lang]) // 105) + 4
    _print(sheet)


def _sheet_of(book: Workbook, name: str, form: Sheet, lang: str) -> tuple[Worksheet, bool]:
    """The sheet of a workbook, and whether it had to be made."""
    sheets = {s: of.names for s, of in read_form().sheets.items()}
    for sheet in book.worksheets:
        if chosen(sheet.title, sheets) == name:
            return sheet, False
    sheet = book.create_sheet(form.names[lang], len(book.sheetnames) - 1)  # before the hidden one
    sheet.sheet_properties.tabColor = BLUE
    _put(sheet.cell(TITLE, 1), form.names[lang], font=Font(name=FONT, size=16, bold=True, color=BLUE))
    _put(sheet.cell(HELP, 1), form.helps[lang], font=Font(name=FONT, color=GREY))
    sheet.freeze_panes = sheet.cell(HEADINGS + 1, 1)
    _print(sheet)
    sheet.print_title_rows = f"{HEADINGS}:{HEADINGS}"
    return sheet, True


def _print(sheet: Worksheet) -> None:
    """On A4 across, one page wide."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _headings(sheet: Worksheet, form: Sheet, lang: str) -> tuple[int, dict[str, int], int]:
    """The row of the headings, the number of each column, and how many were missing and are added on the right."""
    rows = list(sheet.iter_rows(min_row=1, max_row=LOOK, values_only=True))
    at, found = heads([[str(value or "") for value in row] for row in rows], form)
    head, places = (at + 1 if found else HEADINGS), {name: position + 1 for name, position in found.items()}
    missing = [column for name, column in form.columns.items() if name not in places]
    for number, column in enumerate(missing, max(places.values(), default=0) + 1):
        places[column.name] = number
        _write_heading(sheet, head, number, column, lang)
    return head, places, len(missing)


def _write_heading(sheet: Worksheet, head: int, number: int, column: Column, lang: str) -> None:
    color = GREY if column.written else BLUE
    cell = _put(sheet.cell(head, number), column.names[lang], font=Font(name=FONT, bold=True, color="FFFFFF"))
    cell.fill, cell.border = PatternFill("solid", fgColor=color), EDGE
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.row_dimensions[head].height = 32
    sheet.column_dimensions[get_column_letter(number)].width = column.width
    if head > 1 and not sheet.cell(head - 1, number).value:
        text = f"{EXAMPLES[lang]}: " * (number == 1) + _example(column, lang)
        example = _put(sheet.cell(head - 1, number), text, font=Font(name=FONT, italic=True, color=GREY))
        example.fill = PatternFill("solid", fgColor=PALE)
        example.alignment = Alignment(wrap_text=True, vertical="top")
        example.number_format = "@"


def _example(column: Column, lang: str) -> str:
    if column.kind != "choice":
        return column.example
    return read_form().choices[column.choices].get(column.example, {}).get(lang, column.example)


# --- lines that the program writes -----------------------------------------------------------------------------------


def _write_settings(
    sheet: Worksheet, head: int, places: Mapping[str, int], vocabulary: Vocabulary, lang: str
) -> int:  # fmt: skip
    """A line for every setting that has none; default and effect of each anew. Says how many are new."""
    choices = read_form().choices["settings"]
    held: dict[str | None, list[int]] = {}
    for row in range(head + 1, sheet.max_row + 1):
        held.setdefault(chosen(str(sheet.cell(row, places["setting"]).value or ""), choices), []).append(row)
    free = max((row for rows in held.values() for row in rows if _is_filled(sheet, row)), default=head) + 1
    new = 0
    for name, said in choices.items():
        if name not in held:
            _put(sheet.cell(free, places["setting"]), said[lang])
            _ask(sheet.cell(free, places["value"]))
            held[name], free, new = [free], free + 1, new + 1
        for row in held[name]:
            written = {"default": str(vocabulary.settings[name]), "does": said[f"does_{lang}"]}
            for column, text in written.items():
                _put_written(sheet.cell(row, places[column]), text)
    return new


def _write_words(
    sheet: Worksheet, head: int, places: Mapping[str, int], learned: Iterable[Learned], lang: str
) -> int:  # fmt: skip
    """A line for every learned word that has none; number and example of each anew. Says how many are new."""
    lists, free, new = read_form().choices["lists"], head + 1, 0
    rows: dict[tuple[str | None, str], int] = {}
    for row in range(head + 1, sheet.max_row + 1):
        if _is_filled(sheet, row):
            kind, word = (str(sheet.cell(row, places[c]).value or "") for c in ("list", "word"))
            rows[chosen(kind, lists), fold(word)], free = row, row + 1
    for each in learned:
        key = each.list, fold(each.word)
        if key not in rows:
            rows[key], free, new = free, free + 1, new + 1
            _put(sheet.cell(rows[key], places["list"]), lists[each.list][lang])
            _put(sheet.cell(rows[key], places["word"]), each.word)
            _ask(sheet.cell(rows[key], places["meaning"]))
        _put_written(sheet.cell(rows[key], places["lines"]), str(each.lines))
        _put_written(sheet.cell(rows[key], places["example"]), each.example)
    return new


def _is_filled(sheet: Worksheet, row: int) -> bool:
    return any(cell.value not in (None, "") for cell in sheet[row])


def _put(cell: Cell, text: str, **style: Any) -> Cell:
    """A text as it stands; one that begins with = is no formula."""
    cell.value = "".join(c for c in text if c.isprintable() or c == "\n")[:LONGEST]
    cell.data_type = "s"
    cell.font = style.pop("font", Font(name=FONT))
    for name, value in style.items():
        setattr(cell, name, value)
    return cell


def _ask(cell: Cell) -> None:
    """Show that a cell waits for an answer."""
    cell.fill, cell.border = PatternFill("solid", fgColor=YELLOW), EDGE


def _put_written(cell: Cell, text: str) -> None:
    _put(cell, text, font=Font(name=FONT, color=GREY), alignment=Alignment(wrap_text=True, vertical="top"))


# --- what helps to fill it in ----------------------------------------------------------------------------------------


def _write_choices(book: Workbook, lang: str) -> None:
    """The lists of all drop-downs, one a column; the meanings of a list of words below the name of the list."""
    for name in CHOICES.values():
        if name in book.sheetnames:
            book.remove(book[name])
    sheet = book.create_sheet(CHOICES[lang])
    sheet.sheet_state = "hidden"
    for number, (head, texts) in enumerate(_lists(lang).items(), 1):
        for row, text in enumerate([head, *texts], 1):
            _put(sheet.cell(row, number), text)


def _lists(lang: str) -> dict[str, list[str]]:
    """Head of a column of the sheet of choices -> what may be chosen."""
    form = read_form()
    plain = {f"[{name}]": _named(choices, lang) for name, choices in form.choices.items()}
    return plain | {names[lang]: _named(meanings_of(list_), lang) for list_, names in form.choices["lists"].items()}


def _named(choices: Choices, lang: str) -> list[str]:
    return [names[lang] for names in choices.values()]


def _check_cells(sheet: Worksheet, form: Sheet, head: int, places: Mapping[str, int], lang: str) -> None:
    """Drop-downs, checks and formats of the cells below the headings, anew; the program's own columns have none."""
    first, last = head + 1, head + CHECKED
    checks = []
    for column in form.read:
        letter = get_column_letter(places[column.name])
        check = _check_of(column, form, places, first, lang)
        if check:
            check.add(f"{letter}{first}:{letter}{last}")
            checks.append(check)
        for row in range(first, max(sheet.max_row, first + 200) + 1):
            cell = sheet.cell(row, places[column.name])
            if cell.value is None and cell.number_format == "General":
                cell.number_format = "General" if column.kind in {"number", "percent", "year"} else "@"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(name=FONT)
    sheet.data_validations.dataValidation = checks


def _check_of(column: Column, form: Sheet, places: Mapping[str, int], first: int, lang: str) -> DataValidation | None:
    check = _rule_of(column, form, places, first, lang)
    if column.helps[lang] or check:
        check = check or DataValidation(allow_blank=True)
        check.promptTitle = column.names[lang][:32]
        check.prompt = (column.helps[lang] or column.names[lang])[:250]
        check.showInputMessage = bool(column.helps[lang])
    return check


def _rule_of(column: Column, form: Sheet, places: Mapping[str, int], first: int, lang: str) -> DataValidation | None:
    if column.kind == "choice":
        return DataValidation(
            "list", formula1=_range(f"[{column.choices}]", lang), allow_blank=True, showErrorMessage=True
        )
    if form.name == "words" and column.name == "meaning":
        kind = f"${get_column_letter(places['list'])}{first}"
        free = DataValidation("list", formula1=_meanings(kind, lang), allow_blank=True, showErrorMessage=True)
        free.errorStyle = "warning"  # other words of the vocabulary are understood too
        return free
    if column.kind == "day":
        # Days are typed as text: Excel of another country would make 9 February of 02/09/2022, in silence.
        cell = f"{get_column_letter(places[column.name])}{first}"
        slashes = f'OR(ISNUMBER({cell}),LEN({cell})-LEN(SUBSTITUTE({cell},"/",""))=2)'
        return DataValidation("custom", formula1=slashes, allow_blank=True, showErrorMessage=True)
    bounds = {
        "percent": ("decimal", "1.0001", "100"),
        "year": ("whole", "1990", "2100"),
        "number": ("decimal", "-1000000000000000", "1000000000000000"),
    }
    if column.kind not in bounds:
        return None
    kind, least, most = bounds[column.kind]
    return DataValidation(
        kind, operator="between", formula1=least, formula2=most, allow_blank=True, showErrorMessage=True
    )


def _range(head: str, lang: str) -> str:
    """The cells of a list on the sheet of choices."""
    lists = _lists(lang)
    letter = get_column_letter(list(lists).index(head) + 1)
    return f"{quote_sheetname(CHOICES[lang])}!${letter}$2:${letter}${1 + max(len(lists[head]), 1)}"


def _meanings(kind: str, lang: str) -> str:
    """The meanings of the list of words that a cell names, found by its name on the sheet of choices."""
    sheet = quote_sheetname(CHOICES[lang])
    most = max(map(len, _lists(lang).values()))
    at = f"MATCH({kind},{sheet}!$1:$1,0)-1"
    return f"OFFSET({sheet}!$A$2,0,{at},COUNTA(OFFSET({sheet}!$A$2,0,{at},{most},1)),1)"


def learned_of(found: Mapping[str, Any], *, lang: str = "vi") -> list[Learned]:
    """The words that ``check.check`` did not understand, as lines of the handbook.

    Words that may name a person, and so are cut, are left out.

    Examples
    --------
    >>> unmapped = [{"list": "status", "word": "Chờ ký", "lines": 3, "column": "status"}]
    >>> sheet = {"sheet": "", "columns": [], "unmapped": unmapped, "nearest_table": "dossiers", "lines": 10}
    >>> learned_of({"files": [{"file": "a.csv", "sheets": [sheet]}]})
    [Learned(list='words.status', word='Chờ ký', lines=3, example='a.csv')]
    """
    rows = [
        row for file in found["files"] for sheet in file["sheets"] for row in _learned_from(file["file"], sheet, lang)
    ]
    return _merged(rows)


def _learned_from(file: str, sheet: Mapping[str, Any], lang: str) -> Iterable[Learned]:
    place = " · ".join(filter(None, [file, sheet["sheet"]]))
    for word in sheet["unmapped"]:
        if fold(word["word"]) and not word["word"].endswith("…") and "\ufffd" not in word["word"]:
            yield Learned(f"words.{word['list']}", word["word"], word["lines"], place)
    for column in sheet["columns"]:
        if is_unknown(column) and sheet["nearest_table"]:
            near = f"; ≈ “{column['nearest'][0]['heading']}”" if column["nearest"] else ""
            yield Learned(f"columns.{sheet['nearest_table']}", column["heading"], sheet["lines"], place + near)


def _merged(rows: Iterable[Learned]) -> list[Learned]:
    """Each word once, with the lines of all files; the most frequent first."""
    found: dict[tuple[str, str], Learned] = {}
    for row in rows:
        key = row.list, fold(row.word)
        found[key] = found[key]._replace(lines=found[key].lines + row.lines) if key in found else row
    return sorted(found.values(), key=lambda each: (-each.lines, each.list, each.word))
