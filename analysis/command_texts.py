"""The commands with their help in Vietnamese: copies, so that those that the code wrote stay as they are."""

import copy
import inspect
import io
import re
from collections.abc import Iterable
from typing import Any, TypeVar

import click

from analysis.messages import in_language

Command = TypeVar("Command", bound=click.Command)

AS_IT_STANDS = "\b"
"""Click's mark for lines that are not to be wrapped."""

EXAMPLE = re.compile(r"^analysis .*?(\s{2,}|$)")
"""A command to type; behind it may stand what it does."""


class _Formatter(click.HelpFormatter):
    """Writes what click itself says in Vietnamese, too: headings, and the help of ``--help``."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{in_language('Usage:', 'vi')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(in_language(heading, "vi"))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().write_dl([(term, _with_limits(said)) for term, said in rows], *args, **options)


class _Context(click.Context):
    formatter_class = _Formatter


def _with_limits(said: str) -> str:
    """A help text, behind which click may write limits in brackets."""
    text, sign, limits = said.partition("  [")
    return in_language(text, "vi") + (f"  {in_language(f'[{limits}', 'vi')}" if sign else "")


def in_words(command: Command, lang: str) -> Command:
    """A command, and those in it, with the help of a language.

    Examples
    --------
    >>> @click.command(help="Write the page of each PERIOD, and the list of all pages.")
    ... def report(): pass
    >>> in_words(report, "vi").help
    'Lập trang báo cáo của từng KỲ và danh mục các trang.'
    """
    if lang == "en":
        return command
    said = copy.copy(command)
    said.context_class = _Context
    said.help, said.epilog = (paragraphs_in(text or "", lang) or None for text in (command.help, command.epilog))
    said.options_metavar = in_language(command.options_metavar or "", lang)
    said.params = [_parameter(each, lang) for each in command.params]
    if isinstance(said, click.Group) and isinstance(command, click.Group):
        said.subcommand_metavar = in_language(command.subcommand_metavar, lang)
        said.commands = {name: in_words(each, lang) for name, each in command.commands.items()}
    return said


def _parameter(parameter: click.Parameter, lang: str) -> click.Parameter:
    said = copy.copy(parameter)
    said.metavar = _metavar(parameter, lang)
    if isinstance(said, click.Option) and said.help:
        said.help = in_language(said.help, lang)
    return said


def _metavar(parameter: click.Parameter, lang: str) -> str | None:
    """What stands for a value; the word of it is translated, brackets and dots stay."""
    if not parameter.metavar:
        is_named = isinstance(parameter, click.Argument)
        return in_language(str(parameter.name).upper(), lang) if is_named else None
    word = parameter.metavar.strip("[].")
    return parameter.metavar.replace(word, in_language(word, lang))


def paragraphs_in(text: str, lang: str) -> str:
    r"""A help text in a language; each paragraph is a message, and of one that is not to be wrapped each line.

    Examples
    --------
    >>> paragraphs_in("\b\nExit codes:\n  0  done", "vi").splitlines()
    ['\x08', 'Mã kết thúc:', '  0  xong']
    """
    return "\n\n".join(_paragraph(each, lang) for each in inspect.cleandoc(text).split("\n\n"))


def _paragraph(text: str, lang: str) -> str:
    if not text.startswith(AS_IT_STANDS):
        return in_language(" ".join(text.split()), lang)
    lines = [(line, EXAMPLE.sub("", line.strip())) for line in text.split("\n")]
    return "\n".join(line.replace(words, in_language(words, lang)) if words else line for line, words in lines)


def misuse(error: click.ClickException, lang: str) -> str:
    """What is said of a command that was written wrongly: how it is used, and the mistake."""
    shown = io.StringIO()
    error.show(shown)
    return in_language(shown.getvalue().rstrip("\n"), lang)
