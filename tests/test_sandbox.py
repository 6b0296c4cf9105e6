"""A hostile file costs little memory and little time, reads no other file, and leaves no process behind."""

import io
import os
import random
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import psutil
import pytest
import python_calamine
import xlsxwriter
from patience import PATIENCE

from analysis import sandbox
from analysis.grids import FileProblem
from analysis.sandbox import limits, read_markup, read_workbook

EXPORTS = Path(__file__).parent / "exports"
GIGABYTE = 1_000_000_000
ROWS = b'<row r="1"><c r="A1"><v>1</v></c></row>'


def workbook(rows=ROWS, *, before=b"", shared=None):
    """A workbook with other rows, something before its sheet, or another shared text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Data").write("A1", "x")
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                head, _, rest = content.partition(b"<sheetData>")
                content = (
                    head.replace(b"<worksheet", before + b"<worksheet")
                    + b"<sheetData>"
                    + rows
                    + rest[rest.index(b"</sheetData>") :]
                )
            if name == "xl/sharedStrings.xml" and shared:
                content = content.replace(b"<t>x</t>", b"<t>" + shared + b"</t>")
            new.writestr(name, content)
    return changed.getvalue()


def grow_last(content, part, size):
    """A zip archive with a part of so many blanks, without holding them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w") as opened:
                opened.write(old.read(name))
                for _ in range(size >> 20 if name == part else 0):
                    opened.write(b" " * (1 << 20))
    return out.getvalue()


def measured(content, read=read_workbook):
    """(what is said, seconds, bytes that this process grew by and its largest child took)."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(FileProblem) as caught:
        read(content)
    taken = time.monotonic() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert "Traceback" not in str(caught.value)
    return str(caught.value), taken, 1024 * (grown + child)


def children():
    """The processes below this one, but for the server of imports that another test may have started."""
    found = [c for c in psutil.Process().children(recursive=True) if c.status() != psutil.STATUS_ZOMBIE]
    return [child for child in found if not any("from multiprocessing." in word for word in child.cmdline())]


def test_a_cell_in_the_last_corner_is_named_where_the_reader_aborts():
    said, seconds, peak = measured(workbook(ROWS + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert said.startswith("sheet Data says that it reaches cell XFD1048576; delete the cells")
    assert (seconds < 10, peak < GIGABYTE) == (True, True)


def test_a_bomb_is_refused_by_what_its_directory_declares():
    said, seconds, peak = measured(grow_last(workbook(), "xl/worksheets/sheet1.xml", 100 << 20))
    assert "to 100 MB when it is unpacked" in said
    assert (seconds < 5, peak < GIGABYTE) == (True, True)


def test_one_long_text_that_every_cell_repeats_ends_in_a_sentence_not_in_all_memory():
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (r, r) for r in range(1, 60_000))
    said, seconds, peak = measured(workbook(cells, shared=b"x" * 30_000))
    assert "MB of memory that a file of its size may take" in said
    assert (seconds < 20, peak < GIGABYTE) == (True, True)


@pytest.mark.long
def test_a_gibibyte_of_blanks_is_refused():
    said, seconds, peak = measured(grow_last(workbook(), "xl/worksheets/sheet1.xml", 1 << 30))
    assert "to 1024 MB when it is unpacked" in said
    assert (seconds < 5, peak < GIGABYTE) == (True, True)


@pytest.mark.long
def test_a_bomb_whose_directory_lies_meets_the_limits():
    content = grow_last(workbook(), "xl/worksheets/sheet1.xml", 1 << 30)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    _, seconds, peak = measured(content.replace(true, (5000).to_bytes(4, "little")))
    assert (seconds < 30, peak < GIGABYTE) == (True, True)


LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY a "'
    + b"ha" * 1000
    + b'"><!ENTITY b "'
    + b"&a;" * 1000
    + b'"><!ENTITY c "'
    + b"&b;" * 1000
    + b'">]>'
)


@pytest.mark.parametrize("bomb", [LAUGHS, LAUGHS.decode().encode("utf-16")], ids=["utf-8", "utf-16"])
def test_an_entity_bomb_in_a_workbook_is_refused(bomb):
    said, seconds, _ = measured(workbook(before=bomb))
    assert said.startswith("declares XML entities")
    assert seconds < 5


@pytest.mark.parametrize("where", ["workbook", "xml 2003", "html"])
def test_an_external_entity_never_reads_its_file(tmp_path, where):
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret", encoding="utf-8")
    outside = f'<!DOCTYPE a [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    if where == "workbook":
        said = measured(
            workbook(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&s;</t></is></c></row>', before=outside.encode())
        )[0]
        assert said.startswith("declares XML entities")
    elif where == "xml 2003":
        cell = "<Worksheet><Table><Row><Cell><Data>&s;</Data></Cell></Row></Table></Worksheet>"
        said = measured(
            f'<?xml version="1.0"?>{outside}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">{cell}</Workbook>',
            read_markup,
        )[0]
        assert said.startswith("declares XML entities")
    else:
        said = str(read_markup(f"{outside}<table><tr><td>&s;</td></tr></table>"))
    assert "the-secret" not in said


def test_what_takes_too_long_is_ended_and_said(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 1)
    monkeypatch.setattr(sandbox, "CHILD", "while True: pass")
    said, seconds, _ = measured(workbook())
    assert said.startswith("takes more than the 1 seconds")
    assert seconds < 10
    assert children() == []


def test_reading_and_then_asking_why_it_failed_take_no_more_than_is_promised(monkeypatch):
    asked = []
    monkeypatch.setattr(sandbox, "_ask", lambda reader, content, memory, seconds: asked.append(seconds) or died())
    measured(workbook())
    assert len(asked) == 2
    assert sum(asked) < 30


def died():
    raise sandbox.Died("is dead.")


def test_where_the_system_keeps_no_limits_the_parent_watches(monkeypatch):
    monkeypatch.setattr(sandbox, "WATCH", True)
    monkeypatch.setattr(
        sandbox, "CHILD", "import time; held = []\nwhile True: held.append(bytearray(20_000_000)); time.sleep(0.01)"
    )
    monkeypatch.setattr(sandbox, "MEMORY", 200 << 20)
    said, _, peak = measured(workbook())
    assert "needs more than the 200 MB" in said
    assert peak < GIGABYTE
    assert children() == []


def test_a_child_that_answers_nonsense_is_a_damaged_file(monkeypatch):
    for answer in (
        "x",
        '{"sheets": [{}]}',
        '{"sheets": 5}',
        "[]",
        '{"sheets": [{"name": "", "height": 9, "columns": [5], "numbers": {}}]}\nabcde',
    ):
        monkeypatch.setattr(sandbox, "CHILD", f"import sys; sys.stdin.buffer.read(); print({answer!r})")
        assert "damaged" in measured(workbook())[0]


def test_a_child_ends_with_its_parent(tmp_path):
    program = (
        "from analysis import sandbox\n"
        "sandbox.CHILD = sandbox.CHILD.replace('serve(', 'import analysis.sheets as s; s._reader = lambda n: exec(\\\"while 1: pass\\\"); serve(')\n"
        "print('started', flush=True); sandbox.read_workbook(b'PK')"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(EXPORTS.parents[1])},
    )
    try:
        parent.stdout.readline()
        deadline = time.monotonic() + 10
        while not (left := psutil.Process(parent.pid).children()) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        assert [child.is_running() for child in left] == [True]
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert psutil.wait_procs(left, timeout=PATIENCE)[1] == []
    finally:
        parent.kill()
        parent.stdout.close()


def test_bigger_files_may_take_more_but_never_all_of_the_machine(monkeypatch):
    monkeypatch.setattr(sandbox, "machine_memory", lambda: 4 << 30)
    assert limits(20_000_000) == (2 * sandbox.MEMORY, 2 * sandbox.SECONDS)
    assert limits(10**9)[0] == 2 << 30


def test_the_child_imports_little_because_every_file_starts_one():
    loaded = "import sys; sys.path[:0] = sys.argv[1:]; import analysis.workbooks; print(*{m.partition('.')[0] for m in sys.modules})"
    found = Path(python_calamine.__file__).parents[1]
    words = [sys.executable, "-I", "-S", "-c", loaded, str(EXPORTS.parents[1]), str(found)]
    modules = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert {"numpy", "pandas", "pyarrow", "lxml", "asyncio"} & set(modules) == set()


def stored(content):
    """The same archive, its parts not compressed, so that a changed byte changes what they say."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


MUTATED = {
    "xlsx": ("oddities.xlsx", bytes),
    "xlsx unpacked": ("oddities.xlsx", stored),
    "ods unpacked": ("oddities.ods", stored),
    "xls": ("oddities.xls", bytes),
}


def content_of(kind):
    name, change = MUTATED[kind]
    return change((EXPORTS / name).read_bytes())


def mutants(content, count, seed):
    chance = random.Random(seed)
    for _ in range(count):
        changed = bytearray(content)
        for _ in range(chance.choice([1, 1, 4, 30])):
            changed[chance.randrange(len(changed))] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
        yield bytes(changed[: chance.randrange(len(changed))] if chance.random() < 0.2 else changed)


def outcome(content):
    try:
        return [len(grid.rows) for grid in read_workbook(content)]
    except FileProblem as problem:
        return str(problem)


@pytest.mark.parametrize("kind", MUTATED)
def test_some_damaged_workbooks_give_grids_or_a_sentence(kind):
    outcomes = [outcome(content) for content in mutants(content_of(kind), 5, seed=1)]
    assert all(isinstance(o, list) or (o.endswith(".") and "\n" not in o) for o in outcomes)
    assert children() == []


@pytest.mark.long
@pytest.mark.parametrize("kind", MUTATED)
def test_hundreds_of_damaged_workbooks_give_grids_or_a_sentence(kind):
    start = time.monotonic()
    outcomes = [outcome(content) for content in mutants(content_of(kind), 300, seed=2)]
    assert {type(o) for o in outcomes} == {list, str}
    assert all(isinstance(o, list) or (o.endswith(".") and "\n" not in o) for o in outcomes)
    assert time.monotonic() - start < 300
    assert children() == []
