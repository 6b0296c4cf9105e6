"""The two ways in which papermill runs a notebook here: in a child made after the imports, or in an ordinary kernel.

Both give the same executed notebook. The child is faster and has limits, and several can run at once; the kernel works on
every system.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from ipykernel.kernelspec import write_kernel_spec
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.log import logger
from traitlets.config import Config

from analysis.cells import AS_A_KERNEL, Child, Overflow
from analysis.containers import MEBIBYTE

MOST_OUTPUT = 32 * MEBIBYTE
"""What the cells of a notebook may put out; a page of such a size could not be opened."""

START_SECONDS = 60

KERNEL = (
    "import os, runpy; os.dup2(os.open(os.devnull, os.O_WRONLY), 2); "
    "runpy.run_module('ipykernel_launcher', run_name='__main__')"
)
"""Starts a kernel whose own log lines do not reach the terminal."""


def register() -> None:
    """Make both known to papermill, as ``analysis-fork`` and ``analysis-kernel``."""
    papermill_engines.register("analysis-fork", ForkEngine)
    papermill_engines.register("analysis-kernel", KernelEngine)


class Watch(Protocol):
    """Who is told of a run while it goes on, and may end it."""

    stop: threading.Event

    def notebook_started(self, notebook: NotebookNode) -> None: ...

    def cell_started(self, cell: NotebookNode, cell_index: int) -> None: ...

    def seconds(self) -> float: ...

    def cell_finished(self, cell: NotebookNode, cell_index: int, execute_reply: Any) -> None: ...


class ForkEngine(Engine):  # type: ignore[misc]  # papermill brings no types
    """Runs the cells in a child made after the imports."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, watch: Watch, memory: int, **options: Any
    ) -> None:
        client = _ForkClient(nb_man, log=logger, record_timing=False)
        client.watch = watch
        client.reset_execution_trackers()
        watch.notebook_started(nb_man.nb)
        with Child(memory=memory, output=MOST_OUTPUT, stop=watch.stop) as client.child:
            client.wait_for_start()
            client.papermill_execute_cells()


class _ForkClient(PapermillNotebookClient):  # type: ignore[misc]  # as above
    """Papermill's own client, but the messages come from a child; what becomes of them is left to nbclient."""

    child: Child
    watch: Watch

    def wait_for_start(self) -> None:
        for message in self.child.listen(START_SECONDS):
            if message["msg_type"] == "refused":
                raise RuntimeError(message["content"]["why"])

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: Any) -> NotebookNode:
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return cell
        self.watch.cell_started(cell, cell_index)
        self.clear_before_next_output = False
        self.child.run(cell.source)
        for message in self.child.listen(self.watch.seconds()):
            if message["msg_type"] != "execute_reply":
                self.process_message(message, cell, cell_index)
        self.watch.cell_finished(cell, cell_index, message)
        if message["content"]["status"] == "error":
            raise CellExecutionError.from_cell_and_msg(cell, message["content"])
        return cell


class KernelEngine(Engine):  # type: ignore[misc]  # as above
    """Papermill's own way to run a notebook; but the kernel ends with it, even one that was still starting."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, watch: Watch, memory: int, **options: Any
    ) -> None:
        with _own_kernel() as config:
            client = _KernelClient(
                nb_man, kernel_name="report", startup_timeout=START_SECONDS, timeout_func=lambda cell: watch.seconds(),
                iopub_timeout=START_SECONDS, config=config, log=logger, on_notebook_start=watch.notebook_started, on_cell_execute=watch.cell_started,
                on_cell_executed=watch.cell_finished,
            )  # fmt: skip
            try:
                client.execute()
            except KeyboardInterrupt:
                loop = asyncio.get_event_loop()
                for task in () if loop.is_running() else asyncio.all_tasks(loop):
                    task.cancel()  # else it goes on while the kernel ends, and complains
                raise
            finally:
                if client.km is not None:
                    client.shutdown_kernel = "immediate"
                    client._cleanup_kernel()  # noqa: SLF001  # nothing public ends a kernel that never became ready


class _KernelClient(PapermillNotebookClient):  # type: ignore[misc]  # as above
    """Papermill's own client, with an end to what a notebook may say."""

    left = MOST_OUTPUT

    def process_message(self, message: dict[str, Any], *more: Any, **options: Any) -> Any:
        self.left -= len(str(message["content"]))
        if self.left < 0:
            raise Overflow
        return super().process_message(message, *more, **options)


@contextmanager
def _own_kernel() -> Iterator[Config]:
    """A kernel of the running interpreter that nobody else can listen to; it reads no one's IPython profile.

    Sockets in a private folder carry the messages; where there are none, or their path is too long for the system,
    it is encrypted TCP.
    """
    before = os.environ.get("JUPYTER_PATH")
    with TemporaryDirectory(prefix="report-", ignore_cleanup_errors=True) as private:
        environment = {**AS_A_KERNEL, "IPYTHONDIR": f"{private}/ipython"}
        argv = [sys.executable, "-c", KERNEL, "-f", "{connection_file}"]
        write_kernel_spec(f"{private}/kernels/report", overrides={"argv": argv, "env": environment})
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [private, before]))
        sockets = os.name == "posix" and len(private) < 80
        way = {"transport": "ipc", "ip": f"{private}/k"} if sockets else {"transport_encryption": "required"}
        try:
            yield Config({"KernelManager": {"connection_file": f"{private}/kernel.json", **way}})
        finally:
            os.environ.pop("JUPYTER_PATH")
            if before is not None:
                os.environ["JUPYTER_PATH"] = before
