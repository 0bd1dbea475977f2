"""`python -m config.up.child MODULE ARGS…`: run a module as a process that never outlives its parent.

The kernel's parent-death signal is lost at each fork, so it is set again in every descendant: forked ones
(Celery's pool) through the fork hook below, spawned ones (uvicorn's workers) because multiprocessing
imports this main module anew.
"""

import ctypes
import os
import runpy
import signal
import sys

PARENT = "CIVITAS_PARENT"
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent ends: a polite signal could be ignored and the port kept."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return  # no prctl: an ordinary stop still ends everything
    if os.getppid() == 1 and os.environ.get(PARENT) != "1":
        os._exit(1)  # the parent ended before the kernel knew of our wish


def main() -> None:
    """Run the module named first, with the rest as its arguments."""
    if os.environ.get(PARENT) not in (None, str(os.getppid())):
        raise SystemExit("the supervisor is gone")
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=False)


die_with_parent()
os.register_at_fork(after_in_child=die_with_parent)

if __name__ == "__main__":
    main()
