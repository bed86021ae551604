"""Resource limits, set from outside on a container's first process while it waits for its seccomp filter.

That costs nothing, and the process limit counts the container's own processes only: since Linux 5.14 they are
counted in each user namespace, and that process is in its innermost one by then.
"""

from __future__ import annotations

import resource
from collections.abc import Mapping

from shunter.engine.actions.model import Limits


def limit_values(limits: Limits, *, data: int | None) -> Mapping[int, int]:
    """The limit of each resource; `data` is the most bytes of private memory for each process.

    Not RLIMIT_AS: Node, Go and Java reserve far more addresses than they use.
    """
    values = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: limits.processes + 1,  # the container's init is one of them
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_FSIZE: limits.file_size,
    }
    return values if data is None else {**values, resource.RLIMIT_DATA: data}


def limit_process(pid: int, values: Mapping[int, int]) -> None:
    """Limit `pid`, and so what it will start, as far as it isn't limited more already.

    Raises ProcessLookupError where it is gone, OSError where the kernel refuses.
    """
    for which, value in values.items():
        _, most = resource.prlimit(pid, which)
        new = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.prlimit(pid, which, (new, new))
