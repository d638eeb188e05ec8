"""Time limit of an example, so that no step can block a run.

When the limit is exceeded, an alarm interrupts the running step definition, and again every second until it stops. Where there are
no alarms (on Windows, or outside the main thread), a step that took too long is broken when it returns. If a step cannot be
interrupted, because it runs outside Python, its process is ended at about twice the limit: a run without workers is then
incomplete; one with workers continues in another process, and that example is broken. Neither run passes.
"""

import faulthandler
import math
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
_Handler = Callable[[int, FrameType | None], object] | int | None

LIMIT_S, LONGEST_S = 60.0, 86_400.0
"""Default and maximum time limit of an example, in seconds."""
REMEDY = "make it faster, or raise the limit with `sop verify --limit SECONDS`"
PLAIN_REMEDY = "make it faster, or raise the limit with `pytest --sop-limit=SECONDS` (0: no limit)"
_REPEAT_S = 1.0
_STDERR = 2
_HARD_END = re.compile(r"^Timeout \([\d:.]+\)!\n(?:.*\n)*", re.MULTILINE)
_FRAME = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)


_handler_of: Callable[[int], _Handler] = getattr(sys.modules.get("_signal"), "getsignal", signal.getsignal)
"""The function below `signal.getsignal`, without its search for a name of the handler, which takes longer than the rest of the beginning of an example."""


class TimeLimitError(BaseException):
    """Raised inside a step definition when its example exceeds the time limit; step definitions must not catch it."""


class Unlimited:
    """No time limit."""

    def __enter__(self) -> None:
        """Begin an example."""

    def __exit__(self, *_: object) -> None:
        """End the example."""

    def watch(self, work: Callable[[], T]) -> T:
        """Run *work*, a call of a step definition, and return its value."""
        return work()

    @property
    def is_exceeded(self) -> bool:
        """Whether the example has exceeded its time limit."""
        return False

    def sentence(self, place: str) -> str:  # noqa: ARG002
        """Return the message about the step with the step definition at *place* if the limit is exceeded."""
        return ""


class Limit(Unlimited):
    """Time limit of *seconds* for each example, one after another.

    The hard end of the process is postponed from time to time and not for every example, because it costs a thread. It is cancelled, and
    the handler of the alarm given back, after an example that no other follows at once, because the process *waits* or runs other tests.
    A process that is ended so writes where it was to the file descriptor *stderr*. A timer of others goes on after each example.
    """

    def __init__(self, seconds: float, *, waits: bool = False, stderr: int = _STDERR, remedy: str = REMEDY) -> None:
        self.seconds = seconds
        self.waits = waits
        """Whether the process does something else after the current example."""
        self._stderr, self._remedy = stderr, remedy
        self._alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self._expired = self._may_interrupt = False
        self._began = 0.0
        self._put_off: float | None = None
        self._has_alarm = False
        self._handler: _Handler = None
        self._timer = 0.0, 0.0
        """Handler and timer before the first example, and before the current one."""

    def __enter__(self) -> None:
        """Begin an example: start its time."""
        self._expired, self._began = False, time.monotonic()
        if self._put_off is None or self._began - self._put_off > self.seconds / 2:
            faulthandler.dump_traceback_later(2 * self.seconds + _REPEAT_S, exit=True, file=self._stderr)
            self._put_off = self._began
        if self._alarms:
            if not self._has_alarm or _handler_of(signal.SIGALRM) != self._expire:
                self._handler = signal.signal(signal.SIGALRM, self._expire)
                self._has_alarm = True
            self._timer = signal.setitimer(signal.ITIMER_REAL, self.seconds, _REPEAT_S)

    def __exit__(self, *_: object) -> None:
        """End the example: stop its time."""
        if self._alarms:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if self._timer[0]:
            self._give_alarm_back()
        if self.waits:
            self.cancel_hard_end()

    def watch(self, work: Callable[[], T]) -> T:
        """Run *work* and return its value; the alarm may interrupt it.

        Raises:
            TimeLimitError: the alarm interrupted *work*.
        """
        self._may_interrupt = True
        try:
            return work()
        finally:
            self._may_interrupt = False

    @property
    def is_exceeded(self) -> bool:
        """Whether the example has exceeded its time limit."""
        return self._expired or time.monotonic() - self._began > self.seconds

    def sentence(self, place: str) -> str:
        """Return the message about the step with the step definition at *place*."""
        return f"the example exceeded its time limit of {self.seconds:g} s in this step ({place}); {self._remedy}"

    def suspend(self) -> None:
        """Give the current example unlimited time, because a user examines it in a debugger."""
        self._began = math.inf
        if self._alarms:
            signal.setitimer(signal.ITIMER_REAL, 0)
        self.cancel_hard_end()

    def cancel_hard_end(self) -> None:
        """Cancel the hard end of the process, because no example is running, and give the alarm back."""
        faulthandler.cancel_dump_traceback_later()
        self._put_off = None
        self._give_alarm_back()

    def _give_alarm_back(self) -> None:
        if self._has_alarm:
            signal.signal(signal.SIGALRM, self._handler)
            signal.setitimer(signal.ITIMER_REAL, *self._timer)
            self._has_alarm = False

    def _expire(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._expired = True
        if self._may_interrupt:
            raise TimeLimitError


def is_debugged() -> bool:
    """Return whether the debugger of an editor is attached to this process; an example may then stop in a step."""
    return not {"debugpy", "pydevd"}.isdisjoint(sys.modules)


def hard_end_message(output: str) -> str | None:
    """Return the message about a process that was ended at the hard limit, from its *output*; None if it was not."""
    match = _HARD_END.search(output)
    if match is None:
        return None
    frames: list[tuple[str, str]] = _FRAME.findall(match[0])
    binding = next((above for above, below in pairwise(frames) if below[0].endswith("executor.py")), None)
    where = f" (busy at {binding[0]}:{binding[1]})" if binding else ""
    return f"an example exceeded its time limit in a step that could not be interrupted{where}; {REMEDY}"
