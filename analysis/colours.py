"""Colours of words on a terminal: red for what is wrong, green for what is good, yellow for what is old.

``click.echo`` takes them away again where nobody looks: in a file, a pipe, a log or a mail.
"""

import os

import click


def bad(text: str) -> str:
    r"""A text in red.

    Examples
    --------
    >>> getfixture("monkeypatch").delenv("NO_COLOR", raising=False)
    >>> bad("FAILED")
    '\x1b[31mFAILED\x1b[0m'
    """
    return _painted(text, "red")


def good(text: str) -> str:
    """A text in green.

    Examples
    --------
    >>> getfixture("monkeypatch").setenv("NO_COLOR", "1")
    >>> good("up to date")
    'up to date'
    """
    return _painted(text, "green")


def old(text: str) -> str:
    """A text in yellow."""
    return _painted(text, "yellow")


def _painted(text: str, colour: str) -> str:
    """A text in a colour, unless who looks wants none (NO_COLOR, https://no-color.org)."""
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=colour)
