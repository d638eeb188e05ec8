"""Process of the command `sop`: standard streams and signals before and after `sop_cli.main`, the only module that it imports.

A signal that arrives while modules are imported ends the process at once, without a traceback. Standard streams may be closed, full or
without a reader: the exit status is the one that the command found, or 141 if the reader of standard output is gone.
"""

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the process without a traceback, also during the imports below

import errno
import gc
import io
import os
import re
import sys
from typing import Any, TextIO, cast

from sop_cli.exit_status import MISUSE, end_at_once, handle_signals

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|\r(?!\n)")
_CONTROL_BUT_COLOURS = re.compile(rf"(?!\x1b\[(?:[012]|[39][0-7])m)(?:{_CONTROL.pattern})")


class Output(io.RawIOBase):
    """Output stream whose errors do not stop the command, except when its reader is gone.

    The first error is kept in *error*; what is written afterwards is lost.
    """

    def __init__(self, raw: io.RawIOBase, *, has_reader: bool) -> None:
        super().__init__()
        self.raw = raw
        self.has_reader = has_reader
        """Whether a reader that closes the stream ends the command."""
        self.error: OSError | None = None

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Write *data*; after an error do nothing."""
        if self.error is None:
            try:
                return self.raw.write(data) or 0
            except OSError as error:
                self.error = error
                if self.has_reader and error.errno == errno.EPIPE:
                    raise
        return len(data)

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self.raw.isatty()

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self.raw.fileno()


class EscapedText(io.TextIOWrapper):
    """Text stream in which control characters are escaped as in JSON, ``\\u001b``, because texts of files may have them.

    Line ends, tabs and, on a terminal, the sequences for colours stay.
    """

    def __init__(self, output: Output, *, by_line: bool) -> None:
        super().__init__(
            io.BufferedWriter(cast("io.RawIOBase", output)), encoding="utf-8", errors="backslashreplace", line_buffering=by_line
        )
        self._escaped = _CONTROL_BUT_COLOURS if output.isatty() else _CONTROL

    def write(self, text: str) -> int:
        """Write *text*."""
        super().write(self._escaped.sub(lambda match: f"\\u{ord(match[0]):04x}", text))
        return len(text)


class ClosedInput(io.RawIOBase):
    """Standard input of a process that was started without one."""

    def readable(self) -> bool:
        """Return True: an attempt to read is an error of its own."""
        return True

    def readinto(self, buffer: object) -> int:  # noqa: ARG002
        """Raise OSError: there is nothing to read from."""
        raise OSError(errno.EBADF, "it is closed", "standard input")


def run() -> None:
    """Run `sop` with the arguments of the process and end the process; entry point of the console script."""
    handle_signals(end_at_once)
    output = _open_streams()
    from sop_cli.main import main  # noqa: PLC0415 - after streams and signals are set

    status = main()
    handle_signals(signal.SIG_IGN)  # the result is printed, and the process ends
    sys.stdout.flush()
    if output.error is not None and output.error.errno != errno.EPIPE:
        sys.stderr.write(f"error: standard output: {output.error.strerror}; the result is incomplete, write it to another place\n")
        status = status or MISUSE
    gc.freeze()  # Python looks for garbage at its end, also among all that a command has made
    exec("")  # noqa: S102 - or Python, after an interrupted `exec` in a library, ends by SIGINT whatever the status
    sys.exit(status)


def _open_streams() -> Output:
    """Replace the standard streams and return standard output without its buffer.

    A closed stream is opened on the null device, so that no file of the command gets its descriptor. Texts are written in UTF-8
    whatever the locale.
    """
    stdin, stdout, stderr = sys.stdin, sys.stdout, sys.stderr
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - the lowest free descriptor; children inherit it
    if stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(ClosedInput()))
    output, errors = Output(_unbuffered(stdout, 1), has_reader=True), Output(_unbuffered(stderr, 2), has_reader=False)
    sys.stdout, sys.stderr = EscapedText(output, by_line=output.isatty()), EscapedText(errors, by_line=True)
    return output


def _unbuffered(stream: TextIO | None, descriptor: int) -> io.RawIOBase:
    """Return the stream below *stream*, which Python has opened for *descriptor* unless it was closed."""
    if stream is None:
        return io.FileIO(descriptor, "w", closefd=False)
    buffer: Any = stream.buffer
    raw: io.RawIOBase = getattr(buffer, "raw", buffer)  # where Python writes without a buffer, it is called the buffer
    return raw


if __name__ == "__main__":
    run()
