"""JupyterLab for this project: in its folder, in the language of the computer, with settings of its own.

What JupyterLab keeps (settings, the layout of its windows) goes to ``.lab`` of the project, never to the user's own ``~/.jupyter``.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from analysis.periods import Unanswerable

NOTEBOOK = "notebooks/explore.ipynb"

SETTINGS = ".lab"
"""The folder of the project that JupyterLab keeps its things in."""

LOCALES = {"vi": "vi_VN", "en": "en"}

CAN_BECOME = os.name == "posix"
"""Whether a process can become another, so that JupyterLab gets every signal itself."""

PACKAGES = ("jupyterlab", "ipywidgets", "itables")
"""What the extra ``lab`` brings and exploring needs."""


def project_of(folder: Path, *, notebook: str = NOTEBOOK) -> Path:
    """The project's folder: the nearest, from a folder up, that has the notebook.

    Raises
    ------
    Unanswerable
        If none has it; says what to do.
    """
    for above in (folder, *folder.parents):
        if (above / notebook).is_file():
            return above
    raise Unanswerable(
        f"neither {folder} nor a folder above it has {notebook}; go to the project's folder and run this again."
    )


def require_lab() -> None:
    """Refuse where JupyterLab is not installed.

    Raises
    ------
    Unanswerable
        Naming what is missing and how it is installed.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise Unanswerable(f'{", ".join(missing)} is not installed; run: pip install "one-stop-analysis[lab]"')


def settings_of(lang: str) -> dict[str, dict[str, object]]:
    """What JupyterLab begins with, by the names of its plugins; what a user changes there wins.

    Examples
    --------
    >>> settings_of("vi")["@jupyterlab/translation-extension:plugin"]
    {'locale': 'vi_VN'}
    """
    return {
        "@jupyterlab/translation-extension:plugin": {"locale": LOCALES[lang]},
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },  # asks the network
    }


def prepare(project: Path, *, lang: str) -> Path:
    """Write the settings into the project; give the folder."""
    folder = project / SETTINGS
    (folder / "labconfig").mkdir(parents=True, exist_ok=True)
    text = json.dumps(settings_of(lang), indent=2)
    (folder / "labconfig" / "default_setting_overrides.json").write_text(text, encoding="utf-8")
    return folder


def command(project: Path, options: Sequence[str], *, notebook: str = NOTEBOOK) -> list[str]:
    """How JupyterLab is started on a notebook; options are handed on and win.

    Examples
    --------
    >>> command(Path("desk"), ["--no-browser"])[1:]
    ['-m', 'jupyterlab', '--ServerApp.root_dir=desk', '--LabApp.default_url=/lab/tree/notebooks/explore.ipynb', '--no-browser']
    """
    place = f"--LabApp.default_url=/lab/tree/{Path(notebook).as_posix()}"
    return [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={project}", place, *options]


def environment(settings: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of JupyterLab: its settings lie in the project, and its kernel is this Python.

    Examples
    --------
    >>> environment(Path(".lab"), {"LANG": "vi_VN.UTF-8"})
    {'LANG': 'vi_VN.UTF-8', 'JUPYTER_CONFIG_DIR': '.lab', 'JUPYTER_PREFER_ENV_PATH': '1'}
    """
    return {**environ, "JUPYTER_CONFIG_DIR": str(settings), "JUPYTER_PREFER_ENV_PATH": "1"}


def start(project: Path, options: Sequence[str], *, lang: str, notebook: str = NOTEBOOK) -> int:
    """Start JupyterLab and wait for its end; its exit code. Where the system can, this process becomes JupyterLab."""
    settings = prepare(project, lang=lang)
    line, environ = command(project, options, notebook=notebook), environment(settings.absolute(), os.environ)
    if CAN_BECOME:
        os.chdir(project)
        os.execve(line[0], line, environ)  # noqa: S606 - our own interpreter; it gets every signal itself
    return subprocess.call(line, cwd=project, env=environ)
