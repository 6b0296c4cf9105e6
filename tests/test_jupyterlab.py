"""Real JupyterLab in a real browser: it opens on the notebook, every notebook runs in it, and what is chosen there is shown.

One server for all; what is seen is compared with what the library says of the same exports.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

import openpyxl
import pytest
from conftest import module
from patience import PATIENCE

from analysis import store
from analysis.counts import REPORTED
from analysis.exploration import Choice
from analysis.explored import Reading, explore
from analysis.labels import read_labels

VI = read_labels("vi")


@pytest.fixture(scope="module")
def lab(tmp_path_factory, root):
    """A project's folder, and the address of JupyterLab as ``analysis lab`` starts it there, on a machine that speaks Vietnamese."""
    for name in ("jupyterlab", "ipywidgets", "itables"):
        module(name)
    project, home = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("home")
    for part in ("notebooks", "data/raw/sample"):
        shutil.copytree(root / part, project / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    own = {
        "HOME": str(home),
        "JUPYTER_RUNTIME_DIR": str(home / "run"),
        "ANALYSIS_LANG": "",
        "LC_ALL": "vi_VN.UTF-8",
        "PYTHONPATH": str(root),
        "PYTHONUTF8": "1",
    }
    line = [sys.executable, "-m", "analysis", "lab", "--no-browser", "--port=0", "--allow-root"]
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(line, cwd=project, env=os.environ | own, stdout=log, stderr=log) as server,
    ):
        try:
            yield project, _address(home / "run", server, home / "log")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE)


def _address(folder, server, log):
    """Where the server says that it listens, with its token."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        for told in folder.glob("jpserver-*.json"):
            if text := told.read_text():
                found = json.loads(text)
                return f"{found['url']}lab/tree/notebooks/{{}}?reset&token={found['token']}"
        time.sleep(0.1)
    pytest.fail(log.read_text())


@pytest.fixture(scope="module")
def reading(lab):
    """The same exports, read by the library."""
    return Reading(store.load(lab[0] / "data/raw", columns=REPORTED))


@pytest.fixture
def opened(lab, browser):
    """Opens a notebook and runs all its cells; gives the page."""
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    page.set_default_timeout(PATIENCE * 1000)

    def open_(name):
        page.goto(lab[1].format(name))
        page.wait_for_function("document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status == 'idle'")
        run_all(page)
        return page

    yield open_
    page.close()


def run_all(page):
    """As a user does, by the menu that the system's language names."""
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.get_by_role("menuitem", name="Chạy", exact=True).click()
    page.locator("[data-command='runmenu:run-all']").click()
    page.wait_for_function(
        "[...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].every(p => /\\d/.test(p.textContent))"
    )


def figures(page):
    """The cards, as texts."""
    return [text.replace("\xa0", " ") for text in page.locator(".explored .card .value").all_text_contents()]


def expected(reading, choice):
    """The same, by the library."""
    value = explore(reading, choice).figures.value
    written = [
        VI.number(value["received"]), VI.percent(value["online_share"]), VI.number(value["resolved"]), VI.percent(value["on_time_rate"]),
        VI.number(value["open"]), VI.number(value["overdue"]),
    ]  # fmt: skip
    return [text.replace("\xa0", " ") for text in written if text != "–"]


def wait_for(page, line):
    """Until all that is shown is of a choice: the line to keep, and four pictures that are not of before."""
    page.wait_for_function(
        "line => document.querySelector('.explored.kept .line')?.textContent == line && !document.querySelector('.explored .old')",
        arg=f'choice: str = "{line}"',
    )


def test_jupyterlab_opens_in_vietnamese_on_the_notebook_and_a_choice_shows_the_library_s_figures(lab, opened, reading):
    page = opened("explore.ipynb")
    wait_for(page, "period=2022")
    assert figures(page) == ["937", "17,40 %", "855", "70,18 %", "67", "20"]
    assert page.locator(".explored.pictures img").count() == 4
    page.get_by_label("Hình thức nộp").select_option(label="trực tuyến")
    wait_for(page, "period=2022; channel=online")
    assert figures(page) == expected(reading, Choice(period="2022", channel="online"))
    assert page.locator(".explored.grid .dt-search input").count() == 1, "the table can be searched without a network"
    assert not (lab[0].parent / ".jupyter").exists()


CONTROLS = [
    ("Quý, tháng", "quý 3", {"period": "2022-Q3"}), ("Năm", "2021", {"period": "2021-Q3"}), ("Năm", "2022", {"period": "2022-Q3"}),
    ("Đơn vị", "Sở Xây dựng", {"unit": "Sở Xây dựng"}), ("Lĩnh vực", "Hoạt động xây dựng", {"field": "Hoạt động xây dựng"}),
    ("Hình thức nộp", "trực tiếp", {"channel": "in_person"}), ("Hạn trả để xét", "hẹn hiện hành", {"due": "current"}),
    ("Xét đúng hạn theo", "giờ hẹn", {"judged_by": "timestamp"}), ("Cách tính đúng hạn", VI.name("definitions_of.D2"), {"on_time": "D2"}),
    ("Cách tính trực tuyến", VI.name("definitions_of.O2"), {"online": "O2"}), ("Bảng theo", "thủ tục", {"table": "procedure"}),
]  # fmt: skip
"""Each control that is a list, what is chosen, and what that is in the choice."""


@pytest.mark.long
def test_every_control_moves_the_figures_and_they_agree_with_the_library_s(opened, reading):
    page, told = opened("explore.ipynb"), {"period": "2022"}
    wait_for(page, "period=2022")
    for label, value, part in CONTROLS:
        page.get_by_label(label, exact=True).select_option(label=value)
        told |= part
        wait_for(page, Choice(**told).line())
        assert figures(page) == expected(reading, Choice(**told)), label
    page.get_by_label("Số liệu đến hết ngày").fill("2022-08-31")
    told |= {"as_of": "2022-08-31"}
    wait_for(page, Choice(**told).line())
    assert figures(page) == expected(reading, Choice(**told))
    page.get_by_role("button", name="Bỏ mọi điều kiện").click()
    wait_for(page, "period=2022")
    page.get_by_label("Kỳ (hoặc tự gõ)").fill("2022-02-01..2022-05-10")
    page.get_by_label("Kỳ (hoặc tự gõ)").press("Enter")
    wait_for(page, "period=2022-02-01..2022-05-10")
    key, name = list(reading.procedures.items())[1]
    page.get_by_label("Thủ tục").fill(f"{key} · {name}")
    told = {"period": "2022-02-01..2022-05-10", "procedure": key}
    wait_for(page, Choice(**told).line())
    assert figures(page) == expected(reading, Choice(**told))
    page.get_by_label("Kỳ (hoặc tự gõ)").fill("20222")
    page.get_by_label("Kỳ (hoặc tự gõ)").press("Enter")
    page.locator(".explored .notice", has_text="“20222” không phải là kỳ").wait_for()


@pytest.mark.long
def test_a_picture_and_a_table_are_saved_and_open(lab, opened, reading, browser):
    page = opened("explore.ipynb")
    page.get_by_label("Quý, tháng").select_option(label="quý 3")
    page.get_by_label("Hình", exact=True).select_option(label="Đúng hạn")
    page.get_by_label("Bảng theo").select_option(label="lĩnh vực")
    wait_for(page, "period=2022-Q3; table=field")
    for button, name in (
        ("PNG", "2022-Q3.dung-han.png"),
        ("SVG", "2022-Q3.dung-han.svg"),
        ("XLSX", "2022-Q3.bang-linh-vuc.xlsx"),
    ):
        page.get_by_role("button", name=button).click()
        page.locator(".explore-said .good", has_text=name).wait_for()
    folder = lab[0] / "exploration"
    assert size_of(folder / "2022-Q3.dung-han.png", browser)[0] == 1120, "5.6 inches of 200 pixels"
    assert (folder / "2022-Q3.dung-han.svg").read_text("utf-8").startswith("<svg")
    sheet = openpyxl.load_workbook(folder / "2022-Q3.bang-linh-vuc.xlsx").worksheets[1]
    table = explore(reading, Choice(period="2022-Q3", table="field")).table
    assert [sheet["A4"].value, sheet["B4"].value] == [table.index[0], table.received.iloc[0]]


def size_of(picture, browser):
    """The size of a picture as a browser draws it."""
    page = browser.new_page()
    page.goto(picture.as_uri())
    size = page.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]")
    page.close()
    return size


NOTEBOOKS = sorted(
    path.relative_to(store.PROGRAM.parent / "notebooks").as_posix()
    for path in (store.PROGRAM.parent / "notebooks").rglob("*.ipynb")
)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if ".ipynb_checkpoints" not in name])
def test_every_notebook_runs_whole_in_jupyterlab(lab, opened, name):
    cells = saved(opened(name), lab[0] / "notebooks" / name)
    assert not [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]
    assert any(cell["outputs"] for cell in cells)


def saved(page, path):
    """The cells of a notebook as JupyterLab saved it, each run."""
    page.keyboard.press("Control+s")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
        if all(cell["execution_count"] for cell in cells):
            return cells
        time.sleep(0.2)
    pytest.fail(f"not every cell of {path.name} ran")


@pytest.mark.long
def test_the_command_that_is_shown_renders_the_same_without_a_browser(lab, opened, root):
    page = opened("explore.ipynb")
    page.get_by_label("Hình thức nộp").select_option(label="trực tuyến")
    wait_for(page, "period=2022; channel=online")
    command = page.locator(".explored.kept .line").nth(1).text_content()
    seen, program = figures(page), [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(
        program,
        cwd=lab[0],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads((lab[0] / "exploration/2022.online.ipynb").read_text("utf-8"))
    shown = "".join(
        part if isinstance(part, str) else "".join(part)
        for cell in made["cells"] for output in cell.get("outputs", []) for part in [output.get("data", {}).get("text/html", "")]
    )  # fmt: skip
    cards = re.findall(r'<p class="value">([^<]+)</p>', shown)
    assert [card.replace("\xa0", " ") for card in cards] == seen
    assert shown.count("<img alt=") == 4
    assert '<th scope="row" data-order="0">1/2022</th>' in shown
