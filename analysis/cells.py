"""The cells of a notebook are run by a child process that is made after the imports.

A kernel spends most of its life on starting and importing. Here a server, which never runs a cell, imports once
(``multiprocessing``'s fork server), and each notebook gets a fresh fork of it: as isolated as a kernel, with a limit on
memory, and gone with its parent. The child runs cells with the shell of the ordinary kernel and sends that shell's messages
through a pipe.
"""

import gc
import io
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, process, resource_tracker
from multiprocessing.connection import Connection, wait
from types import ModuleType, SimpleNamespace
from typing import Any, Self

IMPORTED = (
    "ipykernel.zmqshell",
    "pandas",
    "pyarrow.parquet",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "seaborn",
    "analysis.field_charts",
    "analysis.maturity_charts",
    "analysis.procedure_charts",
    "statsmodels.stats.proportion",
    "analysis.store",
    "analysis.sections",
    "analysis.quality_page",
    "analysis.trends_page",
    "analysis.trend_charts",
    "analysis.catalogue_page",
    "analysis.digital_page",
    "analysis.documents_page",
    "analysis.corrections_page",
    "analysis.cells",
)
"""What the server imports before the first child is made."""

AS_A_KERNEL = {"MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
"""What a notebook finds in its environment, besides what its parent has."""

OF_THE_SERVER = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false", "PYTHONSAFEPATH": "1"}
"""A server with threads cannot be forked safely; and what lies in the working folder is not to be imported by it."""

POSSIBLE = "forkserver" in multiprocessing.get_all_start_methods()
"""Whether this system can do it; Windows cannot."""

WATCH = sys.platform != "linux"
"""Whether the parent must watch the child's memory: macOS does not keep limits."""

DEFAULT = "fork" if POSSIBLE else "kernel"
"""How a notebook is run unless someone says."""

_starting = threading.Lock()


class Died(RuntimeError):
    """The child ended before the notebook did."""


class Overflow(RuntimeError):
    """The cells put out more than a page could ever show."""


def begin_imports() -> None:
    """Start the server if it does not run; it imports while this process goes on.

    It has the environment of this moment; its children have that of the moment when they are made.
    """
    resource_tracker.ensure_running()  # the server needs it, and starting it would unblock Ctrl-C
    with _starting, _environment_of_server():
        multiprocessing.set_forkserver_preload(list(IMPORTED))
        forkserver.ensure_running()


@contextmanager
def _environment_of_server() -> Iterator[None]:
    """What the server takes from this process: an environment of its own, and no Ctrl-C."""
    before, own = dict(os.environ), AS_A_KERNEL | OF_THE_SERVER
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # not lost: it comes when this ends
    os.environ.update(own)
    try:
        yield
    finally:
        for name in own:
            os.environ.pop(name)
        os.environ.update({name: before[name] for name in own.keys() & before.keys()})
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


@contextmanager
def _without_main() -> Iterator[None]:
    """A child imports the ``__main__`` of its parent, which would run a script again; so there is none for a moment."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class Child:
    """The process of one notebook, seen from its parent.

    Parameters
    ----------
    memory
        Bytes that it may take.
    output
        Bytes that its cells may put out together.
    stop
        Once set, the child is of no use any more.

    Raises
    ------
    RuntimeError
        If it does not start.
    """

    def __init__(self, *, memory: int, output: int, stop: threading.Event) -> None:
        self.memory, self.left, self.stop = memory, output, stop
        self.private = tempfile.TemporaryDirectory(prefix="report-", ignore_cleanup_errors=True)
        environment = {**os.environ, **AS_A_KERNEL, "IPYTHONDIR": f"{self.private.name}/ipython"}
        context = multiprocessing.get_context("forkserver")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=serve, args=(far, environment, memory))
        try:
            begin_imports()
            with _starting, _without_main():
                self.process.start()
        except (OSError, EOFError) as error:
            self.private.cleanup()
            raise RuntimeError(f"the server of imports ended: {error}") from None
        finally:
            far.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the child and what it started."""
        if self.process.pid is not None:
            with suppress(OSError):  # it ended by itself, or did not come so far as to have a group of its own
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()
        self.private.cleanup()

    def run(self, source: str) -> None:
        """Begin to run a cell."""
        with suppress(OSError):  # its death is told by ``listen``
            self.pipe.send_bytes(source.encode("utf-8", "surrogatepass"))

    def listen(self, seconds: float) -> Iterator[dict[str, Any]]:
        """The messages of a cell, to the one that says that it ended.

        Raises
        ------
        TimeoutError
            If it does not end in time.
        Died, Overflow, KeyboardInterrupt
            If the child dies, says too much, or is to stop.
        """
        until = time.monotonic() + seconds
        while True:
            message = self._next(until)
            yield message
            if message["msg_type"] == "execute_reply":
                return

    def _next(self, until: float) -> dict[str, Any]:
        while self.pipe not in (ready := wait([self.pipe, self.process.sentinel], 0.1)):
            if ready or (WATCH and _resident(self.process.pid) > self.memory):
                raise Died
            if self.stop.is_set():
                raise KeyboardInterrupt
            if time.monotonic() > until:
                raise TimeoutError
        try:
            received = self.pipe.recv_bytes(self.left)
        except (EOFError, ConnectionError):
            raise Died from None
        except OSError:  # longer than what is left
            raise Overflow from None
        self.left -= len(received)
        said = json.loads(received)
        return {"header": {"msg_type": said["msg_type"]}, "parent_header": {}, **said}


def _resident(pid: int | None) -> int:
    """Bytes of memory that a process takes now."""
    import psutil  # noqa: PLC0415 - not needed where the system keeps limits

    with suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return 0


def serve(pipe: Connection, environment: dict[str, str], memory: int) -> None:
    """Be the child: run each cell that comes through the pipe, and say what its shell says."""
    gc.freeze()  # what was imported is not looked through again, and stays shared with the server
    _stand_alone(memory)
    _look_like_a_kernel(environment)
    say = _Voice(pipe)
    if sys.flags.hash_randomization:
        say("refused", {"why": "this process already had a fork server of its own; ask for the ordinary kernel"})
        return
    shell = _shell(say)
    say("execute_reply", {"status": "ok"})
    while True:
        try:
            source = pipe.recv_bytes().decode("utf-8", "surrogatepass")
        except EOFError:
            os._exit(0)
        say("execute_input", {"code": source, "execution_count": shell.execution_count})
        result = shell.run_cell(source, store_history=True)
        sys.stdout.flush()
        sys.stderr.flush()
        error = result.error_before_exec or result.error_in_exec
        failed = {"ename": type(error).__name__, "evalue": str(error), "traceback": shell._last_traceback or []}  # noqa: SLF001
        say("execute_reply", {"status": "error", **failed} if error else {"status": "ok"})
        if shell.exit_now:
            os._exit(0)


def _stand_alone(memory: int) -> None:
    """Be in a session of one's own, with limits, and end with the parent."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    import resource  # noqa: PLC0415 - Windows has none, and no fork either

    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_DATA, memory)):
        with suppress(ValueError, OSError):  # macOS refuses some; the parent watches there
            resource.setrlimit(what, (most, most))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, of the server
    server: Any = forkserver._forkserver  # noqa: SLF001 - nothing public lets go of it
    if getattr(server, "_forkserver_alive_fd", None) is not None:
        os.close(server._forkserver_alive_fd)  # noqa: SLF001
        server._forkserver_alive_fd = None  # noqa: SLF001 - so that the server ends with our parent, and we with it
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = process.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)


def _look_like_a_kernel(environment: dict[str, str]) -> None:
    """Have the environment, the search path and the dice of a process that was just started."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    tempfile.tempdir = None
    sys.argv = [""]
    sys.path[:] = _path
    sys.path.insert(next((i for i, place in enumerate(sys.path) if place.endswith("-packages")), len(sys.path)), "")
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # a fork has its server's; that of ``random`` is seen to by Python


_path = list(sys.path)
"""The search path of the server, when this module is imported there."""


def _shell(say: "_Voice") -> Any:
    """The shell of the ordinary kernel, speaking into the pipe."""
    import builtins  # noqa: PLC0415
    import getpass  # noqa: PLC0415

    from ipykernel.zmqshell import ZMQInteractiveShell  # noqa: PLC0415 - the parent does not need it
    from IPython.core.error import StdinNotImplementedError  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    def refuse(*_: object, **__: object) -> str:
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    class Shell(ZMQInteractiveShell):
        def enable_gui(self, gui: Any = None) -> None:
            """Pictures are put out where they are drawn; there is no window and no loop of events."""

    builtins.input = getpass.getpass = refuse
    shell: Any = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.kernel = SimpleNamespace(eventloop=None)  # all that the shell asks of a kernel when a cell says exit()
    shell.displayhook.session = shell.display_pub.session = _session(say)
    shell.displayhook.topic = None
    sys.stdout, sys.stderr = _Stream("stdout", say), _Stream("stderr", say)
    return shell


class _Voice:
    """Sends messages as the kernel writes them; only for the child itself, not for what it forks."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe, self.own, self.turn = pipe, os.getpid(), threading.Lock()

    def __call__(self, kind: str, content: dict[str, Any]) -> None:
        from jupyter_client.session import json_packer  # noqa: PLC0415

        if os.getpid() == self.own:
            packed = json_packer({"msg_type": kind, "content": content})
            with self.turn:
                self.pipe.send_bytes(packed)


def _session(say: _Voice) -> Any:
    """What the shell takes for its connection to a front end."""
    from jupyter_client.session import Session  # noqa: PLC0415

    class Spoken(Session):
        def send(self, stream: Any, message: Any, content: Any = None, *_: Any, **__: Any) -> None:  # type: ignore[override]
            say(*(message, content) if isinstance(message, str) else (message["msg_type"], message["content"]))

    return Spoken(key=b"", username="")


class _Stream(io.TextIOBase):
    """Standard output or error of the cells."""

    encoding = "UTF-8"

    def __init__(self, name: str, say: _Voice) -> None:
        self.name, self.say, self.length = name, say, 0
        self.held: list[str] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.held.append(text)
        self.length += len(text)
        if self.length > 65_536:
            self.flush()
        return len(text)

    def flush(self) -> None:
        text, self.held, self.length = "".join(self.held), [], 0
        if text:
            self.say("stream", {"name": self.name, "text": text})
