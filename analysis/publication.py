"""Publication: files of one folder take their names together, or none does; one run at a time writes a page."""

import os
import platform
import shutil
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from filelock import Timeout

from analysis.locks import take


class ReportBusy(Exception):
    """Another run is writing this report."""


def held_by() -> str:
    """Who is writing, for another process to name: its number, where it runs, and since when."""
    began = datetime.fromtimestamp(psutil.Process().create_time()).astimezone()
    return f"process {os.getpid()} on {platform.node()}, running since {began:%Y-%m-%d %H:%M:%S}"


def hold(output: Path, held: ExitStack) -> Exception | None:
    """Keep other runs from an output until ``held`` ends; or why that cannot be.

    The system lets go of the lock of a process that died, so one that was left behind stops nobody.
    """
    holder = output.with_name(f".{output.name}.holder")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        held.enter_context(take(output.with_name(f".{output.name}.lock")))
        holder.write_text(held_by(), "utf-8")
        held.callback(holder.unlink, missing_ok=True)
    except Timeout:
        with suppress(OSError, UnicodeDecodeError):
            return ReportBusy(f"{output} is being written by another run: {holder.read_text('utf-8')}.")
        return ReportBusy(f"{output} is being written by another run.")
    except OSError as error:
        return error
    return None


def publish(files: Mapping[Path, bytes]) -> None:
    """Give files of one folder their new content, in the order given: all of them, or none."""
    folder = next(iter(files)).parent
    placed = []
    with TemporaryDirectory(dir=folder, prefix=".report-") as private:
        for final, content in files.items():
            with (Path(private) / final.name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if final.exists():
                shutil.copy2(final, Path(private) / f"old-{final.name}")
        try:
            for final in files:
                (Path(private) / final.name).replace(final)
                placed.append(final)
        except BaseException:
            for final in placed:
                old = Path(private) / f"old-{final.name}"
                old.replace(final) if old.exists() else final.unlink()
            raise
