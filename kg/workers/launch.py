"""How a zygote begins: forked from a process that has one thread, or as a fresh interpreter."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from socket import SHUT_RDWR, socket, socketpair
from time import monotonic, sleep
from typing import Any, Final

from kg.workers.wire import encode
from kg.workers.worker import Host
from kg.workers.zygote import Zygote, detach_streams, live_and_exit

PATIENCE_S: Final = 5.0
_TASKS: Final = Path("/proc/self/task")
_CODE: Final = """import json, sys
sys.path = json.loads(sys.argv[2])
from kg.workers.zygote import main
main()"""


class Launched:
    """A zygote that was begun: its process and our end of its control socket."""

    def __init__(self, control: socket, wait: Callable[[], bool], kill: Callable[[], None]) -> None:
        self.control = control
        self._wait = wait
        self._kill = kill

    def end(self) -> None:
        """Its process is gone, and buried; our end of its socket is shut, and closed by whoever reads it."""
        with suppress(OSError):  # It was gone already.
            self.control.shutdown(SHUT_RDWR)
        until = monotonic() + PATIENCE_S
        while not self._wait():
            if monotonic() > until:
                self._kill()
            sleep(0.001)


Launch = Callable[[], Launched]


def has_one_thread() -> bool:
    """True where forking is sound: no other thread could hold a lock meanwhile."""
    if threading.active_count() > 1:
        return False
    return not _TASKS.exists() or len(list(_TASKS.iterdir())) == 1


def fork_zygote(host: Host) -> Launched:
    """A zygote that shares what is loaded; call it while there is one thread, see :func:`has_one_thread`."""
    ours, theirs = socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        detach_streams()
        live_and_exit(lambda end: Zygote(end, host).run(), theirs)
    theirs.close()

    def wait() -> bool:
        try:
            return os.waitpid(pid, os.WNOHANG)[0] == pid
        except ChildProcessError:
            return True

    return Launched(ours, wait, lambda: os.kill(pid, signal.SIGKILL))


def spawn_zygote(boot: str, header: Mapping[str, Any], body: bytes) -> Launched:
    """A zygote in a fresh interpreter; ``boot`` is ``module:function``, which makes its host of header and body."""
    ours, theirs = socketpair()
    path = json.dumps([entry or str(Path.cwd()) for entry in sys.path])
    command = [sys.executable, "-c", _CODE, str(theirs.fileno()), path]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603 - ours
    theirs.close()
    with suppress(ConnectionError):  # It ended at once: whoever reads the socket sees that.
        ours.sendall(encode({**header, "boot": boot}, body))
    return Launched(ours, lambda: process.poll() is not None, process.kill)
