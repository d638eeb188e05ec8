"""The time limit of a scenario: no step can hold up a run for ever.

An alarm interrupts the binding that is at work when the time is over, and again every second until it gives way. Where
there are no alarms (on Windows, or beside the main thread) a step that took too long is failed when it returns. A step
that listens to nothing, because it is busy outside Python, ends its process at about twice the limit: a run without
workers is then incomplete, one with workers goes on in another process and lacks that one scenario. Neither is green.
"""

import faulthandler
import re
import signal
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

LIMIT_S, LONGEST_S = 60.0, 86_400.0
"""What a scenario may take if nobody says otherwise, and at most, in seconds."""
REMEDY = "make it quicker, or allow more with `sop verify --limit SECONDS`"
_REPEAT_S = 1.0
_STDERR = 2
_HARD_END = re.compile(r"^Timeout \([\d:.]+\)!\n(?:.*\n)*", re.MULTILINE)
_FRAME = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)


class OverTimeError(BaseException):
    """Raised in the middle of a binding when the time of its scenario is over; not for bindings to catch."""


class Unlimited:
    """No limit."""

    def __enter__(self) -> None:
        """A scenario begins."""

    def __exit__(self, *_: object) -> None:
        """It has ended."""

    def watch(self, work: Callable[[], T]) -> T:
        """What *work* gives, which is a binding's."""
        return work()

    @property
    def over(self) -> bool:
        """Whether the time of the scenario is over."""
        return False

    def sentence(self, place: str) -> str:  # noqa: ARG002
        """What to say of the step that is bound at *place* when it is."""
        return ""


class Limit(Unlimited):
    """Watches one scenario after the other, each for *seconds*.

    The hard end is put off now and then and not for every scenario, since it costs a thread; a process that *waits* for
    its next scenario calls it off after each.
    """

    def __init__(self, seconds: float, *, waits: bool = False) -> None:
        self.seconds = seconds
        self._waits = waits
        self._alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self._expired = self._may_interrupt = False
        self._began = 0.0
        self._put_off: float | None = None
        if self._alarms:
            signal.signal(signal.SIGALRM, self._expire)

    def __enter__(self) -> None:
        """A scenario begins."""
        self._expired, self._began = False, time.monotonic()
        if self._put_off is None or self._began - self._put_off > self.seconds / 2:
            faulthandler.dump_traceback_later(2 * self.seconds + _REPEAT_S, exit=True, file=_STDERR)
            self._put_off = self._began
        if self._alarms:
            signal.setitimer(signal.ITIMER_REAL, self.seconds, _REPEAT_S)

    def __exit__(self, *_: object) -> None:
        """It has ended."""
        if self._alarms:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if self._waits:
            self.call_off()

    def watch(self, work: Callable[[], T]) -> T:
        """What *work* gives, which the alarm may interrupt.

        Raises:
            OverTimeError: it does.
        """
        self._may_interrupt = True
        try:
            return work()
        finally:
            self._may_interrupt = False

    @property
    def over(self) -> bool:
        """Whether the time of the scenario is over."""
        return self._expired or time.monotonic() - self._began > self.seconds

    def sentence(self, place: str) -> str:
        """What to say of the step that is bound at *place*."""
        return f"this step was not done when the {self.seconds:g} s of its scenario were over ({place}); {REMEDY}"

    def call_off(self) -> None:
        """No scenario is running: the process need not end."""
        faulthandler.cancel_dump_traceback_later()
        self._put_off = None

    def _expire(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._expired = True
        if self._may_interrupt:
            raise OverTimeError


def hard_end_message(output: str) -> str | None:
    """Where a process was busy that had to be ended, as its *output* tells; None if it was not."""
    match = _HARD_END.search(output)
    if match is None:
        return None
    frames: list[tuple[str, str]] = _FRAME.findall(match[0])
    binding = next((above for above, below in pairwise(frames) if below[0].endswith("executor.py")), None)
    where = f" (busy at {binding[0]}:{binding[1]})" if binding else ""
    return f"a step did not listen when the time of its scenario was over{where}; {REMEDY}"
