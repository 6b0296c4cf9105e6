"""A fresh folder to work in, for a department that installs the program: exports, handbook, notebooks, schedule, what to read first."""

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePath
from xml.sax.saxutils import escape

from analysis.grids import FileProblem
from analysis.handbook import NAME as HANDBOOK
from analysis.handbook_workbook import write_handbook
from analysis.shipped import AS_LAID, PACKAGE, checksum, shipped
from analysis.vocabulary import read_vocabulary

FRESH = PACKAGE / "fresh"

PLACE, PROGRAM = "/srv/one-stop", ".venv/bin/analysis"
"""What the files of schedules call the folder and the command in it."""

WINDOWS_PLACE = "C:\\one-stop"

NAMED = 5
"""How many of the things that are in the way are named."""


def lay_out(
    folder: Path, *, program: PurePath, python: PurePath, windows: bool, sample: bool = False, lang: str = "vi"
) -> list[str]:
    """Lay out a working folder.

    Parameters
    ----------
    folder
        It is made unless it is there; if it is, it must be empty.
    program, python
        The command ``analysis``, which schedules name, and the Python that has it; by absolute paths.
    windows
        Whether the schedules of Windows are laid out, or those of Unix.
    sample
        Whether the made-up sample is laid out too.
    lang
        The language of the handbook.

    Returns
    -------
    list of str
        What was made, by paths below the folder: each file, but folders of several as one. A folder ends with a slash.

    Raises
    ------
    FileProblem
        If the folder is not empty, or is none; nothing is then touched.
    OSError
        If something cannot be written; what was begun is then taken away again.
    """
    _refuse_what_is_there(folder)
    was_there = folder.is_dir()
    try:
        return sorted(_laid(folder, program, python, windows=windows, sample=sample, lang=lang))
    except BaseException:
        for made in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(made) if made.is_dir() else made.unlink()
        if not was_there and folder.is_dir():
            folder.rmdir()
        raise


def _refuse_what_is_there(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise FileProblem(f"{folder}: is a file; name a folder that is empty, or not there yet.")
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    named, rest = ", ".join(there[:NAMED]), len(there) - NAMED
    if rest > 0:
        raise FileProblem(
            f"{folder}: is not empty, and nothing in it was touched (there are {named} and {rest} more); "
            "name a folder that is empty, or not there yet."
        )
    if there:
        raise FileProblem(
            f"{folder}: is not empty, and nothing in it was touched (there are {named}); "
            "name a folder that is empty, or not there yet."
        )


def _laid(
    folder: Path, program: PurePath, python: PurePath, *, windows: bool, sample: bool, lang: str
) -> Iterator[str]:
    """Make each part, and say which."""
    for name in ("data/raw", "data/processed", "reports", "notebooks", "schedule"):
        (folder / name).mkdir(parents=True)
    yield from ("data/processed/", "reports/")
    if sample:
        shutil.copytree(shipped("sample"), folder / "data/raw/sample", ignore=shutil.ignore_patterns("__*"))
        yield "data/raw/sample/"
    write_handbook(folder / "data/raw" / HANDBOOK, vocabulary=read_vocabulary(None), lang=lang)
    yield f"data/raw/{HANDBOOK}"
    _lay_notebooks(folder / "notebooks")
    yield "notebooks/"
    for name in ("README.md", "ours.toml"):
        shutil.copyfile(FRESH / name, folder / name)
        yield name
    _lay_start(folder, python, windows=windows)
    yield "bat-dau.cmd"
    for path in sorted(shipped("schedule").iterdir()):
        is_for_windows = path.name.startswith("windows-")
        if path.is_file() and (is_for_windows == windows or path.name == "notify.example.yml"):
            text = _with_paths(path.name, path.read_bytes().decode(), PurePath(folder.absolute()), program)
            (folder / "schedule" / path.name).write_bytes(text.encode("utf-8", "surrogateescape"))
    yield "schedule/"


def _lay_notebooks(folder: Path) -> None:
    """Copies of the notebooks, and their checksums, by which one that nobody changed is known."""
    source = shipped("notebooks")
    lines = []
    for path in sorted(source.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        copy = folder / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        lines.append(f"{checksum(copy)}  {copy.relative_to(folder).as_posix()}\n")
    (folder / AS_LAID).write_text("".join(lines), encoding="utf-8", newline="\n")


def _lay_start(folder: Path, python: PurePath, *, windows: bool) -> None:
    """The file to double-click, with the Python that has the program."""
    text = (shipped("start") / "bat-dau.cmd").read_bytes().decode()
    if windows and str(python).isascii():  # a batch file with other letters depends on the code page
        text = text.replace('set "KNOWN="', f'set "KNOWN={_in_batch(str(python))}"', 1)
    (folder / "bat-dau.cmd").write_bytes(text.encode("utf-8", "surrogateescape"))


def _with_paths(name: str, text: str, folder: PurePath, program: PurePath) -> str:
    r"""A file of a schedule, with its folder and its command.

    Examples
    --------
    >>> from pathlib import PurePosixPath, PureWindowsPath
    >>> text, bin = 'ONE_STOP=/srv/one-stop\ncd "$ONE_STOP" && .venv/bin/analysis report', PurePosixPath("/opt/a b%/bin/analysis")
    >>> print(_with_paths("crontab", text, PurePosixPath("/srv/Sở 1"), bin))
    ONE_STOP="/srv/Sở 1"
    cd "$ONE_STOP" && '/opt/a b\%/bin/analysis' report
    >>> print(_with_paths("a.service", "ExecStart=/srv/one-stop/.venv/bin/analysis report", PurePosixPath("/x"), bin))
    ExecStart="/opt/a b%%/bin/analysis" report
    >>> text, exe = "<Command>C:\\one-stop\\schedule\\windows-task.cmd</Command>", PureWindowsPath(r"C:\a.exe")
    >>> print(_with_paths("windows-task.xml", text, PureWindowsPath(r"D:\Sở & ban"), exe))
    <Command>D:\Sở &amp; ban\schedule\windows-task.cmd</Command>
    """
    if name == "crontab":
        command = shlex.quote(str(program)).replace("%", r"\%")  # cron ends a command at a bare one
        return text.replace(f"ONE_STOP={PLACE}", f'ONE_STOP="{folder}"').replace(PROGRAM, command)
    if name.endswith((".service", ".timer")):
        return _in_unit(text, folder, program)
    if name == "airflow_dag.py":
        command = (
            shlex.quote(str(program)).replace("{", "{{").replace("}", "}}").replace("\\", "\\\\").replace('"', '\\"')
        )
        return text.replace(f'"{PLACE}"', repr(str(folder))).replace(PROGRAM, command)
    if name == "windows-task.cmd":
        if not str(program).isascii():
            text = text.replace("@echo off\r\n", "@echo off\r\nchcp 65001 >nul\r\n", 1)
        before, _, rest = text.partition('set "ANALYSIS=')
        return f'{before}set "ANALYSIS={_in_batch(str(program))}{rest[rest.index(chr(34)) :]}'
    if name == "windows-task.xml":
        return text.replace(f"{WINDOWS_PLACE}\\", escape(f"{folder}\\"))
    return text


def _in_unit(text: str, folder: PurePath, program: PurePath) -> str:
    """A unit of systemd, whose quotation marks and per cent signs have rules of their own."""
    place, command = (str(path).replace("%", "%%") for path in (folder, program))
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(("Documentation=", "# Change the"))]
    text = "".join(lines).replace(f"{PLACE}/{PROGRAM}", f'"{command}"' if " " in command else command)
    for name in ("reports", "data/processed"):
        written = f'"{place}/{name}"' if " " in place else f"{place}/{name}"
        text = text.replace(f"{PLACE}/{name}", written)
    return text.replace(PLACE, place)


def _in_batch(text: str) -> str:
    """A text as a batch file may hold it between quotation marks."""
    return text.replace("%", "%%")
