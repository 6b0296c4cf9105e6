"""A child made after the imports is as good as a kernel: the same outputs, as isolated, and gone when it should be."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from patience import PATIENCE

from analysis import cells, engines, planning, report
from analysis.execution import ReportError
from analysis.marks import FINISHED
from analysis.publication import ReportBusy
from analysis.report import Report, render_report, render_reports

pytestmark = pytest.mark.skipif(not cells.POSSIBLE, reason="there is no fork on this system")

MARK = f'get_ipython().display_pub.publish({{"{FINISHED}": {{"finished": True}}}})'


def notebook(path, *sources):
    """A notebook of some code cells that may be told a word."""
    told = new_code_cell('word: str = ""', metadata={"tags": ["parameters"]})
    code = [new_code_cell(textwrap.dedent(source).strip()) for source in sources]
    nbformat.write(new_notebook(cells=[told, *code, new_code_cell(MARK)]), path)
    return path


def said(path, *sources, **options):
    """The text of a page of some code cells, each of which ends in what it shows."""
    shown = [
        f"{textwrap.dedent(source)}\nget_ipython().display_pub.publish({{'text/html': str(said)}})"
        for source in sources
    ]
    output = path.with_name(f"page-{path.stem}.html")
    render_report(
        notebook(path, *shown), output, parameters={}, title="", engine=options.pop("engine", "fork"), **options
    )
    executed = nbformat.read(output.with_suffix(".ipynb"), as_version=4)
    return [o.data["text/html"] for cell in executed.cells for o in cell.outputs if "text/html" in o.data]


def gone(pid):
    """Whether a process ends within a few seconds; else it is ended here."""
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    return False


@pytest.fixture
def scratch(tmp_path_factory, monkeypatch):
    """The system's folder for temporary files."""
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


class Watch:
    """Keeps the notebook that papermill hands over."""

    def __init__(self):
        self.stop = threading.Event()

    def notebook_started(self, notebook):
        self.notebook = notebook

    def cell_started(self, cell, cell_index): ...

    def seconds(self):
        return PATIENCE

    def cell_finished(self, cell, cell_index, execute_reply): ...


def executed(engine, *sources):
    """What papermill leaves of some cells."""
    watch = Watch()
    book = new_notebook(cells=[new_code_cell(source) for source in sources])
    engines.register()
    with suppress(PapermillExecutionError):
        execute_notebook(
            book, None, {}, engine_name=f"analysis-{engine}", kernel_name="report", language="python",
            progress_bar=False, memory=4 << 30, watch=watch,
        )  # fmt: skip
    ran = [cell for cell in watch.notebook.cells if cell.cell_type == "code"]
    return [(cell.execution_count, cell.outputs) for cell in ran]


OUTPUTS = [
    "from IPython.display import *\nimport sys\nprint('a')\ndisplay(HTML('x'), metadata={'k': 1})\nprint('b', end='')\n1+1",
    "print('c', file=sys.stderr)",
    "handle = display(HTML('1'), display_id='x')",
    "handle.update(HTML('2'))",
    "print('gone')\nclear_output()\ndisplay(Markdown('*kept*'))\nclear_output(wait=True)\ndisplay(Latex('$x$'))",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone",
    "Image(b'\\x89PNG', format='png', alt='Hồ sơ')",
    "display({'image/png': b'\\x89PNG', 'application/b+json': {'x': [1, None]}}, raw=True)",
    "'é\\udc80'",
    "1;",
    "_, Out[1], In[1]",
    "await __import__('asyncio').sleep(0)\n5",
    "!echo from a shell",
    "%who_ls",
    "import pickle\nclass A: pass\ntype(pickle.loads(pickle.dumps(A()))) is A, __name__",
    "sys.path, __import__('os').getcwd(), sys.stdin.read(), sys.stdout.isatty(), sys.flags.hash_randomization",
    "import os\nkinds = 'IPYTHONDIR', 'JPY_PARENT_PID', 'JUPYTER_PATH', 'PYDEVD_USE_FRAME_EVAL'\nsorted({k: v for k, v in os.environ.items() if k not in kinds})",
    "%%html\n<b>a cell magic</b>",
    "{}['key']",
    "print('never reached')",
]


def test_every_kind_of_output_is_that_of_a_kernel():
    def plain(ran):
        return [[{**o, "traceback": 0} if o.output_type == "error" else o for o in outputs] for _, outputs in ran]

    fork, kernel = executed("fork", *OUTPUTS), executed("kernel", *OUTPUTS)
    for source, ours, theirs in zip(OUTPUTS, plain(fork), plain(kernel), strict=True):
        assert (source, ours) == (source, theirs)
    assert [count for count, _ in fork] == [count for count, _ in kernel] == [*range(1, len(OUTPUTS)), None]


@pytest.mark.parametrize(
    "book", [*(pytest.param(name, marks=pytest.mark.long) for name in ("annual", "trends")), "quality"]
)
def test_both_engines_give_the_same_page_of_the_sample(book, sample, sample_folder, monkeypatch):
    monkeypatch.chdir(sample_folder)
    source = planning.ANNUAL.with_name(f"{book}.ipynb")
    pages = [sample_folder / engine / f"{book}.html" for engine in ("fork", "kernel")]
    for output in pages:
        render_report(source, output, parameters={"lang": "vi"}, title="Báo cáo", engine=output.parent.name)
    fork, kernel = pages
    assert fork.read_bytes() == kernel.read_bytes()
    assert fork.with_suffix(".ipynb").read_bytes() == kernel.with_suffix(".ipynb").read_bytes()


def test_nothing_leaks_from_one_report_to_the_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    spoil = """
    import builtins, os, sys, warnings
    import matplotlib, pandas
    os.environ["SPOILT"] = os.environ["MPLBACKEND"] = "spoilt"
    os.chdir("/")
    matplotlib.rcParams["font.size"] = 99
    pandas.options.display.max_rows = 1
    builtins.spoilt = sys.modules["spoilt"] = pandas.read_csv = 1
    warnings.simplefilter("error")
    said = ""
    """
    look = """
    import builtins, os, sys, warnings
    import matplotlib, pandas
    said = (os.environ.get("SPOILT"), os.environ["MPLBACKEND"], os.getcwd(), matplotlib.rcParams["font.size"],
        pandas.options.display.max_rows, hasattr(builtins, "spoilt"), "spoilt" in sys.modules, callable(pandas.read_csv),
        warnings.filters[0][0] == "error")
    """
    said(tmp_path / "first.ipynb", spoil)
    found = said(tmp_path / "second.ipynb", look)
    assert found == [f"(None, 'Agg', '{tmp_path}', 10.0, 60, False, False, True, False)"]


def test_what_changes_in_the_parent_reaches_the_next_report(tmp_path, monkeypatch):
    look = "import os, tempfile, time\nsaid = os.getcwd(), os.environ.get('OF_THE_PARENT'), tempfile.gettempdir(), time.tzname[0]"
    said(tmp_path / "first.ipynb", look)
    (tmp_path / "năm 2022").mkdir()
    monkeypatch.chdir(tmp_path / "năm 2022")
    for name, value in {"OF_THE_PARENT": "x", "TMPDIR": str(tmp_path), "TZ": "Asia/Ho_Chi_Minh"}.items():
        monkeypatch.setenv(name, value)
    (found,) = said(tmp_path / "second.ipynb", look)
    assert found == f"('{tmp_path / 'năm 2022'}', 'x', '{tmp_path}', '+07')"
    assert "PYTHONHASHSEED" not in os.environ
    assert "OPENBLAS_NUM_THREADS" not in os.environ


def test_no_two_reports_throw_the_same_dice(tmp_path):
    throw = "import random, numpy\nsaid = random.random(), numpy.random.random()"
    first, second = (said(tmp_path / f"{n}.ipynb", throw)[0] for n in (1, 2))
    assert not set(first[1:-1].split(", ")) & set(second[1:-1].split(", "))


def test_what_the_server_imports_starts_no_thread():
    """A process with threads cannot be forked safely."""
    code = f"import {', '.join(cells.IMPORTED)}, psutil; print(psutil.Process().num_threads())"
    environment = os.environ | cells.AS_A_KERNEL | cells.OF_THE_SERVER
    environment.pop("PYTHONSAFEPATH")
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "1\n"


def test_an_interrupt_while_the_server_imports_does_not_reach_it(tmp_path):
    code = textwrap.dedent("""
        import os, signal, threading, time
        from analysis import cells
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
        cells.begin_imports()
        time.sleep(0.3)
        try:
            os.killpg(0, signal.SIGINT)
            time.sleep(5)
        except KeyboardInterrupt:
            with cells.Child(memory=4 << 30, output=1000, stop=threading.Event()) as child:
                print(*(message["msg_type"] for message in child.listen(300)))
    """)
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, start_new_session=True
    )
    assert (run.stdout, run.stderr) == ("execute_reply\n", "")


def test_a_cell_may_not_take_all_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "LEAST_MEMORY", 1 << 29)
    monkeypatch.setattr(report, "machine_memory", lambda: 1 << 29)
    path = notebook(tmp_path / "a.ipynb", "hoard = bytearray(1 << 30)")
    with pytest.raises(ReportError, match=r"code cell 2 \(hoard = bytearray\(1 << 30\)\): MemoryError"):
        render_report(path, tmp_path / "page.html", parameters={}, title="", engine="fork")


def test_where_the_system_keeps_no_limit_the_parent_watches(tmp_path, monkeypatch):
    """The pages of a file are memory that no limit counts, on any system."""
    monkeypatch.setattr(cells, "WATCH", True)
    monkeypatch.setattr(report, "LEAST_MEMORY", 1 << 29)
    monkeypatch.setattr(report, "machine_memory", lambda: 1 << 29)
    monkeypatch.chdir(tmp_path)
    source = "import numpy, time\nheld = numpy.memmap('big', mode='w+', shape=600 << 20)\nheld[:] = 1\ntime.sleep(60)"
    path = notebook(tmp_path / "a.ipynb", source)
    with pytest.raises(ReportError, match=r"code cell 2 \(import numpy, time\): the kernel died"):
        render_report(path, tmp_path / "page.html", parameters={}, title="", engine="fork")


def test_a_time_out_ends_what_the_notebook_started(tmp_path, scratch, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = notebook(
        tmp_path / "a.ipynb",
        "import subprocess\nopen('pid', 'w').write(str(subprocess.Popen(['sleep', '60']).pid))\nwhile True: pass",
    )
    with pytest.raises(ReportError, match="timed out after 1 s"):
        render_report(path, tmp_path / "page.html", parameters={}, title="", engine="fork", cell_timeout=1)
    assert gone(int((tmp_path / "pid").read_text()))
    assert not list(scratch.iterdir())


LONG = """
import os, sys
open("pid", "w").write(str(os.getpid()))
os.rename("pid", f"pid-{word}")
%s
"""
WAITS = {"in Python": "while True: pass", "in C": "sum(range(10**15))", "asleep": "import time; time.sleep(600)"}


def start(folder, *words, wait):
    """A process that makes a report per word, whose cells wait; it, and the processes of the cells."""
    path = notebook(folder / "a.ipynb", LONG % WAITS[wait])
    code = textwrap.dedent(f"""
        import signal
        from pathlib import Path
        from analysis.report import Report, render_reports
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
        render_reports([Report(Path({str(path)!r}), Path(f"{{w}}.html"), {{"word": w}}, "") for w in {words!r}])
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, env={**os.environ, "TMPDIR": str(folder)}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for _ in range(PATIENCE * 20):
        if len(found := list(folder.glob("pid-*"))) == len(words):
            return process, [int(path.read_text()) for path in found]
        time.sleep(0.05)
    process.kill()
    raise AssertionError(process.communicate())


@pytest.mark.parametrize(
    "wait", [name if name == "in Python" else pytest.param(name, marks=pytest.mark.long) for name in WAITS]
)
def test_a_child_does_not_outlive_a_parent_that_is_killed(wait, tmp_path):
    process, pids = start(tmp_path, "one", wait=wait)
    server = psutil.Process(pids[0]).ppid()
    with process:
        process.kill()
    assert gone(pids[0])
    assert gone(server)


@pytest.mark.parametrize("stop", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_an_interrupt_of_several_reports_ends_them_all_and_leaves_nothing(stop, tmp_path):
    if os.cpu_count() == 1:
        pytest.skip("one at a time here")
    (tmp_path / "one.html").write_text("the last good page")
    process, pids = start(tmp_path, "one", "two", wait="in Python")
    with process:
        os.killpg(process.pid, stop)
        _, err = process.communicate(timeout=PATIENCE)
    assert err.rstrip().endswith("KeyboardInterrupt")
    assert "forkserver" not in err
    assert all(map(gone, pids))
    left = {path.name for path in tmp_path.iterdir()} - {".one.html.lock", ".two.html.lock"}
    assert left == {"a.ipynb", "one.html", "pid-one", "pid-two"}
    assert (tmp_path / "one.html").read_text() == "the last good page"


def test_one_report_that_fails_stops_no_other_and_the_order_is_kept(tmp_path, scratch):
    source = """
    import os, time
    from IPython.display import HTML
    if word == "slow": time.sleep(1)
    if word == "bad": 1 / 0
    if word == "dead": os._exit(0)
    HTML(word)
    """
    path = notebook(tmp_path / "a.ipynb", source)
    words = ["slow", "bad", "quick", "dead", "last"]
    reports = [Report(path, tmp_path / f"{word}.html", {"word": word}, word) for word in words]
    published, told = [], []
    problems = render_reports(
        reports,
        engine="fork",
        published=lambda report, files: published.append(report.output.stem),
        progress=lambda *at: told.append(at),
    )
    assert [str(problem).rpartition(": ")[2] for problem in problems] == [
        "None", "division by zero", "None", "the kernel died", "None",
    ]  # fmt: skip
    assert published == ["slow", "quick", "last"]
    assert {path.stem for path in tmp_path.glob("*.html")} == set(published)
    assert all(f">{word}<" in (tmp_path / f"{word}.html").read_text("utf-8") or word for word in published)
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert {total for _, total in told} == {20}
    assert not list(scratch.iterdir())


def test_two_reports_of_one_name_are_not_both_written(tmp_path):
    twice = [Report(notebook(tmp_path / "a.ipynb"), tmp_path / "a2.html", {}, "")] * 2
    first, second = render_reports(twice, engine="fork")
    assert first is None
    assert isinstance(second, ReportBusy)


def test_a_script_that_makes_a_report_is_not_run_again_by_the_child(tmp_path):
    path = notebook(tmp_path / "a.ipynb")
    (tmp_path / "make.py").write_text(
        "from pathlib import Path\nfrom analysis.report import render_report\nprint('once')\n"
        f"print(render_report(Path({str(path)!r}), Path('page.html'), parameters={{}}, title=''))\n"
    )
    run = subprocess.run(
        [sys.executable, "make.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (run.stdout, run.stderr) == ("once\npage.html\n", "")


def test_a_file_in_the_working_folder_is_not_taken_for_a_library(tmp_path):
    (tmp_path / "random.py").write_text("raise SystemExit('not the one')")
    code = f"import sys; sys.path.pop(0)\nfrom pathlib import Path\nfrom analysis.report import render_report\nrender_report(Path({str(notebook(tmp_path / 'a.ipynb'))!r}), Path('page.html'), parameters={{}}, title='')"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=PATIENCE)
    assert (tmp_path / "page.html").is_file()


def test_where_another_fork_server_runs_the_way_out_is_said(tmp_path):
    path = notebook(tmp_path / "a.ipynb")
    code = textwrap.dedent(f"""
        import multiprocessing
        from pathlib import Path
        from analysis.execution import ReportError
        from analysis.report import render_report
        process = multiprocessing.get_context("forkserver").Process(target=print)
        process.start(), process.join()
        try:
            render_report(Path({str(path)!r}), Path("page.html"), parameters={{}}, title="")
        except ReportError as error:
            print(error)
    """)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert "ask for the ordinary kernel" in run.stdout


def test_a_server_that_was_killed_is_started_anew(tmp_path):
    look = "import os\nsaid = os.getppid()"
    (first,) = said(tmp_path / "a.ipynb", look)
    os.kill(int(first), signal.SIGKILL)
    assert gone(int(first))
    assert said(tmp_path / "b.ipynb", look) != [first]


def test_nothing_that_a_notebook_writes_reaches_the_terminal(tmp_path, capfd):
    source = "import os, sys\nos.write(1, b'one'), os.write(2, b'two'), os.system('echo three'), print('four', file=sys.__stderr__)\nsaid = ''"
    said(tmp_path / "a.ipynb", source)
    assert capfd.readouterr() == ("", "")


def test_exit_in_a_cell_is_no_end_of_a_report(tmp_path):
    path = notebook(tmp_path / "a.ipynb", "exit()", "1")
    with pytest.raises(ReportError, match=r"code cell 3 \(1\): the kernel died"):
        render_report(path, tmp_path / "page.html", parameters={}, title="", engine="fork")


def test_a_report_can_be_made_from_any_thread(tmp_path):
    found = []
    thread = threading.Thread(target=lambda: found.append(said(tmp_path / "a.ipynb", "said = 5")))
    thread.start()
    thread.join(60)
    assert found == [["5"]]


def test_the_path_of_a_page_may_hold_anything(tmp_path):
    folder = tmp_path / "Báo cáo {x} & 'y'"
    assert render_report(notebook(tmp_path / "a.ipynb"), folder / "a.html", parameters={}, title="") == Path(
        folder / "a.html"
    )
