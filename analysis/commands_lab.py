"""The command ``lab``."""

from pathlib import Path

import click

NOTEBOOK = "notebooks/explore.ipynb"
"""As ``lab.NOTEBOOK``, which is slow to import."""


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("notebook", default=NOTEBOOK)
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), help="The language of JupyterLab; that of this computer unless said."
)
@click.pass_context
def lab(context: click.Context, *, notebook: str, lang: str | None) -> None:
    """Open JupyterLab on the notebook to explore in, or on another NOTEBOOK of the project.

    \b
    analysis lab
    analysis lab notebooks/annual.ipynb
    analysis lab --lang en

    Options that are not known here, such as `--no-browser` or `--port=8900`, are handed on to JupyterLab.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.lab import project_of, require_lab, start  # noqa: PLC0415
    from analysis.messages import language  # noqa: PLC0415

    require_lab()
    options = list(context.args)
    if notebook.startswith("-"):  # an option of JupyterLab's, where no notebook is named
        options, notebook = [notebook, *options], NOTEBOOK
    project = project_of(Path.cwd(), notebook=notebook)
    context.exit(start(project, options, lang=lang or language(), notebook=notebook))


COMMANDS = (lab,)
