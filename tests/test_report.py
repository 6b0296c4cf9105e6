"""A report is whole, or it is not published; the page runs nothing and loads nothing."""

import errno
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest
from filelock import FileLock
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from patience import PATIENCE

from analysis import engines
from analysis.cells import POSSIBLE
from analysis.commands import RUN_FAILED, failure_of
from analysis.execution import ParameterError, ReportError, check_parameters, prove_run
from analysis.html_page import tags_of, to_html
from analysis.marks import FINISHED
from analysis.publication import ReportBusy, publish
from analysis.report import Report, render_report, render_reports
from analysis.report_index import write_index
from analysis.scan import PersonalData

ENGINES = ["fork", "kernel"] if POSSIBLE else ["kernel"]
TYPES = 'period: str = "2022"\nlevel: int = 1\nshare: float = 0.5\nfull: bool = False\nunit: str | None = None'
MARK = f'get_ipython().display_pub.publish({{"{FINISHED}": {{"finished": True}}}})'
FACTS = """
import os, sys, warnings
from IPython.display import HTML, Image, Javascript, display
display(HTML("".join({"a set", "has", "no order", "of its own", "from run to run"})))
display(HTML("".join(f"<li>{fact}</li>" for fact in [sys.executable, os.environ["MPLBACKEND"], os.getcwd(), period])))
"""
NOISE = """
print("printed"), print("complained", file=sys.stderr), warnings.warn("careful")
display(Javascript("ran()"), {"text/plain": "plain"}, Image(b"\\x89PNG", format="png", alt="Hồ sơ & tháng"))
display({"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/latex": "latex"}, raw=True)
object()
"""


def notebook(folder, *cells):
    """A notebook of some code cells, with typed parameters; ``#`` starts a heading."""
    made = [new_markdown_cell(text) if text.startswith("#") else new_code_cell(text.strip()) for text in cells]
    parameters = new_code_cell(TYPES, metadata={"tags": ["parameters"]})
    nbformat.write(new_notebook(cells=[parameters, *made]), folder / "annual.ipynb")
    return folder / "annual.ipynb"


def shown(data, **metadata):
    """A notebook whose one code cell has an output."""
    output = new_output("display_data", data, metadata=metadata)
    return new_notebook(cells=[new_code_cell("show()", outputs=[output])])


def files(folder):
    """Name -> content of all files but locks, at any depth."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def scratch(tmp_path_factory, monkeypatch):
    """The system's folder for temporary files, with a name short enough for sockets."""
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def reports(tmp_path):
    """A folder in which the last good report stands."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "2022.html").write_text("the last good page", "utf-8")
    (folder / "2022.ipynb").write_text("the last good notebook", "utf-8")
    return folder


@pytest.fixture(params=ENGINES)
def engine(request):
    """Each way to run a notebook."""
    return request.param


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run of one notebook in each way, with what it said about its progress; a bad kernel lies in wait for them."""
    folder = tmp_path_factory.mktemp("năm 2022 {bao cao}")
    bad = folder / "jupyter/kernels"
    for name in ("report", "python3"):
        (bad / name).mkdir(parents=True)
        (bad / name / "kernel.json").write_text('{"argv": ["false"], "display_name": "", "language": "python"}')
    path = notebook(folder, "# Hồ sơ", FACTS, NOISE, MARK)
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        patch.setenv("MPLBACKEND", "svg")
        for engine in (*ENGINES, ENGINES[0]):
            told = []
            output = folder / str(len(made)) / "2022.html"
            done = render_report(
                path,
                output,
                parameters={"period": "2021"},
                title="Năm <script>",
                engine=engine,
                progress=lambda *at, told=told: told.append(at),
            )
            assert done == output
            made.append((files(output.parent), told))
        assert os.environ["JUPYTER_PATH"] == str(folder / "jupyter")
    return made


def test_the_same_inputs_give_the_same_bytes_in_every_engine(runs):
    first = runs[0][0]
    assert sorted(first) == ["2022.html", "2022.ipynb", "2022.xlsx"]
    assert [made == first for made, _ in runs] == [True] * 3


def test_the_notebook_runs_with_our_own_interpreter_and_folder(runs):
    html = runs[0][0]["2022.html"].decode()
    assert "".join(f"<li>{fact}</li>" for fact in [sys.executable, "Agg", str(Path.cwd()), "2021"]) in html


def test_nobody_can_listen_to_a_kernel(tmp_path):
    source = """
    import json, os
    from IPython.display import HTML
    from ipykernel.connect import get_connection_file
    here = get_connection_file()
    HTML(f'<li>{json.load(open(here))["transport"]}</li><li>{oct(os.stat(os.path.dirname(here)).st_mode)[-3:]}</li>')
    """
    path = notebook(tmp_path, textwrap.dedent(source), MARK)
    html = render_report(path, tmp_path / "2022.html", parameters={}, title="", engine="kernel").read_text("utf-8")
    assert "<li>ipc</li><li>700</li>" in html


def test_progress_counts_the_cells(runs):
    assert [told for _, told in runs] == [[(n, 5) for n in range(1, 6)]] * 3


def test_the_page_runs_nothing_and_loads_nothing(runs):
    html = runs[0][0]["2022.html"].decode()
    assert "<script" not in html
    assert "http:" not in html
    assert "https:" not in html
    assert html.lower().startswith("<!doctype html>")
    assert '<html lang="vi">' in html
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    head = html.partition("<head>")[2]
    assert [tag for tag, _ in tags_of(head)[:5]] == ["meta", "meta", "meta", "title", "meta"]
    assert tags_of(head)[0][1] == {"charset": "utf-8"}
    assert tags_of(head)[1][1] == {"http-equiv": "Content-Security-Policy", "content": policy}


def test_only_html_and_described_pictures_are_shown(runs):
    made = runs[0][0]
    executed = nbformat.reads(made["2022.ipynb"].decode(), as_version=4)
    outputs = [str(output) for cell in executed.cells for output in cell.get("outputs", [])]
    assert len(outputs) == 4
    for hidden in ("printed", "complained", "careful", "ran()", "plain", "latex", "model_id", "object at"):
        assert f">{hidden}" not in made["2022.html"].decode()
        assert not [line for line in outputs if hidden in line]
    assert '<img alt="Hồ sơ &amp; tháng" src="data:image/png;base64,' in made["2022.html"].decode()
    assert "import json" not in made["2022.html"].decode(), "code is not shown"
    assert "<h1>Hồ sơ</h1>" in made["2022.html"].decode(), "headings have no anchors"


def test_the_title_is_escaped(runs):
    assert "<title>Năm &lt;script&gt;</title>" in runs[0][0]["2022.html"].decode()


def test_the_executed_notebook_keeps_no_time_and_no_path_of_the_run(runs):
    executed = nbformat.reads(runs[0][0]["2022.ipynb"].decode(), as_version=4)
    nbformat.validate(executed)
    assert [cell.id for cell in executed.cells] == [f"cell-{n}" for n in range(1, 7)]
    assert {key for cell in executed.cells for key in cell.metadata} == {"tags"}
    assert executed.metadata.papermill == {"parameters": {"period": "2021"}}


FAILURES = {
    "an error": ("1 / 0", "ZeroDivisionError: division by zero"),
    "an error the notebook expects": ("%%time\n1 / 0", "ZeroDivisionError: division by zero"),
    "a quiet exit": ("import sys; sys.exit(0)", "SystemExit: 0"),
    "a dead kernel": ("import os; os.write(2, b'noise'); os._exit(0)", "the kernel died"),
    "a crash": ("import ctypes; ctypes.string_at(0)", "the kernel died"),
    "an end from outside": ("import os; os.kill(os.getpid(), 9)", "the kernel died"),
    "a question": (
        "input()",
        "StdinNotImplementedError: raw_input was called, but this frontend does not support input requests.",
    ),
    "a flood": ("print('x' * 50_000_000)", "put out more than 32 MB"),
    "an endless cell": ("while True: pass", "timed out after 1 s"),
    "an error of a thread": (
        "import threading; thread = threading.Thread(target=lambda: 1 / 0); thread.start(); thread.join()",
        "wrote a traceback: ZeroDivisionError: division by zero",
    ),
}


def test_files_are_shown_whole_before_they_take_their_names_and_stay_away_if_they_may_not(reports, tmp_path):
    seen = {}

    def refuse(report, made):
        seen.update(made)
        assert (reports / "2022.html").read_text("utf-8") == "the last good page"
        raise PersonalData("it names somebody")

    report = Report(notebook(tmp_path, "1 + 1", MARK), reports / "2022.html", {}, "Năm 2022")
    (problem,) = render_reports([report], prove=refuse)
    assert failure_of(problem) == ("it names somebody", RUN_FAILED)
    assert [path.name for path in seen] == ["2022.ipynb", "2022.xlsx", "2022.html"]
    assert "Năm 2022".encode() in seen[reports / "2022.html"]
    assert files(reports)["2022.html"] == b"the last good page"
    assert files(reports)["2022.ipynb"] == b"the last good notebook"


@pytest.mark.parametrize("failure", FAILURES)
def test_a_cell_that_fails_is_named_and_nothing_is_published(
    failure, engine, reports, scratch, tmp_path, capfd, caplog
):  # fmt: skip
    source, why = FAILURES[failure]
    path = notebook(tmp_path, "# Report", "ready = True", "## Late ones", source, MARK)
    if failure == "an error the notebook expects":
        tagged = nbformat.read(path, as_version=4)
        tagged.cells[-2].metadata.tags = ["raises-exception"]
        nbformat.write(tagged, path)
    before = files(tmp_path)
    with pytest.raises(ReportError) as error:
        render_report(
            path, reports / "2022.html", parameters={"period": "2021"}, title="", cell_timeout=1, engine=engine
        )
    assert str(error.value) == f"code cell 3 under “Late ones” ({source.splitlines()[0]}): {why}"
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None
    assert files(tmp_path) == before
    assert not list(scratch.iterdir())
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_a_report_has_a_time_limit_of_its_own(engine, reports, tmp_path):
    path = notebook(tmp_path, "import time; time.sleep(0.2)", "import time; time.sleep(60)", MARK)
    before = files(tmp_path)
    with pytest.raises(ReportError, match=r"code cell \d .*: the whole report timed out after 4 s"):
        render_report(path, reports / "2022.html", parameters={}, title="", cell_timeout=300, timeout=4, engine=engine)
    assert files(tmp_path) == before


def test_who_holds_a_page_is_named_and_what_a_dead_one_left_stops_nobody(reports, tmp_path):
    holder = "import sys, time; from contextlib import ExitStack; from pathlib import Path; from analysis.publication import hold; "
    holder += "held = ExitStack(); print(hold(Path(sys.argv[1]), held), flush=True); time.sleep(300)"
    output = reports / "2022.html"
    with subprocess.Popen([sys.executable, "-c", holder, output], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "None\n"
        with pytest.raises(
            ReportBusy, match=rf"written by another run: process {process.pid} on .+, running since 20\d\d-"
        ):
            render_report(notebook(tmp_path, MARK), output, parameters={}, title="", engine=ENGINES[0])
        process.kill()
    render_report(notebook(tmp_path, MARK), output, parameters={}, title="", engine=ENGINES[0])
    assert [path.name for path in reports.glob(".*.holder")] == []


def test_a_notebook_whose_last_cell_leaves_no_mark_is_not_published(engine, reports, scratch, tmp_path):
    path = notebook(tmp_path, MARK, "print('more')")
    before = files(tmp_path)
    with pytest.raises(ReportError, match=r"code cell 3 \(print\('more'\)\): the notebook stopped before its end"):
        render_report(path, reports / "2022.html", parameters={}, title="", engine=engine)
    assert files(tmp_path) == before
    assert not list(scratch.iterdir())


def test_a_kernel_that_does_not_start_is_said(reports, scratch, tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "KERNEL", "raise SystemExit")
    before = files(tmp_path)
    path = notebook(tmp_path, MARK)
    with pytest.raises(ReportError, match="the kernel did not start"):
        render_report(path, reports / "2022.html", parameters={}, title="", engine="kernel")
    assert files(tmp_path).keys() - {"annual.ipynb"} == before.keys()
    assert not list(scratch.iterdir())


def test_an_interrupt_goes_up_and_leaves_neither_kernel_nor_files(engine, reports, scratch, tmp_path):
    path = notebook(
        tmp_path, "import os, time; open('kernel.pid', 'w').write(str(os.getpid()))", "time.sleep(60)", MARK
    )
    before = files(tmp_path)
    code = textwrap.dedent(f"""
        import os, signal, threading
        from pathlib import Path
        from analysis.report import Report, render_report, render_reports
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
        def progress(done, total):
            if done == 2:
                threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            render_report(
                Path({str(path)!r}), Path("reports/2022.html"), parameters={{}}, title="", progress=progress, engine={engine!r}
            )
        except KeyboardInterrupt:
            os.kill(int(Path("kernel.pid").read_text()), 0)
    """)
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        check=False,
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert run.stderr.splitlines()[-1] == "ProcessLookupError: [Errno 3] No such process", run.stderr
    assert files(tmp_path).keys() - {"kernel.pid"} == before.keys()
    assert files(reports)["2022.html"] == b"the last good page"
    assert not list(scratch.iterdir())


def interrupt_when_there_is(file):
    """Interrupt this process once a file has content, however slow the machine is."""
    while not (file.exists() and file.read_text()):
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGALRM)


def test_a_kernel_interrupted_while_it_starts_ends_too(reports, scratch, tmp_path, monkeypatch):
    monkeypatch.setattr(
        engines,
        "KERNEL",
        f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)",
    )
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    waiting = threading.Thread(target=interrupt_when_there_is, args=[tmp_path / "pid"])
    waiting.start()
    with pytest.raises(KeyboardInterrupt):
        render_report(notebook(tmp_path, MARK), reports / "2022.html", parameters={}, title="", engine="kernel")
    waiting.join()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert not list(scratch.iterdir())


def test_where_sockets_have_no_room_the_kernel_is_spoken_to_in_cipher(tmp_path, monkeypatch):
    (tmp_path / ("x" * 80)).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("x" * 80)))
    asked = "from ipykernel.connect import get_connection_file as f; from IPython.display import HTML; HTML(open(f()).read())"
    path = notebook(tmp_path, asked, MARK)
    html = render_report(path, tmp_path / "2022.html", parameters={}, title="", engine="kernel").read_text("utf-8")
    assert '"transport": "tcp"' in html
    assert '"curve_publickey"' in html


def test_a_parameter_value_is_never_code(engine, tmp_path):
    value = "'\"; raise SystemExit  # \\\n{period} é"
    path = notebook(tmp_path, "from IPython.display import HTML; HTML(ascii(period).replace('<', ''))", MARK)
    page = render_report(path, tmp_path / "2022.html", parameters={"period": value}, title="", engine=engine)
    html = page.read_text("utf-8")
    assert ascii(value) in html


@pytest.mark.parametrize(("name", "near"), [("periode", "period"), ("UNIT", "unit"), ("xyz", ""), ("x = 1; y", "")])
def test_an_unknown_parameter_names_the_nearest_and_all(name, near, tmp_path):
    with pytest.raises(ParameterError) as error:
        check_parameters(notebook(tmp_path), {name: "1"})
    assert str(error.value).startswith(f"annual.ipynb has no parameter {name!r}; the nearest is '{near}")
    assert str(error.value).endswith("It has: period, level, share, full, unit.")


def test_a_notebook_without_parameters_takes_none(tmp_path):
    nbformat.write(new_notebook(cells=[new_code_cell("period: str = '2022'")]), tmp_path / "annual.ipynb")
    assert check_parameters(tmp_path / "annual.ipynb", {}) == {}
    with pytest.raises(ParameterError, match="It has: none"):
        check_parameters(tmp_path / "annual.ipynb", {"period": "2022"})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("period", 2022, "str"),
        ("period", None, "str"),
        ("period", Path("x"), "str"),
        ("period", np.str_("2022"), "str"),
        ("level", "1", "int"),
        ("level", True, "int"),
        ("share", "1", "float"),
        ("full", 0, "bool"),
        ("full", np.True_, "bool"),
        ("unit", ["x"], "str | None"),
    ],
)
def test_a_value_of_another_type_is_refused(name, value, expected, tmp_path):
    with pytest.raises(ParameterError) as error:
        check_parameters(notebook(tmp_path), {name: value})
    assert str(error.value) == f"{name} must be {expected}, not {value!r} ({type(value).__name__})."


def test_values_of_the_right_types_are_returned(tmp_path):
    given = {"period": "2021", "level": 2, "share": 0.1, "full": True, "unit": None}
    assert check_parameters(notebook(tmp_path), given) == given
    assert check_parameters(notebook(tmp_path), {"unit": "A"}) == {"unit": "A"}


def test_a_wrong_parameter_stops_before_anything_is_written(tmp_path):
    before = files(notebook(tmp_path).parent)
    with pytest.raises(ParameterError):
        render_report(tmp_path / "annual.ipynb", tmp_path / "new/2022.html", parameters={"x": 1}, title="")
    assert files(tmp_path) == before
    assert not (tmp_path / "new").exists()


def test_a_report_that_is_being_written_is_busy(reports, tmp_path):
    with FileLock(reports / ".2022.html.lock"), pytest.raises(ReportBusy, match=r"2022\.html is being written"):
        render_report(notebook(tmp_path, MARK), reports / "2022.html", parameters={}, title="")
    assert files(reports)["2022.html"] == b"the last good page"


@pytest.mark.parametrize("name", ["annual.html", "2022.ipynb", "2022"])
def test_a_page_is_never_put_over_its_notebook(name, tmp_path):
    path = notebook(tmp_path, MARK)
    with pytest.raises(ValueError, match="cannot be the page"):
        render_report(path, tmp_path / name, parameters={}, title="")
    assert files(tmp_path).keys() == {"annual.ipynb"}


def full_disk(patch, name, call):
    """Makes the n-th call of a function of ``os`` find the disk full."""
    calls, works = iter(range(1, 1000)), getattr(os, name)

    def fails(*given, **options):
        if next(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        return works(*given, **options)

    patch.setattr(os, name, fails)


@pytest.mark.parametrize("before", [{}, {"a.ipynb": b"old notebook", "a.html": b"old page"}])
@pytest.mark.parametrize(("name", "call"), [("fsync", 1), ("fsync", 2), ("replace", 1), ("replace", 2)])
def test_a_full_disk_leaves_the_last_good_files(name, call, before, tmp_path, monkeypatch):
    for file, content in before.items():
        (tmp_path / file).write_bytes(content)
    full_disk(monkeypatch, name, call)
    with pytest.raises(OSError, match="No space left"):
        publish({tmp_path / "a.ipynb": b"new notebook", tmp_path / "a.html": b"new page"})
    assert files(tmp_path) == before


def test_files_are_replaced_together_with_the_page_last(tmp_path, monkeypatch):
    order, works = [], os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (order.append(Path(b).name), works(a, b)))
    publish({tmp_path / "a.ipynb": b"new notebook", tmp_path / "a.html": "trang mới\n".encode()})
    assert files(tmp_path) == {"a.ipynb": b"new notebook", "a.html": "trang mới\n".encode()}
    assert order == ["a.ipynb", "a.html"]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_full_disk_at_the_end_of_a_run_goes_up(reports, scratch, tmp_path, monkeypatch):
    path = notebook(tmp_path, MARK)
    before = files(tmp_path)
    full_disk(monkeypatch, "fsync", 1)
    with pytest.raises(OSError, match="No space left"):
        render_report(path, reports / "2022.html", parameters={}, title="")
    assert files(tmp_path) == before
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(("lang", "kept"), [("vi", ["both", "vi"]), ("en", ["both", "en"])])
def test_prose_is_kept_in_one_language(lang, kept):
    cells = [new_markdown_cell(f"{tag} prose", metadata={"tags": [tag]}) for tag in ("vi", "en")]
    html = to_html(new_notebook(cells=[new_markdown_cell("both prose"), *cells]), title="", lang=lang)
    assert [word for word in ("both", "vi", "en") if f"<p>{word} prose</p>" in html] == kept
    assert f'<html lang="{lang}">' in html


def test_a_picture_without_a_description_is_refused():
    with pytest.raises(ReportError, match="no description"):
        to_html(shown({"image/png": "AAAA"}), title="", lang="vi")
    assert 'alt="x"' in to_html(shown({"image/png": "AA\nAA"}, **{"image/png": {"alt": "x"}}), title="", lang="vi")


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        '<img src="x.png" alt="">',
        '<p onclick="x()">',
        "<iframe srcdoc='x'></iframe>",
        '<link rel="stylesheet" href="x.css">',
    ],
)
def test_html_that_would_run_or_load_something_is_refused(html):
    with pytest.raises(ReportError, match="would run or load something"):
        to_html(shown({"text/html": html}), title="", lang="vi")


def test_the_mark_of_the_end_is_not_shown():
    html = to_html(shown({FINISHED: {"finished": True}, "text/plain": "✔"}), title="", lang="vi")
    assert "finished" not in html
    assert "✔" not in html


def executed(*counts, **changes):
    """A notebook that ran well, but for changes to its second cell."""
    cells = [new_code_cell(f"step{n}()", execution_count=count) for n, count in enumerate(counts, start=1)]
    cells[-1].outputs = [new_output("display_data", {FINISHED: {}})]
    cells[1].update(changes)
    return new_notebook(cells=[new_markdown_cell("# Steps"), *cells, new_code_cell("  ")])


def test_a_notebook_that_ran_well_is_proven():
    assert prove_run(executed(1, 2, 3)) is None


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (executed(1, None, 2), "code cell 2 under “Steps” (step2()): was not run"),
        (executed(1, 3, 2), "code cell 2 under “Steps” (step2()): ran as number 3 instead of 2"),
        (executed(2, 3, 4), "code cell 1 under “Steps” (step1()): ran as number 2 instead of 1"),
        (
            executed(1, 2, 3, metadata=nbformat.from_dict({"papermill": {"exception": True}})),
            "code cell 2 under “Steps” (step2()): failed",
        ),
        (
            executed(1, 2, 3, outputs=[new_output("error", ename="KeyError", evalue="'x'")]),
            "code cell 2 under “Steps” (step2()): KeyError: 'x'",
        ),
        (new_notebook(), "the notebook has no code."),
    ],
)
def test_a_run_with_a_gap_is_no_proof(run, why):
    with pytest.raises(ReportError) as error:
        prove_run(run)
    assert str(error.value) == why


def write_page(folder, name, **about):
    html = to_html(new_notebook(), title=f"Báo cáo <{name}>", lang="vi", about=about)
    (folder / f"{name}.html").write_text(html, "utf-8")


def test_the_index_lists_reports_by_unit_newest_first_and_nothing_else(tmp_path):
    write_page(tmp_path, "a", period="2021")
    write_page(tmp_path, "b", period="2021-12-15..2022-12-14", as_of="2022-11-10", unit='Sở "A" & Phòng')
    write_page(tmp_path, "c d", period="2022")
    (tmp_path / "foreign.html").write_text("<title>foreign</title>", "utf-8")
    (tmp_path / "latin.html").write_bytes(b"\xff\xfe")
    html = write_index(tmp_path).read_text("utf-8")
    links = [attributes["href"] for tag, attributes in tags_of(html) if tag == "a"]
    assert links == ["c%20d.html", "a.html", "b.html"]  # by unit, then the newest first
    assert "Báo cáo &lt;b&gt;" in html
    assert '2021-12-15..2022-12-14 · Sở "A" &amp; Phòng · số liệu đến 2022-11-10' in html
    assert write_index(tmp_path).read_text("utf-8") == html


def test_an_index_of_nothing_says_so(tmp_path):
    assert "There is no report yet." in write_index(tmp_path, lang="en").read_text("utf-8")


def test_the_style_is_small_and_loads_nothing(root):
    style = (root / "analysis/template/report.css").read_text("utf-8")
    assert len(style) < 14_000
    assert "url(" not in style
    assert "@import" not in style
