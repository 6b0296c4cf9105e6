"""Publication: files of one folder take their names together, or none does; one run at a time writes a page."""

import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout


class ReportBusy(Exception):
    """Another run is writing this report."""


def hold(output: Path, held: ExitStack) -> Exception | None:
    """Keep other runs from an output until ``held`` ends; or why that cannot be."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        held.enter_context(FileLock(output.with_name(f".{output.name}.lock"), timeout=0))
    except Timeout:
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
