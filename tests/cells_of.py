"""Runs the cells of a notebook in this very process, as JupyterLab runs them one after the other."""

import ast
import contextlib
import io
import linecache

import nbformat


def run_cells(path, *, until=None):
    """Run a notebook's cells; gives its names, and what each cell showed: the value of its last line, or else what it printed.

    ``until``: a text in the first cell that is not run.
    """
    names, shown = {"__name__": "__main__"}, []
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        if cell.cell_type != "code":
            continue
        if until and until in cell.source:
            break
        file = f"<{path.name}, cell {number}>"
        linecache.cache[file] = (
            len(cell.source),
            None,
            cell.source.splitlines(keepends=True),
            file,
        )  # as a kernel keeps it
        body = ast.parse(cell.source, file).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        printed, value = io.StringIO(), None
        with contextlib.redirect_stdout(printed):
            exec(compile(ast.Module(body, []), file, "exec"), names)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), file, "eval"), names)
        shown.append(printed.getvalue() if value is None else value)
    return names, shown
