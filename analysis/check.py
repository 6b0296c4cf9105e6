"""What the program makes of a file, without loading it into anything.

``check`` looks and gives plain data, ready for JSON; ``checkup`` prints it. Columns that can name a person are never
looked into, and of a column that is not understood only is told what kind its cells are.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from analysis.columns import columns_of, find_header, likely_table
from analysis.files import find_exports, open_exports, read_grids
from analysis.grids import FileProblem, Grid
from analysis.headers import LOOK
from analysis.layout import Export, first_lines, understand
from analysis.privacy import MOST_WORDS, shown
from analysis.stages import judge
from analysis.states import settle
from analysis.suggestions import spellings, vocabulary_lines
from analysis.tables import TABLES, word_list
from analysis.vocabulary import Vocabulary, fold

FIRST_ROWS = 3

LONGEST_HEADING = 200
"""Characters; a longer text heads no column, and is not offered to the vocabulary."""

KINDS = {"count": "count up", "days": "are days", "numbers": "are numbers", "codes": "are codes", "texts": "are texts"}


def check(paths: Iterable[str | Path], *, vocabulary: Vocabulary, own: str | Path | None = None) -> dict[str, Any]:
    r"""Explain files, folders and what lies in them.

    Parameters
    ----------
    paths
        As ``files.find_exports`` takes them.
    vocabulary
        The words.
    own
        The user's own vocabulary file, for the spelling of its headings.

    Returns
    -------
    dict
        ``files``, one dict each; ``unusable``, how many of them cannot be used; ``vocabulary_lines``, TOML to add.

        A file has ``file``, ``usable``, ``problem`` (a sentence, or None), ``bytes``, ``sha256`` and ``sheets``.

        A sheet has ``sheet``, ``skipped`` (why it is not read, or empty), ``problem``, ``read_as`` (format, encoding,
        delimiter ...), ``lines``, ``width``, ``table`` (empty if not understood), ``nearest_table`` (that, or the one
        whose words it has most of), ``header`` (``row``, or None; ``height``; ``found_by``: ``words``, ``shape``,
        ``guess`` or None), ``columns``, ``missing`` (required columns that no heading means, alternatives together),
        ``exported_on``, ``covers``, ``fates`` (fate -> lines), ``not_data`` (reason -> lines), ``first_rows`` (``row``
        and columns), ``rejected`` and ``doubtful`` (``reason``, ``column``, ``lines``, ``row`` and ``value`` of one of
        them), ``unmapped`` (``column``, ``list``, ``word``, ``lines``) and ``doubts`` (``reason``, ``detail``).

        A column has ``position`` (from 1), ``heading``, ``column`` (or None), ``how`` (``exact``, ``two_rows``,
        ``personal``, ``second_choice``, ``unknown``), ``unsure`` (why, or empty), and, if unknown, ``nearest``
        (``heading``, ``column``, ``likeness``), ``guess`` (the nearest, if it is likely; or empty), ``kind``,
        ``of_kind`` and ``filled`` (what its cells are).

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> folder = getfixture("tmp_path")
    >>> _ = (folder / "a.csv").write_text("Mã hồ sơ;Ngày tiếp nhận\nH-1;03/01/2022\n", encoding="utf-8")
    >>> found = check([folder], vocabulary=read_vocabulary())
    >>> [(c["heading"], c["column"], c["how"]) for c in found["files"][0]["sheets"][0]["columns"]]
    [('Mã hồ sơ', 'dossier_id', 'exact'), ('Ngày tiếp nhận', 'received_on', 'exact')]
    """
    spelt = spellings(own)
    files = [_check_file(name, content, vocabulary, spelt) for name, content in _each(paths)]
    sheets = [s for f in files for s in f["sheets"]]
    lines = vocabulary_lines(
        _unknown_headings(sheets), _unknown_words(sheets),
        meanings={name: list(dict.fromkeys(known.values())) for name, known in vocabulary.words.items()},
    )  # fmt: skip
    return {"files": files, "unusable": sum(not f["usable"] for f in files), "vocabulary_lines": lines}


def _each(paths: Iterable[str | Path]) -> Iterator[tuple[str, bytes | FileProblem]]:
    """The name and content of every file and member of an archive, or what is wrong with it."""
    for path in map(Path, paths):
        try:
            for found in find_exports(path):
                yield from open_exports(found, name=found.as_posix())
        except FileProblem as problem:
            yield path.as_posix(), FileProblem(str(problem).removeprefix(f"{path}: "))


def _check_file(
    name: str, content: bytes | FileProblem, vocabulary: Vocabulary, spelt: Mapping[str, str]
) -> dict[str, Any]:
    found: dict[str, Any] = {"file": name, "usable": False, "problem": None, "bytes": None, "sha256": None}
    if isinstance(content, FileProblem):
        return found | {"problem": str(content), "sheets": []}
    found |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    own = vocabulary.of_file(name)
    try:
        grids = _read(content, own)
    except FileProblem as problem:
        return found | {"problem": str(problem), "sheets": []}
    understood = [_understand(grid, found, own) for grid in grids]
    ledgers = _ledgers([e for e in understood if isinstance(e, Export)], vocabulary)
    sheets = [_check_sheet(g, e, ledgers.get(g.sheet, {}), own, spelt) for g, e in zip(grids, understood, strict=True)]
    usable = all(isinstance(e, Export) for e in understood) and any(s["table"] for s in sheets)
    wrong = next((s["problem"] for s in sheets if s["problem"]), _not_understood(sheets))
    return found | {"usable": usable, "problem": None if usable else wrong, "sheets": sheets}


def _read(content: bytes, vocabulary: Vocabulary) -> list[Grid]:
    """The grids of a file; where its words lead nowhere, as its shape tells."""
    try:
        return read_grids(content, vocabulary=vocabulary)
    except FileProblem as problem:
        try:
            return read_grids(content)
        except FileProblem:
            raise problem from None


def _understand(grid: Grid, found: dict[str, Any], vocabulary: Vocabulary) -> Export | FileProblem:
    try:
        return understand(grid, found["file"], found["sha256"], vocabulary)
    except FileProblem as problem:
        return problem


def _not_understood(sheets: list[dict[str, Any]]) -> str:
    if not any(s["lines"] for s in sheets):
        return "holds no line; export it again."
    return f"no header was understood in the first {LOOK} lines; add its headings to a vocabulary file."


def _check_sheet(
    grid: Grid, export: Export | FileProblem, ledger: dict[str, Any], vocabulary: Vocabulary, spelt: Mapping[str, str]
) -> dict[str, Any]:
    """Everything about one sheet; see ``check``."""
    lines = first_lines(grid)
    problem = str(export) if isinstance(export, FileProblem) else None
    header, found_by = find_header([] if grid.skipped else lines, vocabulary if not problem else None)
    table = export.table if isinstance(export, Export) else ""
    nearest_table = table or likely_table(header.headings, vocabulary)
    row = lines[header.row][0] if found_by else None
    rows = (
        export.lines["source_row"].to_numpy()
        if table and isinstance(export, Export)
        else grid.rows[grid.rows > (row or 0)]
    )
    columns = columns_of(grid, header, nearest_table, data=rows, vocabulary=vocabulary, spelt=spelt) if row else []
    if found_by == "guess":  # a line that only may be a header can hold names
        columns = [c | {"heading": _cut(c)} for c in columns]
    meant = {c["column"] for c in columns}
    wanted = TABLES[nearest_table].required if nearest_table else ()
    days: dict[str, Any] = {"exported_on": None, "covers": [None, None]}
    if isinstance(export, Export):
        days = {"exported_on": _iso(export.exported_on), "covers": [_iso(day) for day in export.covers]}
    return {
        "sheet": grid.sheet, "skipped": grid.skipped, "problem": problem, "read_as": dict(grid.read_as),
        "lines": len(grid.cells) + len(grid.ragged), "width": grid.cells.num_columns, "table": table,
        "nearest_table": nearest_table, "header": {"row": row, "height": header.height, "found_by": found_by},
        "columns": columns, "missing": [list(each) for each in wanted if not meant & set(each)], **days,
        "not_data": _reasons(export.others) if isinstance(export, Export) else {},
        "fates": {}, "first_rows": [], "rejected": [], "doubtful": [], **ledger,
        "unmapped": _unmapped(export, vocabulary) if table and isinstance(export, Export) else [],
        "doubts": [{"reason": doubt.reason, "detail": doubt.detail} for doubt in grid.doubts],
    }  # fmt: skip


def _reasons(others: pd.DataFrame) -> dict[str, int]:
    """Why lines are no data, in the order in which the reasons come up, and how many lines each."""
    return {str(reason): int(lines) for reason, lines in others.groupby("reason", sort=False).size().items()}


def _cut(column: Mapping[str, Any]) -> str:
    heading = str(column["heading"])
    return heading if column["how"] != "unknown" or column["nearest"] or len(heading) <= 6 else f"{heading[:6]}…"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# --- the lines -------------------------------------------------------------------------------------------------------


def _ledgers(exports: list[Export], vocabulary: Vocabulary) -> dict[str, dict[str, Any]]:
    """Sheet -> what becomes of its lines; sheets of one table are cleaned together, as they would be."""
    found: dict[str, dict[str, Any]] = {}
    for table in TABLES:
        own = [e for e in exports if e.table == table]
        if not own:
            continue
        cleaned = settle([judge(export, vocabulary=vocabulary) for export in own], table).cleaned()
        for export in own:
            of_sheet = [t[t.source_sheet == export.sheet] for t in (cleaned.fates, cleaned.warnings, cleaned.history)]
            found[export.sheet] = _ledger(export, *of_sheet)
    return found


def _ledger(export: Export, fates: pd.DataFrame, doubts: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    counts = fates.fate.value_counts().sort_index()
    others = {"not_data": len(export.others)} if len(export.others) else {}
    columns = [c for c in TABLES[export.table].columns if c in export.headings]
    first = rows.sort_values("source_row").head(FIRST_ROWS)
    return {
        "fates": {**{str(fate): int(number) for fate, number in counts.items() if number}, **others},
        "rejected": _grouped(fates[fates.fate == "rejected"]),
        "doubtful": _grouped(doubts[doubts.reason != "unmapped_word"]),
        "first_rows": [
            {"row": int(row["source_row"]), **{c: _cell(row[c], c) for c in columns}}
            for row in first.to_dict("records")
        ],
    }


def _cell(value: Any, column: str) -> str | None:
    """A value as it was understood: a day in ISO form, a word as its meaning."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    return shown(str(value), column)


def _grouped(lines: pd.DataFrame) -> list[dict[str, Any]]:
    """Reasons with how often each holds and one example; the most frequent first."""
    groups: list[dict[str, Any]] = [
        {"reason": reason, "column": column, "lines": len(of), "row": int(of.source_row.iloc[0]),
         "value": shown(of.value.iloc[0], str(column))}
        for (reason, column), of in lines.sort_values("source_row").groupby(["reason", "column"], sort=True)
    ]  # fmt: skip
    return sorted(groups, key=lambda g: -g["lines"])


def _unmapped(export: Export, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Words without a meaning, the most frequent first; a column with very many of them is no column of words."""
    found = []
    for column in (c for c in TABLES[export.table].words if c in export.lines.column_names):
        known, words = vocabulary.words[word_list(column)], Counter[str]()
        for each in pc.value_counts(export.lines[column]).to_pylist():
            word = " ".join((each["values"] or "").split())
            if fold(word) not in known and not vocabulary.is_blank(word):
                words[word] += each["counts"]
        many = len(words) > MOST_WORDS
        for word, lines in sorted(words.items(), key=lambda w: (-w[1], w[0]))[:MOST_WORDS]:
            told = shown(word, column) if not many else f"{word[:3]}…"
            found.append({"column": column, "list": word_list(column), "word": told, "lines": lines})
    return found


# --- what a vocabulary file should say -------------------------------------------------------------------------------


def _unknown_headings(sheets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for sheet in sheets:
        for column in sheet["columns"]:
            if not sheet["nearest_table"] or not is_unknown(column):
                continue
            near = column["nearest"][0] if column["nearest"] else None
            said = look_told(column) + (f"; nearest is “{near['heading']}” ({near['column']})" if near else "")
            key = sheet["nearest_table"], fold(column["heading"])
            found.setdefault(
                key, {"table": key[0], "heading": column["heading"], "guess": column["guess"], "said": said}
            )
    return list(found.values())


def is_unknown(column: Mapping[str, Any]) -> bool:
    """Whether a column, as ``check`` tells of it, has a heading that somebody could explain.

    Examples
    --------
    >>> is_unknown({"heading": "Màu giấy", "how": "unknown", "kind": "texts"})
    True
    """
    heading = str(column["heading"])
    named = bool(fold(heading)) and not heading.endswith("…") and len(heading) <= LONGEST_HEADING
    return named and column["how"] == "unknown" and column["kind"] != "count"


def look_told(column: Mapping[str, Any]) -> str:
    """What the cells of an unknown column are, in words.

    Examples
    --------
    >>> look_told({"kind": "days", "of_kind": 8, "filled": 10})
    '8 of 10 cells are days'
    """
    if not column["filled"]:
        return "its cells are empty"
    kind = KINDS.get(column["kind"], f"are words of {column['kind']}")
    return f"{column['of_kind']} of {column['filled']} cells {kind}"


def _unknown_words(sheets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for word in (w for sheet in sheets for w in sheet["unmapped"] if fold(w["word"]) and not w["word"].endswith("…")):
        key = word["list"], fold(word["word"])
        same = found.setdefault(key, {"list": key[0], "word": word["word"], "lines": 0})
        same["lines"] += word["lines"]
    return list(found.values())
