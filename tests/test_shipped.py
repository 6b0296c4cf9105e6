"""What a clone has and a wheel carries; and the notebooks of a department's own, which go before."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from patience import PATIENCE

from analysis import shipped as places
from analysis.html_page import to_html
from analysis.record import programs
from analysis.shipped import AS_LAID, NOTEBOOKS, checksum, in_use, is_own, shipped

ANNUAL = NOTEBOOKS / "annual.ipynb"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A notebook of the working folder, as shipped."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks/annual.ipynb"
    path.write_bytes(ANNUAL.read_bytes())
    return path


def change(path):
    book = json.loads(path.read_text("utf-8"))
    book["cells"].insert(0, {"cell_type": "markdown", "metadata": {"tags": ["vi", "en"]}, "source": "Our own words."})
    path.write_text(json.dumps(book), encoding="utf-8")


def test_a_notebook_of_the_folder_that_says_something_else_is_used_instead(own):
    assert (in_use(ANNUAL), is_own(own)) == (ANNUAL, False)
    change(own)
    assert (in_use(ANNUAL), is_own(own)) == (own, True)
    assert in_use(NOTEBOOKS / "trends.ipynb") == NOTEBOOKS / "trends.ipynb"


def test_line_ends_alone_make_no_notebook_ones_own(own):
    own.write_bytes(ANNUAL.read_bytes().replace(b"\n", b"\r\n"))
    assert in_use(ANNUAL) == ANNUAL


def test_a_copy_that_nobody_touched_does_not_hold_back_a_newer_program(own):
    change(own)
    own.with_name(AS_LAID).write_text(f"{checksum(own)}  annual.ipynb\n", "utf-8")
    assert (in_use(ANNUAL), is_own(own)) == (ANNUAL, False)
    change(own)
    assert (in_use(ANNUAL), is_own(own)) == (own, True)


def test_a_page_says_that_the_departments_own_notebook_made_it(own):
    import nbformat

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## Tiếp nhận")])
    page = to_html(book, title="Năm 2022", lang="vi", notices=["Của <riêng> cơ quan."])
    assert page.index('<p class="notice">Của &lt;riêng&gt; cơ quan.</p>') < page.index("<h2>")
    assert 'class="notice"' not in to_html(book, title="Năm 2022", lang="vi")


def test_a_page_is_verified_by_the_notebook_that_would_make_it(own, page, monkeypatch):
    from analysis import verify

    used = []

    def render(notebook, output, **_):
        used.append(notebook)
        output.write_bytes(page.read_bytes())
        return output

    monkeypatch.setattr(verify, "render_report", render)
    assert verify.verify(page, notebooks=NOTEBOOKS).is_same
    change(own)
    assert verify.verify(page, notebooks=NOTEBOOKS).is_same
    assert used == [ANNUAL, own]


@pytest.mark.parametrize("name", sorted(places.PLACES))
def test_a_wheel_has_inside_the_package_what_a_clone_has_beside_it(name, tmp_path, monkeypatch):
    monkeypatch.setattr(places, "PACKAGE", tmp_path / "analysis")
    assert shipped(name) == tmp_path / places.PLACES[name]
    (tmp_path / "analysis" / name).mkdir(parents=True)
    assert shipped(name) == tmp_path / "analysis" / name


def test_what_is_shipped_beside_the_code_is_no_part_of_its_checksum(tmp_path, monkeypatch):
    from analysis import record

    monkeypatch.setattr(record, "HERE", tmp_path)
    (tmp_path / "counts.py").write_text("1")
    programs.cache_clear()
    before = programs()["code"]
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample/a.csv").write_text("Mã hồ sơ")
    programs.cache_clear()
    assert programs()["code"] == before
    programs.cache_clear()


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """The wheel of this checkout, built from a copy of what git has: a build leaves folders behind."""
    clone, place = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=root, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_bytes((root / name).read_bytes())
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--disable-pip-version-check",
        "--no-build-isolation",
        "--no-deps",
    ]
    subprocess.run([*pip, "-w", place, clone], check=True, capture_output=True, timeout=PATIENCE)
    return next(place.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A Python that has the wheel and the packages of this one, but no clone; and the command of it."""
    venv = tmp_path_factory.mktemp("Sở Xây dựng") / "một cửa"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    site = next(venv.glob("lib/python*/site-packages")) if os.name != "nt" else venv / "Lib/site-packages"
    with zipfile.ZipFile(wheel) as held:
        held.extractall(site)
    ours = [path for path in sys.path if path.endswith("site-packages")]
    (site / "packages.pth").write_text("\n".join(ours), encoding="utf-8")
    return next(venv.glob("bin/python")) if os.name != "nt" else venv / "Scripts/python.exe"


@pytest.mark.long
def test_who_installs_the_wheel_lays_out_a_folder_and_makes_the_report_there(installed, tmp_path):
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    environment = plain | {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    place = tmp_path / "thư mục một cửa"

    def run(*arguments, cwd=place):
        return subprocess.run(
            [installed, "-m", "analysis", *arguments], cwd=cwd, env=environment, capture_output=True, encoding="utf-8",
            timeout=PATIENCE, check=False,
        )  # fmt: skip

    where = run("--version", cwd=tmp_path)
    assert where.returncode == 0, where.stderr
    made = run("new", "thư mục một cửa", "--sample", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    report = run("report", "2022", "--json")
    assert report.returncode == 0, report.stderr
    assert [page["became"] for page in json.loads(report.stdout)["pages"]] == ["made"]
    page = (place / "reports/2022.html").read_text("utf-8")
    assert "937" in page
    assert "sổ phân tích riêng" not in page
    assert run("status").returncode == 0
    change(place / "notebooks/annual.ipynb")
    assert "notebook" in run("status").stdout
    assert run("report", "2022").returncode == 0
    assert "sổ phân tích riêng" in (place / "reports/2022.html").read_text("utf-8")


@pytest.mark.long
def test_the_wheel_holds_every_file_once_and_nothing_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert len(names) == len(set(names))
    tops = {Path(name).parts[1] for name in names if name.startswith("analysis/") and len(Path(name).parts) > 2}
    assert tops == {"fresh", "notebooks", "sample", "schedule", "start", "template"}
    assert "analysis/start/bat-dau.cmd" in names
