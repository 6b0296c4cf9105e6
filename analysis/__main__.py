"""The command line: ``analysis check``, ``clean``, ``count``, ``report``, ``figures``, ``form``, ``word``,
``dossiers``, ``verify``, ``freeze``, ``status``, ``accept``, ``notify``, ``lab``, ``audit``.
"""

import signal
import sys

import click

from analysis import (
    commands_audit,
    commands_figures,
    commands_internal,
    commands_lab,
    commands_new,
    commands_notice,
    commands_read,
    commands_report,
    commands_start,
    commands_status,
    commands_verify,
    commands_vintages,
    commands_word,
)
from analysis.command_groups import Grouped
from analysis.command_texts import in_words, misuse
from analysis.commands import MISUSE, complain, failure_of
from analysis.messages import language
from analysis.shell_words import teach

EXIT_CODES = """\b
Exit codes:
  0  done
  1  a fault in this program
  2  the command was written wrongly
  3  a file or a vocabulary cannot be used; what the other files say was done
  4  a run failed; its page was not published, and the last good one stays
  5  the disk is full, or a permission or a browser that was asked for is missing
  6  another run is busy with the same page
  7  report --scheduled: the exports changed and nobody accepted it; the last pages stay
  8  verify: a page is not what its exports give
  9  status: a page is not up to date, or its last run failed
 10  audit: a figure of a published text is wrong"""


@click.group(
    cls=Grouped, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXIT_CODES
)
@click.version_option(package_name="one-stop-analysis", prog_name="analysis")
def cli() -> None:
    """Turn the exports of a one-stop desk into verified yearly reports.

    \b
    analysis new bao-cao          lay out a folder; a clone is one already
    analysis check data/raw       see how your exports are understood
    analysis report 2022          the page of a year, in reports/2022.html
    analysis report 2022 --help   every command says more, with examples

    Put the exports into data/raw as they are. While data/raw holds nothing of yours, the made-up sample in data/raw/sample is
    read.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped


def main() -> None:
    """Run a command; every expected failure is one message and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a scheduler's stop cleans up as Ctrl-C does
    try:
        program = in_words(cli, language())
        sys.exit(program(standalone_mode=False, prog_name="analysis") or 0)  # what a command left with click's Exit
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        click.echo(misuse(error, language()), err=True)
        sys.exit(MISUSE)
    except (Exception, KeyboardInterrupt) as error:
        _fail(*failure_of(error))


def _fail(message: str, code: int) -> None:
    complain(message)
    sys.exit(code)


MODULES = (
    commands_new,
    commands_start,
    commands_read,
    commands_report,
    commands_figures,
    commands_word,
    commands_internal,
    commands_verify,
    commands_vintages,
    commands_status,
    commands_notice,
    commands_lab,
    commands_audit,
)

for command in (command for module in MODULES for command in module.COMMANDS):
    cli.add_command(command)
    teach(command.params)

if __name__ == "__main__":
    main()
