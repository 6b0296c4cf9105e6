"""Beyond one machine: the two stages mapped by Dask over workers that see the same files.

The functions that run there are the very same; a worker that dies has its blocks done again by another, and since a
block and a partition write files named for themselves, nothing is written twice.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from analysis.grids import FileProblem
from analysis.stages import Map

LOCAL = "local"
"""In place of an address: workers on this machine, one for each core."""

TIMES = 3
"""How often a block or partition is tried again after its worker died."""


@contextmanager
def on_cluster(address: str, *, wait: int = 30) -> Iterator[Map]:
    """Something that maps over the workers of a Dask cluster, for ``store.load`` and ``tally.count_exports``.

    Parameters
    ----------
    address
        Of a scheduler, such as ``tcp://10.0.0.1:8786``; or ``local``.
    wait
        Seconds after which a scheduler that does not answer counts as absent.

    Raises
    ------
    FileProblem
        If Dask is not installed, or there is no scheduler, or it has no worker.

    Examples
    --------
    >>> with on_cluster("local") as run:  # doctest: +SKIP
    ...     load("data/raw", run=run)
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - most never need it, and it takes a second
    except ImportError:
        raise FileProblem("--scheduler needs Dask: pip install 'one-stop-analysis[cluster]'.") from None
    if address == LOCAL:
        with LocalCluster(threads_per_worker=1, dashboard_address=None) as local, Client(local) as client:
            yield _mapping(client)
        return
    try:
        client = Client(address, timeout=wait)
    except (OSError, ValueError, TimeoutError):
        raise FileProblem(f"{address}: no Dask scheduler answers there; start one, or leave out --scheduler.") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=wait)
        except TimeoutError:
            raise FileProblem(
                f"{address}: the scheduler has no worker; start some with `dask worker {address}`."
            ) from None
        yield _mapping(client)


def _mapping(client: Any) -> Map:
    """The built-in ``map``, done by workers; results come in order, and are given up as they are taken."""
    from distributed import KilledWorker  # noqa: PLC0415 - as in ``on_cluster``

    def run(function: Callable[..., Any], items: Iterable[Any]) -> Iterator[Any]:
        futures = client.map(_anywhere(function), _anywhere(list(items)), pure=False, retries=TIMES, batch_size=100)
        try:
            while futures:
                yield futures.pop(0).result()
        except KilledWorker:
            raise FileProblem(
                "the cluster gave up on a block, since every worker that took it died; give the workers more memory, "
                "look into their logs, and run again."
            ) from None

    return run


def _anywhere(thing: Any) -> Any:
    """The same with absolute paths, since a worker has a working folder of its own.

    >>> _anywhere(partial(print, folder=Path("data"))).keywords["folder"].is_absolute()
    True
    """
    if isinstance(thing, Path):
        return thing.absolute()
    if isinstance(thing, partial):
        return partial(thing.func, *map(_anywhere, thing.args), **{k: _anywhere(v) for k, v in thing.keywords.items()})
    if isinstance(thing, tuple):
        parts = [_anywhere(part) for part in thing]
        return type(thing)(*parts) if hasattr(thing, "_fields") else tuple(parts)
    return [_anywhere(part) for part in thing] if isinstance(thing, list) else thing
