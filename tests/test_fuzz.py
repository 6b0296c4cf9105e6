"""Damaged copies of the sample's exports: each is read with every line accounted for, or refused in a sentence."""

import io
import random
import time
import zipfile
from collections import Counter

import pytest

from analysis.files import read_export, read_grids
from analysis.grids import FileProblem
from analysis.stages import judge
from analysis.states import settle
from analysis.tables import FATES, TABLES
from analysis.vocabulary import read_vocabulary

SHIPPED = read_vocabulary()
LINES = 40
"""How many lines of a text export are mutated: its title, its header and some data."""


@pytest.fixture(scope="module")
def exports(root):
    """Name -> content of the sample's exports, texts cut to their first lines."""
    folder = root / "data/raw/sample"
    contents = {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix != ".md"}
    texts = {name: b"\n".join(c.split(b"\n")[:LINES]) + b"\n" for name, c in contents.items() if name.endswith(".csv")}
    page = contents["ho-so-quy-3-2022.xls"]
    rows = page.split(b"</tr>")
    small = {"ho-so-quy-3-2022.xls": b"</tr>".join(rows[:LINES]) + b"</tr>" + rows[-1]}
    books = {
        name: c for name, c in contents.items() if name in {"danh-muc-thu-tuc.xlsx", "so-theo-doi-ho-so_20221110.xlsx"}
    }
    return {**texts, **small, **books}


# --- mutations: what happens to files --------------------------------------------------------------------------------

CRUMBS = [
    b"", b"\0", b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x80", b"\xe1\xba",
    b"<script>alert(1)</script>", b"=1+1", b"31/02/2022", b"00/00/0000", b"1E+05", b"#REF!", b"9" * 400, b"\xc4\x90" * 3000,
    "Tổng cộng".encode(), "Mã hồ sơ,Ngày nhận".encode(), b"<td colspan=99999999>", b"<table>", b"</table>", b"&lol;",
    b"\\", b"-1", b"&#0;", b"%s%n", b"..\\..\\",
]  # fmt: skip


def flip(content, rng):
    at = rng.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :]


def insert(content, rng):
    at = rng.randrange(len(content))
    return content[:at] + rng.choice(CRUMBS) + content[at:]


def cut_out(content, rng):
    at = rng.randrange(len(content))
    return content[:at] + content[at + rng.choice([1, 2, 5, 50, 500]) :]


def cut_short(content, rng):
    return content[: rng.randrange(len(content))]


def repeat(content, rng):
    at = rng.randrange(len(content))
    piece = content[at : at + rng.choice([1, 10, 200, 2000])]
    return content[:at] + piece * rng.choice([2, 3]) + content[at + len(piece) :]


def move(content, rng):
    a, b, c = sorted(rng.randrange(len(content)) for _ in range(3))
    return content[:a] + content[b:c] + content[a:b] + content[c:]


MUTATIONS = [flip, insert, cut_out, cut_short, repeat, move]


def mutant(content, rng):
    """A copy with one to three mutations; of every second workbook, of a part inside its archive."""
    mutate = [rng.choice(MUTATIONS) for _ in range(rng.choice([1, 1, 2, 3]))]
    if content.startswith(b"PK") and rng.random() < 0.5:
        return _mutated_inside(content, mutate, rng)
    for change in mutate:
        content = change(content or b" ", rng)
    return content


def _mutated_inside(content, mutate, rng):
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    victim = rng.choice([name for name, part in parts.items() if part])
    for change in mutate:
        parts[victim] = change(parts[victim] or b" ", rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return out.getvalue()


# --- what must hold of every one -------------------------------------------------------------------------------------


def examine(path):
    """Read one file; every line of it has one place, and every line of data one fate."""
    try:
        sheets = read_export(path, vocabulary=SHIPPED)
    except FileProblem as problem:
        said = str(problem)
        assert said.startswith(path.name)
        assert "Traceback" not in said
        assert len(said) < 1000
        return "refused"
    for sheet in sheets:
        rows = [*sheet.lines["source_row"].to_pylist(), *(row for row, _ in sheet.not_data)]
        assert len(rows) == len(set(rows)) == sheet.lines_read
    for name in {sheet.table for sheet in sheets} & set(TABLES):
        judged = [judge(sheet, vocabulary=SHIPPED) for sheet in sheets if sheet.table == name]
        cleaned = settle(judged, name).cleaned()
        fates = Counter(cleaned.fates.fate)
        assert fates.total() == sum(len(each.lines) for each in judged)
        assert set(fates) <= set(FATES)
        assert fates["kept"] == len(cleaned.rows)
        assert not (cleaned.fates.reason[cleaned.fates.fate == "rejected"] == "").any()
    return "read"


def run(exports, folder, copies, seed):
    """Examine many mutants; outcomes by file, and the longest any took."""
    rng = random.Random(seed)
    outcomes, longest = Counter(), 0.0
    for number in range(copies):
        name = sorted(exports)[number % len(exports)]
        path = folder / name
        content = mutant(exports[name], rng)
        path.write_bytes(content)
        began = time.monotonic()
        try:
            outcomes[name, examine(path)] += 1
        except BaseException:
            path.rename(folder / f"{number}-{name}")
            raise
        longest = max(longest, time.monotonic() - began)
    return outcomes, longest


def test_mutants_are_read_or_refused(exports, tmp_path):
    outcomes, _ = run(exports, tmp_path, 60, seed=7)
    assert outcomes.total() == 60


@pytest.mark.long
def test_two_thousand_mutants_are_read_or_refused(exports, tmp_path):
    outcomes, longest = run(exports, tmp_path, 2400, seed=2022)
    assert outcomes.total() == 2400
    assert longest < 30
    assert all(outcomes[name, "read"] > 20 for name in exports), outcomes


def test_a_line_that_was_not_touched_comes_out_as_it_was(exports):
    """Damage to one line of a text never changes the cells of another."""
    rng = random.Random(1)
    for number in range(150):
        content = exports[sorted(n for n in exports if n.endswith(".csv"))[number % 2]]
        lines = content.split(b"\n")
        at = rng.randrange(1, len(lines) - 1)
        damaged = rng.choice([flip, insert, cut_out])(lines[at] or b" ", rng)
        if b"\n" in damaged or b"\r" in damaged:
            continue
        grid = read_grids(b"\n".join([*lines[:at], damaged, *lines[at + 1 :]]), vocabulary=SHIPPED)[0]
        before = dict(read_grids(content, vocabulary=SHIPPED)[0].lines())
        after = dict(grid.lines())
        changed = [row for row, cells in before.items() if row != at + 1 and after.get(row) != cells]
        assert not changed, (number, damaged, changed[:3], grid.doubts)
