"""The language that a computer speaks, for what is shown on its screen; no page looks at it."""

import locale
import os
import sys
from collections.abc import Mapping

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Of the environment, the first that is set counts, as POSIX has it."""


def language(environ: Mapping[str, str] | None = None) -> str:
    """``en`` where the system speaks English, else ``vi``: a system that says nothing stands in Viet Nam.

    Parameters
    ----------
    environ
        The environment; that of this process by default.

    Examples
    --------
    >>> language({"LANG": "vi_VN.UTF-8"}), language({"LANG": "vi_VN.UTF-8", "LC_ALL": "en_US.UTF-8"}), language({"LANG": "C.UTF-8"})
    ('vi', 'en', 'vi')
    """
    said = os.environ if environ is None else environ
    name = next((value for variable in VARIABLES if (value := said.get(variable))), "")
    if not name and environ is None and sys.platform == "win32":
        name = _of_windows()
    return "en" if name.partition(".")[0].partition("_")[0].lower() == "en" else "vi"


def _of_windows() -> str:
    """The language of the desktop, which says nothing in the environment."""
    import ctypes  # noqa: PLC0415 - of Windows only

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()  # type: ignore[attr-defined, unused-ignore]
    return locale.windows_locale.get(number, "")
