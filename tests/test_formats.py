"""docs/formats.md says of every small file in tests/exports what the program makes of it; this holds it to that.

After a new file: ``python tests/test_formats.py`` writes the table anew, and the difference is what to review.
"""

import re
from pathlib import Path

from analysis.files import read_export
from analysis.grids import FileProblem
from analysis.vocabulary import read_vocabulary

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/formats.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"
HEAD = "| file in tests/exports | format | encoding | delimiter | lines of data | no data | said of it |\n|---|---|---|---|---:|---|---|\n"


def rows():
    """One row of the table per sheet of every small file."""
    vocabulary = read_vocabulary()
    for path in sorted((ROOT / "tests/exports").iterdir()):
        try:
            sheets = read_export(path, vocabulary=vocabulary)
        except FileProblem as problem:
            said = str(problem).removeprefix(f"{path.name}: ").replace("|", "\\|")
            yield f"| {path.name} | refused | | | | | {said} |"
            continue
        for sheet in sheets:
            reasons = [reason for _, reason in sheet.not_data]
            told = {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}
            read_as = sheet.read_as
            yield (
                f"| {path.name}{f' [{sheet.sheet}]' if sheet.sheet else ''} | {read_as['format']} | {read_as.get('encoding', '')} "
                f"| {read_as.get('delimiter', '')} | {len(sheet.lines)} | {', '.join(f'{n} {r}' for r, n in told.items())} "
                f"| {'; '.join(' '.join(d) for d in sheet.doubts)} |".replace("\n", " ")
            )


def table():
    return HEAD + "\n".join(rows()) + "\n"


def test_the_page_of_formats_says_what_happens():
    page = PAGE.read_text("utf-8")
    assert page.split(BEGIN)[1].split(END)[0] == table(), "run `python tests/test_formats.py` and look at what changed"


def test_no_small_file_is_read_without_a_word_for_its_oddity():
    for path in (ROOT / "tests/exports").iterdir():
        assert re.fullmatch(r"[a-z0-9-]+\.[a-z0-9]+", path.name), path.name


if __name__ == "__main__":
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")
