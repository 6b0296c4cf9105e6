"""JupyterLab is started for the project: its folder, its language, its own settings."""

import json
import sys

import pytest

from analysis import lab
from analysis.periods import Unanswerable


@pytest.fixture
def project(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for name in ("explore", "annual"):
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text("{}")
    return tmp_path


@pytest.fixture
def started(monkeypatch, project):
    """What the command would start: the line, the folder, the environment."""
    seen = []
    monkeypatch.setattr(lab.subprocess, "call", lambda line, cwd, env: seen.append((line, cwd, env)) or 0)
    monkeypatch.setattr(lab, "CAN_BECOME", False)
    monkeypatch.chdir(project / "notebooks")
    return seen


def test_lab_opens_the_notebook_to_explore_in_from_the_project_s_folder(started, project, run):
    assert run("lab")[0] == 0
    ((line, folder, environ),) = started
    assert line[:3] == [sys.executable, "-m", "jupyterlab"]
    assert line[3:] == [f"--ServerApp.root_dir={project}", "--LabApp.default_url=/lab/tree/notebooks/explore.ipynb"]
    assert folder == project
    assert environ["JUPYTER_CONFIG_DIR"] == str(project / ".lab")


@pytest.mark.parametrize(("typed", "handed_on", "notebook"), [
    (["--no-browser"], ["--no-browser"], "explore"), (["--port", "8900"], ["--port", "8900"], "explore"),
    (["notebooks/annual.ipynb", "--no-browser", "--port=0"], ["--no-browser", "--port=0"], "annual"),
])  # fmt: skip
def test_what_lab_does_not_know_is_handed_on(started, run, typed, handed_on, notebook):
    run("lab", *typed)
    line = started[0][0]
    assert line[5:] == handed_on
    assert line[4].endswith(f"/{notebook}.ipynb")


@pytest.mark.parametrize(("lang", "locale"), [("vi_VN.UTF-8", "vi_VN"), ("en_US.UTF-8", "en")])
def test_jupyterlab_speaks_the_language_of_the_computer_and_asks_nobody_for_news(
    started, project, run, monkeypatch, lang, locale
):
    for name in ("ANALYSIS_LANG", "LANGUAGE", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", lang)
    run("lab")
    settings = json.loads((project / ".lab/labconfig/default_setting_overrides.json").read_text("utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"] == {"locale": locale}
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_lab_says_what_to_do_where_there_is_no_notebook(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, said = run("lab", "notebooks/nowhere.ipynb")
    assert code == 2
    assert "has notebooks/nowhere.ipynb; go to the project's folder" in said


def test_lab_says_what_to_install_where_jupyterlab_is_missing(monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda name: None if name == "itables" else object())
    with pytest.raises(Unanswerable, match=r'itables is not installed; run: pip install "one-stop-analysis\[lab\]"'):
        lab.require_lab()


def test_windows_waits_for_jupyterlab_and_ends_as_it_ends(monkeypatch, project):
    monkeypatch.setattr(lab, "CAN_BECOME", False)
    monkeypatch.setattr(lab.subprocess, "call", lambda line, cwd, env: 7)
    assert lab.start(project, [], lang="vi") == 7
