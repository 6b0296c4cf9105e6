"""How the commands are told apart: groups in the order in which somebody needs them, and the nearest of a misspelt name."""

import difflib

import click

GROUPS = {
    "First steps": ("new", "start", "check", "clean", "handbook"),
    "Reports": ("report", "lab", "figures", "count", "form", "word", "dossiers"),
    "Trust": ("status", "verify", "audit", "freeze", "accept"),
    "Administration": ("notify",),
}
"""Heading -> commands, each list in the order of a first use."""

OTHERS = "More commands"


class Grouped(click.Group):
    """A group whose help lists the commands under headings, and that names the nearest of a command that it does not have.

    Examples
    --------
    >>> from click.testing import CliRunner
    >>> desk = Grouped("analysis", commands=[click.Command("report", help="Write pages."), click.Command("status")])
    >>> print(CliRunner().invoke(desk, ["--help"]).output.partition("Reports")[2])
    :
      report  Write pages.
    <BLANKLINE>
    Trust:
      status
    <BLANKLINE>
    >>> CliRunner().invoke(desk, ["reprot"]).output.splitlines()[-1]
    "Error: there is no command 'reprot'; did you mean 'report'?"
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, by group; also the order of completion."""
        known = [name for names in GROUPS.values() for name in names if name in self.commands]
        return [*known, *sorted(self.commands.keys() - set(known))]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each group under its heading, all in columns of one width."""
        told = {name: command for name in self.list_commands(ctx) if not (command := self.commands[name]).hidden}
        grouped = {name for names in GROUPS.values() for name in names}
        width = max(map(len, told), default=0)
        for heading, names in {**GROUPS, OTHERS: tuple(name for name in told if name not in grouped)}.items():
            limit = formatter.width - 6 - width
            rows = [(f"{name:{width}}", told[name].get_short_help_str(limit)) for name in names if name in told]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As Click does, but for what a misspelt command is answered."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = difflib.get_close_matches(name.lower(), self.list_commands(ctx), n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else "`analysis --help` lists them."
            ctx.fail(f"there is no command {name!r}; {hint}")
        return super().resolve_command(ctx, args)
