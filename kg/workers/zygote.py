"""The zygote: a process with one thread that has all data loaded, forks workers and buries them.

It obeys lines of JSON: ``{"fork": n}``, ``{"kill": pid}``, ``{"nice": pid}``, ``{"warm": 1}``, and reports
``{"born": pid}`` with the worker's socket, ``{"died": pid, "status": …}``, ``{"heir": pid}`` with the control
socket of a zygote that is being warmed, and ``{"ready": pid}``. It ends when its control socket closes, and its
workers with it.
"""

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from select import select
from socket import AF_UNIX, SOCK_STREAM, send_fds, socket, socketpair
from typing import Any, Final

from kg.workers.limits import death_signal
from kg.workers.wire import Frames
from kg.workers.worker import PIECE_BYTES, Host, work

SLOW_NICE: Final = 10


class Zygote:
    """The loop of a zygote over its control socket."""

    def __init__(self, control: socket, host: Host) -> None:
        self._control = control
        self._host = host
        self._children: set[int] = set()
        self._wake, self._signalled = socketpair()
        for end in (self._wake, self._signalled):
            end.setblocking(False)

    def run(self) -> None:
        """Obey until the control socket closes; then end every child."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is ours.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._signalled.fileno(), warn_on_full_buffer=False)
        death_signal()
        gc.collect()
        gc.freeze()  # Collecting would touch, and so copy, pages that the children share.
        self._report({"ready": os.getpid()})
        with suppress(ConnectionError):
            self._obey()
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for pid in self._children:
            os.waitpid(pid, 0)

    def _obey(self) -> None:
        pending = b""
        while True:
            ready, _, _ = select([self._control, self._wake], [], [])
            if self._wake in ready:
                self._wake.recv(4096)
                self._bury()
            if self._control in ready:
                data = self._control.recv(PIECE_BYTES)
                if not data:
                    return
                *lines, pending = (pending + data).split(b"\n")
                for line in lines:
                    self._do(json.loads(line))

    def _do(self, order: dict[str, int]) -> None:
        for _ in range(order.get("fork", 0)):
            self._fork("born", lambda end: work(end, self._host))
        if order.get("kill") in self._children:
            os.kill(order["kill"], signal.SIGKILL)
        if order.get("nice") in self._children:
            os.setpriority(os.PRIO_PROCESS, order["nice"], SLOW_NICE)
        if "warm" in order:
            self._fork("heir", self._inherit)

    def _inherit(self, control: socket) -> None:
        self._host.warm()
        Zygote(control, self._host).run()

    def _fork(self, what: str, live: Callable[[socket], None]) -> None:
        ours, theirs = socketpair()
        pid = os.fork()
        if pid == 0:
            self._leave()
            ours.close()
            live_and_exit(live, theirs)
        theirs.close()
        self._children.add(pid)
        self._report({what: pid}, ours)
        ours.close()

    def _leave(self) -> None:
        """What a child must not keep of its zygote."""
        death_signal()()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in (self._control, self._wake, self._signalled):
            end.close()

    def _bury(self) -> None:
        for pid in tuple(self._children):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                self._children.discard(pid)
                self._report({"died": pid, "status": os.waitstatus_to_exitcode(status)})

    def _report(self, told: dict[str, Any], end: socket | None = None) -> None:
        line = json.dumps(told).encode() + b"\n"
        if end is None:
            self._control.sendall(line)
        else:
            send_fds(self._control, [line], [end.fileno()])


def live_and_exit(live: Callable[[socket], None], end: socket) -> None:
    """A child's whole life: it never returns into what its parent was doing."""
    status = 1
    try:
        live(end)
        status = 0
    except ConnectionError:
        status = 0  # Nobody is there to be told.
    except BaseException:  # noqa: BLE001 - whatever it is, it must not run the parent's code
        traceback.print_exc()
    finally:
        os._exit(status)


def detach_streams() -> None:
    """Standard input reads nothing, and what is printed goes to standard error."""
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a descriptor is what counts
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)


def main() -> None:
    """A zygote in a fresh interpreter: the first frame on its control socket says what to load."""
    control = socket(AF_UNIX, SOCK_STREAM, fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    detach_streams()

    def live(end: socket) -> None:
        frames = Frames()
        while (frame := frames.next()) is None:
            if not frames.receive(end):
                return
        header, body = frame
        module, _, name = header["boot"].partition(":")
        Zygote(end, getattr(import_module(module), name)(header, body)).run()

    live_and_exit(live, control)
