"""A home folder that cannot be written, as of a user that only runs services: what wants to keep something there gets a place of the run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

VARIABLE = "MPLCONFIGDIR"
"""Where Matplotlib keeps what it knows of fonts; else in the home folder, and with a warning if that cannot be."""


@contextmanager
def writable_home() -> Iterator[None]:
    """Let Matplotlib have a folder of this run, where the home folder cannot be written.

    Examples
    --------
    >>> patch = getfixture("monkeypatch")
    >>> patch.delenv(VARIABLE, raising=False), patch.setenv("XDG_CONFIG_HOME", "/proc/nothing")
    (None, None)
    >>> with writable_home():
    ...     Path(os.environ[VARIABLE]).is_dir()
    True
    >>> VARIABLE in os.environ
    False
    """
    if VARIABLE in os.environ or _is_writable(_usual()):
        yield
        return
    with TemporaryDirectory(prefix="report-", ignore_cleanup_errors=True) as private:
        os.environ[VARIABLE] = private
        try:
            yield
        finally:
            os.environ.pop(VARIABLE, None)


def _usual() -> Path:
    """Where Matplotlib would keep it."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "matplotlib"


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
