"""What a person types or drops into a window when the program asks: paths and periods."""

import re
import shlex
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit


def dropped(text: str, *, windows: bool) -> list[str]:
    r"""The paths that were typed, pasted or dropped into a window, as each system writes them.

    Parameters
    ----------
    text
        What was typed; a name with spaces stands in quotation marks, or is the only one.
    windows
        Whether a backslash parts folders.

    Returns
    -------
    list of str
        The paths, in order; none for nothing.

    Examples
    --------
    >>> dropped(r'"D:\Sở Xây dựng\hồ sơ 2022.xlsx"', windows=True)
    ['D:\\Sở Xây dựng\\hồ sơ 2022.xlsx']
    >>> dropped(r'"D:\a b.xlsx" D:\c.xlsx', windows=True), dropped(r"D:\Sở 1\a.xlsx", windows=True)
    (['D:\\a b.xlsx', 'D:\\c.xlsx'], ['D:\\Sở 1\\a.xlsx'])
    >>> dropped(r"& 'D:\Sở 1\a.xlsx'", windows=True), dropped("file:///D:/a%20b.xlsx", windows=True)
    (['D:\\Sở 1\\a.xlsx'], ['D:\\a b.xlsx'])
    >>> dropped(r"/srv/a\ b.xlsx ", windows=False), dropped("'/srv/Sở 1'", windows=False), dropped(" ", windows=False)
    (['/srv/a b.xlsx'], ['/srv/Sở 1'], [])
    """
    text = text.strip().removeprefix("& ").strip()  # PowerShell calls what is dropped
    if windows:
        is_many = text.startswith(('"', "'")) or re.search(r"\s+\"?[A-Za-z]:[\\/]", text)
        parts = re.findall(r"\"[^\"]*\"|'[^']*'|\S+", text) if is_many else [text] if text else []
        return [_of_link(part.strip("\"'"), windows=True) for part in parts]
    if Path(text).exists() and text:
        return [text]
    try:
        parts = shlex.split(text)
    except ValueError:  # a quotation mark that is part of a name
        parts = [text]
    return [_of_link(part, windows=False) for part in parts]


def common(paths: list[str]) -> str:
    """What ``--data`` is to be for some paths: the one, or the folder that holds all of them; empty for none.

    Raises
    ------
    ValueError
        If they lie in different folders.

    Examples
    --------
    >>> common([]), common(["a/b.xlsx"]), common(["a/b.xlsx", "a/c.xlsx"])
    ('', 'a/b.xlsx', 'a')
    """
    folders = {str(PurePath(path).parent) for path in paths}
    if len(paths) > 1 and len(folders) > 1:
        raise ValueError(", ".join(sorted(folders)))
    return paths[0] if len(paths) == 1 else next(iter(folders), "")


def _of_link(text: str, *, windows: bool) -> str:
    """A path of a link to a file."""
    if not text.startswith("file://"):
        return text
    path = unquote(urlsplit(text).path)
    return path.lstrip("/").replace("/", "\\") if windows else path
