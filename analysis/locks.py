"""The lock of a page: the system's where the folder has such locks, else a file that names who holds it.

The system lets go of the lock of a process that died. Some network drives know no locks; there the file that stands for one tells the
process and the machine, and is taken over when that machine finds that process dead. One of another machine is left alone.
"""

import errno
import warnings
from pathlib import Path

from filelock import AcquireReturnProxy, FileLock, SoftFileLock

MISSING = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})
"""What a system says of a folder that has no locks."""


def take(path: Path) -> AcquireReturnProxy:
    """Take a lock, and keep it until the context ends.

    Raises
    ------
    filelock.Timeout
        If another process holds it.
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> with take(getfixture("tmp_path") / ".2022.html.lock") as lock:
    ...     lock.is_locked
    True
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it takes a file instead
            return FileLock(path, timeout=0).acquire()
    except NotImplementedError:  # as older versions say it
        pass
    except OSError as error:
        if error.errno not in MISSING:
            raise
    return SoftFileLock(path.with_name(f"{path.name}.file"), timeout=0).acquire()
