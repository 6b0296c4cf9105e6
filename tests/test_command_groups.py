"""The help teaches: every command stands under a heading and shows how it is written."""

import inspect
import re

import pytest

from analysis.__main__ import cli
from analysis.command_groups import GROUPS

HELP = cli.get_help(cli.make_context("analysis", ["check", "x"], resilient_parsing=True))


def test_every_command_stands_under_one_heading():
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(cli.commands)
    assert HELP.index("First steps:") < HELP.index("Reports:") < HELP.index("Trust:") < HELP.index("Administration:")
    assert re.search(r"(?s)Reports:\n  report .*?\n  figures ", HELP)


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_the_help_of_a_command_has_an_example_that_can_be_written_so(name):
    command = cli.commands[name]
    text = inspect.cleandoc(command.help)
    examples = re.findall(rf"(?m)^analysis {name}\b(.*)$", text)
    assert examples
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for example in examples for word in re.findall(r"(?<!\S)--[a-z-]+", example)} <= known


@pytest.mark.parametrize(("typed", "meant"), [("reprot", "report"), ("Status", "status"), ("figure", "figures")])
def test_a_misspelt_command_is_answered_with_the_nearest(run, typed, meant):
    code, _, err = run(typed)
    assert (code, f"did you mean '{meant}'?" in err) == (2, True)


def test_a_word_that_is_near_to_nothing_is_answered_with_the_list(run):
    code, _, err = run("xyzzy")
    assert (code, "`analysis --help` lists them" in err) == (2, True)


def test_a_misspelt_period_is_answered_with_the_nearest(run):
    code, _, err = run("figures", "Q3/2022")
    assert (code, "Did you mean 2022-Q3?" in err) == (2, True)
