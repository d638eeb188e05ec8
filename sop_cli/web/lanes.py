"""Lanes: warm worker processes, each with its queue of calls; a worker that hangs, dies or has old code is replaced."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, TypeVar

from sop_cli.web.audit_results import AUDITS, settle_drafts
from sop_cli.web.methods import BACKGROUND, CODE_VARIABLE, FOLDER_OF_WORKER, LANES
from sop_engine.versions import variables_for_children

LONGEST_LINE = 64_000_000
"""Bytes of a message of a worker."""
MOST_WAITING = 32
"""Calls that may wait in a lane."""
COMMAND = (sys.executable, "-P", "-m", "sop_cli.web.worker")
"""`-P`: no module of the working directory is imported, whatever its name."""
TEMPORARY = ("TMPDIR", "TEMP", "TMP")
"""Environment variables with the folder for temporary files: a worker has one of its own, because a worker that is killed removes nothing."""
GONE = "the process that did this has ended; try again"

Outcome = TypeVar("Outcome")
Message = Mapping[str, Any]
"""A message of a worker: ``progress``, ``result``, or ``error`` with ``message`` and ``kind``."""


@dataclass(slots=True)
class Lane:
    """A worker and its queue; *limit_s* is the time after which a call is stopped.

    A call whose page has gone is not begun. If it was begun, it is stopped by ending the worker, unless *outlives_caller*: then its result
    is thrown away. *variables* are environment variables of the worker. *digest* returns that of the code. *settle* is called with its
    process number when it was ended, to remove what it left.
    """

    limit_s: float
    outlives_caller: bool = False
    is_background: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    digest: Callable[[], str] | None = None
    settle: Callable[[int], None] = lambda _: None
    process: asyncio.subprocess.Process | None = None
    folder: Path | None = None
    number: int = 0
    waiting: int = 0
    is_old: bool = False
    is_closed: bool = False
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def call(self, method: str, params: str) -> AsyncGenerator[Message]:
        """Yield the messages that answer the call with *params*, the JSON of its parameters; the last one is a result or an error."""
        if self.waiting >= MOST_WAITING:
            yield {"error": {"message": "too many requests are waiting; try again in a moment", "kind": "busy"}}
            return
        self.waiting += 1
        try:
            await self.one_at_a_time.acquire()
        finally:
            self.waiting -= 1
        if self.outlives_caller:
            for message in await asyncio.shield(self._task(self._all(method, params))):
                yield message
            return
        answer: Message = {"error": {"message": GONE, "kind": "gone"}}
        try:
            async with aclosing(self._answers(method, params)) as messages:
                async for reply in messages:
                    if "progress" in reply:
                        yield reply
                    else:
                        answer = reply
        finally:
            self.one_at_a_time.release()
        yield answer  # when the turn has ended: a page that reads it slowly, or not at all, keeps no other waiting

    def renew(self) -> None:
        """Replace the worker, which has old code: after the call that it answers, and at once if it answers none."""
        self.is_old = True
        if self.process is not None and not self.is_closed:
            self._task(self.start_in_turn())

    async def start_in_turn(self) -> None:
        """Start the worker as `start` does, if no call is being answered; a worker that cannot be started is started with the next call."""
        with suppress(OSError):
            async with self.one_at_a_time:
                await self.start()

    async def start(self) -> asyncio.subprocess.Process:
        """Return the worker, started if there is none or the one there is has old code; only the call whose turn it is may ask for it.

        Raises:
            OSError: it cannot be started.
        """
        if self.is_closed:
            raise ProcessLookupError
        if self.is_old:
            self.stop()
        if self.process is None or self.process.returncode is not None:
            self.is_old = False
            self._remove_folder()
            # of before the start: no result of old code is ever said to be of newer code
            code = {CODE_VARIABLE: await asyncio.to_thread(self.digest)} if self.digest else {}
            self.folder = Path(mkdtemp(prefix=FOLDER_OF_WORKER))
            self.process = await asyncio.create_subprocess_exec(
                *COMMAND, *["--background"] * self.is_background, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE, start_new_session=True,
                env={**os.environ, **variables_for_children(), "PYTHONUTF8": "1", **self.variables, **code, **dict.fromkeys(TEMPORARY, str(self.folder))},
            )  # fmt: skip
        if self.is_closed:
            self.stop()
            raise ProcessLookupError
        return self.process

    def stop(self) -> None:
        """End the worker and all its processes; a run, which has a session of its own, ends when the worker has ended."""
        process, self.process = self.process, None
        if process is None or process.returncode is not None:
            self._remove_folder()
            return
        self._task(self._end(process, self.folder))
        self.folder = None
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()

    async def close(self) -> None:
        """End the worker, and start none any more; the calls that wait are answered with an error."""
        self.is_closed = True
        self.stop()
        while self.tasks:
            await asyncio.wait(self.tasks)

    def _task(self, work: Coroutine[Any, Any, Outcome]) -> asyncio.Task[Outcome]:
        """Return a task that goes on until it is done, and that `close` waits for."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def _remove_folder(self) -> None:
        if self.folder is not None:
            rmtree(self.folder, ignore_errors=True)
            self.folder = None

    async def _end(self, process: asyncio.subprocess.Process, folder: Path | None) -> None:
        """Wait for the end of *process*, and remove what it and its runs have left in *folder*."""
        await process.wait()
        if folder is not None:
            rmtree(folder, ignore_errors=True)
        self.settle(process.pid)

    async def _all(self, method: str, params: str) -> list[Message]:
        """Return all messages of a call whose turn it is, and end its turn."""
        try:
            return [message async for message in self._answers(method, params)]
        finally:
            self.one_at_a_time.release()

    async def _answers(self, method: str, params: str) -> AsyncGenerator[Message]:
        try:
            process = await self.start()
        except OSError:
            yield {"error": {"message": GONE, "kind": "gone"}}
            return
        self.number += 1
        is_answered = False
        try:
            async with aclosing(_messages(process, self.number, method, params, self.limit_s)) as messages:
                async for reply in messages:
                    is_answered = "progress" not in reply
                    yield reply
                    if is_answered:
                        return
            yield {"error": {"message": GONE, "kind": "gone"}}
        except TimeoutError:
            yield {"error": {"message": f"this took longer than {self.limit_s:,.0f} s and was stopped", "kind": "limit"}}
        except ValueError:
            yield {"error": {"message": "the answer is too long or damaged; try again", "kind": "internal"}}
        finally:
            if not is_answered and self.process is process:
                self.stop()


async def _messages(process: asyncio.subprocess.Process, number: int, method: str, params: str, limit_s: float) -> AsyncGenerator[Message]:
    """Send the call *number* to *process* and yield the messages that answer it, until the process ends.

    Raises:
        TimeoutError: there was no answer after *limit_s* seconds.
    """
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    end = asyncio.get_running_loop().time() + limit_s
    with suppress(BrokenPipeError, ConnectionResetError):
        async with asyncio.timeout_at(end):
            process.stdin.write(json.dumps({"id": number, "method": method, "params": params}).encode() + b"\n")
            await process.stdin.drain()
    while True:
        async with asyncio.timeout_at(end):
            line = await process.stdout.readline()
        if not line:
            return
        message = json.loads(line)
        if message.pop("id") == number:
            yield message


def lanes(variables: Mapping[str, str], home: Path, digest: Callable[[], str] | None = None) -> dict[str, Lane]:
    """Return the lanes of the workbench in the folder *home*, without their workers.

    These get the environment *variables*, and those that say of which code their results are, the *digest* of the code.
    """
    made = {
        name: Lane(
            limit,
            outlives_caller=name == "edit",
            is_background=name in BACKGROUND,
            variables=variables,
            digest=None if name in BACKGROUND else digest,
        )
        for name, limit in LANES.items()
    }
    made["audit"].settle = partial(settle_drafts, home / AUDITS)
    return made
